import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { affinity, canonicalType } from '../../../src/dialects/sqlite/syntax/affinity.ts';
import {
  canonicalDefault,
  canonicalExpression,
  canonicalSelect,
  canonicalStatement,
} from '../../../src/dialects/sqlite/syntax/canonical.ts';
import type { Expression } from '../../../src/dialects/sqlite/syntax/query-ast.ts';
import { parseExpression } from '../../../src/dialects/sqlite/syntax/parse-query.ts';
import { printExpression } from '../../../src/dialects/sqlite/syntax/print-query.ts';

const USERS = { table: 'users', columns: ['id', 'age', 'email', 'first name', 'data'] };
const canonical = (text: string): string => canonicalExpression(text, USERS);

describe('one form for', () => {
  test.each([
    ['"users"."age" > 21', 'age>21'],
    ['`users`.`age` > 21', '[Users].[AGE]>21'],
    ['main.users.age > 21', 'age > 21'],
    ['age > 21 -- of age', '/* c */ AGE\n>\t21'],
    ['lower("email")', 'LOWER(email)'],
    ['((1 + 2))', '1+2'],
    ['(age) > ((21))', 'age > 21'],
    ['age > 1 AND (age < 5 AND id = 1)', '(age > 1 AND age < 5) AND id = 1'],
    ['age OR (id OR data)', 'age OR id OR data'],
    ["email || ('@' || data)", "(email || '@') || data"],
    ['(age * 2) + 1', 'age * 2 + 1'],
    ['NOT (age = 1)', 'not age = 1'],
    ['(NOT age) = 1', '(not(age)) = 1'],
    ['age <> 1', 'age != 1'],
    ['age == 1', 'age = 1'],
    ['age IS NOT NULL', 'age NOTNULL'],
    ['age NOT NULL', 'age is not (null)'],
    ['age ISNULL', 'age IS NULL'],
    ['NOT (age IS NULL)', 'age IS NOT NULL'],
    ['age IS NOT DISTINCT FROM 1', 'age IS 1'],
    ['age IS DISTINCT FROM 1', 'age IS NOT 1'],
    ['NOT (age IN (1, 2))', 'age NOT IN (1,2)'],
    ["NOT email LIKE 'a%'", "email not like 'a%'"],
    ['NOT age BETWEEN 1 AND 2', 'age NOT BETWEEN 1 AND 2'],
    ["email LIKE ('a' || 'b') ESCAPE ('x')", "email like 'a'||'b' escape 'x'"],
    ['1e3', '1000.0'],
    ['.5', '0.50'],
    ['5.', '5.0'],
    ['1E+3', '1.0e3'],
    ['0x10', '16'],
    ['1_000', '1000'],
    ['007', '7'],
    ['99999999999999999999', '99999999999999999999.0'],
    ['TRUE', '1'],
    ['age = false', 'age=0'],
    ['-1', '- 1'],
    ['(-1)', '-(1)'],
    ['+1', '1'],
    ["x'abcd'", "X'ABCD'"],
    ['current_timestamp', 'CURRENT_TIMESTAMP'],
    ['cast(age as TEXT)', 'CAST( age  AS text )'],
    ['cast(age as varchar(20))', 'cast(age as text)'],
    ['email collate nocase', 'email COLLATE NOCASE'],
    ['email collate "nocase"', 'email COLLATE NOCASE'],
    ['"unknown"', "'unknown'"],
    ['email IN ("a", "b")', "email IN ('a', 'b')"],
    ['"first name"', '[FIRST name]'],
    ['case when (age) then (1) else (2) end', 'CASE WHEN age THEN 1 ELSE 2 END'],
    ["data ->> '$.a'", "(data)->>('$.a')"],
    ["(data -> 'a') ->> 'b'", "data->'a'->>'b'"],
    ['(age, id) = (1, 2)', '(age,id)==(1,2)'],
    ['count(ALL age)', 'COUNT(age)'],
    ['exists (select 1 from t)', 'EXISTS(SELECT 1 FROM t)'],
    ['sum(age) over (order by id asc)', 'SUM(age) OVER (ORDER BY id)'],
    [
      'sum(age) over (order by id rows 1 preceding)',
      'sum(age) over (order by id rows between 1 preceding and current row)',
    ],
    ['json_valid("data")', 'JSON_VALID(data)'],
    ["age IN (1, 2) AND email GLOB '*@*'", "(age in (1,2)) and (email glob '*@*')"],
    ['age & 1 = 1', '(age & 1) = 1'],
    ['-age collate nocase', '(-age) collate nocase'],
    ['~age', '~(age)'],
    ['age is true', 'AGE IS TRUE'],
  ])('%s  and  %s', (left, right) => {
    expect(canonical(left)).toBe(canonical(right));
  });
});

