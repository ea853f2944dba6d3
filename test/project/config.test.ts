import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { DriftError } from '../../src/errors.ts';
import { loadProjectConfig, requireTarget } from '../../src/project/config.ts';
import { requireReadableUrl, targetOfUrl } from '../../src/project/credentials.ts';
import { linkPackage, writeProject } from './fixture.ts';

const minimal = `{ dialect: 'sqlite', schema: './schema.ts', out: 'here' }`;

async function failure(run: Promise<unknown>): Promise<DriftError> {
  const error = await run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof DriftError)) throw new Error(`expected a DriftError, got ${String(error)}`);
  return error;
}

async function load(files: Readonly<Record<string, string>>, config?: string) {
  const root = writeProject(files);
  return { root, config: await loadProjectConfig({ cwd: root, config }) };
}

async function decode(source: string) {
  const { root, config } = await load({ 'drizzle.config.mjs': `export default ${source}` });
  return { root, config };
}

describe('finding the config', () => {
  it.each([
    ['drizzle.config.ts', `export default ${minimal} satisfies object;`],
    [
      'drizzle.config.ts',
      `import { defineConfig } from 'drizzle-kit'; export default defineConfig(${minimal});`,
    ],
    ['drizzle.config.ts', `const config: object = ${minimal}; export = config;`],
    ['drizzle.config.ts', `module.exports = ${minimal};`],
    ['drizzle.config.ts', `export default Promise.resolve(${minimal});`],
    ['drizzle.config.ts', `await Promise.resolve(); export default ${minimal};`],
    ['drizzle.config.mts', `export default ${minimal};`],
    ['drizzle.config.js', `export default ${minimal};`],
    ['drizzle.config.js', `module.exports = ${minimal};`],
    ['drizzle.config.js', `exports.__esModule = true; exports.default = ${minimal};`],
    ['drizzle.config.mjs', `export const dialect = 'sqlite', schema = './schema.ts', out = 'here';`],
    [
      'drizzle.config.cjs',
      `const { defineConfig } = require('drizzle-kit'); module.exports = defineConfig(${minimal});`,
    ],
    ['drizzle.config.cjs', `module.exports = { default: ${minimal} };`],
    ['drizzle.config.json', `{ "dialect": "sqlite", "schema": "./schema.ts", "out": "here" }`],
  ])('reads %s: %s', async (name, text) => {
    const root = writeProject({ [name]: text });
    linkPackage(
      root,
      'node_modules/drizzle-kit',
      path.resolve(import.meta.dirname, '../../node_modules/drizzle-kit'),
    );
    const config = await loadProjectConfig({ cwd: root });
    expect(config).toMatchObject({
      root,
      configFile: path.join(root, name),
      dialect: 'sqlite',
      schema: ['./schema.ts'],
      out: path.join(root, 'here'),
    });
  });

  it('needs no drizzle-kit', async () => {
    const text = `import { defineConfig } from 'drizzle-kit'; export default defineConfig(${minimal});`;
    const { config } = await load({ 'drizzle.config.ts': text });
    expect(config.schema).toEqual(['./schema.ts']);
  });

  it.each(['module', 'commonjs'])('reads both kinds of modules in a package of type %s', async (type) => {
    const { config } = await load({
      'package.json': JSON.stringify({ type }),
      'drizzle.config.ts': `import { schema } from './paths.js';\nexport default { dialect: 'sqlite', schema };`,
      'paths.ts': `export const schema = './models.ts';`,
    });
    expect(config.schema).toEqual(['./models.ts']);
  });

  it('prefers ts to js to json', async () => {
    const { root } = await load({
      'drizzle.config.json': '{"dialect":"sqlite"}',
      'drizzle.config.js': `export default { dialect: 'sqlite' }`,
      'drizzle.config.ts': `export default { dialect: 'sqlite' }`,
    });
    expect((await loadProjectConfig({ cwd: root })).configFile).toBe(path.join(root, 'drizzle.config.ts'));
  });

  it('takes --config relative to the working directory, and paths in it too', async () => {
    const { root, config } = await load(
      { 'configs/sqlite.config.ts': `export default ${minimal}` },
      'configs/sqlite.config.ts',
    );
    expect(config).toMatchObject({ root, out: path.join(root, 'here') });
  });

  it('does not look in a parent', async () => {
    const root = writeProject({ 'drizzle.config.ts': `export default ${minimal}` });
    mkdirSync(path.join(root, 'inner'));
    const error = await failure(loadProjectConfig({ cwd: path.join(root, 'inner') }));
    expect(error.code).toBe('CONFIG_NOT_FOUND');
    expect(error.message).toContain('drizzle.config.json');
  });

  it('names the nearest file for a wrong --config', async () => {
    const root = writeProject({ 'configs/sqlite.config.ts': `export default ${minimal}` });
    const error = await failure(loadProjectConfig({ cwd: root, config: 'configs/sqlte.config.ts' }));
    expect(error).toMatchObject({
      code: 'CONFIG_FILE_MISSING',
      next: 'Did you mean --config configs/sqlite.config.ts?',
    });
  });
});

