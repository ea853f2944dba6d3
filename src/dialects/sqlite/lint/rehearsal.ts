/** Runs a migration on a copy of the database with rows in it, as drizzle-orm's migrator runs it or without that. */
import type { ForeignKey } from '../../../catalog/objects.ts';
import type { Schema } from '../../../catalog/schema.ts';
import type { Connection } from '../drivers/load.ts';
import { collectTables, type Tables } from '../plan/parts.ts';
import { fillTables } from '../plan/sample-rows.ts';
import { quote } from '../quote.ts';
import { foldName, sameName } from '../syntax/names.ts';
import { copyDatabase, executeStatement } from './execute.ts';
import type { LintStatement } from './script.ts';

/** Rows in each table: more than one, so that duplicates show, and too few for the sample's NULLs. */
const sampleSize = 3;

/** A database with the schema before the migration and rows in its tables. */
export interface Sample {
  readonly bytes: Buffer;
  /** Rows by folded name of the table. */
  readonly counts: ReadonlyMap<string, number>;
  readonly tables: Tables;
}

/**
 * @param numeric columns that shall hold texts which are numbers, as `columnKey`
 * @returns null where the sample cannot be made
 */
export function makeSample(stage: Connection, schema: Schema, numeric: ReadonlySet<string>): Sample | null {
  const connection = copyDatabase(stage);
  try {
    const triggers = connection
      .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
      .all() as readonly { readonly name: string; readonly sql: string }[];
    for (const { name } of triggers) connection.exec(`DROP TRIGGER ${quote(name)}`);
    const tables = collectTables(schema);
    // What the migrations themselves inserted would stand in the way of rows that are known.
    connection.pragma('foreign_keys = OFF');
    for (const { name } of tables.values()) connection.exec(`DELETE FROM ${quote(name)}`);
    const filled = fillTables(connection, { tables, filled: new Set(), numeric }, sampleSize);
    for (const { sql } of triggers) connection.exec(sql);
    const counts = new Map([...filled].map(([name, count]) => [foldName(name), count]));
    return { bytes: connection.serialize(), counts, tables };
  } catch {
    // A table of a module or a function that this SQLite has not; then nothing is rehearsed.
    return null;
  } finally {
    connection.close();
  }
}

export interface Conditions {
  readonly foreignKeys: boolean;
  /** Run on the sample first: what the data might look like. */
  readonly prepare?: readonly string[];
}

export interface Rehearsal {
  /** Error of each statement that failed, by its number; the ones after it still ran. */
  readonly failures: ReadonlyMap<number, string>;
  readonly firstFailure: number;
  /** Rows that DROP TABLE statements took from other tables, by the number of the statement. */
  readonly losses: ReadonlyMap<number, readonly Loss[]>;
  /** What COMMIT said; null where it went well. */
  readonly commitError: string | null;
  /** Asks the database as it was left. Null where the query fails. */
  readonly after: readonly (readonly unknown[] | null)[];
}

/** A table whose rows a DROP of another table changed. */
export interface Loss {
  readonly table: string;
  readonly are: 'deleted' | 'changed';
  /** The foreign key columns that changed. */
  readonly columns: readonly string[];
}

/**
 * @param queries run on what is left in the end; their first columns are given back
 * @returns null where the preparation is impossible on this sample
 */
export function rehearse(
  sample: Sample,
  statements: readonly LintStatement[],
  conditions: Conditions,
  queries: readonly string[] = [],
): Rehearsal | null {
  const connection = copyDatabase(sample.bytes);
  try {
    connection.pragma('foreign_keys = OFF');
    if (!prepareData(connection, conditions.prepare ?? [])) return null;
    connection.pragma(`foreign_keys = ${conditions.foreignKeys ? 'ON' : 'OFF'}`);
    connection.exec('BEGIN');
    return run(connection, statements, conditions, queries);
  } finally {
    connection.close();
  }
}

/** Data must have become what was asked for: a preparation that changes nothing would prove nothing. */
function prepareData(connection: Connection, prepare: readonly string[]): boolean {
  try {
    return prepare.every((sql) => connection.prepare(sql).run().changes > 0);
  } catch {
    return false;
  }
}

function run(
  connection: Connection,
  statements: readonly LintStatement[],
  conditions: Conditions,
  queries: readonly string[],
): Rehearsal {
  const failures = new Map<number, string>();
  const watched = new Map<number, readonly Watch[]>();
  for (const [index, statement] of statements.entries()) {
    const isDrop = statement.tree?.kind === 'drop' && statement.tree.object === 'table';
    const before = conditions.foreignKeys && isDrop ? watchTables(connection) : [];
    const { error } = executeStatement(connection, statement);
    if (error !== null) {
      failures.set(index, error);
      continue;
    }
    for (const watches of watched.values()) followRename(watches, statement);
    if (before.length > 0) watched.set(index, keepChanged(connection, before));
  }
  const losses = new Map(
    [...watched].map(([index, watches]) => [
      index,
      watches.flatMap((watch) => describeLoss(connection, watch)),
    ]),
  );
  const commitError = commit(connection);
  const after = queries.map((sql) => ask(connection, sql));
  return { failures, firstFailure: Math.min(...failures.keys(), Infinity), losses, commitError, after };
}

