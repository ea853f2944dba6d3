/** After commands of drift that write a row or a file, drizzle-kit and drizzle-orm's migrators go on with the folder. */
import { createRequire } from 'node:module';
import { rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runLine } from '../cli/environment.ts';
import { runKit, writeFiles } from './folders.ts';
import { makeProject, type SampleProject } from './project.ts';

const root = path.resolve(import.meta.dirname, '../..');
const modulesOf = (line: 'v0' | 'v1'): string =>
  path.join(root, line === 'v0' ? 'node_modules' : 'test/peers/drizzle-v1/node_modules');

function modelsOf(columns: string): string {
  return `import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
export const users = sqliteTable('users', { id: integer().primaryKey(), ${columns} });`;
}

function openProject(line: 'v0' | 'v1'): SampleProject {
  const project = makeProject('', {}, line);
  rmSync(path.join(project.cwd, 'node_modules'), { recursive: true });
  symlinkSync(modulesOf(line), path.join(project.cwd, 'node_modules'));
  rmSync(path.join(project.cwd, 'drizzle.config.json'));
  writeFiles(project.cwd, {
    'schema.ts': modelsOf('name: text()'),
    'drizzle.config.ts': `export default { dialect: 'sqlite', schema: './schema.ts', out: './drizzle', dbCredentials: { url: 'app.db' } };`,
  });
  return project;
}

interface Orm {
  readonly drizzle: (options: { client: unknown }) => unknown;
  readonly migrate: (database: unknown, options: { migrationsFolder: string }) => void;
}

function migrateWith(line: 'v0' | 'v1', { cwd }: SampleProject): void {
  const orm = path.join(modulesOf(line), 'drizzle-orm');
  const load = createRequire(path.join(orm, 'package.json'));
  const Database = createRequire(path.join(root, 'package.json'))('better-sqlite3') as new (file: string) => {
    close: () => void;
  };
  const { drizzle } = load(path.join(orm, 'better-sqlite3/index.cjs')) as Orm;
  const { migrate } = load(path.join(orm, 'better-sqlite3/migrator.cjs')) as Orm;
  const client = new Database(path.join(cwd, 'app.db'));
  try {
    migrate(drizzle({ client }), { migrationsFolder: path.join(cwd, 'drizzle') });
  } finally {
    client.close();
  }
}

const config = ['--config', 'drizzle.config.ts'];
const generate = (line: 'v0' | 'v1', { cwd }: SampleProject, name: string): string =>
  runKit(line, cwd, ['generate', ...config, '--name', name]);

/** drizzle-kit finds the folder in order and nothing to generate, and the migrator nothing that it cannot run. */
function expectToGoOn(line: 'v0' | 'v1', project: SampleProject): void {
  expect(runKit(line, project.cwd, ['check', ...config])).toMatch(/fine/);
  expect(generate(line, project, 'again')).toMatch(/No schema changes/);
  migrateWith(line, project);
}

const lastTag = async (drift: (line: string) => Promise<{ stdout: string }>): Promise<string> => {
  const { migrations } = JSON.parse((await drift('status --format json')).stdout) as {
    migrations: { migration: string }[];
  };
  return migrations.at(-1)?.migration ?? '';
};

describe.each(['v0', 'v1'] as const)('a folder of drizzle-kit %s', (line) => {
  it('goes on after stamp --force, a baseline and a way back', { timeout: 120_000 }, async () => {
    const project = openProject(line);
    const drift = (words: string) => runLine(words, { cwd: project.cwd, variables: project.env });
    generate(line, project, 'init');
    project.run('CREATE TABLE users (id integer PRIMARY KEY NOT NULL, name text, hot integer)');
    expect((await drift(`stamp ${await lastTag(drift)} --force`)).code).toBe(0);
    expectToGoOn(line, project);

    expect((await drift('check --update-baseline')).code).toBe(0);
    expectToGoOn(line, project);

    writeFiles(project.cwd, { 'schema.ts': modelsOf('name: text(), age: integer()') });
    generate(line, project, 'age');
    const down = await drift(`generate --down ${await lastTag(drift)} --allow data-loss`);
    expect({ code: down.code, stderr: down.stderr }).toEqual({ code: 0, stderr: '' });
    expectToGoOn(line, project);
    expect((await drift('check')).code).toBe(0);
    expect(project.query("SELECT name FROM pragma_table_info('users')")).toContainEqual({ name: 'age' });
  });
});
