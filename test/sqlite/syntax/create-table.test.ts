import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCreate, parseCreateTable } from '../../../src/dialects/sqlite/syntax/parse-create.ts';
import { printCreate } from '../../../src/dialects/sqlite/syntax/print.ts';
import { expectAgreement, expectIndexAgreement } from './engine.ts';

const COLUMNS = [
  'a',
  '"a"',
  '[a b]',
  '`a``b`',
  "'a'",
  'ünïcode$1',
  'key integer',
  'a text',
  'a TEXT',
  'a int',
  'a varchar(255)',
  'a VARCHAR ( 255 )',
  'a decimal(10, -2)',
  'a double precision',
  'a unsigned big int',
  'a generated text',
  'a text generated',
  'a "int"',
  "a 'my type'",
  'a int primary key',
  'a integer primary key',
  'a integer primary key asc',
  'a integer primary key desc',
  'a integer primary key autoincrement',
  'a integer constraint pk primary key asc on conflict replace autoincrement not null',
  'a text primary key on conflict ignore',
  'a not null',
  'a not null on conflict abort not null null',
  'a null on conflict ignore',
  'a unique',
  'a text unique on conflict rollback',
  'a text collate nocase unique',
  'a collate nocase collate "rtrim"',
  'a check (a > 0)',
  'a int check(a between 1 and 2)check(a<>3)unique',
  "a text constraint c1 check (a <> ')') constraint c2 check (length(a) > 1 -- )\n)",
  'a constraint x',
  'a constraint x constraint y not null constraint z',
  'a default 1',
  'a default 1_000',
  'a default -1',
  'a default - 1.5',
  'a default +5',
  "a default 'x''y'",
  "a default x'00ff'",
  'a default null not null',
  'a default true',
  'a default "true"',
  'a default word',
  'a default [two words]',
  'a default key',
  'a default current_timestamp',
  'a default CURRENT_DATE',
  'a default (1+2)',
  "a default(datetime('now', '-1 day'))unique",
  'a default ((1))',
  'a default 1 default 2',
  "a default -'5'",
  'a default .5 not null',
  'a default 0x10',
  'a references p',
  'a references p(x)',
  'a references "p q"("x y") on delete cascade on update set null',
  'a references p on delete set default match full on delete restrict on update no action',
  'a references p on insert cascade',
  'a references p deferrable initially deferred',
  'a references p not null deferrable initially deferred unique',
  'a references p not deferrable initially immediate',
  'a references p references q(z)',
  'b, a as (b)',
  'b, a int as (b + 1) stored',
  'b, a int generated always as (b + 1) virtual not null',
  'b, a generated always as (b) stored unique check (a > 0)',
  'b, a text collate nocase as (lower(b)) virtual',
  'a, b, c',
  "a int, b text not null default ('x'), c real collate rtrim",
];

const BODIES = [
  'a, b, primary key (a)',
  'a, b, primary key (b, a)',
  'a, b, primary key (b collate nocase desc, "A" asc)',
  "a, b, primary key ('a')",
  'a integer, primary key (a autoincrement)',
  'a integer, primary key (a desc)',
  'a, b, primary key (a) on conflict fail unique (b) on conflict ignore',
  'a, b, unique (a, b)',
  'a, b, unique (b, a desc)',
  'a, b, unique (a), unique (a), unique (b collate rtrim)',
  'a, b, constraint u unique (a), constraint c check (a > b)',
  'a, b, check (a > 0) on conflict ignore',
  'a, b, constraint x constraint y unique (a) check (b)',
  'a, b, constraint x',
  'a, b, constraint x, unique (a)',
  'a, b, primary key (a), unique (b) check (a > 0) foreign key (a) references p',
  'a, b, foreign key (a) references p (x)',
  'a, b, foreign key (a, b) references p (x, y) on delete cascade deferrable initially deferred',
  'a, b, foreign key (B, A) references p',
  'a, b, constraint f foreign key ("a") references [p q] (`x`) on update cascade match simple not deferrable',
  'a references p, b, foreign key (b) references q',
  '"CHECK" text, "unique" int, "primary"',
  '/* first */ a -- the a\n int /* type */ not /* really */ null, -- end\n b',
];

