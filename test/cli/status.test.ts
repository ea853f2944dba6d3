import { readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashMigration } from '../../src/project/migrations/hash.ts';
import {
  datedFolder,
  firstWhen,
  journalFolder,
  writeFiles,
  type ShortMigration,
} from '../migrations/folders.ts';
import { makeProject, type SampleProject } from '../migrations/project.ts';
import { runLine, type Around, type Kept } from './environment.ts';

const models = "export const users = sqliteTable('users', { id: integer().primaryKey(), name: text() });";
const migrations: readonly ShortMigration[] = [
  ['0000_init', 'CREATE TABLE `users` (`id` integer PRIMARY KEY NOT NULL);'],
  ['0001_name', 'ALTER TABLE `users` ADD `name` text;'],
  ['0002_view', 'CREATE VIEW `names` AS SELECT `name` FROM `users`;'],
];

/** The database is named relative to the working directory of the process, which is not that of the project here. */
async function run(project: SampleProject, line: string, around: Around = {}): Promise<Kept> {
  const kept = await runLine(line, { cwd: project.cwd, variables: project.env, ...around });
  return { ...kept, stdout: kept.stdout.replaceAll(`${project.cwd}/`, '') };
}

const onOneLine = (text: string): string => text.replace(/\s+/g, ' ');

/** Writes the rows that drizzle-orm 0.x would have written for the first of the migrations. */
function apply(project: SampleProject, list: readonly ShortMigration[], whens: readonly number[] = []): void {
  project.run(
    'CREATE TABLE IF NOT EXISTS __drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric)',
  );
  for (const [at, [, sql, when]] of list.entries()) {
    const time = whens[at] ?? when ?? firstWhen + at * 60_000;
    project.run(
      `INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('${hashMigration(sql)}', ${String(time)})`,
    );
  }
}

interface StatusDocument {
  readonly formatVersion: number;
  readonly status: string;
  readonly standing: string;
  readonly migrations: readonly {
    readonly migration: string;
    readonly status: string;
    readonly appliedAt: string | null;
    readonly next: string | null;
  }[];
  readonly problems: readonly { readonly code: string }[];
  readonly next: string | null;
}

async function read(project: SampleProject): Promise<StatusDocument & { readonly code: number }> {
  const { code, stdout } = await run(project, 'status --format json');
  return { code, ...(JSON.parse(stdout) as StatusDocument) };
}

