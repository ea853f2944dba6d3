/** What goes wrong with migrations in a team, as a person meets it on the command line. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import Database from 'better-sqlite3';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  datedFolder,
  firstWhen,
  journalFolder,
  writeFiles,
  type ShortMigration,
} from '../migrations/folders.ts';
import { makeProject, type SampleProject } from '../migrations/project.ts';
import { buildOnce, runDrift } from '../support/cli.ts';

beforeAll(buildOnce);

const root = path.resolve(import.meta.dirname, '../..');
const modelsOf = (columns: string): string =>
  `export const users = sqliteTable('users', { id: integer().primaryKey(), ${columns} });`;
const models = modelsOf('name: text()');
const init: ShortMigration = ['0000_init', 'CREATE TABLE `users` (`id` integer PRIMARY KEY NOT NULL);'];
const name: ShortMigration = ['0001_name', 'ALTER TABLE `users` ADD `name` text;'];
const age: ShortMigration = ['0002_age', 'ALTER TABLE `users` ADD `age` integer;'];

interface Orm {
  readonly drizzle: (options: { client: Database.Database }) => unknown;
  readonly migrate: (database: unknown, options: { migrationsFolder: string }) => void;
}

/** Runs drizzle-orm's own migrator on the project; by path, since two versions of it are installed. */
function migrateWith(line: 'v0' | 'v1', project: SampleProject): void {
  const modules = line === 'v0' ? 'node_modules' : 'test/peers/drizzle-v1/node_modules';
  const orm = path.join(root, modules, 'drizzle-orm');
  const load = createRequire(path.join(orm, 'package.json'));
  const { drizzle } = load(path.join(orm, 'better-sqlite3/index.cjs')) as Orm;
  const { migrate } = load(path.join(orm, 'better-sqlite3/migrator.cjs')) as Orm;
  const client = new Database(path.join(project.cwd, 'app.db'));
  try {
    migrate(drizzle({ client }), { migrationsFolder: path.join(project.cwd, 'drizzle') });
  } finally {
    client.close();
  }
}

/** A project whose folder was applied by drizzle-orm 0.x. */
function makeApplied(migrations: readonly ShortMigration[], source = models): SampleProject {
  const project = makeProject(source, journalFolder(migrations));
  migrateWith('v0', project);
  return project;
}

interface Heard {
  readonly code: number | null;
  /** Both streams, white space folded. */
  readonly text: string;
}

async function drift(project: SampleProject, line: string): Promise<Heard> {
  const { code, stdout, stderr } = await runDrift(line.split(' '), { cwd: project.cwd });
  return { code, text: `${stdout}${stderr}`.replace(/\s+/g, ' ') };
}

const inFolder = (project: SampleProject, file: string): string => path.join(project.cwd, 'drizzle', file);

