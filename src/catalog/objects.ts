/**
 * What a database consists of: one flat list of readonly objects, the same types for both dialects.
 *
 * A field that only one dialect knows is optional and marked so; the other dialect never sets it, so it is equal
 * on both sides there. Every field but `kind`, `address` and the ones named in {@link IdentityFields} is compared.
 */
import type { Address } from './address.ts';
import type { OpaqueKind } from './opaque-kinds.ts';

/**
 * An SQL expression or body. `text` is what a person wrote or the engine prints; `canonical` is what is compared:
 * two expressions mean the same exactly when their canonical forms are equal.
 */
export interface Expression {
  readonly text: string;
  readonly canonical: string;
}

interface Base<K extends string> {
  readonly kind: K;
  readonly address: Address;
  /** Other names that are as good as `address.name`: the ones that another version of drizzle-kit would have given. */
  readonly alsoNamed?: readonly string[];
  /**
   * Set by models: no name was given, so `address.name` is only what a tool would call it when it makes it. What is renamed
   * with its table or column keeps the name it had, and no drizzle-kit ever changes that.
   */
  readonly nameOpen?: boolean;
  /** postgres: COMMENT ON. */
  readonly comment?: string | null;
}

/** Fields that say which object it is, or how to compare it; they take no part in the comparison themselves. */
export type IdentityFields = 'kind' | 'address' | 'alsoNamed' | 'nameOpen' | 'nullabilityOpen' | 'writtenAt';

export interface Table extends Base<'table'> {
  /** sqlite: STRICT. */
  readonly strict?: boolean;
  /** sqlite: WITHOUT ROWID. */
  readonly withoutRowid?: boolean;
  /** postgres: UNLOGGED. */
  readonly unlogged?: boolean;
  /** postgres: row level security enabled. */
  readonly rowSecurity?: boolean;
  /** postgres: row level security forced for the owner too. */
  readonly forceRowSecurity?: boolean;
  /** postgres: storage parameters (`fillfactor`, `autovacuum_enabled` …), sorted by name. */
  readonly storage?: Readonly<Record<string, string>>;
  /** postgres: the PARTITION BY clause as the server prints it. */
  readonly partitionBy?: string | null;
  /** postgres: the parent and bound of a partition. */
  readonly partitionOf?: { readonly parent: Address; readonly bound: string } | null;
  /** postgres: parents by INHERITS, in order. */
  readonly inherits?: readonly Address[];
  /** postgres: the composite type of a table that was made OF it. */
  readonly ofType?: string | null;
  /** postgres: REPLICA IDENTITY: default, nothing, full, or the name of an index. */
  readonly replicaIdentity?: string;
  /** postgres: table access method. */
  readonly accessMethod?: string | null;
  /** postgres: tablespace; null is the database's default. */
  readonly tablespace?: string | null;
  /** postgres */
  readonly owner?: string | null;
  /**
   * postgres: privileges that others have, as `grantee=privileges`, sorted. `not ` stands before what is lacking though it is
   * usual, `~` before what is there and usual.
   */
  readonly grants?: readonly string[];
}

/** Options of a sequence; `null` stands for the type's own default. */
export interface SequenceOptions {
  readonly startWith: string;
  readonly increment: string;
  readonly minValue: string;
  readonly maxValue: string;
  readonly cache: string;
  readonly cycle: boolean;
}

/** What a column holds when an INSERT does not say: exactly one of these. */
export type ColumnValue =
  | { readonly kind: 'none' }
  | { readonly kind: 'default'; readonly expression: Expression }
  | { readonly kind: 'generated'; readonly expression: Expression; readonly storage: 'stored' | 'virtual' }
  | {
      readonly kind: 'identity';
      readonly generation: 'always' | 'byDefault';
      readonly sequence: SequenceOptions;
      /** Name of the sequence behind it, where known. */
      readonly sequenceName?: string;
    }
  /** postgres: a default of nextval() of a sequence that the column owns. */
  | { readonly kind: 'serial'; readonly sequence: SequenceOptions; readonly sequenceName?: string };