describe('different forms for', () => {
  test.each([
    ['1', '1.0'],
    ['1', "'1'"],
    ['9223372036854775807', '9223372036854775808'],
    ['age IN (1,2)', 'age IN (1,2,3)'],
    ['age IN (1,2)', 'age IN (2,1)'],
    ["'age'", '"age"'],
    ["'A'", "'a'"],
    ['[unknown]', "'unknown'"],
    ['age > 21', 'age >= 21'],
    ['age > 21', 'id > 21'],
    ['other.age', 'age'],
    ['+age = 1', 'age = 1'],
    ['-age', 'age'],
    ['NOT NOT age', 'age'],
    ['age IS TRUE', 'age IS 1'],
    ['age IS TRUE', 'age = TRUE'],
    ['age = 1', 'age IS 1'],
    ['age - (id - 1)', 'age - id - 1'],
    ['age + (id + 1)', 'age + id + 1'],
    ['age * (id + 1)', 'age * id + 1'],
    ['(age = id) = 1', 'age = (id = 1)'],
    ['NOT (age AND id)', 'NOT age AND id'],
    ['(age OR id) AND data', 'age OR id AND data'],
    ['email COLLATE nocase', 'email'],
    ['email COLLATE nocase', 'email COLLATE rtrim'],
    ['-(email COLLATE nocase)', '-email COLLATE nocase || 1'],
    ['CAST(age AS TEXT)', 'CAST(age AS INT)'],
    ['age BETWEEN 1 AND 2', 'age NOT BETWEEN 1 AND 2'],
    ["email LIKE 'a'", "email GLOB 'a'"],
    ["email LIKE 'a'", "email LIKE 'a' ESCAPE 'x'"],
    ['count(DISTINCT age)', 'count(age)'],
    ['count(*)', 'count()'],
    ["data -> 'a'", "data ->> 'a'"],
    ["data -> ('a' -> 'b')", "data -> 'a' -> 'b'"],
    ["'x' || (data -> 'b')", "'x' || data -> 'b'"],
    ['age IN (SELECT 1)', 'age IN ((SELECT 1))'],
    ['É', 'é'],
    ['age IS NULL', 'age = NULL'],
    ["'a  b'", "'a b'"],
    ['round(age)', 'round(age, 1)'],
    ['"true"', 'true'],
  ])('%s  and  %s', (left, right) => {
    expect(canonical(left)).not.toBe(canonical(right));
  });
});

test('what a bare word means depends on the columns', () => {
  expect(canonicalExpression('"x"')).toBe('x');
  expect(canonicalExpression('"x"', { columns: ['X'] })).toBe('x');
  expect(canonicalExpression('"x"', { columns: ['y'] })).toBe("'x'");
  expect(canonicalExpression('"rowid"', { columns: ['y'] })).toBe('rowid');
  expect(canonicalExpression('true', { columns: ['True'] })).toBe('"true"');
  expect(canonicalExpression('a is true', { columns: ['a', 'true'] })).toBe('a IS "true"');
  expect(canonicalExpression('users.age', { table: 'users' })).toBe('age');
  expect(canonicalExpression('users.age')).toBe('users.age');
  expect(canonicalExpression('(select users.age from users)', { table: 'users' })).toContain('users.age');
});

