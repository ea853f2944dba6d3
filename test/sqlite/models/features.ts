import type { Casing, DrizzleCopy, Loose } from '../../drizzle/versions.ts';

/** Models that show one feature each. */
export interface Feature {
  readonly name: string;
  readonly casing?: Casing;
  readonly skip?: readonly DrizzleCopy['version'][];
  readonly model: (copy: DrizzleCopy) => Readonly<Record<string, unknown>>;
}

type MakeColumn = (c: Loose, sql: Loose) => unknown;

/** A table `t` with an `id` and one more column. */
function column(name: string, make: MakeColumn, skip: Feature['skip'] = []): Feature {
  return {
    name,
    skip,
    model: ({ sqlite, orm }) => ({
      t: sqlite.sqliteTable('t', { id: sqlite.integer('id'), c: make(sqlite, orm.sql) }),
    }),
  };
}

const onlySince045 = ['0.36'] as const;
const v1Only = ['0.36', '0.45'] as const;
const v0Only = ['1.0'] as const;
/** drizzle-kit 0.31 throws here, or writes SQL that SQLite refuses. */
const brokenInV0 = v1Only;

const types: readonly Feature[] = [
  column('integer', (c) => c.integer('c')),
  column('int', (c) => c.int('c')),
  column('integer without a name', (c) => c.integer()),
  column('integer timestamp', (c) => c.integer('c', { mode: 'timestamp' })),
  column('integer timestamp_ms', (c) => c.integer('c', { mode: 'timestamp_ms' })),
  column('integer boolean', (c) => c.integer('c', { mode: 'boolean' })),
  column('real', (c) => c.real('c')),
  column('text', (c) => c.text('c')),
  column('text with a length', (c) => c.text('c', { length: 20 })),
  column('text with an enum', (c) => c.text('c', { enum: ['a', 'b'] })),
  column('text json', (c) => c.text('c', { mode: 'json' })),
  column('blob', (c) => c.blob('c')),
  column('blob buffer', (c) => c.blob('c', { mode: 'buffer' })),
  column('blob json', (c) => c.blob('c', { mode: 'json' })),
  column('blob bigint', (c) => c.blob('c', { mode: 'bigint' })),
  column('numeric', (c) => c.numeric('c')),
  column('numeric number', (c) => c.numeric('c', { mode: 'number' }), onlySince045),
  column('numeric bigint', (c) => c.numeric('c', { mode: 'bigint' }), onlySince045),
  column('custom type', (c) => c.customType({ dataType: () => 'VARCHAR(20)' })('c')),
  column('custom type with a configuration', (c) =>
    c.customType({ dataType: (config: Loose) => `decimal(${config.p}, ${config.s})` })('c', { p: 10, s: 2 }),
  ),
  column('not null', (c) => c.text('c').notNull()),
  column('a name with spaces', (c) => c.text('the name of it')),
  column('a reserved word', (c) => c.text('order')),
];

const jsonValue = { a: 1, b: ['x', null], c: { d: true } };
const customText: MakeColumn = (c) =>
  c
    .customType({ dataType: () => 'text' })('c')
    .default('abc');
const customOther: MakeColumn = (c) =>
  c
    .customType({ dataType: () => 'widget' })('c')
    .default('abc');

