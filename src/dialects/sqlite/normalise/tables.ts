/** One side's objects by the table they belong to, and what the comparison needs to know of each table. */
import type { CatalogObject, Column, PrimaryKey, Table } from '../../../catalog/objects.ts';
import { canonicalType } from '../syntax/affinity.ts';
import { foldName } from '../syntax/names.ts';

export interface TableFacts {
  readonly name: string;
  readonly columns: readonly string[];
  readonly strict: boolean;
  readonly withoutRowid: boolean;
  readonly primaryKey: PrimaryKey | null;
  /** Collation of each column that has one, by folded name. */
  readonly collations: ReadonlyMap<string, string>;
  /** Canonical type of each column of the primary key, by folded name. */
  readonly types: ReadonlyMap<string, string>;
  /** Folded names of the columns that do not say NOT NULL. */
  readonly nullable: ReadonlySet<string>;
}

/** By folded name of the table. */
export type TableIndex = ReadonlyMap<string, TableFacts>;

interface OpenFacts {
  table: Table | null;
  key: PrimaryKey | null;
  readonly columns: Column[];
}

export function indexTables(objects: readonly CatalogObject[]): TableIndex {
  const open = new Map<string, OpenFacts>();
  const at = (name: string): OpenFacts => {
    const folded = foldName(name);
    const facts = open.get(folded) ?? { table: null, key: null, columns: [] };
    open.set(folded, facts);
    return facts;
  };
  for (const object of objects) {
    const { table, name } = object.address;
    if (object.kind === 'table') at(name).table = object;
    else if (object.kind === 'primaryKey') at(table ?? '').key = object;
    else if (object.kind === 'column') at(table ?? '').columns.push(object);
  }
  return new Map([...open].map(([folded, facts]) => [folded, closeFacts(folded, facts)]));
}

function closeFacts(folded: string, { table, key, columns }: OpenFacts): TableFacts {
  return {
    name: table?.address.name ?? folded,
    columns: columns.map((column) => column.address.name),
    strict: table?.strict ?? false,
    withoutRowid: table?.withoutRowid ?? false,
    primaryKey: key,
    collations: new Map(
      columns.flatMap(({ collation, address }) =>
        collation === null ? [] : [[foldName(address.name), collation] as const],
      ),
    ),
    types: new Map(
      key === null
        ? []
        : columns
            .filter((column) => key.columns.includes(column.address.name))
            .map((column) => [foldName(column.address.name), canonicalType(column.type)]),
    ),
    nullable: new Set(
      columns.filter((column) => column.nullable).map((column) => foldName(column.address.name)),
    ),
  };
}

/** Whether the column is the table's rowid under another name. sqlite.org/lang_createtable.html#rowid */
export function isRowidAlias(table: TableFacts, column: string): boolean {
  const key = table.primaryKey;
  if (key === null || table.withoutRowid || key.columns.length !== 1) return false;
  const folded = foldName(column);
  const isKey = key.columns[0] !== undefined && foldName(key.columns[0]) === folded;
  return isKey && (key.descending ?? []).length === 0 && table.types.get(folded) === 'INTEGER';
}

/** Whether SQLite lets no NULL into the column even where NOT NULL is not said: in keys, but for rowid tables. */
export function refusesNull(table: TableFacts, column: string): boolean {
  const key = table.primaryKey;
  if (key === null) return false;
  const folded = foldName(column);
  if (!key.columns.some((name) => foldName(name) === folded)) return false;
  return table.withoutRowid || table.strict || isRowidAlias(table, column);
}
