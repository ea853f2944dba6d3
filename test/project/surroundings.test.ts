/** Projects that live in a database beside others: hosts with schemas of their own, extensions, filters in the config. */
import path from 'node:path';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { describe, expect, it, onTestFinished } from 'vitest';
import { renderModels } from '../../src/stages/build.ts';
import { runCheck } from '../../src/stages/check.ts';
import { journalFolder, type ShortMigration } from '../migrations/folders.ts';
import { makeProject } from '../migrations/project.ts';
import { writeDrizzleProject } from '../support/project.ts';
import { createDatabase, postgresMajors, type TestDatabase } from '../support/postgres-servers.ts';

const imports = `import { sql } from 'drizzle-orm';
  import { index, integer, pgPolicy, pgSchema, pgTable, text, uuid } from 'drizzle-orm/pg-core';`;

interface Host {
  readonly database: TestDatabase;
  readonly cwd: string;
  readonly check: () => Promise<readonly string[]>;
}

/** A database that a host has prepared with `before`, then the migrations. */
async function openHost(
  before: string,
  models: string,
  migrations: readonly ShortMigration[],
  config: Readonly<Record<string, unknown>> & { readonly migrations?: { readonly schema: string } } = {},
): Promise<Host> {
  const database = await createDatabase(postgresMajors.at(-1) ?? 18);
  onTestFinished(() => database.drop());
  const cwd = writeDrizzleProject({
    dialect: 'postgresql',
    url: database.url,
    config,
    files: { 'drift.config.json': JSON.stringify({ scratch: { createDatabase: true } }) },
    schema: `${imports}\n${models}`,
    migrations: journalFolder(migrations, 'postgresql'),
  });
  const migrationsFolder = path.join(cwd, 'drizzle');
  await database.run(before);
  await migrate(drizzle(database.client), {
    migrationsFolder,
    migrationsSchema: config.migrations?.schema ?? 'drizzle',
  });
  return {
    database,
    cwd,
    async check() {
      const report = await runCheck({ cwd, env: { HOME: cwd } });
      const place = ({
        namespace,
        table,
        name,
      }: {
        namespace: string;
        table?: string;
        name: string;
      }): string => [namespace, table, name].filter((part) => part !== undefined && part !== '').join('.');
      return [
        ...report.drifts.map(({ kind, address, cause }) => `${kind} ${place(address)} ${cause}`),
        ...report.unmanaged.map(({ kind, address }) => `unmanaged ${kind} ${place(address)}`),
        ...report.undetermined.map(({ kind, address }) => `undetermined ${kind} ${place(address)}`),
        ...(report.migrations?.problems ?? []).map(({ code }) => code),
      ];
    },
  };
}

const host = `create schema auth; create table auth.users (id uuid primary key, mail text);
  create function auth.uid() returns uuid language sql stable as 'select null::uuid';
  create schema live; create table live.messages (id integer, topic text); alter table live.messages enable row level security;`;

const notes: ShortMigration = [
  '0000_notes',
  `CREATE TABLE "notes" ("id" integer PRIMARY KEY NOT NULL, "owner" uuid DEFAULT auth.uid());
ALTER TABLE "notes" ADD CONSTRAINT "notes_owner_users_id_fk" FOREIGN KEY ("owner") REFERENCES "auth"."users"("id");
CREATE POLICY "read topics" ON "live"."messages" FOR SELECT TO public USING (topic = 'news' and exists (select 1 from notes));`,
];
const noteModels = `
  const auth = pgSchema('auth');
  const users = auth.table('users', { id: uuid().primaryKey() });
  const messages = pgSchema('live').table('messages', { id: integer(), topic: text() });
  export const notes = pgTable('notes', { id: integer().primaryKey(), owner: uuid().default(sql\`auth.uid()\`).references(() => users.id) });
  export const readTopics = pgPolicy('read topics', { for: 'select', to: 'public', using: sql\`topic = 'news' and exists (select 1 from notes)\` }).link(messages);`;