export interface Column extends Base<'column'> {
  /** The type as the engine prints it; the empty string for a SQLite column without one. */
  readonly type: string;
  readonly nullable: boolean;
  /**
   * sqlite, set by models: whether the column says NOT NULL is left to the tool. drizzle-kit 0.x writes it to a primary
   * key and 1.0 does not, for one and the same model.
   */
  readonly nullabilityOpen?: boolean;
  readonly value: ColumnValue;
  /** The collation where it is not the engine's (sqlite: BINARY) or the type's (postgres) default. */
  readonly collation: string | null;
  /** Place in the table, from 1. Never drift: neither engine can change it without a rebuild. */
  readonly position: number;
  /** sqlite: ON CONFLICT of the NOT NULL constraint. */
  readonly notNullOnConflict?: ConflictAction | null;
  /** postgres 18: a name that was given to the NOT NULL constraint, its NO INHERIT and NOT VALID. */
  readonly notNullOptions?: string;
  /** postgres 18: COMMENT ON the NOT NULL constraint. */
  readonly notNullComment?: string | null;
  /** postgres: COMMENT ON the sequence behind a serial or identity column. */
  readonly sequenceComment?: string | null;
  /** postgres: privileges on that sequence. */
  readonly sequenceGrants?: readonly string[];
  /** postgres: STORAGE where it is not the type's default. */
  readonly storageMode?: string | null;
  /** postgres: compression method. */
  readonly compression?: string | null;
  /** postgres: SET STATISTICS. */
  readonly statisticsTarget?: number | null;
  /** postgres: attribute options, `n_distinct` and `n_distinct_inherited`. */
  readonly options?: Readonly<Record<string, string>>;
  /** postgres: column privileges, sorted. */
  readonly grants?: readonly string[];
}

/** sqlite: what happens on a violation; null stands for ABORT, the default. */
export type ConflictAction = 'rollback' | 'fail' | 'ignore' | 'replace';

/** When a constraint is looked at. */
export type Deferral = 'immediate' | 'deferrable' | 'deferred';

/** What is indexed at one place of an index. */
export interface IndexPart {
  readonly on: { readonly column: string } | { readonly expression: Expression };
  readonly order: 'asc' | 'desc';
  /** postgres; left out for methods that have no order. */
  readonly nulls?: 'first' | 'last';
  /** Collation where it is not the column's own. */
  readonly collation: string | null;
  /** postgres: operator class with its parameters, where it is not the default of the type. */
  readonly opclass?: string | null;
}

/** postgres: what can be said of the index that a constraint stands on. */
interface ConstraintIndex {
  /** Storage parameters. */
  readonly storage?: Readonly<Record<string, string>>;
  readonly tablespace?: string | null;
  /** The table is clustered on this index. */
  readonly clustered?: boolean;
  /** COMMENT ON INDEX, beside the one on the constraint. */
  readonly indexComment?: string | null;
}

/** postgres: a constraint that the server watches over by triggers of its own. */
interface Watched {
  /** Those triggers that do not fire as usual, as `state on table`, sorted: ALTER TABLE … DISABLE TRIGGER ALL. */
  readonly ownTriggers?: readonly string[];
}

export interface PrimaryKey extends Base<'primaryKey'>, ConstraintIndex, Watched {
  readonly columns: readonly string[];
  /** sqlite: AUTOINCREMENT. */
  readonly autoincrement?: boolean;
  /** sqlite: columns sorted descending in the key. */
  readonly descending?: readonly string[];
  /** sqlite: per-column collations that are not the column's own, `column COLLATE name`. */
  readonly collations?: readonly string[];
  /** sqlite */
  readonly onConflict?: ConflictAction | null;
  /** postgres */
  readonly deferral?: Deferral;
  /** postgres: INCLUDE. */
  readonly include?: readonly string[];
  /** postgres 18: WITHOUT OVERLAPS. */
  readonly withoutOverlaps?: boolean;
}

