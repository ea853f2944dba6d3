/** Writing into Drizzle's own table of applied migrations; loaded only by the commands that do. */
import type { DatabaseTarget, Limits, Scope } from './dialect.ts';

/** A row to be written. */
export interface NewAppliedRow {
  readonly hash: string;
  /** The journal's `when`, milliseconds since 1970. */
  readonly createdAt: number;
  /** The name of the migration's folder; null for one of Drizzle 0.x. */
  readonly name: string | null;
}

export interface RecordRequest {
  readonly scope: Scope;
  readonly limits: Limits;
  readonly rows: readonly NewAppliedRow[];
  /** Written to `applied_at` where the table has it. */
  readonly now: Date;
}

export interface Recorder {
  /**
   * Adds the rows that are not there yet in one transaction. A table that is not there is made in the form of the Drizzle that would make it:
   * with names where the rows have them. Names are left out where the table has no place for them: Drizzle 1.0 adds them
   * when it first meets the table.
   * @throws DriftError where the database cannot be written to
   */
  record(target: DatabaseTarget, request: RecordRequest): Promise<void>;
}
