/** Runs a plan's statements under the conditions of its runner. */
import type { RunnerForm } from '../../../plan/plan.ts';
import type { Connection } from '../drivers/load.ts';
import type { PlannedStatement } from '../../planner.ts';

export interface RunFailure {
  readonly sql: string;
  /** The engine's own words. */
  readonly reason: string;
  /** SQLite's code, such as SQLITE_CONSTRAINT_CHECK. */
  readonly code: string;
}

/**
 * One transaction, one statement at a time; foreign keys off outside of it for drift's own runner, on for the others.
 * A failure rolls everything back.
 */
export function runStatements(
  connection: Connection,
  statements: readonly Pick<PlannedStatement, 'sql'>[],
  runner: RunnerForm,
): RunFailure | null {
  connection.pragma(`foreign_keys = ${runner === 'drift' ? 'OFF' : 'ON'}`);
  connection.exec('BEGIN IMMEDIATE');
  let current = '';
  try {
    for (const { sql } of statements) {
      current = sql;
      connection.prepare(sql).run();
    }
    current = 'COMMIT';
    connection.exec('COMMIT');
    return null;
  } catch (error) {
    if (connection.inTransaction) connection.exec('ROLLBACK');
    const { message, code } = error as { message?: string; code?: unknown };
    return { sql: current, reason: message ?? String(error), code: typeof code === 'string' ? code : '' };
  }
}
