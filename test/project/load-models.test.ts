import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { DriftError } from '../../src/errors.ts';
import { loadModels, type LoadedModels } from '../../src/project/load-models.ts';
import { installedPackage, linkPackage, writeProject, type DrizzleVersion } from './fixture.ts';

const users = `import { sqliteTable, text } from 'drizzle-orm/sqlite-core';\nexport const users = sqliteTable('users', { id: text() });\n`;

async function loadFrom(root: string, ...schema: readonly string[]): Promise<LoadedModels> {
  return await loadModels({ root, configFile: path.join(root, 'drizzle.config.ts'), schema });
}

async function load(
  files: Readonly<Record<string, string>>,
  schema: string | readonly string[] = './schema.ts',
  version?: DrizzleVersion,
): Promise<LoadedModels> {
  return await loadFrom(writeProject(files, version), ...(typeof schema === 'string' ? [schema] : schema));
}

async function fail(
  files: Readonly<Record<string, string>>,
  schema: string | readonly string[] = './schema.ts',
): Promise<DriftError> {
  const error = await load(files, schema).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof DriftError)) throw new Error(`expected a DriftError, got ${String(error)}`);
  return error;
}

function exportsOf(models: LoadedModels, index = 0): Readonly<Record<string, unknown>> {
  return models.modules[index]?.exports ?? {};
}

/** The database name of a Drizzle table, by the brand that all versions share. */
function tableName(table: unknown): unknown {
  return Reflect.get(Object(table), Symbol.for('drizzle:Name'));
}

describe('which files', () => {
  const files = {
    'db/a.ts': users,
    'db/b.tsx': 'export const b = 1;',
    'db/c.d.ts': 'export declare const c: number;',
    'db/readme.md': '# no code',
    'db/inner/d.ts': 'export const d = 1;',
    'app/(admin)/[id]/schema.ts': 'export const e = 1;',
    'node_modules/x/db/f.ts': 'throw 1;',
  };

  it.each([
    [['db/a.ts'], ['db/a.ts']],
    [['./db/a.ts', 'db/*.ts'], ['db/a.ts']],
    [['db'], ['db/a.ts', 'db/b.tsx']],
    [['./db/'], ['db/a.ts', 'db/b.tsx']],
    [['./db/**/*.ts'], ['db/a.ts', 'db/inner/d.ts']],
    [['./d*'], ['db/a.ts', 'db/b.tsx']],
    [['**/{d,b}.{ts,tsx}'], ['db/b.tsx', 'db/inner/d.ts']],
    [
      ['db/inner', 'db/a.ts'],
      ['db/inner/d.ts', 'db/a.ts'],
    ],
    [['app/(admin)/[id]/schema.ts'], ['app/(admin)/[id]/schema.ts']],
    [['nowhere/*.ts', 'db/a.ts'], ['db/a.ts']],
  ])('%j', async (patterns, expected) => {
    const root = writeProject(files);
    const models = await loadFrom(root, ...patterns);
    expect(models.files.map((file) => path.relative(root, file))).toEqual(expected);
    expect(models.modules.map(({ file }) => file)).toEqual(models.files);
  });

  it('may be outside of the working directory, and absolute', async () => {
    const root = writeProject({ 'packages/db/schema.ts': users, 'apps/web/x.ts': '' });
    const cwd = path.join(root, 'apps/web');
    const file = path.join(root, 'packages/db/schema.ts');
    expect((await loadFrom(cwd, '../../packages/db/*.ts')).files).toEqual([file]);
    expect((await loadFrom(cwd, path.join(root, 'packages/**/schema.ts'))).files).toEqual([file]);
  });

  it.each([
    ['db/shema.ts', 'db/schema.ts'],
    ['db/schema', 'db/schema.ts'],
    ['src/db/*.ts', 'db'],
    ['db/**/*.model.ts', 'db'],
  ])('none for %s, and what is near', async (pattern, near) => {
    const root = writeProject({ 'db/schema.ts': users });
    const error = await loadFrom(root, pattern).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'MODELS_NOT_FOUND',
      message: `No model file matches '${pattern}' in ${root}.`,
    });
    if (pattern !== 'src/db/*.ts')
      expect((error as DriftError).next).toContain(`The nearest that exists is ${near}.`);
  });

  it('none in a folder that is there', async () => {
    const root = writeProject({ 'db/tables/users.ts': users });
    const error = await loadFrom(root, './db').catch((thrown: unknown) => thrown);
    expect((error as DriftError).next).toBe(
      'The folder db has no .ts or .js file directly in it. Write the models there, or correct schema in drizzle.config; for folders in it write db/**/*.ts.',
    );
  });

  it('none configured', async () => {
    const error = await loadFrom(writeProject({})).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'MODELS_NOT_CONFIGURED' });
  });
});

