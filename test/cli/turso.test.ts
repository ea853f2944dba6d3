/** Projects of Turso: what libSQL knows and SQLite does not is replayed all the same. */
import Database from 'better-sqlite3';
import path from 'node:path';
import { expect, it } from 'vitest';
import { hashMigration } from '../../src/project/migrations/hash.ts';
import { firstWhen, journalFolder, writeFiles, type ShortMigration } from '../migrations/folders.ts';
import { makeProject, type SampleProject } from '../migrations/project.ts';
import { runLine } from './environment.ts';

const models = `
import { customType, index } from 'drizzle-orm/sqlite-core';
import { sql } from 'drizzle-orm';
const vector = customType<{ data: number[] }>({ dataType: () => 'F32_BLOB(3)' });
export const films = sqliteTable('films', {
  id: integer('id').primaryKey(),
  title: text('title').notNull().default('untitled'),
  studio: integer('studio').references(() => studios.id, { onDelete: 'cascade' }),
  embedding: vector('embedding').notNull(),
}, (t) => [index('films_embedding').on(sql\`libsql_vector_idx(\${t.embedding}, 'metric=cosine')\`)]);
export const studios = sqliteTable('studios', { id: integer('id').primaryKey() });
`;
const statements = [
  'CREATE TABLE `studios` (`id` integer PRIMARY KEY NOT NULL) RANDOM ROWID',
  'CREATE TABLE `films` (`id` integer PRIMARY KEY NOT NULL, `title` text, `studio` integer, `embedding` F32_BLOB(3) NOT NULL)',
  "CREATE INDEX `films_embedding` ON `films` (libsql_vector_idx(`embedding`, 'metric=cosine'))",
  "INSERT INTO `films` (`id`, `embedding`) VALUES (1, vector32('[1, 2, 3]'))",
  "ALTER TABLE `films` ALTER COLUMN `title` TO `title` text DEFAULT 'untitled' NOT NULL",
  'ALTER TABLE `films` ALTER COLUMN `studio` TO `studio` integer REFERENCES `studios`(`id`) ON DELETE cascade ON UPDATE no action',
];
const migration: ShortMigration = ['0000_films', statements.join(';\n--> statement-breakpoint\n')];

function makeTurso(migrations: readonly ShortMigration[]): SampleProject {
  const project = makeProject(models, journalFolder(migrations));
  writeFiles(project.cwd, {
    'drizzle.config.json': JSON.stringify({
      dialect: 'turso',
      schema: './schema.ts',
      out: './drizzle',
      dbCredentials: { url: 'file:app.db' },
    }),
  });
  return project;
}

async function drift(project: SampleProject, line: string) {
  const { code, stdout, stderr } = await runLine(line, { cwd: project.cwd, variables: project.env });
  return { code, text: (stdout + stderr).replace(/\s+/g, ' ') };
}

/** The file as libSQL leaves it, but for RANDOM ROWID, which better-sqlite3 cannot read. */
function build(project: SampleProject): void {
  const database = new Database(path.join(project.cwd, 'app.db'));
  try {
    database.function('libsql_vector_idx', { varargs: true, deterministic: true }, () => Buffer.alloc(0));
    database.exec(`
      CREATE TABLE studios (id integer PRIMARY KEY NOT NULL);
      CREATE TABLE films (id integer PRIMARY KEY NOT NULL, title text DEFAULT 'untitled' NOT NULL,
        studio integer REFERENCES studios(id) ON DELETE cascade ON UPDATE no action, embedding F32_BLOB(3) NOT NULL);
      CREATE INDEX films_embedding ON films (libsql_vector_idx(embedding, 'metric=cosine'));
      CREATE TABLE __drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric);
      INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('${hashMigration(migration[1])}', ${String(firstWhen)});
    `);
  } finally {
    database.close();
  }
}

it('is up to date where its migrations use ALTER COLUMN … TO, vector indexes and RANDOM ROWID', async () => {
  const project = makeTurso([migration]);
  expect(await drift(project, 'check --offline')).toMatchObject({ code: 0 });
  build(project);
  expect(await drift(project, 'check')).toMatchObject({ code: 0 });
  expect(await drift(project, 'lint')).toMatchObject({ code: 0 });
  expect((await drift(project, 'generate --no-preflight')).text).toContain('Nothing to do');
});

it('is told what only libSQL knows, where it cannot be replayed', async () => {
  const odd: ShortMigration = ['0001_odd', "CREATE FUNCTION f LANGUAGE wasm AS 'x';"];
  const { code, text } = await drift(makeTurso([migration, odd]), 'check --offline');
  expect(code).not.toBe(0);
  expect(text).toContain('only libSQL knows such a statement, and migrations are replayed with SQLite');
});
