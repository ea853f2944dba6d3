import path from 'node:path';
import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import { describe, expect, it } from 'vitest';
import { DriftError } from '../../src/errors.ts';
import { runCheck } from '../../src/stages/check.ts';
import { runStamp } from '../../src/stages/stamp.ts';
import { runStatus } from '../../src/stages/status.ts';
import { datedFolder, firstWhen, journalFolder, writeFiles, type ShortMigration } from './folders.ts';
import { makeProject, type SampleProject } from './project.ts';

const models = "export const users = sqliteTable('users', { id: integer().primaryKey(), name: text() });";
const migrations: readonly ShortMigration[] = [
  ['0000_init', 'CREATE TABLE `users` (`id` integer PRIMARY KEY NOT NULL);'],
  ['0001_name', 'ALTER TABLE `users` ADD `name` text;'],
];
const built = migrations.map(([, sql]) => sql).join('\n');
const now = (): Date => new Date('2026-01-02T03:04:05.678Z');

const stamp = (project: SampleProject, tag: string, flags: { force?: boolean; dryRun?: boolean } = {}) =>
  runStamp({ cwd: project.cwd, env: project.env, tag, now, ...flags });

async function refusal(work: Promise<unknown>): Promise<DriftError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof DriftError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('drift stamp', () => {
  it('marks migrations as applied, and drizzle-orm goes on from there', async () => {
    const project = makeProject(models, journalFolder(migrations));
    project.run(built);
    const before = await runCheck(project);
    expect(before.migrations.pending).toEqual(['0000_init', '0001_name']);
    expect(before.migrations.problems.map(({ code, migration }) => `${code} ${migration ?? ''}`)).toEqual([
      'already-in-database 0001_name',
    ]);
    const result = await stamp(project, '0001_name');
    expect(result).toMatchObject({ status: 'stamped', differences: [] });
    expect(result.rows.map(({ tag, createdAt, name }) => ({ tag, createdAt, name }))).toEqual([
      { tag: '0000_init', createdAt: firstWhen, name: null },
      { tag: '0001_name', createdAt: firstWhen + 60_000, name: null },
    ]);
    expect((await runCheck(project)).status).toBe('up-to-date');
    expect(await stamp(project, '0001_name')).toMatchObject({ status: 'nothing-to-do', rows: [] });
    writeFiles(
      path.join(project.cwd, 'drizzle'),
      journalFolder([...migrations, ['0002_age', 'ALTER TABLE users ADD age integer;']]),
    );
    const database = new Database(path.join(project.cwd, 'app.db'));
    migrate(drizzle(database), { migrationsFolder: path.join(project.cwd, 'drizzle') });
    database.close();
    expect(project.query('SELECT count(*) AS rows FROM __drizzle_migrations')).toEqual([{ rows: 3 }]);
  });

  it('writes the rows of Drizzle 1.0 for its folder', async () => {
    const project = makeProject(
      models,
      datedFolder([
        ['20250101000000_init', migrations[0]?.[1] ?? ''],
        ['20250102000000_name', migrations[1]?.[1] ?? ''],
      ]),
    );
    project.run(built);
    await stamp(project, '20250102000000_name');
    expect(project.query('SELECT created_at, name, applied_at FROM __drizzle_migrations')).toEqual([
      { created_at: Date.UTC(2025, 0, 1), name: '20250101000000_init', applied_at: now().toISOString() },
      { created_at: Date.UTC(2025, 0, 2), name: '20250102000000_name', applied_at: now().toISOString() },
    ]);
    expect((await runStatus(project)).status).toBe('up-to-date');
  });

  it('stamps only up to the tag, and only where the database is what that makes', async () => {
    const project = makeProject(models, journalFolder(migrations));
    project.run(migrations[0]?.[1] ?? '');
    const error = await refusal(stamp(project, '0001_name'));
    expect(error.code).toBe('STAMP_REFUSED');
    expect(error.message).toBe(
      'The database does not match the migrations up to 0001_name:\n  users.name (text) is missing in the database; the migrations have it.',
    );
    expect(error.next).toContain('drift stamp 0001_name --force');
    expect(project.query("SELECT name FROM sqlite_schema WHERE name LIKE '__drizzle%'")).toEqual([]);
    expect((await stamp(project, '0000_init')).rows.map(({ tag }) => tag)).toEqual(['0000_init']);
    expect((await runStatus(project)).migrations.map(({ status }) => status)).toEqual(['applied', 'pending']);
  });

  it('stamps in spite of differences when forced, and says which', async () => {
    const project = makeProject(models, journalFolder(migrations));
    project.run(migrations[0]?.[1] ?? '');
    const result = await stamp(project, '0001_name', { force: true });
    expect(result.differences).toHaveLength(1);
    expect((await runStatus(project)).status).toBe('up-to-date');
  });

  it('changes nothing in a dry run', async () => {
    const project = makeProject(models, journalFolder(migrations));
    project.run(migrations[0]?.[1] ?? '');
    const result = await stamp(project, '0001_name', { dryRun: true });
    expect(result).toMatchObject({ status: 'refused', rows: [{ tag: '0000_init' }, { tag: '0001_name' }] });
    expect(result.differences).toHaveLength(1);
    expect(project.query("SELECT name FROM sqlite_schema WHERE name LIKE '__drizzle%'")).toEqual([]);
  });

  it('names the nearest tag where there is none of that name', async () => {
    const project = makeProject(models, journalFolder(migrations));
    const error = await refusal(stamp(project, '0001_nam'));
    expect(error.code).toBe('MIGRATION_NOT_FOUND');
    expect(error.next).toBe('Did you mean 0001_name?');
  });

  it('takes what is applied already into account', async () => {
    const project = makeProject(models, journalFolder(migrations));
    project.run(migrations[0]?.[1] ?? '');
    await stamp(project, '0000_init');
    project.run(migrations[1]?.[1] ?? '');
    expect((await stamp(project, '0001_name')).rows.map(({ tag }) => tag)).toEqual(['0001_name']);
    expect((await runCheck(project)).status).toBe('up-to-date');
  });
});

