import type { Casing, DrizzleCopy, Loose } from '../../drizzle/versions.ts';

/** Models that show one feature each. */
export interface Feature {
  readonly name: string;
  readonly casing?: Casing;
  readonly skip?: readonly DrizzleCopy['version'][];
  /** True where the server makes fewer objects than the model has, so that only a comparison of both sides can tell. */
  readonly merged?: true;
  /** What has to be there before drizzle-kit's statements can run. */
  readonly before?: string;
  readonly model: (copy: DrizzleCopy) => Readonly<Record<string, unknown>>;
}

type MakeColumn = (p: Loose, sql: Loose) => unknown;
type Skip = Feature['skip'];

const not036: Skip = ['0.36'];
const onlyV1: Skip = ['0.36', '0.45'];
const onlyV0: Skip = ['1.0'];
/** drizzle-kit 0.31 throws here, or writes SQL that the server refuses. */
const brokenInV0 = onlyV1;
const brokenInV1 = onlyV0;

/** A table `t` with one column. */
function column(name: string, make: MakeColumn, skip: Skip = []): Feature {
  return { name, skip, model: ({ pg, orm }) => ({ t: pg.pgTable('t', { c: make(pg, orm.sql) }) }) };
}

const date = new Date('2024-02-29T12:34:56.789Z');

const types: readonly Feature[] = [
  ...[
    'integer',
    'smallint',
    'serial',
    'smallserial',
    'boolean',
    'text',
    'json',
    'jsonb',
    'uuid',
    'inet',
    'cidr',
    'macaddr',
    'macaddr8',
    'real',
    'doublePrecision',
    'numeric',
    'decimal',
    'date',
    'time',
    'timestamp',
    'interval',
    'char',
    'varchar',
    'point',
    'line',
  ].map((type) => column(type, (p) => p[type]('c'))),
  column('a name taken from the key', (p) => p.integer()),
  column('bigint number', (p) => p.bigint('c', { mode: 'number' })),
  column('bigint bigint', (p) => p.bigint('c', { mode: 'bigint' })),
  column('bigserial', (p) => p.bigserial('c', { mode: 'number' })),
  column('bytea', (p) => p.bytea('c'), onlyV1),
  column('numeric with a precision', (p) => p.numeric('c', { precision: 10 })),
  column('numeric with precision and scale', (p) => p.numeric('c', { precision: 10, scale: 2 })),
  column('numeric number', (p) => p.numeric('c', { mode: 'number' }), not036),
  column('numeric bigint', (p) => p.numeric('c', { mode: 'bigint' }), not036),
  column('char with a length', (p) => p.char('c', { length: 3 })),
  column('varchar with a length', (p) => p.varchar('c', { length: 255 })),
  column('varchar enum', (p) => p.varchar('c', { enum: ['a', 'b'] })),
  column('text enum', (p) => p.text('c', { enum: ['a', 'b'] })),
  column('date mode', (p) => p.date('c', { mode: 'date' })),
  column('time with a precision', (p) => p.time('c', { precision: 3 })),
  column('time with a zone', (p) => p.time('c', { withTimezone: true })),
  column('time with both', (p) => p.time('c', { precision: 2, withTimezone: true })),
  column('timestamp with a precision', (p) => p.timestamp('c', { precision: 3 })),
  column('timestamp with a zone', (p) => p.timestamp('c', { withTimezone: true })),
  column('timestamp with both', (p) =>
    p.timestamp('c', { precision: 6, withTimezone: true, mode: 'string' }),
  ),
  column('timestamp string', (p) => p.timestamp('c', { mode: 'string', precision: 0 })),
  column('interval with fields', (p) => p.interval('c', { fields: 'day to second' })),
  column('interval with fields and precision', (p) => p.interval('c', { fields: 'second', precision: 3 })),
  column('interval with a precision', (p) => p.interval('c', { precision: 3 })),
  column('point xy', (p) => p.point('c', { mode: 'xy' })),
  column('line abc', (p) => p.line('c', { mode: 'abc' })),
  column('custom tsvector', (p) => p.customType({ dataType: () => 'tsvector' })('c')),
  column('custom varchar', (p) => p.customType({ dataType: () => 'varchar(20)' })('c')),
  column('custom numeric', (p) => p.customType({ dataType: () => 'numeric(12, 3)' })('c')),
  column('custom timestamptz', (p) => p.customType({ dataType: () => 'timestamptz(3)' })('c')),
  column('custom int4', (p) => p.customType({ dataType: () => 'int4' })('c')),
  column('custom text array', (p) => p.customType({ dataType: () => 'text[]' })('c')),
  column('custom in capitals', (p) => p.customType({ dataType: () => 'NUMERIC(10, 2)' })('c'), brokenInV0),
  column('custom text with a collation', (p) => p.customType({ dataType: () => 'text COLLATE "C"' })('c')),
  column('custom text with the default collation', (p) =>
    p.customType({ dataType: () => 'text collate pg_catalog."default"' })('c'),
  ),
  {
    name: 'custom type that is generated',
    model: ({ pg }) => ({
      t: pg.pgTable('t', {
        a: pg.text('a'),
        c: pg.customType({
          dataType: () => `text COLLATE "C" GENERATED ALWAYS AS (lower(coalesce(a, 'collate (x'))) STORED`,
        })('c'),
      }),
    }),
  },
  column('custom int8range', (p) => p.customType({ dataType: () => 'int8range' })('c')),
  {
    name: 'custom type of the database',
    before: `create domain "positive" as integer check (value > 0)`,
    model: ({ pg }) => ({ t: pg.pgTable('t', { c: pg.customType({ dataType: () => 'positive' })('c') }) }),
  },
  {
    name: 'custom type in mixed case, which 0.x quotes',
    skip: onlyV0,
    before: `create domain "MyType" as integer`,
    model: ({ pg }) => ({ t: pg.pgTable('t', { c: pg.customType({ dataType: () => 'MyType' })('c') }) }),
  },
  column('not null', (p) => p.text('c').notNull()),
  column('a name with spaces', (p) => p.text('the name of it')),
  column('a reserved word', (p) => p.text('order')),
  column('a name of more than 63 bytes', (p) => p.text('ž'.repeat(40))),
];

