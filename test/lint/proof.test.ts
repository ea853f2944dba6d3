/** What lint says, held against what happens under the migrators of drizzle-orm. */
import { afterAll, describe, expect, it } from 'vitest';
import { generate, makeProject, type TestProject } from '../generate/projects.ts';
import type { Loose } from '../drizzle/versions.ts';
import { brief, lintSql, withBreakpoints as b } from './linting.ts';
import { generateWithKit, loadBuilders, runUnderDrizzle, type Major } from './migrators.ts';

const majors: readonly Major[] = ['v0', 'v1'];

/** Codes of all that fails the command. */
async function lintCodes(migrations: readonly string[]): Promise<readonly string[]> {
  const found = await lintSql(migrations.at(-1) ?? '', { before: migrations.slice(0, -1) });
  return found.filter(({ hazard }) => hazard.severity !== 'info').map(({ hazard }) => hazard.code);
}

function makeModels(s: Loose, change: 'none' | 'name' | 'child', action: string | undefined): Loose {
  const p = s.sqliteTable('p', {
    id: s.integer('id').primaryKey(),
    name: change === 'name' ? s.text('name').default('anon') : s.text('name'),
  });
  const c = s.sqliteTable('c', {
    id: s.integer('id').primaryKey(),
    pid: s.integer('pid').references(() => p.id, action === undefined ? {} : { onDelete: action }),
    note: change === 'child' ? s.text('note').default('-') : s.text('note'),
  });
  return { p, c };
}

const fill = "INSERT INTO p VALUES (1, 'a'), (2, 'b'); INSERT INTO c VALUES (1, 1, 'x'), (2, 2, 'y');";
const query = 'SELECT count(*) AS n, count(pid) AS linked FROM c';
const whole = { n: 2, linked: 2 };

describe.each(majors)('drizzle-kit %s', (major) => {
  it.each([
    ['cascade', 'drop-cascades', { n: 0, linked: 0 }],
    ['set null', 'drop-cascades', { n: 2, linked: 0 }],
    ['restrict', 'drop-refused', whole],
    [undefined, 'drop-refused', whole],
  ] as const)(
    'a recreate of a parent with %s children is flagged, and does that harm',
    async (action, code, left) => {
      const s = await loadBuilders(major);
      const before = makeModels(s, 'none', action);
      const migrations = [
        await generateWithKit(major, {}, before),
        await generateWithKit(major, before, makeModels(s, 'name', action)),
      ];
      expect(await lintCodes(migrations)).toEqual([code]);
      const { rows, error } = await runUnderDrizzle(major, migrations, fill, query);
      expect(rows).toEqual([left]);
      expect(error === null).toBe(code === 'drop-cascades');
    },
  );

  it('a recreate of a child is silent, and harms nothing', async () => {
    const s = await loadBuilders(major);
    const before = makeModels(s, 'none', 'cascade');
    const migrations = [
      await generateWithKit(major, {}, before),
      await generateWithKit(major, before, makeModels(s, 'child', 'cascade')),
    ];
    expect(migrations[1]).toContain('__new_c');
    expect(await lintSql(migrations[1] ?? '', { before: migrations.slice(0, 1) })).toEqual([]);
    const { rows, error } = await runUnderDrizzle(major, migrations, fill, query);
    expect({ rows, error }).toEqual({ rows: [whole], error: null });
  });

  it('a first migration is silent', async () => {
    const s = await loadBuilders(major);
    expect(await lintSql(await generateWithKit(major, {}, makeModels(s, 'none', 'cascade')))).toEqual([]);
  });

  it('a new column in a table that is made anew is flagged, and fails or writes its name into every row', async () => {
    const s = await loadBuilders(major);
    const before = { t: s.sqliteTable('t', { id: s.integer('id').primaryKey(), name: s.text('name') }) };
    const after = {
      t: s.sqliteTable('t', {
        id: s.integer('id').primaryKey(),
        name: s.text('name').default('anon'),
        extra: s.text('extra').default('none'),
      }),
    };
    const migrations = [
      await generateWithKit(major, {}, before),
      await generateWithKit(major, before, after),
    ];
    const { error, rows } = await runUnderDrizzle(
      major,
      migrations,
      "INSERT INTO t VALUES (1, 'a')",
      'SELECT * FROM t',
    );
    // drizzle-kit 1.0 adds the column before it makes the table anew.
    expect(await lintCodes(migrations)).toEqual(error === null ? [] : ['double-quoted-string']);
    expect(rows).toEqual([error === null ? { id: 1, name: 'a', extra: 'none' } : { id: 1, name: 'a' }]);
    expect(error === null).toBe(major === 'v1');
  });

  it.each([
    ['ALTER TABLE p ADD x text NOT NULL;', 'not-null-without-default'],
    ['ALTER TABLE p ADD x text DEFAULT CURRENT_TIMESTAMP;', 'statement-fails'],
    ['ALTER TABLE p ADD x integer DEFAULT 1 REFERENCES p(id);', 'statement-fails'],
    ['CREATE TABLE a (x); CREATE TABLE d (x);', 'several-statements'],
    ['-- nothing to do', 'no-statement'],
    ['CREATE TABLE a (x);\n--> statement-breakpoint\n', 'no-statement'],
    ['BEGIN;', 'not-in-transaction'],
    ['COMMIT;', 'not-in-transaction'],
    ['VACUUM;', 'not-in-transaction'],
    ['PRAGMA synchronous=OFF;', 'not-in-transaction'],
    ['UPDATE p SET name = "nobody";', 'double-quoted-string'],
    ['ALTER TABLE p ALTER COLUMN name TO name text NOT NULL;', 'libsql-only'],
    ['CREATE UNIQUE INDEX u ON c(note); ', 'constraint-validation'],
  ])('%s is flagged, and fails there', async (sql, code) => {
    const migrations = [
      b(
        'CREATE TABLE p (id integer PRIMARY KEY, name text);\n\nCREATE TABLE c (id integer PRIMARY KEY, pid integer REFERENCES p(id), note text);',
      ),
      sql,
    ];
    expect(await lintCodes(migrations)).toEqual([code]);
    const same = "INSERT INTO p VALUES (1, 'a'), (2, 'b'); INSERT INTO c VALUES (1, 1, 'x'), (2, 2, 'x');";
    const { error } = await runUnderDrizzle(major, migrations, same, query);
    expect(error).not.toBeNull();
  });

  it('the old table renamed away first loses the rows of its children', async () => {
    const migrations = [
      b(
        'CREATE TABLE p (id integer PRIMARY KEY, name text);\n\nCREATE TABLE c (id integer PRIMARY KEY, pid integer REFERENCES p(id) ON DELETE CASCADE, note text);',
      ),
      b(
        'ALTER TABLE p RENAME TO p_old;\n\nCREATE TABLE p (id integer PRIMARY KEY, name text);\n\nINSERT INTO p SELECT * FROM p_old;\n\nDROP TABLE p_old;',
      ),
    ];
    expect(await lintCodes(migrations)).toEqual(['destructive-order', 'drop-cascades']);
    const { rows } = await runUnderDrizzle(major, migrations, fill, query);
    expect(rows).toEqual([{ n: 0, linked: 0 }]);
  });

  it('a table that references itself loses its own rows', async () => {
    const migrations = [
      'CREATE TABLE p (id integer PRIMARY KEY, name text, up integer REFERENCES p(id) ON DELETE CASCADE);',
      b(
        "CREATE TABLE n (id integer PRIMARY KEY, name text DEFAULT '', up integer REFERENCES p(id) ON DELETE CASCADE);\n\nINSERT INTO n SELECT * FROM p;\n\nDROP TABLE p;\n\nALTER TABLE n RENAME TO p;",
      ),
    ];
    expect(await lintCodes(migrations)).toEqual(['drop-cascades']);
    const { rows } = await runUnderDrizzle(
      major,
      migrations,
      "INSERT INTO p VALUES (1, 'root', NULL), (2, 'leaf', 1)",
      'SELECT count(*) AS n FROM p',
    );
    expect(rows).toEqual([{ n: 1 }]);
  });
});

