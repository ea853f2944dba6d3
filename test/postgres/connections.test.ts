/** The ways to a server, and the ways not to get there: TLS, poolers, hosted URLs, and connections that break. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { DatabaseTarget, Limits } from '../../src/dialects/dialect.ts';
import { postgres } from '../../src/dialects/postgres/postgres.ts';
import { readCredentials } from '../../src/dialects/postgres/drivers/credentials.ts';
import { DriftError } from '../../src/errors.ts';
import { startPooler, writeMessage } from '../support/postgres-pooler.ts';
import { compare, limits, wholeDatabase, withSession } from '../support/postgres-sessions.ts';
import {
  createDatabase,
  databaseUrl,
  findServer,
  findTlsServer,
  postgresMajors,
  runOnce,
} from '../support/postgres-servers.ts';

type Target = Omit<DatabaseTarget & { driver: 'pg' }, 'driver'>;

const major = postgresMajors.at(-1) ?? 18;
const quick: Limits = { command: 5_000, connect: 700, statement: 2_000, lock: 400 };
const certificate = fileURLToPath(new URL('../support/tls/localhost.crt', import.meta.url));

/** `ok`, or the code of the error and what it says; no error may show the password. */
async function tryTo(target: Target, deadlines = limits): Promise<string> {
  try {
    const session = await postgres.connect({ driver: 'pg', ...target }, deadlines);
    try {
      await session.introspect(wholeDatabase);
    } finally {
      await session.close();
    }
    return 'ok';
  } catch (error) {
    if (!(error instanceof DriftError)) throw error;
    const all = `${error.code}: ${error.message} ${error.next}`;
    expect(`${all} ${JSON.stringify(error.details)}`).not.toContain('drift-test');
    return all;
  }
}