describe('drift status', () => {
  it('lists every migration with its standing', async () => {
    const project = makeProject(models, journalFolder(migrations));
    expect(await runStatus(project)).toMatchObject({
      status: 'not-up-to-date',
      standing: 'behind',
      dialect: 'sqlite',
      folder: 'drizzle',
      layout: 'journal',
      tableExists: false,
      migrations: [
        { migration: '0000_init', status: 'pending', made: '2025-01-01T00:00:00.000Z' },
        { migration: '0001_name', status: 'pending', made: '2025-01-01T00:01:00.000Z' },
      ],
      problems: [],
      next: 'Run drift migrate; or, if the database was built without migrations, drift stamp TAG.',
    });
  });

  it('tells a database that is ahead, one that diverged, and an edited file', async () => {
    const project = makeProject(models, journalFolder(migrations));
    project.run(built);
    await stamp(project, '0001_name');
    const folder = path.join(project.cwd, 'drizzle');
    writeFiles(folder, {
      'meta/_journal.json': journalFolder(migrations.slice(0, 1))['meta/_journal.json'] ?? '',
    });
    const ahead = await runStatus(project);
    expect(ahead).toMatchObject({ status: 'not-up-to-date', standing: 'ahead' });
    expect(ahead.migrations.map(({ status }) => status)).toEqual(['applied', 'unknown']);
    expect(ahead.warnings.map(({ code }) => code)).toEqual(['file-without-entry']);
    writeFiles(
      folder,
      journalFolder([
        ['0000_init', 'SELECT 1;'],
        ['0001_other', 'SELECT 2;', firstWhen + 1],
      ]),
    );
    const diverged = await runStatus(project);
    expect(diverged.standing).toBe('diverged');
    expect(diverged.migrations.map(({ migration, status }) => `${migration.slice(0, 10)} ${status}`)).toEqual(
      ['0000_init edited', '0001_other skipped', expect.stringMatching(/ unknown$/)],
    );
    expect(diverged.problems.map(({ code }) => code)).toEqual(['skipped']);
  });

  it('says so where there are no migrations', async () => {
    expect(await runStatus(makeProject(models, {}))).toMatchObject({
      status: 'up-to-date',
      standing: 'no-migrations',
      folder: null,
      migrations: [],
      next: null,
    });
  });
});
