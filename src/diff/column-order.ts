import { compareText, type Address } from '../catalog/address.ts';
import { compareObjects, objectsOf, type Schema } from '../catalog/schema.ts';

/** A table whose columns stand in another order than in the models. That is no drift: nothing depends on it. */
export interface ColumnOrder {
  readonly table: Address;
  /** Names of the columns that both sides have, in the database's order. */
  readonly database: readonly string[];
  /** The same names in the expected order. */
  readonly expected: readonly string[];
}

/** Finds the tables whose common columns are in another order. */
export function compareColumnOrder(database: Schema, expected: Schema): readonly ColumnOrder[] {
  if (database === expected || havePlacesAlike(database, expected)) return [];
  const before = groupColumns(database);
  const after = groupColumns(expected);
  const found: ColumnOrder[] = [];
  for (const [key, { table, columns }] of before) {
    const others = new Set(after.get(key)?.columns);
    const common = columns.filter((name) => others.has(name));
    const kept = new Set(common);
    const wanted = (after.get(key)?.columns ?? []).filter((name) => kept.has(name));
    if (common.some((name, index) => name !== wanted[index])) {
      found.push({ table, database: common, expected: wanted });
    }
  }
  return found.sort((a, b) => compareText(a.table.name, b.table.name));
}

/** Whether both have the same columns at the same places: the usual case, seen in one walk along both lists. */
export function havePlacesAlike(database: Schema, expected: Schema): boolean {
  const before = objectsOf(database, 'column');
  const after = objectsOf(expected, 'column');
  if (before.length !== after.length) return false;
  return before.every(
    (column, place) =>
      column.position === after[place]?.position && compareObjects(column, after[place]) === 0,
  );
}

interface TableColumns {
  readonly table: Address;
  readonly columns: readonly string[];
}

function groupColumns(schema: Schema): ReadonlyMap<string, TableColumns> {
  const groups = new Map<string, { table: Address; positions: Map<string, number> }>();
  for (const { address, position } of objectsOf(schema, 'column')) {
    const table = { namespace: address.namespace, name: address.table ?? '' };
    const key = JSON.stringify([table.namespace, table.name]);
    const group = groups.get(key) ?? { table, positions: new Map<string, number>() };
    group.positions.set(address.name, position);
    groups.set(key, group);
  }
  return new Map(
    [...groups].map(([key, { table, positions }]) => [
      key,
      { table, columns: [...positions].sort((a, b) => a[1] - b[1]).map(([name]) => name) },
    ]),
  );
}
