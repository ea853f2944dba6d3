/**
 * What drift needs of a database engine. A dialect is a language; the transport to one is a driver and lies inside
 * the dialect. Nothing outside `dialects/` knows which engine it talks to.
 */
import type { Address } from '../catalog/address.ts';
import type { CatalogObject } from '../catalog/objects.ts';
import type { Located, DialectName, Schema } from '../catalog/schema.ts';
import type { Change } from '../diff/changes.ts';
import type { BeyondModels } from '../diff/expected.ts';
import type { Hazard } from '../plan/hazards.ts';
import type { Migrator, MigratorOptions, Restored } from './migrator.ts';

export interface Dialect {
  readonly name: DialectName;
  /** What Drizzle's models of this dialect cannot say. */
  readonly beyondModels: BeyondModels;
  /** True of what hosts are known to put into every database of theirs; it is listed where nobody else names it. */
  isOfHost?(object: CatalogObject): boolean;

  /**
   * Turns the exports of the model files into catalogue objects.
   * @throws DriftError MODELS_EMPTY, MODELS_DUPLICATE, MODEL_INVALID
   */
  readModels(modules: readonly ModelModule[], options: ModelOptions): ModelReading;

  /**
   * Whether an object lies within what of a database is looked at, by its address: what `introspect` leaves out of a
   * database has to be left out of the models too.
   */
  createScopeFilter(scope: Scope): (object: Located) => boolean;

  /**
   * Opens the database, to read only. The session must be closed by the caller in `finally`.
   * @throws DriftError where the database cannot be reached or is not one
   */
  connect(target: DatabaseTarget, limits: Limits): Promise<Session>;

  /** Requires the package that connections are mostly made with, as a file `base` would; throws where it is not there. */
  requireDriver(base: string): unknown;

  /**
   * Brings two schemas to comparable form: equal meaning, equal canonical form. `referee` is an open database that
   * may be asked where tokens alone cannot tell; null where there is none.
   */
  normalise(pair: SchemaPair, referee: Session | null): Promise<NormalisedPair>;

  /**
   * Opens an empty scratch database of the same engine, nowhere near the user's data: SQLite in memory; PostgreSQL at
   * the configured scratch URL, in a scratch database on the same server where that was allowed, else PGlite.
   * Closing it leaves nothing behind.
   */
  openScratch(options: ScratchOptions, limits: Limits): Promise<Scratch>;

  /** The risks of the change that would bring the database to what is expected. */
  assessChange(change: Change): readonly Hazard[];

  /**
   * The risks that are left where these statements, of pending migrations in their order, make the change. Left out by a
   * dialect whose linter tells.
   */
  assessPending?(change: Change, statements: readonly string[]): readonly Hazard[];

  /**
   * SQL statements that build the schema in an empty database, in an order that works.
   * Each is one statement without its final semicolon.
   */
  renderSchema(schema: Schema): readonly string[];

  /**
   * Opens the database to run migrations on; a database that is not there is made where the engine can. Left out by a
   * dialect that cannot.
   * @throws DriftError where the database cannot be opened or written to
   */
  openMigrator?(target: DatabaseTarget, options: MigratorOptions): Promise<Migrator>;

  /**
   * Takes a database back to a backup that `Migrator.backup` made: wholly or not at all, while others have it open.
   * What is there before is kept beside it, under its name with `keepSuffix`.
   * @throws DriftError RESTORE_FAILED, MIGRATE_LOCKED
   */
  restore?(
    target: DatabaseTarget,
    files: { readonly backup: string; readonly keepSuffix: string },
    options: MigratorOptions,
  ): Promise<Restored>;
}

/** One loaded model file. */
export interface ModelModule {
  /** Path of the TypeScript file, absolute. */
  readonly file: string;
  readonly exports: Readonly<Record<string, unknown>>;
}

export interface ModelOptions {
  readonly casing: 'snake_case' | 'camelCase' | undefined;
  /** `entities.roles` of the Drizzle config; only PostgreSQL has roles. */
  readonly roles?:
    | boolean
    | {
        readonly provider?: string;
        readonly include?: readonly string[];
        readonly exclude?: readonly string[];
      };
}

/** What the models say, and where they say it. */
export interface ModelReading {
  readonly schema: Schema;
  /**
   * By `objectKey`. An object that has no entry was not written by hand at a place that can be named. Put together when
   * first asked for: a check that finds nothing needs none of it.
   */
  readonly origins: ReadonlyMap<string, Origin>;
  /**
   * What the models declare with `.existing()`: views, and in PostgreSQL schemas, roles and materialized views, that
   * somebody else looks after. They are not in `schema`, and are no drift where the database has them.
   */
  readonly existing: readonly Address[];
}

