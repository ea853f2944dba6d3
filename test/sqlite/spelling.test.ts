import { describe, expect, test } from 'vitest';
import { fingerprintSchema } from '../../src/catalog/fingerprint.ts';
import { normalise } from '../../src/dialects/sqlite/normalise.ts';
import { buildSchema, compare, summarise } from './support/databases.ts';

type Variant = readonly [name: string, one: string | readonly string[], other: string | readonly string[]];

const table = (body: string): string => `CREATE TABLE t (a integer, b text, ${body})`;
const column = (definition: string): string => `CREATE TABLE t (x ${definition})`;
const on = (index: string): readonly string[] => ['CREATE TABLE t (a integer, b text COLLATE NOCASE)', index];
const parent = 'CREATE TABLE p (id integer PRIMARY KEY, k text, UNIQUE (id, k))';

const quoting: readonly Variant[] = [
  ['bare and double quotes', 'CREATE TABLE t (a text)', 'CREATE TABLE "t" ("a" text)'],
  ['backticks and brackets', 'CREATE TABLE `t` (`a` text)', 'CREATE TABLE [t] ([a] text)'],
  ['strings as names', "CREATE TABLE 't' ('a' text)", 'CREATE TABLE t (a text)'],
  ['a schema before the name', 'CREATE TABLE main.t (a text)', 'CREATE TABLE t (a text)'],
  ['IF NOT EXISTS', 'CREATE TABLE IF NOT EXISTS t (a text)', 'CREATE TABLE t (a text)'],
  [
    'case of keywords',
    'create table t (a text not null default 1)',
    'CREATE TABLE t (a text NOT NULL DEFAULT 1)',
  ],
  ['case of a table', 'CREATE TABLE Users (a text)', 'CREATE TABLE users (a text)'],
  ['case of a column', 'CREATE TABLE t (Name text)', 'CREATE TABLE t (name text)'],
  [
    'case of a column in a key',
    'CREATE TABLE t (Id text, PRIMARY KEY (ID))',
    'CREATE TABLE t (id text, PRIMARY KEY (id))',
  ],
  ['case of an index and its column', on('CREATE INDEX T_A ON T (A)'), on('CREATE INDEX t_a ON t (a)')],
  ['comments', 'CREATE TABLE t (a text /* why */, -- because\n b int)', 'CREATE TABLE t (a text, b int)'],
  ['whitespace', 'CREATE TABLE t(a\ttext\n,b    int)', 'CREATE TABLE t (a text, b int)'],
  ['names with spaces', 'CREATE TABLE "my t" ([a b] text)', 'CREATE TABLE `my t` ("a b" text)'],
  ['reserved words', 'CREATE TABLE "order" ("select" text)', 'CREATE TABLE [order] (`select` text)'],
  ['unicode', 'CREATE TABLE "größe" ("naïve" text)', 'CREATE TABLE größe (naïve text)'],
  ['a quote in a name', 'CREATE TABLE "a""b" (x text)', 'CREATE TABLE `a"b` (x text)'],
];

