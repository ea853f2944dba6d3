/**
 * What running migrations needs of a database engine; loaded only by the commands that change a database. A dialect
 * that cannot do it yet has none, and the commands say so.
 */
import type { Address } from '../catalog/address.ts';
import type { Schema } from '../catalog/schema.ts';
import type { AppliedRow, Scope } from './dialect.ts';

export interface MigratorOptions {
  readonly scope: Scope;
  /** Nothing will be applied: a database that is not there is not made, and none is opened for writing. */
  readonly dryRun: boolean;
  /** How the rows of applied migrations are written: as drizzle-orm 0.x does (`journal`) or as 1.0 does (`dated`). */
  readonly rows: 'journal' | 'dated';
  /** Milliseconds to wait for somebody else's lock; less as the time of the command goes by. */
  readonly lock: number;
  /** Who holds the lock, for others who wait for it. */
  readonly holder: LockHolder;
  /** Milliseconds from some fixed moment on, for measuring. */
  readonly now: () => number;
  /** The time that rows of drizzle-orm 1.0 carry. */
  readonly clock: () => Date;
  readonly onEvent: (event: MigrationEvent) => void;
}

/** A process that holds a lock. */
export interface LockHolder {
  readonly pid: number;
  /** Its command line; null where the system does not tell. */
  readonly command: string | null;
}

/** One migration, whoever wrote it. */
export interface MigrationScript {
  readonly tag: string;
  /** Path for messages. */
  readonly file: string;
  readonly sql: string;
  /** SHA-256 (hex) of the text, as Drizzle computes it. */
  readonly hash: string;
  /** Milliseconds since 1970; NaN where the name of its folder has no time. */
  readonly when: number;
}

/** A database that migrations can be run on. It must be closed in `finally`. */
export interface Migrator {
  /** What reports call it; never with a password. */
  readonly label: string;

  /** Rows of Drizzle's own table in the order in which they were written; null where there is none. */
  readApplied(): Promise<readonly AppliedRow[] | null>;

  /**
   * Looks at the texts alone, before anything is run.
   * @throws DriftError MIGRATION_SYNTAX, MIGRATION_TRANSACTION, MIGRATION_NOT_TRANSACTIONAL, MIGRATION_LEAVES_FILE
   */
  inspect(migrations: readonly MigrationScript[]): readonly InspectedMigration[];

  /** What of the data would break the migrations, or be broken by them. Changes nothing. */
  preflight(migrations: readonly MigrationScript[], options: PreflightOptions): Promise<Preflight>;

  /**
   * Runs one migration in one transaction with its row in it. `decide` is asked under the lock, with the rows that are
   * there then: another process may have been faster.
   * @throws DriftError MIGRATE_LOCKED, MIGRATION_FAILED, MIGRATION_ORPHANS, DATABASE_READ_ONLY, DATABASE_FULL
   */
  apply(migration: MigrationScript, guards: ApplyGuards): Promise<'applied' | 'skipped'>;

  /**
   * Runs the way back from a migration in one transaction, and takes its row out in it. `decide` is asked under the
   * lock, as in `apply`.
   * @throws DriftError as `apply`
   */
  revert(migration: MigrationScript, row: AppliedRow, guards: ApplyGuards): Promise<'reverted' | 'skipped'>;

  /**
   * Copies the whole database into a file that is not there yet, and compares the copy with it.
   * @throws DriftError BACKUP_FAILED
   */
  backup(file: string): Promise<Backup>;

  close(): Promise<void>;
}

export interface ApplyGuards {
  /** Whether the migration is still to be run, by the rows that are there under the lock. */
  readonly decide: (rows: readonly AppliedRow[] | null) => boolean;
  /** Is run under the lock before the first statement. */
  readonly before?: () => Promise<void>;
  /** What the migrations say that are applied, by the rows that are there under the lock; null where it is of no use. */
  readonly known?: (rows: readonly AppliedRow[] | null) => Promise<KnownSchema | null>;
  /** Whether what was made by hand may go where it cannot be kept. */
  readonly allowsLoss?: boolean;
}

/** What the applied migrations make: whatever else is in the database was made by hand. */
export interface KnownSchema {
  readonly schema: Schema;
  /** Names in small letters that count as known, since a migration that mentions them could not be replayed. */
  readonly mentioned: ReadonlySet<string>;
}