const defaults: readonly Feature[] = [
  column('default 0', (c) => c.integer('c').default(0)),
  column('default -1', (c) => c.integer('c').default(-1)),
  column('default 1e21', (c) => c.real('c').default(1e21)),
  column('default 1.5', (c) => c.real('c').default(1.5)),
  column('default -0.25', (c) => c.real('c').default(-0.25)),
  column('default true', (c) => c.integer('c', { mode: 'boolean' }).default(true)),
  column('default false', (c) => c.integer('c', { mode: 'boolean' }).default(false)),
  column('default date in seconds', (c) =>
    c.integer('c', { mode: 'timestamp' }).default(new Date(1_700_000_000_000)),
  ),
  column('default date in milliseconds', (c) =>
    c.integer('c', { mode: 'timestamp_ms' }).default(new Date(1_700_000_000_123)),
  ),
  column('default text', (c) => c.text('c').default('abc')),
  column('default empty text', (c) => c.text('c').default('')),
  column('default text with an apostrophe', (c) => c.text('c').default("it's")),
  column('default text with double quotes', (c) => c.text('c').default('say "hi"')),
  column('default text with a backslash', (c) => c.text('c').default('a\\b')),
  column('default text with a backtick', (c) => c.text('c').default('a`b')),
  column('default text with unicode', (c) => c.text('c').default('žluťoučký 🐴')),
  column('default text with two lines', (c) => c.text('c').default('a\nb')),
  column('default text enum', (c) => c.text('c', { enum: ['a', 'b'] }).default('b')),
  column('default text that looks like a number', (c) => c.text('c').default('10')),
  column('default json object', (c) => c.text('c', { mode: 'json' }).default(jsonValue)),
  column('default json array', (c) => c.text('c', { mode: 'json' }).default([1, 'two'])),
  column('default empty json', (c) => c.text('c', { mode: 'json' }).default({})),
  column('default json in a blob', (c) => c.blob('c', { mode: 'json' }).default(jsonValue)),
  column(
    'default json with an apostrophe',
    (c) => c.text('c', { mode: 'json' }).default({ a: "it's" }),
    brokenInV0,
  ),
  column('default buffer', (c) => c.blob('c', { mode: 'buffer' }).default(Buffer.from([0, 1, 254, 255]))),
  column(
    'default bigint in a blob',
    (c) => c.blob('c', { mode: 'bigint' }).default(12_345_678_901_234_567_890n),
    brokenInV0,
  ),
  column('default numeric text', (c) => c.numeric('c').default('12.50')),
  column('default numeric number', (c) => c.numeric('c', { mode: 'number' }).default(12.5), onlySince045),
  column('default numeric bigint', (c) => c.numeric('c', { mode: 'bigint' }).default(12n), brokenInV0),
  column('default of a custom text type', customText),
  column('default of a custom type', customOther),
  column('default null', (c) => c.text('c').default(null)),
  column('default null of an integer', (c) => c.integer('c').default(null)),
  column('runtime default', (c) => c.text('c').$defaultFn(() => 'x')),
  column('runtime default, short form', (c) => c.text('c').$default(() => 'x')),
  column('runtime update', (c) => c.text('c').$onUpdate(() => 'x')),
  column('sql default CURRENT_TIMESTAMP', (c, sql) => c.text('c').default(sql`CURRENT_TIMESTAMP`)),
  column('sql default (CURRENT_TIMESTAMP)', (c, sql) => c.text('c').default(sql`(CURRENT_TIMESTAMP)`)),
  column('sql default (unixepoch())', (c, sql) => c.integer('c').default(sql`(unixepoch())`)),
  column('sql default strftime', (c, sql) => c.integer('c').default(sql`(strftime('%s', 'now') * 1000)`)),
  column('sql default with spaces', (c, sql) => c.integer('c').default(sql` ( 1 + 2 ) `)),
  column('sql default NULL', (c, sql) => c.text('c').default(sql`NULL`)),
  column('sql default raw', (c, sql) => c.text('c').default(sql.raw(`(lower('ABC'))`))),
  column('sql default joined', (c, sql) => c.text('c').default(sql.join([sql`(1`, sql` + `, sql`2)`]))),
  column('sql default of nested sql', (c, sql) =>
    c.text('c').default(sql`(${sql`upper(${sql.raw("'a'")})`})`),
  ),
  column('sql default of several lines', (c, sql) => c.text('c').default(sql`(\n  lower('A')\n)`)),
  column('defaultNow', (c) => c.integer('c', { mode: 'timestamp_ms' }).defaultNow()),
  column('sql default that is a blob', (c, sql) => c.blob('c').default(sql`X'00FF'`)),
];