describe('what models may be like', () => {
  it('one object where two files export one table', async () => {
    const models = await load(
      {
        'db/index.ts': `export * from './users.js';\nexport { posts as articles } from './posts';`,
        'db/users.ts': `${users}import { posts } from './posts';\nexport const link = () => posts;`,
        'db/posts.ts': `import { users } from './users';\nimport { sqliteTable, text } from 'drizzle-orm/sqlite-core';
          export const posts = sqliteTable('posts', { author: text().references(() => users.id) });`,
      },
      './db',
    );
    const [index, posts, byUsers] = models.modules.map((module) => module.exports);
    expect(index?.['users']).toBe(byUsers?.['users']);
    expect(index?.['articles']).toBe(posts?.['posts']);
    expect(tableName(index?.['users'])).toBe('users');
  });

  it.each([
    ['v0.36', "integer('id')"],
    ['v0.45', 'integer()'],
    ['v1', 'integer()'],
  ] as const)("run with the project's own drizzle-orm: %s", async (version, id) => {
    const models = await load(
      {
        'schema.ts': `import { pgTable, integer, pgEnum } from 'drizzle-orm/pg-core';
          export const users = pgTable('users', { id: ${id} }); export const mood = pgEnum('mood', ['ok']);
          export default users;`,
      },
      'schema.ts',
      version,
    );
    expect(tableName(exportsOf(models)['users'])).toBe('users');
    expect(exportsOf(models)['default']).toBe(exportsOf(models)['users']);
  });

  it('share drizzle-orm with the process where it is the same', async () => {
    const models = await load({ 'schema.ts': users });
    const { getTableName } = await import('drizzle-orm');
    const { SQLiteTable } = await import('drizzle-orm/sqlite-core');
    expect(exportsOf(models)['users']).toBeInstanceOf(SQLiteTable);
    expect(getTableName(exportsOf(models)['users'] as never)).toBe('users');
  });

  it('each package of a monorepo has its own drizzle-orm', async () => {
    const root = writeProject({
      'schema.ts': `${users}export { posts } from './packages/old/posts';`,
      'packages/old/posts.ts': users.replaceAll('users', 'posts').replace('text()', "text('id')"),
    });
    linkPackage(
      root,
      'packages/old/node_modules/drizzle-orm',
      path.resolve(import.meta.dirname, '../peers/drizzle-v036/node_modules/drizzle-orm'),
    );
    const exported = exportsOf(await loadFrom(root, 'schema.ts'));
    expect([tableName(exported['users']), tableName(exported['posts'])]).toEqual(['users', 'posts']);
    expect(Object.getPrototypeOf(exported['users'])).not.toBe(Object.getPrototypeOf(exported['posts']));
  });

  it('CommonJS', async () => {
    const models = await load(
      {
        'schema.cjs': `const { sqliteTable, text } = require('drizzle-orm/sqlite-core'); const { name } = require('./name');
          exports.users = sqliteTable(name, { id: text() }); exports.here = __filename;`,
        'name.js': `module.exports = { name: 'people' };`,
      },
      'schema.cjs',
    );
    expect(tableName(exportsOf(models)['users'])).toBe('people');
    expect(exportsOf(models)['here']).toBe(models.files[0]);
  });

  it('JSON, raw text, styles, pictures, top-level await, import.meta, enums and decorators', async () => {
    const models = await load({
      'schema.ts': `
        import data from './data.json';
        import { version } from './data.json';
        import query from './query.sql?raw';
        import text from './query.sql';
        import './style.css';
        import logo from './logo.svg';
        enum Role { Admin = 'admin' }
        const later = await Promise.resolve('later');
        export const all = { data, version, query, text, role: Role.Admin, later, file: import.meta.filename, mode: import.meta.env.DRIFT_NOT_SET ?? null };
        export { logo };`,
      'data.json': '{"version":"1"}',
      'query.sql': 'SELECT 1',
      'style.css': 'a { color: red }',
      'logo.svg': '<svg/>',
    });
    expect(exportsOf(models)['all']).toEqual({
      data: { version: '1' },
      version: '1',
      query: 'SELECT 1',
      text: 'SELECT 1',
      role: 'admin',
      later: 'later',
      file: models.files[0],
      mode: null,
    });
  });

  it('JSX, also where the tsconfig leaves it to a framework', async () => {
    const models = await load({
      'tsconfig.json': '{"compilerOptions":{"jsx":"preserve"}}',
      'schema.ts': `${users}export { Mail } from './mail';`,
      'mail.tsx': `export const Mail = () => <p>hello</p>;`,
    });
    expect(tableName(exportsOf(models)['users'])).toBe('users');
  });

  it('import.meta.url of each file is its own', async () => {
    const models = await load({
      'schema.ts': `export const a = import.meta.url; export * from './b';`,
      'b.ts': `export const b = __dirname + '|' + import.meta.url;`,
    });
    const root = path.dirname(models.files[0] ?? '');
    expect(exportsOf(models)).toMatchObject({
      a: `file://${root}/schema.ts`,
      b: `${root}|file://${root}/b.ts`,
    });
  });

  it('in a checkout that cannot be written, leaving nothing behind', async () => {
    const root = writeProject({ 'schema.ts': `${users}export const url = import.meta.url;` });
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('drizzle-drift-'));
    chmodSync(root, 0o555);
    try {
      expect(tableName(exportsOf(await loadFrom(root, 'schema.ts'))['users'])).toBe('users');
    } finally {
      chmodSync(root, 0o755);
    }
    expect(readdirSync(root).sort()).toEqual(['node_modules', 'schema.ts']);
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('drizzle-drift-'))).toEqual(before);
  });
});

