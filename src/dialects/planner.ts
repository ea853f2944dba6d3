/** What planning migrations needs of a database engine; loaded only by the commands that write or run migrations. */
import type { Address } from '../catalog/address.ts';
import type { Schema } from '../catalog/schema.ts';
import type { Change } from '../diff/changes.ts';
import type { Rename } from '../diff/renames.ts';
import type { HazardCode } from '../plan/hazards.ts';
import type { Plan, RunnerForm } from '../plan/plan.ts';
import type { Refusal } from '../plan/refusals.ts';

export interface Planner {
  /**
   * What a schema is after renames, and which of its views and triggers did not work before.
   * @throws DriftError RENAME_FAILED, SCHEMA_NOT_BUILDABLE
   */
  renameSchema(from: Schema, renames: readonly Rename[]): RenamedSchema;

  /**
   * What is wanted in full: the models, and of what they cannot say, what the migrations made.
   * Objects of tables that the models no longer have go with their tables.
   */
  completeDesired(desired: Schema, renamed: Schema): Schema;

  /** @throws DriftError PLAN_UNSUPPORTED */
  plan(request: PlanRequest): Planning;

  /**
   * The plan's statements in their order, without semicolons, each with the lines of comment that belong before it.
   * @param settled hazards that no row is in the way of, which is written beside what carries them
   */
  render(plan: Plan, settled?: ReadonlySet<HazardCode>): readonly PlannedStatement[];

  /** Runs the plan on generated rows, as its runner would. */
  prove(request: PlanRequest, planning: Planning): Proof;

  /** Runs the plan on a copy of a database file. */
  proveOn(file: string, request: PlanRequest, planning: Planning): Promise<Proof>;
}

export interface RenamedSchema {
  readonly schema: Schema;
  /** Views and triggers that did not work before any rename. */
  readonly broken: readonly Address[];
}

/** Major, minor, patch. */
export type EngineVersion = readonly [number, number, number];

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
  /** The oldest engine that the migration will run on; null where nothing is known of it. */
  readonly engine: EngineVersion | null;
  readonly allowDataLoss: boolean;
  /** How UNIQUE of a new table is written: drizzle-kit 0.x makes an index, 1.0 a constraint. */
  readonly newUniques: 'index' | 'constraint';
  /**
   * True where a database or a script is wanted and not models: a unique index is no UNIQUE then, and what does not work
   * in it does not have to work afterwards.
   */
  readonly exact?: boolean;
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

export interface PlannedStatement {
  /** One statement without its semicolon. */
  readonly sql: string;
  /** Lines without their `--`; empty where the statement says it all. */
  readonly comment: readonly string[];
}

export interface Proof {
  readonly ok: boolean;
  /** What went wrong, one sentence each. */
  readonly problems: readonly string[];
  /** Where the rows came from. */
  readonly on: 'sample rows' | 'a copy of the database';
  /** Tables that are there before and after. */
  readonly tables: number;
  /** Rows that were there before and are there after. */
  readonly rows: number;
  /** Tables that no sample row could be made for. */
  readonly empty: readonly string[];
}