const arrays: readonly Feature[] = [
  column('array', (p) => p.text('c').array()),
  column('array with a size', (p) => p.integer('c').array(3), onlyV0),
  column('array of varchar', (p) => p.varchar('c', { length: 5 }).array()),
  column('array of timestamp', (p) => p.timestamp('c', { precision: 3, withTimezone: true }).array()),
  column('array of two dimensions', (p) => p.integer('c').array().array(), onlyV0),
  column('array of three dimensions', (p) => p.integer('c').array('[][][]'), onlyV1),
  column('array of numbers as default', (p) => p.integer('c').array().default([1, -2, 3])),
  column('array of texts as default', (p) => p.text('c').array().default(['a', 'b c', 'd,e', ''])),
  column(
    'array with quotes as default',
    (p) => p.text('c').array().default(['say "hi"', 'a\\b']),
    brokenInV0,
  ),
  column('array with a backslash as default', (p) => p.text('c').array().default(['a\\b'])),
  column('array with an apostrophe as default', (p) => p.text('c').array().default(["it's"]), brokenInV0),
  column('empty array as default', (p) => p.text('c').array().default([])),
  column('array of booleans as default', (p) => p.boolean('c').array().default([true, false])),
  column(
    'array of two dimensions as default',
    (p) =>
      p
        .integer('c')
        .array()
        .array()
        .default([
          [1, 2],
          [3, 4],
        ]),
    onlyV0,
  ),
  column(
    'array of two dimensions as default, 1.0',
    (p) =>
      p
        .integer('c')
        .array('[][]')
        .default([
          [1, 2],
          [3, 4],
        ]),
    onlyV1,
  ),
  column('array of dates as default', (p) => p.date('c', { mode: 'date' }).array().default([date])),
  column('array of timestamps as default', (p) => p.timestamp('c').array().default([date])),
  column('array of timestamps with zone as default', (p) =>
    p.timestamp('c', { withTimezone: true }).array().default([date]),
  ),
  column('array of json as default', (p) =>
    p
      .jsonb('c')
      .array()
      .default([{ a: 1 }, { b: 'x y' }]),
  ),
  column('array of numerics as default', (p) => p.numeric('c').array().default(['1.50', '2'])),
  column('array of uuids as default', (p) =>
    p.uuid('c').array().default(['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11']),
  ),
  column('array of intervals as default', (p) => p.interval('c').array().default(['1 day', '2 hours'])),
  column('array from sql as default', (p, sql) =>
    p
      .text('c')
      .array()
      .default(sql`'{}'::text[]`),
  ),
  column('array constructor as default', (p, sql) =>
    p
      .text('c')
      .array()
      .default(sql`ARRAY['a','b']`),
  ),
  column(
    'array constructor with a cast as default',
    (p, sql) =>
      p
        .text('c')
        .array()
        .default(sql`ARRAY[]::text[]`),
    brokenInV1,
  ),
];

