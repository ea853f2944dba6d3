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
  ObjectKind,
  ObjectOf,
  PrimaryKey,
  View,
  VirtualTable,
} from '../../../catalog/objects.ts';
import { isUnnamedCheck } from '../names.ts';
import { foldName } from '../syntax/names.ts';
import { canonicaliseArguments } from './canonicalise.ts';
import { pairForeignKeys } from './foreign-keys.ts';
import type { TableFacts } from './tables.ts';
import { pairUniques } from './uniques.ts';

/** What belongs to one table (or view), by kind. */
export class Belongings {
  readonly #byKind = new Map<ObjectKind, CatalogObject[]>();

  add(object: CatalogObject): void {
    const list = this.#byKind.get(object.kind);
    if (list) list.push(object);
    else this.#byKind.set(object.kind, [object]);
  }

  of<K extends ObjectKind>(kind: K): readonly ObjectOf<K>[] {
    return (this.#byKind.get(kind) ?? []) as unknown as readonly ObjectOf<K>[];
  }

  kinds(): Iterable<ObjectKind> {
    return this.#byKind.keys();
  }
}

/** By folded name of the table. */
export function groupBelongings(objects: readonly CatalogObject[]): ReadonlyMap<string, Belongings> {
  const groups = new Map<string, Belongings>();
  for (const object of objects) {
    const key = foldName(object.address.table ?? object.address.name);
    const group = groups.get(key) ?? new Belongings();
    groups.set(key, group);
    group.add(object);
  }
  return groups;
}

export interface TablePair {
  readonly database: Belongings;
  readonly expected: Belongings;
  readonly databaseFacts: TableFacts | undefined;
  readonly expectedFacts: TableFacts | undefined;
}

/** The database's objects of one table, aligned with the expected ones. */
export function alignTable(pair: TablePair): readonly CatalogObject[] {
  const { database, expected } = pair;
  const { uniques, indexes } = pairUniques(database, expected);
  const aligned: CatalogObject[] = [
    ...alignColumns(pair),
    ...alignPrimaryKeys(database, expected),
    ...pairForeignKeys(database.of('foreignKey'), expected.of('foreignKey')),
    ...alignChecks(database.of('check'), expected.of('check')),
    ...uniques,
    ...alignIndexes(indexes, pair),
    ...alignVirtualTables(database, expected),
    ...alignViews(database, expected),
  ];
  const done = new Set<ObjectKind>([
    'column',
    'primaryKey',
    'foreignKey',
    'check',
    'unique',
    'index',
    'virtualTable',
    'view',
  ]);
  const rest = [...database.kinds()].filter((kind) => !done.has(kind));
  return [...aligned, ...rest.flatMap((kind) => database.of(kind))];
}

/**
 * Where one side alone has a key that keeps NULL out and both columns say the same, the key is the difference and
 * not the NULLs that follow from it.
 */
function alignColumns({ database, expected, databaseFacts, expectedFacts }: TablePair): readonly Column[] {
  const wanted = new Map(expected.of('column').map((column) => [column.address.name, column]));
  return database.of('column').map((column) => {
    const { name } = column.address;
    const counterpart = wanted.get(name);
    if (!counterpart || counterpart.nullable === column.nullable) return column;
    const folded = foldName(name);
    const sayTheSame = databaseFacts?.nullable.has(folded) === expectedFacts?.nullable.has(folded);
    return sayTheSame ? { ...column, nullable: counterpart.nullable } : column;
  });
}

/** SQLite keeps no name of a primary key. */
function alignPrimaryKeys(database: Belongings, expected: Belongings): readonly PrimaryKey[] {
  const address = expected.of('primaryKey')[0]?.address;
  return database.of('primaryKey').map((key) => (address === undefined ? key : { ...key, address }));
}

/** One unnamed check on each side, each with its own text: it is the text that changed. */
function alignChecks(database: readonly Check[], expected: readonly Check[]): readonly Check[] {
  const isIn = (checks: readonly Check[], check: Check): boolean =>
    checks.some((other) => other.address.name === check.address.name);
  const left = database.filter((check) => isUnnamedCheck(check.address.name) && !isIn(expected, check));
  const wanted = expected.filter((check) => isUnnamedCheck(check.address.name) && !isIn(database, check));
  const [only] = left;
  const [target] = wanted;
  if (left.length !== 1 || wanted.length !== 1 || !only || !target) return database;
  return database.map((check) => (check === only ? { ...check, address: target.address } : check));
}

/** A term without COLLATE has the column's collation; saying it aloud is the same. */
function alignIndexes(indexes: readonly Index[], pair: TablePair): readonly Index[] {
  const wanted = new Map(pair.expected.of('index').map((index) => [index.address.name, index]));
  return indexes.map((index) => {
    const counterpart = wanted.get(index.address.name);
    if (counterpart?.parts.length !== index.parts.length) return index;
    const parts = index.parts.map((part, place) => alignPart(part, counterpart.parts[place], pair));
    return parts.every((part, place) => part === index.parts[place]) ? index : { ...index, parts };
  });
}

function alignPart(part: IndexPart, expected: IndexPart | undefined, pair: TablePair): IndexPart {
  if (expected === undefined || part.collation === expected.collation) return part;
  if (!('column' in part.on) || !('column' in expected.on) || part.on.column !== expected.on.column)
    return part;
  const collationOf = (facts: TableFacts | undefined, { collation }: IndexPart, column: string): string =>
    collation ?? facts?.collations.get(foldName(column)) ?? 'BINARY';
  const same =
    collationOf(pair.databaseFacts, part, part.on.column) ===
    collationOf(pair.expectedFacts, expected, part.on.column);
  return same ? { ...part, collation: expected.collation } : part;
}

/** Shadow tables follow from the arguments: where those differ, the shadow tables do too. */
function alignVirtualTables(database: Belongings, expected: Belongings): readonly VirtualTable[] {
  const [counterpart] = expected.of('virtualTable');
  return database.of('virtualTable').map((table) => {
    if (counterpart === undefined) return table;
    const same =
      table.module === counterpart.module &&
      canonicaliseArguments(table.arguments) === canonicaliseArguments(counterpart.arguments);
    if (same) return { ...table, arguments: counterpart.arguments };
    return { ...table, shadowTables: counterpart.shadowTables };
  });
}

function alignViews(database: Belongings, expected: Belongings): readonly View[] {
  const columns = expected.of('view')[0]?.columns ?? [];
  return database.of('view').map((view) => {
    const own = view.columns ?? [];
    const same =
      own.length === columns.length &&
      own.every((name, place) => foldName(name) === foldName(columns[place] ?? ''));
    return same && own.length > 0 ? { ...view, columns } : view;
  });
}
