import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Scratch } from '../../src/dialects/dialect.ts';
import { openScratch } from '../../src/dialects/sqlite/scratch.ts';
import { wholeDatabase } from './support/databases.ts';

let scratch: Scratch;

beforeEach(() => {
  scratch = openScratch();
});

afterEach(async () => {
  await scratch.close();
});

const readNames = async (): Promise<readonly string[]> =>
  (await scratch.introspect(wholeDatabase)).objects.map(({ kind, address }) => `${kind} ${address.name}`);

test('statements run in order, several in one text as well', async () => {
  expect(await scratch.run(['CREATE TABLE a (x); CREATE TABLE b (y)', 'DROP TABLE a'])).toBeNull();
  expect(await readNames()).toEqual(['table b', 'column y']);
});

test('the first that fails is told, and what ran before stays', async () => {
  const failure = await scratch.run(['CREATE TABLE a (x)', 'CREATE TABLE a (x)', 'CREATE TABLE b (y)']);
  expect(failure).toMatchObject({ index: 1, reason: 'table a already exists' });
  expect(await readNames()).toEqual(['table a', 'column x']);
});

test('a text that manages its own transaction', async () => {
  expect(
    await scratch.run(['BEGIN; CREATE TABLE a (x); COMMIT', 'PRAGMA foreign_keys = ON', 'VACUUM']),
  ).toBeNull();
});

test('a double-quoted word that older SQLite took for a string', async () => {
  const statements = [
    'CREATE TABLE a (x text, "active" text); CREATE TABLE b (y)',
    'CREATE INDEX i ON a (x) WHERE "active" = "yes" AND x <> "no ""one"""',
    'INSERT INTO b VALUES ("text")',
  ];
  expect(await scratch.run(statements)).toBeNull();
  const { objects } = await scratch.introspect(wholeDatabase);
  expect(objects.find(({ kind }) => kind === 'index')).toMatchObject({
    where: { text: `"active" = 'yes' AND x <> 'no "one"'` },
  });
});

test('a column redefined as libSQL does it', async () => {
  const statements = [
    'CREATE TABLE "T" (id integer PRIMARY KEY, `mail` text DEFAULT \'a, b\', up integer); CREATE INDEX i ON t (mail)',
    'INSERT INTO t (mail) VALUES (NULL)',
    'ALTER TABLE `t` ALTER COLUMN "mail" TO "mail" text(9) NOT NULL;\n/* why */',
    'ALTER TABLE t ALTER COLUMN up TO "upper" integer REFERENCES t(id) ON DELETE cascade; -- and',
    'ALTER TABLE t ADD more text',
  ];
  expect(await scratch.run(statements)).toBeNull();
  const { objects } = await scratch.introspect(wholeDatabase);
  const columns = objects.flatMap((object) =>
    object.kind === 'column'
      ? [[object.address.name, object.type, object.nullable, object.value.kind].map(String).join(' ')]
      : [],
  );
  expect(columns).toEqual([
    'id integer true none',
    'mail text(9) false none',
    'more text true none',
    'upper integer true none',
  ]);
  expect(objects.find(({ kind }) => kind === 'foreignKey')).toMatchObject({
    columns: ['upper'],
    onDelete: 'cascade',
  });
  expect(await scratch.run(['ALTER TABLE t ALTER COLUMN gone TO gone text'])).toMatchObject({
    index: 0,
    reason: 'no such column: "gone"',
  });
  expect(await scratch.run(['ALTER TABLE gone ALTER COLUMN a TO a text'])).toMatchObject({
    reason: 'no such table: gone',
  });
});

test.each([
  'CREATE TABLE a (x text) RANDOM ROWID',
  'CREATE TABLE a (x text) STRICT, random rowid;',
  'CREATE TABLE a (x text) RANDOM ROWID, STRICT -- why',
])('%s, as libSQL does it', async (statement) => {
  expect(await scratch.run([statement])).toBeNull();
  const { objects } = await scratch.introspect(wholeDatabase);
  expect(objects[0]).toMatchObject({ kind: 'table', strict: /strict/i.test(statement) });
});

test('RANDOM ROWID elsewhere is the error that it is', async () => {
  expect(await scratch.run(['SELECT 1 RANDOM ROWID'])).toMatchObject({ index: 0 });
  expect(await scratch.run(['CREATE TABLE a (x, ) RANDOM ROWID'])).toMatchObject({ index: 0 });
});

test('vectors and their indexes, as libSQL has them', async () => {
  const statements = [
    'CREATE TABLE films (id integer PRIMARY KEY, embedding F32_BLOB(3) NOT NULL)',
    "CREATE INDEX films_idx ON films (libsql_vector_idx(embedding, 'metric=cosine'))",
    "INSERT INTO films VALUES (1, vector32('[1, 2, 3]'))",
    'UPDATE films SET embedding = vector_concat(embedding, embedding)',
  ];
  expect(await scratch.run(statements)).toBeNull();
  const { objects } = await scratch.introspect(wholeDatabase);
  expect(objects.find(({ kind }) => kind === 'index')).toMatchObject({ address: { name: 'films_idx' } });
});

test('a word that is missing for another reason is an error', async () => {
  expect(await scratch.run(['CREATE TABLE a (x)', 'CREATE INDEX i ON a (y)'])).toMatchObject({ index: 1 });
});

test('no statement reaches a file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'drift-scratch-'));
  const file = join(folder, 'out.db');
  try {
    for (const statement of [
      `ATTACH '${file}' AS other`,
      `SELECT 1; attach database '${file}' as o`,
      `VACUUM INTO '${file}'`,
    ]) {
      expect(await scratch.run([statement])).toMatchObject({
        index: 0,
        reason: expect.stringContaining('outside') as string,
      });
    }
    expect(existsSync(file)).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
