/**
 * Brings the database's objects closer to the expected ones where SQLite sees no difference: names that it does not
 * know, and two ways of writing one thing. What is expected is left as it is, so that it can still be traced to the
 * models.
 */
import type {
  CatalogObject,
  Check,
  Column,
  Index,
  IndexPart,
  PrimaryKey,
  View,
  VirtualTable,
} from '../../../catalog/objects.ts';
import { isUnnamedCheck } from '../names.ts';
import { foldName } from '../syntax/names.ts';
import { canonicaliseArguments } from './canonicalise.ts';
import { canonicaliseDefault } from './default-value.ts';
import { pairForeignKeys } from './foreign-keys.ts';
import { areNamedAlike, select } from './groups.ts';
import { collationOf, findColumn, type TableFacts } from './tables.ts';
import { pairUniques } from './uniques.ts';

/** The objects of one table on both sides, in canonical form and in the order of a schema. */
export interface TablePair {
  readonly database: readonly CatalogObject[];
  readonly expected: readonly CatalogObject[];
  readonly databaseFacts: TableFacts;
  readonly expectedFacts: TableFacts;
  /** True where a unique index is never taken for a UNIQUE, nor the other way round. */
  readonly exact: boolean;
}

/** The database's objects of one table, aligned with the expected ones. */
export function alignTable(pair: TablePair): readonly CatalogObject[] {
  const { database, expected } = pair;
  if (expected.length === 0) return database;
  const paired = isPaired(database, expected) ? database : pairObjects(pair);
  const find = findCounterparts(paired, expected);
  return paired.map((object, place) => {
    const counterpart = find(object, place);
    return counterpart === undefined ? object : alignObject(object, counterpart, pair);
  });
}

type FindCounterpart = (object: CatalogObject, place: number) => CatalogObject | undefined;

function findCounterparts(
  database: readonly CatalogObject[],
  expected: readonly CatalogObject[],
): FindCounterpart {
  if (areNamedAlike(database, expected)) return (_object, place) => expected[place];
  const keyOf = ({ kind, address }: CatalogObject): string => `${kind} ${address.name}`;
  const byName = new Map(expected.map((object) => [keyOf(object), object]));
  return (object) => byName.get(keyOf(object));
}

/** Nothing needs to be matched where every name is the same; only the names of foreign keys may deceive. */
function isPaired(database: readonly CatalogObject[], expected: readonly CatalogObject[]): boolean {
  return areNamedAlike(database, expected) && database.filter(({ kind }) => kind === 'foreignKey').length < 2;
}

function pairObjects({ database, expected, exact }: TablePair): readonly CatalogObject[] {
  const { uniques, indexes } = exact
    ? { uniques: select(database, 'unique'), indexes: select(database, 'index') }
    : pairUniques(database, expected);
  const handled = new Set(['unique', 'index', 'foreignKey', 'check', 'primaryKey']);
  return [
    ...database.filter(({ kind }) => !handled.has(kind)),
    ...alignPrimaryKeys(select(database, 'primaryKey'), expected),
    ...pairForeignKeys(select(database, 'foreignKey'), select(expected, 'foreignKey')),
    ...pairChecks(select(database, 'check'), select(expected, 'check')),
    ...uniques,
    ...indexes,
  ];
}

/** SQLite keeps no name of a primary key. */
function alignPrimaryKeys(
  keys: readonly PrimaryKey[],
  expected: readonly CatalogObject[],
): readonly PrimaryKey[] {
  const address = select(expected, 'primaryKey')[0]?.address;
  return address === undefined ? keys : keys.map((key) => ({ ...key, address }));
}

