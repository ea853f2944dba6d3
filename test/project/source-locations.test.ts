import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadModels } from '../../src/project/load-models.ts';
import { createSourceMap, type SourceMap } from '../../src/project/source-locations.ts';
import { linkPackage, writeProject, type DrizzleVersion } from './fixture.ts';

/**
 * A project whose files mark places with `/*name*\/`. Returns its source map, and what is marked at a place: so that
 * a test reads `places.at(location)` instead of line numbers.
 */
async function open(files: Readonly<Record<string, string>>, version?: DrizzleVersion) {
  const root = writeProject(files, version);
  const schema = ['schema.ts'];
  const models = await loadModels({ root, configFile: path.join(root, 'drizzle.config.ts'), schema });
  const map = createSourceMap(root, models);
  return {
    root,
    map,
    table: (exportName: string) => ({ file: path.join(root, 'schema.ts'), exportName }),
    mark: marker(files),
  };
}

/** The name of the mark that stands right before a location. */
function marker(files: Readonly<Record<string, string>>) {
  return (location: ReturnType<SourceMap['locateExport']>): string | undefined => {
    if (location === undefined) return undefined;
    const line = files[location.file]?.split('\n')[location.line - 1] ?? '';
    const mark = /\/\*(\S+)\*\/\s*$/.exec(line.slice(0, location.column - 1))?.[1];
    return mark ?? `unmarked ${location.file}:${String(location.line)}:${String(location.column)}`;
  };
}

const sqlite = `import { sqliteTable, sqliteTableCreator, sqliteView, text, integer, index, uniqueIndex, unique, check, foreignKey, primaryKey } from 'drizzle-orm/sqlite-core';\nimport { sql } from 'drizzle-orm';\n`;
const pg = `import { pgTable, pgTableCreator, pgSchema, pgView, pgMaterializedView, pgEnum, pgSequence, pgRole, pgPolicy, text, integer, uuid, timestamp, index, unique, check } from 'drizzle-orm/pg-core';\nimport { sql } from 'drizzle-orm';\n`;

it('gives file, line and column from 1', async () => {
  const { map, table } = await open({
    'schema.ts': `${sqlite}\r\n// ä😀\r\nexport const users = sqliteTable('users', {\r\n\tid: text('user_id'), /* 😀 */ name: text(),\r\n});\r\n`,
  });
  expect(map.locateExport(table('users'))).toEqual({ file: 'schema.ts', line: 5, column: 22 });
  expect(map.locateColumn(table('users'), 'id')).toEqual({ file: 'schema.ts', line: 6, column: 2 });
  expect(map.locateColumn(table('users'), 'name')).toEqual({ file: 'schema.ts', line: 6, column: 32 });
});

