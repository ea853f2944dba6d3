import { createHash } from 'node:crypto';
import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import { describe, expect, it } from 'vitest';
import type { AppliedRow } from '../../src/dialects/dialect.ts';
import { readMigrationsFolder } from '../../src/project/migrations/folder.ts';
import type { MigrationsFolder } from '../../src/project/migrations/migration.ts';
import { isUpToDate, matchApplied, nameRow, type AppliedState } from '../../src/project/migrations/state.ts';
import { datedFolder, firstWhen, journalFolder, makeDirectory, type ShortMigration } from './folders.ts';

const hashOf = (sql: string): string => createHash('sha256').update(sql).digest('hex');

async function v0(migrations: readonly ShortMigration[]): Promise<MigrationsFolder> {
  return read(makeDirectory(journalFolder(migrations)));
}

async function v1(migrations: readonly ShortMigration[]): Promise<MigrationsFolder> {
  return read(makeDirectory(datedFolder(migrations)));
}

async function read(directory: string): Promise<MigrationsFolder> {
  const folder = await readMigrationsFolder(directory, 'sqlite');
  if (!folder) throw new Error('there is no folder');
  return folder;
}

/** Rows as the migrator of 0.x writes them for these migrations. */
function rowsOf(folder: MigrationsFolder, ...tags: readonly string[]): AppliedRow[] {
  return folder.migrations
    .filter(({ tag }) => tags.length === 0 || tags.includes(tag))
    .map(({ hash, when }, id) => ({ id, hash, createdAt: when, name: null }));
}

const named = (rows: readonly AppliedRow[], folder: MigrationsFolder): AppliedRow[] =>
  rows.map((row) => ({ ...row, name: folder.migrations.find(({ hash }) => hash === row.hash)?.tag ?? null }));

/** The state in short: tags and names only. */
function sketch(state: AppliedState) {
  return {
    applied: state.applied.map(({ migration }) => migration.tag),
    pending: state.pending.map(({ tag }) => tag),
    unknown: state.unknown.map(nameRow),
    edited: state.edited.map(({ migration }) => migration.tag),
    outOfOrder: state.outOfOrder.map(({ tag }) => tag),
    skipped: state.skipped.map(({ tag }) => tag),
    renamed: state.renamed.map(({ migration }) => migration.tag),
    duplicates: state.duplicates.length,
  };
}

const clean = {
  applied: [],
  pending: [],
  unknown: [],
  edited: [],
  outOfOrder: [],
  skipped: [],
  renamed: [],
  duplicates: 0,
};
const three: readonly ShortMigration[] = [
  ['0000_a', 'SELECT 1;\n'],
  ['0001_b', 'SELECT 2;\n'],
  ['0002_c', 'SELECT 3;\n'],
];