describe('what a config may use', () => {
  it('__dirname, __filename, import.meta and require', async () => {
    const { root, config } = await load(
      {
        'config/drizzle.config.ts': `
        import path from 'path';
        const { name } = require('../package.json');
        const other = require('node:path').join('a', 'b');
        export default {
          dialect: 'sqlite',
          schema: [path.join(__dirname, 'a.ts'), __filename, import.meta.url, import.meta.dirname, name, other],
        };`,
        'package.json': '{"name":"shop"}',
      },
      'config/drizzle.config.ts',
    );
    const file = path.join(root, 'config/drizzle.config.ts');
    expect(config.schema).toEqual([
      path.join(root, 'config/a.ts'),
      file,
      `file://${file}`,
      path.join(root, 'config'),
      'shop',
      'a/b',
    ]);
  });

  it('its own __dirname', async () => {
    const { root, config } = await load({
      'drizzle.config.ts': `
        import { fileURLToPath } from 'node:url';
        import { dirname } from 'node:path';
        const __filename = fileURLToPath(import.meta.url);
        const __dirname = dirname(__filename);
        export default { dialect: 'sqlite', schema: __dirname };`,
    });
    expect(config.schema).toEqual([root]);
  });

  it('.env of the working directory, after what is set already', async () => {
    const root = writeProject({
      '.env': 'DRIFT_TEST_A=from-file\nDRIFT_TEST_B="postgres://app:pw@db/x" # comment\n',
      'drizzle.config.ts': `export default { dialect: 'sqlite' };`,
    });
    const env: Record<string, string | undefined> = { DRIFT_TEST_A: 'set' };
    await loadProjectConfig({ cwd: root, env });
    expect(env).toEqual({ DRIFT_TEST_A: 'set', DRIFT_TEST_B: 'postgres://app:pw@db/x' });
  });

  it('path aliases of a tsconfig whose base does not exist', async () => {
    const { config } = await load({
      'tsconfig.json': `{
        // generated later
        "extends": "./.generated/tsconfig.json",
        "compilerOptions": { "paths": { "@db/*": ["./src/db/*"] } },
      }`,
      'src/db/where.ts': `export default './src/db/schema.ts';`,
      'drizzle.config.ts': `import schema from '@db/where'; export default { dialect: 'sqlite', schema };`,
    });
    expect(config.schema).toEqual(['./src/db/schema.ts']);
  });

  it('names the line and the message when it throws', async () => {
    const root = writeProject({
      'env.ts': `type Env = string;\n\nexport function need(name: string): Env {\n  throw new Error('missing ' + name);\n}\n`,
      'drizzle.config.ts': `import { need } from './env';\nexport default { dialect: 'sqlite', url: need('DATABASE_URL') };`,
    });
    const error = await failure(loadProjectConfig({ cwd: root }));
    expect(error.code).toBe('CODE_THREW');
    expect(error.message).toContain(
      'drizzle.config.ts could not be loaded: missing DATABASE_URL (env.ts:4:9)',
    );
    expect(error.message).toContain(`4 |   throw new Error('missing ' + name);`);
  });

  it('lists the issues of a validator', async () => {
    const root = writeProject({
      'drizzle.config.ts': `
        class Invalid extends Error { name = 'ZodError'; issues = [{ path: ['DATABASE_URL'], message: 'Required' }, { path: [], message: 'Odd' }]; }
        throw new Invalid('[…]');`,
    });
    const error = await failure(loadProjectConfig({ cwd: root }));
    expect(error.message).toContain('ZodError: DATABASE_URL: Required; Odd (drizzle.config.ts:3:15)');
  });

  it('does not let the config end the process or write to stdout', async () => {
    const root = writeProject({ 'drizzle.config.ts': `console.log('hello');\nprocess.exit(1);` });
    const written: string[] = [];
    const { write } = process.stdout;
    process.stdout.write = (text) => written.push(String(text)) > 0;
    const error = await failure(loadProjectConfig({ cwd: root })).finally(
      () => (process.stdout.write = write),
    );
    expect(error.message).toContain('the code called process.exit(1) (drizzle.config.ts:2:');
    expect(written.filter((text) => text.includes('hello'))).toEqual([]);
  });

  it('shows no password of the code', async () => {
    const root = writeProject({
      'drizzle.config.ts': `const url = 'postgres://app:s3cret@db/x'; throw new Error('cannot use ' + url);`,
    });
    const error = await failure(loadProjectConfig({ cwd: root }));
    expect(error.message).toContain('postgres://app:***@db/x');
    expect(error.message).not.toContain('s3cret');
  });
});

