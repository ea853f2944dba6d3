import type pg from 'pg';
import { DriftError } from '../../../errors.ts';
import type { Limits } from '../../dialect.ts';
import { closeClient, findBlockers, findOccupiers } from './blockers.ts';
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
    const message = error instanceof Error ? error.message : '';
    if (attempt.goOnIf?.(message) === true) return null;
    // A server that lets nobody in may tell why in another of its databases.
    const deadline = Math.min(limits.connect, 1000);
    const blockers = /timeout/i.test(message)
      ? await findOccupiers({ module, attempt, deadline }, client?.database)
      : [];
    const occupied = Object.assign(new Error(message, { cause: error }), { code: '55P03' });
    throw explainFailure(blockers.length > 0 ? occupied : error, {
      target: client && credentials.url === undefined ? labelFields(client) : target,
      connecting: true,
      blockers,
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
        const deadline = limits.lock / 2;
        void findBlockers({ module, attempt, deadline }, pid).then((found) => {
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

function labelOf(credentials: Credentials): string {
  return credentials.url === undefined ? 'the PostgreSQL server' : hidePassword(credentials.url);
}
