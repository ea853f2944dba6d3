import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Limits } from '../../src/dialects/dialect.ts';
import { DriftError } from '../../src/errors.ts';
import { sqlite } from '../../src/dialects/sqlite/sqlite.ts';
import { wholeDatabase } from './support/databases.ts';

const limits: Limits = { command: 10_000, connect: 5_000, statement: 5_000, lock: 100 };
const driver = createRequire(import.meta.url).resolve('better-sqlite3');

let folder: string;
let file: string;
let child: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drift-faults-'));
  file = join(folder, 'app.db');
});

afterEach(() => {
  child?.kill('SIGKILL');
  child = undefined;
  chmodSync(folder, 0o755);
  rmSync(folder, { recursive: true, force: true });
});

/** Every file of the folder with what must not change: content and time. */
function lookAtFolder(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    readdirSync(folder).map((name) => {
      const path = join(folder, name);
      const { mtimeNs, size } = statSync(path, { bigint: true });
      const hash = createHash('sha256').update(readFileSync(path)).digest('hex');
      return [name, [hash, size, mtimeNs].join(' ')];
    }),
  );
}

async function readNames(target: string, given: Limits = limits): Promise<readonly string[]> {
  const session = await sqlite.connect({ driver: 'better-sqlite3', file: target }, given);
  try {
    const { objects } = await session.introspect(wholeDatabase);
    return objects.filter(({ kind }) => kind === 'table').map(({ address }) => address.name);
  } finally {
    await session.close();
  }
}

async function readApplied(target: string) {
  const session = await sqlite.connect({ driver: 'better-sqlite3', file: target }, limits);
  try {
    return await session.readAppliedMigrations(wholeDatabase);
  } finally {
    await session.close();
  }
}

async function failure(work: Promise<unknown>): Promise<DriftError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DriftError)) throw new Error(`Not refused as expected: ${String(error)}`);
  return error;
}

function create(mode: 'wal' | 'delete', ...statements: readonly string[]): void {
  const database = new Database(file);
  database.pragma(`journal_mode = ${mode}`);
  for (const statement of statements) database.exec(statement);
  database.close();
}

/** Runs a script with an open `database` in another process until it says it is ready; it stays alive. */
async function runElsewhere(script: string): Promise<number> {
  const code = `const Database = require(${JSON.stringify(driver)});
    const database = new Database(${JSON.stringify(file)});
    ${script}
    process.stdout.write('ready'); setInterval(() => {}, 1000);`;
  const started = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  child = started;
  await new Promise<void>((done, fail) => {
    started.stdout.once('data', () => done());
    started.once('exit', () => fail(new Error('The other process ended.')));
  });
  return started.pid ?? 0;
}

const migrationsTable =
  'CREATE TABLE __drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric)';

