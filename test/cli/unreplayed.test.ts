/** A project that has `pg` and no PGlite: drift is installed beside it, where no other package is to be found. */
import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { execFile } from 'node:child_process';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { journalFolder, writeFiles, type ShortMigration } from '../migrations/folders.ts';
import { writeDrizzleProject } from '../support/project.ts';
import { buildOnce, type Outcome } from '../support/cli.ts';
import { createDatabase, postgresMajors, type TestDatabase } from '../support/postgres-servers.ts';

const root = path.resolve(import.meta.dirname, '../..');
const init = 'CREATE TABLE "users" ("id" integer PRIMARY KEY NOT NULL, "name" text);';
const custom =
  'CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;--> statement-breakpoint\nCREATE TRIGGER t BEFORE UPDATE ON "users" FOR EACH ROW EXECUTE FUNCTION f();';
const email = 'ALTER TABLE "users" ADD COLUMN "email" text;';
const models = (columns: string) => `import { integer, pgTable, text } from 'drizzle-orm/pg-core';
export const users = pgTable('users', { id: integer().primaryKey(), name: text()${columns} });`;

interface Project {
  readonly database: TestDatabase;
  readonly drift: (line: string) => Promise<Outcome>;
  readonly write: (files: Readonly<Record<string, string>>) => void;
}

async function makeProject(migrations: readonly ShortMigration[], columns = ''): Promise<Project> {
  const database = await createDatabase(postgresMajors.at(-1) ?? 18);
  onTestFinished(() => database.drop());
  const cwd = writeDrizzleProject({
    dialect: 'postgresql',
    url: database.url,
    schema: models(columns),
    migrations: journalFolder(migrations, 'postgresql'),
    packages: ['chalk', 'commander', 'esbuild', 'oxc-parser', 'tinyglobby', 'pg'],
  });
  const installed = path.join(cwd, 'node_modules/drizzle-drift');
  mkdirSync(installed, { recursive: true });
  for (const part of ['bin', 'dist', 'package.json']) {
    cpSync(path.join(root, part), path.join(installed, part), { recursive: true });
  }
  return {
    database,
    write: (files) => {
      writeFiles(cwd, files);
    },
    drift: (line) =>
      new Promise((resolve) => {
        execFile(
          process.execPath,
          [path.join(installed, 'bin/drift.js'), ...line.split(' ')],
          { cwd, env: { PATH: process.env['PATH'], HOME: cwd } },
          (error, stdout, stderr) => {
            resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
          },
        );
      }),
  };
}

/** Runs migrations and writes down that they are applied, as drizzle-orm does. */
async function apply({ drift, database }: Project, texts: readonly string[]): Promise<void> {
  for (const text of texts) await database.run(text);
  const rows = JSON.parse((await drift('status --format json')).stdout) as { migrations: { made: string }[] };
  await database.run('create schema drizzle');
  await database.run(
    'create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)',
  );
  const { createHash } = await import('node:crypto');
  for (const [at, text] of texts.entries()) {
    const hash = createHash('sha256').update(text).digest('hex');
    const made = Date.parse(rows.migrations[at]?.made ?? '');
    await database.run(
      `insert into drizzle.__drizzle_migrations (hash, created_at) values ('${hash}', ${String(made)})`,
    );
  }
}

const note = /The migrations were not replayed, since @electric-sql\/pglite is not installed/;
const install = 'npm install --save-dev @electric-sql/pglite';

interface Document {
  readonly status: string;
  readonly drifts: readonly { kind: string; cause: string; migration?: string; message: string }[];
  readonly migrations: { applied: number; pending: string[]; problems: { code: string }[] };
  readonly notes: readonly { kind: string; message: string }[];
  readonly unmanaged: readonly { kind: string }[];
  readonly undetermined: readonly { field: string; reason: string }[];
}

async function check({ drift }: Project): Promise<Document & { readonly code: number | null }> {
  const { code, stdout, stderr } = await drift('check --format json');
  expect(stderr).toBe('');
  return { code, ...(JSON.parse(stdout) as Document) };
}

describe('a PostgreSQL project without PGlite', () => {
  beforeAll(buildOnce);

  it('is up to date where the database is as the models say, and a note says what is not known', async () => {
    const project = await makeProject([
      ['0000_init', init],
      ['0001_custom', custom],
    ]);
    await apply(project, [init, custom]);
    const report = await check(project);
    expect(report).toMatchObject({ code: 0, status: 'up-to-date', drifts: [], undetermined: [] });
    expect(report.migrations).toMatchObject({ applied: 2, pending: [], problems: [] });
    expect(report.notes).toEqual([{ kind: 'not-replayed', message: expect.stringMatching(note) as string }]);
    expect(report.unmanaged.map(({ kind }) => kind)).toContain('trigger');
    const { stdout } = await project.drift('check');
    expect(stdout.replace(/\s+/g, ' ')).toMatch(note);
    expect(stdout.replace(/\s+/g, ' ')).toContain(install);
    expect(stdout).toContain('scratch.url');
  });

  it('tells drift between models and database, of which only a pending migration gives the cause', async () => {
    const project = await makeProject(
      [
        ['0000_init', init],
        ['0001_email', email],
      ],
      ', email: text()',
    );
    await apply(project, [init]);
    await project.database.run('alter table users alter column name set not null');
    const report = await check(project);
    expect(report).toMatchObject({ code: 1, status: 'not-up-to-date' });
    expect(report.migrations.pending).toEqual(['0001_email']);
    expect(report.drifts).toMatchObject([
      { kind: 'column.create', cause: 'unapplied', migration: '0001_email' },
      { kind: 'column.alter', cause: 'ungenerated' },
    ]);
    expect(report.drifts[1]?.message).toContain(
      'The migrations were not replayed, so drift cannot tell which side moved.',
    );
    const { stdout } = await project.drift('check');
    expect(stdout).toContain('Pending migration 0001_email');
    expect(stdout).toContain('Database and models differ');
    expect(stdout).not.toContain('Changed by hand');
    expect(stdout).not.toContain('Models ahead');
  });

  it('cannot tell of what the models have no word for', async () => {
    const deferrable = 'ALTER TABLE "users" ADD CONSTRAINT "n" UNIQUE ("name") DEFERRABLE;';
    const project = await makeProject(
      [
        ['0000_init', init],
        ['0001_custom', deferrable],
      ],
      '',
    );
    project.write({ 'schema.ts': models('').replace('name: text()', "name: text().unique('n')") });
    await apply(project, [init, deferrable]);
    const report = await check(project);
    expect(report).toMatchObject({ code: 2, status: 'undetermined', drifts: [] });
    expect(report.undetermined).toMatchObject([
      { reason: expect.stringContaining('were not replayed') as string },
    ]);
  });

  it('says so where the tables are there and no migration is recorded', async () => {
    const project = await makeProject([['0000_init', init]]);
    await project.database.run(init);
    const report = await check(project);
    expect(report).toMatchObject({ code: 1, drifts: [] });
    expect(report.migrations.problems).toMatchObject([{ code: 'already-in-database' }]);
  });

  it('needs it where there is nothing without a replay', async () => {
    const project = await makeProject([['0000_init', init]]);
    await project.database.run(init);
    for (const line of ['check --offline', 'diff migrations database', 'diff migrations models']) {
      const { code, stderr } = await project.drift(line);
      expect(code).toBe(2);
      expect(stderr).toContain('error DRIVER_NOT_INSTALLED');
      expect(stderr).toContain(install);
    }
  });
});