const generated: readonly Feature[] = [
  column('generated from sql', (c, sql) => c.integer('c').generatedAlwaysAs(sql`id * 2`)),
  column('generated from a function', (c, sql) => c.integer('c').generatedAlwaysAs(() => sql`id * 2`)),
  column('generated from text', (c) => c.integer('c').generatedAlwaysAs('id * 2')),
  column('generated stored', (c, sql) => c.integer('c').generatedAlwaysAs(sql`id * 2`, { mode: 'stored' })),
  column('generated virtual', (c, sql) => c.integer('c').generatedAlwaysAs(sql`id * 2`, { mode: 'virtual' })),
  column('generated and not null', (c, sql) =>
    c
      .integer('c')
      .generatedAlwaysAs(sql`id * 2`)
      .notNull(),
  ),
  {
    name: 'generated from a column of the table',
    model: ({ sqlite: c, orm: { sql } }) => {
      const t: Loose = c.sqliteTable('t', {
        first: c.text('first_name'),
        c: c.text('c').generatedAlwaysAs(() => sql`upper(${t.first})`),
      });
      return { t };
    },
  },
];

type Extra = (t: Loose, c: Loose, o: Loose) => unknown;

/** A table `users` with a third argument. */
function table(name: string, extra: Extra, options: Partial<Feature> = {}): Feature {
  return {
    name,
    ...options,
    model: ({ sqlite: c, orm: o }) => ({
      users: c.sqliteTable(
        'users',
        {
          id: c.integer('id').notNull(),
          email: c.text('email'),
          fullName: c.text(),
          age: c.integer('age'),
        },
        (t: Loose) => extra(t, c, o),
      ),
    }),
  };
}

const keys: readonly Feature[] = [
  column('primary key', (c) => c.integer('c').primaryKey()),
  column('primary key with autoincrement', (c) => c.integer('c').primaryKey({ autoIncrement: true })),
  column('primary key of text', (c) => c.text('c').primaryKey()),
  column('primary key with a runtime default', (c) =>
    c
      .text('c')
      .primaryKey()
      .$defaultFn(() => 'x'),
  ),
  column('unique', (c) => c.text('c').unique()),
  column('unique with a name', (c) => c.text('c').unique('the_one')),
  column('unique and not null with a default', (c) => c.text('c').notNull().unique().default('x')),
  table('composite primary key', (t, c) => [c.primaryKey({ columns: [t.id, t.email] })]),
  table('composite primary key in another order', (t, c) => [c.primaryKey({ columns: [t.email, t.id] })]),
  table('composite primary key with a name', (t, c) => [
    c.primaryKey({ columns: [t.id, t.email], name: 'both' }),
  ]),
  table('primary key of one column for the table', (t, c) => [c.primaryKey({ columns: [t.id] })]),
  table('primary key of one text column for the table', (t, c) => [c.primaryKey({ columns: [t.email] })]),
  table('third argument as an object', (t, c) => ({ pk: c.primaryKey({ columns: [t.id, t.email] }) })),
  table('unique of two columns', (t, c) => [c.unique().on(t.email, t.age)]),
  table('unique of two columns with a name', (t, c) => [c.unique('u').on(t.email, t.age)]),
  table('unique of one column for the table', (t, c) => [c.unique().on(t.email)]),
  table('unique of one column for the table with a name', (t, c) => [c.unique('u').on(t.email)]),
  table('empty third argument', () => []),
  table('third argument with gaps', (t, c) => [undefined, c.index('i').on(t.id)], {
    skip: v0Only,
  }),
  table('third argument with a nested list', (t, c) => [[c.index('i').on(t.id)], c.index('j').on(t.age)], {
    skip: onlySince045,
  }),
];

