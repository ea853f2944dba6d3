/** The canonical form of each object by itself. */
import { noValue } from '../../../catalog/no-value.ts';
import type {
  CatalogObject,
  Check,
  Column,
  ColumnValue,
  Expression,
  Index,
  IndexPart,
} from '../../../catalog/objects.ts';
import { isUnnamedCheck, nameCheck } from '../names.ts';
import { canonicalType } from '../syntax/affinity.ts';
import { canonicalName } from '../syntax/canonical-style.ts';
import { canonicalTokens } from '../syntax/canonical-tokens.ts';
import { canonicalExpression, canonicalSelect, canonicalStatement } from '../syntax/canonical.ts';
import { foldName, quoteString } from '../syntax/names.ts';
import { tokenizeSignificant } from '../syntax/tokenize.ts';
import { canonicaliseDefault } from './default-value.ts';
import { sortForeignKey } from './foreign-keys.ts';
import { collationOf, refusesNull, type TableFacts } from './tables.ts';

/** Canonical forms that were found before: both sides mostly have the same texts. */
export class Memory {
  readonly #contexts = new Map<string, Map<string, string>>();

  /** @param context what else than the text decides about the form */
  recall(context: string, text: string, compute: (text: string) => string): string {
    let forms = this.#contexts.get(context);
    if (forms === undefined) this.#contexts.set(context, (forms = new Map<string, string>()));
    const known = forms.get(text);
    if (known !== undefined) return known;
    const form = compute(text);
    forms.set(text, form);
    return form;
  }
}

/** Where an object stands. */
interface Place {
  readonly table: TableFacts;
  /** Of texts that mean the same in every table. */
  readonly general: Memory;
  /** Of texts that mean what they mean by the columns of this table. */
  readonly local: Memory;
}

/** @param objects those of one table, of which `table` are the facts */
export function canonicaliseTable(
  objects: readonly CatalogObject[],
  table: TableFacts,
  general: Memory,
  local: Memory,
): readonly CatalogObject[] {
  const place = { table, general, local };
  const canonical = objects.map((object) => canonicaliseObject(object, place));
  return dropRepeatedChecks(canonical);
}

/** Two spellings of one unnamed check are one check. */
function dropRepeatedChecks(objects: readonly CatalogObject[]): readonly CatalogObject[] {
  const unnamed = objects.filter(({ kind, address }) => kind === 'check' && isUnnamedCheck(address.name));
  if (unnamed.length < 2) return objects;
  const first = new Map(unnamed.toReversed().map((check) => [check.address.name, check]));
  return objects.filter((object) => !unnamed.includes(object) || first.get(object.address.name) === object);
}

function canonicaliseObject(object: CatalogObject, place: Place): CatalogObject {
  if (object.kind === 'column') return canonicaliseColumn(object, place);
  if (object.kind === 'index') return canonicaliseIndex(object, place);
  if (object.kind === 'check') return canonicaliseCheck(object, place);
  if (object.kind === 'foreignKey') return sortForeignKey(object);
  if (object.kind === 'table') {
    return { ...object, strict: object.strict ?? false, withoutRowid: object.withoutRowid ?? false };
  }
  if (object.kind === 'primaryKey') return { ...object, autoincrement: object.autoincrement ?? false };
  if (object.kind === 'virtualTable') return { ...object, module: foldName(object.module) };
  if (object.kind === 'view') {
    const { text } = object.definition;
    const canonical = place.general.recall('view', text, canonicalSelect);
    return { ...object, definition: { text, canonical } };
  }
  if (object.kind === 'trigger') {
    const { text } = object.definition;
    const canonical = place.general.recall('trigger', text, (trigger) => canonicalStatement(trigger));
    return { ...object, definition: { text, canonical } };
  }
  return object;
}

function canonicaliseExpression(text: string, { table, local }: Place): Expression {
  const { name, columns } = table;
  const canonical = local.recall('', text, () => canonicalExpression(text, { table: name, columns }));
  return { text, canonical };
}

function canonicaliseColumn(column: Column, place: Place): Column {
  const type = place.general.recall('type', column.type, foldType);
  const nullable = column.nullable && !refusesNull(place.table, column);
  const value = canonicaliseValue(column.value, type, place);
  if (type === column.type && nullable === column.nullable && value === column.value) return column;
  return { ...column, type, nullable, value };
}

function foldType(type: string): string {
  return foldName(canonicalType(type));
}

function canonicaliseValue(value: ColumnValue, type: string, place: Place): ColumnValue {
  if (value.kind === 'generated') {
    return { ...value, expression: canonicaliseExpression(value.expression.text, place) };
  }
  if (value.kind !== 'default') return value;
  const { text } = value.expression;
  const { strict } = place.table;
  const canonical = place.general.recall(strict ? `strict default ${type}` : `default ${type}`, text, () =>
    canonicaliseDefault(text, type, strict),
  );
  // Without a default a column is filled with NULL anyway.
  if (canonical === 'NULL') return noValue;
  return canonical === value.expression.canonical
    ? value
    : { kind: 'default', expression: { text, canonical } };
}

function canonicaliseCheck(check: Check, place: Place): Check {
  const expression = canonicaliseExpression(check.expression.text, place);
  if (!isUnnamedCheck(check.address.name)) return { ...check, expression };
  return { ...check, address: { ...check.address, name: nameCheck(expression.canonical) }, expression };
}

function canonicaliseIndex(index: Index, place: Place): Index {
  const parts = index.parts.map((part) => canonicalisePart(part, place));
  const same = parts.every((part, at) => part === index.parts[at]);
  if (same && index.where === null) return index;
  return {
    ...index,
    parts: same ? index.parts : parts,
    where: index.where === null ? null : canonicaliseExpression(index.where.text, place),
  };
}

function canonicalisePart(part: IndexPart, place: Place): IndexPart {
  if ('column' in part.on) {
    return part.collation === null ? part : withCollation(part, part.on.column, place.table);
  }
  const expression = canonicaliseExpression(part.on.expression.text, place);
  // `("users"."email")` is an expression to the models and the column itself to SQLite.
  const column = place.table.columns.find((name) => canonicalName(name) === expression.canonical);
  if (column !== undefined) return withCollation({ ...part, on: { column } }, column, place.table);
  const collation = part.collation?.toUpperCase() ?? null;
  return { ...part, on: { expression }, collation: collation === 'BINARY' ? null : collation };
}

function withCollation(part: IndexPart, column: string, table: TableFacts): IndexPart {
  const collation = part.collation?.toUpperCase() ?? null;
  return { ...part, collation: collation === collationOf(table, column) ? null : collation };
}

/** One spelling of the arguments of a virtual table; only for comparison, as each module reads them in its own way. */
export function canonicaliseArguments(module: string, list: readonly string[]): string {
  const canonicalise = /^fts\d/.test(foldName(module)) ? canonicaliseOption : canonicalTokens;
  return list.map((argument) => canonicalise(argument)).join(', ');
}

/** FTS takes `content=docs`, `content="docs"` and `content='docs'` for one. sqlite.org/fts5.html#fts5_table_creation_and_initialization */
function canonicaliseOption(argument: string): string {
  const [key, equals, value, ...others] = tokenizeSignificant(argument);
  if (key === undefined || equals?.text !== '=' || value === undefined || others.length > 0)
    return canonicalTokens(argument);
  const isName = value.kind === 'word' || value.kind === 'quoted' || value.kind === 'string';
  return isName ? `${foldName(key.value)} = ${quoteString(value.value)}` : canonicalTokens(argument);
}