describe('agrees with SQLite on', () => {
  const statements = [...COLUMNS, ...BODIES].map((body) => `create table t (${body})`);
  statements.push(
    'create table if not exists main."t"(a)',
    'CREATE TABLE t(a);',
    'create table [t x](a int primary key) without rowid',
    'create table t(a int, b text, primary key (b, a)) without rowid, strict',
    'create table t(a any, b blob) strict',
    'create table t(a int primary key) STRICT , Without RowId',
    'create table t(a int without, b)',
    'create\ttable\nt\f(a\r\n)',
    'create table "na""me"(a)',
    'create table abort(action, key, "order")',
  );
  test.each(statements)('%s', (sql) => {
    const engine = new Database(':memory:');
    try {
      engine.exec(sql);
      expectAgreement(engine, sql);
      const name = parseCreateTable(sql).name.value;
      const stored = engine
        .prepare('select sql from sqlite_schema where name = ?')
        .pluck()
        .get(name) as string;
      expectAgreement(engine, stored);
      expectStablePrint(sql);
    } finally {
      engine.close();
    }
  });
});

function expectStablePrint(sql: string): void {
  const printed = printCreate(parseCreate(sql));
  expect(printCreate(parseCreate(printed))).toBe(printed);
  const again = new Database(':memory:');
  try {
    again.exec(printed);
    expectAgreement(again, sql);
  } finally {
    again.close();
  }
}

describe('refuses, as SQLite does', () => {
  test.each([
    'create table t',
    'create table t()',
    'create table t(a,)',
    'create table t(a, unique(a), b)',
    'create table t(a b c unique(x) d)',
    'create table t(a varchar(max))',
    'create table t(a int(10) unsigned)',
    'create table t(a default -x)',
    'create table t(a default)',
    'create table t(a default case)',
    'create table t(a check a > 1)',
    'create table t(a check (a > 1)',
    'create table t(a) strict strict',
    'create table t(a) without oid',
    'create table t(a) garbage',
    'create table t(a) ; select 1',
    'create table t(a primary)',
    'create table t(a references)',
    'create table t(a references p on delete)',
    'create table t(a, foreign key (a))',
    'create table select(a)',
    'create table t(left)x',
    "create table t(a default 'x)",
    'create tabel t(a)',
  ])('%s', (sql) => {
    const engine = new Database(':memory:');
    expect(() => engine.prepare(sql)).toThrow();
    engine.close();
    expect(() => parseCreate(sql)).toThrow();
  });
});

test('every node stands where its text is', () => {
  const sql =
    'create table t /* c */ (id integer primary key, [a b] text (10) constraint u unique default ( 1 + 2 ) ' +
    'check ("a b" > 1) references p(q) on delete cascade, constraint f foreign key (id) references p2 (r)) strict';
  const table = parseCreateTable(sql);
  const at = (span: { start: number; end: number } | undefined): string =>
    span === undefined ? '' : sql.slice(span.start, span.end);
  const column = table.columns[1];
  expect(at(table.name)).toBe('t');
  expect(at(column?.name)).toBe('[a b]');
  expect(at(column?.type)).toBe('text (10)');
  expect(column?.constraints.map(at)).toEqual([
    'constraint u unique',
    'default ( 1 + 2 )',
    'check ("a b" > 1)',
    'references p(q) on delete cascade',
  ]);
  const foreign = table.constraints[0];
  expect(at(foreign)).toBe('constraint f foreign key (id) references p2 (r)');
  expect(foreign?.kind === 'foreign-key' && at(foreign.references.columns[0])).toBe('r');
  expect(at(table.body)).toBe(sql.slice(sql.indexOf('(id'), sql.lastIndexOf(')') + 1));
});