describe('defaults', () => {
  test.each([
    ['TRUE', '1'],
    ['(true)', '1'],
    ['false', '0'],
    ['"true"', "'true'"],
    ['(CURRENT_TIMESTAMP)', 'current_timestamp'],
    ["('x')", "'x'"],
    ['x', "'x'"],
    ['"x"', "'x'"],
    ['("x")', "'x'"],
    ['- 1', '(-1)'],
    ['+1', '1'],
    ['(+1)', '1'],
    ['(( 1 + 2 ))', '1+2'],
    ['(1) + (2)', '1+2'],
    ["(datetime( 'now' ))", "datetime('now')"],
    ['1e21', '1000000000000000000000.0'],
    ['null', '(NULL)'],
  ])('%s is %s', (left, right) => {
    expect(canonicalDefault(left)).toBe(canonicalDefault(right));
  });

  test.each([
    ['1', "'1'"],
    ['1', '1.0'],
    ['X', 'x'],
    ['null', "'null'"],
    ['current_timestamp', "'current_timestamp'"],
    ["''", 'null'],
    ['-1', '1'],
  ])('%s is not %s', (left, right) => {
    expect(canonicalDefault(left)).not.toBe(canonicalDefault(right));
  });
});

describe('queries', () => {
  test.each([
    ['select id, email from users;', 'SELECT "id",\n\t`email` FROM "users" -- all'],
    ['select id as x from users u', 'SELECT id x FROM users AS U'],
    ["select id 'x' from users", 'SELECT id AS x FROM users'],
    ['select * from a inner join b on (a.x = b.x)', 'select * from a join b on a.x == b.x'],
    ['select * from a, b', 'select * from a join b'],
    ['select * from a left outer join b using (x)', 'SELECT * FROM a LEFT JOIN b USING("x")'],
    [
      'select all id from users order by id asc limit 1, 2',
      'select id from users order by id limit 2 offset 1',
    ],
    [
      'select id from users order by id nulls first, age desc nulls last',
      'select id from users order by id, age desc',
    ],
    ['with recursive t(n) as (values (1)) select n from t', 'WITH t(n) AS (VALUES(1)) SELECT n FROM t'],
    [
      'select sum(x) over w from t window w as (partition by y)',
      'SELECT SUM(x) OVER w FROM t WINDOW w AS (PARTITION BY y)',
    ],
    ['select 1 union all select 2 order by 1', 'SELECT 1 UNION ALL SELECT 2 ORDER BY (1)'],
    [
      'select (select max(x) from t), a.* from a where exists(select 1)',
      'SELECT (SELECT MAX(x) FROM t), "a".* FROM a WHERE EXISTS (SELECT 1)',
    ],
  ])('%s  and  %s', (left, right) => {
    expect(canonicalSelect(left)).toBe(canonicalSelect(right));
  });

  test.each([
    ['select id, email from users', 'select email, id from users'],
    ['select id from users', 'select users.id from users'],
    ['select id from a cross join b', 'select id from a join b'],
    ['select * from a left join b on 1', 'select * from a join b on 1'],
    ['select distinct id from users', 'select id from users'],
    ['select 1 union select 2', 'select 1 union all select 2'],
    ['select id from users order by id', 'select id from users order by id desc'],
    ['select id from users order by id', 'select id from users order by id nulls last'],
    ['select id from users limit 1', 'select id from users limit 2'],
    ['select a from t group by a', 'select distinct a from t'],
    ['select a from (b join c)', 'select a from (select * from b join c)'],
    ['select true from t group by true', 'select 1 from t group by 1'],
  ])('%s  is not  %s', (left, right) => {
    expect(canonicalSelect(left)).not.toBe(canonicalSelect(right));
  });
});

