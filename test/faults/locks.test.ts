import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { journalFolder } from '../migrations/folders.ts';
import { hashFile, holdOpen, makeProject } from '../migrate/project.ts';
import { bundleDrift, removeBundle, startDrift } from './process.ts';

beforeAll(bundleDrift);
afterAll(removeBundle);

const words = ['migrate', '--no-check'];

describe('ten at once', () => {
  it.each(['DELETE', 'WAL'])('apply every migration once, with journal_mode %s', async (mode) => {
    const migrations = Array.from(
      { length: 8 },
      (_, at) =>
        [
          `000${String(at)}_m`,
          `CREATE TABLE t${String(at)} (x);\nINSERT INTO counts VALUES (${String(at)});`,
        ] as const,
    );
    const project = makeProject(journalFolder(migrations));
    project.database((db) => {
      db.pragma(`journal_mode = ${mode}`);
      db.exec('CREATE TABLE counts (x)');
    });
    const runs = Array.from({ length: 10 }, () => startDrift(words, project.directory).ended);
    for (const { code, stderr } of await Promise.all(runs)) expect([code, stderr]).toEqual([0, '']);
    project.database((db) => {
      expect(db.prepare('SELECT x FROM counts ORDER BY rowid').pluck().all()).toEqual([
        0, 1, 2, 3, 4, 5, 6, 7,
      ]);
      expect(db.prepare('SELECT count(*) FROM __drizzle_migrations').pluck().get()).toBe(8);
    });
  });
});

describe('a lock that somebody else holds', () => {
  const folder = journalFolder([['0000_m', 'CREATE TABLE t (x)']]);

  it('is waited for until the deadline, and its holder is named', async () => {
    const project = makeProject(folder);
    project.database((db) => db.exec('CREATE TABLE other (x)'));
    const holder = holdOpen(project.file);
    holder.exec('BEGIN IMMEDIATE');
    const { code, stderr } = await startDrift([...words, '--lock-timeout', '0.3'], project.directory).ended;
    expect(code).toBe(2);
    expect(stderr).toContain('MIGRATE_LOCKED');
    if (existsSync('/proc/locks')) expect(stderr).toContain(`by process ${String(process.pid)} (`);
    expect(stderr).toContain('--lock-timeout SECONDS');
  });

  it('is no hindrance once it is released', async () => {
    const project = makeProject(folder);
    project.database((db) => db.exec('CREATE TABLE other (x)'));
    const holder = holdOpen(project.file);
    holder.exec('BEGIN IMMEDIATE');
    const run = startDrift([...words, '--log', 'log.jsonl'], project.directory);
    let waited = false;
    const { readFileSync } = await import('node:fs');
    const log = path.join(project.directory, 'log.jsonl');
    while (!waited) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      waited = existsSync(log) && readFileSync(log, 'utf8').includes('"waiting"');
    }
    holder.exec('ROLLBACK');
    expect(await run.ended).toMatchObject({ code: 0 });
  });

  it('of a reader keeps a commit waiting, and nothing is half done at the deadline', async () => {
    const project = makeProject(folder);
    project.database((db) => db.exec('CREATE TABLE other (x); INSERT INTO other VALUES (1)'));
    const reader = holdOpen(project.file);
    reader.exec('BEGIN; SELECT * FROM other');
    const { code, stderr } = await startDrift([...words, '--lock-timeout', '0.3'], project.directory).ended;
    expect([code, stderr.includes('MIGRATE_LOCKED')]).toEqual([2, true]);
    if (existsSync('/proc/locks')) expect(stderr).toContain(`by process ${String(process.pid)} (`);
    reader.exec('COMMIT');
    expect(reader.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 't'").pluck().get()).toBe(0);
  });
});

describe('no room', () => {
  it('leaves the database as it was, and says so', async () => {
    // A small limit stands in for a full disk: SQLite answers both with SQLITE_FULL.
    const project = makeProject(
      journalFolder([
        ['0000_a', 'CREATE TABLE t (x)'],
        [
          '0001_b',
          `PRAGMA max_page_count = 20;--> statement-breakpoint
           WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) INSERT INTO t SELECT hex(zeroblob(500)) FROM n;`,
        ],
      ]),
    );
    await project.drift('migrate', '--no-check', '--to', '0000_a');
    const before = project.database((db) => db.serialize());
    const outcome = await project.drift('migrate', '--no-check', '--no-preflight');
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain('DATABASE_FULL');
    expect(outcome.stderr).toContain('0001_b');
    expect(project.database((db) => db.serialize().equals(before))).toBe(true);
    expect(project.database((db) => db.pragma('integrity_check', { simple: true }))).toBe('ok');
  });
});

