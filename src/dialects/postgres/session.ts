import { DriftError } from '../../errors.ts';
import type { Schema } from '../../catalog/schema.ts';
import type { AppliedRow, Scope, Session } from '../dialect.ts';
import { beginTransaction, lastRow, type Connection, type Row } from './drivers/connection.ts';
import { decodeCatalogue } from './introspect/decode.ts';
import { catalogueQuery } from './introspect/query.ts';
import type { Catalogue } from './introspect/rows.ts';
import { namespacePattern } from './introspect/scope.ts';
import { quoteAddress, quoteLiteral } from './quote.ts';

/** A session of this dialect: what every dialect has, and the connection for the referee. */
export interface PostgresSession extends Session {
  readonly connection: Connection;
}

/** Makes a session of an open connection. */
export function createSession(connection: Connection): PostgresSession {
  return {
    label: connection.label,
    engine: `PostgreSQL ${String(connection.server.version)}`,
    connection,
    introspect: (scope) => introspect(connection, scope),
    readAppliedMigrations: (scope) => readAppliedMigrations(connection, scope),
    close: () => connection.close(),
  };
}

/** Which sessions are of this dialect: the interface does not say, and a referee has to be one. */
export function isPostgresSession(session: Session | null): session is PostgresSession {
  return session !== null && 'connection' in session;
}

/**
 * Settings that what the server prints depends on: names are printed in full outside `public`, and constants in one
 * time zone and style, whatever the role or the database has set.
 */
export const printSettings = [
  'search_path = public',
  "TimeZone = 'UTC'",
  "DateStyle = 'ISO, MDY'",
  "IntervalStyle = 'postgres'",
  'extra_float_digits = 1',
  "bytea_output = 'hex'",
  'quote_all_identifiers = off',
  // Compiling a query that runs once costs more than running it.
  'jit = off',
]
  .map((setting) => `SET LOCAL ${setting}; `)
  .join('');

/** Reads the whole schema: one message with one transaction in it, one snapshot. */
async function introspect(connection: Connection, scope: Scope): Promise<Schema> {
  const begin = beginTransaction(connection.limits, 'ISOLATION LEVEL REPEATABLE READ READ ONLY');
  const results = await transact(
    connection,
    `${begin}${printSettings}${readCatalogueSql(connection, scope)}`,
  );
  return decodeAnswer(lastRow(results), scope, connection);
}

/** The statement of {@link introspect}, for whoever is in a transaction already. */
export function readCatalogueSql(connection: Connection, scope: Scope): string {
  return catalogueQuery(namespacePattern(scope), connection.server);
}

/** Decodes the row that {@link readCatalogueSql} is answered with. */
export function decodeAnswer(row: Row, scope: Scope, connection: Connection): Schema {
  return decodeCatalogue(JSON.parse(row['catalogue'] ?? '{}') as Catalogue, scope, connection.server.role);
}

/**
 * Sends SQL that begins with BEGIN and ends it with ROLLBACK, whatever happens between; the rows of the last statement
 * before that come last.
 * @throws DriftError with the code that the failure has
 */
export async function transact(connection: Connection, sql: string): Promise<readonly (readonly Row[])[]> {
  try {
    const results = await connection.run(`${sql}; ROLLBACK`);
    return results.slice(0, -1);
  } catch (error) {
    const explained = await connection.explain(error);
    await connection.run('ROLLBACK').catch(() => undefined);
    throw explained;
  }
}

/** Reads Drizzle's table of applied migrations; null where it is not there. */
async function readAppliedMigrations(
  connection: Connection,
  scope: Scope,
): Promise<readonly AppliedRow[] | null> {
  const { schema, table } = scope.migrationsTable;
  const name = quoteAddress({ namespace: schema, name: table });
  const begin = beginTransaction(connection.limits, 'READ ONLY');
  const found = await transact(
    connection,
    `${begin}SELECT (SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ${quoteLiteral(schema)} AND c.relname = ${quoteLiteral(table)})::text AS oid`,
  );
  if (lastRow(found)['oid'] === null) return null;
  const results = await transact(
    connection,
    `${begin}SELECT pg_catalog.to_json(m)::text AS row FROM ${name} m ORDER BY m.id`,
  );
  return (results.at(-1) ?? []).map((row) => decodeAppliedRow(row['row'] ?? '{}', connection.label));
}

function decodeAppliedRow(text: string, target: string): AppliedRow {
  const row = JSON.parse(text) as Readonly<Record<string, unknown>>;
  if (typeof row['hash'] !== 'string') {
    const problem = "the table of migrations has rows that are not Drizzle's";
    throw new DriftError('DATABASE_FAILED', { target, problem, code: '' });
  }
  return {
    id: row['id'] === null || row['id'] === undefined ? null : Number(row['id']),
    hash: row['hash'],
    createdAt: Number(row['created_at'] ?? 0),
    name: typeof row['name'] === 'string' ? row['name'] : null,
    ...readTime(row['applied_at']),
  };
}

/** to_json prints a timestamp with its zone in ISO 8601. */
function readTime(value: unknown): Pick<AppliedRow, 'appliedAt'> {
  const appliedAt = typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isNaN(appliedAt) ? {} : { appliedAt };
}