describe('imports', () => {
  const imports = (specifier: string) => `import { value } from '${specifier}';\nexport const got = value;`;

  it.each([
    [
      '@/lib/value',
      {
        'tsconfig.json': '{"compilerOptions":{"paths":{"@/*":["./src/*"]}}}',
        'src/lib/value.ts': 'export const value = 1',
      },
    ],
    [
      'lib/value',
      {
        'tsconfig.json': '{"compilerOptions":{"baseUrl":"src"}}',
        'src/lib/value.ts': 'export const value = 1',
      },
    ],
    // The base of the tsconfig is generated, and the aliases with it.
    [
      '$lib/value',
      {
        'package.json': '{}',
        'tsconfig.json': '{"extends":"./.svelte-kit/tsconfig.json"}',
        'src/lib/value.ts': 'export const value = 1',
      },
    ],
    [
      '~/value',
      {
        'package.json': '{}',
        'tsconfig.json': '{"extends":"@acme/tsconfig/base.json"}',
        'src/value.ts': 'export const value = 1',
      },
    ],
    [
      '#value',
      { 'package.json': '{"imports":{"#value":"./src/value.ts"}}', 'src/value.ts': 'export const value = 1' },
    ],
    ['./value.js', { 'value.ts': 'export const value = 1' }],
    ['./value', { 'value/index.mts': 'export const value = 1' }],
  ])('%s', async (specifier, files) => {
    expect(exportsOf(await load({ 'schema.ts': imports(specifier), ...files }))['got']).toBe(1);
  });

  it.each([
    ['TypeScript sources', { main: './index.ts' }, 'index.ts', '@acme/lib'],
    ['no entry at all', {}, 'index.ts', '@acme/lib'],
    ['an unbuilt dist', { exports: './dist/index.js' }, 'src/index.ts', '@acme/lib'],
    ['an unbuilt main', { main: './dist/index.js', types: './dist/index.d.ts' }, 'src/index.ts', '@acme/lib'],
    [
      'an unbuilt dist of dist/esm',
      { exports: { '.': { import: './dist/esm/index.js' } } },
      'src/index.ts',
      '@acme/lib',
    ],
    [
      'sources beside an unbuilt dist',
      { exports: { './value': './dist/value.js' } },
      'value.ts',
      '@acme/lib/value',
    ],
    [
      'the condition development',
      { exports: { '.': { development: './src/index.ts', default: './dist/index.js' } } },
      'src/index.ts',
      '@acme/lib',
    ],
    [
      'a condition of its own',
      { exports: { './*': { '@acme/source': './source/*.ts', default: './dist/*.js' } } },
      'source/deep/value.ts',
      '@acme/lib/deep/value',
    ],
    [
      'types that are sources',
      { exports: { '.': { types: './src/index.ts', default: './dist/index.js' } } },
      'src/index.ts',
      '@acme/lib',
    ],
    ['a path without exports', {}, 'db/value.ts', '@acme/lib/db/value'],
  ])('of a workspace package with %s', async (_what, manifest, file, specifier) => {
    const source = `import { users } from './users';\nexport const value = users;`;
    const files = {
      'package.json': '{"workspaces":["packages/*"]}',
      'packages/lib/package.json': JSON.stringify({ name: '@acme/lib', ...manifest }),
      [`packages/lib/${file}`]: source,
      [`packages/lib/${path.dirname(file)}/users.ts`]: users,
      'schema.ts': imports(specifier),
    };
    const linked = writeProject(files);
    linkPackage(linked, 'node_modules/@acme/lib', 'packages/lib');
    expect(tableName(exportsOf(await loadFrom(linked, 'schema.ts'))['got'])).toBe('users');
    // The same before the first install.
    expect(tableName(exportsOf(await load(files))['got'])).toBe('users');
  });

  it('of members of a pnpm workspace that is not installed', async () => {
    const root = writeProject({
      'pnpm-workspace.yaml': `# members\npackages:\n  - "apps/*"\n  - libs/**\n  - '!libs/old'\ncatalog:\n  x: 1\n`,
      'libs/data/schema/package.json': '{"name":"@acme/schema","exports":{"./users":"./users.ts"}}',
      'libs/data/schema/users.ts': users,
      'apps/web/schema.ts': `export * from '@acme/schema/users';`,
    });
    expect(tableName(exportsOf(await loadFrom(path.join(root, 'apps/web'), 'schema.ts'))['users'])).toBe(
      'users',
    );
  });

  it('of installed packages, which keep their own dependencies', async () => {
    const models = await load({
      'schema.ts': `import { named } from 'outer'; import def from 'outer'; export const got = [named, def.named];`,
      'node_modules/outer/package.json': '{"name":"outer","main":"index.js"}',
      'node_modules/outer/index.js': `exports.named = require('inner');`,
      'node_modules/outer/node_modules/inner/index.js': `module.exports = 'inner of outer';`,
      'node_modules/inner/index.js': `module.exports = 'wrong';`,
    });
    expect(exportsOf(models)['got']).toEqual(['inner of outer', 'inner of outer']);
  });

  it.each([
    ['that are TypeScript', { 'index.ts': 'export const value: number = 1' }, '"main":"index.ts"'],
    [
      'that import without endings',
      { 'index.js': `export * from './value'`, 'value.js': 'export const value = 1' },
      '"type":"module","main":"index.js"',
    ],
    ['that are ES modules without saying so', { 'index.js': 'export const value = 1' }, '"main":"index.js"'],
    [
      'that import styles',
      { 'index.js': `import './a.css'; export const value = 1`, 'a.css': '' },
      '"type":"module","main":"index.js"',
    ],
    [
      'whose names Node does not see',
      { 'index.js': `const all = {}; all['val' + 'ue'] = 1; module.exports = all;` },
      '"main":"index.js"',
    ],
    [
      'that import what is not installed',
      { 'index.js': `import pg from 'pg-not-there'; export const value = 1; export const use = () => pg.x;` },
      '"type":"module","main":"index.js"',
    ],
  ])('of installed packages %s', async (_what, inside, manifest) => {
    const models = await load({
      'schema.ts': imports('odd'),
      'node_modules/odd/package.json': `{"name":"odd",${manifest}}`,
      ...Object.fromEntries(Object.entries(inside).map(([name, text]) => [`node_modules/odd/${name}`, text])),
    });
    expect(exportsOf(models)['got']).toBe(1);
  });

  it('of what does nothing to a schema: other platforms, guards, ids, validators, drivers', async () => {
    const models = await load({
      'schema.ts': `${users}
        import 'server-only';
        import { headers } from 'next/headers';
        import { Database } from 'bun:sqlite';
        import { DurableObject } from 'cloudflare:workers';
        import { createId } from '@paralleldrive/cuid2';
        import { z } from 'zod/v4';
        import Redis from 'ioredis';
        import { createInsertSchema } from 'drizzle-zod';
        import { whoKnows } from 'unknown-package';
        import { PUBLIC_URL } from '$env/static/public';
        import { env } from '$env/dynamic/private';
        export class Room extends DurableObject {}
        export const redis = new Redis('x');
        export const insertUser = createInsertSchema(users, { id: z.string().min(1) }).omit({ id: true });
        export const posts = sqliteTable('posts', { id: text().$defaultFn(() => createId() + whoKnows() + headers() + Database) });
        export const vars = [PUBLIC_URL, env.PATH];`,
      'node_modules/server-only/index.js': 'throw new Error("only on a server");',
    });
    expect(tableName(exportsOf(models)['posts'])).toBe('posts');
    expect(exportsOf(models)['vars']).toEqual([undefined, process.env['PATH']]);
  });

  it.each([
    [
      'better-sqlite3',
      `import Database from 'better-sqlite3'; import { drizzle } from 'drizzle-orm/better-sqlite3';
       import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
       const client = new Database('ROOT/touched.db'); client.pragma('journal_mode = WAL');
       export const db = drizzle(client, { schema: { users } }); migrate(db, { migrationsFolder: 'none' });`,
    ],
    [
      'better-sqlite3 that drizzle-orm opens',
      `import { drizzle } from 'drizzle-orm/better-sqlite3'; export const db = drizzle('ROOT/touched.db');`,
    ],
    [
      'better-sqlite3 by require',
      `const Database = require('better-sqlite3'); export const client = new Database('ROOT/touched.db');`,
    ],
    [
      'pg',
      `import pg from 'pg'; import { drizzle } from 'drizzle-orm/node-postgres';
       const pool = new pg.Pool({ connectionString: 'postgres://localhost:1/x' });
       export const db = drizzle(pool); await db.execute('select 1');
       for (const row of (await pool.query('select 1')).rows) console.error(row.id);`,
    ],
    [
      'libSQL, which is not installed',
      `import { createClient } from '@libsql/client'; import { drizzle } from 'drizzle-orm/libsql';
       export const db = drizzle(createClient({ url: process.env.DRIFT_NOT_SET }));`,
    ],
    [
      'Bun, which is not there',
      `import { Database } from 'bun:sqlite'; import { drizzle } from 'drizzle-orm/bun-sqlite';
       export const db = drizzle(new Database('ROOT/touched.db'));`,
    ],
  ])('of a database client, which does nothing: %s', async (_what, client) => {
    const root = writeProject({});
    writeFileSync(path.join(root, 'schema.ts'), users + client.replace('ROOT', root));
    linkPackage(root, 'node_modules/better-sqlite3', installedPackage('better-sqlite3'));
    linkPackage(root, 'node_modules/pg', installedPackage('pg'));
    expect(tableName(exportsOf(await loadFrom(root, 'schema.ts'))['users'])).toBe('users');
    expect(readdirSync(root).sort()).toEqual(['node_modules', 'schema.ts']);
  });

  it('of a database client whose answer is part of the schema', async () => {
    const root = writeProject({
      'schema.ts': `import Database from 'better-sqlite3';
        import { sqliteTable, text } from 'drizzle-orm/sqlite-core';
        const { name } = new Database(':memory:').prepare("select 'people' as name").get();
        export const users = sqliteTable(name, { id: text() });`,
    });
    linkPackage(root, 'node_modules/better-sqlite3', installedPackage('better-sqlite3'));
    expect(tableName(exportsOf(await loadFrom(root, 'schema.ts'))['users'])).toBe('people');
  });

  it.each([
    [`export const t = whoKnows('t', {});`],
    ['export const t = `${whoKnows}_t`;'],
    [`export const t = sqliteTable('t', { ...whoKnows });`],
    [`export const t = sqliteTable('t', { ...whoKnows.columns() });`],
    [`import { pgEnum } from 'drizzle-orm/pg-core'; export const e = pgEnum('e', whoKnows.options);`],
    [
      `import { pgEnum } from 'drizzle-orm/pg-core'; export const e = pgEnum('e', Object.values(whoKnows.options));`,
    ],
    [
      `import { pgEnum } from 'drizzle-orm/pg-core'; export const e = pgEnum('e', [...whoKnows.options, 'b']);`,
    ],
    [`export const t = sqliteTable('t', whoKnows.columns);`],
    [`export const t = sqliteTable('t', { id: whoKnows('id') });`],
    [`export const t = sqliteTable('t', { id: text().default(whoKnows.value) });`],
    [`export const t = sqliteTable('t', { id: text() }, (t) => [whoKnows(t)]);`],
    [`export const t = sqliteTable('t', { id: text() }, (t) => [...whoKnows(t)]);`],
    [`export const t = sqliteTable(whoKnows.name, { id: text() });`],
  ])('of a package that is not installed and would be part of the schema: %s', async (use) => {
    const error = await fail({ 'schema.ts': `${users}\n\nimport { whoKnows } from 'unknown/kit';\n${use}` });
    expect(error).toMatchObject({
      code: 'PACKAGE_NOT_INSTALLED',
      details: { package: 'unknown', where: 'schema.ts:5:26' },
    });
  });

  it.each([
    [`const client = new whoKnows.Client();\nexport class Service extends whoKnows.Base { client = client }`],
    [`export const t = sqliteTable('t', { id: text().$defaultFn(whoKnows).$onUpdate(whoKnows) });`],
    [`whoKnows.configure({ ...whoKnows.defaults });`],
  ])('of a package that is not installed and is no part of the schema: %s', async (use) => {
    const models = await load({ 'schema.ts': `${users}\n\nimport { whoKnows } from 'unknown/kit';\n${use}` });
    expect(tableName(exportsOf(models)['users'])).toBe('users');
  });

  it.each(['env.mjs', 'env.mts', 'env.ts'])('of what is not installed, in %s', async (name) => {
    const models = await load({
      [name]: `import { load } from 'unknown/load.mjs';\nload();\nexport const prefix = 'app_';`,
      'schema.ts': `${users}\n\nimport { prefix } from './${name.replace('.mts', '.mjs')}';\nexport { prefix };`,
    });
    expect(exportsOf(models)['prefix']).toBe('app_');
  });

  it('of an env validator that is not installed', async () => {
    const error = await fail({
      'schema.ts': `import { createEnv } from '@t3-oss/env-core';\nexport const env = createEnv({});`,
    });
    expect(error).toMatchObject({ code: 'PACKAGE_NOT_INSTALLED', details: { package: '@t3-oss/env-core' } });
  });

  it('of an id generator whose value a schema would need', async () => {
    const error = await fail({
      'schema.ts': `import { nanoid } from 'nanoid';\nexport const name = 'users_' + nanoid();`,
    });
    expect(error).toMatchObject({ code: 'PACKAGE_NOT_INSTALLED', details: { package: 'nanoid' } });
  });

  it('a require in a try fails as it does in Node', async () => {
    const models = await load({
      'schema.ts': `let got: string; try { got = require('not-there'); } catch { got = 'without'; }\nexport { got };`,
    });
    expect(exportsOf(models)['got']).toBe('without');
  });

  it.each([
    ['./nowhere', `cannot resolve the import './nowhere'.`],
    ['@/nowhere', `cannot resolve the import '@/nowhere'.`],
    [
      '@acme/lib/nowhere',
      `cannot resolve the import '@acme/lib/nowhere' (the package @acme/lib has no such entry, built or not).`,
    ],
  ])('%s that leads nowhere', async (specifier, message) => {
    const error = await fail({
      'schema.ts': `// first line\nimport { x } from '${specifier}';\nexport const y = x;`,
      'node_modules/@acme/lib/package.json': '{"name":"@acme/lib","exports":{".":"./index.js"}}',
    });
    expect(error.code).toBe('IMPORT_NOT_FOUND');
    expect(error.message).toContain(`schema.ts:2:19: ${message}\n  2 | import { x } from '${specifier}';`);
  });
});