describe('exports', () => {
  it.each([
    ['a table', `export const it = /*x*/pgTable('t', {});`],
    ['a table of a schema', `const auth = pgSchema('auth');\nexport const it = /*x*/auth.table('t', {});`],
    ['a table of a schema made there', `export const it = /*x*/pgSchema('auth').table('t', {});`],
    [
      'a table of a creator',
      `const make = pgTableCreator((n) => 'p_' + n);\nexport const it = /*x*/make('t', {});`,
    ],
    [
      'a table of a wrapper',
      `function make(n: string) { return pgTable(n, { id: text() }); }\nexport const it = /*x*/make('t');`,
    ],
    ['a table with a call after it', `export const it = /*x*/pgTable('t', { id: text() }).enableRLS();`],
    ['a table with a type', `export const it = (/*x*/pgTable('t', {}) as unknown) as object;`],
    ['a table exported later', `const inner = /*x*/pgTable('t', {});\nexport { inner as it };`],
    ['a table with another name first', `const inner = /*x*/pgTable('t', {});\nexport const it = inner;`],
    ['a table in an object', `const all = { t: /*x*/pgTable('t', {}) };\nexport const { t: it } = all;`],
    ['a table in an object by a dot', `const all = { t: /*x*/pgTable('t', {}) };\nexport const it = all.t;`],
    ['a view', `export const it = /*x*/pgView('v', { id: text() }).as(sql\`select 1\`);`],
    [
      'a view of a query',
      `const t = pgTable('t', { id: text() });\nexport const it = /*x*/pgView('v').as((qb) => qb.select().from(t));`,
    ],
    ['an existing view', `export const it = /*x*/pgView('v', { id: text() }).existing();`],
    [
      'a materialized view',
      `export const it = /*x*/pgMaterializedView('v', { id: text() }).withNoData().as(sql\`select 1\`);`,
    ],
    ['an enum', `export const it = /*x*/pgEnum('e', ['a']);`],
    ['an enum of a schema', `const auth = pgSchema('auth');\nexport const it = /*x*/auth.enum('e', ['a']);`],
    ['a sequence', `export const it = /*x*/pgSequence('s', { startWith: 2 });`],
    ['a schema', `export const it = /*x*/pgSchema('auth');`],
    ['a role', `export const it = /*x*/pgRole('r');`],
    ['a policy', `export const it = /*x*/pgPolicy('p', { for: 'all' });`],
    [
      'a linked policy',
      `const t = pgTable('t', { id: text() });\nexport const it = /*x*/pgPolicy('p', { for: 'all' }).link(t);`,
    ],
    [
      'a namespace import',
      `import * as core from 'drizzle-orm/pg-core';\nexport const it = /*x*/core.pgTable('t', {});`,
    ],
    [
      'an unknown wrapper',
      `declare const wrap: <T>(t: T) => T;\nexport const it = (globalThis as any).Object(/*y*/pgTable('t', {}));`,
      undefined,
    ],
  ])('%s', async (_what, source, mark: string | undefined = 'x') => {
    const { map, table, mark: marked } = await open({ 'schema.ts': pg + source });
    const found = map.locateExport(table('it'));
    if (mark === 'x' && !source.includes('globalThis')) expect(marked(found)).toBe('x');
    else expect(found?.line).toBe(pg.split('\n').length + 1);
  });

  it('a default export', async () => {
    const { map, table, mark } = await open({ 'schema.ts': `${pg}export default /*x*/pgTable('t', {});` });
    expect(mark(map.locateExport(table('default')))).toBe('x');
  });

  it('through re-exports, stars and aliases', async () => {
    const { map, table, mark } = await open({
      'tsconfig.json': '{"compilerOptions":{"paths":{"@db/*":["./src/*"]}}}',
      'schema.ts': `export * from './src/empty';\nexport * from '@db/index';\nexport { a as b, default as d } from './src/tables.js';\nexport * as all from './src/tables.js';`,
      'src/empty.ts': `export const nothing = 1;`,
      'src/index.ts': `export * from './tables';`,
      'src/tables.ts': `${sqlite}export const a = /*a*/sqliteTable('a', { /*id*/id: text() });\nexport default /*d*/sqliteTable('d', {});`,
    });
    expect(mark(map.locateExport(table('a')))).toBe('a');
    expect(mark(map.locateExport(table('b')))).toBe('a');
    expect(mark(map.locateExport(table('d')))).toBe('d');
    expect(mark(map.locateColumn(table('b'), 'id'))).toBe('id');
  });

  it('CommonJS', async () => {
    const files = {
      'schema.ts': `export * from './tables.cjs';`,
      'tables.cjs': `const { sqliteTable, text } = require('drizzle-orm/sqlite-core');\nconst users = /*u*/sqliteTable('users', { /*id*/id: text() });\nmodule.exports = { users, posts: /*p*/sqliteTable('posts', {}) };\nmodule.exports.tags = /*t*/sqliteTable('tags', {});`,
    };
    const { map, root, mark } = await open(files);
    const of = (exportName: string) => ({ file: path.join(root, 'tables.cjs'), exportName });
    expect(['users', 'posts', 'tags'].map((name) => mark(map.locateExport(of(name))))).toEqual([
      'u',
      'p',
      't',
    ]);
    expect(mark(map.locateColumn(of('users'), 'id'))).toBe('id');
  });

  it('two tables with one name in the database are two places', async () => {
    const { map, table, mark } = await open({
      'schema.ts': `${sqlite}export const a = /*a*/sqliteTable('t', {});\nexport const b = /*b*/sqliteTable('t', {});`,
    });
    expect([mark(map.locateExport(table('a'))), mark(map.locateExport(table('b')))]).toEqual(['a', 'b']);
  });

  it('another export of the same object, where one cannot be followed', async () => {
    const root = writeProject({
      'db/index.ts': `import * as tables from './tables';\nconst pick = () => [tables].at(0)!;\nexport const { users } = pick();`,
      'db/tables.ts': `${sqlite}export const users = sqliteTable('users', {\n  id: text() });`,
    });
    const models = await loadModels({ root, configFile: path.join(root, 'c.ts'), schema: ['db'] });
    const users = { file: path.join(root, 'db/index.ts'), exportName: 'users' };
    expect(createSourceMap(root, models).locateColumn(users, 'id')).toEqual({
      file: 'db/tables.ts',
      line: 4,
      column: 3,
    });
  });

  it('nothing for what is not there', async () => {
    const { map, table } = await open({ 'schema.ts': `export const x = 1;` });
    expect(map.locateExport(table('nowhere'))).toBeUndefined();
    expect(map.locateColumn(table('nowhere'), 'id')).toBeUndefined();
    expect(map.locateExport({ file: '/nowhere.ts', exportName: 'x' })).toBeUndefined();
    expect(map.locateExport(table('x'))).toEqual({ file: 'schema.ts', line: 1, column: 14 });
  });
});

