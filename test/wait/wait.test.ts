/** `drift wait` against a real file: a clock that only the pauses move, and things that happen in the pauses. */
import Database from 'better-sqlite3';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate as applyMigrations } from 'drizzle-orm/better-sqlite3/migrator';
import { describe, expect, it } from 'vitest';
import { runWait, type WaitRequest, type WaitResult } from '../../src/stages/wait.ts';
import { journalFolder } from '../migrations/folders.ts';
import { holdLock } from '../support/lock-holder.ts';
import { drift, makeDatabase, makeFolder } from '../diff/sides.ts';

const models = `import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
export const users = sqliteTable('users', { id: integer().primaryKey(), name: text() });
`;
const first = 'CREATE TABLE `users` (`id` integer PRIMARY KEY NOT NULL);';
const second = 'ALTER TABLE `users` ADD `name` text;';

function makeProject(config: object = {}): string {
  const files = journalFolder([
    ['0000_users', first],
    ['0001_name', second],
  ]);
  return makeFolder({
    'drizzle.config.json': JSON.stringify({
      dialect: 'sqlite',
      schema: './schema.ts',
      out: './drizzle',
      dbCredentials: { url: './data/app.db' },
      ...config,
    }),
    'schema.ts': models,
    ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`drizzle/${name}`, text])),
  });
}

interface Waited {
  readonly result: WaitResult;
  readonly reasons: readonly string[];
  readonly pauses: readonly number[];
}

/** Waits; `during` is called in each pause, with its number from 1. */
async function wait(
  folder: string,
  during: (pause: number) => void | Promise<void> = () => undefined,
  request: Partial<WaitRequest> = {},
): Promise<Waited> {
  const reasons: string[] = [];
  const pauses: number[] = [];
  let time = 0;
  const result = await runWait({
    cwd: folder,
    env: { XDG_CACHE_HOME: path.join(folder, '.cache') },
    goal: 'schema',
    timeout: 60_000,
    interval: 1000,
    now: () => time,
    sleep: async (milliseconds) => {
      time += milliseconds;
      pauses.push(milliseconds);
      await during(pauses.length);
    },
    random: () => 1,
    onWaiting: (reason) => reasons.push(reason.replaceAll(folder, '')),
    ...request,
  });
  return { result, reasons, pauses };
}

/** What another process does meanwhile: drizzle-orm's own migrator. */
function migrate(folder: string): void {
  const database = new Database(path.join(folder, 'data/app.db'));
  try {
    applyMigrations(drizzle(database), { migrationsFolder: path.join(folder, 'drizzle') });
  } finally {
    database.close();
  }
}

