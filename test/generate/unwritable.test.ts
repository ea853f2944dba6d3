/** A folder that cannot be written to. Root may write everywhere, so that the command runs as somebody else then. */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildOnce, driftScript } from '../support/cli.ts';
import { makeProject, type TestProject } from './projects.ts';

beforeAll(() => buildOnce());

const projects: TestProject[] = [];
afterEach(() => {
  for (const project of projects.splice(0)) project.remove();
});

const models = `
import { integer, sqliteTable } from 'drizzle-orm/sqlite-core';
export const users = sqliteTable('users', { id: integer('id').primaryKey() });
`;
const more = `${models}export const posts = sqliteTable('posts', { id: integer('id').primaryKey() });`;

/** Of nobody, on common systems. */
const stranger = 65_534;
const isRoot = process.getuid?.() === 0;

function drift(project: TestProject, ...words: readonly string[]) {
  const env = { ...process.env, HOME: project.root };
  const as = isRoot ? { uid: stranger, gid: stranger } : {};
  return spawnSync(process.execPath, [driftScript, ...words], {
    cwd: project.root,
    encoding: 'utf8',
    env,
    ...as,
  });
}

function make(): TestProject {
  const project = makeProject('v0', models);
  projects.push(project);
  if (isRoot) chownSync(project.root, stranger, stranger);
  return project;
}

function lock(project: TestProject, mode: number): void {
  for (const folder of ['drizzle/meta', 'drizzle']) chmodSync(path.join(project.root, folder), mode);
}

describe.skipIf(process.platform === 'win32')('a migrations folder that cannot be written to', () => {
  it('is said with the next step, and does not matter where there is nothing to do', () => {
    const project = make();
    expect(drift(project, 'generate')).toMatchObject({ status: 0 });
    lock(project, 0o555);
    try {
      const idle = drift(project, 'generate');
      expect(idle).toMatchObject({ status: 0, stderr: '' });
      expect(idle.stdout).toContain('Nothing to do');
      project.write('schema.ts', more);
      const refused = drift(project, 'generate');
      expect(refused.status).toBe(2);
      expect(refused.stderr).toContain('error MIGRATIONS_NOT_WRITABLE');
      expect(refused.stderr).toContain('this user may not write there');
      expect(refused.stderr).toContain('next: Give this user the right to write there');
      expect(drift(project, 'generate', '--dry-run')).toMatchObject({ status: 0 });
    } finally {
      lock(project, 0o755);
    }
  });

  it('below a file is said, too', () => {
    const project = make();
    project.write('blocked', '');
    project.write(
      'drizzle.config.json',
      JSON.stringify({ dialect: 'sqlite', schema: './schema.ts', out: './blocked/drizzle' }),
    );
    const refused = drift(project, 'generate', '--config', 'drizzle.config.json');
    expect(refused.status).toBe(2);
    expect(refused.stderr).not.toContain('INTERNAL');
  });

  it('is not made where there is nothing to write', () => {
    const project = make();
    project.write('schema.ts', 'export {};');
    const outcome = drift(project, 'generate');
    expect(outcome.stderr).not.toContain('INTERNAL');
    expect(existsSync(path.join(project.root, 'drizzle'))).toBe(false);
    expect(readdirSync(project.root)).toContain('schema.ts');
  });
});
