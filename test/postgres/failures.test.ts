import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { DriftError } from '../../src/errors.ts';
import type { DatabaseTarget, Limits } from '../../src/dialects/dialect.ts';
import { postgres } from '../../src/dialects/postgres/postgres.ts';
import { compare, limits, wholeDatabase, withSession } from '../support/postgres-sessions.ts';
import {
  createDatabase,
  databaseUrl,
  findServer,
  postgresMajors,
  runOnce,
} from '../support/postgres-servers.ts';

const major = postgresMajors.at(-1) ?? 18;
const quick: Limits = { command: 5_000, connect: 500, statement: 2_000, lock: 400 };

/** The error that connecting leads to; the connection is closed where there is none. */
async function failToConnect(target: Omit<DatabaseTarget & { driver: 'pg' }, 'driver'>): Promise<DriftError> {
  try {
    const session = await postgres.connect({ driver: 'pg', ...target }, quick);
    await session.close();
  } catch (error) {
    if (error instanceof DriftError) return error;
    throw error;
  }
  throw new Error('It connected.');
}

test('each way not to get a connection has its own code, and none shows the password', async () => {
  const server = await findServer(major);
  const at = (rest: string): string => `postgres://postgres:drift-test@127.0.0.1:${rest}`;
  const cases: readonly (readonly [code: string, url: string])[] = [
    ['DATABASE_UNREACHABLE', at('1/shop')],
    ['DATABASE_HOST_UNKNOWN', 'postgres://postgres:drift-test@no-such-host.invalid/shop'],
    ['DATABASE_LOGIN_FAILED', `postgres://postgres:wrong-secret@127.0.0.1:${String(server.port)}/postgres`],
    [
      'DATABASE_LOGIN_FAILED',
      `postgres://nobody_at_all:wrong-secret@127.0.0.1:${String(server.port)}/postgres`,
    ],
    ['DATABASE_UNKNOWN', at(`${String(server.port)}/no_such_database`)],
    ['DATABASE_TLS', at(`${String(server.port)}/postgres?sslmode=verify-full`)],
    ['DATABASE_URL_INVALID', 'mysql://root:drift-test@127.0.0.1/shop'],
    ['DATABASE_URL_INVALID', 'postgres://user:drift-test@127.0.0.1:port/shop'],
    ['DATABASE_UNREACHABLE', 'postgres://postgres:drift-test@/shop?host=/no/such/folder'],
  ];
  for (const [code, url] of cases) {
    const error = await failToConnect({ url });
    expect([error.code, url]).toEqual([code, url]);
    expect(`${error.message} ${error.next} ${JSON.stringify(error.details)}`).not.toMatch(
      /drift-test|wrong-secret/,
    );
  }
  expect(
    (
      await failToConnect({
        options: { host: '127.0.0.1', port: 1, user: 'a', password: 'drift-test', database: 'b' },
      })
    ).message,
  ).toContain('postgres://a@127.0.0.1:1/b');
});

test('a server that never answers is given up at the deadline', async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  try {
    const error = await failToConnect({ url: `postgres://a:b@127.0.0.1:${String(port)}/c` });
    expect(error.code).toBe('DATABASE_CONNECT_TIMEOUT');
  } finally {
    silent.close();
  }
});

test('fields, words for TLS and a unix socket lead to the database', async () => {
  const server = await findServer(major);
  const base = { user: 'postgres', password: 'drift-test', database: 'postgres', port: server.port };
  const targets: readonly Omit<DatabaseTarget & { driver: 'pg' }, 'driver'>[] = [
    { options: { ...base, host: '127.0.0.1' } },
    { options: { ...base, host: '127.0.0.1', ssl: false } },
    { options: { ...base, host: '127.0.0.1', ssl: 'prefer' } },
    { options: { ...base, host: server.socket } },
    { url: `${databaseUrl(server, 'postgres')}?sslmode=disable` },
    { url: `${databaseUrl(server, 'postgres')}?sslmode=prefer` },
    {
      url: `postgres://postgres:drift-test@/postgres?host=${encodeURIComponent(server.socket)}&port=${String(server.port)}`,
    },
  ];
  for (const target of targets) {
    const session = await postgres.connect({ driver: 'pg', ...target }, limits);
    expect(session.label).not.toContain('drift-test');
    expect(session.label).toMatch(/^postgres:\/\/postgres@.*postgres$/);
    await session.close();
  }
});

test('whoever holds a lock on a table is named', async () => {
  const database = await createDatabase(major);
  try {
    await database.run('create table busy (id integer); create view uses as select id from busy');
    await database.run('begin; alter table busy add column extra integer');
    const session = await postgres.connect({ driver: 'pg', url: database.url }, quick);
    try {
      await expect(session.introspect(wholeDatabase)).rejects.toMatchObject({ code: 'SCHEMA_LOCKED' });
      await expect(session.introspect(wholeDatabase)).rejects.toThrow(
        /held by process \d+ \(postgres\).*alter table busy/,
      );
    } finally {
      await session.close();
    }
    await database.run('rollback');
  } finally {
    await database.drop();
  }
});

test('whoever holds a lock on a catalogue is named, to those who are in and to those who are not let in', async () => {
  const database = await createDatabase(major);
  try {
    const session = await postgres.connect(
      { driver: 'pg', url: database.url },
      { ...quick, statement: 20_000, lock: 2_000 },
    );
    try {
      await database.run('begin; lock table pg_catalog.pg_class in access exclusive mode');
      const holder = /held by process \d+ \(postgres\).*lock table pg_catalog\.pg_class/;
      const reading = session.introspect(wholeDatabase);
      await expect(reading).rejects.toMatchObject({ code: 'SCHEMA_LOCKED' });
      await expect(reading).rejects.toThrow(holder);
      const connecting = postgres.connect({ driver: 'pg', url: database.url }, quick);
      await expect(connecting).rejects.toMatchObject({ code: 'SCHEMA_LOCKED' });
      await expect(connecting).rejects.toThrow(holder);
    } finally {
      await database.run('rollback');
      await session.close();
    }
  } finally {
    await database.drop();
  }
});

test('a connection that is dropped half way is told so', async () => {
  const database = await createDatabase(major);
  try {
    const session = await postgres.connect({ driver: 'pg', url: database.url }, quick);
    await runOnce(
      database.server,
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database.name}' and application_name = 'drift'`,
    );
    await expect(session.introspect(wholeDatabase)).rejects.toMatchObject({
      code: 'DATABASE_CONNECTION_LOST',
    });
    await session.close();
  } finally {
    await database.drop();
  }
});

test('a PGlite folder that is not there is not made', async () => {
  await expect(
    postgres.connect({ driver: 'pglite', folder: '/no/such/folder' }, quick),
  ).rejects.toMatchObject({
    code: 'DATABASE_UNKNOWN',
  });
});

test('a type that the server does not have is one precise finding', async () => {
  const database = await createDatabase(major);
  try {
    await database.run("create table t (id integer primary key, name text, constraint c check (name <> ''))");
    await withSession(database.url, async (session) => {
      const actual = await session.introspect(wholeDatabase);
      const expected = {
        ...actual,
        objects: actual.objects.map((object) =>
          object.kind === 'column' && object.address.name === 'name'
            ? { ...object, type: 'citext' }
            : object.kind === 'check'
              ? { ...object, expression: { text: `"t"."name" <> ''`, canonical: '' } }
              : object,
        ),
      };
      expect(await compare(actual, expected, session)).toEqual(['column.alter t.name type']);
    });
  } finally {
    await database.drop();
  }
});
