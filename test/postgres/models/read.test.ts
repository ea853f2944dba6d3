import { beforeAll, describe, expect, test } from 'vitest';
import type { ModelOptions, ModelReading } from '../../../src/dialects/dialect.ts';
import { readModels } from '../../../src/dialects/postgres/models/read.ts';
import { catchError, find } from '../../drizzle/readings.ts';
import { loadDrizzle, type DrizzleCopy, type Loose } from '../../drizzle/versions.ts';

type Exports = Readonly<Record<string, unknown>>;

function read(exports: Exports, options: Partial<ModelOptions> = {}): ModelReading {
  return readModels([{ file: '/app/models.ts', exports }], { casing: undefined, ...options });
}

function kindsOf(reading: ModelReading): readonly string[] {
  return reading.schema.objects.map((object) => object.kind);
}

describe.each(['0.36', '0.45', '1.0'] as const)('models of drizzle-orm %s', (version) => {
  let copy: DrizzleCopy;
  let p: Loose;
  let o: Loose;

  beforeAll(async () => {
    copy = await loadDrizzle(version);
    ({ pg: p, orm: o } = copy);
  });

  test('parameters become literals', () => {
    const reading = read({
      t: p.pgTable(
        't',
        { age: p.integer('age'), name: p.text('name'), at: p.timestamp('at') },
        (t: Loose) => [
          p.check('one', o.sql`${t.age} > ${21} and ${t.name} <> ${"it's"} and ${true}`),
          p.check('two', o.inArray(t.name, ['a', 'b'])),
          p.check('three', o.sql`${t.age} < ${10n} and ${o.sql.param(Buffer.from([1, 255]))} is not null`),
          p.index('i').on(t.name).where(o.gt(t.age, 3)),
          p.pgPolicy('p', { using: o.eq(t.name, 'x') }),
        ],
      ),
    });
    const text = (name: string): string =>
      find(reading, 'check', name).expression.text.replaceAll('"t".', '');
    expect(text('one')).toBe(`"age" > 21 and "name" <> 'it''s' and true`);
    expect(text('two')).toBe(`"name" in ('a', 'b')`);
    expect(text('three')).toBe(`"age" < 10 and '\\x01ff' is not null`);
    expect(find(reading, 'index', 'i').where?.text.replaceAll('"t".', '')).toBe('"age" > 3');
    expect(find(reading, 'policy', 'p').using?.text).toBe(`"t"."name" = 'x'`);
  });

  test('an enum, a table, a schema and an identifier in SQL go by their names', () => {
    const s = p.pgSchema('My S');
    const mood = s.enum('mood', ['a']);
    const t = s.table('t', { id: p.integer('id') });
    const reading = read({
      s,
      t,
      mood,
      v: p.pgView('v', {}).as(o.sql`select 'a'::${mood}, ${o.sql.identifier('x"y')} from ${t}`),
    });
    expect(find(reading, 'view', 'v').definition.text).toBe(
      `select 'a'::"My S"."mood", "x""y" from "My S"."t"`,
    );
  });

  test('names that the other version gives are as good as the first', () => {
    const users = p.pgTable('users', { id: p.integer('id').primaryKey(), mail: p.text('mail').unique() });
    const posts = p.pgTable(
      'posts',
      { a: p.integer('a').references(() => users.id), b: p.integer('b'), c: p.text('c').unique('given') },
      (t: Loose) => [p.primaryKey({ columns: [t.a, t.b] }), p.unique().on(t.b), p.index().on(t.c)],
    );
    const reading = read({ users, posts });
    expect(find(reading, 'primaryKey', 'users_pkey').alsoNamed).toBeUndefined();
    expect(find(reading, 'primaryKey', 'posts_a_b_pk').alsoNamed).toEqual(['posts_pkey']);
    expect(find(reading, 'foreignKey', 'posts_a_users_id_fk').alsoNamed).toEqual(['posts_a_users_id_fkey']);
    expect(find(reading, 'unique', 'users_mail_unique').alsoNamed).toEqual(['users_mail_key']);
    expect(find(reading, 'unique', 'posts_b_unique').alsoNamed).toEqual(['posts_b_key']);
    expect(find(reading, 'unique', 'given').alsoNamed).toBeUndefined();
    expect(find(reading, 'index', 'posts_c_index').alsoNamed).toEqual(['posts_c_idx']);
  });

  test('names are cut to 63 bytes between characters, wherever they stand', () => {
    const long = 'ž'.repeat(40);
    const cut = 'ž'.repeat(31);
    const t = p.pgTable(long, { id: p.integer(long).primaryKey() });
    const u = p.pgTable('u', { id: p.integer('id').references(() => t.id) });
    const reading = read({ t, u });
    expect(find(reading, 'column', cut).address).toEqual({ namespace: 'public', table: cut, name: cut });
    const key = reading.schema.objects.find((object) => object.kind === 'foreignKey');
    expect(key).toMatchObject({ references: { table: cut, columns: [cut] } });
    expect(Buffer.byteLength(key?.address.name ?? '')).toBeLessThanOrEqual(63);
    expect(find(reading, 'primaryKey', `${'ž'.repeat(29)}_pkey`).columns).toEqual([cut]);
  });

  test('vectors, bits and geometry are types with their parameters', () => {
    const reading = read({
      t: p.pgTable('t', {
        a: p.vector('a', { dimensions: 3 }).default([1, 2, 3]),
        b: p.halfvec('b', { dimensions: 4 }),
        c: p.sparsevec('c', { dimensions: 5 }),
        d: p.bit('d', { dimensions: 6 }),
        e: p.geometry('e', { type: 'point', mode: 'xy' }).default({ x: 1, y: 2 }),
        f: p.customType({ dataType: () => 'Geometry(MultiPolygonZ, 4326)' })('f'),
        g: p
          .customType({ dataType: () => 'citext' })('g')
          .array(),
        h: p.customType({ dataType: () => '"extensions"."Vec"(3)' })('h'),
      }),
    });
    const types = reading.schema.objects.flatMap((object) => (object.kind === 'column' ? [object.type] : []));
    expect(types).toEqual([
      'vector(3)',
      'halfvec(4)',
      'sparsevec(5)',
      'bit(6)',
      'geometry(Point)',
      'geometry(MultiPolygonZ,4326)',
      'citext[]',
      'extensions."Vec"(3)',
    ]);
    expect(find(reading, 'column', 'a').value).toMatchObject({ expression: { text: `'[1,2,3]'` } });
    expect(find(reading, 'column', 'e').value).toMatchObject({ expression: { text: `'POINT(1 2)'` } });
  });

  test('each object knows the export, and the part of it, that it comes from', () => {
    const mood = p.pgEnum('mood', ['a']);
    const users = p.pgTable(
      'users',
      { id: p.integer().primaryKey(), theName: p.text('name').unique() },
      (t: Loose) => [p.index('i').on(t.theName), p.pgPolicy('pol')],
    );
    const posts = p.pgTable('posts', { author: p.integer().references(() => users.id) });
    const linked = p.pgPolicy('linked').link(posts);
    const reading = readModels(
      [
        { file: '/a.ts', exports: { users, mood, linked } },
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
    expect(parts).toEqual([
      ['/a.ts', 'mood', 'mood', undefined],
      ['/a.ts', 'users', 'users', undefined],
      ['/a.ts', 'users', 'users', { is: 'column', key: 'id' }],
      ['/a.ts', 'users', 'users', { is: 'column', key: 'theName' }],
      ['/a.ts', 'users', 'users', { is: 'columnCall', key: 'id', call: 'primaryKey' }],
      ['/a.ts', 'users', 'users', { is: 'columnCall', key: 'theName', call: 'unique' }],
      ['/a.ts', 'users', 'users', { is: 'extra', ordinal: 0, name: 'i' }],
      ['/a.ts', 'users', 'users', { is: 'extra', ordinal: 1, name: 'pol' }],
      ['/b.ts', 'posts', 'posts', undefined],
      ['/b.ts', 'posts', 'posts', { is: 'column', key: 'author' }],
      ['/b.ts', 'posts', 'posts', { is: 'columnCall', key: 'author', call: 'references' }],
      ['/a.ts', 'linked', 'linked', undefined],
    ]);
    expect(reading.origins.size).toBe(reading.schema.objects.length);
  });

  test('a table with a policy has row level security on', () => {
    const policy = (): Loose => p.pgPolicy('x', { for: 'select' });
    const inside = p.pgTable('inside', { id: p.integer() }, () => [policy()]);
    const outside = p.pgTable('outside', { id: p.integer() });
    const without = p.pgTable('without', { id: p.integer() });
    const reading = read({ inside, outside, without, link: policy().link(outside), loose: policy() });
    expect(find(reading, 'table', 'inside').rowSecurity).toBe(true);
    expect(find(reading, 'table', 'outside').rowSecurity).toBe(true);
    expect(find(reading, 'table', 'without').rowSecurity).toBe(false);
    expect(reading.schema.objects.filter((object) => object.kind === 'policy')).toHaveLength(2);
  });

  describe('roles', () => {
    const rolesOf = (roles: ModelOptions['roles']): readonly string[] => {
      const exports = {
        t: p.pgTable('t', { id: p.integer() }),
        admin: p.pgRole('admin', { createDb: true, inherit: false }),
        authenticated: p.pgRole('authenticated'),
        anon: p.pgRole('anon'),
        theirs: p.pgRole('theirs').existing(),
      };
      const reading = read(exports, roles === undefined ? {} : { roles });
      expect(reading.existing).toEqual([{ namespace: '', name: 'theirs' }]);
      return reading.schema.objects.flatMap((object) =>
        object.kind === 'role' ? [object.address.name] : [],
      );
    };

    test.each<[ModelOptions['roles'], readonly string[]]>([
      [undefined, []],
      [false, []],
      [{}, []],
      [true, ['admin', 'anon', 'authenticated']],
      [{ provider: 'supabase' }, ['admin']],
      [{ provider: 'neon' }, ['admin', 'anon']],
      [{ exclude: ['anon'] }, ['admin', 'authenticated']],
      [{ include: ['anon', 'admin'], exclude: ['anon'] }, ['admin']],
    ])('with entities.roles %j', (roles, names) => {
      expect(rolesOf(roles)).toEqual(names);
    });

    test('have what they were given', () => {
      const reading = read({ admin: p.pgRole('admin', { createDb: true, inherit: false }) }, { roles: true });
      expect(find(reading, 'role', 'admin')).toMatchObject({
        createDb: true,
        createRole: false,
        inherit: false,
      });
    });
  });

  test('existing views are neither expected nor extra', () => {
    const reading = read({
      t: p.pgTable('t', { id: p.integer() }),
      v: p.pgView('v', { id: p.integer() }).existing(),
      w: p.pgSchema('s').materializedView('w', { id: p.integer() }).existing(),
    });
    expect(reading.existing).toEqual([
      { namespace: 'public', name: 'v' },
      { namespace: 's', name: 'w' },
    ]);
    expect(kindsOf(reading)).toEqual(['table', 'column']);
  });

  test('a schema or an enum declared twice alike is one', () => {
    const [a, b] = [p.pgSchema('s'), p.pgSchema('s')];
    const reading = read({
      a,
      b,
      e: a.enum('e', ['x']),
      f: b.enum('e', ['x']),
      t: a.table('t', { id: p.integer() }),
    });
    expect(kindsOf(reading)).toEqual(['schema', 'enum', 'table', 'column']);
    const error = catchError(() => read({ e: a.enum('e', ['x']), f: a.enum('e', ['y']) }));
    expect(error.code).toBe('MODELS_DUPLICATE');
  });

  test('what is in the schema public needs no schema', () => {
    const t = p.pgTable('t', { id: p.integer() });
    expect(find(read({ t }), 'table', 't').address).toEqual({ namespace: 'public', name: 't' });
  });

  describe('refuses', () => {
    test('tables of another dialect', () => {
      const error = catchError(() =>
        read({ t: copy.sqlite.sqliteTable('t', { id: copy.sqlite.integer() }) }),
      );
      expect(error.code).toBe('MODELS_EMPTY');
      expect(error.message).toContain('sqliteTable');
    });

    test('a foreign key said twice is one, and the last word counts', () => {
      const u = p.pgTable('u', { id: p.integer().primaryKey() });
      const make = (extra: (t: Loose) => unknown[]): Loose =>
        p.pgTable('t', { a: p.integer().references(() => u.id, { onDelete: 'cascade' }) }, extra);
      const name = 't_a_u_id_fk';
      const twice = make((t) => [p.foreignKey({ name, columns: [t.a], foreignColumns: [u.id] })]);
      const keys = read({ u, t: twice }).schema.objects.filter(({ kind }) => kind === 'foreignKey');
      expect(keys).toMatchObject([{ address: { name }, onDelete: 'no action' }]);
      const other = make((t) => [p.foreignKey({ name, columns: [t.a], foreignColumns: [t.a] })]);
      expect(catchError(() => read({ u, t: other })).message).toMatch(/two of the kind foreignKey/);
    });

    test('two tables of one name in one schema, but not in two', () => {
      const make = (s: Loose): Loose => s('t', { id: p.integer() });
      const error = catchError(() => read({ one: make(p.pgTable), two: make(p.pgTable) }));
      expect(error.code).toBe('MODELS_DUPLICATE');
      const s = p.pgSchema('s');
      expect(kindsOf(read({ one: make(p.pgTable), two: make(s.table) }))).toHaveLength(4);
    });

    test.each<[string, RegExp, (t: Loose) => unknown]>([
      ['an index without columns', /no columns/, () => p.index('i')],
      ['an index of a column that is not there', /./, (t) => p.index('i').on(t.nowhere)],
      ['an index of an expression without a name', /no name/, (t) => p.index().on(o.sql`lower(${t.a})`)],
      ['a unique constraint without columns', /no columns/, () => p.unique('u')],
      ['a placeholder', /placeholder/, (t) => p.check('k', o.sql`${t.a} > ${o.sql.placeholder('p')}`)],
      [
        'two checks of one name',
        /two of the kind check/,
        (t) => [p.check('k', o.sql`${t.a}`), p.check('k', o.sql`${t.b}`)],
      ],
    ])('%s', (_name, message, extra) => {
      const make = (): Loose =>
        p.pgTable('t', { id: p.integer('id'), a: p.integer('a'), b: p.integer('b') }, (t: Loose) =>
          [extra(t)].flat(),
        );
      const error = catchError(() => read({ t: make() }));
      expect(error.code).toBe('MODEL_INVALID');
      expect(error.message).toMatch(message);
      expect(error.message).toContain("table 't'");
    });

    test('a reference that throws', () => {
      const missing: Loose = undefined;
      const error = catchError(() =>
        read({ t: p.pgTable('t', { a: p.integer().references(() => missing.id) }) }),
      );
      expect(error.code).toBe('MODEL_INVALID');
      expect(error.message).toContain('foreign key');
    });
  });
});
