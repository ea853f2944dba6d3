import { DriftError } from '../../../errors.ts';
import type { Connection } from '../drivers/load.ts';
import type { CreateSchemaObject } from '../syntax/ast.ts';
import { readIndexDefinition, type IndexDefinition, type KnownTerms } from '../syntax/index-definition.ts';
import { parseCreate } from '../syntax/parse-create.ts';
import {
  readTableDefinitions,
  type KnownDefinitions,
  type TableDefinitions,
} from '../syntax/table-definitions.ts';

/** An entry of sqlite_schema. sqlite.org/schematab.html */
export interface Entry {
  readonly is: 'table' | 'virtual table' | 'index' | 'view' | 'trigger';
  readonly name: string;
  /** The table it belongs to; its own name where it is a table or a view. */
  readonly table: string;
  readonly sql: string;
}

// Indexes that SQLite makes for constraints have no text.
const query = 'SELECT type AS "is", name, tbl_name AS "table", sql FROM sqlite_schema WHERE sql IS NOT NULL';

/** Every entry that has a text. */
export function readEntries(connection: Connection): readonly Entry[] {
  const rows = connection.prepare(query).all() as readonly Entry[];
  return rows.map((row) =>
    row.is === 'table' && /^create\s+virtual\b/i.test(row.sql) ? { ...row, is: 'virtual table' } : row,
  );
}

/** @throws DriftError SCHEMA_TEXT_UNREADABLE */
export function readStatement(entry: Entry): CreateSchemaObject {
  try {
    return parseCreate(entry.sql);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DriftError(
      'SCHEMA_TEXT_UNREADABLE',
      { kind: entry.is, name: entry.name, reason },
      { cause: error },
    );
  }
}

/**
 * What the entry of a table says; null where it is none after all.
 * @throws DriftError SCHEMA_TEXT_UNREADABLE
 */
export function readTableStatement(entry: Entry, known: KnownDefinitions): TableDefinitions | null {
  const definitions = readTableDefinitions(entry.sql, known);
  if (definitions !== undefined) return definitions;
  const statement = readStatement(entry);
  return statement.kind === 'table' ? statement : null;
}

/**
 * What the entry of an index says; null where it is none after all.
 * @throws DriftError SCHEMA_TEXT_UNREADABLE
 */
export function readIndexStatement(entry: Entry, known: KnownTerms): IndexDefinition | null {
  const definition = readIndexDefinition(entry.sql, known);
  if (definition !== undefined) return definition;
  const statement = readStatement(entry);
  return statement.kind === 'index' ? statement : null;
}