describe('drift status', () => {
  it('says in one line and with 0 that all is applied', async () => {
    const project = makeProject(models, journalFolder(migrations));
    apply(project, migrations);
    const { code, stdout, stderr } = await run(project, 'status');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(`\n${stdout}`).toBe(`
drift status  sqlite  app.db
migrations  drizzle (Drizzle 0.x)

  ✓ 0000_init  applied                                 made 2025-01-01 00:00 UTC
  ✓ 0001_name  applied                                 made 2025-01-01 00:01 UTC
  ✓ 0002_view  applied                                 made 2025-01-01 00:02 UTC

Up to date: app.db has had all 3 migrations.
`);
    expect((await run(project, 'status --quiet')).stdout).toBe(
      'Up to date: app.db has had all 3 migrations.\n',
    );
  });

  it('does not read the models', async () => {
    const project = makeProject(models, journalFolder(migrations));
    apply(project, migrations);
    const file = path.join(project.cwd, 'schema.ts');
    // File systems note at least the first reading after a change.
    utimesSync(file, new Date(0), new Date());
    const before = statSync(file).atimeMs;
    expect((await run(project, 'status')).code).toBe(0);
    expect(statSync(file).atimeMs).toBe(before);
  });

  it('names what is pending, with the next command last and 1', async () => {
    const project = makeProject(models, journalFolder(migrations));
    apply(project, migrations.slice(0, 1));
    const { code, stdout } = await run(project, 'status');
    expect(code).toBe(1);
    expect(`\n${stdout}`).toBe(`
drift status  sqlite  app.db
migrations  drizzle (Drizzle 0.x)

  ✓ 0000_init  applied                                 made 2025-01-01 00:00 UTC
  + 0001_name  pending                                 made 2025-01-01 00:01 UTC
  + 0002_view  pending                                 made 2025-01-01 00:02 UTC
               → run drift migrate

Not up to date: 1 applied, 2 pending.
Next: run drift migrate
`);
  });

  it('has every state in its table, each with what to do', async () => {
    const late: ShortMigration = ['0003_late', 'SELECT 3;', firstWhen + 5];
    const gone: ShortMigration = ['0004_gone', 'SELECT 4;'];
    const all = [...migrations, late, gone, ['0005_new', 'SELECT 5;', firstWhen + 99e6] as const];
    const project = makeProject(models, journalFolder(all));
    apply(
      project,
      [...migrations, gone],
      [0, 1, 2, 4].map((at) => firstWhen + at * 60_000),
    );
    apply(project, [['0009_other', 'SELECT 9;']], [firstWhen + 6e6]);
    writeFiles(path.join(project.cwd, 'drizzle'), { '0001_name.sql': 'SELECT 1;' });
    rmSync(path.join(project.cwd, 'drizzle/0004_gone.sql'));
    const { code, migrations: listed, standing, problems } = await read(project);
    expect({ code, standing }).toEqual({ code: 1, standing: 'diverged' });
    expect(listed.map(({ migration, status }) => `${migration.slice(0, 12)} ${status}`)).toEqual([
      '0000_init applied',
      '0001_name edited',
      '0002_view applied',
      '0003_late skipped',
      '0004_gone missing-file',
      '0005_new pending',
      `${hashMigration('SELECT 9;').slice(0, 12)} unknown`,
    ]);
    expect(listed.map(({ next }) => next?.split(' ').slice(0, 3).join(' ') ?? null)).toEqual([
      null,
      'Restore 0001_name as',
      null,
      'If 0003_late does',
      'Restore 0004_gone.sql from',
      'Run drift migrate.',
      'The database is',
    ]);
    expect(problems.map(({ code: word }) => word)).toEqual(['missing-file', 'skipped']);
    const { stdout } = await run(project, 'status');
    expect(stdout).toContain('  ~ 0001_name  edited  ');
    expect(stdout).toContain('  ! 0003_late  skipped  ');
    expect(stdout).toContain('  ! 0004_gone  missing file, applied  ');
    expect(stdout).toContain('→ restore 0001_name as it was applied from version control');
    expect(stdout).toContain('deploy the code that has it');
    expect(onOneLine(stdout)).toContain(
      ' Not up to date: 2 applied, 1 pending, 1 skipped, 1 edited, 1 missing file, 1 unknown, 2 problems. Next: ',
    );
    expect(stdout).toMatch(/\nNext: restore 0004_gone\.sql from version control[^]*\n$/);
  });

  it.each([40, 60, 80, 120])('fits a screen of %i columns, without colour', async (columns) => {
    const long = `0003_${'a_long_name_'.repeat(8)}`;
    const project = makeProject(models, journalFolder([...migrations, [long, 'SELECT 1;', firstWhen]]));
    apply(project, migrations);
    const { stdout } = await run(project, 'status', { columns });
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
    // eslint-disable-next-line no-control-regex -- colour sequences begin with the control character ESC
    expect(stdout).not.toMatch(/\u001b/);
    const painted = await run(project, 'status', { columns, terminal: true });
    // eslint-disable-next-line no-control-regex -- as above
    expect(painted.stdout.replace(/\u001b\[[0-9;]*m/g, '')).toBe(stdout);
    expect(painted.stdout).not.toBe(stdout);
  });

  it('counts those long applied, and lists them with --verbose', async () => {
    const many = Array.from({ length: 30 }, (_, at): ShortMigration => [
      `${String(at).padStart(4, '0')}_m`,
      `SELECT ${String(at)};`,
    ]);
    const project = makeProject(models, journalFolder(many));
    apply(project, many.slice(0, 28));
    const { stdout } = await run(project, 'status');
    expect(stdout).toContain('… 18 earlier migrations applied (--verbose)\n  ✓ 0018_m');
    expect(stdout).not.toContain('0017_m');
    expect((await run(project, 'status --verbose')).stdout).toContain('  ✓ 0000_m  applied');
    expect((await read(project)).migrations).toHaveLength(30);
  });

  it('says when, where Drizzle 1.0 wrote it down', async () => {
    const dated: readonly ShortMigration[] = [
      ['20250101000000_init', 'SELECT 1;'],
      ['20250102000000_next', 'SELECT 2;'],
      ['20250103000000_last', 'SELECT 3;'],
    ];
    const project = makeProject(models, datedFolder(dated));
    project.run(
      'CREATE TABLE __drizzle_migrations (id INTEGER PRIMARY KEY, hash text NOT NULL, created_at numeric, name text, applied_at TEXT)',
    );
    const times = ["'2026-03-04T05:06:07.890Z'", "'2026-03-04 05:06:08'", 'NULL'];
    for (const [at, [tag, sql]] of dated.entries()) {
      project.run(
        `INSERT INTO __drizzle_migrations (hash, created_at, name, applied_at)
         VALUES ('${hashMigration(sql)}', ${String(Date.UTC(2025, 0, at + 1))}, '${tag}', ${times[at] ?? ''})`,
      );
    }
    const { code, migrations: listed } = await read(project);
    expect(code).toBe(0);
    expect(listed.map(({ appliedAt }) => appliedAt)).toEqual([
      '2026-03-04T05:06:07.890Z',
      '2026-03-04T05:06:08.000Z',
      null,
    ]);
    const { stdout } = await run(project, 'status');
    expect(stdout).toContain('drizzle (Drizzle 1.0)');
    expect(stdout).toMatch(/20250101000000_init {2}applied +applied 2026-03-04 05:06 UTC\n/);
    expect(stdout).toMatch(/20250103000000_last {2}applied +made 2025-01-03 00:00 UTC\n/);
  });

  it('tells a folder that is not there from a database that has had migrations', async () => {
    const project = makeProject(models, {});
    const none = await run(project, 'status --quiet');
    expect(none.code).toBe(0);
    expect(onOneLine(none.stdout)).toBe(
      'Nothing to apply: there are no migrations in drizzle, and app.db has had none. ',
    );
    apply(project, migrations);
    const { code, stdout } = await run(project, 'status');
    expect(code).toBe(1);
    expect(onOneLine(stdout)).toContain(
      'Not up to date: 3 unknown. Next: the folder has no migration at all: correct `out` in drizzle.config, or check out the code that has them',
    );
  });

  it('shows the warnings of the folder, which are no reason for 1', async () => {
    const project = makeProject(models, { ...journalFolder(migrations), '0007_stray.sql': 'SELECT 1;' });
    apply(project, migrations);
    const { code, stdout } = await run(project, 'status');
    expect(code).toBe(0);
    expect(stdout).toContain('Warnings\n  - file-without-entry: 0007_stray.sql has no entry');
  });

  it('works on another database with --url, one without a table too', async () => {
    const project = makeProject(models, journalFolder(migrations));
    apply(project, migrations);
    const other = makeProject(models, {});
    const line = `status --url ${path.join(other.cwd, 'app.db')}`;
    expect((await run(project, 'status')).code).toBe(0);
    const { code, stdout } = await run(project, line);
    expect(code).toBe(1);
    expect(onOneLine(stdout)).toContain(
      '3 pending. Next: run drift migrate; or, if the database was built without migrations, drift stamp TAG ',
    );
  });

  it('reads neither models nor schema, and leaves the file as it was', async () => {
    const project = makeProject('this is no model;', journalFolder(migrations));
    apply(project, migrations);
    const before = readFileSync(path.join(project.cwd, 'app.db'));
    expect((await run(project, 'status')).code).toBe(0);
    expect(readFileSync(path.join(project.cwd, 'app.db')).equals(before)).toBe(true);
  });

  it('answers with 2 and a document where it could not tell', async () => {
    const project = makeProject(models, journalFolder(migrations));
    const missing = await run(project, 'status --format json --url nowhere/app.db');
    expect(missing.code).toBe(2);
    const failed = JSON.parse(missing.stdout) as Record<string, unknown>;
    expect(failed).toMatchObject({ formatVersion: 1, status: 'undetermined', migrations: [] });
    expect(failed['error']).toMatchObject({ code: expect.stringMatching(/^[A-Z_]+$/) as string });
    const { stdout } = await run(project, 'status --format json');
    const good = JSON.parse(stdout) as Record<string, unknown>;
    expect(Object.keys(failed)).toEqual([...Object.keys(good), 'error']);
    expect((await run(project, 'status --format json')).stdout).toBe(stdout);
  });

  it('prints Markdown, in which no name is markup', async () => {
    const tag = '0003_*bold*_<b>';
    const project = makeProject(models, journalFolder([...migrations, [tag, 'SELECT 1;']]));
    apply(project, migrations);
    const { code, stdout } = await run(project, 'status --format markdown');
    expect(code).toBe(1);
    expect(stdout).toContain('## drift status: not up to date\n\n`app.db` (sqlite)\n');
    expect(stdout).toContain(`| \`${tag}\` | pending | made 2025-01-01 00:03 UTC | Run drift migrate. |`);
    expect(stdout).not.toContain('0000_init');
    expect((await run(project, 'status --format markdown --verbose')).stdout).toContain('`0000_init`');
  });

  it('refuses what it does not know', async () => {
    const project = makeProject(models, journalFolder(migrations));
    for (const [line, hint] of [
      ['status --format sarif', 'one of human, json, markdown'],
      ['status extra', "does not take the argument 'extra'"],
      ['status --offline', 'drift status --help'],
      ['statsu', 'Did you mean drift status?'],
    ] as const) {
      const { code, stderr } = await run(project, line);
      expect(code).toBe(2);
      expect(stderr).toContain(hint);
    }
  });
});
