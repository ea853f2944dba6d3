import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { planMigration } from '../../src/dialects/sqlite/plan/plan-migration.ts';
import { renderPlan } from '../../src/dialects/sqlite/plan/render-plan.ts';
import { introspect } from '../../src/dialects/sqlite/plan/workbench.ts';
import { readOrphanGuard } from '../../src/dialects/sqlite/run-guard.ts';
import { readScript, type Script } from '../../src/dialects/sqlite/run-script.ts';
import { journalFolder } from '../migrations/folders.ts';
import { makeProject, type TestProject } from './project.ts';

const init = `CREATE TABLE parents (id integer PRIMARY KEY);
  CREATE TABLE children (id integer PRIMARY KEY, parent_id integer REFERENCES parents (id), note text);
  CREATE TABLE others (id integer PRIMARY KEY, parent_id integer REFERENCES parents (id));`;

/** What drift writes to make a column of the children NOT NULL. */
function writeRebuild(): readonly string[] {
  const schemaOf = (sql: string) => {
    const db = new Database(':memory:');
    try {
      return introspect(db.exec(sql));
    } finally {
      db.close();
    }
  };
  const from = schemaOf(init);
  const { plan } = planMigration({
    from,
    renamed: from,
    to: schemaOf(init.replace('note text', 'note text NOT NULL')),
    renames: [],
    backfills: [],
    runner: 'drift',
    engine: null,
    allowDataLoss: false,
    newUniques: 'index',
    broken: [],
  });
  return renderPlan(plan).map(({ sql }) => sql);
}

const join = (statements: readonly string[]): string => statements.join(';\n--> statement-breakpoint\n');

function scriptOf(statements: readonly string[]): Script {
  return readScript({ tag: 'm', file: 'm.sql', sql: join(statements), hash: '', when: 0 });
}

async function prepare(statements: readonly string[], rows: string): Promise<TestProject> {
  const project = makeProject(
    journalFolder([
      ['0000_init', init],
      ['0001_change', join(statements)],
    ]),
  );
  await project.drift('migrate', '--no-check', '--to', '0000_init');
  project.database((db) => {
    db.pragma('foreign_keys = OFF');
    db.exec(`INSERT INTO parents VALUES (1), (2); INSERT INTO children VALUES (10, 1, 'x'); ${rows}`);
  });
  return project;
}

describe('the guard that a migration of drift brings', () => {
  it('is recognised, with the tables that it counts', () => {
    const guard = readOrphanGuard(scriptOf(writeRebuild()));
    expect(guard && [[...guard.before.tables], [...guard.after.tables]]).toEqual([
      ['children'],
      ['children'],
    ]);
  });

  it('counts for nothing where a statement stands outside its two counts, or where its text is another', () => {
    const written = writeRebuild();
    const counting = written.findIndex((sql) => sql.includes('new_orphans') && sql.startsWith('INSERT'));
    expect(counting).toBeGreaterThan(0);
    expect(readOrphanGuard(scriptOf(['DELETE FROM parents', ...written]))).toBeNull();
    expect(readOrphanGuard(scriptOf([...written, 'DELETE FROM parents']))).toBeNull();
    expect(readOrphanGuard(scriptOf(written.slice(0, counting)))).toBeNull();
    const weaker = written.map((sql) =>
      sql.replace("foreign_key_check('children'))", "foreign_key_check('children') LIMIT 0)"),
    );
    expect(readOrphanGuard(scriptOf(weaker))).toBeNull();
  });

  it('does not hide orphans of tables that it does not count', async () => {
    const written = writeRebuild();
    const change = written.findIndex((sql) => sql.startsWith('DROP TABLE'));
    const project = await prepare(
      [...written.slice(0, change), 'INSERT INTO others VALUES (1, 99)', ...written.slice(change)],
      '',
    );
    const outcome = await project.drift('migrate', '--no-check', '--no-preflight');
    expect(outcome.stderr).toContain('others rowid 1 points at a row of parents that is not there');
  });

  it('does not hide a new orphan behind one that is mended, which its own sum would not see', async () => {
    const project = await prepare(writeRebuild(), "INSERT INTO children VALUES (11, 98, 'y')");
    expect(await project.drift('migrate', '--no-check')).toMatchObject({ code: 0, stderr: '' });
    const written = writeRebuild();
    const end = written.findIndex((sql) => sql.includes('new_orphans') && sql.startsWith('INSERT'));
    const swap = ['DELETE FROM children WHERE id = 11', 'INSERT INTO others VALUES (1, 99)'];
    const swapped = await prepare(
      [...written.slice(0, end), ...swap, ...written.slice(end)],
      "INSERT INTO children VALUES (11, 98, 'y')",
    );
    const outcome = await swapped.drift('migrate', '--no-check', '--no-preflight');
    expect(outcome.stderr).toContain('others rowid 1 points at a row of parents');
  });
});
