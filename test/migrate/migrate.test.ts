import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { datedFolder, firstWhen, journalFolder } from '../migrations/folders.ts';
import { hashFile, makeProject } from './project.ts';

const models = `
import { sqliteTable, integer, text } from 'drizzle-orm/sqlite-core';
export const users = sqliteTable('users', { id: integer('id').primaryKey(), name: text('name') });
`;
const createUsers = 'CREATE TABLE `users` (`id` integer PRIMARY KEY NOT NULL, `name` text);';

describe('applying', () => {
  it('makes the database, applies what is pending and says that it is up to date', async () => {
    const project = makeProject(journalFolder([['0000_init', createUsers]]), models);
    const outcome = await project.drift('migrate');
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(outcome.stdout).toContain('app.db: 1 migration applied');
    expect(outcome.stdout).toContain('Up to date');
    const again = await project.drift('migrate');
    expect(again).toMatchObject({ code: 0 });
    expect(again.stdout).toContain('nothing to apply');
  });

  it('runs a folder of Drizzle 1.0 in the order of its names', async () => {
    const project = makeProject(
      datedFolder([
        ['20250102000000_b', 'ALTER TABLE users ADD name text'],
        ['20250101000000_a', 'CREATE TABLE users (id integer PRIMARY KEY)'],
      ]),
    );
    expect(await project.drift('migrate', '--no-check')).toMatchObject({ code: 0 });
    const rows = project.database((db) => db.prepare('SELECT name FROM __drizzle_migrations').pluck().all());
    expect(rows).toEqual(['20250101000000_a', '20250102000000_b']);
  });

  it('cuts a file without breakpoints at its semicolons, but not inside triggers and strings', async () => {
    const project = makeProject(
      journalFolder([
        [
          '0000_init',
          `CREATE TABLE t (a text); -- not here; nor here
           CREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO t SELECT 'x;y' WHERE new.a = 'one'; SELECT 1; END;
           INSERT INTO t VALUES ('one'); /* ; */`,
        ],
      ]),
    );
    expect(await project.drift('migrate', '--no-check')).toMatchObject({ code: 0 });
    expect(project.database((db) => db.prepare('SELECT a FROM t').pluck().all())).toEqual(['one', 'x;y']);
  });

  it('applies a migration that has only comments', async () => {
    const project = makeProject(journalFolder([['0000_note', '-- nothing to do\n']]));
    expect(await project.drift('migrate', '--no-check')).toMatchObject({ code: 0 });
    expect(
      project.database((db) => db.prepare('SELECT count(*) FROM __drizzle_migrations').pluck().get()),
    ).toBe(1);
  });

  it('exits 1 and shows what is left where the models want something else', async () => {
    const project = makeProject(
      journalFolder([['0000_init', 'CREATE TABLE `users` (`id` integer PRIMARY KEY NOT NULL);']]),
      models,
    );
    const outcome = await project.drift('migrate');
    expect(outcome.code).toBe(1);
    expect(outcome.stdout).toContain('1 migration applied');
    expect(outcome.stdout).toContain('name');
  });

  it('says that it could not tell where the check cannot be made, and that the migrations are applied', async () => {
    const project = makeProject(
      journalFolder([['0000_init', createUsers]]),
      'throw new Error("no models here")',
    );
    const outcome = await project.drift('migrate');
    expect(outcome.code).toBe(2);
    expect(outcome.stdout).toContain('1 migration applied');
    expect(outcome.stderr).toContain('CODE_THREW');
    expect(await project.drift('migrate', '--no-check')).toMatchObject({ code: 0 });
  });

  it('stops at --to, and exits 0 where all that is left is left on purpose', async () => {
    const project = makeProject(
      journalFolder([
        ['0000_init', 'CREATE TABLE `users` (`id` integer PRIMARY KEY NOT NULL);'],
        ['0001_name', 'ALTER TABLE `users` ADD `name` text;'],
      ]),
      models,
    );
    expect(await project.drift('migrate', '--to', '0000_init')).toMatchObject({ code: 0 });
    const rows = (): unknown =>
      project.database((db) => db.prepare('SELECT count(*) FROM __drizzle_migrations').pluck().get());
    expect(rows()).toBe(1);
    const misspelt = await project.drift('migrate', '--to', '0001_nane');
    expect(misspelt).toMatchObject({ code: 2 });
    expect(misspelt.stderr).toContain('Did you mean 0001_name?');
    expect(await project.drift('migrate')).toMatchObject({ code: 0 });
    expect(rows()).toBe(2);
  });

  it('says so where there is no folder', async () => {
    const project = makeProject({});
    const outcome = await project.drift('migrate');
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain('MIGRATE_FOLDER_MISSING');
    expect(readdirSync(project.directory)).not.toContain('app.db');
  });
});