describe('what a config says', () => {
  it('has the defaults of drizzle-kit', async () => {
    const { root, config } = await decode(`{ dialect: 'postgresql' }`);
    expect(config).toEqual({
      root,
      configFile: path.join(root, 'drizzle.config.mjs'),
      dialect: 'postgres',
      kitDialect: 'postgresql',
      credentials: { missing: ['dbCredentials.url'] },
      schema: [],
      out: path.join(root, 'drizzle'),
      casing: undefined,
      tablesFilter: undefined,
      schemaFilter: undefined,
      extensionsFilters: undefined,
      roles: false,
      migrations: { table: '__drizzle_migrations', schema: 'drizzle', prefix: 'index' },
      breakpoints: true,
    });
  });

  it('is taken over whole', async () => {
    const { config } = await decode(`{
      dialect: 'postgresql', schema: ['a.ts', 'b/*.ts'], casing: 'snake_case', tablesFilter: 'shop_*',
      schemaFilter: ['public', 'auth'], extensionsFilters: ['postgis'], breakpoints: false, verbose: true, strict: true,
      introspect: { casing: 'camel' }, somethingNew: 1, migrations: { table: 'm', schema: 's', prefix: 'timestamp' },
      entities: { roles: { provider: 'supabase', exclude: ['x'] } },
    }`);
    expect(config).toMatchObject({
      schema: ['a.ts', 'b/*.ts'],
      casing: 'snake_case',
      tablesFilter: ['shop_*'],
      schemaFilter: ['public', 'auth'],
      extensionsFilters: ['postgis'],
      breakpoints: false,
      migrations: { table: 'm', schema: 's', prefix: 'timestamp' },
      roles: { provider: 'supabase', exclude: ['x'] },
    });
  });

  it.each([
    [`{ dialect: 'mysql' }`, 'DIALECT_UNSUPPORTED', /postgresql and sqlite/],
    [
      `{ dialect: 'postgres' }`,
      'CONFIG_INVALID',
      /dialect must be 'postgresql', 'sqlite' or 'turso', not 'postgres'/,
    ],
    [`{}`, 'CONFIG_INVALID', /dialect is missing; it must be /],
    [`[]`, 'CONFIG_INVALID', /the default export must be a config object, not a list/],
    [`() => ({})`, 'CONFIG_INVALID', /not a function/],
    [
      `{ dialect: 'sqlite', schema: 5 }`,
      'CONFIG_INVALID',
      /schema must be a string or a list of strings, not a number/,
    ],
    [
      `{ dialect: 'sqlite', schema: ['a', null] }`,
      'CONFIG_INVALID',
      /schema\[1\] must be a string, not null/,
    ],
    [`{ dialect: 'sqlite', breakpoints: 'no' }`, 'CONFIG_INVALID', /breakpoints must be true or false/],
    [
      `{ dialect: 'sqlite', casing: 'snakeCase' }`,
      'CONFIG_INVALID',
      /casing must be 'snake_case' or 'camelCase'/,
    ],
    [`{ dialect: 'sqlite', migrations: { prefix: 'x' } }`, 'CONFIG_INVALID', /migrations.prefix must be/],
    [`{ dialect: 'sqlite', dbCredentials: 'x.db' }`, 'CONFIG_INVALID', /dbCredentials must be an object/],
    [
      `{ dialect: 'sqlite', dbCredentials: { url: 5 } }`,
      'CONFIG_INVALID',
      /dbCredentials.url must be a string/,
    ],
    [`{ dialect: 'sqlite', driver: 'pglite' }`, 'CONFIG_INVALID', /driver must be/],
    [
      `{ dialect: 'postgresql', dbCredentials: { host: 'h', database: 'd', port: 'x' } }`,
      'CONFIG_INVALID',
      /port/,
    ],
    [`{ dialect: 'postgresql', entities: { roles: 'all' } }`, 'CONFIG_INVALID', /entities.roles must be/],
  ])('is refused: %s', async (source, code, message) => {
    const error = await failure(decode(source));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.message).toContain('drizzle.config.mjs');
  });

  it('takes an empty schema or out for a missing one, as drizzle-kit does', async () => {
    const { root, config } = await decode(`{ dialect: 'sqlite', schema: '', out: '' }`);
    expect(config).toMatchObject({ schema: [], out: path.join(root, 'drizzle') });
  });

  it('names the dialect that was meant', async () => {
    const error = await failure(decode(`{ dialect: 'postgres' }`));
    expect(error.next).toBe(`Did you mean 'postgresql'?`);
  });
});