describe('rows of Drizzle 0.x', () => {
  it('written by drizzle-orm match the folder', async () => {
    const directory = makeDirectory(journalFolder(three));
    const database = new Database(':memory:');
    migrate(drizzle(database), { migrationsFolder: directory });
    const rows = database
      .prepare('SELECT id, hash, created_at AS createdAt, NULL AS name FROM __drizzle_migrations')
      .all() as AppliedRow[];
    const state = matchApplied(await read(directory), rows);
    expect(sketch(state)).toEqual({ ...clean, applied: ['0000_a', '0001_b', '0002_c'] });
    expect(isUpToDate(state)).toBe(true);
  });

  it('that are not there leave everything pending', async () => {
    const folder = await v0(three);
    const all = ['0000_a', '0001_b', '0002_c'];
    expect(matchApplied(folder, null).tableExists).toBe(false);
    expect(sketch(matchApplied(folder, null))).toEqual({ ...clean, pending: all });
    expect(sketch(matchApplied(folder, []))).toEqual({ ...clean, pending: all });
  });

  it('that the folder does not know are named, the rest is pending', async () => {
    const folder = await v0(three);
    const rows = [
      ...rowsOf(folder, '0000_a', '0001_b'),
      { id: 9, hash: 'f'.repeat(64), createdAt: firstWhen + 90_000, name: null },
    ];
    expect(sketch(matchApplied(folder, rows))).toEqual({
      ...clean,
      applied: ['0000_a', '0001_b'],
      pending: ['0002_c'],
      unknown: ['ffffffffffff of 2025-01-01T00:01:30.000Z'],
    });
  });

  it('tell an edited file, but not one with other line endings or another final newline', async () => {
    const folder = await v0(three);
    const rows = rowsOf(folder).map((row, at) => ({
      ...row,
      hash: [hashOf('SELECT 1;\r\n'), hashOf('SELECT 2;'), hashOf('SELECT 33;\n')][at] ?? '',
    }));
    const state = matchApplied(folder, rows);
    expect(sketch(state)).toEqual({ ...clean, applied: ['0000_a', '0001_b', '0002_c'], edited: ['0002_c'] });
    expect(isUpToDate(state)).toBe(false);
  });

  it('tell a migration that 0.x will skip, and it does skip it', async () => {
    const branch: readonly ShortMigration[] = [
      ['0000_a', 'CREATE TABLE a (x)', 100],
      ['0001_b', 'CREATE TABLE b (x)', 200],
      ['0002_c', 'CREATE TABLE c (x)', 150],
    ];
    const directory = makeDirectory(journalFolder(branch.slice(0, 2)));
    const database = new Database(':memory:');
    migrate(drizzle(database), { migrationsFolder: directory });
    const merged = makeDirectory(journalFolder(branch));
    migrate(drizzle(database), { migrationsFolder: merged });
    expect(database.prepare("SELECT name FROM sqlite_schema WHERE name = 'c'").all()).toEqual([]);
    const folder = await read(merged);
    const state = matchApplied(folder, rowsOf(folder, '0000_a', '0001_b'));
    expect(sketch(state)).toEqual({
      ...clean,
      applied: ['0000_a', '0001_b'],
      pending: ['0002_c'],
      outOfOrder: ['0002_c'],
      skipped: ['0002_c'],
    });
  });

  it('tell a migration that lies before an applied one', async () => {
    const folder = await v0(three);
    expect(sketch(matchApplied(folder, rowsOf(folder, '0000_a', '0002_c')))).toEqual({
      ...clean,
      applied: ['0000_a', '0002_c'],
      pending: ['0001_b'],
      outOfOrder: ['0001_b'],
      skipped: ['0001_b'],
    });
  });

  it('tell migrations of one text apart by their times', async () => {
    const empty = '-- Custom SQL migration file, put your code below! --';
    const folder = await v0([
      ['0000_a', empty],
      ['0001_b', empty],
      ['0002_c', empty],
    ]);
    expect(sketch(matchApplied(folder, rowsOf(folder, '0001_b')))).toMatchObject({
      applied: ['0001_b'],
      pending: ['0000_a', '0002_c'],
    });
  });

  it('match an edited file by its time even where its old text is another one now', async () => {
    const folder = await v0([
      ['0000_a', 'filled'],
      ['0001_b', 'empty'],
    ]);
    const rows = [{ id: 1, hash: hashOf('empty'), createdAt: firstWhen, name: null }];
    expect(sketch(matchApplied(folder, rows))).toMatchObject({
      applied: ['0000_a'],
      edited: ['0000_a'],
      pending: ['0001_b'],
    });
  });

  it('match a migration whose time was changed; it would be run again where it is newer now', async () => {
    const folder = await v0([
      ['0000_a', 'SELECT 1', 100],
      ['0001_b', 'SELECT 2', 900],
    ]);
    const rows = [
      { id: 1, hash: hashOf('SELECT 1'), createdAt: 100, name: null },
      { id: 2, hash: hashOf('SELECT 2'), createdAt: 200, name: null },
    ];
    const state = matchApplied(folder, rows);
    expect(sketch(state)).toEqual({ ...clean, applied: ['0000_a', '0001_b'], renamed: ['0001_b'] });
    expect(isUpToDate(state)).toBe(false);
  });

  it('that say one thing twice are one migration and a duplicate', async () => {
    const folder = await v0(three);
    const rows = [...rowsOf(folder), ...rowsOf(folder, '0001_b')];
    expect(sketch(matchApplied(folder, rows))).toMatchObject({ duplicates: 1, unknown: [] });
  });
});

