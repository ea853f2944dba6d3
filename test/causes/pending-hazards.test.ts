/** The risk of drift that a pending migration resolves is the risk of that migration. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Column, Index, Table } from '../../src/catalog/objects.ts';
import type { Change } from '../../src/diff/changes.ts';
import { assessPending } from '../../src/dialects/postgres/pending-hazards.ts';
import { readRename } from '../../src/project/migrations/renames.ts';
import { runLine } from '../cli/environment.ts';
import { journalFolder, writeFiles, type ShortMigration } from '../migrations/folders.ts';
import { makeProject } from '../migrations/project.ts';

const init: ShortMigration = [
  '0000_init',
  'CREATE TABLE `users` (`id` integer PRIMARY KEY NOT NULL, `email` text, `nick` text);',
];
const load = createRequire(path.resolve(import.meta.dirname, '../../package.json'));

interface Orm {
  readonly migrate: (database: unknown, options: { migrationsFolder: string }) => void;
}

interface Told {
  readonly kind: string;
  readonly address: { readonly name: string };
  readonly message: string;
  readonly renamed?: { readonly name: string };
  readonly hazards: readonly { readonly code: string }[];
}

/** `users.email`: its hazards, of a database that has had 0000 and waits for the other migration. */
async function tell(columns: string, ...sql: readonly string[]): Promise<ReadonlyMap<string, Told>> {
  const models = `export const users = sqliteTable('users', { id: integer().primaryKey(), ${columns} });`;
  const project = makeProject(models, journalFolder([init]));
  const Database = load('better-sqlite3') as new (file: string) => { close: () => void };
  const { migrate } = load('drizzle-orm/better-sqlite3/migrator') as Orm;
  const { drizzle } = load('drizzle-orm/better-sqlite3') as { drizzle: (options: object) => unknown };
  const client = new Database(path.join(project.cwd, 'app.db'));
  migrate(drizzle({ client }), { migrationsFolder: path.join(project.cwd, 'drizzle') });
  client.close();
  const pending: ShortMigration = ['0001_next', sql.join('--> statement-breakpoint\n')];
  writeFiles(path.join(project.cwd, 'drizzle'), journalFolder([init, pending]));
  const { stdout } = await runLine('check --format json', { cwd: project.cwd, variables: project.env });
  const { drifts } = JSON.parse(stdout) as { drifts: readonly Told[] };
  return new Map(drifts.map((drift) => [`${drift.kind} ${drift.address.name}`, drift]));
}

const codesOf = (told: Told | undefined): readonly string[] => told?.hazards.map(({ code }) => code) ?? ['?'];

describe('on SQLite the risk of a pending migration', () => {
  it('is none where it renames', async () => {
    const drifts = await tell(
      'mail: text(), nick: text()',
      'ALTER TABLE `users` RENAME COLUMN `email` TO `mail`;',
    );
    const [before, after] = [drifts.get('column.drop email'), drifts.get('column.create mail')];
    expect([codesOf(before), codesOf(after)]).toEqual([[], []]);
    expect(before?.renamed?.name).toBe('mail');
    expect(before?.message).toMatch(/Pending migration 0001_next renames it to mail\.$/);
    expect(after?.message).toMatch(/Pending migration 0001_next makes it by renaming users\.email\.$/);
  });

  it('is none where it fills the rows before it makes the table anew', async () => {
    const drifts = await tell(
      'email: text().notNull(), nick: text()',
      "UPDATE `users` SET `email` = '' WHERE `email` IS NULL;",
      'PRAGMA foreign_keys=OFF;',
      'CREATE TABLE `__new_users` (`id` integer PRIMARY KEY NOT NULL, `email` text NOT NULL, `nick` text);',
      'INSERT INTO `__new_users`("id", "email", "nick") SELECT "id", "email", "nick" FROM `users`;',
      'DROP TABLE `users`;',
      'ALTER TABLE `__new_users` RENAME TO `users`;',
      'PRAGMA foreign_keys=ON;',
    );
    expect(codesOf(drifts.get('column.alter email'))).not.toContain('not-null-without-default');
    expect(codesOf(drifts.get('column.alter email'))).not.toContain('data-loss');
  });

  it('is the loss of what it drops', async () => {
    const drifts = await tell('email: text()', 'ALTER TABLE `users` DROP COLUMN `nick`;');
    expect(codesOf(drifts.get('column.drop nick'))).toEqual(['data-loss']);
    expect(drifts.get('column.drop nick')?.message).toMatch(/Pending migration 0001_next drops it\.$/);
  });
});

