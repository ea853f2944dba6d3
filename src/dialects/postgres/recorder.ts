import type { DatabaseTarget, Limits } from '../dialect.ts';
import type { NewAppliedRow, Recorder, RecordRequest } from '../recorder.ts';
import { beginTransaction, type Connection } from './drivers/connection.ts';
import { connectPg } from './drivers/pg.ts';
import { connectPglite } from './drivers/pglite.ts';
import { quoteAddress, quoteLiteral, quoteName } from './quote.ts';

/** Writes with `pg` or into a folder of PGlite. */
export const postgresRecorder: Recorder = {
  async record(target, request) {
    const connection = await connect(target, request.limits);
    try {
      await writeAppliedRows(connection, request);
    } catch (error) {
      const explained = await connection.explain(error);
      await connection.run('ROLLBACK').catch(() => undefined);
      throw explained;
    } finally {
      await connection.close();
    }
  },
};

async function connect(target: DatabaseTarget, limits: Limits): Promise<Connection> {
  switch (target.driver) {
    case 'pg':
      return connectPg(target, limits);
    case 'pglite':
      return connectPglite(target.folder, limits);
    case 'better-sqlite3':
      throw new TypeError('A SQLite file is not for the PostgreSQL dialect.');
  }
}

async function writeAppliedRows(connection: Connection, request: RecordRequest): Promise<void> {
  const { schema, table } = request.scope.migrationsTable;
  const name = quoteAddress({ namespace: schema, name: table });
  await connection.run(beginTransaction(connection.limits, 'READ WRITE'));
  // Not IF NOT EXISTS: that asks for the right to create schemas even where there is nothing to create.
  if (
    !(await exists(
      connection,
      `SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = ${quoteLiteral(schema)}`,
    ))
  ) {
    await connection.run(`CREATE SCHEMA ${quoteName(schema)}`);
  }
  if ((await readColumns(connection, schema, table)).size === 0) {
    await connection.run(
      createTable(
        name,
        request.rows.some((row) => row.name !== null),
      ),
    );
  }
  // Others may read, and nobody else may write until the rows are in.
  await connection.run(`LOCK TABLE ${name} IN SHARE ROW EXCLUSIVE MODE`);
  const columns = await readColumns(connection, schema, table);
  for (const row of request.rows) await connection.run(insertRow(name, columns, row, request.now));
  await connection.run('COMMIT');
}

async function exists(connection: Connection, query: string): Promise<boolean> {
  return ((await connection.run(query)).at(-1) ?? []).length > 0;
}

async function readColumns(
  connection: Connection,
  schema: string,
  table: string,
): Promise<ReadonlySet<string | null | undefined>> {
  const results = await connection.run(
    `SELECT a.attname::text AS name FROM pg_catalog.pg_attribute a
      JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ${quoteLiteral(schema)} AND c.relname = ${quoteLiteral(table)} AND a.attnum > 0 AND NOT a.attisdropped`,
  );
  return new Set((results.at(-1) ?? []).map((row) => row['name']));
}

/** To the letter what the migrators of drizzle-orm 1.0 (with names) and 0.x make. */
function createTable(name: string, hasNames: boolean): string {
  const more = hasNames ? ', name text, applied_at timestamp with time zone DEFAULT now()' : '';
  return `CREATE TABLE ${name} (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint${more})`;
}

function insertRow(
  table: string,
  columns: ReadonlySet<string | null | undefined>,
  row: NewAppliedRow,
  now: Date,
): string {
  const time = Number.isFinite(row.createdAt) ? `${String(row.createdAt)}::bigint` : 'NULL::bigint';
  const hash = quoteLiteral(row.hash);
  const values: readonly (readonly [string, string])[] = [
    ['hash', hash],
    ['created_at', time],
    ['name', row.name === null ? 'NULL::text' : `${quoteLiteral(row.name)}::text`],
    ['applied_at', `${quoteLiteral(now.toISOString())}::timestamptz`],
  ];
  const taken = values.filter(([column]) => columns.has(column));
  return `INSERT INTO ${table} (${taken.map(([column]) => quoteName(column)).join(', ')})
    SELECT ${taken.map(([, value]) => value).join(', ')}
    WHERE NOT EXISTS (SELECT 1 FROM ${table} WHERE hash = ${hash} AND created_at IS NOT DISTINCT FROM ${time})`;
}