describe('a failure', () => {
  const folder = journalFolder([
    ['0000_init', 'CREATE TABLE t (a integer UNIQUE); INSERT INTO t VALUES (1);'],
    ['0001_bad', 'INSERT INTO t VALUES (2);\n--> statement-breakpoint\nINSERT INTO t VALUES (1);'],
    ['0002_never', 'INSERT INTO t VALUES (3);'],
  ]);

  it('undoes its migration wholly, keeps those before it, and names file and line', async () => {
    const project = makeProject(folder);
    const outcome = await project.drift('migrate', '--no-preflight', '--format', 'json');
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain('MIGRATION_FAILED');
    expect(outcome.stderr).toContain('0001_bad.sql:3: UNIQUE constraint failed: t.a');
    expect(JSON.parse(outcome.stdout)).toMatchObject({
      status: 'failed',
      applied: [{ tag: '0000_init' }],
      error: { code: 'MIGRATION_FAILED' },
    });
    expect(project.database((db) => db.prepare('SELECT a FROM t').pluck().all())).toEqual([1]);
    expect(
      project.database((db) => db.prepare('SELECT count(*) FROM __drizzle_migrations').pluck().get()),
    ).toBe(1);
  });

  it('is found on a copy, so that not even the migrations before it are applied', async () => {
    const project = makeProject(folder);
    project.database((db) => db.exec('CREATE TABLE other (a)'));
    const before = hashFile(project.file);
    const outcome = await project.drift('migrate');
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain('PREFLIGHT_FAILED');
    expect(outcome.stderr).toContain('0001_bad fails on a copy of the database');
    expect(hashFile(project.file)).toBe(before);
  });

  it('is found without any rows where a statement makes no sense in the schema', async () => {
    const project = makeProject(journalFolder([['0000_bad', 'CREATE TABLE t (a);\nDROP TABLE absent;']]));
    const outcome = await project.drift('migrate');
    expect(outcome.stderr).toContain('0000_bad.sql:2: no such table: absent');
    expect(outcome.stderr).toContain('SQLite refuses a statement, whatever the rows are');
    expect(outcome.stderr).not.toMatch(/rows that stand in its way|something in the database/);
    expect(outcome.code).toBe(2);
  });
});

