/** `drift check --update-baseline` and what later checks make of it. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import Database from 'better-sqlite3';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { journalFolder, writeFiles } from '../migrations/folders.ts';
import { drift, makeDatabase, makeFolder } from '../diff/sides.ts';
import reportSchema from '../../src/report/report.schema.json' with { type: 'json' };

const isReport = new Ajv2020({ allowUnionTypes: true }).compile(reportSchema);

const models = `import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
export const users = sqliteTable('users', {
  id: integer().primaryKey(),
  name: text().notNull(),
  age: integer().default(1),
});
`;

/** Three differences: a column that allows NULL, an index and a table nobody expects. */
const made =
  'create table users (id integer primary key not null, name text, age integer default 1); create index hot on users (age); create table extra (a);';

function makeProject(drizzle: object = {}): string {
  const folder = makeFolder({
    'drizzle.config.json': JSON.stringify({
      dialect: 'sqlite',
      schema: './schema.ts',
      dbCredentials: { url: './app.db' },
      ...drizzle,
    }),
    'schema.ts': models,
  });
  makeDatabase(folder, 'app.db', made);
  return folder;
}

function execute(folder: string, sql: string): void {
  const database = new Database(path.join(folder, 'app.db'));
  database.exec(sql);
  database.close();
}

interface Document {
  readonly status: string;
  readonly drifts: readonly {
    readonly kind: string;
    readonly fields: readonly { readonly field: string }[];
  }[];
  readonly baseline?: {
    readonly file: string;
    readonly accepted: number;
    readonly obsolete: readonly { readonly kind: string; readonly fields: readonly unknown[] }[];
  };
  readonly error?: { readonly code: string };
}

async function check(
  folder: string,
  flags = '',
): Promise<{ readonly code: number; readonly document: Document }> {
  const { code, stdout } = await drift(folder, `check --format json ${flags}`);
  const document = JSON.parse(stdout) as Document;
  expect(isReport(document), JSON.stringify(isReport.errors)).toBe(true);
  return { code, document };
}

function kinds({ document }: { readonly document: Document }): readonly string[] {
  return document.drifts.map(({ kind, fields }) => [kind, ...fields.map(({ field }) => field)].join(' '));
}

