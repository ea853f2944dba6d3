/**
 * A story: models, migrations, which of them a database has, and what somebody did to it by hand. It is played on a
 * real SQLite file or PostgreSQL server and told by the stages of `drift check`.
 */
import Database from 'better-sqlite3';
import path from 'node:path';
import type { DialectName } from '../../src/catalog/schema.ts';
import { postgres } from '../../src/dialects/postgres/postgres.ts';
import { sqlite } from '../../src/dialects/sqlite/sqlite.ts';
import type { AppliedRow, Limits, Scope, Session } from '../../src/dialects/dialect.ts';
import type { Drift } from '../../src/diff/drift.ts';
import { createExplainedDrift } from '../../src/diff/explain.ts';
import { readMigrationsFolder } from '../../src/project/migrations/folder.ts';
import { matchApplied, nameRow } from '../../src/project/migrations/state.ts';
import { splitForReplay } from '../../src/project/migrations/statements.ts';
import { detectDrift } from '../../src/stages/detect.ts';
import { replayMigrations, type ReplayOptions } from '../../src/stages/recorded.ts';
import { createReport } from '../../src/report/report.ts';
import { createDatabase } from '../support/postgres-servers.ts';
import { datedFolder, journalFolder, makeDirectory, type ShortMigration } from '../migrations/folders.ts';

export interface Story {
  /** Exports of a model file. */
  readonly models: Readonly<Record<string, unknown>>;
  /** What lies in the folder now; null for no folder. */
  readonly migrations: readonly ShortMigration[] | null;
  readonly layout?: 'journal' | 'dated';
  /** What was applied, where it is not all of `migrations`: tags, or texts as they were then. */
  readonly applied?: readonly (string | ShortMigration)[];
  /** `v1`: the table has names; null: no rows are written at all. */
  readonly rows?: 'v0' | 'v1' | null;
  readonly byHand?: string;
  readonly offline?: boolean;
}

export interface Told {
  readonly status: string;
  readonly drifts: readonly Drift[];
  /** Each drift in short: `column.create users.email unapplied 0001_b`. */
  readonly lines: readonly string[];
  readonly messages: readonly string[];
  readonly pending: readonly string[];
  readonly unknown: readonly string[];
  readonly edited: readonly string[];
  readonly outOfOrder: readonly string[];
  readonly unmanaged: readonly string[];
  readonly failures: readonly string[];
  readonly evidence: readonly string[];
}

const limits: Limits = { command: 60_000, connect: 10_000, statement: 30_000, lock: 5_000 };
export const scope: Scope = {
  tables: undefined,
  schemas: undefined,
  extensions: undefined,
  migrationsTable: { schema: 'drizzle', table: '__drizzle_migrations' },
};

export const replayOptions: ReplayOptions = {
  dialect: sqlite,
  scope,
  limits,
  scratch: {},
  like: null,
  cacheDirectory: null,
  version: 'test',
};

/** A story on a SQLite file. */
export async function tell(story: Story): Promise<Told> {
  const file = path.join(makeDirectory(), 'story.db');
  const database = new Database(file);
  const rows = await play(story, 'sqlite', (sql) => {
    database.exec(sql);
    return Promise.resolve();
  });
  database.close();
  const session = await sqlite.connect({ driver: 'better-sqlite3', file }, limits);
  try {
    return await compare(story, session, rows, replayOptions);
  } finally {
    await session.close();
  }
}

/** A story on a PostgreSQL server; the migrations are replayed in a scratch database on the same server. */
export async function tellPostgres(story: Story, major: number): Promise<Told> {
  const database = await createDatabase(major);
  try {
    const rows = await play(story, 'postgres', async (sql) => {
      await database.run(sql);
    });
    const session = await postgres.connect({ driver: 'pg', url: database.url }, limits);
    try {
      const options = {
        ...replayOptions,
        dialect: postgres,
        scratch: { createDatabase: true },
        like: session,
      };
      return await compare(story, session, rows, options);
    } finally {
      await session.close();
    }
  } finally {
    await database.drop();
  }
}

