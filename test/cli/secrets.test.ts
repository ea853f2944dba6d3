/** Passwords, wherever a line leaves the process. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { maskOutputs } from '../../src/cli/redaction.ts';
import { journalFolder } from '../migrations/folders.ts';
import { makeDatabase } from '../diff/sides.ts';
import { writeDrizzleProject } from '../support/project.ts';
import { runLine } from './environment.ts';

const password = 'Tr0ub4dor';

function makeProject(): string {
  const migrations = journalFolder([['0000_users', 'CREATE TABLE users (id integer PRIMARY KEY NOT NULL);']]);
  return writeDrizzleProject({
    dialect: 'sqlite',
    url: './app.db',
    schema: `import { integer, sqliteTable } from 'drizzle-orm/sqlite-core';
export const users = sqliteTable('users', { id: integer().primaryKey() });
`,
    migrations,
  });
}

describe('a password', () => {
  const wrong = `app:${password}@db/shop`;
  it.each([
    ['check', '--verbose'],
    ['check', '--format', 'json', '--output', 'report'],
    ['check', '--format', 'human', '--format', 'html=report'],
    ['check', `--url=${wrong}`],
    ['status', '--format', 'json'],
    ['stamp', '0000_users', '--format', 'json'],
    ['wait', '--timeout', '0.05', '--verbose', '--format', 'json'],
    ['migrate', '--dry-run', '--verbose', '--log', 'report'],
    ['diff', 'models', wrong, '--verbose'],
    ['generate', wrong],
    ['lint', '--pending', '--verbose'],
  ])('in a URL whose scheme was forgotten is in no output: drift %s %s %s', async (...words) => {
    const folder = makeProject();
    const line = words.some((word) => word.includes(wrong)) ? words : [...words, '--url', wrong];
    const { stdout, stderr } = await runLine(line, { cwd: folder });
    const files = words.includes('report') ? readIfThere(path.join(folder, 'report')) : '';
    expect(stdout + stderr + files).toContain('***');
    expect(stdout + stderr + files).not.toContain(password);
  });

  it('that other processes show in their command line is masked too', async () => {
    let text = '';
    const output = {
      isTerminal: false,
      columns: 80,
      write: (more: string) => Promise.resolve(void (text += more)),
    };
    const environment = maskOutputs({
      words: ['wait'],
      variables: {},
      stdout: output,
      stderr: output,
      version: '1.2.3',
      processId: 7,
      workingDirectory: () => '/',
      changeDirectory: () => undefined,
      now: () => 0,
    });
    await environment.stderr.write(
      `locked by process 5 (drift wait --url postgres://app:${password}@db/shop)`,
    );
    await environment.stdout.write(`{"target":"postgres://app:${password}@db/shop"}`);
    expect(text).toBe(
      'locked by process 5 (drift wait --url postgres://app:***@db/shop){"target":"postgres://app:***@db/shop"}',
    );
  });

  it('that is part of the schema is neither hidden in a report nor in SQL', async () => {
    const folder = makeProject();
    makeDatabase(folder, 'a.db', "create table t (token text check (token = 'abc-1'))");
    makeDatabase(folder, 'b.db', "create table t (token text default 'https://a:b@c')");
    const { stdout } = await runLine(['diff', 'b.db', 'a.db'], { cwd: folder });
    expect(stdout).toContain("token = 'abc-1'");
    const sql = await runLine(['diff', 'a.db', 'b.db', '--sql', '--allow', 'data-loss'], { cwd: folder });
    expect(sql.stdout).toContain('https://a:b@c');
  });
});

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
