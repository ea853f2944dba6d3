import { describe, expect, it } from 'vitest';
import { journalFolder, type ShortMigration } from '../migrations/folders.ts';
import { makeProject, type SampleProject } from '../migrations/project.ts';
import { runLine, type Kept } from './environment.ts';

const models = "export const users = sqliteTable('users', { id: integer().primaryKey(), name: text() });";
const migrations: readonly ShortMigration[] = [
  ['0000_init', 'CREATE TABLE `users` (`id` integer PRIMARY KEY NOT NULL);'],
  ['0001_name', 'ALTER TABLE `users` ADD `name` text;'],
];

/** The database is named relative to the working directory of the process, which is not that of the project here. */
async function run(project: SampleProject, line: string): Promise<Kept> {
  const kept = await runLine(line, { cwd: project.cwd, variables: project.env, columns: 120 });
  return { ...kept, stdout: kept.stdout.replaceAll(`${project.cwd}/`, '') };
}

const make = (): SampleProject => makeProject(models, journalFolder(migrations));
const tables = (project: SampleProject) =>
  project.query("SELECT name FROM sqlite_schema WHERE name LIKE '%drizzle%'");

function build(project: SampleProject, count: number): void {
  for (const [, sql] of migrations.slice(0, count)) project.run(sql);
}

describe('drift stamp', () => {
  it('marks a database that was pushed as migrated', async () => {
    const project = make();
    build(project, 2);
    const advice = (await run(project, 'check')).stdout;
    expect(advice).toContain('Next: mark them as applied: drift stamp 0001_name\n');
    const { code, stdout, stderr } = await run(project, 'stamp 0001_name');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^ {2}0000_init {2}[0-9a-f]{12} {2}made 2025-01-01 00:00 UTC\n {2}0001_name {2}[0-9a-f]{12} {2}made 2025-01-01 00:01 UTC\n\napp\.db: 2 migrations marked as applied\.\nNext: run drift check\n$/,
    );
    expect((await run(project, 'status')).code).toBe(0);
    expect((await run(project, 'check')).code).toBe(0);
    expect(await run(project, 'stamp 0001_name')).toEqual({
      code: 0,
      stderr: '',
      stdout: 'Nothing to do: app.db has had 0001_name and what comes before it.\n',
    });
  });

  it('refuses where the schema is another, with the flag that answers it', async () => {
    const project = make();
    build(project, 1);
    const { code, stdout, stderr } = await run(project, 'stamp 0001_name');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(
      'error STAMP_REFUSED: The database does not match the migrations up to 0001_name:',
    );
    expect(stderr).toContain('users.name (text) is missing in the database');
    expect(stderr).toContain('drift stamp 0001_name --force\n');
    expect(tables(project)).toEqual([]);
  });

  it('does it all the same when forced, and says in spite of what', async () => {
    const project = make();
    build(project, 1);
    const { code, stdout } = await run(project, 'stamp 0001_name --force');
    expect(code).toBe(0);
    expect(stdout).toContain(
      'Stamped in spite of what the database has otherwise:\n  - users.name (text) is missing in the database; the migrations have it.\n',
    );
    expect((await run(project, 'status')).code).toBe(0);
  });

  it('writes nothing in a dry run, and says whether it would be refused', async () => {
    const project = make();
    build(project, 2);
    const fine = await run(project, 'stamp 0001_name --dry-run');
    expect(fine.code).toBe(0);
    expect(fine.stdout).toContain('app.db: 2 migrations would be marked as applied. Nothing was written.\n');
    project.run('CREATE INDEX by_hand ON users (name)');
    const refused = await run(project, 'stamp 0001_name --dry-run');
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain(
      'marking 2 migrations as applied would be refused. Nothing was written.\n',
    );
    expect(refused.stdout).toContain('drift stamp 0001_name --force\n');
    const forced = await run(project, 'stamp 0001_name --dry-run --force');
    expect(forced.code).toBe(0);
    expect(forced.stdout).toContain('by_hand');
    expect(tables(project)).toEqual([]);
  });

  it('names the nearest tag', async () => {
    const project = make();
    for (const [typed, meant] of [
      ['0001_nmae', '0001_name'],
      ['0001', '0001_name'],
      ['0000_init.sql', '0000_init'],
    ] as const) {
      const { code, stderr } = await run(project, `stamp ${typed}`);
      expect(code).toBe(2);
      expect(stderr).toContain(`error MIGRATION_NOT_FOUND: drizzle has no migration ${typed}.`);
      expect(stderr).toContain(`next: Did you mean ${meant}?`);
    }
    expect((await run(project, 'stamp zzz')).stderr).toContain('Run drift status for the names.');
    expect((await run(project, 'stamp')).stderr).toContain('error CLI_ARGUMENT_MISSING');
  });

  it('prints what it did as JSON, an error too', async () => {
    const project = make();
    build(project, 1);
    const refused = await run(project, 'stamp 0001_name --format json');
    expect(refused.code).toBe(2);
    expect(JSON.parse(refused.stdout)).toMatchObject({
      formatVersion: 1,
      status: 'failed',
      rows: [],
      error: { code: 'STAMP_REFUSED', next: expect.stringContaining('--force') as string },
    });
    const dry = await run(project, 'stamp 0001_name --dry-run --format json');
    expect(dry.code).toBe(1);
    expect(JSON.parse(dry.stdout)).toMatchObject({
      status: 'refused',
      dialect: 'sqlite',
      target: expect.stringMatching(/app\.db$/) as string,
      tag: '0001_name',
      rows: [{ migration: '0000_init', name: null }, { migration: '0001_name' }],
      differences: ['users.name (text) is missing in the database; the migrations have it.'],
    });
    const done = JSON.parse((await run(project, 'stamp 0000_init --format json')).stdout) as object;
    expect(done).toMatchObject({ status: 'stamped', rows: [{ migration: '0000_init' }], differences: [] });
    expect(Object.keys(JSON.parse(refused.stdout) as object)).toEqual([...Object.keys(done), 'error']);
  });
});
