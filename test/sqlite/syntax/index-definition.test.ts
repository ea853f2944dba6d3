import { describe, expect, test } from 'vitest';
import { readIndexDefinition } from '../../../src/dialects/sqlite/syntax/index-definition.ts';
import { parseCreateIndex } from '../../../src/dialects/sqlite/syntax/parse-create.ts';

/** What a statement says, without the places where it says it. */
function meaningOf(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, inner: unknown) => (key === 'start' || key === 'end' ? undefined : inner)),
  );
}

function read(sql: string, known: Parameters<typeof readIndexDefinition>[1] = new Map()): unknown {
  const definition = readIndexDefinition(sql, known);
  return definition && meaningOf(definition);
}

function parse(sql: string): unknown {
  const { unique, terms, where } = parseCreateIndex(sql);
  return meaningOf({ unique, terms, where });
}

const statements = [
  'CREATE INDEX i ON t(a)',
  'CREATE UNIQUE INDEX `i` ON `t` (`a`,`b, c`)',
  'CREATE INDEX "i" ON t (a DESC, b COLLATE NOCASE ASC, c NULLS LAST)',
  "CREATE INDEX i ON t (lower(a), (a || ',') COLLATE nocase, 'b', json_extract(a, '$.x') DESC)",
  'CREATE UNIQUE INDEX i ON t (desc, asc DESC) WHERE a > (1) AND b IN (1, 2)',
  'CREATE INDEX i ON t (a + b, (a), -a)',
];

describe('an index read term by term is the index as parsed', () => {
  test.each(statements)('%s', (sql) => {
    expect(read(sql)).toEqual(parse(sql));
  });

  test('whatever was read before', () => {
    const known = new Map();
    for (const sql of [...statements, ...statements]) expect(read(sql, known)).toEqual(parse(sql));
  });
});

describe('what takes the whole parser is left to it', () => {
  test.each([
    ['a comment', 'CREATE INDEX i ON t (a -- b\n)'],
    ['a list that does not end', 'CREATE INDEX i ON t (a'],
    ['an empty term', 'CREATE INDEX i ON t (a, )'],
    ['more after the list', 'CREATE INDEX i ON t (a) STRICT'],
    ['a name with a quote in it', 'CREATE INDEX "i""j" ON t (a)'],
    ['a table', 'CREATE TABLE t (a)'],
  ])('%s', (_what, sql) => {
    expect(read(sql)).toBeUndefined();
  });
});
