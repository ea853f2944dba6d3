/** Scratch databases on a real server: made, used and dropped; nothing else there is touched. */
import { randomBytes } from 'node:crypto';
import { DriftError } from '../../errors.ts';
import { lastRow, type Connection } from './drivers/connection.ts';
import { quoteLiteral, quoteName } from './quote.ts';

/** How to reach a server again, with another database where one is named. */
export type Reconnect = (database: string | null) => Promise<Connection>;

/** A database that drift has made. */
export interface ScratchDatabase {
  readonly connection: Connection;
  /** Closes the connection and drops the database. @throws DriftError SCRATCH_LEFT */
  drop(): Promise<void>;
}

/**
 * How long a scratch database that nobody is connected to is left alone, in seconds: between making it and connecting to it
 * its owner is not seen.
 */
const graceForOwner = 600;

/**
 * Makes a database on a server. Even where a whole server is given for scratch work nothing is ever built in the database that
 * the URL names: it may be somebody's. What an earlier run that was killed has left behind is dropped.
 * @throws DriftError SCRATCH_REFUSED, or whatever connecting leads to
 */
export async function createScratchDatabase(connectTo: Reconnect): Promise<ScratchDatabase> {
  const administrator = await connectTo(null);
  try {
    const name = await nameScratch(administrator);
    await create(administrator, name);
    try {
      const connection = await connectTo(name);
      await requireOwn(connection, administrator.label, name);
      return { connection, drop: () => dropAndClose(administrator, connection, name) };
    } catch (error) {
      await drop(administrator, name).catch(() => undefined);
      throw error;
    }
  } catch (error) {
    await administrator.close();
    throw error;
  }
}

/** A name that tells when it was made, by the server's clock; what is left of earlier runs goes on the way. */
async function nameScratch(administrator: Connection): Promise<string> {
  const row = lastRow(await ask(administrator, leftoversQuery));
  const leftovers = JSON.parse(row['leftovers'] ?? '[]') as readonly string[];
  for (const leftover of leftovers) {
    // Without FORCE: whoever has connected to it in the meantime keeps it. Somebody else may drop it at the same time.
    await administrator.run(`DROP DATABASE IF EXISTS ${quoteName(leftover)}`).catch(() => undefined);
  }
  return `drift_scratch_${row['now'] ?? ''}_${randomBytes(8).toString('hex')}`;
}

const leftoversQuery = `WITH clock AS (SELECT floor(extract(epoch FROM pg_catalog.now()))::bigint AS seconds),
  scratch AS (SELECT d.oid, d.datname, ('x' || lpad(substr(d.datname, 15, 8), 16, '0'))::bit(64)::bigint AS made
    FROM pg_catalog.pg_database d
    WHERE d.datname ~ '^drift_scratch_[0-9a-f]{8}_[0-9a-f]{16}$' AND pg_catalog.pg_has_role(d.datdba, 'USAGE'))
  SELECT lpad(to_hex(clock.seconds), 8, '0') AS now,
    (SELECT json_agg(s.datname) FROM scratch s WHERE s.made < clock.seconds - ${String(graceForOwner)}
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.datid = s.oid))::text AS leftovers
  FROM clock`;

async function ask(connection: Connection, sql: string): ReturnType<Connection['run']> {
  try {
    return await connection.run(sql);
  } catch (error) {
    throw await connection.explain(error);
  }
}

async function create(administrator: Connection, name: string): Promise<void> {
  try {
    // template0 has nothing of the site's own in it.
    await administrator.run(`CREATE DATABASE ${quoteName(name)} TEMPLATE template0`);
  } catch (error) {
    const explained = await administrator.explain(error);
    if (explained instanceof DriftError && explained.code === 'DATABASE_CONNECTION_LOST') throw explained;
    const problem = error instanceof Error ? error.message : String(error);
    throw new DriftError('SCRATCH_REFUSED', { target: administrator.label, problem }, { cause: error });
  }
}

/** A pooler may lead every name to one database, and then that one would be built in. */
async function requireOwn(connection: Connection, target: string, name: string): Promise<void> {
  try {
    const row = lastRow(
      await ask(
        connection,
        `SELECT (pg_catalog.current_database() = ${quoteLiteral(name)})::text AS own, pg_catalog.current_database()::text AS name`,
      ),
    );
    if (row['own'] === 'true') return;
    const problem = `whoever connects to ${name} comes to ${row['name'] ?? 'another database'}`;
    throw new DriftError('SCRATCH_REFUSED', { target, problem });
  } catch (error) {
    await connection.close();
    throw error;
  }
}

async function drop(administrator: Connection, name: string): Promise<void> {
  await administrator.run(`DROP DATABASE IF EXISTS ${quoteName(name)} WITH (FORCE)`);
}

async function dropAndClose(administrator: Connection, connection: Connection, name: string): Promise<void> {
  try {
    await connection.close();
    await drop(administrator, name);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new DriftError(
      'SCRATCH_LEFT',
      { target: administrator.label, database: name, problem },
      { cause: error },
    );
  } finally {
    await administrator.close();
  }
}
