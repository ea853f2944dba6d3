/** Who keeps a connection waiting, asked on another one. */
import type pg from 'pg';
import { quoteLiteral } from '../quote.ts';
import type { Attempt } from './credentials.ts';
import type { Blocker } from './failures.ts';

/** Databases that every server has: whoever locked a catalogue of ours lets nobody into ours, and everybody into these. */
const others: readonly string[] = ['postgres', 'template1'];

/** What to ask with, and how long, in milliseconds. */
export interface Observation {
  readonly module: typeof pg;
  readonly attempt: Attempt;
  readonly deadline: number;
}

/** Those that the process of a connection waits for. Whatever goes wrong here must not hide the first error. */
export async function findBlockers(
  observation: Observation,
  pid: number | null,
): Promise<readonly Blocker[]> {
  if (pid === null) return [];
  const question = ask(`pid = ANY (pg_catalog.pg_blocking_pids(${String(pid)}))`);
  return firstAnswer([undefined, ...others].map((database) => observe(observation, database, question)));
}

/** Those that keep everybody out of a database: the ones that hold one of its catalogues for themselves. */
export async function findOccupiers(
  observation: Observation,
  database: string | undefined,
): Promise<readonly Blocker[]> {
  if (database === undefined) return [];
  const question = ask(`pid IN (SELECT l.pid FROM pg_catalog.pg_locks l
    WHERE l.granted AND l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND l.relation < 16384
      AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = ${quoteLiteral(database)}))`);
  return firstAnswer(others.map((other) => observe(observation, other, question)));
}

function ask(condition: string): string {
  return `SELECT pid::text, usename::text AS user, application_name AS application, query,
    floor(extract(epoch FROM now() - xact_start))::text AS age
    FROM pg_catalog.pg_stat_activity WHERE ${condition} ORDER BY xact_start`;
}

/** They are asked at the same time, since one that is kept waiting says so only at its deadline. */
async function firstAnswer(
  answers: readonly Promise<readonly Blocker[] | null>[],
): Promise<readonly Blocker[]> {
  const found = answers.map(async (answer) => {
    const blockers = await answer;
    if (blockers === null || blockers.length === 0) throw new Error('nobody');
    return blockers;
  });
  return Promise.any(found).catch(() => []);
}

/** Null where there is no answer. */
async function observe(
  { module, attempt, deadline }: Observation,
  database: string | undefined,
  question: string,
): Promise<readonly Blocker[] | null> {
  const observer = new module.Client({
    ...attempt.config,
    ...(database === undefined ? {} : { database }),
    application_name: 'drift',
    connectionTimeoutMillis: deadline,
    query_timeout: deadline,
  });
  observer.on('error', () => undefined);
  try {
    await observer.connect();
    const { rows } = await observer.query<{ [K in keyof Blocker]: string | null }>(question);
    return rows.map(({ pid: process, user, application, age, query }) => ({
      pid: process ?? '?',
      user: user ?? 'another user',
      application: application ?? '',
      age: age ?? '?',
      query: query ?? 'a query that may not be seen',
    }));
  } catch {
    return null;
  } finally {
    await closeClient(observer);
  }
}

/** Closes a client, and leaves it where it does not let itself be closed. */
export async function closeClient(client: pg.Client | undefined): Promise<void> {
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
