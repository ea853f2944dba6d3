/** Sessions of drift on test databases. */
import type { Change } from '../../src/diff/changes.ts';
import { diffSchemas } from '../../src/diff/compare.ts';
import type { Schema } from '../../src/catalog/schema.ts';
import type { Limits, Scope, Session } from '../../src/dialects/dialect.ts';
import { connectPg } from '../../src/dialects/postgres/drivers/pg.ts';
import { normalise } from '../../src/dialects/postgres/normalise.ts';
import { createSession, type PostgresSession } from '../../src/dialects/postgres/session.ts';

export const limits: Limits = { command: 60_000, connect: 10_000, statement: 30_000, lock: 5_000 };

/** Every schema of the database. */
export const wholeDatabase: Scope = {
  tables: undefined,
  schemas: ['*'],
  extensions: undefined,
  migrationsTable: { schema: 'drizzle', table: '__drizzle_migrations' },
};

/** Runs `use` with a session on the database and closes it. */
export async function withSession<T>(url: string, use: (session: PostgresSession) => Promise<T>): Promise<T> {
  const session = createSession(await connectPg({ url }, limits));
  try {
    return await use(session);
  } finally {
    await session.close();
  }
}

/** The changes between two schemas, one line each; what could not be told is among them. */
export async function compare(
  database: Schema,
  expected: Schema,
  referee: Session | null,
): Promise<readonly string[]> {
  const pair = await normalise({ database, expected }, referee);
  return [
    ...diffSchemas(pair.database, pair.expected).map(describeChange),
    ...pair.undetermined.map(
      (one) => `undetermined ${one.kind} ${one.address.name} ${one.field}: ${one.reason}`,
    ),
  ];
}

/** `kind.type address fields`. */
export function describeChange(change: Change): string {
  const { namespace, table, name } = change.address;
  const path = [namespace === 'public' || namespace === '' ? [] : namespace, table ?? [], name].flat();
  const address = change.kind === 'defaultPrivileges' ? `${namespace}.${name}` : path.join('.');
  const fields = 'fields' in change ? ` ${change.fields.map(({ field }) => field).join(',')}` : '';
  return `${change.kind}.${change.type} ${address}${fields}`;
}
