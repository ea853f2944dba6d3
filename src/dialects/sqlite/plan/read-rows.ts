/** All rows of a table in a form that can be compared to the byte. */
import type { Connection } from '../drivers/load.ts';
import { quote } from '../quote.ts';

/** @returns each row as text, with the storage class of every value; sorted */
export function readRows(
  connection: Connection,
  table: string,
  columns: readonly string[],
): readonly string[] {
  const terms = columns.map((column) => `typeof(${column}) || ' ' || coalesce(hex(${column}), '')`);
  // hex() of a number is that of its text, which may show fewer digits than it has.
  const digits = columns.map(
    (column) => `CASE typeof(${column}) WHEN 'real' THEN printf('%!.20g', ${column}) ELSE '' END`,
  );
  // Where no column keeps its values the rows are still to be counted.
  const list = columns.length === 0 ? '1' : [...terms, ...digits].join(', ');
  const rows = connection
    .prepare(`SELECT ${list} FROM ${quote(table)}`)
    .raw()
    .all() as readonly unknown[][];
  return rows.map((row) => JSON.stringify(row)).sort();
}

export function readSequences(connection: Connection): ReadonlyMap<string, number> {
  const exists = connection
    .prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_sequence'")
    .pluck()
    .get();
  if (exists === 0) return new Map();
  const rows = connection.prepare('SELECT name, seq FROM sqlite_sequence').raw().all() as [string, number][];
  return new Map(rows);
}
