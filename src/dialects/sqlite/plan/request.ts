import type { Address } from '../../../catalog/address.ts';
import type { Schema } from '../../../catalog/schema.ts';
import type { Change } from '../../../diff/changes.ts';
import type { Rename } from '../../../diff/renames.ts';
import type { Plan, RunnerForm } from '../../../plan/plan.ts';
import type { Refusal } from '../../../plan/refusals.ts';

/** Major, minor, patch. */
export type EngineVersion = readonly [number, number, number];

/**
 * The oldest SQLite that a migration has to run on where nothing is known: 3.35 of 2021, the first with DROP COLUMN,
 * which drizzle-kit's own migrations need too.
 */
export const oldestEngine: EngineVersion = [3, 35, 0];

/** Values for a column: where a column is new, for every row; where it was nullable, for the rows that hold NULL. */
export interface Backfill {
  /** Table and column under the names they will have. */
  readonly table: string;
  readonly column: string;
  /** An SQL expression over the columns of the table as they are before. If it names the column itself it replaces every value. */
  readonly expression: string;
}

export interface PlanRequest {
  /** What is there. */
  readonly from: Schema;
  /** The same after the renames; see `renameSchema`. Equal to `from` where there are none. */
  readonly renamed: Schema;
  /** What is wanted: the models, completed by what they cannot say. */
  readonly to: Schema;
  readonly renames: readonly Rename[];
  readonly backfills: readonly Backfill[];
  readonly runner: RunnerForm;
  /** The oldest SQLite that the migration will run on. */
  readonly engine: EngineVersion;
  readonly allowDataLoss: boolean;
  /** How UNIQUE of a new table is written: drizzle-kit 0.x makes an index, 1.0 a constraint. */
  readonly newUniques: 'index' | 'constraint';
  /** Whether the database has been ANALYZEd, so that there are statistics to keep. */
  readonly keepStatistics: boolean;
  /** Views and triggers that do not work as it is; SQLite refuses to rename anything while they are there. */
  readonly broken: readonly Address[];
}

export interface Planning {
  readonly plan: Plan;
  /** What nobody has answered yet. While there are any, the plan must not be used. */
  readonly refusals: readonly Refusal[];
  /** What differs between `renamed` and `to`. */
  readonly changes: readonly Change[];
}

export function isAtLeast(engine: EngineVersion, wanted: EngineVersion): boolean {
  for (const [index, part] of wanted.entries()) {
    const have = engine[index] ?? 0;
    if (have !== part) return have > part;
  }
  return true;
}