export interface Unique extends Base<'unique'>, ConstraintIndex, Watched {
  readonly columns: readonly string[];
  /** sqlite: columns sorted descending in the constraint. */
  readonly descending?: readonly string[];
  /** sqlite: per-column collations that are not the column's own, `column COLLATE name`. */
  readonly collations?: readonly string[];
  /** sqlite */
  readonly onConflict?: ConflictAction | null;
  /** sqlite: false where an index stands in its place that lets equal values in. */
  readonly unique?: boolean;
  /** sqlite: the predicate of an index that stands in its place. */
  readonly where?: Expression | null;
  /** postgres: NULLS NOT DISTINCT. */
  readonly nullsNotDistinct?: boolean;
  /** postgres */
  readonly deferral?: Deferral;
  /** postgres: INCLUDE. */
  readonly include?: readonly string[];
  /** postgres 18: WITHOUT OVERLAPS. */
  readonly withoutOverlaps?: boolean;
}

export type ReferentialAction = 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default';

export interface ForeignKey extends Base<'foreignKey'>, Watched {
  readonly columns: readonly string[];
  readonly references: {
    readonly namespace: string;
    readonly table: string;
    readonly columns: readonly string[];
  };
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
  /** postgres 15: the columns that SET NULL or SET DEFAULT on delete is limited to. */
  readonly onDeleteColumns?: readonly string[];
  readonly match: 'simple' | 'full' | 'partial';
  readonly deferral: Deferral;
  /** postgres: false for NOT VALID. */
  readonly validated?: boolean;
  /** postgres 18: false for NOT ENFORCED. */
  readonly enforced?: boolean;
  /** postgres 18: PERIOD, on the last column of both sides. */
  readonly period?: boolean;
}

export interface Check extends Base<'check'> {
  readonly expression: Expression;
  /** sqlite: ON CONFLICT, which SQLite parses and ignores for CHECK. */
  readonly onConflict?: ConflictAction | null;
  /** sqlite: the column in whose definition it is written, whatever it names: DROP COLUMN takes it along. */
  readonly writtenAt?: string;
  /** postgres: false for NOT VALID. */
  readonly validated?: boolean;
  /** postgres: NO INHERIT. */
  readonly noInherit?: boolean;
  /** postgres 18: false for NOT ENFORCED. */
  readonly enforced?: boolean;
}

/** postgres */
export interface Exclusion extends Base<'exclusion'>, Watched {
  readonly definition: Expression;
}

export interface Index extends Base<'index'> {
  readonly unique: boolean;
  readonly parts: readonly IndexPart[];
  /** The predicate of a partial index. */
  readonly where: Expression | null;
  /** postgres: access method. */
  readonly method?: string;
  /** postgres: INCLUDE. */
  readonly include?: readonly string[];
  /** postgres: storage parameters. */
  readonly storage?: Readonly<Record<string, string>>;
  /** postgres: NULLS NOT DISTINCT. */
  readonly nullsNotDistinct?: boolean;
  /** postgres: false where a CREATE INDEX CONCURRENTLY failed half way. */
  readonly valid?: boolean;
  /** postgres */
  readonly tablespace?: string | null;
  /** postgres: CREATE INDEX ON ONLY a partitioned table. */
  readonly only?: boolean;
  /** postgres: the table is clustered on this index. */
  readonly clustered?: boolean;
  /** postgres: SET STATISTICS of its columns, by their places from 1. */
  readonly columnStatistics?: Readonly<Record<string, string>>;
}

/** postgres */
export interface Enum extends Base<'enum'> {
  readonly values: readonly string[];
  readonly owner?: string | null;
  readonly grants?: readonly string[];
}

/** postgres: a sequence that no column owns. */
export interface Sequence extends Base<'sequence'> {
  readonly type: string;
  readonly options: SequenceOptions;
  readonly unlogged?: boolean;
  readonly ownedBy?: string | null;
  readonly owner?: string | null;
  readonly grants?: readonly string[];
}

