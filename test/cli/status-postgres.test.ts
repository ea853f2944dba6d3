/** The same commands on PostgreSQL servers. */
import path from 'node:path';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { describe, expect, it, onTestFinished } from 'vitest';
import { datedFolder, journalFolder, writeFiles, type ShortMigration } from '../migrations/folders.ts';
import { writeDrizzleProject } from '../support/project.ts';
import { createDatabase, postgresMajors, type TestDatabase } from '../support/postgres-servers.ts';
import { runLine, type Kept } from './environment.ts';

const migrations: readonly ShortMigration[] = [
  ['0000_init', 'CREATE TABLE "users" ("id" integer PRIMARY KEY NOT NULL);'],
  ['0001_name', 'ALTER TABLE "users" ADD COLUMN "name" text;'],
];

interface Project {
  readonly cwd: string;
  readonly folder: string;
  readonly database: TestDatabase;
  readonly drift: (line: string) => Promise<Kept>;
}

/** A project that replays in a scratch database on the same server; its database is empty. */
async function makeProject(
  files: Readonly<Record<string, string>>,
  config: Readonly<Record<string, unknown>> = {},
): Promise<Project> {
  const database = await createDatabase(postgresMajors.at(-1) ?? 18);
  onTestFinished(() => database.drop());
  const cwd = writeDrizzleProject({
    dialect: 'postgresql',
    url: database.url,
    config,
    files: { 'drift.config.json': JSON.stringify({ scratch: { createDatabase: true } }) },
    migrations: files,
    schema: `import { integer, pgTable, text } from 'drizzle-orm/pg-core';
export const users = pgTable('users', { id: integer().primaryKey(), name: text() });`,
  });
  const folder = path.join(cwd, 'drizzle');
  return {
    cwd,
    folder,
    database,
    drift: (line) => runLine(line, { cwd, variables: { HOME: cwd, PATH: process.env['PATH'] } }),
  };
}

const journal = journalFolder(migrations, 'postgresql');

describe('drift status on PostgreSQL', () => {
  it('tells an empty database from one that drizzle-orm migrated, and from one that is ahead', async () => {
    const { database, folder, drift } = await makeProject(journal);
    const empty = await drift('status');
    expect(empty.code).toBe(1);
    expect(empty.stdout).toContain('drift status  postgres');
    expect(empty.stdout).toContain('+ 0001_name  pending');
    expect(empty.stdout).toContain('Not up to date: 2 pending.\nNext: run npx drizzle-kit migrate; or, if');
    await migrate(drizzle(database.client), { migrationsFolder: folder });
    const applied = await drift('status');
    expect(applied.code).toBe(0);
    expect(applied.stdout).not.toContain(database.server.password);
    writeFiles(folder, journalFolder(migrations.slice(0, 1), 'postgresql'));
    const ahead = await drift('status --format json');
    expect(ahead.code).toBe(1);
    expect(JSON.parse(ahead.stdout)).toMatchObject({
      dialect: 'postgres',
      standing: 'ahead',
      tableExists: true,
    });
  });

  it('finds the table where the config says it is', async () => {
    const { database, folder, drift } = await makeProject(journal, {
      migrations: { schema: 'public', table: 'applied' },
    });
    await migrate(drizzle(database.client), {
      migrationsFolder: folder,
      migrationsSchema: 'public',
      migrationsTable: 'applied',
    });
    expect((await drift('status')).code).toBe(0);
  });

  it('works with --url alone', async () => {
    const { database, drift } = await makeProject(journal, { dbCredentials: undefined });
    expect((await drift('status')).code).toBe(2);
    expect((await drift(`status --url ${database.url}`)).code).toBe(1);
    const wrong = await drift('status --url postgres://u:secret@127.0.0.1:1/x --format json');
    expect(wrong.code).toBe(2);
    expect(JSON.parse(wrong.stdout)).toMatchObject({ status: 'undetermined' });
    expect(`${wrong.stdout}${wrong.stderr}`).not.toContain('secret');
  });
});