describe('a team', () => {
  it('left conflict markers in the journal', async () => {
    const project = makeApplied([init, name]);
    const journal = readFileSync(inFolder(project, 'meta/_journal.json'), 'utf8');
    const [head = '', tail = ''] = journal.split('"entries": [');
    writeFiles(path.join(project.cwd, 'drizzle'), {
      'meta/_journal.json': `${head}"entries": [\n<<<<<<< HEAD\n${tail}\n=======\n]}\n>>>>>>> feature\n`,
    });
    for (const command of ['status', 'check', 'stamp 0001_name', 'migrate']) {
      const { code, text } = await drift(project, command);
      expect(code).toBe(2);
      expect(text).toMatch(
        /error JOURNAL_CONFLICT: \S*drizzle\/meta\/_journal\.json:5: git left conflict markers/,
      );
      expect(text).toContain('next: Keep the entries of both branches');
    }
  });

  it('forgot to commit a migration', async () => {
    const project = makeApplied([init, name]);
    rmSync(inFolder(project, '0001_name.sql'));
    const status = await drift(project, 'status');
    expect(status.code).toBe(1);
    expect(status.text).toContain('! 0001_name missing file, applied');
    expect(status.text).toContain('Next: restore 0001_name.sql from version control');
    expect(status.text).not.toContain('unknown');
    const check = await drift(project, 'check');
    expect(check.code).toBe(1);
    expect(check.text).toContain('0001_name.sql is listed in meta/_journal.json, but the file is not there');
    expect(check.text).toContain('Next: restore 0001_name.sql from version control');
    expect(check.text).not.toContain('ahead of this checkout');
    // Both count it: the database has it.
    expect(check.text).toContain('migrations 2 applied');
    expect((await drift(project, 'status --format json')).text).toContain(
      '"status": "missing-file", "applied": true',
    );
    expect((await drift(project, 'check --format json')).text).toMatch(
      /"total": 2, "applied": 2,.*"file": "drizzle\/meta\/_journal.json", "line": \d+/,
    );
  });

  it('has a migration that SQLite cannot run', async () => {
    const vectors: ShortMigration = ['0001_vectors', 'CREATE TABLE v (id integer PRIMARY KEY) AT RANDOM;'];
    const project = makeApplied([init]);
    writeFiles(path.join(project.cwd, 'drizzle'), journalFolder([init, vectors]));
    for (const command of ['check', 'check --offline']) {
      const { code, text } = await drift(project, command);
      expect(code).toBe(1);
      expect(text).toContain('0001_vectors.sql:1 cannot be replayed: near "RANDOM": syntax error.');
      expect(text).toContain('correct it so that SQLite runs it');
      expect(text).not.toContain('scratch.url');
      // drift generate would refuse.
      expect(text).toContain('Next: correct 0001_vectors, which cannot be replayed; then run drift generate');
    }
  });

  it('made the database with drizzle-kit push', async () => {
    const project = makeProject(models, journalFolder([init, name]));
    project.run(`${init[1]}${name[1]}`);
    for (const command of ['status', 'check']) {
      const { code, text } = await drift(project, command);
      expect(code).toBe(1);
      expect(text).toMatch(/Next: mark (?:them|the migrations) as applied.*: drift stamp 0001_name/);
      expect(text).not.toContain('drift migrate');
    }
    expect((await drift(project, 'stamp 0001_name')).code).toBe(0);
    expect((await drift(project, 'check')).code).toBe(0);
    migrateWith('v0', project);
  });

  it('edited a migration that was applied', async () => {
    const project = makeApplied([init, name]);
    writeFiles(path.join(project.cwd, 'drizzle'), {
      '0001_name.sql': `${name[1]}\nCREATE INDEX \`users_name\` ON \`users\` (\`name\`);`,
    });
    const status = await drift(project, 'status');
    expect(status.code).toBe(1);
    expect(status.text).toContain('~ 0001_name edited');
    const check = await drift(project, 'check');
    expect(check.code).toBe(1);
    for (const { text } of [status, check]) {
      expect(text).toContain(
        'Next: restore 0001_name as it was applied from version control, and make the change in a new migration',
      );
    }
    // What the advice says puts it right.
    writeFiles(path.join(project.cwd, 'drizzle'), { '0001_name.sql': name[1] });
    expect((await drift(project, 'status')).code).toBe(0);
  });

  it('edited a migration that was applied, to make what neither database nor models have', async () => {
    const project = makeApplied([init, name]);
    writeFiles(path.join(project.cwd, 'drizzle'), {
      '0001_name.sql': `${name[1]}\n--> statement-breakpoint\nALTER TABLE \`users\` ADD \`extra\` integer;`,
    });
    const check = await drift(project, 'check');
    expect(check.text).toContain('edited after being applied: 0001_name.');
    expect(check.text).toContain('extra in the migrations, not expected: integer');
    expect(check.text).not.toContain('The database is what it makes now');
  });

  it('edited the comments of a migration that was applied', async () => {
    const project = makeApplied([init, name]);
    writeFiles(path.join(project.cwd, 'drizzle'), { '0001_name.sql': `-- why\n${name[1]}` });
    const check = await drift(project, 'check');
    expect(check.code).toBe(1);
    expect(check.text).toContain(
      'edited after being applied: 0001_name. The database is what it makes now: the edit changed comments, white space or rows alone. Restore 0001_name',
    );
    for (const text of [`${name[1].replaceAll('\n', '\r\n')}\r\n`, name[1].trimEnd()]) {
      writeFiles(path.join(project.cwd, 'drizzle'), { '0001_name.sql': text });
      expect((await drift(project, 'status')).code).toBe(0);
    }
  });

  it('merged two branches with one number, of which the second in the journal is applied', async () => {
    const source = modelsOf('name: text(), age: integer()');
    const theirs: ShortMigration = ['0001_age', age[1], firstWhen + 30_000];
    const project = makeApplied([init, theirs], source);
    const merged = journalFolder([init, name, theirs])['meta/_journal.json'] ?? '';
    writeFiles(path.join(project.cwd, 'drizzle'), {
      '0001_name.sql': name[1],
      'meta/_journal.json': merged.replace('"idx": 2', '"idx": 1'),
    });
    for (const command of ['status', 'check']) {
      const { code, text } = await drift(project, command);
      expect(code).toBe(1);
      expect(text).toContain('0001_name and 0001_age both have index 1');
      // What is applied cannot be generated again, and another time would make it run again.
      expect(text).toContain(
        'Next: drop 0001_name (drizzle-kit drop) and generate it again on top of 0001_age, which is applied already',
      );
      expect(text).not.toContain('give 0001_age');
    }
  });

  it('lost the folder, though the database has had its migrations', async () => {
    const project = makeApplied([init, name]);
    rmSync(path.join(project.cwd, 'drizzle'), { recursive: true });
    for (const command of ['status', 'check']) {
      const { code, text } = await drift(project, command);
      expect(code).toBe(1);
      expect(text).toContain('Next: the folder has no migration at all: correct `out` in drizzle.config');
    }
  });

  it('renamed a table by hand', async () => {
    const project = makeApplied([init, name]);
    project.run('ALTER TABLE users RENAME TO people');
    const { text } = await drift(project, 'check');
    expect(text).toContain('people - table not expected, looks like users renamed');
    expect(text).toContain('users + table missing, looks like people renamed');
  });

  it('rolled the code back and left the database ahead', async () => {
    const project = makeApplied([init, name, age], modelsOf('name: text(), age: integer()'));
    rmSync(inFolder(project, '0002_age.sql'));
    writeFiles(project.cwd, {
      'schema.ts': `import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';\n${models}`,
      'drizzle/meta/_journal.json': journalFolder([init, name])['meta/_journal.json'] ?? '',
    });
    const advice =
      'Next: the database is ahead of this checkout: deploy the code that has it, or check out the branch that it came from';
    for (const command of ['status', 'check']) {
      const { code, text } = await drift(project, command);
      expect(code).toBe(1);
      expect(text).toContain(advice);
      expect(text).toContain('2025-01-01T00:02:00.000Z');
    }
  });

  it('merged a branch whose migration is older than the last applied one', async () => {
    const source = modelsOf('name: text(), age: integer()');
    const project = makeApplied([init, ['0001_age', age[1], firstWhen + 99_000]], source);
    const merged: readonly ShortMigration[] = [
      init,
      ['0001_age', age[1], firstWhen + 99_000],
      ['0002_name', name[1], firstWhen + 50_000],
    ];
    writeFiles(path.join(project.cwd, 'drizzle'), journalFolder(merged));
    // drizzle-orm says nothing and does nothing.
    migrateWith('v0', project);
    const status = await drift(project, 'status');
    expect(status.code).toBe(1);
    expect(status.text).toContain('! 0002_name skipped');
    expect(status.text).toContain('drizzle-orm 0.x passes it over in silence');
    expect(status.text).toContain('run drift migrate --allow out-of-order; otherwise generate it again');
    const check = await drift(project, 'check');
    expect(check.code).toBe(1);
    expect(check.text).toMatch(/Next: if .* run drift migrate --allow out-of-order/);
    expect((await drift(project, 'migrate')).code).toBe(2);
    expect((await drift(project, 'migrate --allow out-of-order')).code).toBe(0);
    expect((await drift(project, 'status')).code).toBe(0);
  });

  it('has two migrations of one number after a merge', async () => {
    const project = makeApplied([init]);
    const journal = JSON.parse(
      journalFolder([init, ['0001_a', 'SELECT 1;'], ['0001_b', 'SELECT 2;']])['meta/_journal.json'] ?? '',
    ) as { entries: { idx: number }[] };
    for (const [at, entry] of journal.entries.entries()) entry.idx = Math.min(at, 1);
    writeFiles(path.join(project.cwd, 'drizzle'), {
      '0001_a.sql': 'SELECT 1;',
      '0001_b.sql': 'SELECT 2;',
      'meta/_journal.json': JSON.stringify(journal),
    });
    const { code, text } = await drift(project, 'status');
    expect(code).toBe(1);
    expect(text).toContain('duplicate-index: 0001_a and 0001_b both have index 1');
    expect(text).toContain('Next: number 0001_b anew: drop it and generate it again on top of 0001_a');
  });

  it('went from Drizzle 0.x to 1.0 on a database that 0.x migrated', async () => {
    const project = makeApplied([init, name]);
    rmSync(path.join(project.cwd, 'drizzle'), { recursive: true });
    const dated: readonly ShortMigration[] = [
      ['20250101000000_init', init[1]],
      ['20250101000100_name', name[1]],
    ];
    writeFiles(path.join(project.cwd, 'drizzle'), datedFolder(dated));
    expect(await drift(project, 'status')).toMatchObject({ code: 0 });
    // drizzle-orm 1.0 gives the rows their names, and writes down when it applies one.
    writeFiles(path.join(project.cwd, 'drizzle'), datedFolder([...dated, ['20250101000200_age', age[1]]]));
    expect((await drift(project, 'status')).text).toContain('+ 20250101000200_age pending');
    migrateWith('v1', project);
    const after = await drift(project, 'status');
    expect(after.code).toBe(0);
    expect(after.text).toMatch(/20250101000100_name applied made 2025-01-01 00:01 UTC/);
    expect(after.text).toMatch(/20250101000200_age applied applied 2\d{3}-/);
    // A checkout that still has the folder of 0.x knows its own migrations, and that there is one more.
    rmSync(path.join(project.cwd, 'drizzle'), { recursive: true });
    writeFiles(path.join(project.cwd, 'drizzle'), journalFolder([init, name]));
    const back = await drift(project, 'status');
    expect(back.code).toBe(1);
    expect(back.text).toContain('2 applied, 1 unknown');
    expect(back.text).toContain('? 20250101000200_age');
  });

  it('has no migrations at all, only drizzle-kit push', async () => {
    const project = makeProject(models, {});
    rmSync(path.join(project.cwd, 'drizzle'), { recursive: true, force: true });
    expect(existsSync(path.join(project.cwd, 'drizzle'))).toBe(false);
    project.run('CREATE TABLE users (id integer PRIMARY KEY NOT NULL, name text)');
    const status = await drift(project, 'status');
    expect(status).toMatchObject({ code: 0 });
    expect(status.text).toContain('Nothing to apply: there are no migrations in drizzle');
    expect((await drift(project, 'check')).code).toBe(0);
    const stamp = await drift(project, 'stamp 0000_init');
    expect(stamp.code).toBe(2);
    expect(stamp.text).toContain('drizzle has no migration 0000_init');
  });

  it('has an empty database', async () => {
    const project = makeProject(models, journalFolder([init, name]));
    const { code, text } = await drift(project, 'status');
    expect(code).toBe(1);
    expect(text).toContain(
      'Not up to date: 2 pending. Next: run drift migrate; or, if the database was built without migrations, drift stamp TAG',
    );
    expect((await drift(project, 'migrate')).code).toBe(0);
    expect((await drift(project, 'status')).code).toBe(0);
  });
});

describe('a migration that changes rows and cannot be replayed', () => {
  const rows: ShortMigration = [
    '0002_rows',
    "INSERT INTO `users` (`id`, `name`) SELECT `id`, 'x' FROM `imported`;",
  ];

  it('is noted by the check, which is up to date all the same', async () => {
    const project = makeProject(models, journalFolder([init, name, rows]));
    project.run('CREATE TABLE imported (id integer)');
    migrateWith('v0', project);
    project.run('DROP TABLE imported');
    const { code, text } = await drift(project, 'check');
    expect(code).toBe(0);
    expect(text).toContain('Note: drizzle/0002_rows.sql:1 cannot be replayed: no such table: imported.');
    expect(text).toContain('the schema is known all the same');
    const { stdout } = await runDrift(['check', '--format', 'json'], { cwd: project.cwd });
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'up-to-date',
      migrations: { problems: [] },
      notes: [{ kind: 'not-replayed', migration: '0002_rows', file: 'drizzle/0002_rows.sql', line: 1 }],
    });
    expect((await drift(project, 'check --quiet')).text).not.toContain('Note');
  });
});