describe('somebody else’s schemas', () => {
  it('are listed, and the migrations that stand on them are replayed', async () => {
    const { check } = await openHost(host, noteModels, [notes]);
    expect(await check()).toEqual(['unmanaged schema auth', 'unmanaged schema live']);
  });

  it('are not listed where schemaFilter leaves them out, whether the models have them or not', async () => {
    const exported = `${noteModels}\n export const theirs = users; export const schema = auth;`;
    for (const models of [noteModels, exported]) {
      const { check } = await openHost(host, models, [notes], { schemaFilter: ['public'] });
      expect(await check()).toEqual([]);
    }
  });

  it.each([undefined, ['public']])(
    'are looked at where a policy of the models is (filter %j)',
    async (schemaFilter) => {
      const { check, database } = await openHost(host, noteModels, [notes], { schemaFilter });
      const drifts = async (): Promise<readonly string[]> =>
        (await check()).filter((line) => !line.startsWith('unmanaged schema'));
      await database.run(
        `alter policy "read topics" on live.messages using (true); alter table live.messages add column more text;
       create policy theirs on live.messages using (true)`,
      );
      expect(await drifts()).toEqual(['policy.alter live.messages.read topics out-of-band']);
      await database.run(`drop policy "read topics" on live.messages`);
      expect(await drifts()).toEqual(['policy.create live.messages.read topics out-of-band']);
    },
  );

  it('are looked at where a migration put a trigger', async () => {
    const trigger: ShortMigration = [
      '0001_trigger',
      `CREATE FUNCTION note_user() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER on_user AFTER INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION note_user();`,
    ];
    const { check, database } = await openHost(host, noteModels, [notes, trigger]);
    expect(await check()).toEqual(['unmanaged schema auth', 'unmanaged schema live']);
    await database.run('drop trigger on_user on auth.users');
    expect(await check()).toEqual([
      'trigger.create auth.users.on_user out-of-band',
      'unmanaged schema auth',
      'unmanaged schema live',
    ]);
  });
});

describe('what a host brings into every database', () => {
  const before = `do $$ begin create role anon; exception when duplicate_object then null; end $$;
    create publication supabase_realtime; create publication theirs;
    alter default privileges in schema public grant select on tables to anon;
    alter default privileges in schema public grant execute on functions to pg_monitor;`;

  it('is listed; what others made by hand is not', async () => {
    const { check } = await openHost(before, `export const a = pgTable('a', { id: integer() });`, [
      ['0000_init', 'CREATE TABLE "a" ("id" integer);'],
    ]);
    expect(await check()).toEqual([
      'publication.drop theirs out-of-band',
      'defaultPrivileges.drop public.postgres f out-of-band',
      'unmanaged publication supabase_realtime',
      'unmanaged defaultPrivileges public.postgres r',
    ]);
  });

  it('can be added to by migrations', async () => {
    const { check } = await openHost(before, `export const a = pgTable('a', { id: integer() });`, [
      ['0000_init', 'CREATE TABLE "a" ("id" integer);\nALTER PUBLICATION supabase_realtime ADD TABLE "a";'],
    ]);
    expect(await check()).toContain('unmanaged publication supabase_realtime');
  });
});

