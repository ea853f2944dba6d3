/**
 * A plan is data: what is done, in which order, at what risk. It carries the fingerprint of the schema it starts from
 * and of the one it ends at, and neither clock nor randomness, so that equal inputs make equal plans.
 */
import type { Address } from '../catalog/address.ts';
import type {
  CatalogObject,
  Check,
  Column,
  ForeignKey,
  Index,
  Trigger,
  View,
  VirtualTable,
} from '../catalog/objects.ts';
import type { DialectName } from '../catalog/schema.ts';
import type { Hazard } from './hazards.ts';

/**
 * Who will run the migration, which decides what it may rely on.
 * - `drift`: foreign keys are off, outside of the one transaction that each migration is;
 * - `drizzle`: drizzle-orm's better-sqlite3 migrator: one transaction for all pending migrations, foreign keys on,
 *   one statement at a time;
 * - `d1`: foreign keys cannot be turned off and there are no temporary tables; one batch.
 */
export type RunnerForm = 'drift' | 'drizzle' | 'd1';

export const runnerForms: readonly RunnerForm[] = ['drift', 'drizzle', 'd1'];

export interface Plan {
  readonly dialect: DialectName;
  readonly runner: RunnerForm;
  /** Fingerprint of the schema that the plan is for; on any other it must not run. */
  readonly from: string;
  /** Fingerprint of the schema that the plan leaves. */
  readonly to: string;
  readonly batches: readonly Batch[];
}

/** Steps that happen wholly or not at all. */
export interface Batch {
  readonly transaction: boolean;
  readonly steps: readonly Step[];
}

/** One thing that is done. */
export interface Step {
  readonly action: Action;
  /** What for, one line each, in words for a reviewer; empty where the action says it all. */
  readonly why: readonly string[];
  readonly hazards: readonly Hazard[];
}

/** A table with all that stands inside its CREATE TABLE. */
export type TableDefinition = readonly CatalogObject[];

/** What can be done. One member for each thing, so that whoever renders or runs a plan has to know them all. */
export type Action =
  | { readonly type: 'createTable'; readonly table: Address; readonly definition: TableDefinition }
  | {
      readonly type: 'dropTable';
      readonly table: Address;
      /** Columns whose values no copy of the table has. */
      readonly leaving: readonly Address[];
      /** Indexes that the table which takes its place does not have. */
      readonly indexes: readonly Address[];
    }
  | { readonly type: 'renameTable'; readonly table: Address; readonly to: string }
  | {
      readonly type: 'addColumn';
      readonly column: Column;
      /** A foreign key of this column alone, declared with it. */
      readonly foreignKey: ForeignKey | null;
    }
  | { readonly type: 'dropColumn'; readonly column: Address }
  | { readonly type: 'renameColumn'; readonly column: Address; readonly to: string }
  | { readonly type: 'setNullable'; readonly column: Address; readonly nullable: boolean }
  | { readonly type: 'addCheck'; readonly check: Check }
  | { readonly type: 'dropConstraint'; readonly constraint: Address }
  | { readonly type: 'createIndex'; readonly index: Index }
  | { readonly type: 'dropIndex'; readonly index: Address }
  | { readonly type: 'createView'; readonly view: View }
  | { readonly type: 'dropView'; readonly view: Address }
  | { readonly type: 'createTrigger'; readonly trigger: Trigger }
  | { readonly type: 'dropTrigger'; readonly trigger: Address }
  | { readonly type: 'createVirtualTable'; readonly table: VirtualTable }
  | CopyTable
  | { readonly type: 'carrySequence'; readonly from: string; readonly to: string }
  | { readonly type: 'createTemporaryIndex'; readonly index: TemporaryIndex }
  | { readonly type: 'dropTemporaryIndex'; readonly index: TemporaryIndex }
  | { readonly type: 'shieldRows'; readonly shield: Shield }
  | { readonly type: 'unshieldRows'; readonly shield: Shield }
  | { readonly type: 'deferForeignKeys'; readonly deferred: boolean }
  | { readonly type: 'openGuard'; readonly guard: Guard }
  | { readonly type: 'assert'; readonly guard: Guard; readonly assertion: Assertion }
  | { readonly type: 'closeGuard'; readonly guard: Guard };

export type ActionType = Action['type'];

/** Copies every row of a table into another. */
export interface CopyTable {
  readonly type: 'copyTable';
  readonly from: string;
  readonly to: string;
  readonly columns: readonly CopiedColumn[];
  /** The name under which the rowid can be reached on both sides, where it is carried over; null where there is none. */
  readonly rowid: { readonly from: string; readonly to: string } | null;
}

export interface CopiedColumn {
  readonly to: string;
  /** A column of the old table, or an expression over its columns. */
  readonly from: { readonly column: string } | { readonly expression: string };
}

/**
 * An index that is there only for a while: on the columns of a foreign key while its parent is dropped, which would
 * look at every child row for every parent row otherwise, or a unique one on what a foreign key of the same table
 * points at.
 */
export interface TemporaryIndex {
  readonly name: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly unique: boolean;
}

/** A trigger that keeps the rows of a child as they are while its parent is dropped and made anew. */
export interface Shield {
  readonly name: string;
  readonly table: string;
  /** What the foreign key's action would do to the row. */
  readonly against: 'delete' | 'update';
}

/** A table whose CHECKs abort the migration where something is not as it has to be. */
export interface Guard {
  readonly name: string;
  readonly temporary: boolean;
  readonly assertions: readonly Assertion[];
}

/** What has to be so. The violated one is named in the error. */
export type Assertion =
  | { readonly is: 'foreignKeysOff' }
  | { readonly is: 'sameRowCount'; readonly table: string; readonly copy: string }
  | {
      /** Every text of the column is one that the new type holds without a change. */
      readonly is: 'castExact';
      readonly table: string;
      readonly column: string;
      readonly affinity: Affinity;
    }
  /** How many rows break a foreign key, before the migration. Nothing is demanded yet. */
  | { readonly is: 'orphansBefore'; readonly tables: readonly string[] }
  /** No more rows break a foreign key than before. */
  | { readonly is: 'noNewOrphans'; readonly tables: readonly string[] };

/** sqlite.org/datatype3.html#determination_of_column_affinity */
export type Affinity = 'integer' | 'text' | 'blob' | 'real' | 'numeric';

/** Everything a plan risks, in the order of its steps. */
export function hazardsOf(plan: Plan): readonly Hazard[] {
  return plan.batches.flatMap((batch) => batch.steps.flatMap((step) => step.hazards));
}

/** True where there is nothing to do. */
export function isEmptyPlan(plan: Plan): boolean {
  return plan.batches.every((batch) => batch.steps.length === 0);
}
