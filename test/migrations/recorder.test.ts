import path from 'node:path';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Limits } from '../../src/dialects/dialect.ts';
import { postgres } from '../../src/dialects/postgres/postgres.ts';
import { postgresRecorder } from '../../src/dialects/postgres/recorder.ts';
import { hashMigration } from '../../src/project/migrations/hash.ts';
import { scope } from '../causes/story.ts';
import { createDatabase, postgresMajors } from '../support/postgres-servers.ts';
import { firstWhen, journalFolder, makeDirectory } from './folders.ts';

const limits: Limits = { command: 60_000, connect: 10_000, statement: 30_000, lock: 5_000 };
const now = new Date('2026-01-02T03:04:05.678Z');

async function makeTarget() {
  const database = await createDatabase(postgresMajors.at(-1) ?? 18);
  onTestFinished(() => database.drop());
  const target = { driver: 'pg', url: database.url } as const;
  const read = async () => {
    const session = await postgres.connect(target, limits);
    try {
      return await session.readAppliedMigrations(scope);
    } finally {
      await session.close();
    }
  };
  return { database, target, read };
}

describe('rows written to PostgreSQL', () => {
  it('are those of drizzle-orm 0.x, which goes on from there', async () => {
    const { database, target, read } = await makeTarget();
    const sql = 'CREATE TABLE a (x integer);';
    const rows = [{ hash: hashMigration(sql), createdAt: firstWhen, name: null }];
    await postgresRecorder.record(target, { scope, limits, rows, now });
    // A second time changes nothing.
    await postgresRecorder.record(target, { scope, limits, rows, now });
    expect(await read()).toEqual([{ id: 1, hash: hashMigration(sql), createdAt: firstWhen, name: null }]);
    const folder = makeDirectory(
      journalFolder(
        [
          ['0000_a', sql],
          ['0001_b', 'CREATE TABLE b (x integer);'],
        ],
        'postgresql',
      ),
    );
    await migrate(drizzle(database.client), { migrationsFolder: path.resolve(folder) });
    expect((await read())?.map(({ id }) => id)).toEqual([1, 2]);
    expect((await database.run("SELECT to_regclass('a') AS a, to_regclass('b') AS b")).rows).toEqual([
      { a: null, b: 'b' },
    ]);
  });

  it('have names and times where they are those of 1.0', async () => {
    const { database, target, read } = await makeTarget();
    const rows = [{ hash: 'it\'s "x"', createdAt: firstWhen, name: "20250101000000_o'clock" }];
    await postgresRecorder.record(target, { scope, limits, rows, now });
    expect(await read()).toEqual([{ id: 1, ...rows[0], appliedAt: now.getTime() }]);
    const { rows: times } = await database.run('SELECT applied_at FROM drizzle.__drizzle_migrations');
    expect(times).toEqual([{ applied_at: now }]);
  });

  it('leave nothing behind where one of them cannot be written', async () => {
    const { database, target, read } = await makeTarget();
    await database.run(
      "CREATE SCHEMA drizzle; CREATE TABLE drizzle.__drizzle_migrations (id serial, hash text CHECK (hash <> 'b'), created_at bigint)",
    );
    const rows = ['a', 'b'].map((hash) => ({ hash, createdAt: 1, name: null }));
    await expect(postgresRecorder.record(target, { scope, limits, rows, now })).rejects.toThrow();
    expect(await read()).toEqual([]);
  });
});