describe('rows of Drizzle 1.0', () => {
  const dated: readonly ShortMigration[] = [
    ['20250101000000_a', 'SELECT 1'],
    ['20250102000000_b', 'SELECT 2'],
    ['20250103000000_c', 'SELECT 3'],
  ];

  it('match by name', async () => {
    const folder = await v1(dated);
    const rows = named(rowsOf(folder, '20250101000000_a', '20250103000000_c'), folder);
    expect(sketch(matchApplied(folder, rows))).toEqual({
      ...clean,
      applied: ['20250101000000_a', '20250103000000_c'],
      pending: ['20250102000000_b'],
      // 1.0 runs it all the same.
      outOfOrder: ['20250102000000_b'],
    });
  });

  it('tell an edited file and a folder that was renamed', async () => {
    const folder = await v1(dated);
    const rows = named(rowsOf(folder), folder).map((row, at) => ({
      ...row,
      ...(at === 0 ? { hash: hashOf('SELECT 0') } : {}),
      ...(at === 2 ? { name: '20250103000000_old' } : {}),
    }));
    expect(sketch(matchApplied(folder, rows))).toMatchObject({
      edited: ['20250101000000_a'],
      renamed: ['20250103000000_c'],
      unknown: [],
      pending: [],
    });
  });

  it('of migrations that the folder does not have are unknown by name', async () => {
    const folder = await v1(dated.slice(0, 1));
    const rows = [
      ...named(rowsOf(folder), folder),
      { id: 2, hash: 'x', createdAt: 1, name: '20260101000000_later' },
    ];
    expect(sketch(matchApplied(folder, rows))).toMatchObject({ unknown: ['20260101000000_later'] });
  });
});

describe('folders that changed their layout', () => {
  const when = Date.UTC(2025, 4, 6, 7, 8, 9, 123);

  it('rows of 0.x match the folder that drizzle-kit up made', async () => {
    const folder = await v1([
      ['20250506070809_a', 'SELECT 1'],
      ['20250506070809_b', 'SELECT 2'],
    ]);
    const rows = [
      { id: null, hash: hashOf('SELECT 2'), createdAt: when + 5, name: null },
      { id: null, hash: hashOf('SELECT 1'), createdAt: when, name: null },
    ];
    const state = matchApplied(folder, rows);
    expect(sketch(state)).toEqual({ ...clean, applied: ['20250506070809_b', '20250506070809_a'] });
  });

  it('rows that 1.0 has named match the folder of 0.x', async () => {
    const folder = await v0([
      ['0000_a', 'SELECT 1', when],
      ['0001_b', 'SELECT 2', when + 60_000],
    ]);
    const rows = [
      { id: 1, hash: hashOf('SELECT 1'), createdAt: when, name: '20250506070809_a' },
      { id: 2, hash: hashOf('SELECT 2'), createdAt: when - 123 + 60_000, name: '20250506070909_b' },
    ];
    expect(sketch(matchApplied(folder, rows))).toMatchObject({
      applied: ['0000_a', '0001_b'],
      pending: [],
      // Its time was cut to seconds, so 0.x takes the file for a newer one.
      renamed: ['0001_b'],
    });
  });
});

describe('a file that is gone', () => {
  it('is not taken for a migration of somebody else', async () => {
    const files = { ...journalFolder(three) };
    const whole = await read(makeDirectory(files));
    const directory = makeDirectory(
      Object.fromEntries(Object.entries(files).filter(([f]) => f !== '0001_b.sql')),
    );
    const state = matchApplied(await read(directory), rowsOf(whole));
    expect(sketch(state)).toEqual({ ...clean, applied: ['0000_a', '0002_c'] });
    expect(state.missing.map(({ tag, row }) => `${tag} ${String(row.id)}`)).toEqual(['0001_b 1']);
    // Not applied yet: then there is no row.
    expect(matchApplied(await read(directory), rowsOf(whole, '0000_a')).missing).toEqual([]);
  });

  it('is known by its name or its second in the layout of 1.0', async () => {
    const dated: readonly ShortMigration[] = [
      ['20250101000000_a', 'SELECT 1;'],
      ['20250102000000_b', 'SELECT 2;'],
    ];
    const whole = await v1(dated);
    const directory = makeDirectory({
      ...datedFolder(dated.slice(0, 1)),
      '20250102000000_b/snapshot.json': '{}',
    });
    for (const rows of [rowsOf(whole), named(rowsOf(whole), whole)]) {
      const { missing, unknown } = matchApplied(await read(directory), rows);
      expect({ missing: missing.map(({ tag }) => tag), unknown }).toEqual({
        missing: ['20250102000000_b'],
        unknown: [],
      });
    }
    const other = rowsOf(whole).map((row) => ({ ...row, name: '20250102000000_c' }));
    expect(matchApplied(await read(directory), other).missing).toEqual([]);
  });
});
