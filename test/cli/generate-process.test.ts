/** `drift generate` and `drift migrate` as users run them, beside the drizzle-kit and drizzle-orm of the project. */
import { createRequire } from 'node:module';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  makeProject,
  repository,
  runKit,
  type DrizzleMajor,
  type TestProject,
} from '../generate/projects.ts';
import { buildOnce, runDrift, type Outcome } from '../support/cli.ts';
import { hasTerminal, typeInto } from './terminal.ts';

beforeAll(() => buildOnce());

const projects: TestProject[] = [];
afterEach(() => {
  for (const project of projects.splice(0)) project.remove();
});

const before = `
import { sql } from 'drizzle-orm';
import { check, index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
export const users = sqliteTable('users', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  email: text('email').notNull().unique(),
  name: text('name'),
  note: text('note'),
}, (t) => [index('users_name').on(t.name), check('name_long', sql\`length(\${t.name}) > 1\`)]);
export const posts = sqliteTable('posts', {
  id: integer('id').primaryKey(),
  author: integer('author').notNull().references(() => users.id, { onDelete: 'cascade' }),
});
`;
/** A renamed column in an index, a column that becomes NOT NULL, and a CHECK less on a parent. */
const after = before
  .replace("name: text('name')", "fullName: text('full_name')")
  .replace("note: text('note')", "note: text('note').notNull()")
  .replace('on(t.name)', 'on(t.fullName)')
  .replace(/, check\('name_long'.*?\)\]/, ']');
const rename = ['--rename', 'column:users.name=full_name'];
const backfill = ['--backfill', "users.note=''"];

async function makeShop(major: DrizzleMajor): Promise<TestProject> {
  const project = makeProject(major, before);
  projects.push(project);
  expect(await drift(project, 'generate', '--name', 'init')).toMatchObject({ code: 0, stderr: '' });
  expect(await drift(project, 'migrate')).toMatchObject({ code: 0, stderr: '' });
  open(project, (database) => {
    database.exec(
      `INSERT INTO users (id, email, name, note) VALUES (7, 'a@x', 'Ann', NULL), (9, 'b@x', 'Bob', 'n')`,
    );
    database.exec('INSERT INTO posts VALUES (1, 7), (2, 7), (3, 9)');
  });
  project.write('schema.ts', after);
  return project;
}

function drift(project: TestProject, ...words: readonly string[]): Promise<Outcome> {
  return runDrift(words, { cwd: project.root });
}

function open<T>(project: TestProject, use: (database: Database.Database) => T): T {
  const database = new Database(path.join(project.root, 'app.db'));
  try {
    return use(database);
  } finally {
    database.close();
  }
}

function filesOf(project: TestProject): readonly string[] {
  return readdirSync(path.join(project.root, 'drizzle'), { recursive: true }).map(String).sort();
}

interface Orm {
  readonly drizzle: (options: { client: Database.Database }) => unknown;
  readonly migrate: (db: unknown, options: { migrationsFolder: string }) => void;
}

/** Loaded by path, since the types of both lines differ and both are called the same way. */
function migrateWithDrizzle(project: TestProject, file: string): number {
  const modules = project.major === 'v0' ? 'node_modules' : 'test/peers/drizzle-v1/node_modules';
  const orm = path.join(repository, modules, 'drizzle-orm');
  const load = createRequire(path.join(orm, 'package.json'));
  const { drizzle } = load(path.join(orm, 'better-sqlite3/index.cjs')) as Pick<Orm, 'drizzle'>;
  const { migrate } = load(path.join(orm, 'better-sqlite3/migrator.cjs')) as Pick<Orm, 'migrate'>;
  const client = new Database(path.join(project.root, file));
  try {
    migrate(drizzle({ client }), { migrationsFolder: path.join(project.root, 'drizzle') });
    return client.prepare('SELECT count(*) FROM __drizzle_migrations').pluck().get() as number;
  } finally {
    client.close();
  }
}

