/**
 * A story: models, migrations, which of them a database has, and what somebody did to it by hand. It is played on a
 * real SQLite file and told by the stages of `drift check`.
 */
import Database from 'better-sqlite3';
import path from 'node:path';
import { sqlite } from '../../src/dialects/sqlite/sqlite.ts';
import type { AppliedRow, Limits, Scope } from '../../src/dialects/dialect.ts';
import type { Drift } from '../../src/diff/drift.ts';
import { createExplainedDrift } from '../../src/diff/explain.ts';
import { readMigrationsFolder } from '../../src/project/migrations/folder.ts';
import { matchApplied, nameRow } from '../../src/project/migrations/state.ts';
import { detectDrift } from '../../src/stages/detect.ts';
import { replayMigrations, type ReplayOptions } from '../../src/stages/recorded.ts';
import { createReport } from '../../src/report/report.ts';
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

export async function tell(story: Story): Promise<Told> {
  const folder = await readStoryFolder(story, story.migrations);
  const { session, rows } = await play(story);
  try {
    const reading = sqlite.readModels([{ file: '/models.ts', exports: story.models }], { casing: undefined });
    const offline = story.offline ?? false;
    const state = folder && !offline ? matchApplied(folder, rows) : null;
    const recorded = folder && (await replayMigrations(folder, state, replayOptions));
    const actual = offline ? null : await session.introspect(scope);
    const detected = await detectDrift(sqlite, { desired: reading.schema, actual, recorded }, session);
    const drifts = detected.changes.map((explained) => createExplainedDrift(explained, { offline }));
    const migrations = state && {
      folder: 'drizzle',
      applied: state.applied.length,
      pending: state.pending.map(({ tag }) => tag),
      unknown: state.unknown.map(nameRow),
      edited: state.edited.map(({ migration }) => migration.tag),
      outOfOrder: state.outOfOrder.map(({ tag }) => tag),
    };
    const report = createReport({ dialect: 'sqlite', target: 'story', drifts, migrations });
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
  } finally {
    await session.close();
  }
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

async function readStoryFolder(story: Story, migrations: readonly ShortMigration[] | null) {
  if (migrations === null) return null;
  const files = story.layout === 'dated' ? datedFolder(migrations) : journalFolder(migrations);
  return readMigrationsFolder(makeDirectory(files), 'sqlite');
}

/** Builds the database: applies what was applied, writes its rows, then does what was done by hand. */
async function play(story: Story) {
  const file = path.join(makeDirectory(), 'story.db');
  const database = new Database(file);
  const history = (story.applied ?? story.migrations ?? []).map((one): ShortMigration => {
    if (typeof one !== 'string') return one;
    const known = story.migrations?.find(([tag]) => tag === one);
    if (!known) throw new Error(`there is no migration ${one}`);
    return known;
  });
  for (const [, sql] of history) database.exec(sql);
  if (story.byHand !== undefined) database.exec(story.byHand);
  // Times are those of the folder, so that a migration keeps its own wherever it stands in the history.
  const now = await readStoryFolder(story, story.migrations);
  const then = await readStoryFolder(story, history);
  const rows = (then?.migrations ?? []).map((migration, id): AppliedRow => ({
    id,
    hash: migration.hash,
    createdAt: now?.migrations.find(({ tag }) => tag === migration.tag)?.when ?? migration.when,
    name: story.rows === 'v1' ? migration.tag : null,
  }));
  database.close();
  return {
    session: await sqlite.connect({ driver: 'better-sqlite3', file }, limits),
    rows: story.rows === null ? null : rows,
  };
}