describe('columns', () => {
  const other = `import { text, integer } from 'drizzle-orm/sqlite-core';
export const stamps = { /*created*/createdAt: text(), updatedAt: /*no*/ text() };
export const makeStamps = () => ({ /*made*/madeAt: integer() });
export function withId(name: string) { const own = { /*own*/own: text(name) }; return { /*id*/id: integer().primaryKey(), ...own }; }
export const idColumn = () => integer().notNull()./*pk*/primaryKey();
`;

  it.each([
    ['a property', `sqliteTable('t', { /*x*/key: text('db_name') })`, 'key', 'x'],
    ['a quoted key', `sqliteTable('t', { /*x*/'my-key': text() })`, 'my-key', 'x'],
    ['a computed key', `sqliteTable('t', { /*x*/['key']: text() })`, 'key', 'x'],
    ['a shorthand', `sqliteTable('t', { /*x*/key })`, 'key', 'x'],
    ['a callback', `sqliteTable('t', (c) => ({ /*x*/key: c.text() }))`, 'key', 'x'],
    [
      'a callback with a body',
      `sqliteTable('t', (c) => { const extra = { /*x*/key: c.text() }; return { ...extra }; })`,
      'key',
      'x',
    ],
    ['a const', `sqliteTable('t', columns)`, 'key', 'columns'],
    ['a spread', `sqliteTable('t', { id: text(), ...columns })`, 'key', 'columns'],
    ['a spread before', `sqliteTable('t', { ...columns, /*x*/key: text() })`, 'key', 'x'],
    ['a spread after', `sqliteTable('t', { /*x*/key: text(), ...columns })`, 'key', 'columns'],
    ['an import', `sqliteTable('t', { ...stamps })`, 'createdAt', 'created'],
    ['a part of an import', `sqliteTable('t', { ...shared.stamps })`, 'createdAt', 'created'],
    ['a function', `sqliteTable('t', { ...makeStamps() })`, 'madeAt', 'made'],
    ['a function with a body', `sqliteTable('t', { ...withId('x') })`, 'id', 'id'],
    ['a spread in a function', `sqliteTable('t', { ...withId('x') })`, 'own', 'own'],
    ['a helper for one column', `sqliteTable('t', { /*x*/id: shared.idColumn() })`, 'id', 'x'],
    ['a destructured rest', `sqliteTable('t', rest)`, 'key', 'columns'],
    ['a wrapper', `make('t', { /*x*/key: text() })`, 'key', 'x'],
    ['a wrapper that adds', `make('t', { other: text() })`, 'added', 'added'],
    ['a creator', `creator('t', { /*x*/key: text() })`, 'key', 'x'],
    ['Object.assign', `sqliteTable('t', Object.assign({}, columns, { /*x*/last: text() }))`, 'last', 'x'],
    ['an assertion', `sqliteTable('t', { /*x*/key: text() } as const satisfies object)`, 'key', 'x'],
    ['a condition', `sqliteTable('t', { ...(process.env.PATH ? { /*x*/key: text() } : {}) })`, 'key', 'x'],
    [
      'both arms of a condition',
      `/*table*/sqliteTable('t', process.env.PATH ? { key: text() } : { key: integer() })`,
      'key',
      'table',
    ],
    [
      'what cannot be followed',
      `/*table*/sqliteTable('t', Object.fromEntries([['key', text()]]))`,
      'key',
      'table',
    ],
    ['a key that is nowhere', `/*table*/sqliteTable('t', { key: text() })`, 'nowhere', 'table'],
  ])('%s', async (_what, source, key, expected) => {
    const { map, table, mark } = await open({
      'columns.ts': other,
      'schema.ts': `${sqlite}import { stamps, makeStamps, withId } from './columns';
import * as shared from './columns';
const key = text();
const columns = { /*columns*/key: text(), omitted: text() };
const { omitted, ...rest } = columns;
const creator = sqliteTableCreator((name) => \`p_\${name}\`);
const make = (name: string, own: object) => sqliteTable(name, { /*added*/added: text(), ...own });
export const it = ${source};
export const used = [stamps, makeStamps, withId, shared, key, columns, omitted, rest, creator, make];`,
    });
    expect(mark(map.locateColumn(table('it'), key))).toBe(expected);
  });

  it('the calls in the chain of a column', async () => {
    const { map, table, mark } = await open({
      'columns.ts': other.replace('sqlite-core', 'pg-core'),
      'schema.ts': `${pg}import { idColumn } from './columns';
export const other = pgTable('other', { id: text().primaryKey() });
const base = text().notNull();
export const it = pgTable('t', {
  /*a*/a: text('a')
    ./*notNull*/notNull()
    ./*unique*/unique('u')
    ./*default*/default('x')
    ./*references*/references(() => other.id, { onDelete: 'cascade' }),
  /*b*/b: text().array(),
  c: integer()./*identity*/generatedAlwaysAsIdentity(),
  d: timestamp()./*now*/defaultNow(),
  /*e*/e: idColumn() as never,
  /*f*/f: base,
});`,
    });
    const it = table('it');
    const call = (key: string, name: string) => mark(map.locateColumn(it, key, [name]));
    expect(['notNull', 'unique', 'default', 'references'].map((name) => call('a', name))).toEqual([
      'notNull',
      'unique',
      'default',
      'references',
    ]);
    expect(call('a', 'primaryKey')).toBe('a');
    expect(call('e', 'primaryKey')).toBe('pk');
    const origin = (key: string) => ({ ...it, name: 't', part: { is: 'column', key } as const });
    expect(mark(map.locateOrigin(origin('a'), 'default'))).toBe('default');
    expect(mark(map.locateOrigin(origin('a'), 'nullable'))).toBe('notNull');
    expect(mark(map.locateOrigin(origin('a'), 'type'))).toBe('a');
    expect(mark(map.locateOrigin(origin('b'), 'default'))).toBe('b');
    expect(mark(map.locateOrigin(origin('c'), 'identity'))).toBe('identity');
    expect(mark(map.locateOrigin(origin('d'), 'default'))).toBe('now');
    const references = {
      ...it,
      name: 't',
      part: { is: 'columnCall', key: 'a', call: 'references' } as const,
    };
    expect(mark(map.locateOrigin(references))).toBe('references');
    expect(mark(map.locateOrigin({ ...it, name: 't' }))).toContain('unmarked schema.ts:6');
  });

  it('of workspace packages, relative to the root', async () => {
    const root = writeProject({
      'apps/web/schema.ts': `${sqlite}import { stamps } from '@acme/columns';\nexport const t = sqliteTable('t', { ...stamps });`,
      'packages/columns/package.json': '{"name":"@acme/columns","exports":"./dist/index.js"}',
      'packages/columns/src/index.ts': other,
    });
    const cwd = path.join(root, 'apps/web');
    linkPackage(root, 'apps/web/node_modules/@acme/columns', 'packages/columns');
    const models = await loadModels({ root: cwd, configFile: path.join(cwd, 'c.ts'), schema: ['schema.ts'] });
    const map = createSourceMap(cwd, models);
    expect(map.locateColumn({ file: path.join(cwd, 'schema.ts'), exportName: 't' }, 'createdAt')).toEqual({
      file: '../../packages/columns/src/index.ts',
      line: 2,
      column: 36,
    });
  });
});

