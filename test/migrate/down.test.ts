import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { datedFolder, journalFolder } from '../migrations/folders.ts';
import { hashFile, makeProject, type TestProject } from './project.ts';

const up = [
  'CREATE TABLE users (id integer PRIMARY KEY);',
  'ALTER TABLE users ADD name text;',
  'CREATE INDEX users_name ON users (name);',
];
const back = ['DROP TABLE users;', 'ALTER TABLE users DROP COLUMN name;', 'DROP INDEX users_name;'];

const folders = {
  v0: {
    tags: ['0000_a', '0001_b', '0002_c'],
    up: journalFolder(up.map((sql, at) => [`000${String(at)}_${'abc'[at] ?? ''}`, sql])),
    down: (at: number) => `000${String(at)}_${'abc'[at] ?? ''}.down.sql`,
  },
  v1: {
    tags: ['20250101000000_a', '20250102000000_b', '20250103000000_c'],
    up: datedFolder(up.map((sql, at) => [`2025010${String(at + 1)}000000_${'abc'[at] ?? ''}`, sql])),
    down: (at: number) => `2025010${String(at + 1)}000000_${'abc'[at] ?? ''}/down.sql`,
  },
} as const;

async function makeApplied(line: 'v0' | 'v1', downs: readonly number[] = [0, 1, 2]): Promise<TestProject> {
  const { up: files, down } = folders[line];
  const ways = Object.fromEntries(downs.map((at) => [down(at), back[at] ?? '']));
  const project = makeProject({ ...files, ...ways }, '', line);
  expect(await project.drift('migrate', '--no-check')).toMatchObject({ code: 0 });
  return project;
}

function readState(project: TestProject): unknown {
  return project.database((db) => ({
    rows: db.prepare('SELECT count(*) FROM __drizzle_migrations').pluck().get(),
    objects: db
      .prepare(
        "SELECT name FROM sqlite_schema WHERE name NOT LIKE '\\_\\_%' ESCAPE '\\' AND sql IS NOT NULL ORDER BY name",
      )
      .pluck()
      .all(),
    columns: db.prepare("SELECT name FROM pragma_table_info('users')").pluck().all(),
  }));
}

describe.each(['v0', 'v1'] as const)('drift migrate --down in a folder of Drizzle %s', (line) => {
  const { tags } = folders[line];

  it('takes the migration back and all that came after it, with their rows', async () => {
    const project = await makeApplied(line);
    const outcome = await project.drift('migrate', '--down', tags[1] ?? '', '--no-check');
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(outcome.stdout).toMatch(
      new RegExp(`2 migrations taken back\\n  ${tags[2] ?? ''}.*\\n  ${tags[1] ?? ''}`),
    );
    expect(readState(project)).toEqual({ rows: 1, objects: ['users'], columns: ['id'] });
    // What was taken back is pending, and can be applied again.
    expect(await project.drift('migrate', '--no-check')).toMatchObject({ code: 0 });
    expect(readState(project)).toEqual({
      rows: 3,
      objects: ['users', 'users_name'],
      columns: ['id', 'name'],
    });
  });

  it('runs nothing where one way back is missing, and names the command that writes it', async () => {
    const project = await makeApplied(line, [0, 2]);
    const before = hashFile(project.file);
    const outcome = await project.drift('migrate', '--down', tags[0] ?? '', '--no-check');
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain('error MIGRATE_DOWN_MISSING');
    expect(outcome.stderr).toContain(`drift generate --down ${tags[1] ?? ''}`);
    expect(hashFile(project.file)).toBe(before);
  });
});