function commit(connection: Connection): string | null {
  // The migration may have ended it by itself.
  if (!connection.inTransaction) return null;
  try {
    connection.exec('COMMIT');
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function ask(connection: Connection, sql: string): readonly unknown[] | null {
  try {
    return connection.prepare(sql).pluck().all();
  } catch {
    return null;
  }
}

/** A table with foreign keys, and what its rows hold in their columns. */
interface Watch {
  /** Its name at the moment; it follows renames. */
  name: string;
  readonly keys: readonly ForeignKeyColumns[];
  readonly count: number;
}

interface ForeignKeyColumns {
  readonly columns: readonly string[];
  readonly values: string;
}

/** Tables with foreign keys, read from the engine itself: the migration may have made them a moment ago. */
function watchTables(connection: Connection): readonly Watch[] {
  const names = connection
    .prepare(
      `SELECT DISTINCT t.name FROM sqlite_schema t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'`,
    )
    .pluck()
    .all() as readonly string[];
  return names.map((name) => ({
    name,
    count: countRows(connection, name) ?? 0,
    keys: readKeys(connection, name),
  }));
}

function readKeys(connection: Connection, table: string): readonly ForeignKeyColumns[] {
  const rows = connection
    .prepare('SELECT id, "from" AS name FROM pragma_foreign_key_list(?) ORDER BY id, seq')
    .all(table) as readonly { readonly id: number; readonly name: string }[];
  const byKey = new Map<number, string[]>();
  for (const { id, name } of rows) byKey.set(id, [...(byKey.get(id) ?? []), name]);
  return [...byKey.values()].map((columns) => ({
    columns,
    values: readValues(connection, table, columns) ?? '',
  }));
}

function readValues(connection: Connection, table: string, columns: readonly string[]): string | null {
  const list = columns.map((column) => `quote(${quote(column)})`).join(" || ',' || ");
  const values = ask(connection, `SELECT ${list} AS value FROM ${quote(table)} ORDER BY value`);
  return values === null ? null : JSON.stringify(values);
}

function countRows(connection: Connection, table: string): number | null {
  const [count] = ask(connection, `SELECT count(*) FROM ${quote(table)}`) ?? [];
  return typeof count === 'number' ? count : null;
}

function keepChanged(connection: Connection, watches: readonly Watch[]): readonly Watch[] {
  return watches.filter((watch) => describeLoss(connection, watch).length > 0);
}

function followRename(watches: readonly Watch[], { tree }: LintStatement): void {
  if (tree?.kind !== 'alter-table' || tree.alteration.type !== 'rename-table') return;
  for (const watch of watches)
    if (sameName(watch.name, tree.table.value)) watch.name = tree.alteration.to.value;
}

/** What the table has lost up to now. A table that is gone altogether was dropped by a statement of its own. */
function describeLoss(connection: Connection, watch: Watch): readonly Loss[] {
  const count = countRows(connection, watch.name);
  if (count === null) return [];
  if (count < watch.count) return [{ table: watch.name, are: 'deleted', columns: [] }];
  const columns = watch.keys
    .filter((key) => {
      const now = readValues(connection, watch.name, key.columns);
      return now !== null && now !== key.values;
    })
    .flatMap((key) => key.columns);
  return columns.length === 0 ? [] : [{ table: watch.name, are: 'changed', columns: [...new Set(columns)] }];
}

/** The tables that rows of a table take along when they are deleted, directly or by way of others. */
export interface Dependent {
  readonly key: ForeignKey;
  readonly effect: 'deleted' | 'changed' | 'refused';
}

/** What foreign keys do when all rows of a table are deleted, as far as it can be told without rows. */
export function findDependents(tables: Tables, dropped: string): readonly Dependent[] {
  const found: Dependent[] = [];
  const visited = new Set<string>([foldName(dropped)]);
  const queue = [dropped];
  for (let parent = queue.shift(); parent !== undefined; parent = queue.shift()) {
    for (const parts of tables.values()) {
      if (sameName(parts.name, dropped)) continue;
      for (const key of parts.foreignKeys) {
        if (!sameName(key.references.table, parent)) continue;
        const effect = effectOf(key);
        found.push({ key, effect });
        if (effect !== 'deleted' || visited.has(foldName(parts.name))) continue;
        visited.add(foldName(parts.name));
        queue.push(parts.name);
      }
    }
  }
  return found;
}

function effectOf(key: ForeignKey): Dependent['effect'] {
  if (key.onDelete === 'cascade') return 'deleted';
  return key.onDelete === 'set null' || key.onDelete === 'set default' ? 'changed' : 'refused';
}
