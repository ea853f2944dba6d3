import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Dialect, Scratch } from '../../src/dialects/dialect.ts';
import { postgres } from '../../src/dialects/postgres/postgres.ts';
import { sqlite } from '../../src/dialects/sqlite/sqlite.ts';
import { readMigrationsFolder } from '../../src/project/migrations/folder.ts';
import { matchApplied } from '../../src/project/migrations/state.ts';
import { replayMigrations, replayUpTo, type ReplayOptions } from '../../src/stages/recorded.ts';
import { findCacheDirectory } from '../../src/stages/recorded-cache.ts';
import { replayOptions } from '../causes/story.ts';
import { createDatabase, postgresMajors } from '../support/postgres-servers.ts';
import { journalFolder, makeDirectory, writeFiles, type ShortMigration } from './folders.ts';

/** A dialect that counts the scratch databases it opens and the migrations it runs. */
function countingDialect(counted: Dialect = sqlite) {
  const counts = { opened: 0, run: 0, open: 0 };
  const dialect: Dialect = {
    ...counted,
    async openScratch(options, limits): Promise<Scratch> {
      const scratch = await counted.openScratch(options, limits);
      counts.opened++;
      counts.open++;
      return {
        ...scratch,
        run: (statements) => {
          counts.run++;
          return scratch.run(statements);
        },
        close: async () => {
          counts.open--;
          await scratch.close();
        },
      };
    },
  };
  return { dialect, counts };
}

const migrations: readonly ShortMigration[] = [
  ['0000_a', 'CREATE TABLE a (x integer);'],
  ['0001_b', 'ALTER TABLE a ADD y text;'],
  ['0002_c', 'CREATE TABLE c (z text);'],
];

async function folderOf(list: readonly ShortMigration[]) {
  const directory = makeDirectory(journalFolder(list));
  const folder = await readMigrationsFolder(directory, 'sqlite');
  if (!folder) throw new Error('there is no folder');
  return folder;
}

function optionsWith(dialect: Dialect, cacheDirectory: string | null): ReplayOptions {
  return { ...replayOptions, dialect, cacheDirectory };
}

