import { describe, expect, test } from 'vitest';
import type { CatalogObject, Expression } from '../../src/catalog/objects.ts';
import { createSchema, type Schema } from '../../src/catalog/schema.ts';
import { compare, wholeDatabase, withSession } from '../support/postgres-sessions.ts';
import { createDatabase, postgresMajors, type TestDatabase } from '../support/postgres-servers.ts';

/** Type, and spellings of one default: the first builds the database, each is then what the model says. */
const defaults: readonly (readonly [type: string, ...spellings: readonly string[]])[] = [
  ['integer', '-1', "'-1'", '(-1)', "'-1'::integer", '- 1'],
  ['bigint', '9007199254740993', "'9007199254740993'", "'9007199254740993'::bigint"],
  ['integer', '1 + 2', '( 1 + 2 )', '(1+2)'],
  ['numeric(10,2)', '0.5', "'0.5'", "'0.50'"],
  ['double precision', '1e21', '1000000000000000000000', "'1e21'"],
  ['boolean', 'true', "'true'", "'t'::boolean", 'TRUE', '(true)'],
  [
    'text[]',
    `'{a,"b c"}'`,
    `'{a,"b c"}'::text[]`,
    "ARRAY['a','b c']",
    "array['a'::text, 'b c'::varchar]::text[]",
  ],
  ['integer[]', "'{1,2}'", 'ARRAY[1,2]', "array['1'::integer, 2]::integer[]", "'{ 1, 2 }'::int[]"],
  ['mood[]', "'{sad,ok}'", "ARRAY['sad','ok']::mood[]", "array['sad'::mood, 'ok']"],
  ['numeric', '0', '0::numeric', '(0)::numeric', '0::bigint'],
  ['integer', '0', '0::bigint', "'0'::smallint"],
  ['text', "'z'", "'z'::varchar", "('z'::character varying)::text"],
  ['varchar(10)', "'z'", "'z'::text"],
  ['text', "'x'", "'x'::text", "('x')", "E'x'", '$$x$$'],
  ['text', "'it''s'", "E'it\\'s'", "$q$it's$q$"],
  ['text', 'NULL', 'null', 'NULL::text', '(NULL)'],
  ['varchar(10)', "'x'", "'x'::varchar", "'x'::character varying", "'x'::varchar(10)"],
  ['char', "'x'", "'x'::char", "'x'::bpchar"],
  ['char(3)', "'abc'", "'abc'::char(3)"],
  ['text', "upper('a')", "UPPER('a')", "upper('a'::text)", "pg_catalog.upper('a')"],
  ['text', "case when 1 = 1 then 'a' else 'b' end", "CASE WHEN (1 = 1) THEN 'a'::text ELSE 'b'::text END"],
  ['timestamp with time zone', 'now()', 'NOW()', 'CURRENT_TIMESTAMP', '(now())', 'pg_catalog.now()'],
  ['timestamp', 'now()', 'CURRENT_TIMESTAMP', 'now( )'],
  [
    'timestamp',
    "timezone('utc', now())",
    "timezone('utc'::text, now())",
    "now() at time zone 'utc'",
    "(CURRENT_TIMESTAMP AT TIME ZONE 'utc')",
  ],
  ['timestamp', "(now() at time zone 'utc')", "timezone('utc', now())", "(now() AT TIME ZONE 'utc'::text)"],
  ['date', "(now() at time zone 'utc')::date", "timezone('utc', now())::date"],
  [
    'timestamp with time zone',
    "now() + interval '1 day'",
    "now() + '1 day'::interval",
    "NOW() + INTERVAL '1 day'",
  ],
  [
    'timestamp with time zone',
    "'2024-01-01T00:00:00.000Z'",
    "'2024-01-01 00:00:00+00'",
    "'2024-01-01T01:00:00+01:00'",
  ],
  ['timestamp(3)', "'2024-01-01T00:00:00.000Z'", "'2024-01-01 00:00:00'"],
  ['date', "'2024-01-01'", "'2024-01-01'::date", "'Jan 1 2024'"],
  ['date', 'CURRENT_DATE', 'current_date'],
  ['time', "'13:00'", "'13:00:00'", "'13:00:00'::time without time zone"],
  ['interval', "'1 day'", "interval '1 day'", "'1 day'::interval"],
  ['interval', "'1 year 2 months'", "'14 months'", "'1 year 2 mons'::interval"],
  ['uuid', 'gen_random_uuid()', 'pg_catalog.gen_random_uuid()', '(gen_random_uuid())'],
  ['uuid', "'00000000-0000-0000-0000-00000000000A'", "'00000000-0000-0000-0000-00000000000a'"],
  ['jsonb', `'{"a": 1, "b": [1, 2]}'`, `'{"a":1,"b":[1,2]}'`, `'{"b":[1,2],"a":1}'::jsonb`],
  ['json', `'{"a":1}'`, `'{"a":1}'::json`],
  ['text[]', "'{}'", "'{}'::text[]", "'{ }'", 'ARRAY[]::text[]'],
  ['text[]', `'{a b,"c"}'`, `'{"a b","c"}'`, `'{"a b", c}'`, `'{"a b",c}'::text[]`],
  ['integer[]', "'{1,2}'", "'{1, 2}'", "'{1,2}'::int[]"],
  ['integer[]', 'array[1, 2]', 'ARRAY[1,2]', 'ARRAY[1,2]::integer[]'],
  ['mood', "'ok'", "'ok'::mood", "'ok'::public.mood", `'ok'::"public"."mood"`],
  ['mood[]', "'{ok}'", "'{ok}'::mood[]"],
  ['citext', "'a'", "'a'::citext"],
  ['bytea', "'\\xdeadbeef'", "'\\xDEADBEEF'", "E'\\\\xdeadbeef'", "'\\xdeadbeef'::bytea"],
  ['point', "'(1,2)'", "'(1, 2)'::point", "'1,2'"],
  ['inet', "'10.0.0.1/32'", "'10.0.0.1'"],
  ['bit(3)', "'101'", "B'101'", "'101'::bit(3)"],
  [
    'bigint',
    "nextval('free_numbers')",
    "nextval('free_numbers'::regclass)",
    `nextval('public.free_numbers')`,
  ],
  ['double precision', 'random()', 'RANDOM()'],
  ['text', 'CURRENT_USER', 'current_user'],
  ['tsvector', "to_tsvector('english', 'a')", "to_tsvector('english'::regconfig, 'a'::text)"],
  ['text', "concat('a', 'b')", "CONCAT('a','b')"],
  ['text', "('a' || 'b')", "'a' || 'b'", "'a'::text || 'b'::text"],
  [
    'bigint',
    'extract(epoch from now())::bigint',
    'EXTRACT(EPOCH FROM now())::BIGINT',
    'cast(extract(epoch from now()) as bigint)',
  ],
];