/** Which export, and which part of it, an object comes from; the project turns it into a line of a file. */
export interface Origin {
  /** Path of the model file that exports it, absolute. */
  readonly file: string;
  readonly exportName: string;
  /** The database's name of the exported table, view, enum … */
  readonly name: string;
  readonly part?:
    | { readonly is: 'column'; readonly key: string }
    /** Made by a call in a column's own chain: `.references()`, `.unique()`, `.primaryKey()`. */
    | { readonly is: 'columnCall'; readonly key: string; readonly call: string }
    /** The n-th member (from 0) of the table's third argument. */
    | { readonly is: 'extra'; readonly ordinal: number; readonly name?: string };
}

/** Where a database is. */
export type DatabaseTarget =
  | { readonly driver: 'better-sqlite3'; readonly file: string }
  | { readonly driver: 'pg'; readonly url?: string; readonly options?: Readonly<Record<string, unknown>> }
  | { readonly driver: 'pglite'; readonly folder: string | null };

/** Deadlines in milliseconds. */
export interface Limits {
  /** For the whole command. */
  readonly command: number;
  readonly connect: number;
  readonly statement: number;
  /** For somebody else's lock. Grows less as the time of the command goes by: it is to be read when the waiting begins. */
  readonly lock: number;
}

/** What of a database is looked at. Globs as in drizzle-kit's config. */
export interface Scope {
  readonly tables: readonly string[] | undefined;
  readonly schemas: readonly string[] | undefined;
  readonly extensions: readonly string[] | undefined;
  /** `entities.roles` of the Drizzle config; absent or false: roles are nobody's business. */
  readonly roles?: ModelOptions['roles'];
  /**
   * `literal`: owners and grants are part of the schema as they are, since nothing but a text has made them; otherwise
   * only where they depart from what is usual in the same database.
   */
  readonly privileges?: 'literal';
  /** Drizzle's own table of applied migrations, which is not the user's. */
  readonly migrationsTable: { readonly schema: string; readonly table: string };
}

/** An open database. */
export interface Session {
  /** What reports call it; never with a password. */
  readonly label: string;
  /** The engine with its major version, as in `PostgreSQL 16`: what one prints another may print otherwise. */
  readonly engine?: string;
  /** Reads the whole schema in one snapshot, in a fixed number of round trips. */
  introspect(scope: Scope): Promise<Schema>;
  /** Rows of Drizzle's own table of applied migrations in the order they were applied; null where there is none. */
  readAppliedMigrations(scope: Scope): Promise<readonly AppliedRow[] | null>;
  close(): Promise<void>;
}

/** A row of `__drizzle_migrations`. */
export interface AppliedRow {
  readonly id: number | null;
  /** SHA-256 of the migration's file, hex. */
  readonly hash: string;
  /** The journal's `when`, milliseconds since 1970. */
  readonly createdAt: number;
  /** Name of the migration's folder; only Drizzle 1.0 writes it. */
  readonly name: string | null;
  /** When it was applied, milliseconds since 1970; only Drizzle 1.0 writes it. */
  readonly appliedAt?: number;
}

export interface ScratchOptions {
  /** The database that the scratch one shall resemble: server major, extensions. Null without one. */
  readonly like: Session | null;
  readonly url?: string;
  readonly createDatabase?: boolean;
  /** What it will be given to run: the extensions that they need are made ready, besides those of `like`. */
  readonly texts?: readonly string[];
  /** Folder for what is worth keeping between runs, such as PGlite's initialised data directory; null for none. */
  readonly cache: string | null;
}

/** A database to try things in. */
export interface Scratch extends Session {
  /**
   * Runs the statements of one migration in order and reports the first that fails; what ran before stays.
   * Each text may hold several statements.
   */
  run(statements: readonly string[]): Promise<ScratchFailure | null>;
  /**
   * `objectKey`s of what was taken over from the database that this one resembles, since a text could not run without it.
   * `introspect` leaves it out. Absent where nothing ever is.
   */
  readonly supplied?: () => readonly string[];
}

export interface ScratchFailure {
  /** Which statement failed, from 0. */
  readonly index: number;
  /** The engine's own words. */
  readonly reason: string;
  readonly cause: unknown;
  /** True where it is the scratch database that lacks something the user's may well have: an extension, a role. */
  readonly lacking?: boolean;
}

export interface SchemaPair {
  readonly database: Schema;
  readonly expected: Schema;
  /**
   * True where both are schemas of databases: then nothing is left open that models leave to the engine or to the tool
   * that writes the migrations.
   */
  readonly exact?: boolean;
  /**
   * True where what comes out is held against nothing but its other half. Where both say all in the same words, it may
   * then stay as it is.
   */
  readonly alone?: boolean;
}

/** A comparison that nobody could decide, for want of an engine to ask. */
export interface Undetermined extends Located {
  readonly field: string;
  readonly database: string;
  readonly expected: string;
  readonly reason: string;
}

export interface NormalisedPair extends SchemaPair {
  readonly undetermined: readonly Undetermined[];
}