describe('the cache of replayed schemas', () => {
  it('opens no scratch database at the second run', async () => {
    const cache = makeDirectory();
    const folder = await folderOf(migrations);
    const { dialect, counts } = countingDialect();
    const first = await replayMigrations(folder, null, optionsWith(dialect, cache));
    const second = await replayMigrations(folder, null, optionsWith(dialect, cache));
    expect(counts).toEqual({ opened: 1, run: 3, open: 0 });
    expect(first.replayed).toBe(true);
    expect(second).toEqual({ ...first, replayed: false });
  });

  it('opens none at the second run beside a PostgreSQL server either, whichever engine the first one took', async () => {
    const database = await createDatabase(postgresMajors.at(-1) ?? 18);
    const folder = await readMigrationsFolder(makeDirectory(journalFolder(migrations)), 'postgres');
    if (!folder) throw new Error('there is no folder');
    try {
      for (const scratch of [{ createDatabase: true }, {}]) {
        const cache = makeDirectory();
        const { dialect, counts } = countingDialect(postgres);
        const replay = async () => {
          const like = await postgres.connect({ driver: 'pg', url: database.url }, replayOptions.limits);
          try {
            return await replayMigrations(folder, null, { ...optionsWith(dialect, cache), scratch, like });
          } finally {
            await like.close();
          }
        };
        const first = await replay();
        const second = await replay();
        expect(counts).toEqual({ opened: 1, run: 3, open: 0 });
        expect(first.failures).toEqual([]);
        expect(second).toEqual({ ...first, replayed: false });
      }
    } finally {
      await database.drop();
    }
  });

  it('knows the pending migrations apart, and what each makes', async () => {
    const cache = makeDirectory();
    const folder = await folderOf(migrations);
    const rows = folder.migrations
      .slice(0, 1)
      .map(({ hash, when }, id) => ({ id, hash, createdAt: when, name: null }));
    const state = matchApplied(folder, rows);
    const { dialect, counts } = countingDialect();
    const first = await replayMigrations(folder, state, optionsWith(dialect, cache));
    const second = await replayMigrations(folder, state, optionsWith(dialect, cache));
    expect(counts.opened).toBe(1);
    expect(second).toEqual({ ...first, replayed: false });
    expect(second.applied.objects.map(({ address }) => address.name)).toEqual(['a', 'x']);
    expect(second.all.objects).toHaveLength(5);
    expect(new Set(Object.values(second.pendingMakers.places))).toEqual(new Set(['0001_b', '0002_c']));
  });

  it('replays again when a text, the scope, the engine or the version of drift is another', async () => {
    const cache = makeDirectory();
    const folder = await folderOf(migrations);
    const { dialect, counts } = countingDialect();
    const options = optionsWith(dialect, cache);
    await replayMigrations(folder, null, options);
    await replayMigrations(folder, null, { ...options, version: 'other' });
    await replayMigrations(folder, null, { ...options, scope: { ...options.scope, tables: ['a'] } });
    const like = {
      label: '',
      engine: 'SQLite 4',
      introspect: fail,
      readAppliedMigrations: fail,
      close: fail,
    };
    await replayMigrations(folder, null, { ...options, like });
    const edited = await folderOf([...migrations.slice(0, 2), ['0002_c', 'CREATE TABLE c (zz text);']]);
    await replayMigrations(edited, null, options);
    expect(counts.opened).toBe(5);
  });

  it.each(['', '{', 'x\n{}'])('does not trust an entry that reads %j, and replaces it', async (text) => {
    const cache = makeDirectory();
    const folder = await folderOf(migrations);
    const { dialect, counts } = countingDialect();
    const first = await replayMigrations(folder, null, optionsWith(dialect, cache));
    const entries = path.join(cache, 'recorded');
    for (const name of readdirSync(entries)) writeFileSync(path.join(entries, name), text);
    const again = await replayMigrations(folder, null, optionsWith(dialect, cache));
    expect(again).toEqual(first);
    await replayMigrations(folder, null, optionsWith(dialect, cache));
    expect(counts.opened).toBe(2);
    expect(readdirSync(entries).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    for (const name of readdirSync(entries))
      expect(readFileSync(path.join(entries, name), 'utf8')).not.toBe(text);
  });

  it('keeps no replay in which something failed', async () => {
    const cache = makeDirectory();
    const folder = await folderOf([...migrations, ['0003_d', 'CREATE INDEX i ON nowhere (x);']]);
    const { dialect, counts } = countingDialect();
    await replayMigrations(folder, null, optionsWith(dialect, cache));
    const second = await replayMigrations(folder, null, optionsWith(dialect, cache));
    expect(counts.opened).toBe(2);
    expect(second.complete).toBe(false);
    expect(second.failures).toMatchObject([
      { tag: '0003_d', line: 1, statement: 'CREATE INDEX i ON nowhere (x);', matters: true },
    ]);
  });

  it('works where nothing can be kept', async () => {
    const folder = await folderOf(migrations);
    const { dialect, counts } = countingDialect();
    const file = path.join(makeDirectory({ cache: 'a file' }), 'cache');
    await replayMigrations(folder, null, optionsWith(dialect, file));
    const second = await replayMigrations(folder, null, optionsWith(dialect, null));
    expect(second.all.objects).toHaveLength(5);
    expect(counts).toEqual({ opened: 2, run: 6, open: 0 });
  });
});

function fail(): never {
  throw new Error('it is not asked');
}

describe('replayMigrations', () => {
  it('is not complete where a file of the journal is gone', async () => {
    const directory = makeDirectory(journalFolder(migrations));
    writeFiles(directory, { '0002_c.sql': '' });
    const whole = await readMigrationsFolder(directory, 'sqlite');
    const journal = readFileSync(path.join(directory, 'meta/_journal.json'), 'utf8');
    writeFiles(directory, { 'meta/_journal.json': journal.replace('0002_c', '0002_gone') });
    const broken = await readMigrationsFolder(directory, 'sqlite');
    if (!whole || !broken) throw new Error('there is no folder');
    expect((await replayMigrations(whole, null, replayOptions)).complete).toBe(true);
    expect((await replayMigrations(broken, null, replayOptions)).complete).toBe(false);
  });

  it('is complete where only rows could not be changed', async () => {
    const folder = await folderOf([...migrations, ['0003_rows', 'INSERT INTO nowhere VALUES (1);']]);
    const recorded = await replayMigrations(folder, null, replayOptions);
    expect(recorded.failures).toMatchObject([{ tag: '0003_rows', matters: false }]);
    expect(recorded.complete).toBe(true);
  });

  it('replays up to any migration', async () => {
    const folder = await folderOf(migrations);
    const [, second] = folder.migrations;
    if (!second) throw new Error('there is no second migration');
    const { schema } = await replayUpTo(folder, second, replayOptions);
    expect(schema.objects.map(({ address }) => address.name)).toEqual(['a', 'x', 'y']);
  });

  it('closes the scratch database when the replay is broken off', async () => {
    const { dialect, counts } = countingDialect();
    const broken: Dialect = {
      ...dialect,
      openScratch: async (options, limits) => ({
        ...(await dialect.openScratch(options, limits)),
        introspect: () => Promise.reject(new Error('deadline')),
      }),
    };
    const folder = await folderOf(migrations);
    await expect(replayMigrations(folder, null, optionsWith(broken, null))).rejects.toThrow('deadline');
    expect(counts.open).toBe(0);
  });
});

describe('findCacheDirectory', () => {
  it('prefers node_modules, then the cache of the user, then the temporary one', async () => {
    const root = makeDirectory({ 'home/.cache/x': '', 'xdg/x': '', 'tmp/x': '' });
    const [home, xdg, tmp] = ['home', 'xdg', 'tmp'].map((name) => path.join(root, name));
    expect(await findCacheDirectory(root, { HOME: home }, tmp ?? '')).toBe(
      path.join(home ?? '', '.cache', 'drizzle-drift'),
    );
    expect(await findCacheDirectory(root, { HOME: home, XDG_CACHE_HOME: xdg }, tmp ?? '')).toBe(
      path.join(xdg ?? '', 'drizzle-drift'),
    );
    expect(await findCacheDirectory(root, {}, tmp ?? '')).toBe(path.join(tmp ?? '', 'drizzle-drift'));
    expect(await findCacheDirectory(root, {}, path.join(root, 'none'))).toBeNull();
    mkdirSync(path.join(root, 'node_modules'));
    expect(await findCacheDirectory(root, { HOME: home }, tmp ?? '')).toBe(
      path.join(root, 'node_modules', '.cache', 'drizzle-drift'),
    );
  });
});