const columns: readonly Variant[] = [
  ['case of a type', column('INTEGER'), column('integer')],
  ['spaces in a type', column('VARCHAR ( 255 )'), column('varchar(255)')],
  ['spaces between arguments', column('numeric(10, 2)'), column('numeric(10,2)')],
  ['words of a type', column('double   precision'), column('DOUBLE PRECISION')],
  ['NULL written out', column('text NULL'), column('text')],
  [
    'order of clauses',
    column("text NOT NULL DEFAULT 'a' COLLATE NOCASE"),
    column("text COLLATE NOCASE DEFAULT 'a' NOT NULL"),
  ],
  [
    'names of NOT NULL and DEFAULT',
    column('text CONSTRAINT nn NOT NULL CONSTRAINT d DEFAULT 1'),
    column('text NOT NULL DEFAULT 1'),
  ],
  ['ON CONFLICT ABORT', column('text NOT NULL ON CONFLICT ABORT'), column('text NOT NULL')],
  ['COLLATE BINARY', column('text COLLATE binary'), column('text')],
  ['case of a collation', column('text COLLATE nocase'), column('text COLLATE NOCASE')],
  ['DEFAULT NULL', column('text DEFAULT NULL'), column('text')],
  ['DEFAULT (NULL)', column('text DEFAULT (null)'), column('text')],
  ['true and 1', column('integer DEFAULT true'), column('integer DEFAULT 1')],
  ['FALSE and 0', column('integer DEFAULT FALSE'), column('integer DEFAULT 0')],
  ['parentheses around a constant', column('integer DEFAULT (1)'), column('integer DEFAULT 1')],
  [
    'parentheses around a keyword',
    column('text DEFAULT (CURRENT_TIMESTAMP)'),
    column('text DEFAULT current_timestamp'),
  ],
  ['minus', column('integer DEFAULT (-1)'), column('integer DEFAULT -1')],
  ['plus', column('integer DEFAULT +1'), column('integer DEFAULT 1')],
  ['hexadecimal', column('integer DEFAULT 0x10'), column('integer DEFAULT 16')],
  ['a real number', column('real DEFAULT 1.50'), column('real DEFAULT 1.5')],
  ['a whole number in a real column', column('real DEFAULT 1.0'), column('real DEFAULT 1')],
  ['a number as text in an integer column', column("integer DEFAULT '5'"), column('integer DEFAULT 5')],
  ['text as a number in a text column', column('text DEFAULT 5'), column("text DEFAULT '5'")],
  ['an exponent', column('real DEFAULT 1e3'), column('real DEFAULT 1000.0')],
  ['double-quoted text', column('text DEFAULT "draft"'), column("text DEFAULT 'draft'")],
  ['a bare word', column('text DEFAULT draft'), column("text DEFAULT 'draft'")],
  ['a blob literal', column("blob DEFAULT x'ab'"), column("blob DEFAULT X'AB'")],
  ['spaces in an expression', column('integer DEFAULT ( 1 + 2 )'), column('integer DEFAULT (1+2)')],
  ['case of a function', column("text DEFAULT (DATETIME('now'))"), column("text DEFAULT (datetime('now'))")],
  [
    'needless parentheses',
    column('integer DEFAULT ((unixepoch()))'),
    column('integer DEFAULT (unixepoch())'),
  ],
  ['a rowid says NOT NULL', column('integer PRIMARY KEY NOT NULL'), column('integer PRIMARY KEY')],
  ['GENERATED ALWAYS', table('c text AS (b)'), table('c text GENERATED ALWAYS AS (b) VIRTUAL')],
  [
    'a generated expression',
    table('c text GENERATED ALWAYS AS (lower("b")) STORED'),
    table('c text AS (LOWER(b)) STORED'),
  ],
];