describe('drift migrate --down', () => {
  it('changes nothing with --dry-run', async () => {
    const project = await makeApplied('v0');
    const before = hashFile(project.file);
    const outcome = await project.drift('migrate', '--down', '0002_c', '--dry-run');
    expect(outcome).toMatchObject({ code: 0 });
    expect(outcome.stdout).toContain('1 migration would be taken back; nothing was changed');
    expect(hashFile(project.file)).toBe(before);
  });

  it('keeps a migration whole where its way back fails', async () => {
    const project = await makeApplied('v0');
    project.write({ 'drizzle/0002_c.down.sql': 'DROP INDEX users_name;\nDROP TABLE nowhere;' });
    const before = readState(project);
    const outcome = await project.drift('migrate', '--down', '0002_c', '--no-check', '--no-preflight');
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain('error MIGRATION_FAILED');
    expect(readState(project)).toEqual(before);
  });

  it('refuses what would leave rows without their parents', async () => {
    const project = makeProject({
      ...journalFolder([
        ['0000_a', 'CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE c (p integer REFERENCES p(id));'],
        ['0001_b', 'INSERT INTO p VALUES (1);'],
      ]),
      '0001_b.down.sql': 'DROP TABLE p; CREATE TABLE p (id integer PRIMARY KEY);',
    });
    await project.drift('migrate', '--no-check');
    project.database((db) => db.exec('INSERT INTO c VALUES (1)'));
    const outcome = await project.drift('migrate', '--down', '0001_b', '--no-check', '--no-preflight');
    expect(outcome).toMatchObject({ code: 2 });
    expect(outcome.stderr).toContain('error MIGRATION_ORPHANS');
    expect(project.database((db) => db.prepare('SELECT count(*) FROM p').pluck().get())).toBe(1);
  });

  it.each([
    ['0009_x', 'MIGRATION_NOT_FOUND'],
    ['0002_c', 'MIGRATE_DOWN_NOT_APPLIED'],
  ])('refuses %s with %s', async (tag, code) => {
    const project = await makeApplied('v0');
    await project.drift('migrate', '--down', '0002_c', '--no-check');
    const outcome = await project.drift('migrate', '--down', tag);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain(`error ${code}`);
  });

  it('goes by the order in which they were applied, and stops at one that the folder has not', async () => {
    const project = await makeApplied('v0');
    project.database((db) =>
      db.exec("INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('beef', 1)"),
    );
    const outcome = await project.drift('migrate', '--down', '0002_c', '--no-check');
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain('error MIGRATE_UNKNOWN_APPLIED');
    expect(
      await project.drift('migrate', '--down', '0002_c', '--no-check', '--allow', 'unknown'),
    ).toMatchObject({ code: 0 });
  });

  it('refuses a migration that was edited after it had been applied', async () => {
    const project = await makeApplied('v0');
    project.write({ 'drizzle/0002_c.sql': `${up[2] ?? ''}\nCREATE TABLE more (id integer);` });
    const outcome = await project.drift('migrate', '--down', '0002_c', '--no-check');
    expect(outcome.stderr).toContain('error MIGRATE_EDITED');
  });

  it('says what was taken back before it went wrong', async () => {
    const project = await makeApplied('v0');
    project.write({ [`drizzle/${folders.v0.down(1)}`]: 'DROP TABLE nowhere;' });
    const words = ['migrate', '--down', '0000_a', '--no-check', '--no-preflight', '--format', 'json'];
    const outcome = await project.drift(...words);
    expect(outcome.code).toBe(2);
    expect(JSON.parse(outcome.stdout)).toMatchObject({
      status: 'failed',
      reverted: [{ tag: '0002_c' }],
      error: { code: 'MIGRATION_FAILED' },
    });
  });

  it('is one JSON document, and one line of the log for each that was taken back', async () => {
    const project = await makeApplied('v0');
    const words = ['migrate', '--down', '0001_b', '--no-check', '--format', 'json', '--log', 'log.jsonl'];
    const outcome = await project.drift(...words);
    expect(JSON.parse(outcome.stdout)).toMatchObject({
      formatVersion: 1,
      status: 'done',
      reverted: [{ tag: '0002_c' }, { tag: '0001_b' }],
      backup: null,
    });
    const lines = readFileSync(path.join(project.directory, 'log.jsonl'), 'utf8').trim().split('\n');
    const types = lines.map((line) => (JSON.parse(line) as { type: string }).type);
    expect(types.filter((type) => type === 'reverted')).toHaveLength(2);
  });

  it('exits 0 where what is pending again is all that is left', async () => {
    const models = `
import { sqliteTable, integer, text, index } from 'drizzle-orm/sqlite-core';
export const users = sqliteTable('users', { id: integer('id').primaryKey(), name: text('name') }, (t) => [index('users_name').on(t.name)]);
`;
    const project = await makeApplied('v0');
    project.write({ 'schema.ts': models });
    const outcome = await project.drift('migrate', '--down', '0001_b');
    expect(outcome).toMatchObject({ code: 0 });
    expect(outcome.stdout).toContain('drift migrate');
  });
});

describe('what ANALYZE found out', () => {
  const rebuild = `CREATE TABLE __new (id integer PRIMARY KEY, name text NOT NULL);
INSERT INTO __new (id, name) SELECT id, name FROM users;
DROP TABLE users;
ALTER TABLE __new RENAME TO users;
CREATE INDEX users_name ON users (name);`;

  async function analyse(migration: string): Promise<readonly unknown[]> {
    const init =
      'CREATE TABLE users (id integer PRIMARY KEY, name text); CREATE INDEX users_name ON users (name);';
    const project = makeProject(
      journalFolder([
        ['0000_a', init],
        ['0001_b', migration],
      ]),
    );
    await project.drift('migrate', '--no-check', '--to', '0000_a');
    project.database((db) => db.exec("INSERT INTO users VALUES (1, 'a'), (2, 'a'); ANALYZE"));
    const before = project.database((db) =>
      db.prepare("SELECT * FROM sqlite_stat1 WHERE tbl NOT LIKE '\\_\\_%' ESCAPE '\\'").all(),
    );
    expect(await project.drift('migrate', '--no-check')).toMatchObject({ code: 0 });
    const after = project.database((db) =>
      db.prepare("SELECT * FROM sqlite_stat1 WHERE tbl NOT LIKE '\\_\\_%' ESCAPE '\\'").all(),
    );
    expect(before).toEqual([{ tbl: 'users', idx: 'users_name', stat: '2 2' }]);
    return after;
  }

  it('outlives a rebuild', async () => {
    expect(await analyse(rebuild)).toEqual([{ tbl: 'users', idx: 'users_name', stat: '2 2' }]);
  });

  it('follows a table to its new name', async () => {
    expect(await analyse('ALTER TABLE users RENAME TO people;')).toEqual([
      { tbl: 'people', idx: 'users_name', stat: '2 2' },
    ]);
  });

  it('goes with a dropped table, and with an index that is another one now', async () => {
    expect(await analyse('DROP TABLE users;')).toEqual([]);
    expect(await analyse(rebuild.replace('users (name)', 'users (id, name)'))).toEqual([]);
  });

  it('is left to a migration that sees to it itself', async () => {
    expect(await analyse(`${rebuild}\nDELETE FROM sqlite_stat1;`)).toEqual([]);
  });
});