describe('members of the third argument', () => {
  const files = (extra: string) => ({
    'schema.ts': `${sqlite}
const tenant = (t: any) => [/*tenant*/index('tenant').on(t.a), /*second*/check('second', sql\`1\`)];
const shared = (t: any) => /*no*/index('shared').on(t.a);
export const t = /*table*/sqliteTable('t', { a: text(), b: integer() }, ${extra});`,
  });

  it.each([
    ['an array', `(t) => [/*0*/index('i').on(t.a), /*1*/uniqueIndex('u').on(t.b)]`, 1, 'u', '1'],
    [
      'an array, by place',
      `(t) => [/*0*/unique().on(t.a), /*1*/primaryKey({ columns: [t.a, t.b] })]`,
      1,
      't_a_b_pk',
      '1',
    ],
    ['an object', `(t) => ({ /*0*/one: index('i').on(t.a), /*1*/two: check('c', sql\`1\`) })`, 1, 'c', '1'],
    ['a body', `(t) => { const named = index('i').on(t.a); return [/*0*/named]; }`, 0, 'i', '0'],
    [
      'a name in an object',
      `(t) => [/*0*/foreignKey({ name: 'f', columns: [t.a], foreignColumns: [t.a] }).onDelete('cascade')]`,
      0,
      'f',
      '0',
    ],
    ['a name in a const', `(t) => [/*0*/index(\`i\`).on(t.a)]`, 0, 'i', '0'],
    ['a name out of order', `(t) => [/*0*/index('i').on(t.a), /*1*/index('j').on(t.a)]`, 0, 'j', '1'],
    ['a spread', `(t) => [/*0*/index('i').on(t.a), ...tenant(t), /*3*/index('l').on(t.b)]`, 3, 'l', '3'],
    ['inside a spread', `(t) => [/*0*/index('i').on(t.a), ...tenant(t)]`, 2, 'second', 'second'],
    ['a helper', `(t) => [/*0*/shared(t)]`, 0, 'shared', '0'],
    ['a helper for all', `tenant`, 0, 'tenant', 'tenant'],
    [
      'a place after an unknown spread',
      `(t) => [...[t].map((x) => index('m').on(x.a)), /*1*/unique().on(t.b)]`,
      1,
      undefined,
      'table',
    ],
    [
      'a name after an unknown spread',
      `(t) => [...[t].map((x) => index('m').on(x.a)), /*1*/index('k').on(t.b)]`,
      9,
      'k',
      '1',
    ],
    ['another name at the place', `(t) => [/*0*/index('i').on(t.a)]`, 0, 'other', 'table'],
    ['a place that is not there', `(t) => [/*0*/index('i').on(t.a)]`, 5, undefined, 'table'],
  ])('%s', async (_what, extra, ordinal, name, expected) => {
    const { map, table, mark } = await open(files(extra));
    expect(mark(map.locateMember(table('t'), ordinal, name))).toBe(expected);
    const part = { is: 'extra', ordinal, ...(name === undefined ? {} : { name }) } as const;
    expect(mark(map.locateOrigin({ ...table('t'), name: 't', part }))).toBe(expected);
  });

  it('of a table made by a wrapper', async () => {
    const { map, table, mark } = await open({
      'schema.ts': `${sqlite}
const make = (name: string, columns: any, extra: any) => sqliteTable(name, columns, (t) => [/*own*/index('own').on(t.a), ...extra(t)]);
export const t = make('t', { a: text() }, (t: any) => [/*given*/index('given').on(t.a)]);`,
    });
    expect(mark(map.locateMember(table('t'), 0, 'own'))).toBe('own');
    expect(mark(map.locateMember(table('t'), 1, 'given'))).toBe('given');
  });

  it('with names over 63 bytes, which PostgreSQL cuts', async () => {
    const long = 'a'.repeat(70);
    const { map, table, mark } = await open({
      'schema.ts': `${pg}export const t = pgTable('t', { a: text() }, (t) => [/*0*/index('${long}').on(t.a)]);`,
    });
    expect(mark(map.locateMember(table('t'), 0, long.slice(0, 63)))).toBe('0');
  });
});

