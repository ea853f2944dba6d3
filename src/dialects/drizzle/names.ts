/**
 * Names that drizzle-kit gives to what the user left unnamed. They are part of what the models say: the database has
 * them, and the next migration of either tool drops and renames by them.
 */
import { nameColumn, type Casing } from './casing.ts';
import { tableName, type DrizzleColumn, type DrizzleTable } from './entities.ts';

/** A name, and the others that are as good. */
export interface Names {
  readonly name: string;
  readonly alsoNamed: readonly string[];
}

/** The names of columns in the database and the ones they have in the models. */
export interface NamedColumns {
  /** In the database, with `casing` applied. */
  readonly names: readonly string[];
  /** As drizzle-orm 0.x builds default names from: without `casing`. */
  readonly keys: readonly string[];
}

export function nameColumns(columns: readonly DrizzleColumn[], casing: Casing): NamedColumns {
  const keys = columns.map((column) => column.name);
  return { keys, names: casing === undefined ? keys : columns.map((column) => nameColumn(column, casing)) };
}

/** What 0.x calls a foreign key: it replaces, with `casing`, the first occurrence of each key in turn. */
export function nameForeignKeyV0(
  table: DrizzleTable,
  from: NamedColumns,
  foreignTable: DrizzleTable,
  to: NamedColumns,
): string {
  const name = [table[tableName], ...from.keys, foreignTable[tableName], ...to.keys].join('_') + '_fk';
  return replaceKeys(replaceKeys(name, from), to);
}

/** What 0.x calls a composite primary key. */
export function namePrimaryKeyV0(table: DrizzleTable, columns: NamedColumns): string {
  return replaceKeys(`${table[tableName]}_${columns.keys.join('_')}_pk`, columns);
}

/** What 0.x calls a unique constraint; `casing` leaves it alone. */
export function nameUniqueV0(table: DrizzleTable, columns: NamedColumns): string {
  return `${table[tableName]}_${columns.keys.join('_')}_unique`;
}

function replaceKeys(name: string, columns: NamedColumns): string {
  if (columns.keys === columns.names) return name;
  return columns.keys.reduce(
    (text, key, index) => text.replace(key, () => columns.names[index] ?? key),
    name,
  );
}
