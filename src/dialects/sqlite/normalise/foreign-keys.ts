/**
 * Foreign keys are told apart by their columns: SQLite has no use for their names, drizzle-kit 0.x writes none, and
 * what a person calls one in a CREATE TABLE changes nothing.
 */
import type { ForeignKey } from '../../../catalog/objects.ts';
import { compareText } from '../../../catalog/address.ts';
import { nameForeignKey } from '../names.ts';

/** Puts the columns into one order, each with the one it points at: `(a, b) → (x, y)` is `(b, a) → (y, x)`. */
export function sortForeignKey(key: ForeignKey): ForeignKey {
  const targets = key.references.columns;
  if (key.columns.length < 2 || targets.length !== key.columns.length) return key;
  const pairs = key.columns
    .map((column, place) => ({ column, target: targets[place] ?? '' }))
    .sort((a, b) => compareText(a.column, b.column) || compareText(a.target, b.target));
  return {
    ...key,
    columns: pairs.map(({ column }) => column),
    references: { ...key.references, columns: pairs.map(({ target }) => target) },
  };
}

/** The database's foreign keys of one table, under the names of the expected ones they are. */
export function pairForeignKeys(
  database: readonly ForeignKey[],
  expected: readonly ForeignKey[],
): readonly ForeignKey[] {
  if (database.length === 0) return database;
  // Several keys may share their columns. In a fixed order they are paired the same way whatever they are called.
  const keys = sortByMeaning(database);
  const names = new Map<ForeignKey, string>();
  let open = sortByMeaning(expected);
  for (const describe of [describeAll, describeTarget, describeColumns]) {
    const candidates = new Map<string, ForeignKey[]>();
    for (const key of open) candidates.set(describe(key), [...(candidates.get(describe(key)) ?? []), key]);
    for (const key of keys) {
      const counterpart = names.has(key) ? undefined : candidates.get(describe(key))?.shift();
      if (counterpart !== undefined) names.set(key, counterpart.address.name);
    }
    open = [...candidates.values()].flat();
  }
  return nameAll(keys, names, new Set(expected.map((key) => key.address.name)));
}

function sortByMeaning(keys: readonly ForeignKey[]): readonly ForeignKey[] {
  if (keys.length < 2) return keys;
  return [...keys].sort((a, b) => compareText(describeAll(a), describeAll(b)));
}

/** What is left goes by a derived name that collides with no other. */
function nameAll(
  database: readonly ForeignKey[],
  names: ReadonlyMap<ForeignKey, string>,
  taken: Set<string>,
): readonly ForeignKey[] {
  return database.map((key) => {
    const paired = names.get(key);
    const derived = nameForeignKey(key.address.table ?? '', key);
    let name = paired ?? derived;
    for (let count = 2; paired === undefined && taken.has(name); count++) {
      name = `${derived}_${String(count)}`;
    }
    taken.add(name);
    return name === key.address.name ? key : { ...key, address: { ...key.address, name } };
  });
}

function describeColumns(key: ForeignKey): string {
  return key.columns.join('\0');
}

function describeTarget(key: ForeignKey): string {
  return [describeColumns(key), key.references.table, ...key.references.columns].join('\0');
}

function describeAll(key: ForeignKey): string {
  return [describeTarget(key), key.onDelete, key.onUpdate, key.match, key.deferral].join('\0');
}