const constraints: readonly Variant[] = [
  [
    'key at the column and at the table',
    column('integer PRIMARY KEY'),
    'CREATE TABLE t (x integer, PRIMARY KEY (x))',
  ],
  ['PRIMARY KEY ASC', column('integer PRIMARY KEY ASC'), column('integer PRIMARY KEY')],
  [
    'name of a primary key',
    'CREATE TABLE t (x integer, CONSTRAINT t_pk PRIMARY KEY (x))',
    column('integer PRIMARY KEY'),
  ],
  ['order of a rowid', 'CREATE TABLE t (x integer, PRIMARY KEY (x DESC))', column('integer PRIMARY KEY')],
  [
    'NOT NULL of a WITHOUT ROWID key',
    'CREATE TABLE t (a text PRIMARY KEY) WITHOUT ROWID',
    'CREATE TABLE t (a text NOT NULL PRIMARY KEY) WITHOUT ROWID',
  ],
  [
    'NOT NULL of a STRICT key',
    'CREATE TABLE t (a text PRIMARY KEY) STRICT',
    'CREATE TABLE t (a text NOT NULL PRIMARY KEY) STRICT',
  ],
  [
    'order of table options',
    'CREATE TABLE t (a text PRIMARY KEY) STRICT, WITHOUT ROWID',
    'CREATE TABLE t (a text PRIMARY KEY) WITHOUT ROWID, strict',
  ],
  [
    'UNIQUE at the column and at the table',
    'CREATE TABLE t (a integer UNIQUE, b text)',
    'CREATE TABLE t (a integer, b text, UNIQUE (a))',
  ],
  ['UNIQUE under the derived name', table('UNIQUE (a)'), table('CONSTRAINT t_a_unique UNIQUE (a)')],
  ['UNIQUE said twice', 'CREATE TABLE t (a integer UNIQUE, b text, UNIQUE (a))', table('UNIQUE (a)')],
  [
    'UNIQUE and a unique index of the derived name',
    table('UNIQUE (a)'),
    ['CREATE TABLE t (a integer, b text)', 'CREATE UNIQUE INDEX t_a_unique ON t (a)'],
  ],
  [
    'UNIQUE and a unique index of its name',
    table('CONSTRAINT once UNIQUE (a, b)'),
    ['CREATE TABLE t (a integer, b text)', 'CREATE UNIQUE INDEX once ON t (a, b)'],
  ],
  ['UNIQUE ASC', table('UNIQUE (a ASC)'), table('UNIQUE (a)')],
  [
    'UNIQUE with the own collation',
    'CREATE TABLE t (b text COLLATE NOCASE, UNIQUE (b COLLATE nocase))',
    'CREATE TABLE t (b text COLLATE NOCASE, UNIQUE (b))',
  ],
  [
    'CHECK at the column and at the table',
    'CREATE TABLE t (a integer CHECK (a > 1), b text)',
    table('CHECK (a > 1)'),
  ],
  [
    'CHECK with the table',
    'CREATE TABLE users (age integer, CONSTRAINT c CHECK ("users"."age" > 21))',
    'CREATE TABLE users (age integer, CONSTRAINT c CHECK(age>21))',
  ],
  ['CHECK with parentheses', table('CHECK (((a)) > (1))'), table('CHECK (a > 1)')],
  ['CHECK with operators', table("CHECK (a <> 1 AND b == 'x')"), table("CHECK (a != 1 and b = 'x')")],
  ['CHECK with NOT IN', table('CHECK (NOT a IN (1, 2))'), table('CHECK (a NOT IN (1,2))')],
  ['CHECK with ISNULL', table('CHECK (a IS NOT NULL)'), table('CHECK (a NOTNULL)')],
  ['CHECK with TRUE', table('CHECK (a = TRUE)'), table('CHECK (a = 1)')],
  ['CHECK with CAST', table('CHECK (CAST(b AS integer) > 1)'), table('CHECK (cast(b as INT) > 1)')],
  [
    'names of foreign keys',
    [parent, table('CONSTRAINT my_key FOREIGN KEY (a) REFERENCES p (id)')],
    [parent, table('FOREIGN KEY (a) REFERENCES p (id)')],
  ],
  [
    'foreign key at the column',
    [parent, 'CREATE TABLE t (a integer REFERENCES p (id), b text)'],
    [parent, table('FOREIGN KEY (a) REFERENCES p (id)')],
  ],
  [
    'foreign key without columns',
    [parent, table('FOREIGN KEY (a) REFERENCES p')],
    [parent, table('FOREIGN KEY (a) REFERENCES p (id)')],
  ],
  [
    'NO ACTION',
    [parent, table('FOREIGN KEY (a) REFERENCES p (id) ON DELETE NO ACTION ON UPDATE no action')],
    [parent, table('FOREIGN KEY (a) REFERENCES p (id)')],
  ],
  [
    'NOT DEFERRABLE',
    [parent, table('FOREIGN KEY (a) REFERENCES p (id) NOT DEFERRABLE')],
    [parent, table('FOREIGN KEY (a) REFERENCES p (id)')],
  ],
  [
    'INITIALLY IMMEDIATE',
    [parent, table('FOREIGN KEY (a) REFERENCES p (id) DEFERRABLE INITIALLY IMMEDIATE')],
    [parent, table('FOREIGN KEY (a) REFERENCES p (id) DEFERRABLE')],
  ],
  [
    'MATCH SIMPLE',
    [parent, table('FOREIGN KEY (a) REFERENCES p (id) MATCH SIMPLE')],
    [parent, table('FOREIGN KEY (a) REFERENCES p (id)')],
  ],
  [
    'order of actions',
    [parent, table('FOREIGN KEY (a) REFERENCES p (id) ON UPDATE CASCADE ON DELETE SET NULL')],
    [parent, table('FOREIGN KEY (a) REFERENCES p (id) ON DELETE SET NULL ON UPDATE CASCADE')],
  ],
  [
    'case of the target',
    [parent, table('FOREIGN KEY (A) REFERENCES P (ID)')],
    [parent, table('FOREIGN KEY (a) REFERENCES p (id)')],
  ],
  [
    'order of column pairs',
    [parent, table('FOREIGN KEY (a, b) REFERENCES p (id, k)')],
    [parent, table('FOREIGN KEY (b, a) REFERENCES p (k, id)')],
  ],
  ['order of constraints', table('CHECK (a > 1), UNIQUE (b)'), table('UNIQUE (b), CHECK (a > 1)')],
  ['order of columns', 'CREATE TABLE t (a integer, b text)', 'CREATE TABLE t (b text, a integer)'],
];

