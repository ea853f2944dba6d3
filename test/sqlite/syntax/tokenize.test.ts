import fc from 'fast-check';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { splitStatements } from '../../../src/dialects/sqlite/syntax/statements.ts';
import { SqliteSyntaxError } from '../../../src/dialects/sqlite/syntax/syntax-error.ts';
import { tokenize, tokenizeSignificant } from '../../../src/dialects/sqlite/syntax/tokenize.ts';

const kinds = (sql: string): string[] =>
  tokenizeSignificant(sql).map((token) => `${token.kind} ${token.value}`);

describe('tokens', () => {
  test.each<[string, string[]]>([
    ['select', ['word select']],
    ['naïve_ñ$1', ['word naïve_ñ$1']],
    ['"a""b"', ['quoted a"b']],
    ['`a``b`', ['quoted a`b']],
    ['[a "b]', ['quoted a "b']],
    ["'it''s'", ["string it's"]],
    ["x'0aFF' X''", ['blob 0aFF', 'blob ']],
    [
      '1 1.5 .5 5. 1e5 1E-5 1.5e+3',
      ['integer 1', 'real 1.5', 'real .5', 'real 5.', 'real 1e5', 'real 1E-5', 'real 1.5e+3'],
    ],
    ['0xAf 1_000 1_0.0_1e1_0', ['integer 0xAf', 'integer 1_000', 'real 1_0.0_1e1_0']],
    [
      '? ?12 :a @b $c #d',
      ['parameter ?', 'parameter ?12', 'parameter :a', 'parameter @b', 'parameter $c', 'parameter #d'],
    ],
    ['a->b->>c', ['word a', 'operator ->', 'word b', 'operator ->>', 'word c']],
    [
      '|| << >> <= >= <> != == = < > | & ~ % ;',
      '|| << >> <= >= <> != == = < > | & ~ % ;'.split(' ').map((o) => `operator ${o}`),
    ],
    ['a--b\nc', ['word a', 'word c']],
    ['a/* ; " */b', ['word a', 'word b']],
    ['a /* never closed', ['word a']],
    ['\ufeffselect', ['word select']],
    ["'a'  'b'", ['string a', 'string b']],
    ['1.x', []],
  ])('%s', (sql, expected) => {
    if (expected.length === 0) expect(() => kinds(sql)).toThrow(SqliteSyntaxError);
    else expect(kinds(sql)).toEqual(expected);
  });

  test.each([
    ["a 'b", 2],
    ['"b', 0],
    ['`b', 0],
    ['[b', 0],
    ["x'0'", 0],
    ["x'0g'", 0],
    ['1__0', 0],
    ['1_', 0],
    ['12abc', 0],
    ['a ! b', 2],
    ['a ^ b', 2],
    ['{', 0],
    ['a : b', 2],
  ])('%s is refused at %i, by SQLite too', (sql, offset) => {
    const database = new Database(':memory:');
    expect(() => database.prepare(`select ${sql}`)).toThrow();
    database.close();
    let found = -1;
    try {
      tokenize(sql);
    } catch (error) {
      if (error instanceof SqliteSyntaxError) found = error.offset;
    }
    expect(found).toBe(offset);
  });

  test('the texts of all tokens are the input, and each stands where it says', () => {
    const piece = fc.constantFrom(
      'a',
      '"q""q"',
      "'s;'",
      '[b c]',
      '`c`',
      '1.5e3',
      "x'00'",
      ' ',
      '\n',
      '\t',
      '-- c\n',
      '/* c */',
      '->>',
      '<>',
      '(',
      ')',
      ',',
      ';',
      ':p',
      'ü',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        // A word or a number right behind another one would be one token, or none.
        const sql = pieces.join(' ');
        const tokens = tokenize(sql);
        expect(tokens.map((token) => token.text).join('')).toBe(sql);
        for (const token of tokens) expect(sql.slice(token.start, token.end)).toBe(token.text);
        const significant = tokens.filter((token) => token.kind !== 'space' && token.kind !== 'comment');
        expect(tokenizeSignificant(sql)).toEqual(significant);
      }),
    );
  });
});

describe('statements of a script', () => {
  const texts = (sql: string): string[] => splitStatements(sql).map((statement) => statement.text);

  test.each<[string, string[]]>([
    ['', []],
    [' ;; -- nothing\n;', []],
    ['select 1; select 2', ['select 1', 'select 2']],
    ["select ';' as [a;b]; -- ;\nselect /* ; */ 2;", ["select ';' as [a;b]", 'select /* ; */ 2']],
    [
      'create trigger t after insert on a begin select case when 1 then 2 end; update b set c = 1; end; select 3',
      [
        'create trigger t after insert on a begin select case when 1 then 2 end; update b set c = 1; end',
        'select 3',
      ],
    ],
    [
      'CREATE TEMPORARY TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; /* x */ END -- y\n; select 3',
      ['CREATE TEMPORARY TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; /* x */ END', 'select 3'],
    ],
    [
      'create trigger t after insert on a begin select 1; end',
      ['create trigger t after insert on a begin select 1; end'],
    ],
    [
      'begin; select case a when 1 then 2 end; end; select 2',
      ['begin', 'select case a when 1 then 2 end', 'end', 'select 2'],
    ],
    ['create table "trigger" (a); select 1', ['create table "trigger" (a)', 'select 1']],
  ])('%s', (sql, expected) => {
    expect(texts(sql)).toEqual(expected);
    for (const statement of splitStatements(sql)) {
      expect(sql.slice(statement.start, statement.end)).toBe(statement.text);
    }
  });

  test('only a last statement can lack its semicolon', () => {
    expect(splitStatements('select 1; select 2').map((statement) => statement.terminated)).toEqual([
      true,
      false,
    ]);
    expect(splitStatements('select 1; select 2;').map((statement) => statement.terminated)).toEqual([
      true,
      true,
    ]);
  });
});
