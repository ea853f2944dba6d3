/** Words of models that the server does not keep as they were said. */
import { sql } from 'drizzle-orm';
import { index, integer, interval, pgPolicy, pgTable, timestamp } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readModels } from '../../src/dialects/postgres/models/read.ts';
import { compare, wholeDatabase, withSession } from '../support/postgres-sessions.ts';
import { createDatabase, postgresMajors, type TestDatabase } from '../support/postgres-servers.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase(postgresMajors.at(-1) ?? 18);
});

afterAll(async () => {
  await database.drop();
});

async function check(ddl: string, exports: Readonly<Record<string, unknown>>): Promise<readonly string[]> {
  await database.run(`drop schema public cascade; create schema public; ${ddl}`);
  const { schema } = readModels([{ file: '/schema.ts', exports }], { casing: undefined });
  return withSession(database.url, async (session) =>
    compare(await session.introspect(wholeDatabase), schema, session),
  );
}

test('TO current_user is the role that made the policy, and never everybody', async () => {
  const models = {
    notes: pgTable('notes', { id: integer() }, () => [
      pgPolicy('mine', { to: 'current_user', using: sql`true` }),
    ]),
  };
  const table = 'create table notes (id integer); alter table notes enable row level security;';
  expect(await check(`${table} create policy mine on notes to current_user using (true)`, models)).toEqual(
    [],
  );
  expect(await check(`${table} create policy mine on notes to public using (true)`, models)).toEqual([
    'policy.alter notes.mine to',
  ]);
});

test('an index WHERE true is a whole one', async () => {
  const models = {
    notes: pgTable('notes', { id: integer() }, (notes) => [
      index('whole')
        .on(notes.id)
        .where(sql`true`),
      index('none')
        .on(notes.id)
        .where(sql`false`),
    ]),
  };
  const table = 'create table notes (id integer);';
  const none = 'create index none on notes (id) where false;';
  expect(await check(`${table} ${none} create index whole on notes (id) where TRUE`, models)).toEqual([]);
  expect(await check(`${table} ${none} create index whole on notes (id) where id > 0`, models)).toEqual([
    'index.alter notes.whole where',
  ]);
});

test('an array of empty arrays is an empty one', async () => {
  const models = {
    grids: pgTable('grids', { cells: integer().array().array().default([[], []]) }),
  };
  expect(await check("create table grids (cells integer[] default '{}')", models)).toEqual([]);
});

test('times in arrays are compared by their values, whatever their precision', async () => {
  const models = {
    plans: pgTable('plans', {
      at: timestamp({ precision: 4, withTimezone: true, mode: 'string' })
        .array()
        .default(['2025-05-23 12:53:53.115+03:00']),
      every: interval({ fields: 'day to second', precision: 3 }).array().default(['1 day 3 second']),
    }),
  };
  const write = (at: string, every: string): string =>
    `create table plans (at timestamp(4) with time zone[] default '{"${at}"}'::timestamp(4) with time zone[],
      every interval day to second(3)[] default '{"${every}"}'::interval day to second(3)[])`;
  expect(await check(write('2025-05-23 12:53:53.115+03:00', '1 day 3 second'), models)).toEqual([]);
  expect(await check(write('2025-05-23 12:53:53.115+02:00', '1 day 4 second'), models)).toEqual([
    'column.alter plans.at default',
    'column.alter plans.every default',
  ]);
});