/** postgres: what is said of the columns of a view apart from its query, by their names. */
interface ViewColumns {
  readonly columnComments?: Readonly<Record<string, string>>;
  /** Privileges on single columns, as `column grantee=privileges`, sorted. */
  readonly columnGrants?: readonly string[];
}

export interface View extends Base<'view'>, ViewColumns {
  readonly definition: Expression;
  /** The view's own column names where they are declared apart from the query. */
  readonly columns?: readonly string[];
  /** postgres: security_barrier, security_invoker, check_option. */
  readonly options?: Readonly<Record<string, string>>;
  /** postgres: what an INSERT into the view gets where it does not say. */
  readonly columnDefaults?: Readonly<Record<string, Expression>>;
  readonly owner?: string | null;
  readonly grants?: readonly string[];
}

/** postgres */
export interface MaterializedView extends Base<'materializedView'>, ViewColumns {
  readonly definition: Expression;
  readonly options?: Readonly<Record<string, string>>;
  readonly accessMethod?: string | null;
  readonly tablespace?: string | null;
  readonly populated?: boolean;
  /** What ALTER COLUMN set, by column, as clauses with `; ` between them: `SET STATISTICS 500; SET STORAGE main`. */
  readonly columnSettings?: Readonly<Record<string, string>>;
  readonly owner?: string | null;
  readonly grants?: readonly string[];
}

/** postgres */
export interface Policy extends Base<'policy'> {
  readonly as: 'permissive' | 'restrictive';
  readonly for: 'all' | 'select' | 'insert' | 'update' | 'delete';
  readonly to: readonly string[];
  readonly using: Expression | null;
  readonly withCheck: Expression | null;
}

/** postgres */
export interface Role extends Base<'role'> {
  readonly createDb: boolean;
  readonly createRole: boolean;
  readonly inherit: boolean;
}

/** postgres */
export interface Namespace extends Base<'schema'> {
  readonly owner?: string | null;
  readonly grants?: readonly string[];
}

export interface Trigger extends Base<'trigger'> {
  readonly definition: Expression;
  /** postgres: true for the trigger of a partition that it has from its parent, and that is enabled otherwise than there. */
  readonly inherited?: boolean;
  /** postgres: origin, disabled, replica or always. */
  readonly enabled?: 'origin' | 'disabled' | 'replica' | 'always';
}

/** sqlite: a virtual table with its shadow tables, as one object. */
export interface VirtualTable extends Base<'virtualTable'> {
  readonly module: string;
  readonly arguments: readonly string[];
  /** Names of the tables that the module keeps its data in. */
  readonly shadowTables: readonly string[];
}

/** An object that Drizzle has no word for and that is held against what the migrations made, as a whole. */
interface OpaqueOf<K extends OpaqueKind> extends Base<K> {
  readonly definition: Expression;
  /** postgres: an owner that is not the usual one. */
  readonly owner?: string | null;
  /** postgres: privileges that are not the usual ones. */
  readonly grants?: readonly string[];
  /** postgres: COMMENT ON what has no object of its own, by name: attributes of composite types, constraints of domains. */
  readonly partComments?: Readonly<Record<string, string>>;
  /** postgres, foreign tables: privileges on single columns, as `column grantee=privileges`, sorted. */
  readonly columnGrants?: readonly string[];
}

/** An object of any of these kinds. */
export type Opaque = { [K in OpaqueKind]: OpaqueOf<K> }[OpaqueKind];

export type CatalogObject =
  | Table
  | Column
  | PrimaryKey
  | Unique
  | ForeignKey
  | Check
  | Exclusion
  | Index
  | Enum
  | Sequence
  | View
  | MaterializedView
  | Policy
  | Role
  | Namespace
  | Trigger
  | VirtualTable
  | Opaque;

export type ObjectKind = CatalogObject['kind'];

/** The catalogue type of a kind. */
export type ObjectOf<K extends ObjectKind> = Extract<CatalogObject, { readonly kind: K }>;
