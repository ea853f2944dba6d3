/** What the team has written down: the migrations, replayed on a scratch database. */
import type { Schema } from '../catalog/schema.ts';
import type { Dialect, Limits, Scope, Scratch, ScratchOptions, Session } from '../dialects/dialect.ts';
import type { Migration, MigrationsFolder } from '../project/migrations/migration.ts';
import type { AppliedState } from '../project/migrations/state.ts';
import {
  isTransactionBound,
  mayChangeSchema,
  splitAtSemicolons,
  splitForReplay,
} from '../project/migrations/statements.ts';
import { keyOf, openReplayCache, type ReplayCache } from './recorded-cache.ts';
import { MakerLog, type Makers } from './recorded-makers.ts';

/** A statement of a migration that the scratch database refused. */
export interface ReplayFailure {
  readonly tag: string;
  /** Absolute. */
  readonly file: string;
  /** Where the statement begins in the file, from 1. */
  readonly line: number;
  readonly statement: string;
  /** The engine's own words. */
  readonly reason: string;
  /** False where the statement can only have changed rows, so that the schema is known all the same. */
  readonly matters: boolean;
  /** True where the scratch database lacks what the user's may well have, or lacked it for an earlier statement. */
  readonly lacking: boolean;
}

/** What the migrations make, at the two points that matter. */
export interface Recorded {
  /** How many migrations there are. Where there are none, what they make is no witness of anything. */
  readonly count: number;
  /** What the applied migrations make. */
  readonly applied: Schema;
  /** What all of them make: the same schema where none is pending. */
  readonly all: Schema;
  readonly failures: readonly ReplayFailure[];
  /** False where a migration could not be replayed or its file is gone: then the schemas lack something. */
  readonly complete: boolean;
  /** Which pending migration last changed what. */
  readonly pendingMakers: Makers;
  /** Which applied migration whose file was edited since says what. */
  readonly editedMakers: Makers;
  /** `objectKey`s of what the migrations stand on and do not make: see {@link Scratch.supplied}. */
  readonly supplied: readonly string[];
  /** False where all of it was known from an earlier run, and no scratch database was opened. */
  readonly replayed: boolean;
}

export interface ReplayOptions {
  readonly dialect: Dialect;
  readonly scope: Scope;
  readonly limits: Limits;
  readonly scratch: Pick<ScratchOptions, 'url' | 'createDatabase'>;
  /** The database that is checked; null offline. */
  readonly like: Session | null;
  /** See `findCacheDirectory`; null keeps nothing. */
  readonly cacheDirectory: string | null;
  /** Version of drift: another one may read a database otherwise. */
  readonly version: string;
}

/** The migrations in the order in which they are replayed, and what is asked about them. */
interface Sequence {
  readonly applied: readonly Migration[];
  readonly pending: readonly Migration[];
  readonly edited: ReadonlySet<Migration>;
}

/**
 * Replays the folder: first what is applied, in the order in which it was, then what is pending. Without a state (there
 * is no database to ask) all of it counts as applied. A statement that fails is reported, and the rest still runs.
 */
export async function replayMigrations(
  folder: MigrationsFolder,
  state: AppliedState | null,
  options: ReplayOptions,
): Promise<Recorded> {
  const sequence = orderMigrations(folder, state);
  const cache = openReplayCache(options.cacheDirectory);
  const isWhole = !folder.problems.some((problem) => problem.code === 'missing-file');
  const known = await readKnown(cache, sequence, options);
  const count = allOf(sequence).length;
  if (known) return { ...known, count, complete: isWhole, failures: [], replayed: false };
  const fresh = await replay(sequence, options);
  // A failure may be the scratch database's fault (an extension it lacks), which can be put right: it is not kept.
  if (fresh.failures.length === 0) await keep(cache, sequence, options, fresh);
  const complete = isWhole && !fresh.failures.some((failure) => failure.matters);
  return { ...fresh, failures: spreadLack(fresh.failures), count, complete, replayed: true };
}

/** Once something was lacking, what fails afterwards may fail for want of what it would have made. */
function spreadLack(failures: readonly ReplayFailure[]): readonly ReplayFailure[] {
  const first = failures.findIndex((failure) => failure.lacking);
  return first === -1 ? failures : failures.map((one, at) => (at < first ? one : { ...one, lacking: true }));
}

/** The schema that the migrations make up to and with one of them, in the folder's order. */
export async function replayUpTo(
  folder: MigrationsFolder,
  last: Migration,
  options: ReplayOptions,
): Promise<Pick<Recorded, 'failures' | 'complete'> & { readonly schema: Schema }> {
  const migrations = folder.migrations.slice(0, folder.migrations.indexOf(last) + 1);
  const { all, failures, complete } = await replayMigrations({ ...folder, migrations }, null, options);
  return { schema: all, failures, complete };
}

function orderMigrations(folder: MigrationsFolder, state: AppliedState | null): Sequence {
  if (state === null) return { applied: folder.migrations, pending: [], edited: new Set() };
  return {
    applied: state.applied.map((one) => one.migration),
    pending: state.pending,
    edited: new Set(state.edited.map((one) => one.migration)),
  };
}

