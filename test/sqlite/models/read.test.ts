import { beforeAll, describe, expect, test } from 'vitest';
import type { ModelReading } from '../../../src/dialects/dialect.ts';
import { readModels } from '../../../src/dialects/sqlite/models/read.ts';
import { catchError, find } from '../../drizzle/readings.ts';
import { loadDrizzle, type Casing, type DrizzleCopy, type Loose } from '../../drizzle/versions.ts';

type Exports = Readonly<Record<string, unknown>>;

function read(exports: Exports, casing?: Casing): ModelReading {
  return readModels([{ file: '/app/models.ts', exports }], { casing });
}

describe.each(['0.36', '0.45', '1.0'] as const)('models of drizzle-orm %s', (version) => {
  let copy: DrizzleCopy;
  let c: Loose;
  let o: Loose;

  beforeAll(async () => {
    copy = await loadDrizzle(version);
    ({ sqlite: c, orm: o } = copy);
  });

  test('parameters become literals', () => {
    const reading = read({
      t: c.sqliteTable('t', { age: c.integer('age'), name: c.text('name') }, (t: Loose) => [
        c.check('one', o.sql`${t.age} > ${21} and ${t.name} <> ${"it's"} and ${true} and ${null} is null`),
        c.check('two', o.inArray(t.name, ['a', 'b'])),
        c.check('three', o.sql`${t.age} < ${10n} and ${t.name} <> ${Buffer.from([1, 255])}`),
        c.check('four', o.sql`${t.name} > ${new Date(0)}`),
        c.index('i').on(t.name).where(o.gt(t.age, 3)),
      ]),
    });
    const text = (name: string): string =>
      find(reading, 'check', name).expression.text.replaceAll('"t".', '');
    expect(text('one')).toBe(`"age" > 21 and "name" <> 'it''s' and true and null is null`);
    expect(text('two')).toBe(`"name" in ('a', 'b')`);
    expect(text('three')).toBe(`"age" < 10 and "name" <> X'01FF'`);
    expect(text('four')).toBe(`"name" > '1970-01-01T00:00:00.000Z'`);
    expect(find(reading, 'index', 'i').where?.text).toBe('"t"."age" > 3');
  });

  test('a parameter goes through the encoder of its column', () => {
    const at = (mode: string): Loose => c.integer('at', { mode });
    const reading = read({
      a: c.sqliteTable('a', { at: at('timestamp') }, (t: Loose) => [
        c.check('a', o.gt(t.at, new Date(5000))),
      ]),
      b: c.sqliteTable('b', { at: at('timestamp_ms') }, (t: Loose) => [
        c.check('b', o.gt(t.at, new Date(5000))),
      ]),
      d: c.sqliteTable('d', { at: at('boolean') }, (t: Loose) => [c.check('d', o.eq(t.at, true))]),
    });
    expect(find(reading, 'check', 'a').expression.text).toMatch(/> 5$/);
    expect(find(reading, 'check', 'b').expression.text).toMatch(/> 5000$/);
    expect(find(reading, 'check', 'd').expression.text).toMatch(/= 1$/);
  });

  test('index terms are taken apart', () => {
    const reading = read({
      t: c.sqliteTable('t', { a: c.text('a'), bB: c.text('bB') }, (t: Loose) => [
        c
          .index('i')
          .on(
            o.sql`${t.a} COLLATE NOCASE DESC`,
            o.sql`lower(${t.bB}) asc`,
            o.sql.raw('BB, substr(a, 1, 2) desc'),
            t.a,
            o.sql`${t.a} IS NOT NULL`,
          ),
      ]),
    });
    const plain = { order: 'asc', collation: null };
    const expression = (text: string): unknown => ({ expression: { text, canonical: text } });
    expect(find(reading, 'index', 'i').parts).toEqual([
      { on: { column: 'a' }, order: 'desc', collation: 'NOCASE' },
      { ...plain, on: expression('lower("bB")') },
      { ...plain, on: { column: 'bB' } },
      { ...plain, on: expression('substr(a, 1, 2)'), order: 'desc' },
      { ...plain, on: { column: 'a' } },
      { ...plain, on: expression('"a" IS NOT NULL') },
    ]);
  });

  test('names that a tool or SQLite would give are as good as the first', () => {
    const users = c.sqliteTable('users', {
      userId: c.integer().primaryKey(),
      mail: c.text().unique('mail_u'),
    });
    const posts = c.sqliteTable(
      'posts',
      { a: c.integer().references(() => users.userId), b: c.integer() },
      (t: Loose) => [c.primaryKey({ columns: [t.a, t.b] }), c.unique().on(t.b)],
    );
    const reading = read({ users, posts });
    expect(find(reading, 'foreignKey', 'posts_a_users_userId_fk').alsoNamed).toEqual([
      'fk_posts_a_users_userId_fk',
    ]);
    expect(find(reading, 'primaryKey', 'posts_a_b_pk').alsoNamed).toEqual(['posts_pk']);
    expect(find(reading, 'unique', 'posts_b_unique').alsoNamed).toEqual([]);
    expect(find(reading, 'unique', 'mail_u').alsoNamed).toEqual([]);
  });

  test('each object knows the export, and the part of it, that it comes from', () => {
    const users = c.sqliteTable(
      'users',
      { id: c.integer().primaryKey(), theName: c.text('name').unique() },
      (t: Loose) => ({
        first: c.index('i').on(t.theName),
        second: c.check('ck', o.sql`1`),
      }),
    );
    const posts = c.sqliteTable('posts', { author: c.integer().references(() => users.id) });
    const v = c.sqliteView('v').as((q: Loose) => q.select().from(users));
    const reading = readModels(
      [
        { file: '/a.ts', exports: { users, v } },
        { file: '/b.ts', exports: { again: users, posts } },
      ],
      { casing: undefined },
    );
    const parts = [...reading.origins.values()].map(({ file, exportName, name, part }) => [
      file,
      exportName,
      name,
      part,
    ]);
    const extra = (ordinal: number, name: string): unknown => ({ is: 'extra', ordinal, name });
    expect(parts).toEqual([
      ['/a.ts', 'users', 'users', undefined],
      ['/a.ts', 'users', 'users', { is: 'column', key: 'id' }],
      ['/a.ts', 'users', 'users', { is: 'column', key: 'theName' }],
      ['/a.ts', 'users', 'users', { is: 'columnCall', key: 'id', call: 'primaryKey' }],
      ['/a.ts', 'users', 'users', { is: 'columnCall', key: 'theName', call: 'unique' }],
      ['/a.ts', 'users', 'users', extra(0, 'i')],
      ['/a.ts', 'users', 'users', extra(1, 'ck')],
      ['/b.ts', 'posts', 'posts', undefined],
      ['/b.ts', 'posts', 'posts', { is: 'column', key: 'author' }],
      ['/b.ts', 'posts', 'posts', { is: 'columnCall', key: 'author', call: 'references' }],
      ['/a.ts', 'v', 'v', undefined],
    ]);
    expect(reading.origins.size).toBe(reading.schema.objects.length);
  });

  test('an existing view is neither expected nor extra', () => {
    const t = c.sqliteTable('t', { id: c.integer() });
    const reading = read({ t, v: c.sqliteView('theirs', { id: c.integer() }).existing() });
    expect(reading.existing).toEqual([{ namespace: 'main', name: 'theirs' }]);
    expect(reading.schema.objects.map((object) => object.kind)).toEqual(['table', 'column']);
  });

  test('what is no table is passed over', () => {
    const t = c.sqliteTable('t', { id: c.integer() });
    const noise = {
      f: () => t,
      n: null,
      s: 'x',
      nested: { t },
      list: [t],
      u: undefined,
      r: /x/,
      empty: Object.create(null),
    };
    expect(read({ ...noise, t }).schema.objects).toHaveLength(2);
  });

  test('a primary key said twice is one', () => {
    const reading = read({
      t: c.sqliteTable('t', { id: c.integer().primaryKey({ autoIncrement: true }) }, (t: Loose) => [
        c.primaryKey({ columns: [t.id] }),
      ]),
    });
    expect(reading.schema.objects.filter((object) => object.kind === 'primaryKey')).toHaveLength(1);
    expect(find(reading, 'primaryKey', 't_id_pk').autoincrement).toBe(true);
  });

  describe('refuses', () => {
    test('files without a table', () => {
      const error = catchError(() => read({ a: 1 }));
      expect(error.code).toBe('MODELS_EMPTY');
      expect(error.message).toContain('/app/models.ts');
      expect(error.next).toContain('schema');
    });

    test('tables of another dialect', () => {
      const error = catchError(() => read({ t: copy.pg.pgTable('t', { id: copy.pg.integer() }) }));
      expect(error.code).toBe('MODELS_EMPTY');
      expect(error.message).toContain('pgTable');
    });

    test('two tables of one name', () => {
      const make = (): Loose => c.sqliteTable('t', { id: c.integer() });
      const error = catchError(() =>
        readModels(
          [
            { file: '/a.ts', exports: { one: make() } },
            { file: '/b.ts', exports: { two: make() } },
          ],
          { casing: undefined },
        ),
      );
      expect(error.code).toBe('MODELS_DUPLICATE');
      expect(error.message).toContain("'t'");
      expect(error.message).toContain('/a.ts (one)');
      expect(error.message).toContain('/b.ts (two)');
    });

    test.each<[string, RegExp, (t: Loose) => unknown]>([
      ['an index without columns', /no columns/, () => c.index('i')],
      ['an index of nothing', /no columns/, () => c.index('i').on()],
      ['an index of a column that is not there', /not there/, (t) => c.index('i').on(t.nowhere)],
      ['a unique constraint without columns', /no columns/, () => c.unique('u')],
      ['two primary keys', /two primary keys/, (t) => c.primaryKey({ columns: [t.a, t.b] })],
      ['a placeholder', /placeholder/, (t) => c.check('k', o.sql`${t.a} > ${o.sql.placeholder('p')}`)],
      [
        'two indexes of one name',
        /two of the kind index/,
        (t) => [c.index('i').on(t.a), c.index('i').on(t.b)],
      ],
      [
        'a third argument that throws',
        /third argument threw an error: oops/,
        () => {
          throw new Error('oops');
        },
      ],
    ])('%s', (_name, message, extra) => {
      const make = (): Loose =>
        c.sqliteTable(
          't',
          { id: c.integer().primaryKey(), a: c.integer('a'), b: c.integer('b') },
          (t: Loose) => [extra(t)].flat(),
        );
      const error = catchError(() => read({ t: make() }));
      expect(error.code).toBe('MODEL_INVALID');
      expect(error.message).toMatch(message);
      expect(error.message).toContain("table 't'");
    });

    test('a reference that throws', () => {
      const missing: Loose = undefined;
      const error = catchError(() =>
        read({ t: c.sqliteTable('t', { a: c.integer().references(() => missing.id) }) }),
      );
      expect(error.code).toBe('MODEL_INVALID');
      expect(error.message).toContain('foreign key');
    });
  });
});

