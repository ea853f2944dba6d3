import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  makeServerName,
  quoteWhereNeeded,
  truncateName,
} from '../../../src/dialects/postgres/models/names.ts';
import { formatType } from '../../../src/dialects/postgres/models/types.ts';
import { createDatabase, type TestDatabase } from '../../support/postgres-servers.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase(18);
  await database.run(
    `create schema s; create domain s.d as text; create domain "D" as text; create domain "select" as int`,
  );
});

afterAll(async () => {
  await database.drop();
});

const spellings = [
  ...[
    'int',
    'INT4',
    'int2',
    'int8',
    'integer',
    'bigint',
    'smallint',
    'float',
    'float(24)',
    'float(25)',
    'float4',
    'float8',
    'real',
  ],
  ...[
    'double precision',
    'DOUBLE  PRECISION',
    'bool',
    'boolean',
    'dec',
    'decimal',
    'decimal(8)',
    'numeric',
    'numeric(10)',
  ],
  ...[
    'NUMERIC(10, 2)',
    'numeric ( 10,2 )',
    'numeric(5,-2)',
    'varchar',
    'varchar(255)',
    'VARCHAR (20)',
    'character varying(3)',
  ],
  ...[
    'char varying(3)',
    'char',
    'char(5)',
    'character',
    'character(4)',
    'nchar(3)',
    'national character varying(7)',
    'bpchar',
  ],
  ...[
    'bpchar(3)',
    '"char"',
    'name',
    'text',
    'bit',
    'bit(3)',
    'bit varying',
    'bit varying(5)',
    'varbit',
    'varbit(9)',
    'bytea',
  ],
  ...[
    'timestamp',
    'timestamp(3)',
    'timestamp (3)',
    'timestamp(3) with time zone',
    'timestamp with time zone',
    'timestamptz',
  ],
  ...[
    'TIMESTAMPTZ(6)',
    'timestamp without time zone',
    'timestamp (0) without time zone',
    'time',
    'time(2)',
    'timetz',
    'timetz(1)',
  ],
  ...[
    'time with time zone',
    'time(3) with time zone',
    'date',
    'interval',
    'interval(3)',
    'INTERVAL YEAR TO MONTH',
    'interval day',
  ],
  ...[
    'interval second(2)',
    'interval day to second(4)',
    'interval hour to minute',
    'json',
    'JSONB',
    'jsonpath',
    'uuid',
    'xml',
  ],
  ...[
    'money',
    'inet',
    'cidr',
    'macaddr',
    'macaddr8',
    'point',
    'line',
    'lseg',
    'box',
    'path',
    'polygon',
    'circle',
    'tsvector',
  ],
  ...[
    'tsquery',
    'oid',
    'regclass',
    'pg_lsn',
    'int4range',
    'tstzmultirange',
    'text[]',
    'text[3]',
    'int[][]',
    'varchar(3)[]',
  ],
  ...[
    'timestamp(3) with time zone[]',
    'numeric(10, 2) [] []',
    'text array',
    'text array[4]',
    'pg_catalog.int4',
    'pg_catalog.text[]',
  ],
  ...['s.d', '"s"."d"', '"D"', '"D"[]', '"select"', 'public."D"', 's.d[]'],
];

describe('types are spelt as the server spells them', () => {
  test.each(spellings)('%s', async (spelling) => {
    const { rows } = await database
      .run(
        `create table t (c ${spelling});
       select format_type(atttypid, atttypmod) as type from pg_attribute where attrelid = 't'::regclass and attname = 'c';
       drop table t`,
      )
      .then((results) => (results as unknown as { rows: { type: string }[] }[])[1] ?? { rows: [] });
    expect(formatType(spelling, false)).toBe(rows[0]?.type);
    expect(formatType(rows[0]?.type ?? '', false)).toBe(rows[0]?.type);
  });
});

test('every keyword that all majors have is quoted as the server quotes it', async () => {
  const { rows } = await database.run(
    // These came with PostgreSQL 16 to 18; older servers print them bare.
    `select word, quote_ident(word) as quoted from pg_get_keywords() where word !~ '^(json|merge_action$)'`,
  );
  const wrong = (rows as { word: string; quoted: string }[]).filter(
    ({ word, quoted }) => quoteWhereNeeded(word) !== quoted,
  );
  expect(wrong).toEqual([]);
});

test('unnamed keys and serials get the name that the server gives', async () => {
  const tables = ['t', 'a'.repeat(60), 'a'.repeat(63), 'ž'.repeat(31), `${'a'.repeat(40)}ž${'b'.repeat(20)}`];
  const columns = ['c', 'b'.repeat(40), 'c'.repeat(63), 'ž'.repeat(25)];
  for (const table of tables) {
    for (const column of columns) {
      await database.run('begin');
      await database.run(`create table "${table}" ("${column}" serial primary key)`);
      const { rows } = await database.run(
        `select (select conname from pg_constraint where contype = 'p' and connamespace = 'public'::regnamespace) as key,
          (select relname from pg_class where relkind = 'S' and relnamespace = 'public'::regnamespace) as sequence`,
      );
      await database.run('rollback');
      expect(makeServerName(table, null, 'pkey')).toBe(rows[0].key);
      expect(makeServerName(table, column, 'seq')).toBe(rows[0].sequence);
    }
  }
});

test('a name is cut where the server cuts it', async () => {
  for (const name of [
    'a'.repeat(70),
    'ž'.repeat(40),
    `${'a'.repeat(62)}ž`,
    '漢'.repeat(30),
    `a${'🐴'.repeat(20)}`,
  ]) {
    const { rows } = await database.run(`select '${name}'::name as name`);
    expect(truncateName(name)).toBe(rows[0].name);
  }
});
