import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withMigrationLock } from '../../src/project/migration-lock.ts';
import { cleanName, makePrefix, timeAfter } from '../../src/project/migration-names.ts';
import { writeMigrationText } from '../../src/project/migration-text.ts';
import { writeMigration, type NewMigration, type WritePlace } from '../../src/project/migration-writer.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'drift-writer-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const migration: NewMigration = {
  name: 'first',
  sql: 'SELECT 1;',
  down: null,
  snapshot: { id: 'x' },
  breakpoints: true,
};

function place(layout: WritePlace['layout'], now = Date.UTC(2030, 0, 2, 3, 4, 5)): WritePlace {
  const directory = path.join(root, 'out');
  return {
    folder: { layout: 'empty', directory, migrations: [], problems: [] },
    layout,
    prefix: 'index',
    now,
    unique: 'u',
  };
}

const list = (): readonly string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .sort();

describe('a migration in the layout of drizzle-kit 0.x', () => {
  it('has its file, its snapshot and its entry, and its time is after all others', () => {
    writeMigration(place('journal'), migration);
    const early = place('journal', 5);
    writeMigration(early, { ...migration, name: 'second', down: 'SELECT 2;' });
    expect(list()).toEqual([
      'out/0000_first.sql',
      'out/0001_second.down.sql',
      'out/0001_second.sql',
      'out/meta/0000_snapshot.json',
      'out/meta/0001_snapshot.json',
      'out/meta/_journal.json',
    ]);
    const journal = JSON.parse(readFileSync(path.join(root, 'out/meta/_journal.json'), 'utf8')) as {
      entries: { idx: number; when: number; tag: string }[];
    };
    expect(journal.entries.map(({ idx, tag }) => [idx, tag])).toEqual([
      [0, '0000_first'],
      [1, '0001_second'],
    ]);
    expect(journal.entries[1]?.when).toBe((journal.entries[0]?.when ?? 0) + 1);
  });

  it('is written all the same after a process was killed half way', () => {
    mkdirSync(path.join(root, 'out/meta'), { recursive: true });
    writeFileSync(path.join(root, 'out/0000_first.sql'), migration.sql);
    writeFileSync(path.join(root, 'out/meta/0000_snapshot.json'), '{"id":"of the killed one"}');
    writeFileSync(path.join(root, 'out/meta/_journal.json.other.drift-tmp'), '{');
    writeMigration(place('journal'), migration);
    expect(list()).toEqual(['out/0000_first.sql', 'out/meta/0000_snapshot.json', 'out/meta/_journal.json']);
    expect(JSON.parse(readFileSync(path.join(root, 'out/meta/0000_snapshot.json'), 'utf8'))).toEqual({
      id: 'x',
    });
  });

  it('never replaces a file with something else in it, and then leaves all as it was', () => {
    mkdirSync(path.join(root, 'out'));
    writeFileSync(path.join(root, 'out/0000_first.sql'), 'SELECT 3;');
    expect(() => writeMigration(place('journal'), migration)).toThrow(
      expect.objectContaining({ code: 'MIGRATION_EXISTS' }),
    );
    expect(list()).toEqual(['out/0000_first.sql']);
  });
});

describe('a migration in the layout of drizzle-kit 1.0', () => {
  it('is a folder that appears as a whole', () => {
    const { tag } = writeMigration(place('dated'), { ...migration, down: 'SELECT 2;' });
    expect(tag).toBe('20300102030405_first');
    expect(list()).toEqual([`out/${tag}/down.sql`, `out/${tag}/migration.sql`, `out/${tag}/snapshot.json`]);
  });

  it('comes at least a second after the last one', () => {
    const last = { tag: '20300102030405_x', file: '', when: 0, hash: '', sql: '', snapshotFile: '' };
    expect(timeAfter({ migrations: [last] }, 0)).toBe(Date.UTC(2030, 0, 2, 3, 4, 6));
  });
});

describe('names', () => {
  it.each([
    ['index', '0007'],
    ['timestamp', '20300102030405'],
    ['supabase', '20300102030405'],
    ['unix', '1893553445'],
    ['none', ''],
  ] as const)('begin with the prefix that the config asks for: %s', (style, prefix) => {
    expect(makePrefix(style, 7, Date.UTC(2030, 0, 2, 3, 4, 5))).toBe(prefix);
  });

  it('are fit for a file', () => {
    expect(cleanName('../a b/ü; rm')).toBe('a_b_ü_rm');
  });
});

describe('the text of a migration', () => {
  it('has one statement in each piece, with its comments', () => {
    const statements = [
      { sql: 'SELECT 1 -- one', comment: ['first'] },
      { sql: 'SELECT 2', comment: [] },
    ];
    expect(writeMigrationText(['head'], statements, true)).toBe(
      '-- head\n-- first\nSELECT 1 -- one\n;\n--> statement-breakpoint\nSELECT 2;\n',
    );
  });

  it("refuses a statement with Drizzle's own divider in it", () => {
    const statements = [{ sql: "SELECT '--> statement-breakpoint'", comment: [] }];
    expect(() => writeMigrationText([], statements, true)).toThrow(
      expect.objectContaining({ code: 'PLAN_UNSUPPORTED' }),
    );
  });
});

describe('the lock of the folder', () => {
  const file = (): string => path.join(root, '.drift-generate.lock');

  it('keeps a second writer out and is gone afterwards', async () => {
    await withMigrationLock(root, process.pid, async () => {
      await expect(withMigrationLock(root, process.pid, () => Promise.resolve())).rejects.toMatchObject({
        code: 'MIGRATIONS_LOCKED',
      });
    });
    expect(existsSync(file())).toBe(false);
  });

  it('is taken over from a process that was killed', async () => {
    const dead = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const ended = new Promise((resolve) => dead.once('exit', resolve));
    dead.kill('SIGKILL');
    await ended;
    writeFileSync(file(), JSON.stringify({ pid: dead.pid, host: hostname() }));
    await expect(withMigrationLock(root, process.pid, () => Promise.resolve('done'))).resolves.toBe('done');
  });
});