describe.each<DrizzleMajor>(['v0', 'v1'])('beside drizzle %s', (major) => {
  it('goes from models to a database that has them, keeps every row, and back', async () => {
    const project = await makeShop(major);
    const written = await drift(project, 'generate', ...rename, ...backfill, '--down');
    expect(written).toMatchObject({ code: 0, stderr: '' });
    expect(written.stdout).toContain('column users.name is called full_name');
    expect(written.stdout).toContain('Proven on sample rows');
    expect(written.stdout).toContain('The rows of app.db have nothing against it');
    expect(written.stdout).toContain('Next: read it, then drift migrate');

    const migrated = await drift(project, 'migrate');
    expect(migrated).toMatchObject({ code: 0, stderr: '' });
    expect(migrated.stdout).toMatch(/1 migration applied[^]*Up to date/);
    expect(open(project, (db) => db.prepare('SELECT id, full_name, note FROM users').raw().all())).toEqual([
      [7, 'Ann', ''],
      [9, 'Bob', 'n'],
    ]);
    expect(open(project, (db) => db.prepare('SELECT count(*) FROM posts').pluck().get())).toBe(3);

    expect(await drift(project, 'check')).toMatchObject({ code: 0 });
    expect((await drift(project, 'generate')).stdout).toMatch(/^Nothing to do/);
    expect(await runKit(project, 'generate')).toMatch(/No schema changes|no_changes/);
    const rows = migrateWithDrizzle(project, 'app.db');
    expect(rows).toBe(2);
    expect(migrateWithDrizzle(project, 'fresh.db')).toBe(2);

    const tag = /drizzle\/([\w]+)(?:\.sql|\/migration\.sql) is written/.exec(written.stdout)?.[1] ?? '';
    const reverted = await drift(project, 'migrate', '--down', tag);
    expect(reverted).toMatchObject({ code: 0, stderr: '' });
    expect(reverted.stdout).toContain('1 migration taken back');
    expect(open(project, (db) => db.prepare('SELECT id, name FROM users').raw().all())).toEqual([
      [7, 'Ann'],
      [9, 'Bob'],
    ]);
    expect(open(project, (db) => db.prepare('SELECT count(*) FROM posts').pluck().get())).toBe(3);
    expect(await drift(project, 'migrate')).toMatchObject({ code: 0 });
  });

  it('writes the way back from a migration that is there already', async () => {
    const project = await makeShop(major);
    const written = await drift(project, 'generate', ...rename, ...backfill, '--format', 'json');
    const { tag } = JSON.parse(written.stdout) as { tag: string };
    await drift(project, 'migrate');
    const missing = await drift(project, 'migrate', '--down', tag);
    expect(missing.code).toBe(2);
    expect(missing.stderr).toContain(`drift generate --down ${tag}`);
    const asked = await drift(project, 'generate', '--down', tag);
    expect(asked.code).toBe(2);
    expect(asked.stderr).toContain('--rename column:users.full_name=name');
    const back = await drift(project, 'generate', '--down', tag, '--rename', 'column:users.full_name=name');
    expect(back).toMatchObject({ code: 0, stderr: '' });
    expect(back.stdout).toContain(`drift migrate --down ${tag}`);
    expect(await drift(project, 'migrate', '--down', tag)).toMatchObject({ code: 0 });
  });
});