describe('TLS', () => {
  const cases: readonly (readonly [parameters: string, host: string, outcome: RegExp])[] = [
    // The server wants it; nobody says so, and the certificate is not trusted.
    ['', 'localhost', /^DATABASE_TLS: .*self-signed certificate.*sslrootcert=FILE/],
    ['?sslmode=disable', 'localhost', /^DATABASE_TLS: .*no encryption.*sslmode=require/],
    ['?ssl=false', 'localhost', /^DATABASE_TLS: .*no encryption/],
    ['?sslmode=allow', 'localhost', /^ok$/],
    ['?sslmode=prefer', 'localhost', /^ok$/],
    ['?sslmode=no-verify', 'localhost', /^ok$/],
    ['?sslmode=no-verify', '127.0.0.1', /^ok$/],
    ['?sslmode=require', 'localhost', /^DATABASE_TLS: .*self-signed certificate/],
    ['?ssl=true', 'localhost', /^DATABASE_TLS: .*self-signed certificate/],
    ['?ssl=require', 'localhost', /^DATABASE_TLS: .*self-signed certificate/],
    ['?sslmode=require&uselibpqcompat=true', 'localhost', /^ok$/],
    ['?sslmode=verify-ca', 'localhost', /^DATABASE_TLS: .*self-signed certificate/],
    ['?sslmode=verify-full', 'localhost', /^DATABASE_TLS: .*self-signed certificate/],
    [`?sslmode=verify-full&sslrootcert=${certificate}`, 'localhost', /^ok$/],
    [`?sslrootcert=${certificate}`, 'localhost', /^ok$/],
    [`?sslmode=verify-full&sslrootcert=${certificate}`, '127.0.0.1', /^DATABASE_TLS: .*altnames/],
    [`?sslmode=verify-ca&sslrootcert=${certificate}`, '127.0.0.1', /^ok$/],
    ['?sslmode=verify-full&sslrootcert=/no/such.pem', 'localhost', /^DATABASE_TLS: .*\/no\/such\.pem/],
    ['?sslmode=requierd', 'localhost', /^DATABASE_TLS: .*sslmode=requierd is none of/],
  ];

  test('each word leads to a server that demands it, or to one coded error', async () => {
    const server = await findTlsServer(major);
    for (const [parameters, host, outcome] of cases) {
      const url = `postgres://postgres:drift-test@${host}:${String(server.port)}/postgres${parameters}`;
      expect(await tryTo({ url }), `${host} ${parameters}`).toMatch(outcome);
    }
  });

  test('each form of ssl in dbCredentials is understood', async () => {
    const server = await findTlsServer(major);
    const { readFileSync } = await import('node:fs');
    const fields = {
      host: 'localhost',
      port: server.port,
      user: 'postgres',
      password: 'drift-test',
      database: 'postgres',
    };
    const forms: readonly (readonly [ssl: unknown, outcome: RegExp])[] = [
      [undefined, /^DATABASE_TLS: .*self-signed/],
      [true, /^DATABASE_TLS: .*self-signed/],
      [false, /^DATABASE_TLS: .*no encryption/],
      [{ rejectUnauthorized: false }, /^ok$/],
      [{ ca: readFileSync(certificate, 'utf8') }, /^ok$/],
      [{}, /^DATABASE_TLS: .*self-signed/],
      ['prefer', /^ok$/],
      ['allow', /^ok$/],
    ];
    for (const [ssl, outcome] of forms) {
      const found = await tryTo({ options: { ...fields, ...(ssl === undefined ? {} : { ssl }) } });
      expect(found).toMatch(outcome);
    }
  });

  test('a server without it is reached only where it is not demanded', async () => {
    const server = await findServer(major);
    const url = databaseUrl(server, 'postgres');
    for (const word of ['prefer', 'allow', 'disable'])
      expect(await tryTo({ url: `${url}?sslmode=${word}` })).toBe('ok');
    for (const word of ['require', 'verify-ca', 'verify-full', 'no-verify']) {
      expect(await tryTo({ url: `${url}?sslmode=${word}` })).toMatch(
        /^DATABASE_TLS: .*does not support SSL.* sslmode=disable/,
      );
    }
    const { user, password, port } = server;
    const fields = { user, password, port, host: '127.0.0.1', database: 'postgres' };
    expect(await tryTo({ options: { ...fields, ssl: 'prefer' } })).toBe('ok');
    expect(await tryTo({ options: { ...fields, ssl: true } })).toMatch(/^DATABASE_TLS/);
  });
});