test('a wrapped list of builders is what its version of Drizzle makes of it', async () => {
  const make = async (version: DrizzleCopy['version']): Promise<Loose> => {
    const { sqlite: c } = await loadDrizzle(version);
    return c.sqliteTable('t', { a: c.integer() }, (t: Loose) => [{ wrapped: c.index('i').on(t.a) }]);
  };
  const silent = await make('0.45');
  expect(read({ t: silent }).schema.objects.map((object) => object.kind)).toEqual(['table', 'column']);
  const loud = await make('1.0');
  expect(catchError(() => read({ t: loud })).code).toBe('MODEL_INVALID');
});

test('tables of two copies of drizzle-orm go together', async () => {
  const [old, young] = await Promise.all([loadDrizzle('0.36'), loadDrizzle('0.45')]);
  const users = old.sqlite.sqliteTable('users', { id: old.sqlite.integer().primaryKey() });
  const posts = young.sqlite.sqliteTable('posts', {
    author: young.sqlite.integer().references(() => users.id),
  });
  const check = young.orm.sql`${users.id} > 1`;
  const reading = read({
    users,
    posts,
    v: young.sqlite.sqliteView('v', {}).as(young.orm.sql`select ${users.id} from ${users} where ${check}`),
  });
  expect(find(reading, 'foreignKey', 'posts_author_users_id_fk').references).toMatchObject({
    table: 'users',
    columns: ['id'],
  });
  expect(find(reading, 'view', 'v').definition.text).toBe(
    'select "users"."id" from "users" where "users"."id" > 1',
  );
});
