import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Schema } from '../../src/catalog/schema.ts';
import { lastRow } from '../../src/dialects/postgres/drivers/connection.ts';
import { connectPglite, type PgliteConnection } from '../../src/dialects/postgres/drivers/pglite.ts';
import { openTemplate } from '../../src/dialects/postgres/drivers/pglite-template.ts';
import { postgres } from '../../src/dialects/postgres/postgres.ts';
import { renderSchema } from '../../src/dialects/postgres/render.ts';
import {
  createSession,
  decodeAnswer,
  printSettings,
  readCatalogueSql,
} from '../../src/dialects/postgres/session.ts';
import { compare, limits, wholeDatabase } from '../support/postgres-sessions.ts';
import { changes } from './changes.ts';
import { writeShop } from './shop.ts';

/** PGlite has no ICU, and needs to be told beforehand which extensions it will be asked for. */
const shop = writeShop(18).replace(
  /create collation german .*\n/,
  "create collation german (locale = 'C');\n",
);
const needs = ['citext', 'pg_trgm'];

let changing: PgliteConnection;
let referee: PgliteConnection;
let base: Schema;

beforeAll(async () => {
  changing = await openTemplate(needs, limits, null);
  referee = await openTemplate(needs, limits, null);
  for (const connection of [changing, referee]) {
    await connection.run('create role shop_reader; create role shop_other');
    await connection.run(shop);
  }
  base = await createSession(changing).introspect(wholeDatabase);
});

afterAll(async () => {
  await changing.close();
  await referee.close();
});

/** So many changes at a time that none comes near the deadline of a test on a busy machine. */
const handful = 100;
const handfuls = Array.from({ length: Math.ceil(changes.length / handful) }, (_, at) => at * handful);

test.each(handfuls)('every hand-made change is reported as exactly what it is, from %i on', async (first) => {
  const wrong: Record<string, readonly string[]> = {};
  for (const { sql, expected } of changes.slice(first, first + handful)) {
    // PGlite's parts: no lz4, ICU or subscriptions, no event triggers with a function of this test.
    if (sql.includes('watch()') || sql.includes('create subscription')) continue;
    await changing.run('begin');
    try {
      await changing.run(sql);
      const answer = await changing.run(`${printSettings}${readCatalogueSql(changing, wholeDatabase)}`);
      const actual = decodeAnswer(lastRow(answer), wholeDatabase, changing);
      const found = await compare(actual, base, createSession(referee));
      if (JSON.stringify([...found].sort()) !== JSON.stringify([...expected].sort())) wrong[sql] = found;
    } finally {
      await changing.run('rollback');
    }
  }
  expect(wrong).toEqual({});
});

test('what is rendered builds the same database again', async () => {
  const copy = await openTemplate(needs, limits, null);
  try {
    for (const statement of renderSchema(base)) await copy.run(statement);
    const session = createSession(copy);
    expect(await compare(await session.introspect(wholeDatabase), base, session)).toEqual([]);
  } finally {
    await copy.close();
  }
});

test('a database in a folder is checked where it is', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'drift-pglite-test-'));
  try {
    const made = await connectPglite(folder, limits);
    await made.run('create table t (id serial primary key, n integer check (n > 0))');
    await made.close();
    const session = await postgres.connect({ driver: 'pglite', folder }, limits);
    try {
      expect((await session.introspect(wholeDatabase)).objects.length).toBe(5);
      expect(session.label).toBe(`pglite:${folder}`);
      expect(await session.readAppliedMigrations(wholeDatabase)).toBeNull();
    } finally {
      await session.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a scratch database runs migrations one by one and says which failed', async () => {
  const scratch = await postgres.openScratch({ like: null, cache: null }, limits);
  try {
    expect(
      await scratch.run(['create table a (id integer); create table b (id integer)', 'select 1']),
    ).toBeNull();
    expect(await scratch.run(['create table c (id integer)', 'create table a (id integer)'])).toMatchObject({
      index: 1,
      reason: 'relation "a" already exists',
    });
    const schema = await scratch.introspect(wholeDatabase);
    expect(schema.objects.filter(({ kind }) => kind === 'table').map(({ address }) => address.name)).toEqual([
      'a',
      'b',
      'c',
    ]);
  } finally {
    await scratch.close();
  }
});
