/** What `drift generate` wrote, and a person answered for, has nothing left that `drift lint` would ask about. */
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { runnerForms, type RunnerForm } from '../../src/plan/plan.ts';
import { runLine } from '../cli/environment.ts';
import { generate, makeProject, type TestProject } from '../generate/projects.ts';

const projects: TestProject[] = [];
afterAll(() => {
  for (const project of projects) project.remove();
});

interface Answered {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  /** Statements of a migration written by hand, after the first. */
  readonly custom?: string;
  readonly renames?: readonly string[];
  readonly backfills?: readonly string[];
  readonly allowDataLoss?: boolean;
  readonly allowHandMade?: boolean;
}

const imports = `
import { sql } from 'drizzle-orm';
import { check, foreignKey, index, integer, primaryKey, real, sqliteTable, sqliteView, text, unique, uniqueIndex } from 'drizzle-orm/sqlite-core';
`;
const child = `export const c = sqliteTable('c', { id: integer('id').primaryKey(), pid: integer('pid').references(() => p.id, { onDelete: 'cascade' }), word: text('word') });`;

const p = (columns: string, extras = ''): string => `
export const p = sqliteTable('p', { id: integer('id').primaryKey({ autoIncrement: true }), ${columns} }${extras === '' ? '' : `, (t) => [${extras}]`});
${child}
`;
const plain = p("name: text('name'), n: text('n')");

