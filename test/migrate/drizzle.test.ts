/** Beside drizzle-orm's own migrators: the same rows, the same table, and either can go on where the other stopped. */
import { createRequire } from 'node:module';
import path from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { datedFolder, journalFolder, runKit } from '../migrations/folders.ts';
import { makeProject, type TestProject } from './project.ts';

const root = path.resolve(import.meta.dirname, '../..');
const lines = {
  v0: path.join(root, 'node_modules/drizzle-orm'),
  v1: path.join(root, 'test/peers/drizzle-v1/node_modules/drizzle-orm'),
} as const;

interface Orm {
  readonly drizzle: (options: { client: Database.Database }) => unknown;
  readonly migrate: (db: unknown, options: { migrationsFolder: string }) => void;
}

/** Loaded by path: the types of the two lines differ, and both are called the same way. */
function loadOrm(line: keyof typeof lines): Orm {
  const load = createRequire(path.join(lines[line], 'package.json'));
  const { drizzle } = load(path.join(lines[line], 'better-sqlite3/index.cjs')) as Pick<Orm, 'drizzle'>;
  const { migrate } = load(path.join(lines[line], 'better-sqlite3/migrator.cjs')) as Pick<Orm, 'migrate'>;
  return { drizzle, migrate };
}

function migrateWithDrizzle(line: keyof typeof lines, project: TestProject, file = project.file): void {
  const { drizzle, migrate } = loadOrm(line);
  const client = new Database(file);
  try {
    migrate(drizzle({ client }), { migrationsFolder: path.join(project.directory, 'drizzle') });
  } finally {
    client.close();
  }
}

function readTable(file: string): unknown {
  const database = new Database(file);
  try {
    const definition: unknown = database
      .prepare("SELECT sql FROM sqlite_schema WHERE name = '__drizzle_migrations'")
      .pluck()
      .get();
    const rows = database
      .prepare('SELECT *, typeof(created_at) AS kind FROM __drizzle_migrations')
      .all() as Record<string, unknown>[];
    return { definition, rows: rows.map((row) => ({ ...row, applied_at: typeof row['applied_at'] })) };
  } finally {
    database.close();
  }
}

const short = [
  ['CREATE TABLE a (x integer)', 'CREATE TABLE b (x integer)'],
  ['ALTER TABLE a ADD y text', 'INSERT INTO a VALUES (1, 2)'],
  ['CREATE TABLE c (x integer)'],
].map((statements) => statements.join(';\n--> statement-breakpoint\n'));

const folders = {
  v0: journalFolder(short.map((sql, at) => [`000${String(at)}_m`, sql])),
  v1: datedFolder(short.map((sql, at) => [`2025010${String(at + 1)}000000_m`, sql])),
} as const;

describe.each(['v0', 'v1'] as const)('drizzle-orm %s', (line) => {
  it('writes the same table and the same rows', async () => {
    const project = makeProject(folders[line]);
    expect(await project.drift('migrate', '--no-check')).toMatchObject({ code: 0 });
    const theirs = path.join(project.directory, 'theirs.db');
    migrateWithDrizzle(line, project, theirs);
    expect(readTable(project.file)).toEqual(readTable(theirs));
  });

  it('goes on where drift stopped, and drift where it stopped', async () => {
    const tags = Object.keys(folders[line]).flatMap(
      (name) => /^(\w+)(?:\.sql|\/migration\.sql)$/.exec(name)?.[1] ?? [],
    );
    const project = makeProject(folders[line]);
    expect(await project.drift('migrate', '--no-check', '--to', tags[0] ?? '')).toMatchObject({ code: 0 });
    migrateWithDrizzle(line, project);
    const count = (): unknown =>
      project.database((db) => db.prepare('SELECT count(*) FROM __drizzle_migrations').pluck().get());
    expect(count()).toBe(3);
    const again = await project.drift('migrate', '--no-check');
    expect(again.stdout).toContain('nothing to apply');
    expect(count()).toBe(3);
  });
});

it('a table of drizzle-orm 0.x under a folder of 1.0 goes on to work with drizzle-orm 1.0', async () => {
  const project = makeProject(folders.v1);
  // As after `drizzle-kit up`: the rows carry times without names.
  project.database((db) => {
    db.exec(
      'CREATE TABLE "__drizzle_migrations" (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric)',
    );
  });
  expect(await project.drift('migrate', '--no-check')).toMatchObject({ code: 0 });
  migrateWithDrizzle('v1', project);
  const names = project.database((db) => db.prepare('SELECT name FROM __drizzle_migrations').pluck().all());
  expect(names).toEqual(['20250101000000_m', '20250102000000_m', '20250103000000_m']);
});

/** The same tables before and after a change that SQLite has no ALTER for. */
const modelsOf = (name: string): string => `
import { sqliteTable, integer, text } from 'drizzle-orm/sqlite-core';
export const authors = sqliteTable('authors', { id: integer('id').primaryKey(), name: ${name} });
export const posts = sqliteTable('posts', {
  id: integer('id').primaryKey(),
  authorId: integer('author_id').references(() => authors.id, { onDelete: 'cascade' }),
});
export const notes = sqliteTable('notes', {
  id: integer('id').primaryKey(),
  authorId: integer('author_id').references(() => authors.id, { onDelete: 'set null' }),
});
`;

/** A parent with CASCADE and SET NULL children, filled, and drizzle-kit's own recreate of the parent pending. */
async function makeRecreate(): Promise<TestProject> {
  const project = makeProject({}, modelsOf("text('name')"));
  runKit('v0', project.directory, ['generate', '--config', 'drizzle.config.json', '--name', 'init']);
  await project.drift('migrate', '--no-check');
  project.database((db) => {
    db.exec(
      "INSERT INTO authors VALUES (1, 'a'), (2, 'b'); INSERT INTO posts VALUES (1, 1), (2, 1), (3, 2); INSERT INTO notes VALUES (1, 1)",
    );
  });
  project.write({ 'schema.ts': modelsOf("text('name').notNull()") });
  runKit('v0', project.directory, ['generate', '--config', 'drizzle.config.json', '--name', 'recreate']);
  return project;
}

function countChildren(project: TestProject): unknown {
  return project.database((db) =>
    db
      .prepare('SELECT (SELECT count(*) FROM posts) AS posts, (SELECT count(author_id) FROM notes) AS notes')
      .get(),
  );
}

describe("drizzle-kit 0.31's recreate of a parent", () => {
  it('keeps the children under drift migrate', async () => {
    const project = await makeRecreate();
    const outcome = await project.drift('migrate');
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(countChildren(project)).toEqual({ posts: 3, notes: 1 });
    expect(project.database((db) => db.pragma('foreign_key_check'))).toEqual([]);
  });

  it("loses them under drizzle-orm's own migrator, which is why drift has one", async () => {
    const project = await makeRecreate();
    migrateWithDrizzle('v0', project);
    expect(countChildren(project)).toEqual({ posts: 0, notes: 0 });
  });
});