describe('what goes wrong in models', () => {
  it('a syntax error', async () => {
    const error = await fail({ 'schema.ts': `const ä = 1;\nexport const x: = 5;\n` });
    expect(error.code).toBe('CODE_SYNTAX');
    expect(error.message).toContain('schema.ts:2:17: Unexpected "="');
    expect(error.message).toContain('  2 | export const x: = 5;\n                      ^');
  });

  it('an error thrown in a file that a model imports', async () => {
    const error = await fail({
      'schema.ts': `import { port } from './env';\nexport const x = port;`,
      'env.ts': `interface Env { PORT?: string }\n\nconst env = {} as Env;\nexport const port = env.PORT!.length;`,
    });
    expect(error.code).toBe('CODE_THREW');
    expect(error.message).toMatch(
      /^The models could not be loaded: TypeError: Cannot read properties of undefined .*\(env\.ts:4:\d+\)/,
    );
    expect(error.message).toContain('4 | export const port = env.PORT!.length;');
    expect(error.next).toContain('.env');
  });

  it('an error thrown by a package is placed where it was called', async () => {
    const error = await fail({
      'schema.ts': `import { createEnv } from 'env-kit';\n\nexport const env = createEnv({ server: {} });`,
      'node_modules/env-kit/package.json': '{"name":"env-kit","type":"module","exports":"./index.js"}',
      'node_modules/env-kit/index.js': `export function createEnv() {\n  throw new Error('Invalid environment variables');\n}`,
    });
    expect(error.message).toContain('Invalid environment variables (schema.ts:3:20)');
  });

  it('an error after file variables were put into the first line', async () => {
    const error = await fail({
      'schema.ts': `export const url = import.meta.url;\nthrow new Error('here');`,
    });
    expect(error.message).toContain('here (schema.ts:2:7)');
  });

  it('something thrown that is no error', async () => {
    expect((await fail({ 'schema.ts': `throw 'plain';` })).message).toContain("it threw 'plain'");
  });
});

it('follows links to packages outside of node_modules once', async () => {
  const root = writeProject({
    'schema.ts': `export * from '@acme/db'; export { users as again } from './link/users';`,
    'real/package.json': '{"name":"@acme/db","main":"users.ts"}',
    'real/users.ts': users,
  });
  linkPackage(root, 'node_modules/@acme/db', 'real');
  symlinkSync(path.join(root, 'real'), path.join(root, 'link'));
  const exported = exportsOf(await loadFrom(root, 'schema.ts'));
  expect(exported['users']).toBe(exported['again']);
});

it('loads a thousand files in one pass', async () => {
  const root = writeProject({});
  mkdirSync(path.join(root, 'db'));
  for (let index = 0; index < 1000; index++) {
    writeFileSync(path.join(root, `db/t${String(index)}.ts`), users.replaceAll('users', `t${String(index)}`));
  }
  const models = await loadFrom(root, 'db');
  expect(models.modules).toHaveLength(1000);
  expect(models.imports.size).toBe(1000);
});