/** A database that was taken back to a backup of it. */
export interface Restored {
  /** What reports call the database. */
  readonly target: string;
  /** The backup, absolute. */
  readonly from: string;
  readonly tables: number;
  readonly rows: number;
  /** Where what was there before is kept; null where there was nothing. */
  readonly previous: Backup | null;
}

export interface Backup {
  /** Absolute. */
  readonly file: string;
  readonly bytes: number;
  readonly tables: number;
  readonly rows: number;
}

export interface InspectedMigration {
  readonly tag: string;
  readonly statements: number;
  /** False where it consists of statements that an engine refuses inside a transaction. */
  readonly transaction: boolean;
  /** Whether it drops a table, and perhaps makes it anew. */
  readonly dropsTables: boolean;
}

export interface PreflightOptions {
  /** See {@link ApplyGuards.known}; left out, nothing is known to be made by hand. */
  readonly known?: KnownSchema | null;
  /**
   * Whether the migrations are run on a throw-away copy first; `auto` does so where the database is small enough
   * and there is room for the copy.
   */
  readonly rehearse: 'auto' | 'always' | 'never';
}

export interface Preflight {
  readonly findings: readonly Finding[];
  /** Whether the migrations were run on a throw-away copy with all its rows, on one without rows, or not at all. */
  readonly rehearsed: 'with rows' | 'without rows' | 'no';
  /**
   * Bytes that the migrations need at most besides what the database has; 0 where no table is copied. Measured for a dry
   * run, and where there is not room for a copy of everything.
   */
  readonly space: number;
  /** A rough guess in seconds, from the size of what is copied, at most. */
  readonly seconds: number;
}

export type FindingCode =
  | 'null-values'
  | 'no-value'
  | 'duplicates'
  | 'orphans'
  | 'check-violations'
  | 'lossy-cast'
  | 'rows-dropped'
  | 'hand-made'
  | 'disk-space'
  | 'fails';

/** Something that the data or the machine has against a migration. */
export interface Finding {
  readonly code: FindingCode;
  /**
   * `error`: the migration would fail, or values would change without a word; nothing should be run. `warning`: it
   * may, or it is worth knowing.
   */
  readonly severity: 'error' | 'warning';
  readonly address: Address;
  /** How many rows; 0 where it is not about rows. */
  readonly count: number;
  /** What identifies some of the rows, as in `id=7`. */
  readonly samples: readonly string[];
  /** One sentence. */
  readonly message: string;
  /** What to do, one sentence or flag. */
  readonly answer: string;
  /** The value of `--allow` that lets it pass; null where nothing does. */
  readonly allow: string | null;
}

/** What happens while migrations run, for progress and for the log. */
export type MigrationEvent =
  | { readonly type: 'waiting'; readonly holder: LockHolder | null; readonly milliseconds: number }
  | { readonly type: 'migration'; readonly tag: string; readonly statements: number }
  | {
      readonly type: 'statement';
      readonly tag: string;
      /** From 1. */
      readonly number: number;
      readonly line: number;
      /** Its first words. */
      readonly statement: string;
    }
  | { readonly type: 'copying'; readonly tag: string; readonly progress: CopyProgress }
  | {
      readonly type: 'statement-done';
      readonly tag: string;
      readonly number: number;
      readonly milliseconds: number;
    }
  /** What went with its table and was put back: what was made by hand, and AUTOINCREMENT sequences. */
  | { readonly type: 'kept'; readonly tag: string; readonly objects: readonly string[] }
  | { readonly type: 'foreign-keys'; readonly tag: string; readonly milliseconds: number }
  | { readonly type: 'committed'; readonly tag: string; readonly milliseconds: number }
  | { readonly type: 'reverted'; readonly tag: string; readonly milliseconds: number }
  | { readonly type: 'skipped'; readonly tag: string }
  | { readonly type: 'rolled-back'; readonly tag: string; readonly reason: string }
  | { readonly type: 'backing-up'; readonly file: string; readonly pages: number; readonly of: number }
  | ({ readonly type: 'backup' } & Backup)
  | { readonly type: 'rehearsing'; readonly what: string };

export interface CopyProgress {
  readonly table: string;
  readonly rows: number;
  readonly of: number;
  readonly rowsPerSecond: number;
  readonly secondsLeft: number;
}
