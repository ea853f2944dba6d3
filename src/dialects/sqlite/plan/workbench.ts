/** A database in memory to try plans on. */
import type { Address } from '../../../catalog/address.ts';
import type { Schema } from '../../../catalog/schema.ts';
import type { Scope } from '../../dialect.ts';
import { DriftError } from '../../../errors.ts';
import { loadBetterSqlite, type Connection } from '../drivers/load.ts';
import { readSchema } from '../introspect/read-schema.ts';
import { quote } from '../quote.ts';
import { teachLibsql } from '../libsql.ts';
import { renderSchema } from '../render.ts';

/** All of the database is looked at: a plan must leave nothing unnoticed. */
export const wholeScope: Scope = {
  tables: undefined,
  schemas: undefined,
  extensions: undefined,
  migrationsTable: { schema: '', table: '__drizzle_migrations' },
};

/**
 * Opens a database in memory with the schema built in it.
 * @throws DriftError SCHEMA_NOT_BUILDABLE
 */
export function openWorkbench(schema: Schema): Connection {
  const connection = new (loadBetterSqlite())(':memory:');
  try {
    connection.pragma('foreign_keys = OFF');
    teachLibsql(connection);
    for (const statement of renderSchema(schema)) connection.exec(statement);
    return connection;
  } catch (error) {
    connection.close();
    const reason = error instanceof Error ? error.message : String(error);
    throw new DriftError('SCHEMA_NOT_BUILDABLE', { reason }, { cause: error });
  }
}

export function introspect(connection: Connection): Schema {
  return readSchema(connection, wholeScope);
}

/**
 * The views and triggers that SQLite cannot make sense of, found by asking it: any RENAME looks at all of them. They
 * are dropped from the connection's database on the way.
 * @throws DriftError SCHEMA_NOT_BUILDABLE where something else is broken
 */
export function dropBroken(connection: Connection): readonly Address[] {
  const broken: Address[] = [];
  connection.exec('CREATE TABLE __drift_probe (x)');
  for (;;) {
    const found = findBroken(connection);
    if (found === null) break;
    broken.push(found);
    connection.exec(`DROP ${found.table === undefined ? 'VIEW' : 'TRIGGER'} ${quote(found.name)}`);
  }
  connection.exec('DROP TABLE __drift_probe_renamed');
  return broken;
}

function findBroken(connection: Connection): Address | null {
  try {
    connection.exec('ALTER TABLE __drift_probe RENAME TO __drift_probe_renamed');
    return null;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const found = nameCulprit(connection, reason);
    // An index or a generated column may be as broken, and neither can be taken away and put back at will.
    if (found === null) throw new DriftError('SCHEMA_NOT_BUILDABLE', { reason }, { cause: error });
    return found;
  }
}

/** `error in view v: no such table: main.t`, where the name may hold anything. */
function nameCulprit(connection: Connection, message: string): Address | null {
  const rows = connection
    .prepare("SELECT type, name, tbl_name FROM sqlite_schema WHERE type IN ('view', 'trigger')")
    .all() as readonly { readonly type: string; readonly name: string; readonly tbl_name: string }[];
  const [culprit] = rows
    .filter(({ type, name }) => message.startsWith(`error in ${type} ${name}`))
    .sort((a, b) => b.name.length - a.name.length);
  if (culprit === undefined) return null;
  const { type, name, tbl_name } = culprit;
  return type === 'view' ? { namespace: 'main', name } : { namespace: 'main', table: tbl_name, name };
}