describe('the next step on PostgreSQL', () => {
  const flat = (text: string): string => text.replace(/\s+/g, ' ');
  const ahead = `import { integer, pgTable, text } from 'drizzle-orm/pg-core';
export const users = pgTable('users', { id: integer().primaryKey(), name: text(), age: integer() });`;

  it('is a command that works there, in every format', async () => {
    const { database, folder, cwd, drift } = await makeProject(journal);
    await migrate(drizzle(database.client), { migrationsFolder: folder });
    writeFiles(cwd, { 'schema.ts': ahead, 'pnpm-lock.yaml': '' });
    for (const format of ['human', 'json', 'markdown', 'github', 'html']) {
      const { code, stdout } = await drift(`check --format ${format}`);
      expect(code).toBe(1);
      expect(flat(stdout)).toContain('run pnpm exec drizzle-kit generate');
      expect(stdout).not.toMatch(/drift (?:migrate|generate)/);
    }
    writeFiles(
      folder,
      journalFolder(
        [...migrations, ['0002_age', 'ALTER TABLE "users" ADD COLUMN "age" integer;']],
        'postgresql',
      ),
    );
    writeFiles(cwd, {
      'package.json': '{"type":"module","scripts":{"db:migrate":"drizzle-kit migrate"}}',
    });
    for (const line of ['status', 'check']) {
      for (const format of ['human', 'json', 'markdown']) {
        const { code, stdout } = await drift(`${line} --format ${format}`);
        expect(code).toBe(1);
        expect(flat(stdout)).toMatch(/run pnpm run db:migrate/i);
        expect(stdout).not.toMatch(/drift (?:migrate|generate)/);
      }
    }
  });

  it('is another "when" for what drizzle-orm 0.x would skip', async () => {
    const late: ShortMigration = [
      '0001_age',
      'ALTER TABLE "users" ADD COLUMN "age" integer;',
      Date.UTC(2024, 0, 1),
    ];
    const { database, folder, drift } = await makeProject(journal);
    await migrate(drizzle(database.client), { migrationsFolder: folder });
    writeFiles(folder, journalFolder([...migrations, late], 'postgresql'));
    for (const line of ['status', 'check']) {
      const { code, stdout } = await drift(line);
      expect(code).toBe(1);
      expect(flat(stdout)).toMatch(
        /Next: if .* raise its "when" in meta\/_journal\.json above all others and run npx drizzle-kit migrate; otherwise generate it again/,
      );
      expect(stdout).not.toMatch(/drift (?:migrate|generate)/);
    }
  });

  it('is drift stamp where drizzle-kit push made the tables', async () => {
    const { database, folder, drift } = await makeProject(journal);
    for (const [, sql] of migrations) await database.run(sql);
    const told = flat((await drift('status')).stdout);
    expect(told).toContain('The database has a table that pending migrations make (users)');
    expect(told).toContain(
      'Next: mark the migrations as applied, which compares first: drift stamp 0001_name',
    );
    expect(flat((await drift('check')).stdout)).toContain(
      'Next: mark them as applied: drift stamp 0001_name',
    );
    expect((await drift('stamp 0001_name')).code).toBe(0);
    expect((await drift('check')).code).toBe(0);
    await migrate(drizzle(database.client), { migrationsFolder: folder });
  });
});

describe('drift stamp on PostgreSQL', () => {
  it('refuses another schema, and marks the one that fits', async () => {
    const { database, folder, drift } = await makeProject(journal);
    await database.run(migrations[0]?.[1] ?? '');
    const refused = await drift('stamp 0001_name');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('users.name (text) is missing in the database');
    expect(refused.stderr).toContain('drift stamp 0001_name --force');
    expect((await drift('stamp 0000_init')).code).toBe(0);
    // drizzle-orm goes on from there.
    await migrate(drizzle(database.client), { migrationsFolder: folder });
    expect((await drift('status')).code).toBe(0);
    expect((await drift('check')).code).toBe(0);
  });

  it('writes when, in the table of Drizzle 1.0', async () => {
    const dated = migrations.map(([, sql], at): ShortMigration => [`2025010${String(at + 1)}000000_m`, sql]);
    const { database, drift } = await makeProject(datedFolder(dated));
    for (const [, sql] of dated) await database.run(sql);
    expect((await drift('stamp 20250102000000_m')).code).toBe(0);
    const { rows } = await database.run('SELECT applied_at FROM drizzle.__drizzle_migrations');
    const times = (rows as { applied_at: Date }[]).map(({ applied_at: time }) => time.toISOString());
    const { code, stdout } = await drift('status --format json');
    expect(code).toBe(0);
    const { migrations: listed } = JSON.parse(stdout) as { migrations: { appliedAt: string }[] };
    expect(listed.map(({ appliedAt }) => appliedAt)).toEqual(times);
  });
});

describe('an extension that the scratch database has not', () => {
  it('is noted by the check, and no reason for 1', async () => {
    const known = [...migrations, ['0002_places', 'CREATE EXTENSION "postgis";'] as const];
    const { database, folder, drift } = await makeProject(journalFolder(known, 'postgresql'));
    writeFiles(folder, journalFolder(migrations, 'postgresql'));
    await migrate(drizzle(database.client), { migrationsFolder: folder });
    writeFiles(folder, journalFolder(known, 'postgresql'));
    expect((await drift('stamp 0002_places --force')).code).toBe(0);
    const { code, stdout } = await drift('check');
    expect(code).toBe(0);
    const text = stdout.replace(/\s+/g, ' ');
    expect(text).toMatch(/Note: drizzle\/0002_places\.sql:1 cannot be replayed: .*postgis/);
    expect(text).toContain('set scratch.url in drift.config to a server that has what it needs.');
  });
});
