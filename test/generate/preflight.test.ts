/** Before a migration is written the rows of the database are asked. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import type { DriftError } from '../../src/errors.ts';
import type { GenerateRequest } from '../../src/stages/generate.ts';
import { runLine } from '../cli/environment.ts';
import { generate, makeProject, type TestProject } from './projects.ts';

const projects: TestProject[] = [];
afterEach(() => {
  for (const project of projects.splice(0)) project.remove();
});

const models = `
import { sql } from 'drizzle-orm';
import { check, integer, sqliteTable, text, unique } from 'drizzle-orm/sqlite-core';
export const users = sqliteTable('users', {
  id: integer('id').primaryKey(),
  email: text('email'),
  name: text('name'),
  age: text('age'),
}, (t) => [/* rules */]);
export const posts = sqliteTable('posts', {
  id: integer('id').primaryKey(),
  author: integer('author').references(() => users.id, { onDelete: 'cascade' }),
});
`;

/** A project whose migrations are applied to a database with rows. */
async function makeShop(rows: readonly string[]): Promise<TestProject> {
  const project = makeProject('v0', models);
  projects.push(project);
  await generate(project, { name: 'init' });
  expect(await runLine('migrate --no-check', { cwd: project.root })).toMatchObject({ code: 0 });
  change(project, rows);
  return project;
}

function change(project: TestProject, statements: readonly string[]): void {
  const database = new Database(path.join(project.root, 'app.db'));
  for (const statement of statements) database.exec(statement);
  database.close();
}

function filesOf(project: TestProject): readonly string[] {
  return readdirSync(path.join(project.root, 'drizzle'), { recursive: true }).map(String).sort();
}

async function refusalOf(
  project: TestProject,
  options: Partial<GenerateRequest> = {},
): Promise<Pick<DriftError, 'code' | 'message' | 'next'>> {
  const before = filesOf(project);
  const outcome = await generate(project, options).then(
    () => null,
    (error: unknown) => error as DriftError,
  );
  expect(filesOf(project)).toEqual(before);
  return { code: outcome?.code ?? 'INTERNAL', message: outcome?.message ?? '', next: outcome?.next ?? '' };
}

const rows = [
  "INSERT INTO users (id, email, name, age) VALUES (1, 'a@x', 'Ann', '30'), (2, NULL, NULL, '007'), (5, NULL, 'Ann', 'old')",
  'INSERT INTO posts VALUES (1, 1), (2, 2)',
];

describe('rows that would break', () => {
  it('are named with their number, their keys and the flag that answers', async () => {
    const project = await makeShop(rows);
    project.write('schema.ts', models.replace("text('email')", "text('email').notNull()"));
    const refusal = await refusalOf(project);
    expect(refusal.code).toBe('GENERATE_UNANSWERED');
    expect(refusal.message).toContain('2 rows of users have NULL for users.email');
    expect(refusal.message).toContain('2; 5');
    expect(refusal.next).toContain('--backfill "users.email=SQL"');
    const result = await generate(project, { backfills: ["users.email='none'"] });
    expect(result).toMatchObject({ status: 'written', preflight: { findings: [], rehearsed: 'with rows' } });
  });

  it('are found behind a rename too, and an expression over the new names answers', async () => {
    const project = await makeShop(rows);
    project.write(
      'schema.ts',
      models
        .replace("name: text('name')", "fullName: text('full_name')")
        .replace("text('email')", "text('email').notNull()"),
    );
    const renames = ['column:users.name=full_name'];
    const refusal = await refusalOf(project, { renames });
    expect(refusal.message).toContain('2 rows of users have NULL for users.email');
    const refused = await refusalOf(project, { renames, backfills: ['users.email=full_name'] });
    expect(refused.message).toContain('1 row of users has NULL for users.email');
    const backfills = ["users.email=coalesce(full_name, 'none')"];
    expect(await generate(project, { renames, backfills })).toMatchObject({
      status: 'written',
      preflight: { findings: [] },
    });
  });

  it('are those that another type would change', async () => {
    const project = await makeShop(rows);
    project.write('schema.ts', models.replace("age: text('age')", "age: integer('age')"));
    const refusal = await refusalOf(project);
    expect(refusal.message).toContain('2 rows of users have values in users.age');
    expect(refusal.next).toContain('--backfill "users.age=SQL"');
    const backfills = ['users.age=CAST(age AS INTEGER)'];
    expect(await generate(project, { backfills })).toMatchObject({ status: 'written' });
  });

  it('are found beside triggers and AUTOINCREMENT too, which a guard of the migration wakes none of', async () => {
    const project = await makeShop(rows);
    await generate(project, { custom: true, name: 'extras' });
    project.write(
      'drizzle/0001_extras.sql',
      'CREATE TRIGGER posts_t AFTER UPDATE ON posts BEGIN UPDATE users SET name = name; END;',
    );
    expect(await runLine('migrate --no-check', { cwd: project.root })).toMatchObject({ code: 0 });
    const changed = models
      .replace("age: text('age')", "age: integer('age')")
      .replace("author: integer('author')", "author: text('author')");
    project.write('schema.ts', changed.replace('.primaryKey()', '.primaryKey({ autoIncrement: true })'));
    const refusal = await refusalOf(project, { runner: 'drizzle' });
    expect(refusal.code).toBe('GENERATE_UNANSWERED');
    expect(refusal.next).toContain('--backfill "users.age=SQL"');
  });

  it.each([
    ['unique().on(t.name)', 'more than once', '1 value is in users'],
    ["check('adult', sql`${t.id} < 4`)", 'adult', '1 row of users'],
  ])('without a flag that could answer: %s', async (rule, name, count) => {
    const project = await makeShop(rows);
    project.write('schema.ts', models.replace('/* rules */', rule));
    const refusal = await refusalOf(project);
    expect(refusal.code).toBe('GENERATE_ROWS_REFUSED');
    expect(refusal.message).toContain(name);
    expect(refusal.message).toContain(count);
    expect(refusal.next).toContain('--no-preflight');
    expect(await generate(project, { preflight: false })).toMatchObject({
      status: 'written',
      preflight: null,
    });
  });
});

describe('what was added by hand', () => {
  const changed = models.replace("age: text('age')", "age: text('age').default('x')");
  const things: readonly [statement: string, name: string][] = [
    ['CREATE TRIGGER audit AFTER INSERT ON users BEGIN SELECT 1; END', 'trigger audit on users'],
    ['CREATE INDEX hotfix ON users (email)', 'index hotfix on users'],
  ];

  it.each(things)('to a table that is made anew is kept by drift migrate: %s', async (statement, name) => {
    const project = await makeShop(rows);
    change(project, [statement]);
    project.write('schema.ts', changed);
    const result = await generate(project, { runner: 'drift' });
    const [finding] = result.status === 'written' ? (result.preflight?.findings ?? []) : [];
    expect(finding).toMatchObject({ code: 'hand-made', severity: 'warning' });
    expect(finding?.message).toContain(`${name} was made by hand`);
  });

  it.each(things)(
    'to a table that is made anew is lost under another runner: %s',
    async (statement, name) => {
      const project = await makeShop(rows);
      change(project, [statement]);
      project.write('schema.ts', changed);
      const refusal = await refusalOf(project, { runner: 'drizzle' });
      expect(refusal.code).toBe('GENERATE_ROWS_REFUSED');
      expect(refusal.message).toContain(`${name} is in the database and in no migration`);
    },
  );

  it('as a column of a table that is made anew is refused', async () => {
    const project = await makeShop(rows);
    change(project, ['ALTER TABLE users ADD COLUMN nick text', "UPDATE users SET nick = 'x'"]);
    project.write('schema.ts', changed);
    const refusal = await refusalOf(project, { runner: 'drift' });
    expect(refusal.code).toBe('GENERATE_ROWS_REFUSED');
    expect(refusal.message).toMatch(/users\.nick was made by hand, .* rows? holds? a value/);
  });

  it('elsewhere is nobody’s business', async () => {
    const project = await makeShop(rows);
    change(project, ['CREATE INDEX hotfix ON posts (author)', 'CREATE TABLE legacy (id integer)']);
    project.write('schema.ts', models.replace("age: text('age')", "age: text('age').default('x')"));
    expect(await generate(project)).toMatchObject({ status: 'written', preflight: { findings: [] } });
  });
});

describe('a database that cannot be asked', () => {
  const changed = models.replace("text('email')", "text('email').notNull()");

  it('is no obstacle where it is not there', async () => {
    const project = makeProject('v0', models);
    projects.push(project);
    const result = await generate(project);
    expect(result).toMatchObject({ status: 'written', preflight: { target: null, findings: [] } });
    expect(result.status === 'written' && result.preflight?.note).toMatch(/^No rows were looked at: /);
    expect(readdirSync(project.root)).not.toContain('app.db');
  });

  it('is no obstacle where the config names none', async () => {
    const project = await makeShop(rows);
    project.write(
      'drizzle.config.ts',
      `export default { dialect: 'sqlite', schema: './schema.ts', out: './drizzle' };`,
    );
    project.write('schema.ts', changed);
    expect(await generate(project)).toMatchObject({ status: 'written', preflight: { target: null } });
  });

  it('is not asked where its own pending migrations do not fit it', async () => {
    const project = await makeShop(rows);
    change(project, ['DELETE FROM __drizzle_migrations']);
    project.write('schema.ts', changed);
    const result = await generate(project);
    expect(result.status === 'written' && result.preflight?.note).toContain('0000_init');
  });

  it('has what is pending before the new migration counted in', async () => {
    const project = await makeShop(rows);
    const pending = models.replace("age: text('age'),", "age: text('age'), nick: text('nick'),");
    project.write('schema.ts', pending);
    expect(await generate(project)).toMatchObject({ status: 'written' });
    project.write('schema.ts', pending.replace("text('email')", "text('email').notNull()"));
    expect((await refusalOf(project)).message).toContain('2 rows of users have NULL');
  });
});
