/** What every command prints for machines is as the schemas say that are in the package. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { formatNames } from '../../src/report/format.ts';
import { journalFolder, type ShortMigration } from '../migrations/folders.ts';
import { makeProject, type SampleProject } from '../migrations/project.ts';
import { runLine, type Kept } from './environment.ts';

const root = path.resolve(import.meta.dirname, '../..');
const folder = path.join(root, 'src/report');
const names = readdirSync(folder).filter((name) => name.endsWith('.schema.json'));

type Schema = Record<string, unknown> & { readonly $defs: Record<string, Record<string, unknown>> };

function read(name: string): Schema {
  return JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as Schema;
}

/** The published schema lets keys be added; here every key that is printed must be described. */
function close(schema: Schema): Schema {
  const isObject = (value: unknown): value is object =>
    typeof value === 'object' && value !== null && 'properties' in value && 'type' in value;
  return JSON.parse(
    JSON.stringify(schema, (_key, value: unknown) =>
      isObject(value) ? { additionalProperties: false, ...value } : value,
    ),
  ) as Schema;
}

const models =
  "export const users = sqliteTable('users', { id: integer().primaryKey(), name: text(), email: text() });";
const migrations: readonly ShortMigration[] = [
  ['0000_init', 'CREATE TABLE `users` (`id` integer PRIMARY KEY NOT NULL);'],
  ['0001_name', 'ALTER TABLE `users` ADD `name` text;'],
];

const make = (): SampleProject => makeProject(models, journalFolder(migrations));

function drift(project: SampleProject, line: string): Promise<Kept> {
  return runLine(line, { cwd: project.cwd, variables: project.env });
}

interface Document {
  readonly status: string;
  readonly error?: { readonly code: string } | null;
}

/** Runs `line --format json` and holds what it prints against the schema of its command. */
async function document(project: SampleProject, line: string): Promise<Document & { readonly code: number }> {
  const command = line.split(' ')[0] ?? '';
  const schema = read(`${command === 'check' ? 'report' : command}.schema.json`);
  const { code, stdout } = await drift(project, `${line} --format json`);
  const printed = JSON.parse(stdout) as Document;
  for (const rules of [schema, close(schema)]) {
    const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(rules);
    validate(printed);
    expect(validate.errors).toBeNull();
  }
  return { ...printed, code };
}