describe('drift wait', () => {
  it('returns as soon as somebody has made the database and migrated it', async () => {
    const folder = makeProject();
    const { result, reasons } = await wait(folder, (pause) => {
      if (pause === 2) mkdirSync(path.join(folder, 'data'));
      if (pause === 3) makeDatabase(folder, 'data/app.db', '');
      if (pause === 5) migrate(folder);
    });
    expect(result).toMatchObject({ status: 'up-to-date', goal: 'schema' });
    expect(reasons.at(0)).toContain('There is no database file');
    expect(reasons.at(-1)).toContain('2 pending');
  });

  it('does not pause where all is in order', async () => {
    const folder = makeProject();
    makeDatabaseOf(folder);
    const { result, pauses } = await wait(folder);
    expect([result.status, pauses]).toEqual(['up-to-date', []]);
  });

  it('looks seldom after a while, within the interval, and never past the deadline', async () => {
    const folder = makeProject();
    makeDatabase(makeData(folder), 'data/app.db', first);
    const { pauses } = await wait(folder, undefined, { timeout: 5000 });
    expect(pauses).toEqual([100, 200, 400, 800, 1000, 1000, 1000, 500]);
    const hasty = await wait(folder, undefined, { timeout: 1000, random: () => 0 });
    expect(hasty.pauses.slice(0, 3)).toEqual([50, 100, 200]);
  });

  it('ends at the deadline with what it was at last: not up to date', async () => {
    const folder = makeProject();
    makeDatabase(makeData(folder), 'data/app.db', '');
    const { result } = await wait(folder, undefined, { timeout: 300 });
    expect(result).toMatchObject({ status: 'not-up-to-date' });
    expect(result.reason).toContain('2 pending');
  });

  it('looks once more at the deadline', async () => {
    const folder = makeProject();
    makeDatabase(makeData(folder), 'data/app.db', '');
    const { result } = await wait(
      folder,
      (pause) => {
        if (pause === 2) migrate(folder);
      },
      { timeout: 300 },
    );
    expect(result.status).toBe('up-to-date');
  });

  it('could not tell where no look has ever succeeded, and says why', async () => {
    const folder = makeProject();
    await expect(wait(folder, undefined, { timeout: 300 })).rejects.toMatchObject({
      code: 'WAIT_GAVE_UP',
      message: expect.stringMatching(/^Gave up after 0\.3 s\. DATABASE_FILE_MISSING: /) as string,
    });
  });

  it('keeps what it found where the database goes away again', async () => {
    const folder = makeProject();
    makeDatabase(makeData(folder), 'data/app.db', '');
    const { result, reasons } = await wait(
      folder,
      () => {
        rmSync(path.join(folder, 'data'), { recursive: true, force: true });
      },
      { timeout: 500 },
    );
    expect(result.status).toBe('not-up-to-date');
    expect(reasons.at(-1)).toContain('There is no database file');
  });

  it('waits for a lock to be let go', async () => {
    const folder = makeProject();
    makeDatabaseOf(folder);
    const holder = new Database(path.join(folder, 'data/app.db'));
    holder.exec('BEGIN EXCLUSIVE');
    writeFileSync(path.join(folder, 'drift.config.json'), JSON.stringify({ timeouts: { lock: 0.05 } }));
    const { result, reasons } = await wait(folder, (pause) => {
      if (pause === 2) holder.close();
    });
    expect(result.status).toBe('up-to-date');
    expect(reasons[0]).toContain('is locked');
  });

  it('waits for no lock longer than its deadline, and then names who holds it', async () => {
    const folder = makeProject();
    makeDatabaseOf(folder);
    const pid = await holdLock(path.join(folder, 'data/app.db'), 'EXCLUSIVE');
    let time = 0;
    const waiting = wait(folder, undefined, {
      timeout: 3000,
      // Whoever asks for the time has waited.
      now: () => (time += 500),
      sleep: (milliseconds) => Promise.resolve(void (time += milliseconds)),
    });
    await expect(waiting).rejects.toMatchObject({
      code: 'WAIT_GAVE_UP',
      message: expect.stringContaining(`is locked by process ${String(pid)} (`) as string,
    });
  });

  it('names what never ends where no look came to an end', async () => {
    const folder = makeProject();
    makeDatabaseOf(folder);
    writeFileSync(path.join(folder, 'schema.ts'), `await new Promise(() => undefined);\n${models}`);
    let time = 0;
    const waiting = wait(folder, undefined, { timeout: 300, now: () => (time += 40) });
    await expect(waiting).rejects.toMatchObject({
      code: 'TIMEOUT',
      message: 'Not finished within 0.3 s; it stopped while loading the models.',
    });
  });

  it('is content with the migrations where it is told so', async () => {
    const folder = makeProject();
    makeDatabaseOf(folder, 'create index by_hand on users (name)');
    expect((await wait(folder, undefined, { goal: 'migrations' })).result.status).toBe('up-to-date');
    const { result } = await wait(folder, undefined, { timeout: 200 });
    expect(result.status).toBe('not-up-to-date');
    expect(result.reason).toContain('1 difference');
  });

  it.each([
    [{ dialect: 'sqlte' }, 'CONFIG_INVALID'],
    [{ dbCredentials: {} }, 'DATABASE_NOT_CONFIGURED'],
    [{ dbCredentials: { url: ':memory:' } }, 'DATABASE_IN_MEMORY'],
    [{ dbCredentials: { url: 'mysql://db/shop' } }, 'DATABASE_URL_FOREIGN'],
    [{ dialect: 'turso', dbCredentials: { url: 'libsql://x.turso.io' } }, 'DRIVER_UNSUPPORTED'],
    [
      { dialect: 'postgresql', dbCredentials: { url: 'postgres://app@db:99999/shop' } },
      'DATABASE_URL_INVALID',
    ],
  ])('fails at once where waiting mends nothing: %j', async (config, code) => {
    let pauses = 0;
    const waiting = wait(makeProject(config), () => {
      pauses++;
    });
    await expect(waiting).rejects.toMatchObject({ code });
    expect(pauses).toBe(0);
  });

  it('does not take a missing folder for no pending migration', async () => {
    const folder = makeProject({ out: './drizle' });
    makeDatabaseOf(folder);
    const waiting = wait(folder, undefined, { goal: 'migrations' });
    await expect(waiting).rejects.toMatchObject({ code: 'MIGRATE_FOLDER_MISSING' });
  });
});

describe('the command', () => {
  it('prints the result, in JSON where asked', async () => {
    const folder = makeProject();
    makeDatabaseOf(folder);
    const { code, stdout } = await drift(folder, 'wait --format json --for migrations');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ formatVersion: 1, status: 'up-to-date', for: 'migrations' });
    const human = await drift(folder, 'wait --timeout 5 --interval 0.5');
    expect(human).toMatchObject({ code: 0, stderr: '' });
    expect(human.stdout.replace(/\s+/g, ' ')).toContain('is as the models say');
  });

  it('refuses what it does not know', async () => {
    for (const [line, code] of [
      ['wait --for migration', 'Did you mean --for migrations?'],
      ['wait --interval 0', 'CLI_INVALID_VALUE'],
      ['wait now', 'CLI_EXTRA_ARGUMENT'],
    ] as const) {
      const refused = await drift(makeFolder(), line);
      expect(refused.code).toBe(2);
      expect(refused.stderr).toContain(code);
    }
    const failed = await drift(makeFolder(), 'wait --format json');
    expect(JSON.parse(failed.stdout)).toMatchObject({
      status: 'undetermined',
      error: { code: 'CONFIG_NOT_FOUND' },
    });
  });
});

function makeData(folder: string): string {
  mkdirSync(path.join(folder, 'data'), { recursive: true });
  return folder;
}

/** A database that is up to date, and what was done to it by hand. */
function makeDatabaseOf(folder: string, more = ''): void {
  makeDatabase(makeData(folder), 'data/app.db', '');
  migrate(folder);
  makeDatabase(folder, 'data/app.db', more);
}
