import { describe, expect, test } from 'vitest';
import { readIndexTerms, type IndexTerm } from '../../src/dialects/drizzle/index-terms.ts';

const plain: Omit<IndexTerm, 'text'> = {
  column: null,
  collation: null,
  opclass: null,
  order: null,
  nulls: null,
};

describe('a term of an index in PostgreSQL', () => {
  test.each<[string, Partial<IndexTerm>]>([
    ['"a"', { column: 'a' }],
    ['Name', { column: 'name' }],
    ['"t"."a"', { column: 'a' }],
    ['"s"."t"."a b"', { column: 'a b' }],
    ['"say ""hi"""', { column: 'say "hi"' }],
    ['"a" DESC', { text: '"a"', column: 'a', order: 'desc' }],
    ['"a" asc nulls first', { text: '"a"', column: 'a', order: 'asc', nulls: 'first' }],
    ['"a" nulls last', { text: '"a"', column: 'a', nulls: 'last' }],
    ['"desc"', { column: 'desc' }],
    ['lower("a")', {}],
    ['lower("a") desc', { text: 'lower("a")', order: 'desc' }],
    [`("a" ->> 'x')`, {}],
    [`("a" ->> 'x') desc nulls last`, { text: `("a" ->> 'x')`, order: 'desc', nulls: 'last' }],
    ['"a" gin_trgm_ops', { text: '"a"', column: 'a', opclass: 'gin_trgm_ops' }],
    ['"a" public.gin_trgm_ops', { text: '"a"', column: 'a', opclass: 'public.gin_trgm_ops' }],
    [
      '"a" gist_trgm_ops(siglen=32) desc',
      { text: '"a"', column: 'a', opclass: 'gist_trgm_ops(siglen=32)', order: 'desc' },
    ],
    ['lower(a) text_pattern_ops', { text: 'lower(a)', opclass: 'text_pattern_ops' }],
    ['(a || b) gin_trgm_ops', { text: '(a || b)', opclass: 'gin_trgm_ops' }],
    [`to_tsvector('english', "a")`, {}],
    ['("a"::text)', {}],
    ['"a"::text', {}],
    ['"a" collate "C"', { text: '"a"', column: 'a', collation: 'C' }],
    [
      '"a" COLLATE pg_catalog."C" text_ops',
      { text: '"a"', column: 'a', collation: 'C', opclass: 'text_ops' },
    ],
    [`coalesce("a", 'x desc')`, {}],
    ['/* by name */ "a"', { text: '"a"', column: 'a' }],
  ])('%s', (text, expected) => {
    expect(readIndexTerms(text, 'postgres')).toEqual([{ ...plain, text, ...expected }]);
  });
});

describe('a term of an index in SQLite', () => {
  test.each<[string, Partial<IndexTerm>]>([
    ['`a`', { column: 'a' }],
    ['Name', { column: 'Name' }],
    ['a IS NOT NULL', {}],
    ['a > 5 desc', { text: 'a > 5', order: 'desc' }],
    ['a collate nocase desc', { text: 'a', column: 'a', collation: 'nocase', order: 'desc' }],
    ['CASE WHEN a THEN 1 END', {}],
    ["json_extract(a, '$.x, y')", {}],
  ])('%s', (text, expected) => {
    expect(readIndexTerms(text, 'sqlite')).toEqual([{ ...plain, text, ...expected }]);
  });
});

test('several terms in one text are told apart', () => {
  const terms = readIndexTerms(`lower("a"), coalesce(b, ',') desc, "c"`, 'postgres');
  expect(terms.map((term) => [term.text, term.order])).toEqual([
    ['lower("a")', null],
    [`coalesce(b, ',')`, 'desc'],
    ['"c"', null],
  ]);
});