const others: readonly Variant[] = [
  ['index ASC', on('CREATE INDEX i ON t (a ASC)'), on('CREATE INDEX i ON t (a)')],
  [
    'index with the own collation',
    on('CREATE INDEX i ON t (b COLLATE NOCASE)'),
    on('CREATE INDEX i ON t (b)'),
  ],
  ['index of a column in parentheses', on('CREATE INDEX i ON t ((a))'), on('CREATE INDEX i ON t (a)')],
  ['index expression', on('CREATE INDEX i ON t (LOWER("b"))'), on('CREATE INDEX i ON t (lower(b))')],
  [
    'index expression and BINARY',
    on('CREATE INDEX i ON t (lower(b) COLLATE BINARY)'),
    on('CREATE INDEX i ON t (lower(b))'),
  ],
  [
    'index predicate',
    on('CREATE INDEX i ON t (a) WHERE ("t"."b" is not null)'),
    on('CREATE INDEX i ON t (a) WHERE b NOTNULL'),
  ],
  ['IF NOT EXISTS of an index', on('CREATE INDEX IF NOT EXISTS i ON t (a)'), on('CREATE INDEX i ON t (a)')],
  [
    'view',
    ['CREATE TABLE t (a int)', 'CREATE VIEW v AS select "a" from "t" where ("a" > 1)'],
    ['CREATE TABLE t (a int)', 'create view [v] as SELECT a\n  FROM t -- all\n WHERE a > 1'],
  ],
  [
    'view with several lines',
    'CREATE VIEW v AS SELECT 1 AS x,\n   2 AS y',
    'CREATE VIEW v AS SELECT 1 AS x, 2 AS y',
  ],
  ['view columns', 'CREATE VIEW v (A) AS SELECT 1', 'CREATE VIEW "v" ("a") AS SELECT 1'],
  [
    'trigger',
    ['CREATE TABLE t (a int)', 'CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END'],
    [
      'CREATE TABLE t (a int)',
      'create trigger if not exists "g" after insert on "t" for each row begin\n  select 1;\nend',
    ],
  ],
  [
    'trigger timing',
    ['CREATE TABLE t (a int)', 'CREATE TRIGGER g INSERT ON t BEGIN SELECT 1; END'],
    ['CREATE TABLE t (a int)', 'CREATE TRIGGER g BEFORE INSERT ON t BEGIN SELECT 1; END'],
  ],
  [
    'virtual table',
    'CREATE VIRTUAL TABLE f USING fts5(body, tokenize="porter")',
    'CREATE VIRTUAL TABLE f USING FTS5( body,  tokenize = "porter" )',
  ],
  [
    'quotes in an option of a full-text table',
    `CREATE VIRTUAL TABLE f USING fts5(body, content='docs', tokenize='porter unicode61')`,
    'CREATE VIRTUAL TABLE f USING fts5(body, content=docs, tokenize="porter unicode61")',
  ],
];

describe.each(Object.entries({ quoting, columns, constraints, others }))(
  'one schema in two spellings: %s',
  (_group, list) => {
    test.each(list)('%s', (_name, one, other) => {
      const [left, right] = [buildSchema(one), buildSchema(other)];
      expect(summarise(compare(left, right))).toEqual([]);
      expect(summarise(compare(right, left))).toEqual([]);
      const pair = normalise({ database: left, expected: right });
      expect(fingerprintSchema(pair.database)).toBe(fingerprintSchema(pair.expected));
    });
  },
);

/** What looks like another spelling and is another meaning. */
const different: readonly Variant[] = [
  ['INT for INTEGER', column('int PRIMARY KEY'), column('integer PRIMARY KEY')],
  ['INTEGER PRIMARY KEY DESC is no rowid', column('integer PRIMARY KEY DESC'), column('integer PRIMARY KEY')],
  ['a key of a rowid table lets NULL in', column('text PRIMARY KEY'), column('text PRIMARY KEY NOT NULL')],
  ['a string and a name', table(`CHECK (b = 'a')`), table('CHECK (b = "a")')],
  ['a longer list', table('CHECK (a IN (1,2))'), table('CHECK (a IN (1,2,3))')],
  ['case of a string', column("text DEFAULT 'A'"), column("text DEFAULT 'a'")],
  ['space in a string', column("text DEFAULT 'a b'"), column("text DEFAULT 'a  b'")],
  ['text and number where nothing converts', column("DEFAULT '1'"), column('DEFAULT 1')],
  ['empty string and none', column("text DEFAULT ''"), column('text')],
  ['no type and BLOB', column(''), column('blob')],
  ['IS TRUE and IS 1', table('CHECK (a IS TRUE)'), table('CHECK (a IS 1)')],
  ['collations', column('text COLLATE NOCASE'), column('text COLLATE RTRIM')],
  ['names that differ outside of ASCII', 'CREATE TABLE "É" (a)', 'CREATE TABLE "é" (a)'],
  [
    'options of a full-text table',
    `CREATE VIRTUAL TABLE f USING fts5(body, tokenize='porter unicode61')`,
    `CREATE VIRTUAL TABLE f USING fts5(body, tokenize='porter ascii')`,
  ],
  ['order of UNIQUE columns', table('UNIQUE (a, b)'), table('UNIQUE (b, a)')],
];

test.each(different)('no spelling but a difference: %s', (_name, one, other) => {
  expect(compare(buildSchema(one), buildSchema(other))).not.toEqual([]);
});