/** Spellings of one condition on the table `things`. */
const conditions: readonly (readonly string[])[] = [
  [
    'n > 0',
    '"n" > 0',
    '"things"."n" > 0',
    '(n > 0)',
    '((n) > (0))',
    'things.n > 0',
    '"public"."things"."n" > 0',
  ],
  ['n > 0 and n < 10', '(n > 0) AND (n < 10)'],
  ['n between 1 and 9', 'n >= 1 and n <= 9', 'n BETWEEN 1 AND 9'],
  [
    "v in ('a', 'b')",
    `"v" IN ('a','b')`,
    "(v)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[])",
  ],
  ["t in ('a', 'b')", `"things"."t" in ('a', 'b')`, "t = ANY (ARRAY['a'::text, 'b'::text])"],
  ['n <> 3', 'n != 3'],
  ['length(t) > 2', 'LENGTH("things"."t") > 2', 'length(t)>2'],
  ["t ~ '^[a-z]+$'", "t ~ '^[a-z]+$'::text"],
  ["t like 'a%'", "t LIKE 'a%'", "t ~~ 'a%'::text"],
  ['not (n is null)', 'NOT n IS NULL'],
  ['n is null or v is not null', '((n IS NULL) OR (v IS NOT NULL))'],
  ['num > 0.5', 'num > 0.5::numeric', 'num > (0.5)'],
  ['num > 0', 'num > (0)::numeric', 'num > 0::numeric', '"things"."num" > 0'],
  ["m = 'ok'", "m = 'ok'::mood", `"things"."m" = 'ok'`],
  ["j ->> 'a' = 'b'", "(j ->> 'a') = 'b'", "((j ->> 'a'::text) = 'b'::text)"],
  ["at > '2024-01-01'", "at > '2024-01-01'::date"],
  ["ts > '2024-01-01 00:00:00'", "ts > '2024-01-01'"],
  ["n::text = 'x'", "cast(n as text) = 'x'", "(n)::text = 'x'::text"],
  ['coalesce(n, 0) > 1', 'COALESCE(n,0)>1'],
  ['n % 2 = 0', '(n % 2) = 0'],
  ['b', '(b)', '"things"."b"'],
  ['n = any (array[1, 2, 3])', 'n in (1, 2, 3)'],
  ["tags @> array['x']", "tags @> ARRAY['x'::text]"],
  ['n > -1', 'n > (-1)', "n > '-1'::integer"],
  ['"Odd Name" > 1', '"things"."Odd Name" > 1'],
  ['n > 0 /* a comment */ and true', 'n > 0 -- a comment\n and true'],
  ["ts at time zone 'utc' > '2024-01-01 00:00+00'", "timezone('utc', ts) > '2024-01-01 00:00+00'"],
  ['case when b then n > 1 else n > 2 end', 'CASE WHEN b THEN (n > 1) ELSE (n > 2) END'],
];

