import { expect, test } from 'vitest';
import type { CatalogObject } from '../../src/catalog/objects.ts';
import type { Scope } from '../../src/dialects/dialect.ts';
import { compare, wholeDatabase, withSession } from '../support/postgres-sessions.ts';
import { createDatabase, postgresMajors, runOnce } from '../support/postgres-servers.ts';

const major = postgresMajors.at(-1) ?? 18;

async function readNames(
  url: string,
  scope: Partial<Scope>,
  kinds: readonly CatalogObject['kind'][] = ['table', 'view', 'schema', 'enum', 'sequence', 'role'],
): Promise<readonly string[]> {
  return await withSession(url, async (session) => {
    const { objects } = await session.introspect({ ...wholeDatabase, schemas: undefined, ...scope });
    return objects
      .filter(({ kind }) => kinds.includes(kind))
      .map(
        ({ kind, address }) =>
          `${kind} ${[address.namespace, address.name].filter((part) => part !== '').join('.')}`,
      );
  });
}

test('filters choose schemas, tables and roles as drizzle-kit does', async () => {
  const database = await createDatabase(major);
  try {
    await database.run(`
      create schema drizzle; create schema auth; create schema "Odd Schema";
      create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint);
      insert into drizzle.__drizzle_migrations (hash, created_at) values ('b', 2), ('a', 1);
      create table auth.users (id integer); create table "Odd Schema"."Odd Table" (id integer);
      create table users (id serial); create table spatial_ref_sys (id integer); create table tmp_one (id integer);
      create view tmp_view as select 1 as one; create type mood as enum ('a');`);
    expect(await readNames(database.url, {})).toEqual([
      'enum public.mood',
      'table public.spatial_ref_sys',
      'table public.tmp_one',
      'view public.tmp_view',
      'table public.users',
    ]);
    expect(await readNames(database.url, { extensions: ['postgis'], tables: ['*', '!tmp_*'] })).toEqual([
      'enum public.mood',
      'table public.users',
    ]);
    expect(await readNames(database.url, { tables: ['users'], schemas: ['auth', 'public'] })).toEqual([
      'schema auth',
      'table auth.users',
      'enum public.mood',
      'table public.users',
    ]);
    expect(await readNames(database.url, { schemas: ['*', '!public', '!auth'] })).toEqual([
      'schema Odd Schema',
      'table Odd Schema.Odd Table',
    ]);
    await withSession(database.url, async (session) => {
      expect(await session.readAppliedMigrations(wholeDatabase)).toEqual([
        { id: 1, hash: 'b', createdAt: 2, name: null },
        { id: 2, hash: 'a', createdAt: 1, name: null },
      ]);
    });
  } finally {
    await database.drop();
  }
});

test('roles are looked at only where entities.roles says so', async () => {
  const database = await createDatabase(major);
  const [mine, theirs] = [`mine_${database.name}`, `anon_${database.name}`];
  try {
    await database.run(`create role ${mine} createdb; create role ${theirs} noinherit`);
    const roles = async (value: Scope['roles']): Promise<readonly string[]> =>
      (await readNames(database.url, value === undefined ? {} : { roles: value }, ['role'])).filter((name) =>
        name.endsWith(database.name),
      );
    expect(await roles(undefined)).toEqual([]);
    expect(await roles(false)).toEqual([]);
    expect(await roles(true)).toEqual([`role ${theirs}`, `role ${mine}`]);
    expect(await roles({ include: [mine] })).toEqual([`role ${mine}`]);
    expect(await roles({ exclude: [mine] })).toEqual([`role ${theirs}`]);
  } finally {
    await database.drop();
    await runOnce(database.server, `drop role ${mine}; drop role ${theirs}`);
  }
});

test('owners and grants that are the rule in a database are no part of its schema', async () => {
  const database = await createDatabase(major);
  const [app, reader] = [`app_${database.name}`, `reader_${database.name}`];
  try {
    await database.run(`create role ${app}; create role ${reader}; create schema shop; create table shop.z (id integer);
      create table a (id integer); create table b (id integer); create table c (id integer)`);
    await withSession(database.url, async (session) => {
      const before = await session.introspect(wholeDatabase);
      const after = async (sql: string): Promise<readonly string[]> => {
        await database.run(sql);
        return await compare(await session.introspect(wholeDatabase), before, session);
      };
      expect(
        await after(
          `alter table a owner to ${app}; alter table b owner to ${app}; alter table c owner to ${app}; alter table shop.z owner to ${app}`,
        ),
      ).toEqual([]);
      expect(await after(`grant select on all tables in schema public to ${reader}`)).toEqual([]);
      expect(
        await after(`grant usage on schema shop to ${reader}; grant select on shop.z to ${reader}`),
      ).toEqual(['table.alter shop.z grants']);
      expect(
        await after(`revoke select on shop.z from ${reader}; revoke usage on schema shop from ${reader}`),
      ).toEqual([]);
      expect(await after('alter table c owner to postgres')).toEqual(['table.alter c owner']);
      expect(await after(`alter table c owner to ${app}; revoke select on b from ${reader}`)).toEqual([
        'table.alter b grants',
      ]);
      expect(await after(`grant select on b to ${reader}; grant delete on b to public`)).toEqual([
        'table.alter b grants',
      ]);
    });
  } finally {
    await database.drop();
    await runOnce(database.server, `drop role ${app}; drop role ${reader}`);
  }
});

test('partitions follow from their parent', async () => {
  const database = await createDatabase(major);
  try {
    await database.run(`create table events (id bigint, at date, primary key (id, at)) partition by range (at);
      create index events_at on events (at);
      create table events_1 partition of events for values from ('2024-01-01') to ('2025-01-01');
      create table notes (id bigint, at date, foreign key (id, at) references events)`);
    await withSession(database.url, async (session) => {
      const before = await session.introspect(wholeDatabase);
      const parent = {
        ...before,
        objects: before.objects.filter(({ address }) => (address.table ?? address.name) !== 'events_1'),
      };
      expect(await compare(before, parent, session)).toEqual([]);
      expect(before.objects.filter(({ kind }) => kind === 'foreignKey').length).toBe(1);
      await database.run(
        "create table events_2 partition of events for values from ('2025-01-01') to ('2026-01-01')",
      );
      const after = await session.introspect(wholeDatabase);
      expect(await compare(after, parent, session)).toEqual([]);
      expect(await compare(after, before, session)).toEqual([]);
      await database.run('alter table events detach partition events_2');
      expect(await compare(await session.introspect(wholeDatabase), parent, session)).toEqual([
        'table.drop events_2',
      ]);
    });
  } finally {
    await database.drop();
  }
});
