import type { Limits } from '../../dialect.ts';

/** A row as the server sent it, every value as text or null; column names are keys. */
export type Row = Readonly<Record<string, string | null>>;

/** What is asked of a server once, right after the login. */
export interface ServerFacts {
  /** Major version. */
  readonly version: number;
  /** The role we are. */
  readonly role: string;
  /** Why no temporary objects can be made; null where they can. */
  readonly noTemporary: string | null;
  /** Schemas that names without one are looked up in, in order, as identifiers ready for SET search_path. */
  readonly searchPath: string;
}

/** An open connection to a PostgreSQL server, whatever the transport. */
export interface Connection {
  /** The URL without its password, or the folder of a PGlite. */
  readonly label: string;
  readonly limits: Limits;
  readonly server: ServerFacts;
  /**
   * Sends SQL (one statement or several) in one message and returns the rows of each statement.
   * Nothing is sent as a parameter: literals are quoted by whoever writes the SQL.
   * @throws the driver's own error; {@link explainFailure} makes a DriftError of it
   */
  run(sql: string): Promise<readonly (readonly Row[])[]>;
  /** Makes the coded error of one that `run` threw; may ask the server who is in the way. */
  explain(error: unknown): Promise<Error>;
  close(): Promise<void>;
  /** Opens another connection to the same server, to the database named; not every transport can. */
  readonly reconnect?: (database: string | null) => Promise<Connection>;
}

/**
 * Begins a transaction with drift's deadlines. They are set for the transaction alone: a session setting would stay behind
 * in a pooled connection, and a pooler refuses it as a startup parameter.
 */
export function beginTransaction(limits: Limits, mode: string): string {
  return [
    `BEGIN ${mode}`,
    `SET LOCAL statement_timeout = ${String(Math.ceil(limits.statement))}`,
    `SET LOCAL lock_timeout = ${String(Math.ceil(limits.lock))}`,
    // A client that was stopped must not hold its snapshot for ever.
    `SET LOCAL idle_in_transaction_session_timeout = ${String(Math.ceil(limits.statement))}`,
    '',
  ].join('; ');
}

/** The last statement's only row, for SQL that ends in a SELECT of one row. */
export function lastRow(results: readonly (readonly Row[])[]): Row {
  const row = results.at(-1)?.at(-1);
  if (!row) throw new Error('PostgreSQL sent no row where one was asked for.');
  return row;
}

/** {@link ServerFacts.noTemporary} of a server in recovery. */
export const standby = 'the server is a standby';

/** One statement for {@link readServerFacts}. */
export const serverFactsQuery = `SELECT
  pg_catalog.current_setting('server_version_num') AS version,
  CURRENT_USER::text AS role,
  pg_catalog.current_setting('search_path') AS path,
  CASE WHEN pg_catalog.pg_is_in_recovery() THEN '${standby}'
    WHEN pg_catalog.current_setting('default_transaction_read_only') = 'on' THEN 'the server is read-only'
    WHEN NOT pg_catalog.has_database_privilege(pg_catalog.current_database(), 'TEMP')
      THEN 'the role may not make temporary objects'
  END AS no_temporary`;

/** Decodes the row of {@link serverFactsQuery}. */
export function readServerFacts(row: Row): ServerFacts {
  return {
    version: Math.floor(Number(row['version'] ?? '0') / 10000),
    role: row['role'] ?? '',
    noTemporary: row['no_temporary'] ?? null,
    searchPath: row['path'] ?? 'public',
  };
}