/** Index definitions of one meaning. */
const indexes: readonly (readonly string[])[] = [
  ['lower(t)', 'lower("t")', 'LOWER("things"."t")', '(lower(t))'],
  ['(n + 1)', '("things"."n" + 1)', 'n+1'],
  [`(j ->> 'a')`, `j->>'a'`, `("things"."j" ->> 'a')`],
  ['lower(v)', 'lower((v)::text)', 'lower(v::text)'],
  ["coalesce(t, '')", "COALESCE(t, ''::text)"],
  ["to_tsvector('english', t)", "to_tsvector('english'::regconfig, t)"],
];

const queries: readonly (readonly string[])[] = [
  [
    'select id, t from things where n > 3',
    'select "id", "t" from "things" where "things"."n" > 3',
    'SELECT things.id, things.t FROM public.things WHERE (things.n > 3)',
  ],
  [
    'select * from things',
    'select "id", "n", "t", "v", "num", "m", "j", "at", "ts", "b", "tags", "Odd Name" from "things"',
  ],
  [
    'select a.id, count(b.id) as n from things a left join things b on a.n = b.id group by a.id',
    'select "a"."id", count("b"."id") as "n"\n  from "things" "a"\n  left join "things" "b" on "a"."n" = "b"."id"\n  group by "a"."id"',
  ],
  [
    'select id, (select max(n) from things) as m from things',
    'select "id", (select max("n") from "things") as "m" from "things"',
  ],
  [
    "select t || 'x' as tx from things where v in ('a', 'b') order by id desc limit 3",
    `select "t" || 'x' as "tx" from "things" where "v" in ('a', 'b') order by "things"."id" desc limit 3`,
  ],
  [
    'with x as (select id from things) select id from x',
    'with "x" as (select "id" from "things") (select "id" from "x")',
  ],
  ['select t.* from things t', 'select "t".* from "things" as "t"'],
  ['select id from v0', 'select "id" from "v0"', 'select "v0"."id" from "public"."v0"'],
  [
    'select things.id, things.t, count(*) as c from things group by things.id',
    'select "id", "t", count(*) as "c" from "things" group by "id"',
  ],
];

const policies: readonly (readonly string[])[] = [
  ['n > 3', '"things"."n" > 3', '(n > 3)'],
  ['(select current_user) = t', '(select CURRENT_USER) = "things"."t"', '(( SELECT CURRENT_USER) = t)'],
  [
    'exists (select 1 from owners o where o.thing_id = things.id)',
    'EXISTS (SELECT 1 FROM owners AS o WHERE (o.thing_id = "things"."id"))',
    'exists (select 1 from "public"."owners" o where o.thing_id = "public"."things"."id")',
  ],
  ["current_setting('app.user', true) = t", "(current_setting('app.user'::text, true) = t)"],
  ['true', '(true)', 'TRUE'],
];

const types: readonly (readonly string[])[] = [
  ['character(1)', 'char', 'char(1)', 'character'],
  ['numeric(10,0)', 'numeric(10)', 'numeric(10, 0)', 'decimal(10)'],
  ['integer', 'int', 'int4', 'INTEGER'],
  ['bigint', 'int8'],
  ['boolean', 'bool'],
  ['double precision', 'float8', 'float', 'float(53)'],
  ['real', 'float4', 'float(24)'],
  ['character varying(20)', 'varchar(20)', 'VARCHAR(20)', 'varchar( 20 )'],
  ['character varying', 'varchar'],
  ['timestamp without time zone', 'timestamp'],
  ['timestamp(3) with time zone', 'timestamptz(3)', 'timestamp (3) with time zone'],
  ['time(2) without time zone', 'time(2)', 'time (2)'],
  ['interval day to second(3)', 'interval day to second (3)'],
  ['bit(1)', 'bit'],
  ['bit varying(5)', 'varbit(5)'],
  ['text[]', 'text[][]', 'text[3]', 'text array'],
  ['mood', '"mood"', '"public"."mood"', 'public.mood'],
  ['mood[]', '"mood"[]'],
  ['citext', '"citext"', 'CITEXT', 'public.citext'],
  ['"Odd Type"', 'public."Odd Type"', '"public"."Odd Type"'],
  ['side.mood', '"side"."mood"'],
];