const defaults: readonly Feature[] = [
  column('default 0', (p) => p.integer('c').default(0)),
  column('default -1', (p) => p.integer('c').default(-1)),
  column('default bigint number', (p) => p.bigint('c', { mode: 'number' }).default(9_007_199_254_740_991)),
  column(
    'default bigint',
    (p) => p.bigint('c', { mode: 'bigint' }).default(9_223_372_036_854_775_807n),
    brokenInV0,
  ),
  column('default real', (p) => p.real('c').default(-0.25)),
  column('default double', (p) => p.doublePrecision('c').default(1e21)),
  column('default numeric', (p) => p.numeric('c', { precision: 10, scale: 2 }).default('12.5')),
  column('default numeric number', (p) => p.numeric('c', { mode: 'number' }).default(12.5), not036),
  column('default true', (p) => p.boolean('c').default(true)),
  column('default false', (p) => p.boolean('c').default(false)),
  column('default text', (p) => p.text('c').default('abc')),
  column('default empty text', (p) => p.text('c').default('')),
  column('default text with an apostrophe', (p) => p.text('c').default("it's")),
  column('default text with a backslash', (p) => p.text('c').default('a\\b')),
  column('default text with double quotes', (p) => p.text('c').default('say "hi"')),
  column('default text that looks like a cast', (p) => p.text('c').default('a::b')),
  column('default varchar', (p) => p.varchar('c', { length: 5 }).default('abc')),
  column('default char', (p) => p.char('c', { length: 2 }).default('ab')),
  column('default json', (p) => p.json('c').default({ a: 1, b: [true, null] })),
  column('default jsonb', (p) => p.jsonb('c').default({ a: 'x y' })),
  column('default jsonb array', (p) => p.jsonb('c').default([1, 'a'])),
  column('default jsonb empty', (p) => p.jsonb('c').default({})),
  column('default jsonb with an apostrophe', (p) => p.jsonb('c').default({ a: "it's" }), brokenInV0),
  column('default date text', (p) => p.date('c').default('2024-02-29')),
  column('default date', (p) => p.date('c', { mode: 'date' }).default(date)),
  column('default time', (p) => p.time('c').default('12:30:00')),
  column('default time with zone', (p) => p.time('c', { withTimezone: true }).default('12:30:00+02')),
  column('default timestamp', (p) => p.timestamp('c').default(date)),
  column('default timestamp text', (p) =>
    p.timestamp('c', { mode: 'string' }).default('2024-02-29 12:00:00'),
  ),
  column('default timestamp with precision', (p) => p.timestamp('c', { precision: 3 }).default(date)),
  column('default timestamp with zone', (p) => p.timestamp('c', { withTimezone: true }).default(date)),
  column('default timestamp text with zone', (p) =>
    p.timestamp('c', { mode: 'string', withTimezone: true }).default('2024-02-29 12:00:00'),
  ),
  column('default timestamp text with its own zone', (p) =>
    p.timestamp('c', { mode: 'string', withTimezone: true }).default('2024-02-29 12:00:00+02'),
  ),
  column('default uuid', (p) => p.uuid('c').default('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11')),
  column('default interval', (p) => p.interval('c').default('1 day 2 hours')),
  column('default inet', (p) => p.inet('c').default('10.0.0.1')),
  column('default point', (p) => p.point('c').default([1, -2.5]), brokenInV0),
  column('default point xy', (p) => p.point('c', { mode: 'xy' }).default({ y: 2, x: 1 }), brokenInV0),
  column('default line', (p) => p.line('c').default([1, 2, 3]), brokenInV0),
  column('default line abc', (p) => p.line('c', { mode: 'abc' }).default({ a: 1, b: 2, c: 3 }), brokenInV0),
  column('defaultNow of a timestamp', (p) => p.timestamp('c').defaultNow()),
  column('defaultNow of a date', (p) => p.date('c').defaultNow()),
  column('defaultNow of a time', (p) => p.time('c').defaultNow()),
  column('defaultRandom', (p) => p.uuid('c').defaultRandom()),
  column('runtime default', (p) => p.uuid('c').$defaultFn(() => 'x')),
  column('runtime update', (p) => p.timestamp('c').$onUpdate(() => new Date())),
  column('default null', (p) => p.integer('c').default(null)),
  column('sql default now() + interval', (p, sql) => p.timestamp('c').default(sql`now() + interval '1 day'`)),
  column('sql default timezone()', (p, sql) => p.timestamp('c').default(sql`timezone('utc', now())`)),
  column('sql default AT TIME ZONE', (p, sql) =>
    p.timestamp('c').default(sql`(now() AT TIME ZONE 'utc'::text)`),
  ),
  column('sql default with a cast', (p, sql) => p.jsonb('c').default(sql`'{}'::jsonb`)),
  column('sql default with a cast to its own length', (p, sql) =>
    p.varchar('c', { length: 10 }).default(sql`'abc'::character varying`),
  ),
  column('sql default upper()', (p, sql) => p.text('c').default(sql`upper('abc')`)),
  column('sql default CASE', (p, sql) => p.integer('c').default(sql`CASE WHEN true THEN 1 ELSE 2 END`)),
  column('sql default NULL', (p, sql) => p.text('c').default(sql`NULL`)),
  column('sql default number in parentheses', (p, sql) => p.integer('c').default(sql`( 1 + 2 )`)),
  column('sql default CURRENT_TIMESTAMP', (p, sql) => p.timestamp('c').default(sql`CURRENT_TIMESTAMP`)),
  column('sql default qualified function', (p, sql) =>
    p.uuid('c').default(sql`pg_catalog.gen_random_uuid()`),
  ),
  column('sql default extract, cast', (p, sql) =>
    p.integer('c').default(sql`(extract(epoch from now()))::integer`),
  ),
  {
    name: 'sql default nextval',
    model: ({ pg, orm }) => ({
      s: pg.pgSequence('s'),
      t: pg.pgTable('t', { c: pg.integer('c').default(orm.sql`nextval('s')`) }),
    }),
  },
  column('default of a custom type', (p) =>
    p
      .customType({ dataType: () => 'varchar(20)' })('c')
      .default('abc'),
  ),
];