describe('without a database to look into', () => {
  const files: ShortMigration = [
    '0000_files',
    `CREATE TABLE "files" ("id" integer PRIMARY KEY NOT NULL, "owner" uuid DEFAULT auth.uid() NOT NULL);
ALTER TABLE "files" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "files" ADD CONSTRAINT "files_owner_users_id_fk" FOREIGN KEY ("owner") REFERENCES "auth"."users"("id");
CREATE POLICY "own" ON "files" FOR SELECT TO public USING ((select auth.uid()) = owner OR auth.jwt() ->> 'role' = 'boss');
CREATE POLICY "mine" ON "storage"."objects" FOR SELECT TO public USING (bucket_id = 'files' and (storage.foldername(name))[1] in ('a', 'b'));`,
  ];
  const models = `
    const users = pgSchema('auth').table('users', { id: uuid().primaryKey() });
    const objects = pgSchema('storage').table('objects', {});
    export const files = pgTable('files', {
      id: integer().primaryKey(),
      owner: uuid().default(sql\`auth.uid()\`).notNull().references(() => users.id),
    }, () => [pgPolicy('own', { for: 'select', to: 'public', using: sql\`(select auth.uid()) = owner or auth.jwt() ->> 'role' = 'boss'\` })]);
    export const mine = pgPolicy('mine', { for: 'select', to: 'public', using: sql\`bucket_id = 'files' and (storage.foldername(name))[1] in ('a', 'b')\` }).link(objects);`;

  async function checkOffline(models: string, migration: ShortMigration): Promise<unknown> {
    const cwd = writeDrizzleProject({
      dialect: 'postgresql',
      url: null,
      schema: `${imports}\n${models}`,
      migrations: journalFolder([migration], 'postgresql'),
    });
    const report = await runCheck({ cwd, env: { HOME: cwd }, offline: true });
    return {
      status: report.status,
      drifts: report.drifts.map(({ kind, address }) => `${kind} ${address.name}`),
      open: report.undetermined.map(
        ({ kind, address, field, reason }) => `${kind} ${address.name} ${field}: ${reason}`,
      ),
      notes: report.notes.map((note) => ('migration' in note ? note.migration : note.kind)),
      problems: report.migrations?.problems.map(({ message }) => message),
    };
  }

  it('what the hosts are known to have stands in', async () => {
    const clean = { status: 'up-to-date', drifts: [], open: [], notes: [], problems: [] };
    expect(await checkOffline(models, files)).toEqual(clean);
    const changed = models.replace("'b')", "'c')").replace("'boss'", "'chief'");
    expect(await checkOffline(changed, files)).toEqual({
      ...clean,
      status: 'not-up-to-date',
      drifts: ['policy.alter own', 'policy.alter mine'],
    });
  });

  it('extensions go by what is used of them', async () => {
    const init: ShortMigration = [
      '0000_init',
      'CREATE TABLE "people" ("id" integer, "name" text);\nCREATE INDEX "by_name" ON "people" USING gin ("name" gin_trgm_ops);',
    ];
    const people = `export const people = pgTable('people', { id: integer(), name: text() }, (t) => [
      index('by_name').using('gin', t.name.op('gin_trgm_ops')),
    ]);`;
    expect(await checkOffline(people, init)).toMatchObject({
      status: 'up-to-date',
      notes: [],
    });
  });

  it('what a statement names that stands on something unknown cannot be told, and nothing else', async () => {
    const ids: ShortMigration = [
      '0000_ids',
      'CREATE TABLE "a" ("id" text DEFAULT short_id());\nCREATE TABLE "b" ("id" integer);\nALTER TABLE "b" ADD COLUMN "code" text DEFAULT short_id();',
    ];
    const source = `export const a = pgTable('a', { id: text().default(sql\`short_id()\`) });
      export const b = pgTable('b', { id: integer().notNull(), code: text().default(sql\`short_id()\`) });`;
    const reason = 'cannot be replayed: function short_id() does not exist.';
    expect(await checkOffline(source, ids)).toMatchObject({
      status: 'not-up-to-date',
      drifts: ['column.alter id'],
      open: [
        `table a presence: drizzle/0000_ids.sql:1 ${reason}`,
        `column code presence: drizzle/0000_ids.sql:3 ${reason}`,
      ],
      problems: [],
    });
    expect(await checkOffline(source.replace('.notNull()', ''), ids)).toMatchObject({
      status: 'undetermined',
      drifts: [],
    });
  });

  it('what can run nowhere is the migrations’ own fault', async () => {
    const wrong: ShortMigration = [
      '0000_wrong',
      'CREATE TABLE "a" ("id" integer);\nDROP INDEX "none";\nALTER TABLE "a" DROP CONSTRAINT "none";\nALTER TABLE "none" ADD COLUMN "id" integer;',
    ];
    expect(await checkOffline(`export const a = pgTable('a', { id: integer() });`, wrong)).toMatchObject({
      drifts: [],
      problems: [
        'drizzle/0000_wrong.sql:2 cannot be replayed: index "none" does not exist.',
        'drizzle/0000_wrong.sql:3 cannot be replayed: constraint "none" of relation "a" does not exist.',
        'drizzle/0000_wrong.sql:4 cannot be replayed: relation "none" does not exist.',
      ],
    });
  });
});

