/** A schema by tables: what belongs to each, found by name the way SQLite compares names. */
import { compareText } from '../../../catalog/address.ts';
import type {
  CatalogObject,
  Check,
  Column,
  ForeignKey,
  Index,
  PrimaryKey,
  Table,
  Trigger,
  Unique,
} from '../../../catalog/objects.ts';
import { objectsOf, type Schema } from '../../../catalog/schema.ts';
import type { TableDefinition } from '../../../plan/plan.ts';
import { foldName, sameName } from '../syntax/names.ts';

export interface TableParts {
  readonly table: Table;
  readonly name: string;
  /** In the table's order. */
  readonly columns: readonly Column[];
  readonly primaryKey: PrimaryKey | null;
  readonly uniques: readonly Unique[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly checks: readonly Check[];
  readonly indexes: readonly Index[];
  readonly triggers: readonly Trigger[];
}

/** By folded name. */
export type Tables = ReadonlyMap<string, TableParts>;

interface Growing {
  readonly columns: Column[];
  primaryKey: PrimaryKey | null;
  readonly uniques: Unique[];
  readonly foreignKeys: ForeignKey[];
  readonly checks: Check[];
  readonly indexes: Index[];
  readonly triggers: Trigger[];
}

export function collectTables(schema: Schema): Tables {
  const growing = new Map<string, Growing>();
  for (const object of schema.objects) {
    const { table } = object.address;
    if (table === undefined) continue;
    const key = foldName(table);
    const parts = growing.get(key) ?? makeEmpty();
    growing.set(key, parts);
    addPart(parts, object);
  }
  return new Map(
    objectsOf(schema, 'table').map((table): [string, TableParts] => {
      const { name } = table.address;
      const parts = growing.get(foldName(name)) ?? makeEmpty();
      parts.columns.sort((a, b) => a.position - b.position || compareText(a.address.name, b.address.name));
      return [foldName(name), { table, name, ...parts }];
    }),
  );
}

function makeEmpty(): Growing {
  return {
    columns: [],
    primaryKey: null,
    uniques: [],
    foreignKeys: [],
    checks: [],
    indexes: [],
    triggers: [],
  };
}

function addPart(parts: Growing, object: CatalogObject): void {
  switch (object.kind) {
    case 'column':
      parts.columns.push(object);
      return;
    case 'primaryKey':
      parts.primaryKey = object;
      return;
    case 'unique':
      parts.uniques.push(object);
      return;
    case 'foreignKey':
      parts.foreignKeys.push(object);
      return;
    case 'check':
      parts.checks.push(object);
      return;
    case 'index':
      parts.indexes.push(object);
      return;
    case 'trigger':
      parts.triggers.push(object);
      return;
    default:
      // No other kind belongs to a table in SQLite.
      return;
  }
}

/** What stands inside CREATE TABLE. */
export function definitionOf(parts: TableParts): TableDefinition {
  const { table, columns, primaryKey, uniques, foreignKeys, checks } = parts;
  return [table, ...columns, ...(primaryKey ? [primaryKey] : []), ...uniques, ...foreignKeys, ...checks];
}

export function findColumn(parts: TableParts, name: string): Column | undefined {
  return parts.columns.find((column) => sameName(column.address.name, name));
}

export function isGenerated(column: Column): boolean {
  return column.value.kind === 'generated';
}

/**
 * The column that is another name of the rowid, or null: an INTEGER PRIMARY KEY of one column in a table with rowids.
 * sqlite.org/lang_createtable.html#rowid. The type has to be that very word.
 */
export function findRowidAlias(parts: TableParts): Column | null {
  const { primaryKey, table } = parts;
  if (table.withoutRowid === true || primaryKey === null || primaryKey.columns.length !== 1) return null;
  // `INTEGER PRIMARY KEY DESC` is no alias, by an old mistake that SQLite keeps.
  if ((primaryKey.descending ?? []).length > 0) return null;
  const column = findColumn(parts, primaryKey.columns[0] ?? '');
  return column !== undefined && column.type.toUpperCase() === 'INTEGER' ? column : null;
}

/** A name for the rowid that no column of the table has taken; null where there is none or no rowid at all. */
export function nameRowid(parts: TableParts): string | null {
  if (parts.table.withoutRowid === true) return null;
  return ['rowid', '_rowid_', 'oid'].find((name) => findColumn(parts, name) === undefined) ?? null;
}

/** Folded names of the tables that the foreign keys point at. */
export function parentsOf(parts: TableParts | undefined): ReadonlySet<string> {
  return new Set(parts?.foreignKeys.map((key) => foldName(key.references.table)) ?? []);
}

/** Foreign keys of any table that point at this one. */
export function findReferencing(tables: Iterable<TableParts>, name: string): readonly ForeignKey[] {
  return [...tables].flatMap((parts) =>
    parts.foreignKeys.filter((key) => sameName(key.references.table, name)),
  );
}

/** Whether an index, a UNIQUE or the primary key begins with these columns, in any order. */
export function isIndexed(parts: TableParts, columns: readonly string[]): boolean {
  const wanted = columns.map(foldName);
  const covers = (names: readonly string[]): boolean => {
    const first = new Set(names.slice(0, wanted.length).map(foldName));
    return wanted.every((name) => first.has(name));
  };
  const constraints = [...(parts.primaryKey ? [parts.primaryKey] : []), ...parts.uniques];
  return (
    constraints.some((constraint) => covers(constraint.columns)) ||
    parts.indexes.some((index) => index.where === null && covers(plainColumns(index)))
  );
}

/** The columns of an index up to its first expression. */
function plainColumns(index: Index): readonly string[] {
  const names: string[] = [];
  for (const part of index.parts) {
    if (!('column' in part.on)) break;
    names.push(part.on.column);
  }
  return names;
}

/**
 * What makes these columns the key that a foreign key may point at: the table itself, an index apart from it, or
 * nothing, which SQLite calls a mismatch. It has to cover all rows, and compare as the columns themselves do.
 * sqlite.org/foreignkeys.html#fk_indexes
 * @param columns none for the primary key, whichever that is
 */
export function findParentKey(parts: TableParts, columns: readonly string[]): 'table' | 'index' | null {
  const matches = (names: readonly (string | null)[]): boolean =>
    names.length === columns.length &&
    columns.every((name) => names.some((other) => other !== null && sameName(name, other)));
  const { primaryKey } = parts;
  if (columns.length === 0) return primaryKey === null ? null : 'table';
  const constraints = [...(primaryKey ? [primaryKey] : []), ...parts.uniques].filter(
    // These are the ones that are not the columns' own.
    (constraint) => (constraint.collations ?? []).length === 0,
  );
  if (constraints.some((constraint) => matches(constraint.columns))) return 'table';
  const isKey = (index: Index): boolean =>
    index.unique &&
    index.where === null &&
    matches(
      index.parts.map(({ on, collation }) =>
        'column' in on && isOwnCollation(parts, on.column, collation) ? on.column : null,
      ),
    );
  return parts.indexes.some(isKey) ? 'index' : null;
}

function isOwnCollation(parts: TableParts, column: string, collation: string | null): boolean {
  return collation === null || sameName(collation, findColumn(parts, column)?.collation ?? 'BINARY');
}

/** Whether the foreign key points at a key of a table that is there. */
export function hasParentKey({ references }: ForeignKey, tables: Tables): boolean {
  const parent = tables.get(foldName(references.table));
  return parent !== undefined && findParentKey(parent, references.columns) !== null;
}

/** Whether both go from the same columns to the same columns, whatever they are called and do. */
export function isSameTarget(a: ForeignKey, b: ForeignKey): boolean {
  const isSame = (one: readonly string[], other: readonly string[]): boolean =>
    one.length === other.length && one.every((name, place) => sameName(name, other[place] ?? ''));
  return (
    sameName(a.references.table, b.references.table) &&
    isSame(a.columns, b.columns) &&
    isSame(a.references.columns, b.references.columns)
  );
}