describe('whole statements', () => {
  test.each([
    ['create view if not exists main."v" as select 1', 'CREATE VIEW v AS SELECT 1;'],
    ['create view v(a, "B") as select 1, 2', 'CREATE VIEW V ( A, b ) AS SELECT 1, 2'],
    [
      'create index i on t (a asc, (b)) where ((t.a > 1))',
      'CREATE INDEX "i" ON "t" ("a", `b`) WHERE "a" > 1',
    ],
    [
      'create trigger x insert on t begin select 1; end',
      'CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW BEGIN SELECT 1; END',
    ],
    [
      'create trigger x after update of a, b on main.t begin delete from y; end',
      'create trigger x after update of B,A on t begin delete from "y" ; end',
    ],
    [
      'create trigger x after insert on t when (new.a <> old.b) begin replace into u(a) values (NEW."a"); end',
      'CREATE TRIGGER x AFTER INSERT ON t WHEN NEW.a != OLD.b BEGIN INSERT OR REPLACE INTO u ("a") VALUES(new.a); END',
    ],
    ['create view v as select frobnicate( from', 'CREATE  VIEW "v" as SELECT frobnicate( FROM -- x'],
  ])('%s', (left, right) => {
    expect(canonicalStatement(left)).toBe(canonicalStatement(right));
  });

  test.each([
    ['create view v as select 1', 'create view v(a) as select 1'],
    ['create view v as select 1', 'create temp view v as select 1'],
    ['create index i on t (a)', 'create unique index i on t (a)'],
    ['create index i on t (a)', 'create index i on t (a desc)'],
    ['create index i on t (a)', 'create index i on t (a collate nocase)'],
    ['create index i on t (a)', 'create index i on t (a) where a > 1'],
    [
      'create trigger x after insert on t begin select 1; end',
      'create trigger x before insert on t begin select 1; end',
    ],
    [
      'create trigger x after update on t begin select 1; end',
      'create trigger x after update of a on t begin select 1; end',
    ],
    [
      'create trigger x after insert on t begin select 1; end',
      'create trigger x after insert on t begin select 1; select 1; end',
    ],
    [
      'create trigger x after insert on t begin update a set b = 1; end',
      'create trigger x after insert on t begin update or ignore a set b = 1; end',
    ],
  ])('%s  is not  %s', (left, right) => {
    expect(canonicalStatement(left)).not.toBe(canonicalStatement(right));
  });
});

describe('types', () => {
  test.each([
    ['VARCHAR( 255 )', 'varchar(255)'],
    ['double  precision', 'DOUBLE PRECISION'],
    ['decimal(10 , 2)', 'Decimal(10,2)'],
    ['text /* c */', 'TEXT'],
    ['"text"', 'text'],
  ])('%s is %s', (left, right) => {
    expect(canonicalType(left)).toBe(canonicalType(right));
  });

  test('the length is part of the type', () => {
    expect(canonicalType('varchar(1)')).not.toBe(canonicalType('varchar(2)'));
    expect(canonicalType('')).toBe('');
  });

  test.each([
    '',
    'INT',
    'tinyint',
    'FLOATING POINT',
    'CHARINT',
    'varchar(10)',
    'clob',
    'BLOBTEXT',
    'blob',
    'TEXTBLOB',
    'real blob',
    'double',
    'float',
    'numeric',
    'decimal(10,5)',
    'boolean',
    'date',
    'datetime',
    'string',
    'any',
    'bigint',
    'json',
    'BLOB REAL',
    'ınt',
  ])("the affinity of %j is SQLite's", (type) => {
    const engine = new Database(':memory:');
    // What becomes of the values in a column shows its affinity.
    engine.exec(`create table t(a ${type}); insert into t values ('1.0'), ('x'), (1), (2.0), (x'31')`);
    const types = engine.prepare('select typeof(a) || a from t').pluck().all();
    engine.close();
    const expected = {
      integer: ['integer1', 'textx', 'integer1', 'integer2', 'blob1'],
      numeric: ['integer1', 'textx', 'integer1', 'integer2', 'blob1'],
      text: ['text1.0', 'textx', 'text1', 'text2.0', 'blob1'],
      blob: ['text1.0', 'textx', 'integer1', 'real2.0', 'blob1'],
      real: ['real1.0', 'textx', 'real1.0', 'real2.0', 'blob1'],
    };
    expect(types).toEqual(expected[affinity(type)]);
  });
});