const identities: readonly Feature[] = [
  column('identity always', (p) => p.integer('c').generatedAlwaysAsIdentity()),
  column('identity by default', (p) => p.integer('c').generatedByDefaultAsIdentity()),
  column('identity of smallint', (p) => p.smallint('c').generatedAlwaysAsIdentity()),
  column('identity of bigint', (p) => p.bigint('c', { mode: 'number' }).generatedAlwaysAsIdentity()),
  column('identity with options', (p) =>
    p.integer('c').generatedAlwaysAsIdentity({
      name: 'my_seq',
      startWith: 10,
      increment: 5,
      minValue: 5,
      maxValue: 1000,
      cache: 3,
      cycle: true,
    }),
  ),
  column('identity that descends', (p) => p.integer('c').generatedByDefaultAsIdentity({ increment: -1 })),
  column('identity as the primary key', (p) => p.integer('c').primaryKey().generatedAlwaysAsIdentity()),
  column('generated from text', (p) => p.integer('c').generatedAlwaysAs('1 + 1')),
  column('generated from sql', (p, sql) => p.integer('c').generatedAlwaysAs(sql`1 + 2`)),
  {
    name: 'generated from a column',
    model: ({ pg, orm: { sql } }) => {
      const t: Loose = pg.pgTable('t', {
        first: pg.text('first_name'),
        c: pg.text('c').generatedAlwaysAs(() => sql`upper(${t.first})`),
      });
      return { t };
    },
  },
];

type Extra = (t: Loose, p: Loose, o: Loose) => unknown;

/** A table `users` with a third argument. */
function table(name: string, extra: Extra, options: Partial<Feature> = {}): Feature {
  return {
    name,
    ...options,
    model: ({ pg: p, orm: o }) => ({
      users: p.pgTable(
        'users',
        {
          id: p.integer('id').notNull(),
          email: p.varchar('email', { length: 100 }),
          fullName: p.text(),
          age: p.integer('age'),
          data: p.jsonb('data'),
          tags: p.text('tags').array(),
          at: p.timestamp('at', { withTimezone: true }),
          uid: p.uuid('uid'),
        },
        (t: Loose) => extra(t, p, o),
      ),
    }),
  };
}

const keys: readonly Feature[] = [
  column('primary key', (p) => p.integer('c').primaryKey()),
  column('primary key of serial', (p) => p.serial('c').primaryKey()),
  column('unique', (p) => p.text('c').unique()),
  column('unique with a name', (p) => p.text('c').unique('the_one')),
  column('unique nulls not distinct', (p) => p.text('c').unique('u', { nulls: 'not distinct' })),
  table('composite primary key', (t, p) => [p.primaryKey({ columns: [t.id, t.email] })]),
  table('composite primary key in another order', (t, p) => [p.primaryKey({ columns: [t.email, t.id] })]),
  table('composite primary key with a name', (t, p) => [
    p.primaryKey({ columns: [t.id, t.email], name: 'both' }),
  ]),
  table('primary key of one column for the table', (t, p) => [p.primaryKey({ columns: [t.id] })]),
  table('third argument as an object', (t, p) => ({ pk: p.primaryKey({ columns: [t.id, t.email] }) })),
  table('unique of two columns', (t, p) => [p.unique().on(t.email, t.age)]),
  table('unique of two columns with a name', (t, p) => [p.unique('u').on(t.age, t.email)]),
  table('unique of two columns nulls not distinct', (t, p) => [
    p.unique().on(t.email, t.age).nullsNotDistinct(),
  ]),
  table('unique of one column for the table', (t, p) => [p.unique().on(t.email)]),
  table('constraints of more than 63 bytes', (t, p, o) => [
    p.unique('u'.repeat(70)).on(t.email),
    p.check('c'.repeat(70), o.sql`true`),
    p.index('i'.repeat(70)).on(t.age),
  ]),
];