describe('URLs', () => {
  /** What `pg` is told for a URL, of the first host. */
  function read(url: string): Readonly<Record<string, unknown>> {
    return { ...readCredentials({ url }).hosts[0]?.attempts[0]?.config };
  }

  test('parameters for other clients are not sent to the server', () => {
    const login = { user: 'u', password: 'p', database: 'db' };
    expect(
      read('postgresql://u:p@ep-x-pooler.eu.aws.neon.tech/db?sslmode=require&channel_binding=require'),
    ).toEqual({
      ...login,
      host: 'ep-x-pooler.eu.aws.neon.tech',
      ssl: {},
    });
    expect(
      read('postgres://postgres.ref:p@aws-0.pooler.supabase.com:6543/db?pgbouncer=true&connection_limit=1'),
    ).toEqual({ ...login, user: 'postgres.ref', host: 'aws-0.pooler.supabase.com', port: 6543 });
    expect(
      read('postgres://u:p@h/db?schema=public&connect_timeout=300&statement_timeout=1&application_name=x'),
    ).toEqual({
      ...login,
      host: 'h',
    });
    expect(read('postgres://u:p@h/db?sslmode=disable&supa=base-pooler.x')).toEqual({
      ...login,
      host: 'h',
      ssl: false,
    });
    expect(read('postgres://u:p@h/db?options=endpoint%3Dep-x')).toEqual({
      ...login,
      host: 'h',
      options: 'endpoint=ep-x',
    });
  });

  test('passwords, hosts and databases are taken as they are meant', () => {
    expect(read('postgres://u:p%40s%2Fs%3A%23%25@h:6543/my%20db')).toEqual({
      user: 'u',
      password: 'p@s/s:#%',
      host: 'h',
      port: 6543,
      database: 'my db',
    });
    // Not percent-encoded, and yet there is one way only to read it.
    expect(read('postgres://u:100%sure@p@h/db')).toMatchObject({ password: '100%sure@p', host: 'h' });
    expect(read('postgres://u:p@[::1]:5433/db')).toMatchObject({ host: '::1', port: 5433 });
    expect(read('postgres:///db?host=/var/run/postgresql&port=5433')).toEqual({
      host: '/var/run/postgresql',
      port: 5433,
      database: 'db',
    });
    expect(read('postgres://u@%2Fvar%2Frun%2Fpostgresql/db')).toMatchObject({ host: '/var/run/postgresql' });
    expect(read(' postgres://u:p@h/db\n')).toMatchObject({ host: 'h', database: 'db' });
    expect(read('postgres://?user=a&password=b&host=c&dbname=d')).toEqual({
      user: 'a',
      password: 'b',
      host: 'c',
      database: 'd',
    });
    for (const url of [
      'postgres://u:12#34@h/db',
      'postgres://u:12?34@h/db',
      'postgres://u:p@h:port/db',
      'postgres://u:p@h:99999/db',
      'http://u:p@h/db',
      'postgres:/u:p@h/db',
    ]) {
      expect(() => read(url)).toThrow(expect.objectContaining({ code: 'DATABASE_URL_INVALID' }));
    }
  });

  test('the hosts of a URL are tried one after the other', async () => {
    const server = await findServer(major);
    const rest = '/postgres?target_session_attrs=read-write';
    const good = `127.0.0.1:${String(server.port)}`;
    expect(await tryTo({ url: `postgres://postgres:drift-test@127.0.0.1:1,${good}${rest}` })).toBe('ok');
    expect(await tryTo({ url: `postgres://postgres:drift-test@127.0.0.1:1,127.0.0.1:2${rest}` })).toMatch(
      /^DATABASE_UNREACHABLE: .*127\.0\.0\.1:2: nothing listens there/,
    );
    // A login that is refused is no reason to look elsewhere.
    expect(await tryTo({ url: `postgres://postgres:wrong@${good},127.0.0.1:1${rest}` })).toMatch(
      /^DATABASE_LOGIN_FAILED/,
    );
  });

  test('a database that is not named is the one of the user, and said to be so', async () => {
    const server = await findServer(major);
    const url = `postgres://nobody_here:drift-test@127.0.0.1:${String(server.port)}`;
    expect(await tryTo({ url })).toMatch(/^DATABASE_LOGIN_FAILED/);
    expect(await tryTo({ url: `postgres://postgres:drift-test@127.0.0.1:${String(server.port)}` })).toBe(
      'ok',
    );
  });
});

/** Listens on a free port while `use` runs. */
async function withServer(
  serve: (socket: Socket) => void,
  use: (port: number) => Promise<void>,
): Promise<void> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use((server.address() as AddressInfo).port);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

/** An ErrorResponse of the protocol. */
function refusal(code: string, message: string): Buffer {
  return writeMessage('E', `SFATAL\0VFATAL\0C${code}\0M${message}\0\0`);
}

