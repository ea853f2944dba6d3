import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CatalogObject, Column, Expression } from '../../src/catalog/objects.ts';
import { createSchema, type Schema } from '../../src/catalog/schema.ts';
import { fingerprintSchema } from '../../src/catalog/fingerprint.ts';
import { connectPg } from '../../src/dialects/postgres/drivers/pg.ts';
import { renderSchema } from '../../src/dialects/postgres/render.ts';
import { createSession, type PostgresSession } from '../../src/dialects/postgres/session.ts';
import { compare, limits, wholeDatabase } from '../support/postgres-sessions.ts';
import { createDatabase, postgresMajors, type TestDatabase } from '../support/postgres-servers.ts';

const text = (value: string): Expression => ({ text: value, canonical: value });

/** Names that need quotes, keywords, capitals, and one of more bytes than letters. */
const names = fc.constantFrom('a', 'b', 'order', 'User', 'a b', 'x"y', 'naïve', 'table', '1st', "it's");
const types = fc.constantFrom(
  'integer',
  'bigint',
  'text',
  'character varying(20)',
  'numeric(8,2)',
  'timestamp(3) with time zone',
  'jsonb',
  'boolean',
  'text[]',
  'character(3)',
);
const defaults: Readonly<Record<string, readonly string[]>> = {
  integer: ['0', '-1', '1 + 2'],
  bigint: ["'9007199254740993'", '(-5)'],
  text: ["'x'", "'it''s'", "upper('a')", "E'\\n'"],
  'character varying(20)': ["'x'", "'a' || 'b'"],
  'numeric(8,2)': ['0.5', "'1.10'"],
  'timestamp(3) with time zone': ['now()', "now() + interval '1 day'"],
  jsonb: [`'{"a":1}'`, "'[]'"],
  boolean: ['true', "'f'"],
  'text[]': ["'{}'", `'{"a b"}'`],
  'character(3)': ["'abc'"],
};

const columns = fc.uniqueArray(
  fc.record({ name: names, type: types, nullable: fc.boolean(), pick: fc.integer({ min: -2, max: 3 }) }),
  { selector: ({ name }) => name, minLength: 1, maxLength: 6 },
);

const tables = fc.uniqueArray(
  fc.record({
    name: names,
    columns,
    rowSecurity: fc.boolean(),
    unlogged: fc.boolean(),
    key: fc.boolean(),
    descending: fc.boolean(),
    partial: fc.boolean(),
    check: fc.boolean(),
    comment: fc.option(fc.constantFrom('a note', "it's", '\\'), { nil: null }),
  }),
  { selector: ({ name }) => name, minLength: 1, maxLength: 4 },
);

type TableShape = (typeof tables extends fc.Arbitrary<infer T> ? T : never)[number];

function buildTable(shape: TableShape): readonly CatalogObject[] {
  const address = { namespace: 'public', name: shape.name };
  const on = (name: string): { namespace: string; table: string; name: string } => ({
    namespace: 'public',
    table: shape.name,
    name,
  });
  const made = shape.columns.map((column, index): Column => {
    const value = defaults[column.type]?.[column.pick];
    return {
      kind: 'column',
      address: on(column.name),
      type: column.type,
      nullable: column.nullable && !(shape.key && index === 0),
      value: value === undefined ? { kind: 'none' } : { kind: 'default', expression: text(value) },
      collation: null,
      position: index + 1,
    };
  });
  const first = shape.columns[0]?.name ?? '';
  const quoted = `"${first.replaceAll('"', '""')}"`;
  const isJson = shape.columns[0]?.type === 'jsonb';
  return [
    {
      kind: 'table',
      address,
      rowSecurity: shape.rowSecurity,
      unlogged: shape.unlogged,
      comment: shape.comment,
    },
    ...made,
    ...(shape.key
      ? [{ kind: 'primaryKey', address: on(`${shape.name}_pk`), columns: [first] } as const]
      : []),
    ...(shape.check
      ? [
          {
            kind: 'check',
            address: on(`${shape.name}_check`),
            expression: text(`${quoted} is not null`),
          } as const,
        ]
      : []),
    {
      kind: 'index',
      address: on(`${shape.name}_index`),
      unique: false,
      parts: [
        {
          on: isJson ? { expression: text(`(${quoted} ->> 'k')`) } : { column: first },
          order: shape.descending ? 'desc' : 'asc',
          collation: null,
        },
      ],
      where: shape.partial ? text(`${quoted} is not null`) : null,
    },
    {
      kind: 'view',
      address: { namespace: 'public', name: `${shape.name} view` },
      definition: text(`select ${quoted} from "${shape.name.replaceAll('"', '""')}"`),
    },
  ];
}

const schemas = tables.map((shapes): Schema => createSchema('postgres', shapes.flatMap(buildTable)));

let database: TestDatabase;
let session: PostgresSession;

beforeAll(async () => {
  database = await createDatabase(postgresMajors.at(-1) ?? 18);
  session = createSession(await connectPg({ url: database.url }, limits));
});

afterAll(async () => {
  await session.close();
  await database.drop();
});

async function build(schema: Schema): Promise<Schema> {
  await database.run('drop schema public cascade; create schema public');
  for (const statement of renderSchema(schema)) await database.run(statement);
  return await session.introspect(wholeDatabase);
}

test('what is rendered and read again is the schema itself', async () => {
  await fc.assert(
    fc.asyncProperty(schemas, async (schema) => {
      const read = await build(schema);
      expect(await compare(read, schema, session)).toEqual([]);
      // And rendering what was read leads to the same place.
      const again = await build(read);
      expect(await compare(again, read, session)).toEqual([]);
      expect(await compare(again, schema, session)).toEqual([]);
    }),
    { numRuns: 12, seed: 7 },
  );
}, 60_000);

test('there is a difference in one direction exactly where there is one in the other', async () => {
  await fc.assert(
    fc.asyncProperty(schemas, schemas, async (one, other) => {
      const read = await build(one);
      const forth = await compare(read, other, session);
      const back = await compare(other, read, session);
      expect(forth.length === 0).toBe(back.length === 0);
      expect(forth.length).toBe(back.length);
    }),
    { numRuns: 10, seed: 7 },
  );
}, 60_000);

test('reading twice gives one fingerprint', async () => {
  await fc.assert(
    fc.asyncProperty(schemas, async (schema) => {
      const read = await build(schema);
      expect(fingerprintSchema(await session.introspect(wholeDatabase))).toBe(fingerprintSchema(read));
    }),
    { numRuns: 4, seed: 7 },
  );
}, 60_000);