describe('where nobody can answer', () => {
  it('the refusal has the flags, and nothing is written', async () => {
    const project = await makeShop('v0');
    const files = filesOf(project);
    const refused = await drift(project, 'generate');
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(/^error GENERATE_UNANSWERED: .*users\.name/s);
    expect(refused.stderr).toContain('--rename column:users.name=full_name  or  --allow data-loss');
    const json = await drift(project, 'generate', ...rename, '--format', 'json');
    expect(json.code).toBe(2);
    expect(JSON.parse(json.stdout)).toMatchObject({
      formatVersion: 1,
      status: 'failed',
      error: { code: 'GENERATE_UNANSWERED', next: 'Answer with --backfill "users.note=SQL"' },
    });
    expect(json.stderr).toContain('1 row of users has NULL for users.note');
    expect(filesOf(project)).toEqual(files);
  });

  it('what was agreed to is said in the file, so that drift lint does not ask again', async () => {
    const project = await makeShop('v0');
    project.write(
      'schema.ts',
      before.replace("  note: text('note'),\n", '').replace("text('name'),", "text('name').default('x'),"),
    );
    expect(await drift(project, 'generate', '--allow', 'data-loss')).toMatchObject({ code: 0 });
    const lint = await drift(project, 'lint', '--format', 'json');
    const { hazards } = JSON.parse(lint.stdout) as { hazards: readonly { readonly code: string }[] };
    expect(hazards.filter(({ code }) => code === 'data-loss')).toEqual([]);
    expect(lint.stdout).toContain('agreed to when this was generated');
  });

  it('--dry-run shows all of it and writes nothing', async () => {
    const project = await makeShop('v0');
    const files = filesOf(project);
    const shown = await drift(project, 'generate', ...rename, ...backfill, '--dry-run', '--runner', 'd1');
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout).toContain('ALTER TABLE `users` RENAME COLUMN `name` TO `full_name`');
    expect(shown.stdout).toContain('Written for the runner d1: --runner d1 was given.');
    expect(filesOf(project)).toEqual(files);
  });

  it('proves it on a copy of a database that is named, and leaves that alone', async () => {
    const project = await makeShop('v0');
    const content = readFileSync(path.join(project.root, 'app.db'));
    const words = [...rename, ...backfill, '--verify-on', 'app.db'];
    const written = await drift(project, 'generate', ...words);
    expect(written).toMatchObject({ code: 0, stderr: '' });
    expect(written.stdout).toMatch(/Proven on a copy of the\s+database/);
    expect(readFileSync(path.join(project.root, 'app.db')).equals(content)).toBe(true);
  });

  it('says what each proof had rows of, and what the way back was held against', async () => {
    const project = await makeShop('v0');
    open(project, (database) => {
      database.exec('DELETE FROM posts');
    });
    const words = [...rename, ...backfill, '--verify-on', 'app.db'];
    const { stdout } = await drift(project, 'generate', ...words);
    const text = stdout.replace(/\s+/g, ' ');
    expect(text).toMatch(
      /Proven on a copy of the database: the result is what the models say, [^)]*\(there are none in posts\)/,
    );
    expect(text).not.toContain('no sample rows for posts');
    const down = await drift(project, 'generate', '--down', '0000_init', '--allow', 'data-loss', '--dry-run');
    expect(down.stdout.replace(/\s+/g, ' ')).toContain('the result is what the migrations before it made');
  });

  it.each([
    [['--runner', 'drizle'], 'drizzle'],
    [['--allow', 'dataloss'], 'data-loss'],
    [['--custom', '--runner', 'd1'], '--runner'],
    [['--renam', 'x'], '--rename'],
    [['now'], 'now'],
  ])('says what is wrong with %j', async (words, expected) => {
    const project = makeProject('v0', before);
    projects.push(project);
    const refused = await drift(project, 'generate', ...words);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain(expected);
    expect(existsSync(path.join(project.root, 'drizzle'))).toBe(false);
  });
});

describe.runIf(hasTerminal)('on a terminal', () => {
  it('asks what became of a column and what rows shall hold, and writes', async () => {
    const project = await makeShop('v0');
    const { code, screen } = await typeInto(['generate', '--name', 'asked'], project.root, [
      { after: '1–3: ', keys: 'x\r' },
      { after: 'please: ', keys: '1\r' },
      { after: 'nothing to stop: ', keys: "'none'\r" },
    ]);
    expect(screen).toContain('it is called full_name now; keep its values');
    expect(screen).toContain('1 row of users has NULL for users.note');
    expect(code).toBe(0);
    const sql = readFileSync(path.join(project.root, 'drizzle/0001_asked.sql'), 'utf8');
    expect(sql).toContain("coalesce(`note`, 'none')");
  });

  it.each([
    ['Ctrl-C', '\u0003'],
    ['the end of the input', '\u0004'],
    ['the choice to stop', '3\r'],
  ])('%s ends it with exit code 2 and nothing written', async (_name, keys) => {
    const project = await makeShop('v0');
    const files = filesOf(project);
    const { code, screen } = await typeInto(['generate'], project.root, [{ after: '1–3: ', keys }]);
    expect(code).toBe(2);
    expect(screen).toContain('error PROMPT_CANCELLED');
    expect(filesOf(project)).toEqual(files);
  });
});