const indexes: readonly Feature[] = [
  table('index', (t, p) => [p.index('i').on(t.email)]),
  table('index without a name', (t, p) => [p.index().on(t.email, t.fullName)]),
  table('unique index', (t, p) => [p.uniqueIndex('i').on(t.email)]),
  table('index desc', (t, p) => [p.index('i').on(t.age.desc())]),
  table('index desc nulls first', (t, p) => [p.index('i').on(t.age.desc().nullsFirst())]),
  table('index desc nulls last', (t, p) => [p.index('i').on(t.age.desc().nullsLast())]),
  table('index asc nulls first', (t, p) => [p.index('i').on(t.age.asc().nullsFirst(), t.email)]),
  table('index with an operator class', (t, p) => [p.index('i').on(t.fullName.op('text_pattern_ops'))]),
  table('index with an operator class and an order', (t, p) => [
    p.index('i').on(t.fullName.desc().op('text_pattern_ops')),
  ]),
  table('index with the classes that it has anyway', (t, p) => [
    p
      .index('i')
      .using(
        'btree',
        t.email.asc().nullsLast().op('text_ops'),
        t.age.asc().nullsLast().op('int4_ops'),
        t.at.op('timestamptz_ops'),
        t.uid.op('uuid_ops'),
      ),
    p.index('j').using('gin', t.data.op('jsonb_ops')),
    p.index('k').using('gin', t.tags.op('array_ops')),
    p.index('l').using('hash', t.fullName.op('text_ops')),
  ]),
  table('gin with jsonb_path_ops', (t, p) => [p.index('i').using('gin', t.data.op('jsonb_path_ops'))]),
  table('gin', (t, p) => [p.index('i').using('gin', t.data)]),
  table('hash', (t, p) => [p.index('i').using('hash', t.email)]),
  table('brin', (t, p) => [p.index('i').using('brin', t.at)]),
  table('btree by using()', (t, p) => [p.index('i').using('btree', t.email.desc())]),
  table('index only', (t, p) => [p.index('i').onOnly(t.email)]),
  table('index with storage parameters', (t, p) => [p.index('i').on(t.email).with({ fillfactor: 70 })]),
  table('index of an expression', (t, p, o) => [p.index('i').on(o.sql`lower(${t.email})`)]),
  table('index of an expression with an order', (t, p, o) => [
    p.index('i').on(o.sql`lower(${t.email}) desc nulls last`),
  ]),
  table('index of an expression with a class', (t, p, o) => [
    p.index('i').on(o.sql`lower(${t.email}) text_pattern_ops`),
  ]),
  table('index of a column in sql with a class', (t, p, o) => [
    p.index('i').on(o.sql`${t.fullName} text_pattern_ops desc`),
  ]),
  table('index of a column in sql with desc', (t, p, o) => [
    p.index('i').on(o.sql`${t.age} DESC NULLS LAST`, t.email),
  ]),
  table('index with a collation', (t, p, o) => [p.index('i').on(o.sql`${t.fullName} collate "C"`)]),
  table('index of parentheses', (t, p, o) => [p.index('i').on(o.sql`(${t.data} ->> 'a')`)]),
  table('index of full text', (t, p, o) => [
    p.index('i').using('gin', o.sql`to_tsvector('english', ${t.fullName})`),
  ]),
  table('index of a coalesce and a column', (t, p, o) => [
    p.uniqueIndex('i').on(t.id, o.sql`coalesce(${t.email}, '')`),
  ]),
  table('index of two terms in one sql', (t, p, o) => [
    p.index('i').on(o.sql`lower(${t.email}), ${t.age} desc`),
  ]),
  table('partial index', (t, p, o) => [
    p
      .index('i')
      .on(t.email)
      .where(o.sql`${t.age} > 18`),
  ]),
  table('partial index by isNull()', (t, p, o) => [p.uniqueIndex('i').on(t.email).where(o.isNull(t.at))]),
  table('partial index by eq()', (t, p, o) => [p.index('i').on(t.email).where(o.eq(t.age, 5))], {
    skip: brokenInV0,
  }),
];