describe('what cannot run in a transaction', () => {
  it.each([
    ['BEGIN; CREATE TABLE t (a); COMMIT;', 'MIGRATION_TRANSACTION', 'BEGIN'],
    ['CREATE TABLE t (a); END TRANSACTION;', 'MIGRATION_TRANSACTION', 'END'],
    ['CREATE TABLE t (a);\nROLLBACK;', 'MIGRATION_TRANSACTION', '0001_odd.sql:2: ROLLBACK'],
    ['CREATE TABLE t (a); VACUUM;', 'MIGRATION_NOT_TRANSACTIONAL', 'VACUUM'],
    ['PRAGMA journal_mode = WAL; CREATE TABLE t (a);', 'MIGRATION_NOT_TRANSACTIONAL', 'PRAGMA journal_mode'],
    ["ATTACH 'other.db' AS other;", 'MIGRATION_LEAVES_FILE', 'ATTACH'],
    ["VACUUM INTO 'other.db';", 'MIGRATION_LEAVES_FILE', 'VACUUM INTO'],
    ["SELECT 'never closed", 'MIGRATION_SYNTAX', '0001_odd.sql:1'],
  ])('%s is refused before anything runs', async (sql, code, word) => {
    const project = makeProject(
      journalFolder([
        ['0000_init', 'CREATE TABLE first (a)'],
        ['0001_odd', sql],
      ]),
    );
    const outcome = await project.drift('migrate', '--no-check');
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain(code);
    expect(outcome.stderr).toContain(word);
    expect(project.database((db) => db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get())).toBe(0);
  });

  it('is run without one where the migration has nothing else', async () => {
    const project = makeProject(
      journalFolder([
        ['0000_wal', 'PRAGMA journal_mode = WAL;'],
        ['0001_vacuum', 'VACUUM;'],
        ['0002_table', 'CREATE TABLE t (a)'],
      ]),
    );
    expect(await project.drift('migrate', '--no-check')).toMatchObject({ code: 0 });
    project.database((db) => {
      expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
      expect(db.prepare('SELECT count(*) FROM __drizzle_migrations').pluck().get()).toBe(3);
    });
  });

  it('does not concern savepoints', async () => {
    const sql = 'SAVEPOINT a; CREATE TABLE t (a); ROLLBACK TO a; CREATE TABLE u (a); RELEASE a;';
    const project = makeProject(journalFolder([['0000_save', sql]]));
    expect(await project.drift('migrate', '--no-check')).toMatchObject({ code: 0 });
    const tables = project.database((db) =>
      db.prepare("SELECT name FROM sqlite_schema WHERE name IN ('t', 'u')").pluck().all(),
    );
    expect(tables).toEqual(['u']);
  });

  it('a PRAGMA of one migration does not reach the next', async () => {
    const project = makeProject(
      journalFolder([
        [
          '0000_a',
          'PRAGMA ignore_check_constraints = ON; CREATE TABLE t (a CHECK (a > 0)); INSERT INTO t VALUES (-1);',
        ],
        ['0001_b', 'INSERT INTO t VALUES (-2);'],
      ]),
    );
    const outcome = await project.drift('migrate', '--no-check', '--no-preflight');
    expect(outcome.stderr).toContain('CHECK constraint failed');
    expect(outcome.stderr).toContain('0000_a, before it, is applied');
  });
});