const indexes: readonly Feature[] = [
  table('index', (t, c) => [c.index('i').on(t.email)]),
  table('index of two columns', (t, c) => [c.index('i').on(t.email, t.age)]),
  table('unique index', (t, c) => [c.uniqueIndex('i').on(t.email)]),
  table('index of an expression', (t, c, o) => [c.index('i').on(o.sql`lower(${t.email})`)]),
  table('unique index of an expression', (t, c, o) => [c.uniqueIndex('i').on(o.sql`lower(${t.email})`)]),
  table('index of a column and an expression', (t, c, o) => [
    c.index('i').on(t.age, o.sql`lower(${t.email})`),
  ]),
  table('index with desc()', (t, c, o) => [c.index('i').on(o.desc(t.age))]),
  table('index with asc()', (t, c, o) => [c.index('i').on(o.asc(t.age))]),
  table('index with desc in sql', (t, c, o) => [c.index('i').on(o.sql`${t.age} desc`, t.email)]),
  table('index of an expression with desc', (t, c, o) => [c.index('i').on(o.sql`lower(${t.email}) desc`)]),
  table('index with a collation', (t, c, o) => [c.index('i').on(o.sql`${t.email} collate nocase`)]),
  table('index with a collation and desc', (t, c, o) => [
    c.index('i').on(o.sql`${t.email} collate nocase desc`),
  ]),
  table('index of a cast', (t, c, o) => [c.index('i').on(o.sql`cast(${t.email} as integer)`)]),
  table('index of a concatenation', (t, c, o) => [c.index('i').on(o.sql`${t.email} || ${t.fullName}`)]),
  table('partial index', (t, c, o) => [
    c
      .index('i')
      .on(t.email)
      .where(o.sql`${t.age} > 18`),
  ]),
  table('partial index by a text', (t, c, o) => [
    c
      .index('i')
      .on(t.email)
      .where(o.sql`${t.email} like 'a%'`),
  ]),
  table('partial index by isNotNull()', (t, c, o) => [c.index('i').on(t.email).where(o.isNotNull(t.age))]),
  table('partial unique index', (t, c, o) => [
    c
      .uniqueIndex('i')
      .on(t.email)
      .where(o.sql`${t.age} is null`),
  ]),
  table('index of json', (t, c, o) => [c.index('i').on(o.sql`json_extract(${t.email}, '$.a.b')`)], {
    skip: brokenInV0,
  }),
  table('unique and unique index of one column', (t, c) => [
    c.uniqueIndex('ui').on(t.email),
    c.unique('u').on(t.age),
  ]),
];

const checks: readonly Feature[] = [
  table('check', (t, c, o) => [c.check('ck', o.sql`${t.age} > 21`)]),
  table('check of two columns', (t, c, o) => [c.check('ck', o.sql`${t.age} > ${t.id}`)]),
  table('check with raw sql', (_t, c, o) => [c.check('ck', o.sql.raw('age > 21 and id < 5'))]),
  table('check with a list', (t, c, o) => [c.check('ck', o.sql`${t.email} in ('a', 'b''c')`)]),
  table('check with a name to quote', (t, c, o) => [c.check('is adult', o.sql`${t.age} > 21`)]),
  table('two checks', (t, c, o) => [c.check('a', o.sql`${t.age} > 21`), c.check('b', o.sql`${t.id} > 0`)]),
];

type Actions = { readonly onDelete?: string; readonly onUpdate?: string };

function reference(name: string, actions: Actions, casing?: Casing): Feature {
  return {
    name,
    casing,
    model: ({ sqlite: c }) => {
      const users = c.sqliteTable('users', { userId: c.integer().primaryKey() });
      const posts = c.sqliteTable('posts', { authorId: c.integer().references(() => users.userId, actions) });
      return { users, posts };
    },
  };
}