async function replay(
  sequence: Sequence,
  options: ReplayOptions,
): Promise<Omit<Recorded, 'count' | 'complete' | 'replayed'>> {
  const scratch = await options.dialect.openScratch(
    {
      ...options.scratch,
      like: options.like,
      texts: allOf(sequence).map(({ sql }) => sql),
      cache: options.cacheDirectory,
    },
    options.limits,
  );
  try {
    const failures: ReplayFailure[] = [];
    const edited = new MakerLog();
    const pending = new MakerLog();
    for (const migration of sequence.applied) {
      const watch = sequence.edited.has(migration);
      const before = watch ? await scratch.introspect(options.scope) : null;
      failures.push(...(await runMigration(scratch, migration, options.dialect)));
      if (before) edited.note(migration.tag, before, await scratch.introspect(options.scope));
    }
    const applied = await scratch.introspect(options.scope);
    let all = applied;
    for (const migration of sequence.pending) {
      failures.push(...(await runMigration(scratch, migration, options.dialect)));
      const after = await scratch.introspect(options.scope);
      pending.note(migration.tag, all, after);
      all = after;
    }
    return {
      applied,
      all,
      failures,
      pendingMakers: pending.makers,
      editedMakers: edited.makers,
      supplied: scratch.supplied?.() ?? [],
    };
  } finally {
    await scratch.close();
  }
}

async function runMigration(
  scratch: Scratch,
  migration: Migration,
  dialect: Dialect,
): Promise<readonly ReplayFailure[]> {
  let statements = splitForReplay(migration, dialect.name);
  const failures: ReplayFailure[] = [];
  for (;;) {
    const failure = await scratch.run(statements.map((statement) => statement.text));
    const statement = failure && statements[failure.index];
    if (!failure || !statement) return failures;
    const rest = statements.slice(failure.index + 1);
    // Of a text with several statements those that can run still should.
    const parts = splitAtSemicolons(statement);
    if (parts.length > 1) {
      statements = [...parts.filter(({ text }) => !isTransactionBound(text)), ...rest];
      continue;
    }
    failures.push({
      tag: migration.tag,
      file: migration.file,
      line: statement.line,
      statement: statement.text,
      reason: failure.reason,
      matters: mayChangeSchema(statement.text),
      lacking: failure.lacking ?? false,
    });
    statements = rest;
  }
}

type Kept = Pick<Recorded, 'applied' | 'all' | 'pendingMakers' | 'editedMakers' | 'supplied'>;

async function readKnown(
  cache: ReplayCache,
  sequence: Sequence,
  options: ReplayOptions,
): Promise<Kept | null> {
  const applied = await readSchema(cache, sequence.applied, options);
  if (!applied) return null;
  const all = sequence.pending.length === 0 ? applied : await readSchema(cache, allOf(sequence), options);
  const makers = await cache.read(keyOfMakers(sequence, options));
  return all && isMakersEntry(makers) ? { applied, all, ...makers } : null;
}

async function keep(
  cache: ReplayCache,
  sequence: Sequence,
  options: ReplayOptions,
  { applied, all, pendingMakers, editedMakers, supplied }: Kept,
): Promise<void> {
  await cache.write(keyOfSchema(sequence.applied, options), applied);
  if (sequence.pending.length > 0) await cache.write(keyOfSchema(allOf(sequence), options), all);
  await cache.write(keyOfMakers(sequence, options), { pendingMakers, editedMakers, supplied });
}

function allOf(sequence: Sequence): readonly Migration[] {
  return [...sequence.applied, ...sequence.pending];
}

async function readSchema(
  cache: ReplayCache,
  migrations: readonly Migration[],
  options: ReplayOptions,
): Promise<Schema | null> {
  const value = await cache.read(keyOfSchema(migrations, options));
  return isSchema(value) && value.dialect === options.dialect.name ? value : null;
}

/** Everything that the schema depends on: the texts in their order, who replays them, and what of it is looked at. */
function keyOfSchema(migrations: readonly Migration[], options: ReplayOptions): string {
  const { dialect, like, scratch, scope, version } = options;
  const engine = [dialect.name, like?.engine ?? null, scratch.url ?? null, scratch.createDatabase ?? false];
  return keyOf(['schema', version, engine, scope, migrations.map((migration) => migration.hash)]);
}

function keyOfMakers(sequence: Sequence, options: ReplayOptions): string {
  const tags = (migrations: readonly Migration[]): readonly string[] => migrations.map(({ tag }) => tag);
  const edited = sequence.applied.filter((migration) => sequence.edited.has(migration));
  const { applied, pending } = sequence;
  return keyOf([
    'makers',
    keyOfSchema(applied, options),
    keyOfSchema(pending, options),
    tags(pending),
    tags(edited),
  ]);
}

function isSchema(value: unknown): value is Schema {
  return isRecord(value) && typeof value['dialect'] === 'string' && Array.isArray(value['objects']);
}

function isMakersEntry(
  value: unknown,
): value is Pick<Recorded, 'pendingMakers' | 'editedMakers' | 'supplied'> {
  if (!isRecord(value) || !Array.isArray(value['supplied'])) return false;
  return isMakers(value['pendingMakers']) && isMakers(value['editedMakers']);
}

function isMakers(value: unknown): value is Makers {
  return isRecord(value) && isRecord(value['objects']) && isRecord(value['places']);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
