/** Real PostgreSQL servers for tests, of the majors asked for, and a fresh database for each test. */
import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import pg from 'pg';
import { inject } from 'vitest';
import type { ServerAddress } from './postgres-setup.ts';

/** The majors to test on: 14, 16 and 18, or the ones listed in DRIFT_TEST_POSTGRES (13 to 18). */
export const postgresMajors: readonly number[] = (process.env['DRIFT_TEST_POSTGRES'] ?? '14,16,18')
  .split(',')
  .map(Number);

/** A database of its own on a test server. */
export interface TestDatabase {
  readonly server: ServerAddress;
  readonly name: string;
  readonly url: string;
  /** A connected superuser; closed by `drop`. */
  readonly client: pg.Client;
  /** Runs one or more statements as superuser. */
  run(sql: string): Promise<pg.QueryResult>;
  drop(): Promise<void>;
}

/** The server of a major version; it is started by whoever asks first. */
export async function findServer(major: number): Promise<ServerAddress> {
  return await ask(`/${String(major)}`);
}

/** A hot standby of a major version, on which the statements were run (in the database `postgres`) when it was a primary. */
export async function findStandby(major: number, statements: readonly string[]): Promise<ServerAddress> {
  return await ask(`/${[major, 'standby', ...statements.map(encodeURIComponent)].join('/')}`);
}

/** A server of a major version that takes encrypted connections only, with the certificate of test/support/tls. */
export async function findTlsServer(major: number): Promise<ServerAddress> {
  return await ask(`/${String(major)}/tls`);
}

async function ask(path: string): Promise<ServerAddress> {
  const response = await fetch(`${inject('postgresControl')}${path}`);
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as ServerAddress;
}

/** The URL of a database on a server, for its superuser or for somebody else. */
export function databaseUrl(
  server: ServerAddress,
  database: string,
  login: { user: string; password: string } = server,
): string {
  return `postgres://${login.user}:${login.password}@127.0.0.1:${String(server.port)}/${database}`;
}

/** Makes an empty database, or a copy of one that nobody is connected to. */
export async function createDatabase(major: number, template = 'template0'): Promise<TestDatabase> {
  const server = await findServer(major);
  const name = `t_${randomBytes(6).toString('hex')}`;
  await runOnce(server, `create database ${name} template ${template}`);
  const url = databaseUrl(server, name);
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return {
    server,
    name,
    url,
    client,
    run: (sql) => client.query(sql),
    drop: async () => {
      await client.end();
      await runOnce(server, `drop database if exists ${name} with (force)`);
    },
  };
}

/** Runs one statement in the database `postgres` of a server. */
export async function runOnce(server: ServerAddress, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl(server, 'postgres') });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** What a server logs about one database while `work` runs, line by line. */
export async function readLog(database: TestDatabase, work: () => Promise<void>): Promise<readonly string[]> {
  const before = statSync(database.server.log).size;
  await work();
  const text = readFileSync(database.server.log).subarray(before).toString('utf8');
  return text.split(/\n(?=\d{4}-)/).filter((line) => line.includes(`[${database.name}]`));
}
