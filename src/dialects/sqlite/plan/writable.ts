/**
 * Which tables can be written to. RENAME does not look at everything in a trigger (not at the columns that an UPDATE
 * sets), but a statement that would fire it cannot even be prepared where something is missing.
 */
import type { Connection } from '../drivers/load.ts';
import { quote } from '../quote.ts';

export type WriteEvent = 'insert' | 'update' | 'delete';

/** By table: for each event null where it works, else the engine's own words. */
export type Writable = ReadonlyMap<string, ReadonlyMap<WriteEvent, string | null>>;

export function findWritable(connection: Connection): Writable {
  // A foreign key that points at no key counts too, and only shows where they are on.
  connection.pragma('foreign_keys = ON');
  const tables = connection
    .prepare(
      String.raw`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' AND sql NOT LIKE 'CREATE VIRTUAL%'`,
    )
    .pluck()
    .all() as readonly string[];
  return new Map(tables.map((table) => [table, tryEvents(connection, table)]));
}

function tryEvents(connection: Connection, table: string): ReadonlyMap<WriteEvent, string | null> {
  const columns = connection
    .prepare('SELECT name FROM pragma_table_info(?)')
    .pluck()
    .all(table) as readonly string[];
  const assignments = columns.map((column) => `${quote(column)} = ${quote(column)}`).join(', ');
  return new Map<WriteEvent, string | null>([
    ['insert', tryPrepare(connection, `INSERT INTO ${quote(table)} DEFAULT VALUES`)],
    ['update', tryPrepare(connection, `UPDATE ${quote(table)} SET ${assignments}`)],
    ['delete', tryPrepare(connection, `DELETE FROM ${quote(table)}`)],
  ]);
}

function tryPrepare(connection: Connection, sql: string): string | null {
  try {
    connection.prepare(sql);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