async function compare(
  story: Story,
  session: Session,
  rows: readonly AppliedRow[] | null,
  options: ReplayOptions,
): Promise<Told> {
  const { dialect } = options;
  const folder = await readStoryFolder(story, story.migrations, dialect.name);
  const reading = dialect.readModels([{ file: '/models.ts', exports: story.models }], { casing: undefined });
  const offline = story.offline ?? false;
  const state = folder && !offline ? matchApplied(folder, rows) : null;
  const recorded = folder && (await replayMigrations(folder, state, options));
  const actual = offline ? null : await session.introspect(scope);
  const detected = await detectDrift(dialect, { desired: reading.schema, actual, recorded }, session);
  const drifts = detected.changes.map((explained) => createExplainedDrift(explained, { offline }));
  const migrations = state && {
    folder: 'drizzle',
    applied: state.applied.length,
    pending: state.pending.map(({ tag }) => tag),
    unknown: state.unknown.map(nameRow),
    edited: state.edited.map(({ migration }) => migration.tag),
    outOfOrder: state.outOfOrder.map(({ tag }) => tag),
  };
  const { undetermined } = detected;
  const report = createReport({ dialect: dialect.name, target: 'story', drifts, migrations, undetermined });
  return {
    status: report.status,
    drifts: report.drifts,
    lines: report.drifts.map(summarise),
    messages: report.drifts.map(({ message }) => message),
    pending: report.migrations.pending,
    unknown: report.migrations.unknown,
    edited: report.migrations.edited,
    outOfOrder: report.migrations.outOfOrder,
    unmanaged: detected.unmanaged.map(({ kind, address }) => `${kind} ${address.name}`),
    failures: (recorded?.failures ?? []).map(({ tag, line, reason }) => `${tag}:${String(line)} ${reason}`),
    evidence: detected.pending.map(
      ({ migration, present, missing }) => `${migration} +${String(present)} -${String(missing)}`,
    ),
  };
}

function summarise(drift: Drift): string {
  const { kind, address, fields, cause, migration, expectedBy } = drift;
  const place = address.table === undefined ? address.name : `${address.table}.${address.name}`;
  const values = fields.map(
    ({ field, database, expected }) => `${field} ${String(database)}→${String(expected)}`,
  );
  return [
    kind,
    place,
    ...values,
    cause,
    ...(migration === undefined ? [] : [migration]),
    ...(expectedBy === 'migrations' ? ['(migrations)'] : []),
    ...(drift.observed === 'migrations' ? ['(done)'] : []),
  ].join(' ');
}

async function readStoryFolder(
  story: Story,
  migrations: readonly ShortMigration[] | null,
  dialect: DialectName,
) {
  if (migrations === null) return null;
  const kitDialect = dialect === 'postgres' ? 'postgresql' : 'sqlite';
  const files = story.layout === 'dated' ? datedFolder(migrations) : journalFolder(migrations, kitDialect);
  return readMigrationsFolder(makeDirectory(files), dialect);
}

/** Builds the database: runs what was applied, then what was done by hand. Returns the rows of what was applied. */
async function play(
  story: Story,
  dialect: DialectName,
  run: (sql: string) => Promise<void>,
): Promise<readonly AppliedRow[] | null> {
  const history = (story.applied ?? story.migrations ?? []).map((one): ShortMigration => {
    if (typeof one !== 'string') return one;
    const known = story.migrations?.find(([tag]) => tag === one);
    if (!known) throw new Error(`there is no migration ${one}`);
    return known;
  });
  for (const [, sql] of history) {
    for (const statement of splitForReplay({ sql }, dialect)) await run(statement.text);
  }
  if (story.byHand !== undefined) await run(story.byHand);
  if (story.rows === null) return null;
  // Times are those of the folder, so that a migration keeps its own wherever it stands in the history.
  const now = await readStoryFolder(story, story.migrations, dialect);
  const then = await readStoryFolder(story, history, dialect);
  return (then?.migrations ?? []).map((migration, id) => ({
    id,
    hash: migration.hash,
    createdAt: now?.migrations.find(({ tag }) => tag === migration.tag)?.when ?? migration.when,
    name: story.rows === 'v1' ? migration.tag : null,
  }));
}
