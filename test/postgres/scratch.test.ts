/** Scratch databases on a real server. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Scratch, ScratchOptions } from '../../src/dialects/dialect.ts';
import { postgres } from '../../src/dialects/postgres/postgres.ts';
import { startPooler } from '../support/postgres-pooler.ts';
import { limits, wholeDatabase, withSession } from '../support/postgres-sessions.ts';
import {
  createDatabase,
  databaseUrl,
  postgresMajors,
  runOnce,
  type TestDatabase,
} from '../support/postgres-servers.ts';

const major = postgresMajors.at(-1) ?? 18;
let home: TestDatabase;

beforeEach(async () => {
  home = await createDatabase(major);
  await home.run('create table precious (id integer primary key)');
});

afterEach(async () => {
  await home.drop();
});

/** Every scratch database on the server, whoever made it. */
async function listScratch(): Promise<readonly string[]> {
  const { rows } = await home.client.query<{ datname: string }>(
    "select datname from pg_database where datname like 'drift_scratch_%' order by 1",
  );
  return rows.map(({ datname }) => datname);
}

/** Opens a scratch database, uses it and closes it whatever happens. */
async function withScratch(
  options: Partial<ScratchOptions>,
  use: (scratch: Scratch) => Promise<void>,
): Promise<void> {
  const scratch = await postgres.openScratch({ like: null, cache: null, ...options }, limits);
  try {
    await use(scratch);
  } finally {
    await scratch.close();
  }
}

async function namesOf(scratch: Scratch): Promise<readonly string[]> {
  const { objects } = await scratch.introspect(wholeDatabase);
  return objects.filter(({ kind }) => kind === 'table').map(({ address }) => address.name);
}

