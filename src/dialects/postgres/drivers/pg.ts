import type pg from 'pg';
import { DriftError } from '../../../errors.ts';
import type { Limits } from '../../dialect.ts';
import {
  lastRow,
  readServerFacts,
  serverFactsQuery,
  standby,
  type Connection,
  type Row,
  type ServerFacts,
} from './connection.ts';
import { labelFields, readCredentials, type Attempt, type Credentials, type Host } from './credentials.ts';
import { explainFailure, type Blocker } from './failures.ts';
import { loadDriver } from './load.ts';
import { hidePassword, nameDatabase } from './url.ts';

/** The oldest major version that drift knows the catalogue of. */
const oldestVersion = 13;

/** Every value as the server sends it: text. */
const asText = { getTypeParser: () => (value: unknown) => value };

/**
 * Opens a connection to a PostgreSQL server with the package `pg`.
 * @throws DriftError DATABASE_URL_INVALID, DATABASE_UNREACHABLE, DATABASE_HOST_UNKNOWN, DATABASE_LOGIN_FAILED,
 * DATABASE_UNKNOWN, DATABASE_TLS, DATABASE_CONNECT_TIMEOUT, DATABASE_TOO_OLD, DRIVER_NOT_INSTALLED
 */
export async function connectPg(credentials: Credentials, limits: Limits): Promise<Connection> {
  const module = loadDriver('pg') as typeof pg;
  const { hosts, wantsPrimary } = readCredentials(credentials);
  let problem: unknown;
  for (const [index, host] of hosts.entries()) {
    const isLast = index === hosts.length - 1;
    try {
      const opened = await openHost(module, host, credentials, limits);
      if (isLast || !wantsPrimary || opened.server.noTemporary !== standby) {
        // As they are now: the server keeps the deadlines that a transaction begins with.
        return wrapClient(module, opened, credentials, { ...limits });
      }
      await closeClient(opened.client);
    } catch (error) {
      if (isLast || !isOutOfReach(error)) throw error;
      problem = error;
    }
  }
  throw problem;
}

/** What another host may do better. */
function isOutOfReach(error: unknown): boolean {
  const codes: readonly unknown[] = [
    'DATABASE_UNREACHABLE',
    'DATABASE_HOST_UNKNOWN',
    'DATABASE_CONNECT_TIMEOUT',
    'DATABASE_CONNECTION_LOST',
  ];
  return error instanceof DriftError && codes.includes(error.code);
}

interface OpenedClient {
  readonly client: pg.Client;
  readonly attempt: Attempt;
  readonly server: ServerFacts;
}

async function openHost(
  module: typeof pg,
  { attempts }: Host,
  credentials: Credentials,
  limits: Limits,
): Promise<OpenedClient> {
  for (const attempt of attempts) {
    const opened = await openClient(module, attempt, credentials, limits);
    if (opened) return opened;
  }
  throw new Error('The last attempt to connect either succeeds or throws.');
}

async function openClient(
  module: typeof pg,
  attempt: Attempt,
  credentials: Credentials,
  limits: Limits,
): Promise<OpenedClient | null> {
  const target = labelOf(credentials);
  let client: pg.Client | undefined;
  try {
    client = new module.Client({
      ...attempt.config,
      application_name: 'drift',
      connectionTimeoutMillis: limits.connect,
      types: asText as unknown as pg.CustomTypesConfig,
    });
    // An error while nothing is asked would end the process; the next query reports it.
    client.on('error', () => undefined);
    await client.connect();
    return { client, attempt, server: await checkServer(client, target, limits) };
  } catch (error) {
    await closeClient(client);
    if (attempt.goOnIf?.(error instanceof Error ? error.message : '') === true) return null;
    throw explainFailure(error, {
      target: client && credentials.url === undefined ? labelFields(client) : target,
      connecting: true,
      deadline: limits.connect,
    });
  }
}

async function checkServer(client: pg.Client, target: string, limits: Limits): Promise<ServerFacts> {
  // A pooler lets everybody in, and keeps waiting here who gets no server of it.
  const question = { text: serverFactsQuery, query_timeout: limits.connect };
  const { rows } = await client.query<Row>(question);
  const facts = readServerFacts(lastRow([rows]));
  if (facts.version < oldestVersion) {
    const version = String(facts.version);
    throw new DriftError('DATABASE_TOO_OLD', { target, version, oldest: String(oldestVersion) });
  }
  return facts;
}

