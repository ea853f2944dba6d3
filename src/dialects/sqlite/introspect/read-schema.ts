import type { CatalogObject } from '../../../catalog/objects.ts';
import { createSchema, type Schema } from '../../../catalog/schema.ts';
import { DriftError } from '../../../errors.ts';
import type { Scope } from '../../dialect.ts';
import type { Connection } from '../drivers/load.ts';
import type { CreateSchemaObject, CreateTable } from '../syntax/ast.ts';
import { foldName } from '../syntax/names.ts';
import { parseCreate } from '../syntax/parse-create.ts';
import { isForeign, isShadowOf } from './classify.ts';
import { readIndex } from './read-index.ts';
import { readTable } from './read-table.ts';
import { readTrigger, readView, readVirtualTable } from './read-whole.ts';
import { compileTableFilter } from './table-filter.ts';

/** An entry of sqlite_schema, with its text parsed. */
interface Entry<S extends CreateSchemaObject = CreateSchemaObject> {
  readonly name: string;
  /** The table it belongs to; its own name where it is a table or a view. */
  readonly table: string;
  readonly sql: string;
  readonly statement: S;
}

/**
 * Reads the user's whole schema in two queries. Everything in it comes from the texts that SQLite keeps: they are
 * what SQLite itself reads the schema from.
 * @throws DriftError SCHEMA_TEXT_UNREADABLE; SqliteError
 */
export function readSchema(connection: Connection, scope: Scope): Schema {
  const entries = readEntries(connection);
  const shadows = findShadows(connection, entries);
  const vectors = findVectorTables(entries);
  const isInScope = compileTableFilter(scope.tables);
  const migrations = foldName(scope.migrationsTable.table);
  const isWanted = (name: string): boolean => {
    const folded = foldName(name);
    return folded !== migrations && !shadows.has(folded) && !vectors.has(folded) && isInScope(name);
  };
  const tables = new Map(
    entries
      .filter((entry) => isKind(entry, 'table'))
      .map((entry) => [foldName(entry.name), entry.statement] as const),
  );
  const wanted = entries.filter((entry) => isWanted(entry.table));
  const names = new Map(entries.map((entry) => [foldName(entry.table), entry.table]));
  for (const entry of entries) if (entry.name === entry.table) names.set(foldName(entry.name), entry.name);
  return createSchema(
    'sqlite',
    wanted.flatMap((entry) => readEntry(entry, tables, names, shadows)),
  );
}

function isKind<K extends CreateSchemaObject['kind']>(
  entry: Entry,
  kind: K,
): entry is Entry<Extract<CreateSchemaObject, { readonly kind: K }>> {
  return entry.statement.kind === kind;
}

/** Indexes that SQLite makes for constraints have no text, and its own tables need none. */
function readEntries(connection: Connection): readonly Entry[] {
  const rows = readRows(connection).filter((row) => !isForeign(row.tbl_name));
  return rows.map((row) => ({
    name: row.name,
    table: row.tbl_name,
    sql: row.sql,
    statement: parseEntry(row.type, row.name, row.sql),
  }));
}

interface SchemaRow {
  readonly type: string;
  readonly name: string;
  readonly tbl_name: string;
  readonly sql: string;
}

const schemaQuery = String.raw`SELECT type, name, tbl_name, sql FROM sqlite_schema
  WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\_%' ESCAPE '\'`;

function readRows(connection: Connection): readonly SchemaRow[] {
  try {
    return connection.prepare(schemaQuery).all() as readonly SchemaRow[];
  } catch (error) {
    if (!isSchemaError(error)) throw error;
    // An index that needs a function of another program (libSQL's vector indexes) makes SQLite refuse the schema as
    // a whole. With this switch, which writes nothing by itself, it goes on with what it understands.
    connection.unsafeMode(true).pragma('writable_schema = ON');
    return connection.prepare(schemaQuery).all() as readonly SchemaRow[];
  }
}

function isSchemaError(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('malformed database schema');
}

function parseEntry(type: string, name: string, sql: string): CreateSchemaObject {
  try {
    return parseCreate(sql);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DriftError('SCHEMA_TEXT_UNREADABLE', { kind: type, name, reason }, { cause: error });
  }
}

/** The tables that virtual tables keep their data in, by folded name. */
type Shadows = ReadonlyMap<string, { readonly name: string; readonly owner: string }>;

function findShadows(connection: Connection, entries: readonly Entry[]): Shadows {
  const virtualTables = entries.filter((entry) => isKind(entry, 'virtual-table'));
  if (virtualTables.length === 0) return new Map();
  const known = new Set((connection.prepare(shadowQuery).pluck().all() as string[]).map(foldName));
  // A longer name is the closer owner: `docs_fts_data` belongs to `docs_fts` even where a `docs` is virtual too.
  const owners = [...virtualTables].sort((a, b) => b.name.length - a.name.length);
  const shadows = new Map<string, { name: string; owner: string }>();
  for (const { name, statement } of entries) {
    if (statement.kind !== 'table') continue;
    const folded = foldName(name);
    const owner = owners.find(
      (table) =>
        isShadowOf(name, table.name, table.statement.module.value) ||
        (known.has(folded) && folded.startsWith(`${foldName(table.name)}_`)),
    );
    if (owner !== undefined) shadows.set(folded, { name, owner: owner.name });
  }
  return shadows;
}

const shadowQuery = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow'";

/** libSQL keeps the vectors of an index `i` in a table `i_shadow`. */
function findVectorTables(entries: readonly Entry[]): ReadonlySet<string> {
  const vectors = entries.filter(
    ({ statement }) =>
      statement.kind === 'index' &&
      statement.terms.some((term) => /^libsql_vector_idx\s*\(/i.test(term.expression.text)),
  );
  return new Set(vectors.map(({ name }) => `${foldName(name)}_shadow`));
}

function readEntry(
  entry: Entry,
  tables: ReadonlyMap<string, CreateTable>,
  names: ReadonlyMap<string, string>,
  shadows: Shadows,
): readonly CatalogObject[] {
  const { statement, sql } = entry;
  // The table's own spelling: an index or trigger may have been made under another one.
  const table = names.get(foldName(entry.table)) ?? entry.table;
  switch (statement.kind) {
    case 'table':
      return readTable(entry.name, statement, tables);
    case 'index':
      return [readIndex(table, entry.name, statement, tables.get(foldName(table)))];
    case 'view':
      return [readView(entry.name, statement)];
    case 'trigger':
      return [readTrigger(table, entry.name, sql)];
    case 'virtual-table': {
      const own = [...shadows.values()].filter((shadow) => shadow.owner === entry.name);
      const shadowTables = own.map((shadow) => shadow.name);
      return [readVirtualTable(entry.name, statement, shadowTables)];
    }
    case 'table-as':
      // SQLite keeps the columns of such a table, never its query.
      return [];
  }
}