const foreignKeys: readonly Feature[] = [
  reference('references', {}),
  ...['cascade', 'restrict', 'no action', 'set null', 'set default'].flatMap((action) => [
    reference(`references, on delete ${action}`, { onDelete: action }),
    reference(`references, on update ${action}`, { onUpdate: action }),
  ]),
  reference('references, both actions', { onDelete: 'cascade', onUpdate: 'set null' }),
  reference('references, with casing', {}, 'snake_case'),
  {
    name: 'reference to the own table',
    model: ({ sqlite: c }) => {
      const t: Loose = c.sqliteTable('t', {
        id: c.integer('id').primaryKey(),
        parent: c.integer('parent').references((): Loose => t.id),
      });
      return { t };
    },
  },
  ...['', 'the_key'].map((name): Feature => ({
    name: `composite foreign key ${name}`,
    model: ({ sqlite: c }) => {
      const a = c.sqliteTable('a', { x: c.integer('x'), y: c.integer('y') }, (t: Loose) => [
        c.primaryKey({ columns: [t.x, t.y] }),
      ]);
      const b = c.sqliteTable('b', { x: c.integer('x'), y: c.integer('y') }, (t: Loose) => [
        c
          .foreignKey({ columns: [t.x, t.y], foreignColumns: [a.x, a.y], ...(name !== '' && { name }) })
          .onDelete('cascade'),
      ]);
      return { a, b };
    },
  })),
  {
    name: 'reference to a table that is not exported',
    model: ({ sqlite: c }) => {
      const hidden = c.sqliteTable('hidden', { id: c.integer('id').primaryKey() });
      return { t: c.sqliteTable('t', { h: c.integer('h').references(() => hidden.id) }) };
    },
  },
];

type Query = (users: Loose, c: Loose, o: Loose) => Loose;

function view(name: string, query: Query, options: Partial<Feature> = {}): Feature {
  return {
    name,
    ...options,
    model: ({ sqlite: c, orm: o }) => {
      const users = c.sqliteTable('users', {
        id: c.integer('id'),
        name: c.text('name'),
        at: c.integer({ mode: 'timestamp' }),
      });
      return { users, v: query(users, c, o) };
    },
  };
}

const views: readonly Feature[] = [
  view('view of everything', (u, c) => c.sqliteView('v').as((q: Loose) => q.select().from(u))),
  view('view of fields', (u, c) => c.sqliteView('v').as((q: Loose) => q.select({ id: u.id }).from(u))),
  view('view with a condition', (u, c, o) =>
    c.sqliteView('v').as((q: Loose) =>
      q
        .select()
        .from(u)
        .where(o.and(o.eq(u.name, "it's"), o.gt(u.id, 5))),
    ),
  ),
  view('view with a date', (u, c, o) =>
    c.sqliteView('v').as((q: Loose) =>
      q
        .select()
        .from(u)
        .where(o.lt(u.at, new Date(1_700_000_000_000))),
    ),
  ),
  view('view with a list', (u, c, o) =>
    c.sqliteView('v').as((q: Loose) =>
      q
        .select()
        .from(u)
        .where(o.inArray(u.name, ['a', 'b'])),
    ),
  ),
  view('view with an alias', (u, c, o) =>
    c.sqliteView('v').as((q: Loose) =>
      q
        .select({ n: o.sql`count(*)`.as('n') })
        .from(u)
        .groupBy(u.name)
        .orderBy(o.desc(u.id))
        .limit(3),
    ),
  ),
  view('view with a join of itself', (u, c, o) =>
    c.sqliteView('v').as((q: Loose) => {
      const other = c.alias(u, 'other');
      return q
        .select({ a: u.id, b: o.sql`${other.name}`.as('b') })
        .from(u)
        .leftJoin(other, o.eq(u.id, other.id));
    }),
  ),
  view('view of a subquery', (u, c, o) =>
    c.sqliteView('v').as((q: Loose) => {
      const s = q
        .select({ id: u.id, n: o.sql`count(*)`.as('n') })
        .from(u)
        .as('s');
      return q.select({ id: s.id, n: s.n }).from(s).where(o.gt(s.n, 1));
    }),
  ),
  view('view with a CTE', (u, c, o) =>
    c.sqliteView('v').as((q: Loose) => {
      const s = q.$with('s').as(q.select({ id: u.id }).from(u).where(o.eq(u.id, 1)));
      return q.with(s).select().from(s);
    }),
  ),
  view('view with exists', (u, c, o) =>
    c.sqliteView('v').as((q: Loose) =>
      q
        .select({ id: u.id })
        .from(u)
        .where(o.exists(q.select({ id: u.id }).from(u))),
    ),
  ),
  view('view of a view', (u, c) => {
    const inner = c.sqliteView('inner_view').as((q: Loose) => q.select({ id: u.id }).from(u));
    return c.sqliteView('v').as((q: Loose) => q.select().from(inner));
  }),
  view('view in raw sql', (u, c, o) =>
    c.sqliteView('v', { id: c.integer('id') }).as(o.sql`select ${u.id} from ${u} where ${u.name} = ${'x'}`),
  ),
  view('view in raw sql of several lines', (u, c, o) =>
    c.sqliteView('v', { id: c.integer('id') }).as(o.sql`select id\n  from ${u} -- all\n`),
  ),
  view('view with an identifier', (u, c, o) =>
    c.sqliteView('v', { id: c.integer('id') }).as(o.sql`select ${o.sql.identifier('id')} from ${u}`),
  ),
  view(
    'view with casing',
    (u, c, o) => c.sqliteView('v', { id: c.integer() }).as(o.sql`select ${u.at} from ${u}`),
    { casing: 'snake_case' },
  ),
];