describe('Connections that break', () => {
  const answers: readonly (readonly [answer: Buffer | string, outcome: RegExp])[] = [
    [
      refusal('57P03', 'the database system is starting up'),
      /^DATABASE_UNREACHABLE: .*starting up.* drift wait/,
    ],
    [refusal('57P03', 'the database system is shutting down'), /^DATABASE_UNREACHABLE: .*Start the server/],
    [refusal('53300', 'sorry, too many clients already'), /^DATABASE_UNREACHABLE: .*Close connections/],
    [refusal('08P01', 'no such user: postgres'), /^DATABASE_LOGIN_FAILED/],
    [refusal('08P01', 'password authentication failed'), /^DATABASE_LOGIN_FAILED/],
    [refusal('08P01', 'no such database: postgres'), /^DATABASE_UNKNOWN/],
    [refusal('08P01', 'unsupported startup parameter: options'), /^DATABASE_POOLER: .*options/],
    [
      refusal('08P01', 'no more connections allowed (max_client_conn)'),
      /^DATABASE_UNREACHABLE: .*Close connections/,
    ],
    [refusal('XX000', 'Tenant or user not found'), /^DATABASE_LOGIN_FAILED/],
    ['', /^DATABASE_UNREACHABLE: .*closed before the login/],
    ['HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n', /^DATABASE_UNREACHABLE: .*is it PostgreSQL/],
    ['SSH-2.0-OpenSSH_9.2p1\r\n', /^DATABASE_UNREACHABLE: .*is it PostgreSQL/],
    ['J\0\0\0\n5.7.44\0aaaaaaaaaaaa', /^DATABASE_UNREACHABLE: .*does not speak PostgreSQL's protocol/],
  ];

  test.each(answers)('an answer of %j to the first message is one coded error', async (answer, outcome) => {
    const serve = (socket: Socket): void => void socket.once('data', () => socket.end(answer));
    await withServer(serve, async (port) => {
      const url = `postgres://postgres:drift-test@127.0.0.1:${String(port)}/postgres`;
      expect(await tryTo({ url }, quick)).toMatch(outcome);
    });
  });

  test('a connection that ends during the login, or in the middle of an answer, is told so', async () => {
    const database = await createDatabase(major);
    const cases: readonly (readonly [bytes: number, outcome: RegExp])[] = [
      [100, /^DATABASE_UNREACHABLE: .*closed before the login/],
      [5_000, /^DATABASE_CONNECTION_LOST/],
    ];
    try {
      await database.run(`create table t (id integer); comment on table t is '${'long '.repeat(2_000)}'`);
      for (const [bytes, outcome] of cases) {
        for (const end of ['end', 'resetAndDestroy'] as const) {
          const { port: upstream } = database.server;
          const serve = (socket: Socket): void => cutAfter(socket, upstream, bytes, () => socket[end]());
          await withServer(serve, async (port) => {
            const url = `postgres://postgres:drift-test@127.0.0.1:${String(port)}/${database.name}`;
            expect(await tryTo({ url })).toMatch(outcome);
          });
        }
      }
    } finally {
      await database.drop();
    }
  });

  test('a server that falls silent during the login is given up at the deadline', async () => {
    const server = await findServer(major);
    const serve = (socket: Socket): void => cutAfter(socket, server.port, 100, () => undefined);
    await withServer(serve, async (port) => {
      const url = `postgres://postgres:drift-test@127.0.0.1:${String(port)}/postgres`;
      expect(await tryTo({ url }, quick)).toMatch(/^DATABASE_CONNECT_TIMEOUT/);
    });
  });

  test('a server that is too old is told so', async () => {
    const row = { version: '120022', role: 'postgres', path: 'public', no_temporary: null };
    const column = (name: string): string => `${name}\0\0\0\0\0\0\0\0\0\0\x19\xff\xff\xff\xff\xff\xff\0\0`;
    const value = (text: string | null): string =>
      text === null ? '\xff\xff\xff\xff' : `\0\0\0${String.fromCharCode(text.length)}${text}`;
    const answer = Buffer.concat([
      writeMessage('T', `\0\x04${Object.keys(row).map(column).join('')}`),
      writeMessage('D', `\0\x04${Object.values(row).map(value).join('')}`),
      writeMessage('C', 'SELECT 1\0'),
      writeMessage('Z', 'I'),
    ]);
    const serve = (socket: Socket): void => {
      socket.once('data', () => {
        socket.write(Buffer.concat([writeMessage('R', '\0\0\0\0'), writeMessage('Z', 'I')]));
        socket.once('data', () => socket.write(answer));
      });
    };
    await withServer(serve, async (port) => {
      const url = `postgres://postgres:drift-test@127.0.0.1:${String(port)}/postgres`;
      expect(await tryTo({ url }, quick)).toMatch(/^DATABASE_TOO_OLD: .* is PostgreSQL 12; drift needs 13/);
    });
  });

  test('a database or a role that takes no more connections is no login that failed', async () => {
    const database = await createDatabase(major);
    const role = `limited_${database.name}`;
    try {
      await database.run(`create role ${role} login password 'drift-test' connection limit 0`);
      const url = databaseUrl(database.server, database.name, { user: role, password: 'drift-test' });
      expect(await tryTo({ url })).toMatch(/^DATABASE_UNREACHABLE: .*too many connections for role/);
      await database.run(
        `alter role ${role} connection limit -1; revoke connect on database ${database.name} from public`,
      );
      expect(await tryTo({ url })).toMatch(/^DATABASE_PRIVILEGE: .*permission denied for database/);
      await runOnce(database.server, `alter database ${database.name} allow_connections false`);
      expect(await tryTo({ url })).toMatch(/^DATABASE_UNREACHABLE: .*not currently accepting connections/);
    } finally {
      await database.run(`drop role if exists ${role}`);
      await database.drop();
    }
  });
});

/** Hands on what a server sends until it is so many bytes, and then does something else. */
function cutAfter(socket: Socket, port: number, bytes: number, then: () => void): void {
  const upstream = connect(port, '127.0.0.1');
  let sent = 0;
  upstream.on('error', () => undefined);
  upstream.on('data', (data) => {
    const rest = bytes - sent;
    if (rest <= 0) return;
    sent += data.length;
    socket.write(data.subarray(0, rest));
    if (data.length >= rest) setImmediate(then);
  });
  socket.pipe(upstream);
  socket.on('close', () => upstream.destroy());
}

describe('A pooler in transaction mode', () => {
  test('is as good as the server: no session lasts, and nothing is asked for at the start', async () => {
    const database = await createDatabase(major);
    try {
      await database.run(`create schema own; create table own.t (id integer primary key, note text default 'a',
        constraint c check (note in ('a', 'b') or note is null)); create view v as select id from own.t where id > 1`);
      const pooler = await startPooler(database.url, 3);
      try {
        const url = `postgres://somebody@127.0.0.1:${String(pooler.port)}/any?pgbouncer=true&statement_timeout=5000`;
        await withSession(url, async (session) => {
          const actual = await session.introspect(wholeDatabase);
          const texts: Readonly<Record<string, string>> = {
            c: `"own"."t"."note" is null or "note" = any (array['a', 'b'])`,
            v: 'select "id" from "own"."t" where "own"."t"."id" > 1',
          };
          const respelled = {
            ...actual,
            objects: actual.objects.map((object) => {
              const text = texts[object.address.name];
              if (text === undefined) return object;
              const expression = { text, canonical: text };
              if (object.kind === 'check') return { ...object, expression };
              return object.kind === 'view' ? { ...object, definition: expression } : object;
            }),
          };
          // The condition is turned round: only a server can tell that the view is the same and the check is not written so.
          expect(await compare(actual, respelled, session)).toEqual(['check.alter own.t.c expression']);
          expect(await session.readAppliedMigrations(wholeDatabase)).toBeNull();
        });
        expect(pooler.transactions()).toBeGreaterThan(3);
        expect(await tryTo({ url: `${url}&options=-c%20search_path%3Dx` })).toMatch(/^DATABASE_POOLER/);
      } finally {
        await pooler.close();
      }
    } finally {
      await database.drop();
    }
  });
});
