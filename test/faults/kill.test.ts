/**
 * kill -9 at every step of a run and between them. `DRIFT_KILLS=200` for the long version. What is proved does not
 * depend on when exactly the signal arrives: the database is wholly before or wholly after, and the next run finishes.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { journalFolder } from '../migrations/folders.ts';
import { makeProject, type TestProject } from '../migrate/project.ts';
import { bundleDrift, removeBundle, startDrift } from './process.ts';

const kills = Number(process.env['DRIFT_KILLS'] ?? 20);
const rows = 40_000;

beforeAll(bundleDrift);
afterAll(removeBundle);

const folder = journalFolder([
  [
    '0000_init',
    `CREATE TABLE parents (id integer PRIMARY KEY, name text, filler text);
     CREATE TABLE children (id integer PRIMARY KEY, parent_id integer REFERENCES parents (id) ON DELETE CASCADE);`,
  ],
  [
    '0001_rebuild',
    `PRAGMA foreign_keys=OFF;--> statement-breakpoint
     CREATE TABLE __new_parents (id integer PRIMARY KEY, name text NOT NULL, filler text);--> statement-breakpoint
     INSERT INTO __new_parents (id, name, filler) SELECT id, name, filler FROM parents;--> statement-breakpoint
     DROP TABLE parents;--> statement-breakpoint
     ALTER TABLE __new_parents RENAME TO parents;--> statement-breakpoint
     CREATE UNIQUE INDEX parents_name ON parents (name);`,
  ],
]);

/** Everything that counts, in one value. */
interface State {
  readonly integrity: unknown;
  readonly parents: unknown;
  readonly children: unknown;
  readonly tables: readonly string[];
  readonly notNull: unknown;
  readonly applied: unknown;
}

function readState(file: string): State {
  const db = new Database(file);
  const one = (sql: string): unknown => db.prepare(sql).pluck().get();
  try {
    return {
      integrity: db.pragma('integrity_check', { simple: true }),
      parents: one("SELECT count(*) || '/' || sum(length(filler)) FROM parents"),
      children: one('SELECT count(*) FROM children'),
      tables: db
        .prepare("SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite%' ORDER BY name")
        .pluck()
        .all() as string[],
      notNull: one("SELECT \"notnull\" FROM pragma_table_info('parents') WHERE name = 'name'"),
      applied: one('SELECT count(*) FROM __drizzle_migrations'),
    };
  } finally {
    db.close();
  }
}

const content = { integrity: 'ok', parents: `${String(rows)}/${String(rows * 100)}`, children: 1000 };
const before: State = {
  ...content,
  tables: ['__drizzle_migrations', 'children', 'parents'],
  notNull: 0,
  applied: 1,
};
const after: State = {
  ...content,
  tables: ['__drizzle_migrations', 'children', 'parents', 'parents_name'],
  notNull: 1,
  applied: 2,
};

async function prepare(mode: string): Promise<TestProject> {
  const project = makeProject(folder);
  await project.drift('migrate', '--no-check', '--to', '0000_init');
  project.database((db) => {
    db.pragma(`journal_mode = ${mode}`);
    db.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${String(rows)})
      INSERT INTO parents SELECT i, 'name ' || i, hex(zeroblob(50)) FROM n;
      INSERT INTO children SELECT id, id FROM parents WHERE id <= 1000;`);
  });
  return project;
}

const words = ['migrate', '--no-check', '--no-preflight', '--log', 'log.jsonl'];

/** How many lines a run that is let alone writes into its log. */
async function countSteps(project: TestProject): Promise<number> {
  const { code, stderr } = await startDrift(words, project.directory).ended;
  expect([code, stderr]).toEqual([0, '']);
  return countLines(project);
}

function countLines(project: TestProject): number {
  const log = path.join(project.directory, 'log.jsonl');
  return existsSync(log) ? readFileSync(log, 'utf8').split('\n').length - 1 : 0;
}

/** Kills a run when its log has so many lines, and a little later. */
async function killAt(project: TestProject, lines: number, later: number): Promise<void> {
  rmSync(path.join(project.directory, 'log.jsonl'), { force: true });
  const run = startDrift(words, project.directory);
  while (countLines(project) < lines && run.process.exitCode === null) await sleep(1);
  await sleep(later);
  run.process.kill('SIGKILL');
  await run.ended;
}

function putBack(project: TestProject, content: Buffer): void {
  for (const suffix of ['-wal', '-shm', '-journal']) rmSync(project.file + suffix, { force: true });
  writeFileSync(project.file, content);
}

describe.each(['WAL', 'DELETE'])('killed with journal_mode %s', (mode) => {
  it(
    `is wholly before or wholly after at ${String(kills)} moments, and the next run finishes`,
    async () => {
      const steps = await countSteps(await prepare(mode));
      const project = await prepare(mode);
      const fresh = project.database((db) => db.serialize());
      const seen = new Set<number>();
      for (let round = 0; round < kills; round++) {
        putBack(project, fresh);
        // Every step in turn, and moments after its beginning that no two rounds share.
        await killAt(project, 1 + (round % steps), (round * 7) % 23);
        const state = readState(project.file);
        expect([before, after]).toContainEqual(state);
        seen.add(state.applied as number);
        const next = await startDrift(words, project.directory).ended;
        expect(next).toMatchObject({ code: 0, stderr: '' });
        expect(readState(project.file)).toEqual(after);
      }
      expect(seen).toContain(1);
    },
    kills * 20_000,
  );
});

describe('killed while it restores', () => {
  it('is wholly the backup or wholly what was there', async () => {
    const project = await prepare('DELETE');
    const done = await startDrift([...words, '--backup', 'kept.db'], project.directory).ended;
    expect(done).toMatchObject({ code: 0, stderr: '' });
    for (let round = 0; round < Math.max(6, kills / 4); round++) {
      const run = startDrift(['migrate', '--restore', 'kept.db', '--log', 'log.jsonl'], project.directory);
      await sleep(150 + ((round * 31) % 200));
      run.process.kill('SIGKILL');
      await run.ended;
      expect([before, after]).toContainEqual(readState(project.file));
    }
    expect(await startDrift(['migrate', '--restore', 'kept.db'], project.directory).ended).toMatchObject({
      code: 0,
    });
    expect(readState(project.file)).toEqual(before);
  }, 120_000);
});