const users = { namespace: 'public', name: 'users' };
const column = (name: string, rest: Partial<Column> = {}): Column => ({
  kind: 'column',
  address: { namespace: 'public', table: 'users', name },
  type: 'text',
  nullable: true,
  value: { kind: 'none' },
  collation: null,
  position: 1,
  ...rest,
});
const dropOf = (name: string): Change => {
  const database = column(name);
  return { type: 'drop', kind: 'column', address: database.address, database };
};
const createOf = (name: string): Change => {
  const expected = column(name, { nullable: false });
  return { type: 'create', kind: 'column', address: expected.address, expected };
};
const retype = (name: string): Change => {
  const [database, expected] = [column(name), column(name, { type: 'integer' })];
  const fields = [{ field: 'type', database: 'text', expected: 'integer' }];
  return { type: 'alter', kind: 'column', address: database.address, database, expected, fields };
};

function left(change: Change, ...statements: readonly string[]): readonly string[] {
  return assessPending(change, statements).map(({ code }) => code);
}

describe('on PostgreSQL the risk of a pending migration', () => {
  it('is the loss of what it drops, and not of what it renames or copies', () => {
    expect(left(dropOf('email'), 'ALTER TABLE "users" DROP COLUMN "email";')).toEqual(['data-loss']);
    expect(
      left(dropOf('email'), 'alter table if exists only public.users drop email, add mail text'),
    ).toEqual(['data-loss']);
    expect(left(dropOf('email'), 'ALTER TABLE "users" RENAME COLUMN "email" TO "mail";')).toEqual([]);
    expect(
      left(
        dropOf('email'),
        'UPDATE "users" SET "mail" = "email";',
        'ALTER TABLE "users" DROP COLUMN "email";',
      ),
    ).toEqual([]);
    // Another table's column of the same name.
    expect(left(dropOf('email'), 'ALTER TABLE "posts" DROP COLUMN "email";')).toEqual([]);
    const table: Change = {
      type: 'drop',
      kind: 'table',
      address: users,
      database: { kind: 'table', address: users } as Table,
    };
    expect(left(table, 'DROP TABLE "users" CASCADE;')).toEqual(['data-loss']);
    expect(left(table, 'ALTER TABLE "users" RENAME TO "people";')).toEqual([]);
    expect(left(table, 'INSERT INTO people SELECT * FROM users;', 'DROP TABLE users;')).toEqual([]);
  });

  it('is a missing value where nothing gives one', () => {
    const add = 'ALTER TABLE "users" ADD COLUMN "age" integer NOT NULL;';
    expect(left(createOf('age'), add)).toEqual(['not-null-without-default']);
    expect(left(createOf('age'), 'UPDATE "users" SET "name" = \'\';', add)).toEqual([
      'not-null-without-default',
    ]);
    expect(left(createOf('age'), 'TRUNCATE "users";', add)).toEqual([]);
    expect(
      left(
        createOf('age'),
        'ALTER TABLE "users" ADD COLUMN "age" integer;',
        'UPDATE "users" SET "age" = 0;',
        'ALTER TABLE "users" ALTER COLUMN "age" SET NOT NULL;',
      ),
    ).toEqual([]);
  });

  it('is a lossy cast without USING', () => {
    const alter = 'ALTER TABLE "users" ALTER COLUMN "n" SET DATA TYPE integer';
    expect(left(retype('n'), alter)).toEqual(['table-rewrite', 'lossy-cast']);
    expect(left(retype('n'), `${alter} USING "n"::integer`)).toEqual(['table-rewrite']);
  });

  it('is no lock where an index is made concurrently', () => {
    const expected = {
      kind: 'index',
      address: { namespace: 'public', table: 'users', name: 'ux' },
      unique: true,
    } as Index;
    const index: Change = { type: 'create', kind: 'index', address: expected.address, expected };
    expect(left(index, 'CREATE UNIQUE INDEX "ux" ON "users" ("n")')).toEqual([
      'blocks-writes',
      'constraint-validation',
    ]);
    expect(left(index, 'CREATE UNIQUE INDEX CONCURRENTLY "ux" ON "users" ("n")')).toEqual([
      'constraint-validation',
      'not-in-transaction',
    ]);
    expect(
      left(index, 'DELETE FROM "users" WHERE "n" IS NULL', 'CREATE UNIQUE INDEX "ux" ON "users" ("n")'),
    ).toEqual(['blocks-writes']);
  });
});

describe('what a migration renames', () => {
  it.each([
    ['ALTER TABLE "users" RENAME COLUMN "a" TO "b";', { kind: 'column', table: 'users', from: 'a', to: 'b' }],
    ['alter table only public.users rename a to b', { kind: 'column', table: 'users', from: 'a', to: 'b' }],
    ['-- why\nALTER TABLE `a` RENAME TO `b`;', { kind: 'table', from: 'a', to: 'b' }],
    ['ALTER TABLE "a"\n  RENAME TO "B c"', { kind: 'table', from: 'a', to: 'B c' }],
    ['ALTER TABLE "a" RENAME CONSTRAINT "x" TO "y"', null],
    ['ALTER INDEX "a" RENAME TO "b"', null],
  ])('is read from %j', (statement, expected) => {
    expect(readRename(statement)).toEqual(expected);
  });
});
