import { describe, expect, it } from 'vitest';
import { defineConfig } from '../../src/config.ts';
import { DriftError } from '../../src/errors.ts';
import { loadDriftSettings } from '../../src/project/drift-config.ts';
import { writeProject } from './fixture.ts';

const none = { command: undefined, connect: undefined, statement: undefined, lock: undefined };

async function decode(source: string) {
  return await loadDriftSettings(writeProject({ 'drift.config.js': `export default ${source}` }));
}

describe('drift.config', () => {
  it('is optional', async () => {
    expect(await loadDriftSettings(writeProject({}))).toEqual({
      file: undefined,
      ignore: [],
      scratch: { url: undefined, createDatabase: undefined },
      timeouts: none,
      hazards: new Map(),
    });
  });

  it.each([
    [
      'drift.config.ts',
      `import { defineConfig } from 'drizzle-drift/config'; export default defineConfig({ timeouts: { lock: 2.5 } });`,
    ],
    ['drift.config.mjs', `export default { timeouts: { lock: 2.5 } };`],
    ['drift.config.cjs', `module.exports = { timeouts: { lock: 2.5 } };`],
    ['drift.config.json', `{ "$schema": "x", "timeouts": { "lock": 2.5 } }`],
  ])('is read from %s without drift being installed', async (name, text) => {
    expect((await loadDriftSettings(writeProject({ [name]: text }))).timeouts).toEqual({
      ...none,
      lock: 2500,
    });
  });

  it('is decoded whole', async () => {
    const settings = await decode(`{
      ignore: [{ kind: 'index', name: 'tmp_*' }, { kind: ['trigger', 'column.alter'], table: 'a', namespace: 'b', field: 'default' }],
      scratch: { url: 'postgres://s', createDatabase: true },
      timeouts: { command: 120, connect: 0.5, statement: 30, lock: 5 },
      hazards: { 'table-rewrite': 'error', 'data-loss': 'allow' },
    }`);
    expect(settings).toMatchObject({
      ignore: [
        { kinds: ['index'], name: 'tmp_*', table: undefined, namespace: undefined, fields: undefined },
        { kinds: ['trigger', 'column.alter'], table: 'a', namespace: 'b', fields: ['default'] },
      ],
      scratch: { url: 'postgres://s', createDatabase: true },
      timeouts: { command: 120_000, connect: 500, statement: 30_000, lock: 5_000 },
    });
    expect([...settings.hazards]).toEqual([
      ['table-rewrite', 'error'],
      ['data-loss', 'allow'],
    ]);
  });

  it.each([
    [`{ ignores: [] }`, 'ignores', 'Did you mean ignore?'],
    [`{ timeout: { lock: 1 } }`, 'timeout', 'Did you mean timeouts?'],
    [`{ ignore: [{ kind: 'index' }, { names: 'x' }] }`, 'ignore[1].names', 'Did you mean name?'],
    [`{ scratch: { createDatabse: true } }`, 'scratch.createDatabse', 'Did you mean createDatabase?'],
    [`{ hazards: { 'data-los': 'allow' } }`, 'hazards.data-los', 'Did you mean data-loss?'],
    [`{ timeouts: { xyz: 1 } }`, 'timeouts.xyz', 'Valid here: command, connect, statement, lock.'],
  ])('refuses the unknown key in %s', async (source, key, next) => {
    const error = await decode(source).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DriftError);
    expect(error).toMatchObject({
      code: 'CONFIG_UNKNOWN_KEY',
      message: `drift.config.js: ${key} is no key of drift.config.`,
      next,
    });
  });

  it.each([
    [`{ ignore: {} }`, 'ignore must be a list of rules, not an object'],
    [`{ ignore: ['x'] }`, 'ignore[0] must be an object, not a string'],
    [
      `{ ignore: [{}] }`,
      'ignore[0] must be an object with at least one of kind, name, table, namespace, field, not one that names nothing',
    ],
    [`{ ignore: [{ kind: [] }] }`, 'ignore[0] must be an object with at least one of'],
    [
      `{ ignore: [{ kind: 'colum' }] }`,
      "ignore[0].kind must be an object word such as index, or one with a change, not 'colum'",
    ],
    [`{ ignore: [{ kind: ['index', 'column.change'] }] }`, 'ignore[0].kind must be an object word'],
    [
      `{ ignore: [{ kind: 'column', field: 'nullabel' }] }`,
      "ignore[0].field must be a field of column, not 'nullabel'",
    ],
    [
      `{ ignore: [{ kind: 'role', field: 'default' }] }`,
      "ignore[0].field must be a field of role, not 'default'",
    ],
    [`{ ignore: [{ field: 'defualt' }] }`, "ignore[0].field must be a field of an object, not 'defualt'"],
    [`{ ignore: [{ name: 5 }] }`, 'ignore[0].name must be a string, not a number'],
    [
      `{ timeouts: { lock: '5s' } }`,
      'timeouts.lock must be a number of seconds greater than 0, not a string',
    ],
    [`{ timeouts: { lock: 0 } }`, 'timeouts.lock must be a number of seconds greater than 0'],
    [
      `{ hazards: { 'data-loss': 'ignore' } }`,
      "hazards.data-loss must be 'allow', 'warn' or 'error', not 'ignore'",
    ],
    [`{ scratch: { createDatabase: 'yes' } }`, 'scratch.createDatabase must be true or false'],
    [`null`, 'the default export must be a config object'],
  ])('refuses %s', async (source, message) => {
    const error = await decode(source).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
    expect((error as DriftError).message).toContain(`drift.config.js: ${message}`);
  });

  it.each([
    [`{ ignore: [{ kind: 'colum' }] }`, 'Did you mean column?'],
    [`{ ignore: [{ kind: 'column.altr' }] }`, 'Did you mean column.alter?'],
    [`{ ignore: [{ field: 'defualt' }] }`, 'Did you mean default?'],
  ])('names the nearest word in %s', async (source, next) => {
    expect(await decode(source).catch((thrown: unknown) => thrown)).toMatchObject({ next });
  });

  it('has a typed helper that changes nothing', () => {
    const config = { ignore: [{ kind: 'index' }] };
    expect(defineConfig(config)).toBe(config);
  });
});
