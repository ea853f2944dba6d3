import type { AppliedRow } from '../../dialect.ts';
import type { Connection } from '../drivers/load.ts';
import { quoteIdentifier } from '../syntax/names.ts';

/**
 * Rows of Drizzle's table of applied migrations in the order they were written; null where there is no such table.
 * drizzle-orm 0.x leaves `id` NULL and has neither `name` nor `applied_at`.
 */
export function readAppliedRows(connection: Connection, table: string): readonly AppliedRow[] | null {
  const columns = new Set(
    connection.prepare('SELECT name FROM pragma_table_xinfo(?)').pluck().all(table) as string[],
  );
  if (!columns.has('hash') || !columns.has('created_at')) return null;
  const take = (column: string): string => (columns.has(column) ? column : `NULL AS ${column}`);
  const rows = connection
    .prepare(
      // Not by an index: of a database in WAL mode only the table itself has been copied.
      `SELECT ${take('id')}, hash, created_at, ${take('name')}, ${take('applied_at')} FROM ${quoteIdentifier(table)} NOT INDEXED ORDER BY rowid`,
    )
    .all() as readonly Readonly<Record<'id' | 'hash' | 'created_at' | 'name' | 'applied_at', unknown>>[];
  return rows.map((row) => ({
    id: row.id === null ? null : Number(row.id),
    hash: String(row.hash),
    createdAt: Number(row.created_at),
    name: typeof row.name === 'string' ? row.name : null,
    ...readTime(row.applied_at),
  }));
}

/** Drizzle 1.0 writes ISO 8601; a text without a zone, as SQLite's own functions give it, is UTC. */
function readTime(value: unknown): Pick<AppliedRow, 'appliedAt'> {
  if (typeof value !== 'string') return {};
  const appliedAt = Date.parse(/(?:Z|[+-]\d\d:\d\d)$/.test(value) ? value : `${value.replace(' ', 'T')}Z`);
  return Number.isNaN(appliedAt) ? {} : { appliedAt };
}