const tables: readonly Feature[] = [
  {
    name: 'table creator',
    model: ({ sqlite: c }) => ({
      t: c.sqliteTableCreator((name: string) => `app_${name}`)('t', {
        id: c.integer().primaryKey(),
        e: c.text().unique(),
      }),
    }),
  },
  {
    name: 'columns from a callback',
    model: ({ sqlite: c }) => ({
      t: c.sqliteTable('t', (b: Loose) => ({ id: b.integer(), n: b.text({ length: 4 }) })),
    }),
  },
  {
    name: 'table name to quote',
    model: ({ sqlite: c }) => ({ t: c.sqliteTable('the table', { id: c.integer().primaryKey() }) }),
  },
  ...(['snake_case', 'camelCase'] as const).map((casing): Feature => ({
    name: `casing ${casing}`,
    casing,
    model: ({ sqlite: c }) => ({
      t: c.sqliteTable(
        'MyTable',
        {
          userId: c.integer().notNull(),
          user_name: c.text().unique(),
          HTTPHeader2: c.text(),
          explicitOne: c.text('explicitOne').unique(),
        },
        (t: Loose) => [
          c.primaryKey({ columns: [t.userId, t.HTTPHeader2] }),
          c.unique().on(t.user_name, t.userId),
          c.index('i').on(t.HTTPHeader2),
        ],
      ),
    }),
  })),
  {
    name: 'casing at the table',
    skip: v1Only,
    model: ({ sqlite: c }) => ({
      t: c.snakeCase.table('t', {
        userId: c.integer().primaryKey(),
        fullName: c.text().unique(),
        other: c.text('otherName'),
      }),
    }),
  },
  {
    name: 'unique and a unique index of the same name on the same column',
    model: ({ sqlite: c }) => ({
      t: c.sqliteTable('t', { a: c.text('a').unique(), b: c.text('b') }, (t: Loose) => [
        c.uniqueIndex('t_a_unique').on(t.a),
      ]),
    }),
  },
  {
    name: 'unique beside a unique index on the same column',
    model: ({ sqlite: c }) => ({
      t: c.sqliteTable('t', { a: c.text('a').unique(), b: c.text('b') }, (t: Loose) => [
        c.uniqueIndex('ai').on(t.a),
      ]),
    }),
  },
];

/** Every feature, in groups. */
export const features: readonly Feature[] = [
  ...types,
  ...defaults,
  ...generated,
  ...keys,
  ...indexes,
  ...checks,
  ...foreignKeys,
  ...views,
  ...tables,
];
