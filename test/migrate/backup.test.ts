import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { journalFolder } from '../migrations/folders.ts';
import { hashFile, holdOpen, makeProject, type TestProject } from './project.ts';

const folder = journalFolder([
  ['0000_init', 'CREATE TABLE t (x); CREATE TABLE u (y)'],
  ['0001_drop', 'DROP TABLE t'],
]);

/** The first migration applied, with rows at odd rowids, and the second one pending. */
async function prepare(mode = 'DELETE'): Promise<TestProject> {
  const project = makeProject(folder);
  await project.drift('migrate', '--no-check', '--to', '0000_init');
  project.database((db) => {
    db.pragma(`journal_mode = ${mode}`);
    db.exec("INSERT INTO t (rowid, x) VALUES (7, 'a'), (90, 'b'), (91, 'c'); DELETE FROM t WHERE x = 'b'");
  });
  return project;
}

function readRows(file: string): unknown {
  const db = new Database(file, { readonly: true });
  try {
    return db.prepare('SELECT rowid, x FROM t').raw().all();
  } finally {
    db.close();
  }
}

const kept = [
  [7, 'a'],
  [91, 'c'],
];

describe.each(['DELETE', 'WAL'])('with journal_mode %s', (mode) => {
  it('--backup keeps what was there, rowids and all, and --restore brings it back', async () => {
    const project = await prepare(mode);
    const outcome = await project.drift('migrate', '--no-check', '--backup', 'kept.db', '--format', 'json');
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    const { backup } = JSON.parse(outcome.stdout) as {
      backup: { file: string; tables: number; rows: number };
    };
    expect(backup).toMatchObject({ file: path.join(project.directory, 'kept.db'), tables: 3, rows: 3 });
    expect(readRows(backup.file)).toEqual(kept);
    expect(() => readRows(project.file)).toThrow('no such table');

    const other = holdOpen(project.file);
    expect(() => other.prepare('SELECT * FROM t')).toThrow();
    const restored = await project.drift('migrate', '--restore', 'kept.db');
    expect(restored).toMatchObject({ code: 0, stderr: '' });
    expect(readRows(project.file)).toEqual(kept);
    // Somebody who had it open all the time sees it as well, and can write.
    expect(other.prepare('SELECT rowid, x FROM t').raw().all()).toEqual(kept);
    other.exec("INSERT INTO t VALUES ('d')");
    const names = readdirSync(project.directory);
    const before = names.find((name) => /^app\.db\.\d{8}T\d{9}Z\.before-restore$/.test(name)) ?? '';
    expect(() => readRows(path.join(project.directory, before))).toThrow('no such table');
    // And the migration can be applied again.
    expect(await project.drift('migrate', '--no-check')).toMatchObject({ code: 0 });
  });
});

it('--backup alone puts the copy beside the database, with the time in its name', async () => {
  const project = await prepare();
  const outcome = await project.drift('migrate', '--no-check', '--backup');
  const name = readdirSync(project.directory).find((one) => /^app\.db\.\d{8}T\d{9}Z\.backup$/.test(one));
  expect(name).toBeDefined();
  expect(outcome.stdout).toContain(`the way back: drift migrate --restore `);
});

it('makes no backup where nothing is pending', async () => {
  const project = await prepare();
  await project.drift('migrate', '--no-check');
  await project.drift('migrate', '--no-check', '--backup', 'kept.db');
  expect(existsSync(path.join(project.directory, 'kept.db'))).toBe(false);
});

it('never writes a backup over a file, and then applies nothing', async () => {
  const project = await prepare();
  project.write({ 'kept.db': 'mine' });
  const outcome = await project.drift('migrate', '--no-check', '--backup', 'kept.db');
  expect([outcome.code, outcome.stderr]).toEqual([2, expect.stringContaining('BACKUP_FAILED')]);
  expect(readRows(project.file)).toEqual(kept);
});

it('refuses to restore what is no database, a damaged one, and nothing at all', async () => {
  const project = await prepare();
  const hash = hashFile(project.file);
  project.write({ 'text.db': 'no database at all '.repeat(100), 'empty.db': '' });
  for (const name of ['text.db', 'empty.db', 'absent.db']) {
    const outcome = await project.drift('migrate', '--restore', name);
    expect([outcome.code, outcome.stderr]).toEqual([2, expect.stringContaining('RESTORE_FAILED')]);
  }
  expect(hashFile(project.file)).toBe(hash);
});

it('a database that is locked is not restored, and its holder is named', async () => {
  const project = await prepare();
  await project.drift('migrate', '--no-check', '--backup', 'kept.db');
  holdOpen(project.file).exec('BEGIN IMMEDIATE');
  const outcome = await project.drift('migrate', '--restore', 'kept.db', '--lock-timeout', '0.2');
  expect([outcome.code, outcome.stderr]).toEqual([2, expect.stringContaining('MIGRATE_LOCKED')]);
});

it('--restore is given alone', async () => {
  const project = await prepare();
  const outcome = await project.drift('migrate', '--restore', 'kept.db', '--dry-run');
  expect([outcome.code, outcome.stderr]).toEqual([2, expect.stringContaining('CLI_INVALID_VALUE')]);
});