function wrapClient(
  module: typeof pg,
  { client, attempt, server }: OpenedClient,
  credentials: Credentials,
  limits: Limits,
): Connection {
  const label = credentials.url === undefined ? labelFields(client) : labelOf(credentials);
  const pid = (client as unknown as { processID?: number | null }).processID ?? null;
  let blockers: readonly Blocker[] = [];
  return {
    label,
    limits,
    server,
    async run(sql) {
      // Half way to the deadline of a lock somebody has to look who holds it: afterwards nobody waits any more.
      const watch = setTimeout(() => {
        void findBlockers(module, attempt, limits, pid).then((found) => {
          if (found.length > 0) blockers = found;
        });
      }, limits.lock / 2);
      try {
        const results: unknown = await client.query(sql);
        return (Array.isArray(results) ? results : [results]).map(
          (result) => (result as { rows: readonly Row[] }).rows,
        );
      } catch (error) {
        throw withPosition(error, sql);
      } finally {
        clearTimeout(watch);
      }
    },
    explain: (error) =>
      Promise.resolve(
        explainFailure(error, {
          target: label,
          connecting: false,
          blockers,
          deadline: readDeadline(error, limits),
        }),
      ),
    close: () => closeClient(client),
    reconnect: (database) => connectPg(withDatabase(credentials, database), limits),
  };
}

function withDatabase({ url, options }: Credentials, database: string | null): Credentials {
  if (url !== undefined) return { ...(options ? { options } : {}), url: nameDatabase(url, database) };
  return { options: { ...options, ...(database === null ? {} : { database }) } };
}

/** The server gives a position in the text; whoever debugs a query wants to see the place. */
function withPosition(error: unknown, sql: string): unknown {
  const position = Number((error as { position?: string }).position ?? NaN);
  if (error instanceof Error && Number.isFinite(position)) {
    const place = sql.slice(Math.max(0, position - 40), position + 40).replace(/\s+/g, ' ');
    (error as Error & { place?: string }).place = place;
  }
  return error;
}

function readDeadline(error: unknown, limits: Limits): number {
  return (error as { code?: string }).code === '55P03' ? limits.lock : limits.statement;
}

/** Asks on a second connection, since ours waits. Whatever goes wrong here must not hide the first error. */
async function findBlockers(
  module: typeof pg,
  attempt: Attempt,
  limits: Limits,
  pid: number | null,
): Promise<readonly Blocker[]> {
  if (pid === null) return [];
  const observer = new module.Client({
    ...attempt.config,
    application_name: 'drift',
    connectionTimeoutMillis: Math.min(limits.connect, limits.lock / 2),
    query_timeout: limits.lock / 2,
  });
  observer.on('error', () => undefined);
  try {
    await observer.connect();
    const { rows } = await observer.query<{ [K in keyof Blocker]: string | null }>(blockersQuery(pid));
    return rows.map(({ pid: process, user, application, age, query }) => ({
      pid: process ?? '?',
      user: user ?? 'another user',
      application: application ?? '',
      age: age ?? '?',
      query: query ?? 'a query that may not be seen',
    }));
  } catch {
    return [];
  } finally {
    await closeClient(observer);
  }
}

function blockersQuery(pid: number): string {
  return `SELECT pid::text, usename::text AS user, application_name AS application, query,
    floor(extract(epoch FROM now() - xact_start))::text AS age
    FROM pg_catalog.pg_stat_activity WHERE pid = ANY (pg_catalog.pg_blocking_pids(${String(pid)})) ORDER BY xact_start`;
}

async function closeClient(client: pg.Client | undefined): Promise<void> {
  if (!client) return;
  const stream = (client as unknown as { connection?: { stream?: { destroy(): void } } }).connection?.stream;
  // A server that does not answer any more must not keep the process alive.
  const giveUp = setTimeout(() => stream?.destroy(), 1000);
  try {
    await client.end();
  } catch {
    stream?.destroy();
  } finally {
    clearTimeout(giveUp);
  }
}

function labelOf(credentials: Credentials): string {
  return credentials.url === undefined ? 'the PostgreSQL server' : hidePassword(credentials.url);
}
