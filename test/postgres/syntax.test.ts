import { describe, expect, test } from 'vitest';
import { hidePassword, nameDatabase } from '../../src/dialects/postgres/drivers/url.ts';
import { canonicaliseDefault } from '../../src/dialects/postgres/syntax/defaults.ts';
import { canonicalise } from '../../src/dialects/postgres/syntax/canonical.ts';
import { tokenize } from '../../src/dialects/postgres/syntax/lexer.ts';
import { rewriteNames } from '../../src/dialects/postgres/syntax/rewrite.ts';
import { canonicaliseType } from '../../src/dialects/postgres/syntax/types.ts';

describe('tokens', () => {
  test.each([
    ['a /* one /* two */ still */ b -- rest\nc', ['a', 'b', 'c']],
    ["'it''s' E'a\\'b\\n\\x41' $$x$$ $t$y $$ z$t$ U&'\\0041'", ["it's", "a'b\nA", 'x', 'y $$ z', 'A']],
    ['"A b" "x""y" Name naïve', ['A b', 'x"y', 'name', 'naïve']],
    [
      'a::int[] b>=-1 c->>$$k$$ d@>e',
      ['a', '::', 'int', '[', ']', 'b', '>=', '-', '1', 'c', '->>', 'k', 'd', '@>', 'e'],
    ],
    ['1.5e10 .5 1_000 0xFF', ['1.5e10', '.5', '1_000', '0xff']],
    ["B'101' x'FF'", ["b'101'", "x'FF'"]],
    ["'never closed", ['never closed']],
  ])('of %s', (sql, expected) => {
    expect(tokenize(sql).map(({ text }) => text)).toEqual(expected);
  });
});

test('AT TIME ZONE is the call that it stands for, where no precedence has to be known', () => {
  const one = canonicalise("timezone('utc', now())");
  expect(canonicalise("now() at time zone 'utc'")).toBe(one);
  expect(canonicalise("(CURRENT_TIMESTAMP AT TIME ZONE 'utc')")).toBe(one);
  expect(canonicalise("date(now() at time zone 'utc')")).toBe(canonicalise("date(timezone('utc', now()))"));
  expect(canonicalise("((a + b) at time zone 'utc')::date")).toBe(
    canonicalise("timezone('utc', (a + b))::date"),
  );
  // Binds tighter than what is around it.
  for (const text of ["a + b at time zone 'utc'", "a at time zone 'utc' - b", "not a at time zone 'utc'"]) {
    expect(canonicalise(text)).toContain('at time zone');
  }
  expect(canonicalise("a at time zone 'utc'")).not.toBe(canonicalise("timezone('cet', a)"));
  expect(canonicalise("timezone('utc', a)")).not.toBe(canonicalise('a at time zone zone'));
});

test('texts of one meaning have one canonical form, texts of two have two', () => {
  expect(canonicalise('((a)  >  0)')).toBe(canonicalise('(a) > 0'));
  expect(canonicalise('(a) or (b)')).not.toBe(canonicalise('a) or (b'));
  expect(canonicalise('"a" != public.f(B)')).toBe(canonicalise('a <> f(b)'));
  expect(canonicalise('"A"')).not.toBe(canonicalise('a'));
  expect(canonicalise('"user"')).not.toBe(canonicalise('user'));
  expect(canonicalise("'A'")).not.toBe(canonicalise("'a'"));
  expect(canonicalise("'a b'")).not.toBe(canonicalise("'a  b'"));
  expect(canonicalise('CURRENT_TIMESTAMP')).toBe(canonicalise('now()'));
  expect(canonicalise('CURRENT_TIMESTAMP(3)')).not.toBe(canonicalise('now()'));
});

test.each([
  ['integer', ['1', "'1'", '(1)', "'1'::integer"], ['2', "'-1'"]],
  ['numeric(5,2)', ['0.5', '.5', "'0.50'", '5e-1'], ['0.05', '5']],
  ['bigint', ["'9007199254740993'::bigint", '9007199254740993'], ['9007199254740992']],
  ['double precision', ['1e21', "'1000000000000000000000'::numeric"], ['1e22']],
  ['text', ["'x'", "'x'::text", "E'x'"], ["'X'", "'x '", 'x']],
  ['mood', ["'ok'", "'ok'::mood", "'ok'::public.mood"], ["'sad'", "'ok'::text"]],
  ['text[]', ["'{}'", 'ARRAY[]::text[]', "'{}'::text[]"], ["'{a}'"]],
  ['boolean', ['true', "'t'", 'TRUE'], ['false']],
] as const)('defaults of %s', (type, same, others) => {
  const [first = '', ...rest] = same.map((text) => canonicaliseDefault(text, type));
  for (const form of rest) expect(form).toBe(first);
  for (const other of others) expect(canonicaliseDefault(other, type)).not.toBe(first);
});

test('names of types are the ones that the server prints', () => {
  expect(canonicaliseType('vector( 3 )')).toBe('vector(3)');
  expect(canonicaliseType('"shop"."Mood"[]')).toBe('shop."Mood"[]');
  expect(canonicaliseType('geometry(Point,4326)')).toBe('geometry(point,4326)');
  expect(canonicaliseType('"char"')).toBe('"char"');
  expect(canonicaliseType('')).toBe('');
});

test('qualified names are replaced where they are names, and nowhere else', () => {
  expect(
    rewriteNames(`select "shop"."a".id, 'shop.a' from shop.a -- shop.a`, [
      { namespace: 'shop', name: 'a', by: 'shop.a' },
    ]),
  ).toBe(`select "shop.a".id, 'shop.a' from "shop.a" -- shop.a`);
});

test('no part of a password is in a label', () => {
  for (const password of ['secret', 'se@cret', 'se/cret', 'se#cret', 'se?cret', 'se:cret', '%40secret']) {
    for (const tail of ['h:5432/db', 'h/db?sslmode=require', 'h']) {
      const label = hidePassword(`postgres://user:${password}@${tail}`);
      expect(label).toBe(`postgres://user@${tail.replace(/\?.*/, '')}`);
    }
  }
  expect(hidePassword('postgres://h:5432/db?password=secret')).toBe('postgres://h:5432/db');
  expect(hidePassword('postgres://user:secret')).toBe('postgres://user');
  expect(nameDatabase('postgres://u:p@h:5432/db?sslmode=require', 'a b')).toBe(
    'postgres://u:p@h:5432/a%20b?sslmode=require',
  );
  expect(nameDatabase('postgres://h', 'x')).toBe('postgres://h/x');
});
