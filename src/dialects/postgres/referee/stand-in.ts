import { objectsOf, type Schema } from '../../../catalog/schema.ts';
import { beginTransaction, type Connection } from '../drivers/connection.ts';
import { openTemplate } from '../drivers/pglite-template.ts';
import { quoteLiteral } from '../quote.ts';
import { renderSchema } from '../render.ts';

/** Deadlines for a database that nobody else uses. */
const limits = { command: 60_000, connect: 60_000, statement: 30_000, lock: 30_000 };

/**
 * A PGlite with the objects of a schema, to be asked where the database itself cannot be: it is read-only, or there is none.
 * What cannot be built there (an extension that PGlite does not have) is left out; questions about it stay open.
 * @throws DriftError DRIVER_NOT_INSTALLED, DATABASE_FAILED
 */
export async function openStandIn(schema: Schema): Promise<Connection> {
  const extensions = objectsOf(schema, 'extension').map(({ address }) => address.name);
  const connection = await openTemplate(extensions, limits, null);
  try {
    await buildLeniently(connection, renderSchema(schema));
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