const checks: readonly Feature[] = [
  table('check', (t, p, o) => [p.check('ck', o.sql`${t.age} > 21`)]),
  table('check of two columns', (t, p, o) => [p.check('ck', o.sql`${t.age} > ${t.id} and ${t.email} <> ''`)]),
  table('check with a list', (t, p, o) => [p.check('ck', o.sql`${t.email} in ('a', 'b''c')`)]),
  table('check with raw sql', (_t, p, o) => [p.check('ck', o.sql.raw('age > 21 or id < 5'))]),
  table(
    'check with a parameter',
    (t, p, o) => [p.check('ck', o.sql`${t.age} > ${21} and ${t.email} <> ${"it's"}`)],
    { skip: brokenInV0 },
  ),
  table('check with a pattern', (t, p, o) => [p.check('ck', o.sql`${t.email} ~ '^[a-z]+$'`)]),
];

type Actions = { readonly onDelete?: string; readonly onUpdate?: string };

function reference(name: string, actions: Actions, casing?: Casing): Feature {
  return {
    name,
    casing,
    model: ({ pg: p }) => {
      const users = p.pgTable('users', { userId: p.integer().primaryKey() });
      const posts = p.pgTable('posts', { authorId: p.integer().references(() => users.userId, actions) });
      return { users, posts };
    },
  };
}

const long = 'a_table_with_a_name_that_is_rather_long';

const foreignKeys: readonly Feature[] = [
  reference('references', {}),
  ...['cascade', 'restrict', 'no action', 'set null', 'set default'].flatMap((action) => [
    reference(`references, on delete ${action}`, { onDelete: action }),
    reference(`references, on update ${action}`, { onUpdate: action }),
  ]),
  reference('references, with casing', {}, 'snake_case'),
  {
    name: 'reference to the own table',
    model: ({ pg: p }) => {
      const t: Loose = p.pgTable('t', {
        id: p.integer('id').primaryKey(),
        parent: p.integer('parent').references((): Loose => t.id),
      });
      return { t };
    },
  },
  ...['', 'the_key'].map((name): Feature => ({
    name: `composite foreign key ${name}`,
    model: ({ pg: p }) => {
      const a = p.pgTable('a', { x: p.integer('x'), y: p.integer('y') }, (t: Loose) => [
        p.primaryKey({ columns: [t.x, t.y] }),
      ]);
      const b = p.pgTable('b', { x: p.integer('x'), y: p.integer('y') }, (t: Loose) => [
        p
          .foreignKey({ columns: [t.x, t.y], foreignColumns: [a.x, a.y], ...(name !== '' && { name }) })
          .onDelete('cascade'),
      ]);
      return { a, b };
    },
  })),
  {
    name: 'foreign key with a name of more than 63 bytes',
    model: ({ pg: p }) => {
      const a = p.pgTable(long, { identifier: p.integer('identifier').primaryKey() });
      const b = p.pgTable(`${long}_too`, {
        reference: p.integer('the_reference').references(() => a.identifier),
      });
      return { a, b };
    },
  },
  {
    name: 'foreign key of a table with a name of more than 45 letters',
    model: ({ pg: p }) => {
      const a = p.pgTable(long, { identifier: p.integer('identifier').primaryKey() });
      const b = p.pgTable(`${long}_and_so_forth`, { r: p.integer('r').references(() => a.identifier) });
      return { a, b };
    },
  },
  {
    name: 'reference with a name',
    skip: onlyV1,
    model: ({ pg: p }) => {
      const a = p.pgTable('a', { id: p.integer('id').primaryKey() });
      return { a, b: p.pgTable('b', { a: p.integer('a').references(() => a.id, { name: 'my_key' }) }) };
    },
  },
  {
    name: 'reference across schemas',
    model: ({ pg: p }) => {
      const auth = p.pgSchema('auth');
      const users = auth.table('users', { id: p.uuid('id').primaryKey() });
      return {
        auth,
        users,
        t: p.pgTable('t', { u: p.uuid('u').references(() => users.id, { onDelete: 'cascade' }) }),
      };
    },
  },
];