const OPERATORS = [
  '+',
  '-',
  '*',
  '/',
  '%',
  '||',
  '<<',
  '>>',
  '&',
  '|',
  '<',
  '<=',
  '>',
  '>=',
  '=',
  '==',
  '<>',
  '!=',
  'IS',
  'IS NOT',
  'IS DISTINCT FROM',
  'IS NOT DISTINCT FROM',
  'AND',
  'OR',
  'LIKE',
  'NOT LIKE',
  'GLOB',
];
const ATOMS = [
  '0',
  '1',
  '2',
  '3',
  '-1',
  '0x1F',
  '1_0',
  '1.0',
  '.5',
  '1e2',
  '2.50',
  '1E-2',
  '9223372036854775807',
  '9223372036854775808',
  "''",
  "'a'",
  "'A'",
  "'10'",
  "'it''s'",
  "x'41'",
  'NULL',
  'TRUE',
  'false',
  'a',
  'b',
  'c',
  'd',
  'e',
  '"A"',
  '"nosuch"',
  't.b',
  'abs(a)',
  'LOWER(b)',
  'coalesce(c, 7)',
  'typeof(d)',
  'length( b )',
  'max(a, d)',
  "b LIKE 'X%'",
  'likely(TRUE)',
];

/** Random texts, flat enough that what binds to what is up to SQLite. */
const { text: expressionText } = fc.letrec<{ text: string; operand: string }>((tie) => ({
  operand: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(...ATOMS),
    fc
      .tuple(fc.constantFrom('-', '+', '~', 'NOT ', '- ', 'NOT NOT '), tie('operand'))
      .map(([sign, of]) => `${sign}${of.startsWith('-') ? ' ' : ''}${of}`),
    tie('text').map((text) => `(${text})`),
    tie('text').map((text) => `CAST(${text} AS varchar(3))`),
    tie('text').map((text) => `CAST(${text} AS int)`),
    fc
      .tuple(tie('operand'), tie('operand'), tie('operand'))
      .map(([x, y, z]) => `CASE ${x} WHEN ${y} THEN ${z} ELSE 0 END`),
  ),
  text: fc
    .tuple(
      tie('operand'),
      fc.array(
        fc.oneof(
          fc
            .tuple(fc.constantFrom(...OPERATORS), tie('operand'))
            .map(([operator, right]) => ` ${operator} ${right}`),
          fc.constantFrom(
            ' ISNULL',
            ' NOT NULL',
            ' NOTNULL',
            ' IS NOT NULL',
            ' COLLATE nocase',
            ' IN (1, 2)',
            " NOT IN ('a')",
          ),
          fc.tuple(tie('operand'), tie('operand')).map(([low, high]) => ` BETWEEN ${low} AND ${high}`),
          fc.tuple(tie('operand'), tie('operand')).map(([low, high]) => ` NOT BETWEEN ${low} AND ${high}`),
        ),
        { maxLength: 4 },
      ),
    )
    .map(([first, rest]) => first + rest.join('')),
}));

/** The expression with parentheses around each part, so that nothing is left to precedence. */
function enclose(node: Expression): string {
  return `(${spell(node)})`;
}

function spell(node: Expression): string {
  const not = 'negated' in node && node.negated ? 'NOT ' : '';
  if (node.type === 'unary') return `${node.operator} ${enclose(node.operand)}`;
  if (node.type === 'binary') return `${enclose(node.left)} ${node.operator} ${enclose(node.right)}`;
  if (node.type === 'between') {
    return `${enclose(node.operand)} ${not}BETWEEN ${enclose(node.low)} AND ${enclose(node.high)}`;
  }
  if (node.type === 'null-test') return `${enclose(node.operand)} IS ${not}NULL`;
  if (node.type === 'collate') return `${enclose(node.operand)} COLLATE ${node.collation.value}`;
  if (node.type === 'matching') return `${enclose(node.left)} ${not}${node.operator} ${enclose(node.right)}`;
  return printExpression(node);
}

