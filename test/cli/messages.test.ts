/** What a new user is told who gets something wrong: one precise sentence, one next step, no stack. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { drift, makeDatabase, makeFolder } from '../diff/sides.ts';

const config = `export default { dialect: 'sqlite', schema: './schema.ts', dbCredentials: { url: 'app.db' } };`;
const models = `import { integer, sqliteTable } from 'drizzle-orm/sqlite-core';
export const users = sqliteTable('users', { id: integer().primaryKey() });
`;

/** The error of a check, as `CODE: sentence` and next step. */
async function check(
  files: Readonly<Record<string, string>>,
): Promise<readonly [error: string, next: string]> {
  const folder = makeFolder({ 'drizzle.config.ts': config, 'schema.ts': models, ...files });
  makeDatabase(folder, 'app.db', '');
  const { code, stderr } = await drift(folder, 'check');
  expect(code).toBe(2);
  expect(stderr).not.toContain('    at ');
  const [, error = '', next = ''] = /^error (.*)\nnext: (.*)\n$/s.exec(stderr) ?? [];
  return [error, next];
}

describe('the config', () => {
  it.each([
    [
      'export default {};',
      "CONFIG_INVALID: drizzle.config.ts: dialect is missing; it must be 'postgresql', 'sqlite' or 'turso'.",
    ],
    [
      'export default [];',
      'CONFIG_INVALID: drizzle.config.ts: the default export must be a config object, not a list.',
    ],
    [
      "export default Promise.reject(new Error('no answer from the vault'));",
      'CODE_THREW: drizzle.config.ts could not be loaded: no answer from the vault',
    ],
    [
      'export default {\n\n',
      'CODE_SYNTAX: drizzle.config.ts:3:1: Expected identifier but found end of file\n  1 | export default {\n                      ^',
    ],
    [
      config.replace("'app.db'", 'process.env.NOT_SET_ANYWHERE!'),
      'DATABASE_NOT_CONFIGURED: drizzle.config.ts does not say where the database is: dbCredentials.url is missing or empty.',
    ],
    [
      config.replace("'app.db'", "'mysql://app:hunter2@db/shop'"),
      "DATABASE_URL_FOREIGN: The URL begins with mysql://, and drizzle.config says dialect 'sqlite'.",
    ],
  ])('%j', async (text, error) => {
    expect((await check({ 'drizzle.config.ts': text }))[0]).toBe(error);
  });

  it('that lies in a folder above is named', async () => {
    const folder = makeFolder({ 'drizzle.config.ts': config });
    mkdirSync(path.join(folder, 'src/db'), { recursive: true });
    const { stderr } = await drift(path.join(folder, 'src/db'), 'status');
    expect(stderr).toContain('next: There is one in ../..: add --cwd ../..');
  });

  it('that is nowhere is asked for without the name of another command', async () => {
    const { stderr } = await drift(makeFolder(), 'status');
    expect(stderr).toContain('or name it with --config path/to/drizzle.config.ts.');
  });
});

describe('the models', () => {
  it.each([
    ['throw { a: 1 };', '{ a: 1 }'],
    ['throw null;', 'null'],
    [
      "throw { message: 'postgres://app:hunter2@db is away' };",
      "an object saying 'postgres://app:***@db is away'",
    ],
  ])('%s', async (text, thrown) => {
    expect((await check({ 'schema.ts': text }))[0]).toBe(
      `CODE_THREW: The models could not be loaded: it threw ${thrown}, which is no Error and names no place`,
    );
  });

  it('of one name are named with their lines', async () => {
    const again = `export const people = sqliteTable('users', { id: integer() });\n`;
    expect((await check({ 'schema.ts': `${models}${again}` }))[0]).toBe(
      "MODELS_DUPLICATE: Two different models are the table 'users': schema.ts:3 (people) and schema.ts:2 (users).",
    );
  });
});

describe('--cwd', () => {
  it.each([
    ['pakages/api', 'Did you mean --cwd packages/api?'],
    ['packages/apo', 'Did you mean --cwd packages/api?'],
    ['nope', 'Check the path given with --cwd.'],
    ['packages/web', 'Check the path given with --cwd.'],
    ['/nope', 'Check the path given with --cwd.'],
  ])('%s', async (directory, next) => {
    const folder = makeFolder({ 'packages/api/x': '', 'home/x': '' });
    const { stderr } = await drift(folder, ['check', '--cwd', directory]);
    expect(stderr).toContain(`next: ${next}\n`);
  });
});