it('names the package that a value would have come from', async () => {
  const error = await failure(
    load({
      'drizzle.config.ts': `import { url } from 'settings-kit';\nexport default { dialect: 'sqlite', dbCredentials: { url } };`,
    }),
  );
  expect(error).toMatchObject({
    code: 'PACKAGE_NOT_INSTALLED',
    message: `drizzle.config.ts could not be loaded: the package 'settings-kit', imported at drizzle.config.ts:1:21, is not installed.`,
  });
});

describe('where the database is', () => {
  const at = (root: string, file: string) => path.join(root, file);

  it.each([
    [
      `dialect: 'postgresql', dbCredentials: { url: 'postgres://a:b@c/d' }`,
      { driver: 'pg', url: 'postgres://a:b@c/d' },
    ],
    [
      `dialect: 'postgresql', dbCredentials: { host: 'h', port: '5433', user: 'u', password: 'p', database: 'd', ssl: 'require' }`,
      {
        driver: 'pg',
        options: {
          host: 'h',
          port: 5433,
          user: 'u',
          password: 'p',
          database: 'd',
          ssl: { rejectUnauthorized: false },
        },
      },
    ],
    [
      `dialect: 'postgresql', dbCredentials: { host: 'h', database: 'd', ssl: 'verify-full' }`,
      { driver: 'pg', options: { host: 'h', database: 'd', ssl: {} } },
    ],
    [
      `dialect: 'postgresql', dbCredentials: { host: 'h', database: 'd', ssl: false }`,
      { driver: 'pg', options: { host: 'h', database: 'd', ssl: false } },
    ],
    [
      `dialect: 'postgresql', driver: 'pglite', dbCredentials: { url: 'memory://x' }`,
      { driver: 'pglite', folder: null },
    ],
    [
      `dialect: 'postgresql', driver: 'aws-data-api', dbCredentials: { database: 'd', secretArn: 's', resourceArn: 'r' }`,
      { driver: 'aws-data-api', database: 'd', secretArn: 's', resourceArn: 'r' },
    ],
    [
      `dialect: 'turso', dbCredentials: { url: 'libsql://x.turso.io', authToken: 't' }`,
      { driver: 'libsql', url: 'libsql://x.turso.io', authToken: 't' },
    ],
    [
      `dialect: 'sqlite', dbCredentials: { url: 'https://x.turso.io' }`,
      { driver: 'libsql', url: 'https://x.turso.io' },
    ],
    [
      `dialect: 'sqlite', driver: 'd1-http', dbCredentials: { accountId: 'a', databaseId: 'b', token: 't' }`,
      { driver: 'd1-http', accountId: 'a', databaseId: 'b', token: 't' },
    ],
    [`dialect: 'sqlite', driver: 'expo'`, { driver: 'expo' }],
    [`dialect: 'sqlite', driver: 'durable-sqlite'`, { driver: 'durable-sqlite' }],
    [`dialect: 'sqlite', dbCredentials: { url: ':memory:' }`, { driver: 'better-sqlite3', file: ':memory:' }],
    [
      `dialect: 'sqlite', dbCredentials: { url: 'file:///data/x.db' }`,
      { driver: 'better-sqlite3', file: '/data/x.db' },
    ],
  ])('%s', async (source, target) => {
    expect(requireTarget((await decode(`{ ${source} }`)).config)).toEqual(target);
  });

  it.each(['app.db', './app.db', 'file:app.db', 'file:./app.db', 'file:app.db?mode=ro'])(
    'of a SQLite file %s is relative to the working directory',
    async (url) => {
      for (const dialect of ['sqlite', 'turso']) {
        const { root, config } = await decode(`{ dialect: '${dialect}', dbCredentials: { url: '${url}' } }`);
        expect(requireTarget(config)).toEqual({ driver: 'better-sqlite3', file: at(root, 'app.db') });
      }
    },
  );

  it.each([
    ['file:my%20app.db', 'my app.db', 'my app.db'],
    ['file:a%23b.db?mode=ro', 'a#b.db', 'a#b.db'],
    ['file:%C3%BC.db', 'ü.db', 'ü.db'],
    ['file:100%.db', '100%.db', '100%.db'],
    ['file://localhost${root}/app.db', 'app.db', 'app.db'],
    ['file://${root}/100%.db', '100%.db', '100%.db'],
    ['file://${root}/my%20app.db', 'my app.db', 'my app.db'],
    // What drizzle-kit makes with better-sqlite3, which knows no URLs.
    ['file:my%20app.db', 'my%20app.db', 'my%20app.db'],
    ['file:a#b.db', 'a#b.db', 'a#b.db'],
    ['file:new%20app.db', 'other.db', 'new app.db'],
  ])('of a SQLite file %s where there is a file %s is %s', (url, there, meant) => {
    const root = writeProject({ [there]: '' });
    const target = targetOfUrl('sqlite', url.replace('${root}', root), root);
    expect(target).toEqual({ driver: 'better-sqlite3', file: path.join(root, meant) });
  });

  it.each(['file::memory:', 'file:x?mode=memory&cache=shared', ':memory:'])('in memory: %s', (url) => {
    expect(targetOfUrl('turso', url, '/p')).toEqual({ driver: 'better-sqlite3', file: ':memory:' });
  });

  it.each(['url', 'folder'])('of PGlite is the folder in %s', async (key) => {
    const { root, config } = await decode(
      `{ dialect: 'postgresql', driver: 'pglite', dbCredentials: { ${key}: './pgdata' } }`,
    );
    expect(requireTarget(config)).toEqual({ driver: 'pglite', folder: at(root, 'pgdata') });
  });

  it.each([
    [`{ dialect: 'sqlite' }`, 'dbCredentials.url'],
    [`{ dialect: 'postgresql', dbCredentials: { url: process.env.DRIFT_NOT_SET } }`, 'dbCredentials.url'],
    [`{ dialect: 'postgresql', dbCredentials: { url: '' } }`, 'dbCredentials.url'],
    [
      `{ dialect: 'postgresql', dbCredentials: { host: undefined, database: '' } }`,
      'dbCredentials.host and dbCredentials.database',
    ],
    [
      `{ dialect: 'sqlite', driver: 'd1-http', dbCredentials: { accountId: 'a' } }`,
      'dbCredentials.databaseId and dbCredentials.token',
    ],
  ])('may be unsaid until it is needed: %s', async (source, missing) => {
    const { config } = await decode(source);
    expect(() => requireTarget(config)).toThrow(
      `drizzle.config.mjs does not say where the database is: ${missing} `,
    );
  });

  it('is taken from --url as well', () => {
    expect(targetOfUrl('postgresql', 'postgresql://h/d', '/p')).toEqual({
      driver: 'pg',
      url: 'postgresql://h/d',
    });
    expect(targetOfUrl('postgresql', 'pgdata', '/p')).toEqual({ driver: 'pglite', folder: '/p/pgdata' });
    expect(targetOfUrl('sqlite', 'x.db', '/p')).toEqual({ driver: 'better-sqlite3', file: '/p/x.db' });
    expect(targetOfUrl('turso', 'libsql://x', '/p')).toEqual({ driver: 'libsql', url: 'libsql://x' });
  });
});

describe('a URL that cannot be meant', () => {
  it.each([
    ['sqlite', 'postgres://app:s3cret@localhost/shop'],
    ['sqlite', 'mysql://app:s3cret@localhost/shop'],
    ['postgresql', 'mysql://app:s3cret@localhost/shop'],
  ] as const)('is no file name in a %s project: %s', (dialect, url) => {
    const thrown = catchError(() => targetOfUrl(dialect, url, '/project'));
    expect(thrown).toMatchObject({ code: 'DATABASE_URL_FOREIGN' });
    expect(String(thrown)).not.toContain('s3cret');
  });

  it('is refused without showing a password with an unencoded slash', () => {
    const thrown = catchError(() => {
      requireReadableUrl('postgres://app:p@ss/s3cret@localhost:5432/shop');
    });
    expect(thrown).toMatchObject({ code: 'DATABASE_URL_INVALID' });
    expect(String(thrown)).not.toMatch(/s3cret|p@ss/);
    requireReadableUrl('postgres://app:p%40ss%2F@localhost:5432/shop?options=a@b');
  });
});

function catchError(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
