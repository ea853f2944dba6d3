import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderSchema } from '../../../src/dialects/sqlite/render.ts';
import { parseCreateTable } from '../../../src/dialects/sqlite/syntax/parse-create.ts';
import { readTableDefinitions } from '../../../src/dialects/sqlite/syntax/table-definitions.ts';
import { arbitrarySchema } from '../support/arbitrary-schema.ts';

/** What a statement says, without the places where it says it. */
function meaningOf(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, inner: unknown) => (key === 'start' || key === 'end' ? undefined : inner)),
  );
}

function read(sql: string, known: Parameters<typeof readTableDefinitions>[1] = new Map()): unknown {
  const definitions = readTableDefinitions(sql, known);
  return definitions && meaningOf(definitions);
}

function parse(sql: string): unknown {
  const { columns, constraints, strict, withoutRowid } = parseCreateTable(sql);
  return meaningOf({ columns, constraints, strict, withoutRowid });
}

describe('a table read definition by definition is the table as parsed', () => {
  test.each([
    'CREATE TABLE t(a)',
    'CREATE TABLE `t` (`a` integer PRIMARY KEY, "b, c" text DEFAULT \'x), (\', [d,e] numeric(10, 2))',
    "CREATE TABLE \"t\" (a text DEFAULT 'it''s, so' CHECK (a IN ('(', ')')), b AS (a || ',') STORED)",
    'CREATE TABLE t (a REFERENCES u (x, y) ON DELETE CASCADE, b, CONSTRAINT c FOREIGN KEY (a, b) REFERENCES u)',
    'CREATE TABLE t (a, b, PRIMARY KEY (a, b DESC), CONSTRAINT u UNIQUE (b)) WITHOUT ROWID, STRICT',
    'CREATE TABLE t (\n\ta int,\n\tb double precision DEFAULT (1 - 2) NOT NULL ON CONFLICT REPLACE\n) STRICT',
    "CREATE TABLE t (a blob DEFAULT x'2c29', \u00e9 text, \u00a0 text, CONSTRAINT n)",
  ])('%s', (sql) => {
    expect(read(sql)).toEqual(parse(sql));
  });

  test('whatever stands in it, and whatever was read before', () => {
    const known = new Map();
    fc.assert(
      fc.property(arbitrarySchema, (schema) => {
        for (const sql of renderSchema(schema)) {
          if (sql.startsWith('CREATE TABLE')) expect(read(sql, known) ?? parse(sql)).toEqual(parse(sql));
        }
      }),
      { numRuns: 200, seed: 20260101 },
    );
  });
});

describe('what a definition may say of another one is left to the whole parser', () => {
  test.each([
    ['a comment', 'CREATE TABLE t (a, -- b\n c)'],
    ['a comment in a block', 'CREATE TABLE t (a /* , */, c)'],
    ['DEFERRABLE after a column in between', 'CREATE TABLE t (a REFERENCES u, b NOT NULL DEFERRABLE)'],
    ['constraints without a comma', 'CREATE TABLE t (a, CHECK (a > 1) UNIQUE (a))'],
    ['a column after a constraint', 'CREATE TABLE t (a, CHECK (a > 1), b)'],
    ['no column', 'CREATE TABLE t (CHECK (1))'],
    ['a list that does not end', 'CREATE TABLE t (a, b'],
    ['a name that does not end', 'CREATE TABLE t (a, "b)'],
    ['an empty definition', 'CREATE TABLE t (a, )'],
    ['an unknown option', 'CREATE TABLE t (a) LOOSE'],
    ['a name with a quote in it', 'CREATE TABLE "t""u" (a)'],
    ['another statement', 'CREATE VIEW t (a) AS SELECT 1'],
  ])('%s', (_what, sql) => {
    expect(read(sql)).toBeUndefined();
  });
});