describe('drift generate', () => {
  const projects: TestProject[] = [];
  afterAll(() => {
    for (const project of projects) project.remove();
  });

  const models = (name: string, extra = ''): string => `
import { integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
export const p = sqliteTable('p', { id: integer('id').primaryKey({ autoIncrement: true }), name: ${name}${extra}, n: text('n') }, (t) => [uniqueIndex('p_n').on(t.n)]);
export const c = sqliteTable('c', { id: integer('id').primaryKey(), pid: integer('pid').references(() => p.id, { onDelete: 'cascade' }), other: integer('other').references(() => p.id, { onDelete: 'set null' }), up: integer('up').references((): any => c.id, { onDelete: 'cascade' }) });
`;

  async function write(runner: 'drift' | 'drizzle' | 'd1', change: string): Promise<readonly string[]> {
    const project = makeProject('v0', models("text('name')"));
    projects.push(project);
    const first = await generate(project, { runner, name: 'first' });
    project.write('schema.ts', change);
    const second = await generate(project, { runner, name: 'second' });
    return [first, second].map((result) => (result.status === 'written' ? result.sql : result.status));
  }

  it.each(['drift', 'drizzle', 'd1'] as const)(
    'a rebuild of a parent written for %s is silent',
    async (runner) => {
      const migrations = await write(runner, models("text('name').default('anon')"));
      expect(migrations[1]).toContain('DROP TABLE');
      expect(brief(await lintSql(migrations[1] ?? '', { before: migrations.slice(0, 1) }))).toEqual([]);
    },
  );

  it.each(['drift', 'drizzle', 'd1'] as const)(
    'a careful change of type for %s is silent',
    async (runner) => {
      const change = models("text('name')").replace("n: text('n')", "n: integer('n')");
      const migrations = await write(runner, change);
      expect(brief(await lintSql(migrations[1] ?? '', { before: migrations.slice(0, 1) }))).toEqual([]);
    },
  );
});
