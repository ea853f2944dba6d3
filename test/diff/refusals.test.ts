/** What `drift diff` refuses, each with a code, a sentence and a next step; and never with exit code 0. */
import { describe, expect, it } from 'vitest';
import { drift, makeDatabase, makeFolder } from './sides.ts';

const table = 'create table t (a integer);';

async function refuse(line: string): Promise<{ readonly code: string; readonly text: string }> {
  const folder = makeFolder({
    'old.sql': table,
    'new.sql': table,
    'notes.txt': 'hello',
    'folder/x.sql': table,
  });
  makeDatabase(folder, 'shop.db', table);
  const { code, stdout, stderr } = await drift(folder, line);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  return { code: /^error (\w+):/.exec(stderr)?.[1] ?? '', text: stderr };
}

describe('drift diff refuses', () => {
  const cases: readonly (readonly [line: string, code: string, text: string])[] = [
    ['diff modles old.sql --dialect sqlite', 'DIFF_SIDE_UNKNOWN', 'Did you mean models?'],
    ['diff db shop.db', 'DIFF_SIDE_UNKNOWN', 'models, migrations, database'],
    ['diff shop shop.db', 'DIFF_SIDE_UNKNOWN', 'Did you mean shop.db?'],
    ['diff mysql://h/db shop.db', 'DIFF_SIDE_UNKNOWN', 'mysql://h/db'],
    ['diff olt.sql new.sql --dialect sqlite', 'DIFF_FILE_MISSING', 'Did you mean old.sql?'],
    ['diff folder/y.sql shop.db', 'DIFF_FILE_MISSING', 'Did you mean folder/x.sql?'],
    ['diff file:shop2.db shop.db', 'DIFF_FILE_MISSING', 'Did you mean shop.db?'],
    ['diff folder shop.db', 'DIFF_FILE_UNSUPPORTED', 'folder is a folder'],
    ['diff notes.txt shop.db', 'DIFF_FILE_UNSUPPORTED', 'notes.txt'],
    ['diff :memory: shop.db', 'DATABASE_IN_MEMORY', ':memory:'],
    ['diff libsql://x.turso.io shop.db', 'DATABASE_NOT_LOCAL', 'libsql://x.turso.io'],
    ['diff old.sql new.sql', 'DIFF_DIALECT_UNKNOWN', '--dialect postgres or --dialect sqlite'],
    ['diff old.sql shop.db --dialect postgres', 'DIFF_DIALECTS_DIFFER', 'shop.db is SQLite'],
    ['diff postgres://h/db shop.db', 'DIFF_DIALECTS_DIFFER', 'shop.db is SQLite'],
    ['diff old.sql new.sql --dialect mysql', 'CLI_INVALID_VALUE', 'postgres or sqlite'],
    ['diff models shop.db', 'CONFIG_NOT_FOUND', 'drizzle.config'],
    ['diff old.sql', 'CLI_ARGUMENT_MISSING', 'TO'],
    ['diff old.sql new.sql shop.db', 'CLI_EXTRA_ARGUMENT', 'shop.db'],
    ['diff old.sql new.sql --dialect sqlite --allow data-loss', 'CLI_OPTION_IDLE', 'Add --sql'],
    ['diff old.sql new.sql --dialect sqlite --format sarif', 'CLI_INVALID_VALUE', 'human or json'],
    ['diff old.sql new.sql --dialect sqlite --sql --rename t=u', 'GENERATE_ANSWER_UNKNOWN', '--rename'],
  ];

  it.each(cases)('%s', async (line, code, text) => {
    const refused = await refuse(line);
    expect(refused.code).toBe(code);
    expect(refused.text).toContain(text);
  });

  it('in JSON too, where that was asked for', async () => {
    const folder = makeFolder();
    const { code, stdout } = await drift(folder, 'diff models x.sql --format json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      formatVersion: 1,
      status: 'undetermined',
      changes: [],
      error: { code: 'DIFF_FILE_MISSING' },
    });
  });

  it('without showing a password', async () => {
    const folder = makeFolder({ 'a.sql': '' });
    for (const flags of ['', ' --format json', ' --verbose']) {
      const line = `diff a.sql postgres://app:s3cret-word@127.0.0.1:1/db?password=s3cret-word${flags}`;
      const { code, stdout, stderr } = await drift(folder, line);
      expect(code).toBe(2);
      expect(stdout + stderr).not.toContain('s3cret-word');
      expect(stderr).toContain('DATABASE_UNREACHABLE');
    }
  });
});