describe('nothing is changed', () => {
  test.each(['delete', 'wal'] as const)('a database at rest, journal mode %s', async (mode) => {
    create(mode, 'CREATE TABLE a (x)', 'CREATE TABLE b (y)');
    const before = lookAtFolder();
    expect(await readNames(file)).toEqual(['a', 'b']);
    expect(await readApplied(file)).toBeNull();
    expect(lookAtFolder()).toEqual(before);
    expect(Object.keys(before)).toEqual(['app.db']);
  });

  test.each(['delete', 'wal'] as const)(
    'a database that another process has open, journal mode %s',
    async (mode) => {
      create(mode, 'CREATE TABLE a (x)');
      await runElsewhere('database.exec("CREATE TABLE b (y)"); database.exec("INSERT INTO b VALUES (1)");');
      const before = lookAtFolder();
      expect(await readNames(file)).toEqual(['a', 'b']);
      expect(lookAtFolder()).toEqual(before);
      expect(Object.keys(before)).toHaveLength(mode === 'wal' ? 3 : 1);
    },
  );

  test('a log that a killed process left behind counts, and stays', async () => {
    create('wal', 'CREATE TABLE a (x)');
    await runElsewhere('database.exec("CREATE TABLE b (y)"); database.exec("DROP TABLE a");');
    child?.kill('SIGKILL');
    rmSync(`${file}-shm`, { force: true });
    const before = lookAtFolder();
    expect(before).toHaveProperty('app.db-wal');
    expect(await readNames(file)).toEqual(['b']);
    expect(lookAtFolder()).toEqual(before);
  });

  test('what a log holds of an uncommitted transaction does not count', async () => {
    create('wal', 'CREATE TABLE a (x)');
    await runElsewhere(
      `database.pragma('cache_size = 1'); database.exec("BEGIN; CREATE TABLE b (y)");
       database.exec("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO b SELECT hex(randomblob(100)) FROM n");`,
    );
    expect(statSync(`${file}-wal`).size).toBeGreaterThan(100_000);
    expect(await readNames(file)).toEqual(['a']);
  });

  test('a torn last frame of a log does not count', async () => {
    create('wal', 'CREATE TABLE a (x)');
    await runElsewhere('database.exec("CREATE TABLE b (y)"); database.exec("CREATE TABLE c (z)");');
    child?.kill('SIGKILL');
    const log = readFileSync(`${file}-wal`);
    log.writeUInt8(log.readUInt8(log.length - 1) ^ 0xff, log.length - 1);
    writeFileSync(`${file}-wal`, log);
    expect(await readNames(file)).toEqual(['a', 'b']);
  });

  test('a journal that a killed process left behind is rolled back in a copy', async () => {
    create('delete', 'CREATE TABLE a (x)');
    await runElsewhere(
      `database.pragma('cache_size = 1'); database.exec("BEGIN; CREATE TABLE b (y)");
       database.exec("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO b SELECT hex(randomblob(100)) FROM n");`,
    );
    const dead = join(folder, 'dead.db');
    copyFileSync(file, dead);
    copyFileSync(`${file}-journal`, `${dead}-journal`);
    child?.kill('SIGKILL');
    const before = lookAtFolder();
    expect(await readNames(dead)).toEqual(['a']);
    expect(lookAtFolder()).toEqual(before);
  });

  test('a large schema with long texts, in the file and in the log', async () => {
    const loop = (from: number, to: number): string =>
      `for (let i = ${String(from)}; i < ${String(to)}; i++) database.exec(\`CREATE TABLE t\${i} (x text DEFAULT '\${'y'.repeat(i * 40)}')\`);`;
    create('wal');
    await runElsewhere(loop(0, 150));
    child?.kill('SIGKILL');
    await runElsewhere(`database.pragma('wal_checkpoint(TRUNCATE)'); ${loop(150, 300)}`);
    const before = lookAtFolder();
    expect(await readNames(file)).toHaveLength(300);
    expect(lookAtFolder()).toEqual(before);
  });

  test.each([512, 65536])('pages of %i bytes', async (size) => {
    const database = new Database(file);
    database.pragma(`page_size = ${String(size)}`);
    database.pragma('journal_mode = wal');
    for (let index = 0; index < 50; index++)
      database.exec(`CREATE TABLE t${String(index)} (x text CHECK (x <> '${'z'.repeat(900)}'))`);
    database.close();
    expect(await readNames(file)).toHaveLength(50);
  });

  test('migrations applied are read from the file and from its log', async () => {
    create('wal', migrationsTable, "INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('one', 1)");
    await runElsewhere(
      `database.exec("INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('two', 2)");`,
    );
    const before = lookAtFolder();
    expect(await readApplied(file)).toEqual([
      { id: null, hash: 'one', createdAt: 1, name: null },
      { id: null, hash: 'two', createdAt: 2, name: null },
    ]);
    expect(lookAtFolder()).toEqual(before);
  });

  test.each(['delete', 'wal'] as const)(
    'schema and applied migrations are of one moment, journal mode %s',
    async (mode) => {
      create(mode, migrationsTable, "INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('a', 1)");
      const session = await sqlite.connect({ driver: 'better-sqlite3', file }, limits);
      await session.introspect(wholeDatabase);
      const writer = new Database(file);
      writer.exec("INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('b', 2)");
      writer.close();
      const hashes = async () =>
        (await session.readAppliedMigrations(wholeDatabase))?.map(({ hash }) => hash);
      expect(await hashes()).toEqual(['a']);
      expect(await hashes()).toEqual(['a', 'b']);
      await session.close();
    },
  );

  test('migrations applied by Drizzle 1.0 have a name', async () => {
    create(
      'delete',
      'CREATE TABLE __drizzle_migrations (id INTEGER PRIMARY KEY, hash text NOT NULL, created_at numeric, name text, applied_at TEXT)',
      "INSERT INTO __drizzle_migrations VALUES (1, 'h', 1700000000000, '20240101000000_first', 'now')",
    );
    expect(await readApplied(file)).toEqual([
      { id: 1, hash: 'h', createdAt: 1_700_000_000_000, name: '20240101000000_first' },
    ]);
  });
});