const others: readonly Feature[] = [
  {
    name: 'enum',
    model: ({ pg: p }) => {
      const mood = p.pgEnum('mood', ['sad', 'ok', "it's"]);
      return {
        mood,
        t: p.pgTable('t', {
          m: mood('m').default('ok'),
          n: mood().array(),
          o: mood('o').array().default(['sad']),
        }),
      };
    },
  },
  {
    name: 'enum with a name to quote',
    model: ({ pg: p }) => {
      const mood = p.pgEnum('TheMood', ['a b', 'c']);
      return { mood, t: p.pgTable('t', { m: mood('m').notNull().default('a b') }) };
    },
  },
  {
    name: 'enum of an object',
    skip: not036,
    model: ({ pg: p }) => {
      const mood = p.pgEnum('mood', { Sad: 'sad', Ok: 'ok' });
      return { mood, t: p.pgTable('t', { m: mood('m').default('ok') }) };
    },
  },
  {
    name: 'schema with all it can hold',
    model: ({ pg: p, orm: { sql } }) => {
      const s = p.pgSchema('My Schema');
      const mood = s.enum('mood', ['a', 'b']);
      const t = s.table(
        't',
        {
          id: p.serial().primaryKey(),
          m: mood('m').default('a'),
          i: p.integer().generatedAlwaysAsIdentity(),
          u: p.text().unique(),
        },
        (x: Loose) => [p.index('ix').on(x.u), p.check('ck', sql`${x.id} > 0`)],
      );
      return {
        s,
        mood,
        t,
        q: s.sequence('q', { startWith: 5 }),
        v: s.view('v').as((b: Loose) => b.select().from(t)),
        w: s.materializedView('w').as((b: Loose) => b.select({ id: t.id }).from(t)),
      };
    },
  },
  { name: 'sequence', model: ({ pg: p }) => ({ s: p.pgSequence('s') }) },
  {
    name: 'sequence with options',
    model: ({ pg: p }) => ({
      s: p.pgSequence('s', {
        startWith: 100,
        maxValue: 10_000,
        minValue: 100,
        cycle: true,
        cache: 10,
        increment: 2,
      }),
    }),
  },
  { name: 'sequence that descends', model: ({ pg: p }) => ({ s: p.pgSequence('s', { increment: -1 }) }) },
  {
    name: 'row level security',
    skip: onlyV0,
    model: ({ pg: p }) => ({ t: p.pgTable('t', { id: p.integer() }).enableRLS() }),
  },
  {
    name: 'row level security, 1.0',
    skip: onlyV1,
    model: ({ pg: p }) => ({ t: p.pgTable.withRLS('t', { id: p.integer() }) }),
  },
  {
    name: 'policies',
    before: ['drift_reader', 'drift_writer']
      .map(
        (role) =>
          `do $$ begin create role ${role}; exception when duplicate_object or unique_violation then null; end $$;`,
      )
      .join('\n'),
    model: ({ pg: p, orm: { sql } }) => ({
      t: p.pgTable('t', { id: p.integer('id') }, (t: Loose) => [
        p.pgPolicy('all'),
        p.pgPolicy('read', {
          for: 'select',
          to: p.pgRole('drift_reader').existing(),
          using: sql`${t.id} > 0`,
        }),
        p.pgPolicy('write', {
          as: 'restrictive',
          for: 'insert',
          to: ['drift_writer', 'drift_reader'],
          withCheck: sql`true`,
        }),
        p.pgPolicy('change', { for: 'update', to: 'public', using: sql`id = 1`, withCheck: sql`id = 2` }),
        p.pgPolicy('me', { for: 'delete', to: 'current_user', using: sql`false` }),
      ]),
    }),
  },
  {
    name: 'linked policy',
    model: ({ pg: p, orm: { sql } }) => {
      const t = p.pgTable('t', { id: p.integer('id') });
      return { t, policy: p.pgPolicy('linked', { using: sql`true` }).link(t) };
    },
  },
  {
    name: 'existing schema and what is in it',
    skip: onlyV1,
    before: 'create schema theirs',
    model: ({ pg: p }) => {
      const theirs = p.pgSchema('theirs').existing();
      return {
        theirs,
        t: theirs.table('t', { id: p.integer() }),
        own: p.pgTable('own', { id: p.integer() }),
      };
    },
  },
  {
    name: 'table creator',
    model: ({ pg: p }) => ({
      t: p.pgTableCreator((name: string) => `app_${name}`)('t', {
        id: p.serial().primaryKey(),
        e: p.text().unique(),
      }),
    }),
  },
  ...(['snake_case', 'camelCase'] as const).map((casing): Feature => ({
    name: `casing ${casing}`,
    casing,
    model: ({ pg: p }) => ({
      t: p.pgTable(
        'MyTable',
        {
          userId: p.integer().notNull(),
          user_name: p.text().unique(),
          HTTPHeader2: p.text(),
          explicitOne: p.text('explicitOne').unique(),
        },
        (t: Loose) => [
          p.primaryKey({ columns: [t.userId, t.HTTPHeader2] }),
          p.unique().on(t.user_name, t.userId),
          p.index('i').on(t.HTTPHeader2),
          p.index().on(t.userId),
        ],
      ),
    }),
  })),
  {
    name: 'casing at the table',
    skip: onlyV1,
    model: ({ pg: p }) => ({
      t: p.snakeCase.table(
        't',
        { userId: p.integer().primaryKey(), fullName: p.text().unique() },
        (t: Loose) => [p.index().on(t.fullName)],
      ),
    }),
  },
  {
    name: 'unique at the column and for the table',
    skip: onlyV1,
    model: ({ pg: p }) => ({
      t: p.pgTable('t', { a: p.text('a').unique('one') }, (t: Loose) => [p.unique('two').on(t.a)]),
    }),
  },
];