describe('extensions that were there before the migrations', () => {
  const init: ShortMigration = [
    '0000_init',
    `CREATE TABLE "people" ("id" integer PRIMARY KEY NOT NULL, "name" citext);
CREATE INDEX "by_name" ON "people" USING gin (("name"::text) gin_trgm_ops);`,
  ];
  const models = `import { customType } from 'drizzle-orm/pg-core';
    const citext = customType({ dataType: () => 'citext' });
    export const people = pgTable('people', { id: integer().primaryKey(), name: citext() }, (t) => [
      index('by_name').using('gin', sql\`(name::text) gin_trgm_ops\`),
    ]);`;

  it('are listed, also where they lie in a schema of their own', async () => {
    const extensions = `create extension pg_trgm; create schema extensions; create extension citext schema extensions;
      do $$ begin execute format('alter database %I set search_path = public, extensions', current_database()); end $$;
      set search_path = public, extensions`;
    const { check } = await openHost(extensions, models.replace("'citext'", "'extensions.citext'"), [init]);
    expect(await check()).toEqual([
      'unmanaged extension citext',
      'unmanaged schema extensions',
      'unmanaged extension pg_trgm',
    ]);
  });

  it('are the migrations’ own where a later one makes them', async () => {
    const later: ShortMigration = ['0001_later', 'CREATE EXTENSION IF NOT EXISTS pg_trgm;'];
    const { check } = await openHost('create extension pg_trgm; create extension citext', models, [
      init,
      later,
    ]);
    expect(await check()).toEqual(['unmanaged extension citext']);
  });
});

describe('a model that cannot be read', () => {
  it('is named by its place in the project', async () => {
    const models = `export const a = pgTable('a', { id: integer().references(() => missing.id) });`;
    const { check } = await openHost('', models, [['0000_none', 'SELECT 1;']]);
    expect(await check().catch((error: unknown) => error)).toMatchObject({
      code: 'MODEL_INVALID',
      details: { place: 'schema.ts:3 (a)' },
    });
  });
});

describe('models in a schema that is not exported', () => {
  it('can be built from nothing', async () => {
    const models = `const shop = pgSchema('the shop'); export const a = shop.table('a', { id: integer() });`;
    const { database, check, cwd } = await openHost('', models, [
      ['0000_init', 'CREATE SCHEMA "the shop"; CREATE TABLE "the shop"."a" ("id" integer);'],
    ]);
    expect(await check()).toEqual([]);
    await database.run('drop schema "the shop" cascade');
    for (const statement of await renderModels({ cwd, env: { HOME: cwd } })) await database.run(statement);
    expect(await check()).toEqual([]);
  });
});

describe('filters of the config', () => {
  const two = `export const one = pgTable('app_one', { id: integer() });
    export const two = pgTable('other_two', { id: integer() });
    export const mine = pgTable('__drizzle_migrations', { id: integer() });`;
  const init: ShortMigration = ['0000_init', 'CREATE TABLE "app_one" ("id" integer);'];

  it('leave out what they leave out of the database, and always the table of migrations', async () => {
    const all = await openHost('', two, [init], { migrations: { schema: 'public' } });
    expect(await all.check()).toEqual(['table.create public.other_two ungenerated']);
    const some = await openHost('', two, [init], {
      migrations: { schema: 'public' },
      tablesFilter: ['app_*'],
    });
    expect(await some.check()).toEqual([]);
  });

  it('that leave nothing of the models are refused', async () => {
    const { check } = await openHost('', two, [init], { tablesFilter: ['shop_*'] });
    expect(await check().catch((error: unknown) => error)).toMatchObject({
      code: 'MODELS_OUT_OF_SCOPE',
      message: expect.stringContaining('app_one, other_two') as unknown,
    });
  });

  it('leave out the table of migrations on SQLite too', async () => {
    const { cwd, env, run } = makeProject(
      `export const a = sqliteTable('a', { id: integer() });
       export const rows = sqliteTable('__drizzle_migrations', { id: integer(), hash: text().notNull() });`,
      {},
    );
    run('CREATE TABLE a (id integer)');
    expect((await runCheck({ cwd, env })).drifts).toEqual([]);
  });
});