/** Does the work as a user who owns nothing: root may write anywhere. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

describe('a file and a folder that may only be read', () => {
  test.each(['delete', 'wal'] as const)('journal mode %s', async (mode) => {
    create(mode, 'CREATE TABLE a (x)');
    chmodSync(file, 0o444);
    chmodSync(folder, 0o555);
    const before = lookAtFolder();
    expect(await asNobody(() => readNames(file))).toEqual(['a']);
    expect(lookAtFolder()).toEqual(before);
  });

  test('a log without its -shm file', async () => {
    create('wal', 'CREATE TABLE a (x)');
    await runElsewhere('database.exec("CREATE TABLE b (y)");');
    child?.kill('SIGKILL');
    rmSync(`${file}-shm`);
    for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o444);
    chmodSync(folder, 0o555);
    const before = lookAtFolder();
    expect(await asNobody(() => readNames(file))).toEqual(['a', 'b']);
    expect(lookAtFolder()).toEqual(before);
  });
});

describe('a database that cannot be read is an error with a code', () => {
  test('no file: none is made', async () => {
    const error = await failure(readNames(file));
    expect(error.code).toBe('DATABASE_FILE_MISSING');
    expect(error.message).toContain(file);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('no folder', async () => {
    expect((await failure(readNames(join(folder, 'no', 'app.db')))).code).toBe('DATABASE_FILE_MISSING');
  });

  test('a folder', async () => {
    expect((await failure(readNames(folder))).code).toBe('DATABASE_NOT_A_FILE');
  });

  test('another kind of file', async () => {
    writeFileSync(file, 'This is no database, but a text that is long enough to be one. '.repeat(40));
    expect((await failure(readNames(file))).code).toBe('DATABASE_NOT_SQLITE');
  });

  test.each(['delete', 'wal'] as const)('a damaged file, journal mode %s', async (mode) => {
    create(mode, ...Array.from({ length: 100 }, (_, index) => `CREATE TABLE t${String(index)} (x)`));
    const bytes = readFileSync(file);
    bytes.fill(0xee, 100, 4096);
    writeFileSync(file, bytes);
    expect((await failure(readNames(file))).code).toBe('DATABASE_CORRUPT');
  });

  test.each(['delete', 'wal'] as const)('a file cut short, journal mode %s', async (mode) => {
    create(mode, ...Array.from({ length: 200 }, (_, index) => `CREATE TABLE t${String(index)} (x)`));
    truncateSync(file, 4096);
    expect((await failure(readNames(file))).code).toBe('DATABASE_CORRUPT');
  });

  test('a schema that SQLite refuses', async () => {
    create('delete', 'CREATE TABLE a (x)');
    const database = new Database(file);
    database.unsafeMode(true).pragma('writable_schema = ON');
    database.exec("INSERT INTO sqlite_schema VALUES ('index', 'i', 'gone', 9, 'CREATE INDEX i ON gone (x)')");
    database.close();
    const error = await failure(readNames(file));
    expect(error.code).toBe('DATABASE_CORRUPT');
    expect(error.message).toContain('malformed database schema (i)');
  });

  test('no permission', async () => {
    create('delete', 'CREATE TABLE a (x)');
    chmodSync(file, 0o000);
    chmodSync(folder, 0o755);
    expect((await failure(asNobody(() => readNames(file)))).code).toBe('DATABASE_PERMISSION');
  });

  test.each([':memory:', '', 'file::memory:', 'file:x?mode=memory'])(
    'a database in memory: «%s»',
    async (target) => {
      expect((await failure(readNames(target))).code).toBe('DATABASE_IN_MEMORY');
    },
  );

  test('a database on a server, without its secret', async () => {
    const error = await failure(readNames('libsql://name:secret@db.example.org?authToken=hidden'));
    expect(error.code).toBe('DATABASE_NOT_LOCAL');
    expect(error.message).not.toMatch(/secret|hidden/);
  });

  test('an empty file is a database without tables', async () => {
    writeFileSync(file, '');
    expect(await readNames(file)).toEqual([]);
    expect(statSync(file).size).toBe(0);
  });
});

describe('a locked database', () => {
  test('is given up after the deadline, and the holder is named', async () => {
    create('delete', 'CREATE TABLE a (x)');
    const pid = await runElsewhere('database.exec("BEGIN EXCLUSIVE");');
    const error = await failure(readNames(file));
    expect(error.code).toBe('DATABASE_LOCKED');
    if (process.platform !== 'linux') return;
    expect(error.details).toMatchObject({ waited: limits.lock, holder: { pid } });
    expect(error.message).toContain(`process ${String(pid)} (`);
  });

  test('is read as soon as the lock is gone', async () => {
    create('delete', 'CREATE TABLE a (x)');
    await runElsewhere('database.exec("BEGIN EXCLUSIVE"); setTimeout(() => database.exec("COMMIT"), 50);');
    expect(await readNames(file, { ...limits, lock: 10_000 })).toEqual(['a']);
  });

  test('does not block the event loop while it waits', async () => {
    create('delete', 'CREATE TABLE a (x)');
    await runElsewhere('database.exec("BEGIN EXCLUSIVE");');
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 5);
    await failure(readNames(file));
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(1);
  });

  test('a writer does not keep a reader away', async () => {
    create('delete', 'CREATE TABLE a (x)');
    await runElsewhere('database.exec("BEGIN IMMEDIATE; CREATE TABLE b (y)");');
    expect(await readNames(file)).toEqual(['a']);
  });

  test.each(['BEGIN EXCLUSIVE', 'PRAGMA locking_mode = EXCLUSIVE; CREATE TABLE b (y)'])(
    'a log keeps nobody away: %s',
    async (statement) => {
      create('wal', 'CREATE TABLE a (x)');
      await runElsewhere(`database.exec(${JSON.stringify(statement)});`);
      expect(await readNames(file)).toContain('a');
    },
  );
});

describe('where a database is', () => {
  beforeEach(() => {
    create('delete', 'CREATE TABLE a (x)');
  });

  test.each([
    ['a path', () => file],
    ['a file URL', () => `file:${file}`],
    ['a file URL with an empty authority', () => `file://${file}`],
    ['a file URL with localhost', () => `file://localhost${file}`],
    ['a file URL with parameters', () => `file:${file}?mode=ro&cache=private`],
    ['an sqlite URL', () => `sqlite://${file}`],
    ['per cent signs', () => `file:${file.replace('app', '%61pp')}`],
  ])('%s', async (_name, target) => {
    expect(await readNames(target())).toEqual(['a']);
  });
});