type Query = (users: Loose, p: Loose, o: Loose) => Loose;

function view(name: string, query: Query, options: Partial<Feature> = {}): Feature {
  return {
    name,
    ...options,
    model: ({ pg: p, orm: o }) => {
      const users = p.pgTable('users', {
        id: p.integer('id'),
        name: p.text('name'),
        at: p.timestamp('made_at'),
        tags: p.text('tags').array(),
      });
      return { users, v: query(users, p, o) };
    },
  };
}

const views: readonly Feature[] = [
  view('view of everything', (u, p) => p.pgView('v').as((q: Loose) => q.select().from(u))),
  view('view of fields', (u, p) => p.pgView('v').as((q: Loose) => q.select({ id: u.id }).from(u))),
  view('view with a condition', (u, p, o) =>
    p.pgView('v').as((q: Loose) =>
      q
        .select()
        .from(u)
        .where(o.and(o.eq(u.name, "it's"), o.gt(u.id, 5))),
    ),
  ),
  view('view with a date', (u, p, o) =>
    p.pgView('v').as((q: Loose) => q.select().from(u).where(o.lt(u.at, date))),
  ),
  view('view with a list', (u, p, o) =>
    p.pgView('v').as((q: Loose) =>
      q
        .select()
        .from(u)
        .where(o.inArray(u.name, ['a', 'b'])),
    ),
  ),
  view('view with an alias', (u, p, o) =>
    p.pgView('v').as((q: Loose) =>
      q
        .select({ n: o.sql`count(*)`.as('n') })
        .from(u)
        .groupBy(u.name)
        .orderBy(o.desc(u.name))
        .limit(3),
    ),
  ),
  view('view with a join of itself', (u, p, o) =>
    p.pgView('v').as((q: Loose) => {
      const other = p.alias(u, 'other');
      return q
        .select({ a: u.id, b: o.sql`${other.name}`.as('b') })
        .from(u)
        .leftJoin(other, o.eq(u.id, other.id));
    }),
  ),
  view('view of a subquery', (u, p, o) =>
    p.pgView('v').as((q: Loose) => {
      const s = q
        .select({ id: u.id, n: o.sql`count(*)`.as('n') })
        .from(u)
        .groupBy(u.id)
        .as('s');
      return q.select({ id: s.id, n: s.n }).from(s).where(o.gt(s.n, 1));
    }),
  ),
  view('view with a CTE', (u, p, o) =>
    p.pgView('v').as((q: Loose) => {
      const s = q.$with('s').as(q.select({ id: u.id }).from(u).where(o.eq(u.id, 1)));
      return q.with(s).select().from(s);
    }),
  ),
  view('view in raw sql', (u, p, o) =>
    p.pgView('v', { id: p.integer('id') }).as(o.sql`select ${u.id} from ${u} where ${u.name} = ${'x'}`),
  ),
  view('view with options', (u, p) =>
    p
      .pgView('v')
      .with({ securityInvoker: true, securityBarrier: true, checkOption: 'cascaded' })
      .as((q: Loose) => q.select().from(u)),
  ),
  view('materialized view', (u, p) => p.pgMaterializedView('v').as((q: Loose) => q.select().from(u))),
  view('materialized view with options', (u, p) =>
    p
      .pgMaterializedView('v')
      .using('heap')
      .with({ fillfactor: 90, autovacuumEnabled: false })
      .tablespace('pg_default')
      .withNoData()
      .as((q: Loose) => q.select().from(u)),
  ),
  view('materialized view in raw sql', (_u, p, o) =>
    p.pgMaterializedView('v', { n: p.integer('n') }).as(o.sql`select 1 as n`),
  ),
];

const mergedKeys: readonly Feature[] = [
  column('key of one column, unique as well', (p) => p.text('c').primaryKey().unique()),
  column('key of one column, unique by a name', (p) => p.text('c').unique('c_is_unique').primaryKey()),
  {
    name: 'key of two columns, unique as well',
    model: ({ pg }) => ({
      t: pg.pgTable('t', { a: pg.text('a'), b: pg.text('b') }, (t: Loose) => [
        pg.primaryKey({ columns: [t.a, t.b] }),
        pg.unique('a_b').on(t.a, t.b),
      ]),
    }),
  },
];

/** Every feature, in groups. */
export const features: readonly Feature[] = [
  ...types,
  ...arrays,
  ...defaults,
  ...identities,
  ...keys,
  ...indexes,
  ...checks,
  ...foreignKeys,
  ...others,
  ...views,
  ...mergedKeys.map((feature) => ({ ...feature, merged: true }) as const),
];