const cases: readonly Answered[] = [
  { name: 'a dropped column', before: plain, after: p("name: text('name')"), allowDataLoss: true },
  {
    name: 'a dropped column that makes the table anew',
    before: p("name: text('name'), n: text('n').unique()"),
    after: p("name: text('name').default('x')"),
    allowDataLoss: true,
  },
  {
    name: 'a dropped table',
    before: `${plain} export const d = sqliteTable('d', { id: integer('id').primaryKey(), pid: integer('pid').references(() => p.id) });`,
    after: plain,
    allowDataLoss: true,
  },
  {
    name: 'a dropped parent and the foreign key to it',
    before: plain,
    after: `export const c = sqliteTable('c', { id: integer('id').primaryKey(), pid: integer('pid'), word: text('word') });`,
    allowDataLoss: true,
  },
  {
    name: 'a dropped parent and the column that pointed at it',
    before: plain,
    after: `export const c = sqliteTable('c', { id: integer('id').primaryKey(), word: text('word') });`,
    allowDataLoss: true,
  },
  {
    name: 'a dropped parent with its child',
    before: `${plain} export const d = sqliteTable('d', { id: integer('id').primaryKey() });`,
    after: `export const d = sqliteTable('d', { id: integer('id').primaryKey() });`,
    allowDataLoss: true,
  },
  {
    name: 'a new NOT NULL column that is filled',
    before: plain,
    after: p("name: text('name'), n: text('n'), extra: text('extra').notNull()"),
    backfills: ["p.extra='none'"],
  },
  {
    name: 'a new NOT NULL column that is filled from another which goes',
    before: plain,
    after: p("name: text('name'), extra: text('extra').notNull()"),
    backfills: ["p.extra=coalesce(n, '')"],
    allowDataLoss: true,
  },
  {
    name: 'a column that becomes NOT NULL and is filled',
    before: plain,
    after: p("name: text('name').notNull(), n: text('n')"),
    backfills: ["p.name=''"],
  },
  {
    name: 'a column that becomes NOT NULL, where no row is empty',
    before: plain,
    after: p("name: text('name').notNull(), n: text('n')"),
  },
  {
    name: 'a type that is converted',
    before: plain,
    after: p("name: text('name'), n: integer('n')"),
    backfills: ['p.n=CAST(n AS INTEGER)'],
  },
  {
    name: 'a type that is changed, and stops at what does not fit',
    before: plain,
    after: p("name: text('name'), n: integer('n')"),
  },
  {
    name: 'numbers that become texts',
    before: p("name: text('name'), n: integer('n')"),
    after: p("name: text('name'), n: text('n')"),
  },
  {
    name: 'real numbers that become texts',
    before: p("name: text('name'), n: real('n')"),
    after: p("name: text('name'), n: text('n')"),
  },
  {
    name: 'whole numbers that become real ones',
    before: p("name: text('name'), n: integer('n')"),
    after: p("name: text('name'), n: real('n')"),
  },
  {
    name: 'texts that become NOT NULL numbers',
    before: plain,
    after: p("name: text('name'), n: integer('n').notNull()"),
    backfills: ['p.n=CAST(coalesce(n, 0) AS INTEGER)'],
  },
  {
    name: 'a unique index on what was not unique',
    before: plain,
    after: p("name: text('name'), n: text('n')", "uniqueIndex('p_n').on(t.n)"),
  },
  {
    name: 'a unique index with an expression',
    before: plain,
    after: p("name: text('name'), n: text('n')", "uniqueIndex('p_n').on(sql`lower(${t.n})`)"),
  },
  {
    name: 'a unique constraint',
    before: plain,
    after: p("name: text('name'), n: text('n').unique()"),
  },
  {
    name: 'a check',
    before: plain,
    after: p("name: text('name'), n: text('n')", "check('n_long', sql`length(${t.n}) > 0`)"),
  },
  {
    name: 'a check that changes',
    before: p("name: text('name'), n: text('n')", "check('n_long', sql`length(${t.n}) > 0`)"),
    after: p("name: text('name'), n: text('n')", "check('n_long', sql`length(${t.n}) <> 0`)"),
  },
  {
    name: 'a check that goes',
    before: p("name: text('name'), n: text('n')", "check('n_long', sql`length(${t.n}) > 0`)"),
    after: plain,
  },
  {
    name: 'a foreign key on a column that is there',
    before: p("name: text('name'), n: integer('n')"),
    after: p("name: text('name'), n: integer('n').references((): any => p.id)"),
  },
  {
    name: 'a foreign key with another action',
    before: plain,
    after: plain.replace("'cascade'", "'set null'"),
  },
  {
    name: 'a foreign key that goes',
    before: plain,
    after: plain.replace(".references(() => p.id, { onDelete: 'cascade' })", ''),
  },
  {
    name: 'another primary key',
    before: `export const k = sqliteTable('k', { a: text('a').notNull(), b: text('b').notNull() }, (t) => [primaryKey({ columns: [t.a, t.b] })]);`,
    after: `export const k = sqliteTable('k', { a: text('a').primaryKey(), b: text('b').notNull() });`,
  },
  {
    name: 'a unique constraint that goes',
    before: p("name: text('name'), n: text('n').unique()"),
    after: plain,
  },
  {
    name: 'a column that is renamed',
    before: plain,
    after: p("fullName: text('full_name'), n: text('n')"),
    renames: ['column:p.name=full_name'],
  },
  {
    name: 'a column that is renamed and becomes NOT NULL',
    before: plain,
    after: p("fullName: text('full_name').notNull(), n: text('n')"),
    renames: ['column:p.name=full_name'],
    backfills: ["p.full_name=''"],
  },
  {
    name: 'a table that is renamed',
    before: plain,
    after: plain.replaceAll("sqliteTable('p'", "sqliteTable('people'"),
    renames: ['table:p=people'],
  },
  {
    name: 'a table that is renamed and made anew without a column',
    before: plain,
    after: p("name: text('name').default('x')").replaceAll("sqliteTable('p'", "sqliteTable('people'"),
    renames: ['table:p=people'],
    allowDataLoss: true,
  },
  {
    name: 'a view that goes',
    before: `${plain} export const v = sqliteView('v').as((qb) => qb.select({ id: p.id }).from(p));`,
    after: plain,
  },
  {
    name: 'a view that changes with its table',
    before: `${plain} export const v = sqliteView('v').as((qb) => qb.select({ id: p.id, n: p.n }).from(p));`,
    after: `${p("name: text('name').default('x')")} export const v = sqliteView('v').as((qb) => qb.select({ id: p.id }).from(p));`,
    allowDataLoss: true,
  },
  {
    name: 'a view and an index of a migration written by hand',
    before: plain,
    custom: 'CREATE VIEW hand AS SELECT id FROM p;\n--> statement-breakpoint\nCREATE INDEX hand_n ON p (n);',
    after: p("name: text('name').default('x'), n: text('n')"),
    allowHandMade: true,
  },
  {
    name: 'a trigger on a table that goes',
    before: `${plain} export const d = sqliteTable('d', { id: integer('id').primaryKey() });`,
    custom: 'CREATE TRIGGER d_t AFTER INSERT ON d BEGIN SELECT 1; END;',
    after: plain,
    allowDataLoss: true,
  },
  {
    name: 'a text search over a table that is made anew',
    before: plain,
    custom:
      "CREATE VIRTUAL TABLE p_fts USING fts5 (name, content='p', content_rowid='id');\n--> statement-breakpoint\nCREATE TRIGGER p_ai AFTER INSERT ON p BEGIN INSERT INTO p_fts (rowid, name) VALUES (new.id, new.name); END;",
    after: p("name: text('name').default('x'), n: text('n')"),
  },
  {
    name: 'a generated column',
    before: plain,
    after: p(
      "name: text('name'), n: text('n'), up: text('up').generatedAlwaysAs(sql`upper(name)`, { mode: 'stored' })",
    ),
  },
  {
    name: 'a NOT NULL generated column',
    before: plain,
    after: p(
      "name: text('name'), n: text('n'), up: text('up').notNull().generatedAlwaysAs(sql`upper(name)`, { mode: 'virtual' })",
    ),
  },
  {
    name: 'a new column with a default that is computed',
    before: plain,
    after: p("name: text('name'), n: text('n'), at: text('at').notNull().default(sql`CURRENT_TIMESTAMP`)"),
  },
  {
    name: 'a new reference that is filled',
    before: plain,
    after: p("name: text('name'), n: text('n'), up: integer('up').notNull().references((): any => p.id)"),
    backfills: ['p.up=id'],
  },
  {
    name: 'a new unique column that is filled',
    before: plain,
    after: p("name: text('name'), n: text('n'), slug: text('slug').notNull().unique()"),
    backfills: ["p.slug='p' || id"],
  },
  {
    name: 'a parent and its child that change together',
    before: plain,
    after: p("name: text('name').default('x'), n: text('n')").replace(
      "text('word')",
      "text('word').notNull()",
    ),
    backfills: ["c.word=''"],
  },
  {
    name: 'an AUTOINCREMENT that goes',
    before: plain,
    after: plain.replace('primaryKey({ autoIncrement: true })', 'primaryKey()'),
  },
];