describe('a baseline', () => {
  it('accepts the drift of today: later checks pass, and say how much they accept', async () => {
    const folder = makeProject();
    expect((await check(folder)).code).toBe(1);
    expect((await check(folder)).document.baseline).toBeUndefined();
    const written = await drift(folder, 'check --update-baseline');
    expect(written.code).toBe(0);
    const later = await check(folder);
    expect(later.code).toBe(0);
    expect(later.document).toMatchObject({
      status: 'up-to-date',
      drifts: [],
      baseline: { file: 'drift.baseline.json', accepted: 3, obsolete: [] },
    });
    const { stdout } = await drift(folder, 'check');
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'is as the models say, but for 3 accepted differences (sqlite)',
    );
    const named = (await drift(folder, 'check --verbose')).stdout;
    expect(named).toContain('Accepted by drift.baseline.json:\n  table.drop table extra\n');
  });

  it('is a file for review: sorted, without clocks, the same byte by byte when nothing changed', async () => {
    const folder = makeProject();
    const file = path.join(folder, 'drift.baseline.json');
    await drift(folder, 'check --update-baseline');
    const text = readFileSync(file, 'utf8');
    await drift(folder, 'check --update-baseline');
    expect(readFileSync(file, 'utf8')).toBe(text);
    const document = JSON.parse(text) as { drifts: readonly Record<string, unknown>[] };
    expect(document).toMatchObject({ formatVersion: 1, dialect: 'sqlite' });
    expect(document.drifts).toMatchObject([
      { kind: 'table.drop', address: { namespace: 'main', name: 'extra' }, cause: 'ungenerated' },
      { kind: 'index.drop', address: { table: 'users', name: 'hot' }, definition: '(age)' },
      {
        kind: 'column.alter',
        address: { table: 'users', name: 'name' },
        fields: [{ field: 'nullable', database: true, expected: false }],
      },
    ]);
    expect(text).not.toContain(folder);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('lets new drift fail the check, and that alone', async () => {
    const folder = makeProject();
    await drift(folder, 'check --update-baseline');
    execute(folder, 'create index cold on users (name)');
    const found = await check(folder);
    expect(found.code).toBe(1);
    expect(kinds(found)).toEqual(['index.drop']);
    expect(found.document.baseline?.accepted).toBe(3);
  });

  it('takes other values, and another object of the same name, for new drift', async () => {
    const folder = makeProject();
    execute(
      folder,
      'alter table users drop column age; alter table users add column age integer default 2;'.replace(
        'alter table',
        'drop index hot; alter table',
      ),
    );
    await drift(folder, 'check --update-baseline');
    expect((await check(folder)).document.baseline?.accepted).toBe(3);
    execute(folder, 'alter table users drop column age; alter table users add column age integer default 3;');
    const values = await check(folder);
    expect(kinds(values)).toEqual(['column.alter default']);
    expect(values.document.baseline?.obsolete).toMatchObject([
      { kind: 'column.alter', fields: [{ field: 'default', database: '2', expected: '1' }] },
    ]);
    const other = makeProject();
    await drift(other, 'check --update-baseline');
    execute(other, 'drop index hot; create index hot on users (name);');
    const replaced = await check(other);
    expect(kinds(replaced)).toEqual(['index.drop']);
    expect(replaced.document.baseline?.obsolete.map(({ kind }) => kind)).toEqual(['index.drop']);
  });

  it('accepts attribute by attribute: a second one of the same column is new', async () => {
    const folder = makeProject();
    await drift(folder, 'check --update-baseline');
    execute(folder, 'alter table users drop column name; alter table users add column name varchar(3);');
    const found = await check(folder);
    expect(kinds(found)).toEqual(['column.alter type']);
    expect(found.document.baseline).toMatchObject({ accepted: 2, obsolete: [] });
  });

  it('says in every format for people what it accepts for nothing, and how to take that out', async () => {
    const folder = makeProject();
    await drift(folder, 'check --update-baseline');
    execute(folder, 'drop index hot');
    const found = await check(folder);
    expect(found.code).toBe(0);
    expect(found.document.baseline?.obsolete).toMatchObject([
      { kind: 'index.drop', address: { table: 'users', name: 'hot' } },
    ]);
    for (const format of ['human', 'markdown', 'github', 'html']) {
      const { stdout } = await drift(folder, `check --format ${format}`);
      const text = stdout.replaceAll('\\', '').replace(/\s+/g, ' ');
      expect([format, text]).toEqual([
        format,
        expect.stringContaining('No longer there, but still accepted'),
      ]);
      expect(text).toContain('drift check --update-baseline');
    }
    await drift(folder, 'check --update-baseline');
    expect((await check(folder)).document.baseline).toMatchObject({ accepted: 2, obsolete: [] });
  });

  it('does not hide a pending migration', async () => {
    const folder = makeProject();
    writeFileSync(
      path.join(folder, 'drizzle.config.json'),
      JSON.stringify({
        dialect: 'sqlite',
        schema: './schema.ts',
        out: './m',
        dbCredentials: { url: './app.db' },
      }),
    );
    writeFiles(
      path.join(folder, 'm'),
      journalFolder([
        [
          '0000_a',
          'CREATE TABLE `users` (`id` integer PRIMARY KEY NOT NULL, `name` text NOT NULL, `age` integer DEFAULT 1);',
        ],
      ]),
    );
    const { code } = await drift(folder, 'check --update-baseline');
    expect(code).toBe(1);
    const found = await check(folder);
    expect([found.code, kinds(found)]).toEqual([1, []]);
  });
});

describe('which baseline', () => {
  it('is left out with --no-baseline', async () => {
    const folder = makeProject();
    await drift(folder, 'check --update-baseline');
    const found = await check(folder, '--no-baseline');
    expect([found.code, found.document.drifts.length]).toEqual([1, 3]);
    expect(found.document.baseline).toBeUndefined();
  });

  it('is named by --baseline, or by drift.config', async () => {
    const folder = makeProject();
    expect((await drift(folder, 'check --update-baseline --baseline ci/known.json')).code).toBe(0);
    expect(existsSync(path.join(folder, 'drift.baseline.json'))).toBe(false);
    expect((await check(folder)).code).toBe(1);
    expect((await check(folder, '--baseline ci/known.json')).document.baseline?.file).toBe('ci/known.json');
    writeFileSync(path.join(folder, 'drift.config.json'), JSON.stringify({ baseline: './ci/known.json' }));
    expect((await check(folder)).code).toBe(0);
  });

  it('lies beside drizzle.config where nobody names it', async () => {
    const folder = makeProject();
    renameSync(path.join(folder, 'drizzle.config.json'), path.join(folder, 'node_modules.json'));
    mkdirSync(path.join(folder, 'conf'));
    renameSync(path.join(folder, 'node_modules.json'), path.join(folder, 'conf/drizzle.config.json'));
    await drift(folder, 'check --update-baseline --config conf/drizzle.config.json');
    expect(existsSync(path.join(folder, 'conf/drift.baseline.json'))).toBe(true);
    expect((await check(folder, '--config conf/drizzle.config.json')).code).toBe(0);
  });

  it('must be there where it is named', async () => {
    const folder = makeProject();
    await drift(folder, 'check --update-baseline');
    const { code, stderr } = await drift(folder, 'check --baseline drift.basline.json');
    expect(code).toBe(2);
    expect(stderr).toContain('BASELINE_MISSING');
    expect(stderr).toContain('Did you mean drift.baseline.json?');
  });
});

describe('a baseline that is broken', () => {
  const entry = {
    kind: 'index.drop',
    address: { namespace: 'main', table: 'users', name: 'hot' },
    digest: 'x',
    cause: 'out-of-band',
  };
  const whole = (rest: object): string =>
    JSON.stringify({ formatVersion: 1, dialect: 'sqlite', drifts: [], ...rest });
  const cases: readonly (readonly [name: string, text: string, problem: string])[] = [
    ['is empty', '', 'line 1, column 1'],
    ['is cut off', whole({}).slice(0, -2), 'line 1'],
    ['has conflict markers', '{\n<<<<<<< HEAD\n', 'conflict markers'],
    ['is a list', '[]', 'must be an object'],
    ['is of a later version', whole({ formatVersion: 2 }), 'formatVersion must be 1'],
    ['is of another dialect', whole({ dialect: 'postgres' }), 'the project is sqlite'],
    ['has no list', whole({ drifts: {} }), 'must be a list'],
    ['has an unknown kind', whole({ drifts: [{ ...entry, kind: 'indx.drop' }] }), 'drifts[0]'],
    ['accepts everything of a kind', whole({ drifts: [entry, { ...entry, address: {} }] }), 'drifts[1]'],
    [
      'accepts any attribute',
      whole({ drifts: [{ ...entry, kind: 'column.alter', digest: undefined }] }),
      'drifts[0]',
    ],
  ];

  it.each(cases)('%s', async (_, text, problem) => {
    const folder = makeProject();
    writeFileSync(path.join(folder, 'drift.baseline.json'), text);
    const { code, stderr } = await drift(folder, 'check');
    expect(code).toBe(2);
    expect(stderr).toContain('error BASELINE_INVALID: drift.baseline.json: ');
    expect(stderr).toContain(problem);
    // It can be put right: the new one does not depend on the old one.
    expect((await drift(folder, 'check --update-baseline')).code).toBe(0);
  });
});

describe('--update-baseline', () => {
  it.each(['--no-baseline', '--offline'])('excludes %s', async (flag) => {
    const { code, stderr } = await drift(makeProject(), `check --update-baseline ${flag}`);
    expect(code).toBe(2);
    expect(stderr).toContain('CLI_OPTIONS_CONFLICT');
  });

  it('writes no file where there is nothing to accept, and empties the one that is there', async () => {
    const folder = makeProject();
    const file = path.join(folder, 'drift.baseline.json');
    execute(
      folder,
      'drop index hot; drop table extra; drop table users; create table users (id integer primary key not null, name text not null, age integer default 1)',
    );
    const none = await drift(folder, 'check --update-baseline');
    expect(none.stdout).toContain(
      'Nothing to accept: there is no difference to write to drift.baseline.json.',
    );
    expect(existsSync(file)).toBe(false);
    execute(folder, 'create table extra (a)');
    const one = await drift(folder, 'check --update-baseline');
    expect(one.stdout).toContain('Written to drift.baseline.json as accepted: 1');
    execute(folder, 'drop table extra');
    await drift(folder, 'check --update-baseline');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ drifts: [] });
  });

  it('writes nothing where the check fails', async () => {
    const folder = makeProject({ dbCredentials: { url: './gone.db' } });
    expect((await drift(folder, 'check --update-baseline')).code).toBe(2);
    expect(existsSync(path.join(folder, 'drift.baseline.json'))).toBe(false);
  });

  it('leaves the old file whole where the new one cannot be written', async () => {
    const folder = makeProject();
    mkdirSync(path.join(folder, 'drift.baseline.json'));
    const { code, stderr } = await drift(folder, 'check --update-baseline');
    expect(code).toBe(2);
    expect(stderr).toContain('OUTPUT_NOT_WRITTEN');
  });
});
