/** What the comparison needs to know of a table. */
import type { CatalogObject, Column, PrimaryKey } from '../../../catalog/objects.ts';
import { canonicalType } from '../syntax/affinity.ts';
import { foldName, sameName } from '../syntax/names.ts';

export interface TableFacts {
  readonly name: string;
  readonly columns: readonly string[];
  readonly strict: boolean;
  readonly withoutRowid: boolean;
  readonly primaryKey: PrimaryKey | null;
  /** The columns as they are written. */
  readonly written: readonly Column[];
}

/** @param objects of one table, before they are brought to canonical form */
export function collectFacts(objects: readonly CatalogObject[]): TableFacts {
  const written: Column[] = [];
  const columns: string[] = [];
  let primaryKey: PrimaryKey | null = null;
  let [name, strict, withoutRowid] = ['', false, false];
  for (const object of objects) {
    if (object.kind === 'column') {
      written.push(object);
      columns.push(object.address.name);
    } else if (object.kind === 'primaryKey') primaryKey = object;
    else if (object.kind === 'table') {
      name = object.address.name;
      strict = object.strict ?? false;
      withoutRowid = object.withoutRowid ?? false;
    }
  }
  return { name, columns, strict, withoutRowid, primaryKey, written };
}

/** The column of that name, in whatever case. */
export function findColumn(table: TableFacts | undefined, name: string): Column | undefined {
  return (
    table?.written.find(({ address }) => address.name === name) ??
    table?.written.find(({ address }) => foldName(address.name) === foldName(name))
  );
}

/** The collation that the column compares by where nothing else is said. */
export function collationOf(table: TableFacts | undefined, column: string): string {
  return findColumn(table, column)?.collation?.toUpperCase() ?? 'BINARY';
}

/** Whether SQLite lets no NULL into the column even where NOT NULL is not said: in keys, but for rowid tables. */
export function refusesNull(table: TableFacts, { address, type }: Column): boolean {
  const key = table.primaryKey;
  if (key === null) return false;
  if (!key.columns.some((name) => sameName(name, address.name))) return false;
  return table.withoutRowid || table.strict || isRowidAlias(key, type);
}

/** Whether the column of a rowid table's key is the rowid itself. sqlite.org/lang_createtable.html#rowid */
function isRowidAlias(key: PrimaryKey, type: string): boolean {
  return key.columns.length === 1 && (key.descending ?? []).length === 0 && canonicalType(type) === 'INTEGER';
}