describe('what is not in order', () => {
  const three = [
    ['0000_a', 'CREATE TABLE a (x)'],
    ['0001_b', 'CREATE TABLE b (x)'],
    ['0002_c', 'CREATE TABLE c (x)'],
  ] as const;

  it('a migration older than an applied one is refused, and run where that is allowed', async () => {
    const project = makeProject(journalFolder([three[0], [...three[2], firstWhen + 120_000]]));
    expect(await project.drift('migrate', '--no-check')).toMatchObject({ code: 0 });
    project.write(
      Object.fromEntries(
        Object.entries(journalFolder(three)).map(([name, text]) => [`drizzle/${name}`, text]),
      ),
    );
    const refused = await project.drift('migrate', '--no-check');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('MIGRATE_OUT_OF_ORDER');
    expect(refused.stderr).toContain('0001_b comes before 0002_c');
    expect(refused.stderr).toContain('drift migrate --allow out-of-order');
    expect(await project.drift('migrate', '--no-check', '--allow', 'out-of-order')).toMatchObject({
      code: 0,
    });
    const tables = project.database((db) =>
      db.prepare('SELECT name FROM sqlite_schema WHERE length(name) = 1').pluck().all(),
    );
    expect(tables).toEqual(['a', 'c', 'b']);
  });

  it('a migration that was edited after it had been applied is refused, line endings aside', async () => {
    const project = makeProject(journalFolder([three[0]]));
    await project.drift('migrate', '--no-check');
    const edited = journalFolder([['0000_a', 'CREATE TABLE a (x, y)'], three[1]]);
    project.write(
      Object.fromEntries(Object.entries(edited).map(([name, text]) => [`drizzle/${name}`, text])),
    );
    const refused = await project.drift('migrate', '--no-check');
    expect(refused.stderr).toContain('MIGRATE_EDITED');
    expect(refused.stderr).toContain('--allow edited');
    project.write({ 'drizzle/0000_a.sql': 'CREATE TABLE a (x)\r\n' });
    expect(await project.drift('migrate', '--no-check')).toMatchObject({ code: 0 });
  });

  it('migrations of the database that the folder has not are refused', async () => {
    const project = makeProject(journalFolder([three[0]]));
    await project.drift('migrate', '--no-check');
    project.database((db) =>
      db.exec("INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('abc', 1)"),
    );
    project.write(
      Object.fromEntries(
        Object.entries(journalFolder(three)).map(([name, text]) => [`drizzle/${name}`, text]),
      ),
    );
    const refused = await project.drift('migrate', '--no-check');
    expect(refused.stderr).toContain('MIGRATE_UNKNOWN_APPLIED');
    expect(await project.drift('migrate', '--no-check', '--allow', 'unknown')).toMatchObject({ code: 0 });
  });

  it('a folder whose file is missing is refused', async () => {
    const files = { ...journalFolder(three) } as Record<string, string>;
    delete files['0001_b.sql'];
    const outcome = await makeProject(files).drift('migrate', '--no-check');
    expect(outcome.stderr).toContain('MIGRATE_FOLDER_BROKEN');
    expect(outcome.stderr).toContain('0001_b.sql');
  });

  it('an unknown word after --allow names the nearest', async () => {
    const outcome = await makeProject(journalFolder(three)).drift('migrate', '--allow', 'out-of-oder');
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain('Did you mean --allow out-of-order?');
  });
});

describe('--dry-run', () => {
  it.each(['DELETE', 'WAL'])('changes not a byte with journal_mode %s', async (mode) => {
    const project = makeProject(
      journalFolder([
        ['0000_a', 'CREATE TABLE a (x)'],
        ['0001_b', 'CREATE TABLE b (x)'],
      ]),
    );
    await project.drift('migrate', '--no-check', '--to', '0000_a');
    project.database((db) => db.pragma(`journal_mode = ${mode}`));
    const before = [hashFile(project.file), readdirSync(project.directory).sort()];
    const outcome = await project.drift('migrate', '--dry-run', '--format', 'json');
    expect(outcome.code).toBe(0);
    expect(JSON.parse(outcome.stdout)).toMatchObject({
      status: 'dry-run',
      applied: [{ tag: '0001_b', statements: 1 }],
    });
    expect([hashFile(project.file), readdirSync(project.directory).sort()]).toEqual(before);
  });

  it('makes no database', async () => {
    const project = makeProject(journalFolder([['0000_a', 'CREATE TABLE a (x)']]));
    expect(await project.drift('migrate', '--dry-run')).toMatchObject({ code: 0 });
    expect(readdirSync(project.directory)).not.toContain('app.db');
  });
});

describe('--log', () => {
  it('has a JSON line for each step, and the failure', async () => {
    const project = makeProject(
      journalFolder([
        ['0000_a', 'CREATE TABLE a (x UNIQUE); INSERT INTO a VALUES (1)'],
        ['0001_b', 'INSERT INTO a VALUES (1)'],
      ]),
    );
    await project.drift('migrate', '--no-preflight', '--log', 'steps.jsonl');
    const lines = readFileSync(path.join(project.directory, 'steps.jsonl'), 'utf8').trim().split('\n');
    const events = lines.map((line) => JSON.parse(line) as { type: string; time: string });
    expect(events.map(({ type }) => type)).toEqual([
      'migration',
      'foreign-keys',
      'statement',
      'statement-done',
      'statement',
      'statement-done',
      'foreign-keys',
      'committed',
      'migration',
      'foreign-keys',
      'statement',
      'rolled-back',
      'failed',
    ]);
    for (const { time } of events) expect(Number.isNaN(Date.parse(time))).toBe(false);
  });
});