it('drizzle-orm 1.0: tables that name columns by case, and with row security', async () => {
  const { map, table, mark } = await open(
    {
      'schema.ts': `import { pgTable, snakeCase, text, index } from 'drizzle-orm/pg-core';
export const a = /*a*/snakeCase.table('a', { /*id*/fullName: text() }, (t) => [/*i*/index().on(t.fullName)]);
export const b = /*b*/pgTable.withRLS('b', { /*key*/key: text() });`,
    },
    'v1',
  );
  expect(mark(map.locateExport(table('a')))).toBe('a');
  expect(mark(map.locateColumn(table('a'), 'fullName'))).toBe('id');
  expect(mark(map.locateMember(table('a'), 0))).toBe('i');
  expect(mark(map.locateExport(table('b')))).toBe('b');
  expect(mark(map.locateColumn(table('b'), 'key'))).toBe('key');
});

it('does not look into drizzle-orm where a missing driver makes it part of the bundle', async () => {
  const { map, table, mark } = await open({
    'schema.ts': `${sqlite}import { drizzle } from 'drizzle-orm/mysql2';
export const it = /*it*/sqliteTable('t', { /*id*/id: text() }, (t) => [/*i*/index('i').on(t.id)]);
export const connect = () => drizzle('mysql://x');`,
  });
  expect(mark(map.locateColumn(table('it'), 'id'))).toBe('id');
  expect(mark(map.locateMember(table('it'), 0, 'i'))).toBe('i');
});

it('comes to an end where names lead in a circle', async () => {
  const { map, table } = await open({
    'schema.ts': `export const a = (): any => b();\nexport const b = (): any => a();\nexport { x } from './loop';`,
    'loop.ts': `export { y as x } from './loop2';\nexport const y = 1;`,
    'loop2.ts': `export { y } from './loop';`,
  });
  expect(map.locateColumn(table('a'), 'id')).toEqual({ file: 'schema.ts', line: 1, column: 14 });
  expect(map.locateExport(table('x'))).toBeUndefined();
});