/** A file system of its own for the folder, so small that it fills; false where this user may mount none. */
function mountSmall(folder: string, megabytes: number): boolean {
  const options = ['-t', 'tmpfs', '-o', `size=${String(megabytes)}m`, 'tmpfs', folder];
  if (process.platform !== 'linux' || spawnSync('mount', options).status !== 0) return false;
  onTestFinished(() => {
    spawnSync('umount', ['-l', folder]);
  });
  return true;
}

describe('a disk that is full', () => {
  it('leaves the database as it was; the preflight sees it coming', async (context) => {
    const project = makeProject(
      journalFolder([
        ['0000_a', 'CREATE TABLE t (id integer PRIMARY KEY, x text); CREATE INDEX t_x ON t (x);'],
        [
          '0001_b',
          `CREATE TABLE __new_t (id integer PRIMARY KEY, x text NOT NULL);--> statement-breakpoint
           INSERT INTO __new_t("id", "x") SELECT "id", "x" FROM t;--> statement-breakpoint
           DROP TABLE t;--> statement-breakpoint
           ALTER TABLE __new_t RENAME TO t;--> statement-breakpoint
           CREATE INDEX t_x ON t (x);`,
        ],
      ]),
    );
    const disk = path.join(project.directory, 'disk');
    mkdirSync(disk);
    if (!mountSmall(disk, 8)) {
      context.skip();
      return;
    }
    const file = path.join(disk, 'app.db');
    const url = ['--url', `file:${file}`, '--no-check'];
    expect(await project.drift('migrate', ...url, '--to', '0000_a')).toMatchObject({ code: 0 });
    const database = holdOpen(file);
    database.exec(
      'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO t SELECT i, hex(randomblob(400)) FROM n',
    );
    const rows = database.prepare('SELECT count(*), sum(length(x)) FROM t').raw().get();
    const foreseen = await project.drift('migrate', ...url);
    expect(foreseen.code).toBe(2);
    expect(foreseen.stderr).toContain('--allow disk-space');
    const full = await project.drift('migrate', ...url, '--no-preflight');
    expect(full.code).toBe(2);
    expect(full.stderr).toContain('DATABASE_FULL');
    expect(database.prepare('SELECT count(*), sum(length(x)) FROM t').raw().get()).toEqual(rows);
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(database.prepare('SELECT count(*) FROM __drizzle_migrations').pluck().get()).toBe(1);
  });
});

describe('a file that cannot be written', () => {
  it.skipIf(process.getuid?.() !== 0)('is refused before anything is done', async () => {
    const project = makeProject(journalFolder([['0000_m', 'CREATE TABLE t (x)']]));
    project.database((db) => db.exec('CREATE TABLE other (x)'));
    const nobody = { uid: 65534, gid: 65534 };
    chmodSync(project.file, 0o444);
    chmodSync(project.directory, 0o777);
    const hash = hashFile(project.file);
    const ofFile = await startDrift(words, project.directory, nobody).ended;
    expect([ofFile.code, ofFile.stderr]).toEqual([2, expect.stringContaining('DATABASE_READ_ONLY')]);
    expect(ofFile.stderr).toContain('no permission to write the file');
    chmodSync(project.file, 0o666);
    chmodSync(project.directory, 0o755);
    const ofFolder = await startDrift(words, project.directory, nobody).ended;
    expect(ofFolder.stderr).toContain('no permission to write its folder');
    expect(hashFile(project.file)).toBe(hash);
    chownSync(project.file, 0, 0);
  });

  it('a file that is no database is left alone', async () => {
    const project = makeProject(journalFolder([['0000_m', 'CREATE TABLE t (x)']]));
    project.write({ 'app.db': 'just a text that is long enough to be looked at '.repeat(40) });
    const hash = hashFile(project.file);
    const outcome = await project.drift('migrate', '--no-check');
    expect([outcome.code, outcome.stderr]).toEqual([2, expect.stringContaining('DATABASE_NOT_SQLITE')]);
    expect(hashFile(project.file)).toBe(hash);
  });

  it('a damaged database is left alone', async () => {
    const project = makeProject(journalFolder([['0000_m', 'CREATE TABLE t (x)']]));
    const db = new Database(project.file);
    db.exec('CREATE TABLE a (x); CREATE TABLE b (x)');
    db.close();
    const { openSync, writeSync, closeSync } = await import('node:fs');
    const descriptor = openSync(project.file, 'r+');
    writeSync(descriptor, Buffer.alloc(400, 0xff), 0, 400, 100);
    closeSync(descriptor);
    const outcome = await project.drift('migrate', '--no-check');
    expect([outcome.code, outcome.stderr]).toEqual([2, expect.stringContaining('DATABASE_CORRUPT')]);
  });
});
