import { objectsOf, type Schema } from '../../../catalog/schema.ts';
import { beginTransaction, type Connection } from '../drivers/connection.ts';
import { openTemplate } from '../drivers/pglite-template.ts';
import { findExtensions } from '../known-extensions.ts';
import { findHostSchemas, standInSchema } from '../known-hosts.ts';
import { quoteLiteral, quoteName } from '../quote.ts';
import { renderSchema } from '../render.ts';

/** Deadlines for a database that nobody else uses. */
const limits = { command: 60_000, connect: 60_000, statement: 30_000, lock: 30_000 };

/**
 * A PGlite with the objects of a schema, to be asked where the database itself cannot be: it is read-only, or there is none.
 * What cannot be built there (an extension that PGlite does not have) is left out; questions about it stay open.
 * @throws DriftError DRIVER_NOT_INSTALLED, DATABASE_FAILED
 */
export async function openStandIn(schema: Schema): Promise<Connection> {
  const texts = renderSchema(schema);
  const isMissing = (kind: 'schema' | 'extension', name: string): boolean =>
    !objectsOf(schema, kind).some(({ address }) => address.name === name);
  const hosts = findHostSchemas(texts).filter((name) => isMissing('schema', name));
  const extensions = findExtensions(texts);
  const connection = await openTemplate(extensions, limits, null);
  try {
    await buildLeniently(connection, [
      ...extensions
        .filter((name) => isMissing('extension', name))
        .map((name) => `CREATE EXTENSION IF NOT EXISTS ${quoteName(name)}`),
      ...hosts.flatMap(standInSchema),
      ...texts,
    ]);
    return connection;
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** Runs each statement by itself; one that fails leaves the others alone. */
async function buildLeniently(connection: Connection, statements: readonly string[]): Promise<void> {
  const program = `
DECLARE statement text;
BEGIN
  FOR statement IN SELECT json_array_elements_text(${quoteLiteral(JSON.stringify(statements))}::json) LOOP
    BEGIN
      EXECUTE statement;
    EXCEPTION WHEN OTHERS THEN
      NULL;
    END;
  END LOOP;
END`;
  const begin = beginTransaction(limits, 'READ WRITE');
  await connection.run(`${begin}SET LOCAL check_function_bodies = off; DO ${quoteLiteral(program)}; COMMIT`);
}
