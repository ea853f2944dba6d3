/** A lock that nobody lets go: no command waits for it longer than it may take as a whole. */
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { runCheck } from '../../src/stages/check.ts';
import { runMigrate } from '../../src/stages/migrate.ts';
import { capWait, chooseLimits } from '../../src/stages/project.ts';
import { runStamp } from '../../src/stages/stamp.ts';
import { loadDriftSettings } from '../../src/project/drift-config.ts';
import { holdLock } from '../support/lock-holder.ts';
import { makeDatabase } from '../diff/sides.ts';
import { writeDrizzleProject } from '../support/project.ts';
import { journalFolder } from '../migrations/folders.ts';

let folder: string;

beforeEach(() => {
  const migrations = journalFolder([['0000_users', 'CREATE TABLE users (id integer PRIMARY KEY NOT NULL);']]);
  folder = writeDrizzleProject({
    dialect: 'sqlite',
    url: './app.db',
    schema: `import { integer, sqliteTable } from 'drizzle-orm/sqlite-core';
export const users = sqliteTable('users', { id: integer().primaryKey() });
`,
    migrations,
  });
  makeDatabase(folder, 'app.db', 'create table users (id integer primary key not null)');
});

/** What every command is told; of its time so many milliseconds are left, whenever it asks. */
function request(left: number) {
  return {
    cwd: folder,
    env: { XDG_CACHE_HOME: path.join(folder, '.cache') },
    timeout: 2000,
    left: () => left,
  };
}

const locked = (code: string, pid: number) => ({
  code,
  message: expect.stringMatching(/app\.db is locked by process \d+ \(.+\)/s) as string,
  details: expect.objectContaining({ holder: { pid, command: expect.any(String) as string } }) as object,
});

describe('a locked database', () => {
  it('ends a check before its deadline, with who holds the lock', async () => {
    const pid = await holdLock(path.join(folder, 'app.db'), 'EXCLUSIVE');
    const outcome = runCheck(request(450));
    await expect(outcome).rejects.toMatchObject(locked('DATABASE_LOCKED', pid));
    await expect(outcome).rejects.toMatchObject({ details: { waited: 50 } });
  });

  it('is not waited for where no time is left', async () => {
    await holdLock(path.join(folder, 'app.db'), 'EXCLUSIVE');
    await expect(runCheck(request(-1))).rejects.toMatchObject({ details: { waited: 0 } });
  });

  it('ends drift migrate, whatever its own limit', async () => {
    // With its table there it would be a database that was pushed, which is told without the lock.
    makeDatabase(folder, 'app.db', 'drop table users');
    const pid = await holdLock(path.join(folder, 'app.db'), 'IMMEDIATE');
    const outcome = runMigrate({
      ...request(450),
      dryRun: false,
      to: undefined,
      allow: new Set(),
      backup: false,
      preflight: false,
      rehearse: 'never',
      lock: 30_000,
      holder: { pid: 1, command: null },
      now: () => 0,
      clock: () => new Date(0),
      onEvent: () => undefined,
    });
    await expect(outcome).rejects.toMatchObject(locked('MIGRATE_LOCKED', pid));
  });

  it('ends drift stamp', async () => {
    const pid = await holdLock(path.join(folder, 'app.db'), 'IMMEDIATE');
    const outcome = runStamp({ ...request(450), tag: '0000_users', now: () => new Date(0) });
    await expect(outcome).rejects.toMatchObject(locked('DATABASE_LOCKED', pid));
  });
});

describe('the wait for a lock', () => {
  it.each([
    ['the limit where there is time', 5000, 60_000, 60_000, 5000],
    ['what is left, and half a second less to say so', 5000, 60_000, 3000, 2500],
    ['what is left of a short command, and a fifth of it less', 5000, 1000, 700, 500],
    ['never nothing, which would mean no limit', 5000, 1000, 0, 1],
  ])('is %s', (_name, wait, command, left, expected) => {
    expect(capWait(wait, command, () => left)).toBe(expected);
  });

  it('is read anew each time', async () => {
    let left = 60_000;
    const settings = await loadDriftSettings(folder);
    const limits = chooseLimits(settings, { timeout: 60_000, left: () => left });
    expect(limits.lock).toBe(5000);
    left = 1500;
    expect(limits.lock).toBe(1000);
  });
});
