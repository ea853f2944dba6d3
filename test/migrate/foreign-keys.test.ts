import { describe, expect, it } from 'vitest';
import { journalFolder, type ShortMigration } from '../migrations/folders.ts';
import { makeProject, type TestProject } from './project.ts';

const init: ShortMigration = [
  '0000_init',
  `CREATE TABLE parents (id integer PRIMARY KEY, name text);
   CREATE TABLE children (id integer PRIMARY KEY, parent_id integer REFERENCES parents (id) ON DELETE CASCADE);
   CREATE TABLE strict_children (id integer PRIMARY KEY, parent_id integer REFERENCES parents (id));`,
];

const rows = `INSERT INTO parents VALUES (1, 'a'), (2, 'b');
  INSERT INTO children VALUES (10, 1), (11, 2);
  INSERT INTO strict_children VALUES (20, 2);`;

/** The first migration applied, rows in every table, and the second one pending. */
async function prepare(sql: string, extra = ''): Promise<TestProject> {
  const project = makeProject(journalFolder([init, ['0001_change', sql]]));
  await project.drift('migrate', '--no-check', '--to', '0000_init');
  project.database((db) => {
    db.pragma('foreign_keys = OFF');
    db.exec(rows + extra);
  });
  return project;
}

function read(project: TestProject, sql: string): unknown {
  return project.database((db) => db.prepare(sql).raw().all());
}

const rebuild = `CREATE TABLE __new_parents (id integer PRIMARY KEY, name text NOT NULL);
  INSERT INTO __new_parents (id, name) SELECT id, name FROM parents;
  DROP TABLE parents;
  ALTER TABLE __new_parents RENAME TO parents;`;

describe('foreign keys', () => {
  it('are off while a parent is rebuilt, with and without a PRAGMA in the file', async () => {
    for (const sql of [rebuild, `PRAGMA foreign_keys=OFF;\n${rebuild}\nPRAGMA foreign_keys=ON;`]) {
      const project = await prepare(sql);
      expect(await project.drift('migrate', '--no-check')).toMatchObject({ code: 0, stderr: '' });
      expect(read(project, 'SELECT id FROM children')).toEqual([[10], [11]]);
    }
  });

  it('orphans of a migration abort it, and are named', async () => {
    const lossy = rebuild.replace('FROM parents;', 'FROM parents WHERE id <> 2;');
    const project = await prepare(lossy);
    const outcome = await project.drift('migrate', '--no-check', '--no-preflight');
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain('MIGRATION_ORPHANS');
    expect(outcome.stderr).toContain('0001_change would leave 2 rows');
    expect(outcome.stderr).toContain('children rowid 11 points at a row of parents that is not there');
    expect(outcome.stderr).toContain('strict_children rowid 20 points at a row of parents that is not there');
    expect(read(project, 'SELECT count(*) FROM parents')).toEqual([[2]]);
  });

  it('a row that is inserted without its parent aborts the migration', async () => {
    const project = await prepare('INSERT INTO children VALUES (12, 99)');
    const outcome = await project.drift('migrate', '--no-check', '--no-preflight');
    expect(outcome.stderr).toContain('children rowid 12 points at a row of parents that is not there');
  });

  it('a row that loses its parent by an UPDATE aborts the migration', async () => {
    const project = await prepare('UPDATE strict_children SET parent_id = 77');
    const outcome = await project.drift('migrate', '--no-check', '--no-preflight');
    expect(outcome.stderr).toContain('strict_children rowid 20 points at a row of parents that is not there');
  });

  it('orphans that were there before do not stop a migration, and are not hidden by ones that it mends', async () => {
    const old = 'INSERT INTO children VALUES (30, 500), (31, 501);';
    const kept = await prepare(rebuild, old);
    expect(await kept.drift('migrate', '--no-check')).toMatchObject({ code: 0, stderr: '' });
    const mended = await prepare(
      'DELETE FROM children WHERE id >= 30; INSERT INTO strict_children VALUES (21, 98)',
      old,
    );
    const outcome = await mended.drift('migrate', '--no-check', '--no-preflight');
    expect(outcome.stderr).toContain('would leave 1 row that breaks');
    expect(outcome.stderr).toContain('strict_children rowid 21');
  });

  it('old orphans of a table that is renamed are not new ones', async () => {
    const project = await prepare(
      'ALTER TABLE children RENAME TO kids; DELETE FROM kids WHERE id = 1',
      'INSERT INTO children VALUES (30, 500);',
    );
    expect(await project.drift('migrate', '--no-check', '--no-preflight')).toMatchObject({
      code: 0,
      stderr: '',
    });
  });

  it('ON DELETE does its work in a migration that only deletes rows', async () => {
    const project = await prepare('DELETE FROM parents WHERE id = 1');
    expect(await project.drift('migrate', '--no-check')).toMatchObject({ code: 0, stderr: '' });
    expect(read(project, 'SELECT id FROM children')).toEqual([[11]]);
  });

  it('a parent that is deleted and made again within the migration is no orphan', async () => {
    const project = await prepare(
      "DELETE FROM strict_children; INSERT INTO strict_children VALUES (22, 7); INSERT INTO parents VALUES (7, 'later')",
    );
    expect(await project.drift('migrate', '--no-check')).toMatchObject({ code: 0, stderr: '' });
  });
});
