import { compareText } from '../../../catalog/address.ts';
import type { CatalogObject } from '../../../catalog/objects.ts';
import { createSchema, type Schema } from '../../../catalog/schema.ts';
import type { Scope } from '../../dialect.ts';
import type { Connection } from '../drivers/load.ts';
import type { KnownTerms } from '../syntax/index-definition.ts';
import { foldName } from '../syntax/names.ts';
import type { KnownDefinitions } from '../syntax/table-definitions.ts';
import { isForeign } from './classify.ts';
import { readEntries, readIndexStatement, readStatement, readTableStatement, type Entry } from './entries.ts';
import { readIndex } from './read-index.ts';
import { readTable } from './read-table.ts';
import { readTrigger, readView, readVirtualTable } from './read-whole.ts';
import { findShadows, findVectorTables, type Shadows } from './shadows.ts';
import { collectTableFacts, resolveReferences, type TableFacts } from './table-facts.ts';
import { compileTableFilter } from '../../table-filter.ts';

/** What SQLite keeps of a schema, not understood yet. No connection is needed from here on. */
export interface StoredSchema {
  readonly entries: readonly Entry[];
  readonly shadows: Shadows;
}

/**
 * Everything in a schema comes from the texts that SQLite keeps: they are what SQLite itself reads the schema from.
 * Two queries, however many tables there are.
 * @throws DriftError SCHEMA_TEXT_UNREADABLE; SqliteError
 */
export function readStored(connection: Connection): StoredSchema {
  const entries = readEntries(connection).filter((entry) => !isForeign(entry.table));
  return { entries, shadows: findShadows(connection, entries) };
}

/**
 * Reads the user's whole schema at once.
 * @throws DriftError SCHEMA_TEXT_UNREADABLE; SqliteError
 */
export function readSchema(connection: Connection, scope: Scope): Schema {
  const steps = decodeSchema(readStored(connection), scope);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/**
 * Reads the texts table by table, and pauses after each, so that a caller who has other work can do it in between.
 * @throws DriftError SCHEMA_TEXT_UNREADABLE
 */
export function* decodeSchema(
  { entries, shadows }: StoredSchema,
  scope: Scope,
): Generator<undefined, Schema, undefined> {
  const vectors = findVectorTables(entries);
  const isInScope = compileTableFilter(scope.tables);
  const migrations = foldName(scope.migrationsTable.table);
  const isWanted = ({ table }: Entry): boolean => {
    const folded = foldName(table);
    return folded !== migrations && !shadows.has(folded) && !vectors.has(folded) && isInScope(table);
  };
  // Sorted beforehand, what comes out is nearly in the order of a schema, and each tree is garbage as soon as it is
  // read: holding on to all of them costs more than parsing.
  const wanted: Entry[] = [];
  const outside: Entry[] = [];
  for (const entry of entries) (isWanted(entry) ? wanted : outside).push(entry);
  wanted.sort((a, b) => compareText(a.table, b.table));
  const facts = new Map<string, TableFacts>();
  const known: KnownDefinitions = new Map();
  const tables: CatalogObject[] = [];
  for (const entry of wanted) {
    if (entry.is !== 'table') continue;
    readTableEntry(entry, facts, known, tables);
    yield;
  }
  // What foreign keys point at may lie outside of the scope.
  for (const entry of outside) collectOutside(entry, facts, known);
  const objects = tables.map((object) => resolveReferences(object, facts));
  const terms: KnownTerms = new Map();
  for (const entry of wanted) {
    if (entry.is === 'table') continue;
    objects.push(readIndexEntry(entry, facts, terms) ?? readOther(entry, facts, shadows));
    yield;
  }
  return createSchema('sqlite', objects);
}

function readTableEntry(
  entry: Entry,
  facts: Map<string, TableFacts>,
  known: KnownDefinitions,
  into: CatalogObject[],
): void {
  const statement = readTableStatement(entry, known);
  if (statement === null) return;
  const own = collectTableFacts(entry.name, statement);
  facts.set(foldName(entry.name), own);
  readTable(own, statement, into);
}

function collectOutside(entry: Entry, facts: Map<string, TableFacts>, known: KnownDefinitions): void {
  if (entry.is !== 'table') return;
  const statement = readTableStatement(entry, known);
  if (statement) facts.set(foldName(entry.name), collectTableFacts(entry.name, statement));
}

function readIndexEntry(
  entry: Entry,
  facts: ReadonlyMap<string, TableFacts>,
  terms: KnownTerms,
): CatalogObject | null {
  const statement = entry.is === 'index' ? readIndexStatement(entry, terms) : null;
  if (statement === null) return null;
  const on = facts.get(foldName(entry.table));
  return readIndex(spellTable(entry, on), entry.name, statement, on);
}

/** The table's own spelling: an index or a trigger may have been made under another one. */
function spellTable(entry: Entry, on: TableFacts | undefined): string {
  return on?.name ?? entry.table;
}

function readOther(entry: Entry, facts: ReadonlyMap<string, TableFacts>, shadows: Shadows): CatalogObject {
  const statement = readStatement(entry);
  switch (statement.kind) {
    case 'view':
      return readView(entry.name, statement);
    case 'virtual-table': {
      const own = [...shadows.values()].filter((shadow) => shadow.owner === entry.name);
      const shadowTables = own.map((shadow) => shadow.name);
      return readVirtualTable(entry.name, statement, shadowTables);
    }
    case 'trigger':
    case 'index':
    case 'table':
    case 'table-as':
      // No table and no index gets here; SQLite keeps the columns of one made AS SELECT, never its query.
      return readTrigger(spellTable(entry, facts.get(foldName(entry.table))), entry.name, entry.sql);
  }
}
