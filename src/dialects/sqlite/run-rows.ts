/** Drizzle's own table of applied migrations, made and written as the migrators of drizzle-orm do. */
import type { AppliedRow } from '../dialect.ts';
import type { MigrationScript } from '../migrator.ts';
import type { Connection } from './drivers/load.ts';
import { quoteIdentifier } from './syntax/names.ts';

export type RowStyle = 'journal' | 'dated';

/**
 * The statements of drizzle-orm's migrators to the letter: SQLite keeps their text, so that a database that drift made
 * cannot be told from one that drizzle-orm made. `SERIAL` means nothing to SQLite, which is why `id` stays NULL in 0.x.
 */
const definitions: Readonly<Record<RowStyle, string>> = {
  // drizzle-orm 0.45, sqlite-core/dialect
  journal:
    '(\n\t\t\t\tid SERIAL PRIMARY KEY,\n\t\t\t\thash text NOT NULL,\n\t\t\t\tcreated_at numeric\n\t\t\t)',
  // drizzle-orm 1.0, sqlite-core/async/session
  dated:
    '(\n\t\t\t\tid INTEGER PRIMARY KEY,\n\t\t\t\thash text NOT NULL,\n\t\t\t\tcreated_at numeric,\n\t\t\t\tname text,\n\t\t\t\tapplied_at TEXT\n\t\t\t)',
};

/** Makes the table where there is none. */
export function createRowsTable(connection: Connection, table: string, style: RowStyle): void {
  connection.exec(`CREATE TABLE IF NOT EXISTS ${quoteIdentifier(table)} ${definitions[style]}`);
}

/**
 * Writes the row of a migration, with the columns that the table has. A table of 0.x under a folder of 1.0 gets rows
 * of 0.x: drizzle-orm 1.0 adds the names itself when it first meets the table, by time and hash.
 */
export function writeRow(
  connection: Connection,
  table: string,
  style: RowStyle,
  migration: MigrationScript,
  appliedAt: Date,
): void {
  const columns = new Set(
    connection.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table) as string[],
  );
  const values: [column: string, value: string | number | null][] = [
    ['hash', migration.hash],
    ['created_at', Number.isNaN(migration.when) ? null : migration.when],
  ];
  // drizzle-orm 0.x leaves the name empty also in a table of 1.0.
  if (style === 'dated' && columns.has('name')) values.push(['name', migration.tag]);
  if (style === 'dated' && columns.has('applied_at')) values.push(['applied_at', appliedAt.toISOString()]);
  const names = values.map(([column]) => quoteIdentifier(column)).join(', ');
  const marks = values.map(() => '?').join(', ');
  connection
    .prepare(`INSERT INTO ${quoteIdentifier(table)} (${names}) VALUES (${marks})`)
    .run(...values.map(([, value]) => value));
}

/** Takes the row of a migration out, with those that say the same again. */
export function deleteRow(connection: Connection, table: string, row: AppliedRow): void {
  const columns = new Set(
    connection.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table) as string[],
  );
  const isNamed = columns.has('name') && row.name !== null;
  // `created_at` is NULL where the name of a folder has no time, which is read as 0.
  const condition = `hash = ? AND coalesce(created_at, 0) = ?${isNamed ? ' AND name = ?' : ''}`;
  connection
    .prepare(`DELETE FROM ${quoteIdentifier(table)} WHERE ${condition}`)
    .run(row.hash, row.createdAt, ...(isNamed ? [row.name] : []));
}