/** Rows that no rule of any case is against, so far as the tables are there. */
const rows = [
  "INSERT INTO p (id, name, n) VALUES (3, 'ann', '3'), (5, 'bob', '5')",
  'INSERT INTO c VALUES (1, 3, NULL), (2, 5, NULL)',
  'INSERT INTO d (id) VALUES (7)',
  "INSERT INTO k VALUES ('a', 'b'), ('c', 'd')",
];

async function prepare({ before, custom }: Answered, hasDatabase: boolean): Promise<TestProject> {
  const project = makeProject('v0', imports + before);
  projects.push(project);
  await generate(project, { name: 'first', runner: 'drift' });
  if (custom !== undefined) {
    const made = await generate(project, { custom: true, name: 'hand' });
    if (made.status !== 'written') throw new Error(made.status);
    project.write(path.relative(project.root, made.files[0] ?? ''), custom);
  }
  if (!hasDatabase) return project;
  const migrated = await runLine(['migrate'], { cwd: project.root });
  // A view or index that was made by hand is not in the models.
  expect(migrated.code, migrated.stderr).toBe(custom?.includes('hand') === true ? 1 : 0);
  const database = new Database(path.join(project.root, 'app.db'));
  try {
    for (const row of rows) {
      const table = /INTO (\w+)/.exec(row)?.[1] ?? '';
      const columns = database.pragma(`table_info(${table})`) as readonly unknown[];
      if (columns.length > 0) database.exec(row);
    }
  } finally {
    database.close();
  }
  return project;
}

async function answer(project: TestProject, { after, ...answers }: Answered, runner: RunnerForm) {
  project.write('schema.ts', imports + after);
  const { renames = [], backfills = [], allowDataLoss = false, allowHandMade = false } = answers;
  return generate(project, { runner, name: 'second', renames, backfills, allowDataLoss, allowHandMade });
}

/** What fails the command, and its exit code. */
async function lint(project: TestProject) {
  const kept = await runLine(['lint', '--format', 'json'], { cwd: project.root });
  const { hazards } = JSON.parse(kept.stdout) as Report;
  const failing = hazards.filter(({ level }) => level !== 'note');
  return { code: kept.code, hazards: failing.map((one) => `${one.code}:${String(one.line)} ${one.message}`) };
}

interface Report {
  readonly hazards: readonly {
    readonly level: string;
    readonly code: string;
    readonly line: number;
    readonly message: string;
  }[];
}

describe.each(runnerForms)('drift generate --runner %s and an answer to every question', (runner) => {
  it.each(cases)('$name: lint has nothing to add', async (one) => {
    const project = await prepare(one, true);
    const result = await answer(project, one, runner);
    expect(result).toMatchObject({ status: 'written', preflight: { note: null } });
    expect([await lint(project), result.status === 'written' ? result.sql : '']).toEqual([
      { code: 0, hazards: [] },
      expect.anything(),
    ]);
  });
});

describe('drift generate where no rows could be looked at', () => {
  it.each([
    ['a column that becomes NOT NULL, where no row is empty', 'not-null-without-default'],
    ['a unique index on what was not unique', 'constraint-validation'],
    ['a check', 'constraint-validation'],
  ])('%s: it says what lint says', async (name, code) => {
    const one = cases.find((candidate) => candidate.name === name);
    if (one === undefined) throw new Error(name);
    const project = await prepare(one, false);
    const result = await answer(project, one, 'drift');
    expect(result).toMatchObject({ status: 'written', preflight: { target: null } });
    const said = 'hazards' in result ? result.hazards.map((hazard) => hazard.code) : [];
    expect(said).toContain(code);
    const { hazards } = await lint(project);
    expect(hazards).toEqual([expect.stringContaining(code)]);
  });
});
