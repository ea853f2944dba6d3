/** How fields with a structure of their own are compared: values of columns, parts of indexes, what foreign keys point at. */
import type { ColumnValue, ForeignKey, IndexPart, SequenceOptions, Table } from '../catalog/objects.ts';
import type { FieldChange } from './changes.ts';
import { compareBy, expression, none, plain, shownAs, type Comparator } from './comparator.ts';
import { showAddress, showIndexPart, showReference, usualNulls } from './show-parts.ts';

/** Compares a column's value as what a person would name: its default, its generation, its identity. */
export const columnValue: Comparator<ColumnValue> = (_field, database, expected) => {
  const before = database ?? { kind: 'none' };
  const after = expected ?? { kind: 'none' };
  if (before.kind === after.kind) return compareSameValueKind(before, after);
  return joinSides(showValueKind(before, 'database'), showValueKind(after, 'expected'));
};

/** Two kinds of values that go by one name, as a default and a sequence of the column's own, are one difference. */
function joinSides(before: readonly FieldChange[], after: readonly FieldChange[]): readonly FieldChange[] {
  const joined = before.map((one) => {
    const other = after.find(({ field }) => field === one.field);
    return other ? { ...one, expected: other.expected } : one;
  });
  return [...joined, ...after.filter(({ field }) => !before.some((one) => one.field === field))];
}

function compareSameValueKind(before: ColumnValue, after: ColumnValue): readonly FieldChange[] {
  if (before.kind === 'default' && after.kind === 'default') {
    return expression('default', before.expression, after.expression);
  }
  if (before.kind === 'generated' && after.kind === 'generated') {
    return [
      ...expression('generated', before.expression, after.expression),
      ...plain('generatedStorage', before.storage, after.storage),
    ];
  }
  if (before.kind === 'identity' && after.kind === 'identity') {
    return [
      ...plain('identity', before.generation, after.generation),
      ...compareSequenceOptions('identity', before.sequence, after.sequence),
    ];
  }
  if (before.kind === 'serial' && after.kind === 'serial') {
    return compareSequenceOptions('serial', before.sequence, after.sequence);
  }
  return none;
}

function showValueKind(value: ColumnValue, side: 'database' | 'expected'): readonly FieldChange[] {
  const shown = (field: string, text: string): readonly FieldChange[] => [
    side === 'database'
      ? { field, database: text, expected: null }
      : { field, database: null, expected: text },
  ];
  switch (value.kind) {
    case 'none':
      return none;
    case 'default':
      return shown('default', value.expression.text);
    case 'generated':
      return shown('generated', `${value.expression.text} ${value.storage}`);
    case 'identity':
      return shown('identity', value.generation);
    case 'serial':
      return shown('default', `nextval('${value.sequenceName ?? 'a sequence of its own'}')`);
  }
}

const sequenceFields: readonly (keyof SequenceOptions)[] = [
  'startWith',
  'increment',
  'minValue',
  'maxValue',
  'cache',
  'cycle',
];

function compareSequenceOptions(
  prefix: string,
  before: SequenceOptions,
  after: SequenceOptions,
): readonly FieldChange[] {
  if (sequenceFields.every((field) => before[field] === after[field])) return none;
  return sequenceFields.flatMap((field) =>
    plain(prefix === '' ? field : `${prefix}.${field}`, before[field], after[field]),
  );
}

export const sequenceOptions: Comparator<SequenceOptions> = (_field, database, expected) =>
  database && expected ? compareSequenceOptions('', database, expected) : none;

export const indexParts: Comparator<readonly IndexPart[]> = shownAs(
  'columns',
  compareBy(
    (parts) => parts.map(meaningOfIndexPart),
    (parts) => parts.map(showIndexPart),
  ),
);

function meaningOfIndexPart(part: IndexPart): unknown {
  return [
    'column' in part.on ? ['column', part.on.column] : ['expression', part.on.expression.canonical],
    part.order,
    // A method without an order differs by that from no other one that has the usual order.
    part.nulls ?? usualNulls(part),
    part.collation,
    part.opclass ?? null,
  ];
}

export const references: Comparator<ForeignKey['references']> = compareBy((value) => value, showReference);

export const partitionOf: Comparator<NonNullable<Table['partitionOf']> | null> = compareBy(
  (value) => value,
  (value) => (value === null ? null : `${showAddress(value.parent)} ${value.bound}`),
);