describe('laws', () => {
  const columns = ['a', 'b', 'c', 'd', 'e'];
  const database = new Database(':memory:');
  database.exec(
    "create table t(a int, b text collate nocase, c, d real, e blob); insert into t values (1, 'Xy', null, 2.5, '10'), (-3, '10', 'a', 1e3, 5)",
  );
  const evaluate = (text: string): unknown => {
    try {
      return database.prepare(`select v, typeof(v) from (select ${text} as v from t)`).raw().all();
    } catch (error) {
      return (error as Error).message.replace(/:.*/, '');
    }
  };

  test('the canonical form evaluates as the original does, and so does the tree', () => {
    let evaluated = 0;
    fc.assert(
      fc.property(expressionText, (text) => {
        // better-sqlite3 is built without double-quoted strings, so that name is written as the string it would be.
        const original = evaluate(text.replaceAll('"nosuch"', "'nosuch'"));
        const form = canonicalExpression(text, { table: 't', columns });
        expect(evaluate(form), form).toEqual(original);
        if (Array.isArray(original)) {
          evaluated++;
          expect(evaluate(enclose(parseExpression(text)).replaceAll('"nosuch"', "'nosuch'"))).toEqual(
            original,
          );
        }
      }),
      { numRuns: 3000 },
    );
    expect(evaluated).toBeGreaterThan(1500);
  });

  test('the canonical form is its own canonical form', () => {
    fc.assert(
      fc.property(expressionText, (text) => {
        const context = { table: 't', columns };
        const form = canonicalExpression(text, context);
        expect(canonicalExpression(form, context)).toBe(form);
        const loose = canonicalExpression(text);
        expect(canonicalExpression(loose)).toBe(loose);
      }),
      { numRuns: 1000 },
    );
  });

  test('whitespace, comments, case and outer parentheses never show', () => {
    const noise = fc.constantFrom(' ', '\n', '\t ', ' /* ; */ ', ' -- x\n');
    fc.assert(
      fc.property(expressionText, noise, (text, gap) => {
        // Only spaces outside of strings: none of the strings above has one.
        const spelled = `( ${text.replaceAll(' ', gap).replaceAll(/\b(AND|OR|NOT|IS|LOWER|CASE|t)\b/g, (word) => word.toLowerCase())} )`;
        expect(canonicalExpression(spelled)).toBe(canonicalExpression(text));
      }),
      { numRuns: 500 },
    );
  });

  test('a printed tree reads back as itself', () => {
    fc.assert(
      fc.property(expressionText, (text) => {
        const printed = printExpression(parseExpression(text));
        expect(printExpression(parseExpression(printed))).toBe(printed);
        expect(evaluate(printed)).toEqual(evaluate(text));
      }),
      { numRuns: 1000 },
    );
  });

  test('numbers keep their value and their type', () => {
    const digits = fc.stringMatching(/^[0-9]{1,22}$/);
    const number = fc.oneof(
      digits,
      fc.tuple(digits, digits).map(([whole, fraction]) => `${whole}.${fraction}`),
      fc
        .tuple(digits, fc.integer({ min: -330, max: 330 }))
        .map(([whole, power]) => `${whole}e${String(power)}`),
      fc
        .tuple(digits, digits, fc.integer({ min: -40, max: 40 }))
        .map(([a, b, power]) => `${a}.${b}E${String(power)}`),
      fc.stringMatching(/^0x[0-9a-fA-F]{1,16}$/),
    );
    fc.assert(
      fc.property(number, fc.boolean(), (text, negative) => {
        const original = negative ? `-${text}` : text;
        expect(evaluate(canonicalExpression(original))).toEqual(evaluate(original));
      }),
      { numRuns: 3000 },
    );
  });
});
