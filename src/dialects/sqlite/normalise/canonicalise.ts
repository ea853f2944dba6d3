/** The canonical form of each object by itself. */
import type {
  CatalogObject,
  Check,
  Column,
  ColumnValue,
  Expression,
  Index,
  IndexPart,
} from '../../../catalog/objects.ts';
import { objectKey } from '../../../catalog/schema.ts';
import { isUnnamedCheck, nameCheck } from '../names.ts';
import { canonicalType } from '../syntax/affinity.ts';
import { canonicalName } from '../syntax/canonical-style.ts';
import { canonicalTokens } from '../syntax/canonical-tokens.ts';
import { canonicalExpression, canonicalSelect, canonicalStatement } from '../syntax/canonical.ts';
import { foldName } from '../syntax/names.ts';
import { canonicaliseDefault } from './default-value.ts';
import { refusesNull, type TableFacts, type TableIndex } from './tables.ts';

/** Canonical forms of texts, by context: both sides mostly have the same texts. */
export type Memory = Map<string, string>;

/** @param tables of these very objects */
export function canonicaliseObjects(
  objects: readonly CatalogObject[],
  tables: TableIndex,
  memory: Memory,
): readonly CatalogObject[] {
  const seen = new Set<string>();
  return objects.flatMap((object) => {
    const canonical = canonicaliseObject(object, tables, memory);
    if (object.kind !== 'check') return [canonical];
    // Two spellings of one unnamed check are one check.
    const key = objectKey(canonical);
    if (seen.has(key)) return [];
    seen.add(key);
    return [canonical];
  });
}

function canonicaliseObject(object: CatalogObject, tables: TableIndex, memory: Memory): CatalogObject {
  const table = tables.get(foldName(object.address.table ?? ''));
  switch (object.kind) {
    case 'table':
      return { ...object, strict: object.strict ?? false, withoutRowid: object.withoutRowid ?? false };
    case 'column':
      return canonicaliseColumn(object, table, memory);
    case 'check':
      return canonicaliseCheck(object, table, memory);
    case 'index':
      return canonicaliseIndex(object, table, memory);
    case 'view': {
      const { text } = object.definition;
      return {
        ...object,
        definition: { text, canonical: remember(memory, `view ${text}`, () => canonicalSelect(text)) },
      };
    }
    case 'trigger': {
      const { text } = object.definition;
      return {
        ...object,
        definition: { text, canonical: remember(memory, `trigger ${text}`, () => canonicalStatement(text)) },
      };
    }
    case 'virtualTable':
      return { ...object, module: foldName(object.module) };
    default:
      return object;
  }
}

function remember(memory: Memory, key: string, compute: () => string): string {
  const known = memory.get(key);
  if (known !== undefined) return known;
  const value = compute();
  memory.set(key, value);
  return value;
}

/** The text in the context of its table: what it names depends on the table's columns. */
function canonicaliseExpression(text: string, table: TableFacts | undefined, memory: Memory): Expression {
  const columns = table?.columns;
  const key = `${table?.name ?? ''} ${columns?.join(',') ?? ''} ${text}`;
  const canonical = remember(memory, key, () => canonicalExpression(text, { table: table?.name, columns }));
  return { text, canonical };
}

function canonicaliseColumn(column: Column, table: TableFacts | undefined, memory: Memory): Column {
  const type = foldName(remember(memory, `type ${column.type}`, () => canonicalType(column.type)));
  const impliedNotNull = table !== undefined && refusesNull(table, column.address.name);
  return {
    ...column,
    type,
    nullable: column.nullable && !impliedNotNull,
    value: canonicaliseValue(column.value, type, table, memory),
    notNullOnConflict: column.notNullOnConflict ?? null,
  };
}

function canonicaliseValue(
  value: ColumnValue,
  type: string,
  table: TableFacts | undefined,
  memory: Memory,
): ColumnValue {
  if (value.kind === 'generated') {
    return { ...value, expression: canonicaliseExpression(value.expression.text, table, memory) };
  }
  if (value.kind !== 'default') return value;
  const { text } = value.expression;
  const strict = table?.strict ?? false;
  const canonical = remember(memory, `default ${type} ${String(strict)} ${text}`, () =>
    canonicaliseDefault(text, type, strict),
  );
  // Without a default a column is filled with NULL anyway.
  return canonical === 'NULL' ? { kind: 'none' } : { kind: 'default', expression: { text, canonical } };
}

function canonicaliseCheck(check: Check, table: TableFacts | undefined, memory: Memory): Check {
  const expression = canonicaliseExpression(check.expression.text, table, memory);
  const onConflict = check.onConflict ?? null;
  if (!isUnnamedCheck(check.address.name)) return { ...check, expression, onConflict };
  const address = { ...check.address, name: nameCheck(expression.canonical) };
  return { ...check, address, expression, onConflict };
}

function canonicaliseIndex(index: Index, table: TableFacts | undefined, memory: Memory): Index {
  return {
    ...index,
    parts: index.parts.map((part) => canonicalisePart(part, table, memory)),
    where: index.where === null ? null : canonicaliseExpression(index.where.text, table, memory),
  };
}

function canonicalisePart(part: IndexPart, table: TableFacts | undefined, memory: Memory): IndexPart {
  const collation = part.collation === null ? null : part.collation.toUpperCase();
  if ('column' in part.on) return withCollation(part, part.on.column, collation, table);
  const expression = canonicaliseExpression(part.on.expression.text, table, memory);
  // `("users"."email")` is an expression to the models and the column itself to SQLite.
  const column = table?.columns.find((name) => canonicalName(name) === expression.canonical);
  if (column !== undefined) return withCollation(part, column, collation, table);
  return { ...part, on: { expression }, collation: collation === 'BINARY' ? null : collation };
}

function withCollation(
  part: IndexPart,
  column: string,
  collation: string | null,
  table: TableFacts | undefined,
): IndexPart {
  const own = table?.collations.get(foldName(column)) ?? 'BINARY';
  return { ...part, on: { column }, collation: collation === own.toUpperCase() ? null : collation };
}

/** One spelling of the arguments of a virtual table; only for comparison, as each module reads them in its own way. */
export function canonicaliseArguments(list: readonly string[]): string {
  return list.map((argument) => canonicalTokens(argument)).join(', ');
}
