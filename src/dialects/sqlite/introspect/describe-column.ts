import { noValue } from '../../../catalog/no-value.ts';
import type { Column, ColumnValue, ConflictAction, Expression } from '../../../catalog/objects.ts';
import type * as syntax from '../syntax/ast.ts';
import { foldName } from '../syntax/names.ts';
import { readCollation } from './read-terms.ts';

/** What a column's definition says of the column itself, whatever table it stands in. */
export interface ColumnDescription extends Pick<Column, 'type' | 'nullable' | 'value' | 'collation'> {
  readonly notNullOnConflict: ConflictAction | null;
  readonly name: string;
  readonly foldedName: string;
  readonly isPrimaryKey: boolean;
}

/** Tables share the definitions that they have in the same words. */
const described = new WeakMap<syntax.ColumnDefinition, ColumnDescription>();

export function describeColumn(column: syntax.ColumnDefinition): ColumnDescription {
  const known = described.get(column);
  if (known !== undefined) return known;
  const description = describeAnew(column);
  described.set(column, description);
  return description;
}

function describeAnew(column: syntax.ColumnDefinition): ColumnDescription {
  let collation: string | null = null;
  let value = noValue;
  let nullable = true;
  let isPrimaryKey = false;
  let notNullOnConflict: ConflictAction | null = null;
  // Where SQLite lets a clause be repeated, the last one counts.
  for (const constraint of column.constraints) {
    if (constraint.kind === 'collate') collation = readCollation(constraint.collation.value);
    if (constraint.kind === 'default') value = readDefault(constraint.value);
    if (constraint.kind === 'primary-key') isPrimaryKey = true;
    if (constraint.kind === 'generated') {
      const { expression, storage } = constraint;
      value = { kind: 'generated', expression: asWritten(expression.text), storage };
    }
    if (constraint.kind === 'not-null') {
      nullable = false;
      notNullOnConflict = readConflict(constraint.conflict);
    }
  }
  return {
    name: column.name.value,
    foldedName: foldName(column.name.value),
    type: column.type === undefined ? '' : showType(column.type),
    nullable,
    value,
    collation,
    notNullOnConflict,
    isPrimaryKey,
  };
}

function showType(type: syntax.TypeName): string {
  return type.args.length === 0 ? type.name : `${type.name}(${type.args.join(',')})`;
}

/** The value as it would stand after DEFAULT. */
function readDefault(value: syntax.DefaultValue): ColumnValue {
  const text = value.form === 'expression' ? `(${value.text})` : value.text;
  return { kind: 'default', expression: asWritten(text) };
}

export function asWritten(text: string): Expression {
  return { text, canonical: text };
}

/** ABORT is what SQLite does where nothing is said. */
export function readConflict(action: syntax.ConflictAction | undefined): ConflictAction | null {
  return action === undefined || action === 'abort' ? null : action;
}