const width = (lists: readonly (readonly string[])[]): number =>
  Math.max(...lists.map((list) => list.length));

function build(): string {
  const column = (name: string, [type, first]: readonly string[]): string =>
    `${name} ${type ?? ''} default ${first ?? ''}`;
  return `
create extension citext;
create schema side;
create type mood as enum ('sad', 'ok');
create type side.mood as enum ('low');
create type "Odd Type" as enum ('a');
create sequence free_numbers;
create table defaults (${defaults.map((list, index) => column(`c${String(index)}`, list)).join(', ')});
create table types (${types.map(([type], index) => `c${String(index)} ${type ?? ''}`).join(', ')});
create table things (id integer primary key, n integer, t text, v varchar(20), num numeric, m mood, j jsonb, at date, ts timestamp, b boolean, tags text[], "Odd Name" integer,
  ${conditions.map(([first], index) => `constraint k${String(index)} check (${first ?? ''}\n)`).join(', ')});
create table owners (thing_id integer, name text);
${indexes.map(([first], index) => `create index i${String(index)} on things (${first ?? ''});`).join('\n')}
${conditions.map(([first], index) => `create index w${String(index)} on things (id) where ${first ?? ''}\n;`).join('\n')}
${policies.map(([first], index) => `create policy p${String(index)} on things using (${first ?? ''});`).join('\n')}
${queries.map(([first], index) => `create view v${String(index)} as ${first ?? ''};`).join('\n')}
${queries.map(([first], index) => `create materialized view mv${String(index)} as ${first ?? ''};`).join('\n')}
create index on mv0 (lower(t));
`;
}

/** The schema as a model would have it that uses spelling number `spelling` everywhere (the last one where there are fewer). */
function respell(schema: Schema, spelling: number): Schema {
  const pick = (lists: readonly (readonly string[])[], name: string, skip = 0): string => {
    const list = lists[Number(name.replace(/^\D+/, ''))] ?? [];
    return list[Math.min(spelling + skip, list.length - 1)] ?? '';
  };
  const text = (value: string): Expression => ({ text: value, canonical: value });
  return createSchema(
    'postgres',
    schema.objects.map((object): CatalogObject => {
      const { name, table } = object.address;
      switch (object.kind) {
        case 'column':
          if (table === 'defaults') {
            const value = text(pick(defaults, name, 1));
            return { ...object, value: { kind: 'default', expression: value } };
          }
          return table === 'types' ? { ...object, type: pick(types, name) } : object;
        case 'check':
          return { ...object, expression: text(pick(conditions, name)) };
        case 'index':
          if (/^i\d/.test(name)) {
            const [part] = object.parts;
            return part
              ? { ...object, parts: [{ ...part, on: { expression: text(pick(indexes, name)) } }] }
              : object;
          }
          return /^w\d/.test(name) ? { ...object, where: text(pick(conditions, name)) } : object;
        case 'policy':
          return { ...object, using: text(pick(policies, name)) };
        case 'view':
        case 'materializedView':
          return { ...object, definition: text(pick(queries, name)) };
        default:
          return object;
      }
    }),
  );
}

describe.each(postgresMajors)('on PostgreSQL %i', (major) => {
  test('every spelling of one meaning is silent', async () => {
    const database: TestDatabase = await createDatabase(major);
    try {
      await database.run(build());
      await withSession(database.url, async (session) => {
        const actual = await session.introspect(wholeDatabase);
        const found: Record<string, readonly string[]> = {};
        const count = width([...defaults.map((list) => list.slice(1)), ...conditions, ...queries, ...types]);
        for (let spelling = 0; spelling < count; spelling++) {
          found[String(spelling)] = await compare(actual, respell(actual, spelling), session);
        }
        expect(Object.fromEntries(Object.entries(found).filter(([, lines]) => lines.length > 0))).toEqual({});
      });
    } finally {
      await database.drop();
    }
  });
});
