/**
 * What ANALYZE found out about tables (sqlite.org/fileformat2.html#the_sqlite_stat1_table). DROP TABLE deletes it and
 * RENAME leaves it under the old name, and a migration file cannot keep it: it runs on databases with such a table and
 * without. So whoever runs the migration on a connection of its own notes it before and puts it back after, inside of
 * the transaction.
 */
import type { Plan } from '../../../plan/plan.ts';
import type { Connection } from '../drivers/load.ts';
import { sameName } from '../syntax/names.ts';

export interface Statistics {
  readonly rows: readonly {
    readonly tbl: string;
    readonly idx: string | null;
    readonly stat: string | null;
  }[];
}

/** Null where the database was never analysed. */
export function noteStatistics(connection: Connection): Statistics | null {
  const exists = connection.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'").get();
  if (exists === undefined) return null;
  return { rows: connection.prepare('SELECT tbl, idx, stat FROM sqlite_stat1').all() as Statistics['rows'] };
}

/**
 * Puts back what is missing now, for tables and indexes that are (still, or again) there. The connection reads it at
 * its next ANALYZE or when the database is opened the next time.
 * @param renamed tables that go by another name now
 */
export function restoreStatistics(
  connection: Connection,
  statistics: Statistics,
  renamed: readonly { readonly from: string; readonly to: string }[],
): void {
  const insert = connection.prepare(
    `INSERT INTO sqlite_stat1 (tbl, idx, stat) SELECT $tbl, $idx, $stat
      WHERE EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = $tbl)
        AND ($idx IS NULL OR EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'index' AND tbl_name = $tbl AND name = $idx))
        AND NOT EXISTS (SELECT 1 FROM sqlite_stat1 WHERE tbl = $tbl AND idx IS $idx)`,
  );
  const remove = connection.prepare('DELETE FROM sqlite_stat1 WHERE tbl = ?');
  for (const { from } of renamed) remove.run(from);
  for (const row of statistics.rows) {
    const tbl = renamed.find(({ from }) => sameName(from, row.tbl))?.to ?? row.tbl;
    insert.run({ ...row, tbl });
  }
}

/** The tables that a plan renames for good. */
export function renamedTables(plan: Plan): readonly { readonly from: string; readonly to: string }[] {
  const steps = plan.batches.flatMap((batch) => batch.steps);
  const made = new Set(steps.flatMap(({ action }) => (action.type === 'copyTable' ? [action.to] : [])));
  return steps.flatMap(({ action }) =>
    action.type === 'renameTable' && !made.has(action.table.name)
      ? [{ from: action.table.name, to: action.to }]
      : [],
  );
}