describe('the documents for machines', () => {
  it('are described by schemas that the package publishes', () => {
    const { exports } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      exports: Record<string, unknown>;
    };
    expect(names).toHaveLength(9);
    for (const name of names) expect(exports[`./${name}`]).toBe(`./dist/${name}`);
  });

  it('name the same kinds of objects as the report of a check', () => {
    const known = read('report.schema.json').$defs;
    const kindOf = ({ properties }: Record<string, unknown> = {}) => (properties as { kind: unknown }).kind;
    expect(read('diff.schema.json').$defs['object']).toEqual(known['object']);
    for (const name of ['diff', 'generate']) {
      expect(kindOf(read(`${name}.schema.json`).$defs['change'])).toEqual(kindOf(known['drift']));
    }
  });

  it('of status, stamp, wait and check', async () => {
    const project = make();
    project.run(
      'CREATE TABLE `users` (`id` integer PRIMARY KEY NOT NULL); ALTER TABLE `users` ADD `name` text;',
    );
    expect(await document(project, 'status')).toMatchObject({ code: 1, status: 'not-up-to-date' });
    expect(await document(project, 'stamp 0001_name --dry-run')).toMatchObject({ status: 'dry-run' });
    expect(await document(project, 'stamp 0001_name')).toMatchObject({ code: 0, status: 'stamped' });
    expect(await document(project, 'stamp 0001_name')).toMatchObject({ status: 'nothing-to-do' });
    expect(await document(project, 'status')).toMatchObject({ code: 0, status: 'up-to-date' });
    expect(await document(project, 'wait --for migrations')).toMatchObject({ code: 0 });
    expect(await document(project, 'check --verbose')).toMatchObject({ code: 1 });
  });

  it('of diff', async () => {
    const project = make();
    for (const [line, status] of [
      ['diff migrations models', 'different'],
      ['diff database models --verbose', 'different'],
      ['diff models models', 'equal'],
    ] as const) {
      expect(await document(project, line)).toMatchObject({ status });
    }
  });

  it('of generate and migrate', async () => {
    const indexed = `import { index } from 'drizzle-orm/sqlite-core';
export const users = sqliteTable('users', { id: integer().primaryKey(), name: text() }, (t) => [index('i').on(t.name)]);`;
    const project = makeProject(indexed, journalFolder(migrations));
    const backup = path.join(project.cwd, 'before.db');
    expect(await document(project, 'migrate --dry-run')).toMatchObject({ code: 0, status: 'dry-run' });
    expect(await document(project, 'migrate --to 0001_name')).toMatchObject({ status: 'not-up-to-date' });
    expect(await document(project, 'generate --dry-run --down')).toMatchObject({ status: 'dry-run' });
    expect(await document(project, 'generate --name more --down')).toMatchObject({ status: 'written' });
    expect(await document(project, 'generate')).toMatchObject({ status: 'nothing-to-do' });
    expect(await document(project, `migrate --backup ${backup}`)).toMatchObject({
      code: 0,
      status: 'up-to-date',
    });
    expect(await document(project, 'migrate --down 0002_more')).toMatchObject({ status: 'not-up-to-date' });
    expect(await document(project, `migrate --restore ${backup}`)).toMatchObject({
      status: 'restored',
    });
  });

  it('of explain, of one page and of all', async () => {
    const schema = read('explain.schema.json');
    for (const line of ['explain', 'explain data-loss', 'explain PREFLIGHT_FAILED', 'explain column.alter']) {
      const { code, stdout } = await drift(make(), `${line} --format json`);
      expect(code).toBe(0);
      for (const rules of [schema, close(schema)]) {
        const validate = new Ajv2020({ allErrors: true }).compile(rules);
        validate(JSON.parse(stdout));
        expect(validate.errors).toBeNull();
      }
    }
    const kinds = (schema.$defs['page']?.['properties'] as { kind: { enum: readonly string[] } }).kind.enum;
    const pages = JSON.parse((await drift(make(), 'explain --format json')).stdout) as { kind: string }[];
    expect([...new Set(pages.map(({ kind }) => kind))].sort()).toEqual([...kinds].sort());
    expect(await drift(make(), 'explain no-such-code --format json')).toMatchObject({ code: 2, stdout: '' });
  });

  it('of lint', async () => {
    const project = makeProject(
      models,
      journalFolder([
        ...migrations,
        ['0002_gone', 'ALTER TABLE `users` DROP COLUMN `name`;'],
        ['0003_gone', '-- drift:allow data-loss it was empty\nDROP TABLE `users`;'],
      ]),
    );
    expect(await document(project, 'lint')).toMatchObject({ code: 1, status: 'hazards' });
    expect(await document(make(), 'lint')).toMatchObject({ code: 0, status: 'clean' });
  });

  it.each([
    ['check', 'undetermined'],
    ['status', 'undetermined'],
    ['diff models database', 'undetermined'],
    ['lint', 'undetermined'],
    ['generate', 'failed'],
    ['migrate', 'failed'],
    ['migrate --down 0001_name', 'failed'],
    ['stamp 0001_name', 'failed'],
    ['wait --timeout 1', 'undetermined'],
  ])('of %s where it fails say so in their own words', async (line, status) => {
    const project = make();
    writeFileSync(path.join(project.cwd, 'drizzle.config.json'), '{');
    const failed = await document(project, line);
    expect(failed).toMatchObject({
      code: 2,
      status,
      error: { code: 'CODE_SYNTAX' },
    });
    const wrong = await document(project, `${line} --bogus`);
    expect(wrong).toMatchObject({ code: 2, status, error: { code: 'CLI_UNKNOWN_OPTION' } });
  });

  it('of migrate name what was committed before it failed, once', async () => {
    const project = makeProject(
      models,
      journalFolder([...migrations, ['0002_broken', 'NO SUCH STATEMENT;']]),
    );
    const failed = await document(project, 'migrate --no-preflight');
    expect(failed).toMatchObject({ code: 2, applied: [{ tag: '0000_init' }, { tag: '0001_name' }] });
  });

  it('call the command that failed by its name in other formats too', async () => {
    const project = make();
    writeFileSync(path.join(project.cwd, 'drizzle.config.json'), '{');
    for (const format of formatNames.filter((name) => name === 'junit' || name === 'markdown')) {
      const { stdout } = await drift(project, `lint --format ${format}`);
      expect(stdout).toContain('drift lint');
      expect(stdout).not.toContain('drift check');
    }
    const { stdout } = await drift(project, 'lint --format json=lint.json --format markdown');
    expect(stdout).toContain('drift lint');
    expect(JSON.parse(readFileSync(path.join(project.cwd, 'lint.json'), 'utf8'))).toMatchObject({
      hazards: [],
      error: {},
    });
  });
});