test('a late DEFERRABLE belongs to the reference read last', () => {
  const engine = new Database(':memory:');
  const sql = 'create table t(a references p(x), b text deferrable initially deferred)';
  engine.exec(
    `create table p(x primary key); ${sql}; pragma foreign_keys = on; begin; insert into t values (1, 2);`,
  );
  expect(() => engine.exec('commit')).toThrow();
  engine.close();
  const reference = parseCreateTable(sql).columns[0]?.constraints[0];
  expect(reference?.kind === 'references' && reference.references.deferral).toEqual({
    deferrable: true,
    initially: 'deferred',
  });
});

test('random tables: SQLite agrees, and printing is stable', () => {
  const type = fc.constantFrom('', 'text', 'INT', 'varchar(10)', 'Double Precision', 'decimal(10,2)', 'blob');
  const constraint = fc.constantFrom(
    'not null',
    'null',
    'unique',
    "default 'x'",
    'default -1',
    'default (1 + 2)',
    'default word',
    'collate nocase',
    'check (1)',
    'constraint "n n" check (2 > 1)',
    'references p',
    'references p(x) on delete cascade on update set null',
    'references p deferrable initially deferred',
    'not deferrable',
    'constraint z',
  );
  const column = fc.tuple(type, fc.uniqueArray(constraint, { maxLength: 4 }));
  const tableConstraint = fc.constantFrom(
    'unique (c0)',
    'unique (c0 collate nocase desc)',
    'constraint q check (c0 is not null)',
    'foreign key (c0) references p(y) on delete set default',
    'primary key (c0)',
  );
  fc.assert(
    fc.property(
      fc.array(column, { minLength: 1, maxLength: 5 }),
      fc.uniqueArray(tableConstraint, { maxLength: 4 }),
      fc.boolean(),
      (columns, constraints, commas) => {
        const body = columns
          .map(([name, parts], at) => `c${String(at)} ${name} ${parts.join(' ')}`)
          .join(', ');
        const tail = constraints.length === 0 ? '' : `, ${constraints.join(commas ? ', ' : ' ')}`;
        const sql = `create table t (${body}${tail})`;
        const engine = new Database(':memory:');
        try {
          engine.exec(sql);
          expectAgreement(engine, sql);
          expectStablePrint(sql);
        } finally {
          engine.close();
        }
      },
    ),
    { numRuns: 300 },
  );
});

describe('indexes', () => {
  const table = 'create table t(a, b text collate nocase, c, "d e", key)';
  test.each([
    'create index i on t(a)',
    'create unique index if not exists main.i on t (b desc, a asc)',
    'CREATE INDEX "i""x" ON "t"("d e" COLLATE "rtrim" DESC)',
    'create index i on t((a), (b collate rtrim), key)',
    "create index i on t('a')",
    'create index i on t(lower(b), a + c desc, -a collate nocase)',
    'create index i on t(a || c collate nocase)',
    'create index i on t(a collate binary collate nocase)',
    "create index i on t(json_extract(a, '$.x,y')) where a > 1 and c in (1, 2) -- end",
    'create index i on t(case when a then b else c end, cast(a as text)) where b is not null',
  ])('%s', (sql) => {
    const engine = new Database(':memory:');
    try {
      engine.exec(`${table}; ${sql}`);
      expectIndexAgreement(engine, parseCreateTable(table), sql);
      const printed = printCreate(parseCreate(sql));
      expect(printCreate(parseCreate(printed))).toBe(printed);
      engine.exec(`drop index ${printed.includes('"i""x"') ? '"i""x"' : 'i'}; ${printed}`);
      expectIndexAgreement(engine, parseCreateTable(table), sql);
    } finally {
      engine.close();
    }
  });
});