/** One unnamed check on each side, each with its own text: it is the text that changed. */
function pairChecks(database: readonly Check[], expected: readonly Check[]): readonly Check[] {
  const isIn = (checks: readonly Check[], check: Check): boolean =>
    checks.some((other) => other.address.name === check.address.name);
  const left = database.filter((check) => isUnnamedCheck(check.address.name) && !isIn(expected, check));
  const wanted = expected.filter((check) => isUnnamedCheck(check.address.name) && !isIn(database, check));
  const [only] = left;
  const [target] = wanted;
  if (left.length !== 1 || wanted.length !== 1 || !only || !target) return database;
  return database.map((check) => (check === only ? { ...check, address: target.address } : check));
}

function alignObject(object: CatalogObject, counterpart: CatalogObject, pair: TablePair): CatalogObject {
  if (object.kind === 'column' && counterpart.kind === 'column')
    return alignColumn(object, counterpart, pair);
  if (object.kind === 'index' && counterpart.kind === 'index') return alignIndex(object, counterpart, pair);
  if (object.kind === 'view' && counterpart.kind === 'view') return alignView(object, counterpart);
  if (object.kind === 'virtualTable' && counterpart.kind === 'virtualTable') {
    return alignVirtualTable(object, counterpart);
  }
  return object;
}

/**
 * Where one side alone has a key that keeps NULL out and both columns say the same, the key is the difference and
 * not the NULLs that follow from it.
 */
function alignColumn(database: Column, counterpart: Column, pair: TablePair): Column {
  const column = alignDefault(database, counterpart, pair);
  if (counterpart.nullable === column.nullable) return column;
  if (counterpart.nullabilityOpen === true) return { ...column, nullable: counterpart.nullable };
  const { name } = column.address;
  const written = findColumn(pair.databaseFacts, name);
  const expected = findColumn(pair.expectedFacts, name);
  return written?.nullable === expected?.nullable ? { ...column, nullable: counterpart.nullable } : column;
}

/** A default that says what is expected is not another one because a column of another type makes another value of it. */
function alignDefault(column: Column, { type, value }: Column, pair: TablePair): Column {
  const { strict } = pair.expectedFacts;
  if (column.value.kind !== 'default' || value.kind !== 'default') return column;
  if (type === column.type && strict === pair.databaseFacts.strict) return column;
  const said = canonicaliseDefault(column.value.expression.text, type, strict);
  return said === value.expression.canonical ? { ...column, value } : column;
}

/** A term without COLLATE has the column's collation; saying it aloud is the same. */
function alignIndex(index: Index, counterpart: Index, pair: TablePair): Index {
  if (counterpart.parts.length !== index.parts.length) return index;
  const parts = index.parts.map((part, place) => alignPart(part, counterpart.parts[place], pair));
  return parts.every((part, place) => part === index.parts[place]) ? index : { ...index, parts };
}

function alignPart(part: IndexPart, expected: IndexPart | undefined, pair: TablePair): IndexPart {
  if (expected === undefined || part.collation === expected.collation) return part;
  if (!('column' in part.on) || !('column' in expected.on) || part.on.column !== expected.on.column)
    return part;
  const { column } = part.on;
  const own = part.collation ?? collationOf(pair.databaseFacts, column);
  const wanted = expected.collation ?? collationOf(pair.expectedFacts, column);
  return own === wanted ? { ...part, collation: expected.collation } : part;
}

/** Shadow tables follow from the arguments: where those differ, the shadow tables do too. */
function alignVirtualTable(table: VirtualTable, counterpart: VirtualTable): VirtualTable {
  const same =
    table.module === counterpart.module &&
    canonicaliseArguments(table.module, table.arguments) ===
      canonicaliseArguments(counterpart.module, counterpart.arguments);
  if (same) return { ...table, arguments: counterpart.arguments };
  return { ...table, shadowTables: counterpart.shadowTables };
}

function alignView(view: View, counterpart: View): View {
  const columns = counterpart.columns ?? [];
  const own = view.columns ?? [];
  const same =
    own.length === columns.length &&
    own.every((name, place) => foldName(name) === foldName(columns[place] ?? ''));
  return same && own.length > 0 ? { ...view, columns } : view;
}