describe('a scratch database', () => {
  test('is made beside the one that the URL names, used and dropped', async () => {
    const before = await listScratch();
    await withScratch({ url: home.url }, async (scratch) => {
      const made = (await listScratch()).filter((name) => !before.includes(name));
      expect(made).toEqual([expect.stringMatching(/^drift_scratch_[0-9a-f]{8}_[0-9a-f]{16}$/)]);
      expect(await namesOf(scratch)).toEqual([]);
      expect(
        await scratch.run(['create table t (id integer)', 'create index concurrently i on t (id)']),
      ).toBeNull();
      expect(await namesOf(scratch)).toEqual(['t']);
    });
    expect(await listScratch()).toEqual(before);
    const { rows } = await home.client.query(
      "select to_regclass('t') as t, to_regclass('precious')::text as precious",
    );
    expect(rows).toEqual([{ t: null, precious: 'precious' }]);
  });

  test('is made on the server of the database that is checked, where that is allowed', async () => {
    const before = await listScratch();
    await withSession(home.url, async (session) => {
      await withScratch({ like: session, createDatabase: true }, async (one) => {
        await withScratch({ like: session, createDatabase: true }, async (other) => {
          await one.run(['create table a ()']);
          await other.run(['create table b ()']);
          expect([await namesOf(one), await namesOf(other)]).toEqual([['a'], ['b']]);
          expect((await listScratch()).length).toBe(before.length + 2);
        });
      });
    });
    expect(await listScratch()).toEqual(before);
  });

  test('is dropped where a statement fails, and where its session was ended', async () => {
    const before = await listScratch();
    await withScratch({ url: home.url }, async (scratch) => {
      expect(
        await scratch.run(['create table t ()', 'create tabel u ()', 'create table v ()']),
      ).toMatchObject({ index: 1 });
    });
    await withScratch({ url: home.url }, async (scratch) => {
      await home.run(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname like 'drift_scratch_%'",
      );
      expect(await scratch.run(['select 1'])).toMatchObject({ index: 0 });
    });
    expect(await listScratch()).toEqual(before);
  });

  test('that an earlier run left behind is dropped; any other database stays', async () => {
    const lately = Math.floor(Date.now() / 1000).toString(16);
    const long = 'drift_scratch_60000000_0123456789abcdef';
    const busy = 'drift_scratch_60000000_00000000000000ff';
    const recent = `drift_scratch_${lately}_0123456789abcdef`;
    const foreign = 'drift_scratch_of_mine';
    const all = [long, busy, recent, foreign];
    for (const name of all) await runOnce(home.server, `create database ${name}`);
    try {
      await withSession(databaseUrl(home.server, busy), async () => {
        await withScratch({ url: home.url }, async () => {
          const left = await listScratch();
          expect(all.filter((name) => left.includes(name))).toEqual([busy, recent, foreign]);
        });
      });
    } finally {
      for (const name of all) await runOnce(home.server, `drop database if exists ${name}`);
    }
  });

  test('that may not be made is one coded error', async () => {
    const before = await listScratch();
    const role = `plain_${home.name}`;
    await home.run(`create role ${role} login password 'drift-test'`);
    try {
      const url = databaseUrl(home.server, home.name, { user: role, password: 'drift-test' });
      await expect(withScratch({ url }, () => Promise.resolve())).rejects.toMatchObject({
        code: 'SCRATCH_REFUSED',
        message: expect.stringContaining('permission denied to create database') as unknown,
      });
    } finally {
      await home.run(`drop role ${role}`);
    }
    expect(await listScratch()).toEqual(before);
  });

  test('is not taken for one where a pooler leads every name to the same database', async () => {
    const before = await listScratch();
    const pooler = await startPooler(home.url, 3);
    try {
      const url = `postgres://anybody@127.0.0.1:${String(pooler.port)}/any`;
      await expect(withScratch({ url }, () => Promise.resolve())).rejects.toMatchObject({
        code: 'SCRATCH_REFUSED',
        message: expect.stringContaining(home.name) as unknown,
      });
    } finally {
      await pooler.close();
    }
    expect(await listScratch()).toEqual(before);
  });

  test('has the extensions of its server, which PGlite may lack', async () => {
    await withScratch({ url: home.url }, async (scratch) => {
      expect(await scratch.run(['create extension dblink', 'create table t ()'])).toBeNull();
      const { objects } = await scratch.introspect(wholeDatabase);
      expect(objects.map(({ kind, address }) => `${kind} ${address.name}`)).toContain('extension dblink');
    });
  });

  test('never makes or changes what belongs to the whole server', async () => {
    const role = `made_${home.name}`;
    const member = `member_${home.name}`;
    await home.run(`create role ${member}`);
    const snapshot = async (): Promise<unknown> =>
      (
        await home.client.query(`select (select json_agg(r order by oid) from pg_roles r) as roles,
          (select json_agg(m) from pg_auth_members m) as members, (select count(*) from pg_db_role_setting) as settings`)
      ).rows;
    try {
      const before = await snapshot();
      await withScratch({ url: home.url }, async (scratch) => {
        const texts = [
          `create role ${role} nologin`,
          `-- a role\nCREATE USER ${role} PASSWORD 'x';`,
          `do $$ begin if not exists (select from pg_roles where rolname = '${role}') then create role ${role}; end if; end $$`,
          `do $$ begin if not exists (select from pg_roles where rolname = '${member}') then create role ${member}; end if; end $$`,
          `grant pg_read_all_data to ${member}`,
          `alter role ${member} set search_path = x`,
          `alter role ${member} createdb`,
          `alter database ${home.name} set timezone = 'UTC'`,
          `comment on role ${member} is 'x'`,
          `create table t (id integer, "user" text)`,
          `grant select on t to ${member}`,
          'create index concurrently "user" on t ("user")',
        ];
        expect(await scratch.run(texts)).toBeNull();
        expect(await namesOf(scratch)).toEqual(['t']);
        // Whoever calls takes such a text apart.
        expect(await scratch.run([`create role ${role}; create table u ()`])).toMatchObject({ index: 0 });
        expect(await scratch.run([`begin; create role ${role}; commit`])).toMatchObject({ index: 0 });
        // What refers to a role that is not there is wanting, not wrong.
        expect(await scratch.run([`grant select on t to ${role}`])).toMatchObject({ lacking: true });
      });
      expect(await snapshot()).toEqual(before);
    } finally {
      await home.run(`drop role if exists ${role}; drop role ${member}`);
    }
  });
});
