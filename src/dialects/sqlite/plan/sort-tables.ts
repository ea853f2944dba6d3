import { groupByDependency, sortByDependency } from '../../../plan/order.ts';
import { foldName } from '../syntax/names.ts';
import { findParentKey, findReferencing, parentsOf, type TableParts, type Tables } from './parts.ts';
import { actsOnRows } from './shields.ts';

/**
 * The order in which tables are changed, by their folded names: parents first. With foreign keys on, nothing can be
 * written into a table that points at no key, nor deleted where that would reach such a table: the one that gets a key
 * comes before the one whose rows will point at it, and the one that loses a key after the one that lets go of it. New
 * tables that point at a key which is not there yet are among them. Those that cannot have it both ways are together.
 */
export function sortTables(
  names: readonly string[],
  before: Tables,
  after: Tables,
  keepsForeignKeysOn: boolean,
): readonly (readonly string[])[] {
  const keyOf = (name: string): string => name;
  const sorted = sortByDependency(names, keyOf, (name) => parentsOf(after.get(name)));
  if (!keepsForeignKeysOn) return sorted.map((name) => [name]);
  const late = findLate(before, after);
  const leaving = [...before.keys()].filter((name) => !after.has(name));
  const group = (dropped: readonly string[]): readonly (readonly string[])[] =>
    groupByDependency(
      [...sorted, ...late, ...dropped],
      keyOf,
      (name) =>
        new Set([
          ...findNewParents(name, before, after),
          ...findLeavingChildren(name, before, after),
          ...[...parentsOf(after.get(name))].filter((parent) => late.has(parent)),
        ]),
    );
  const needed = leaving.filter((name) =>
    names.some((other) => findLeavingChildren(other, before, after).includes(name)),
  );
  const groups = group(needed);
  // A table that is dropped is never made anew with others: where that would be needed it goes after all of them.
  const alone = new Set(groups.flatMap((one) => (one.length === 1 ? one : [])));
  return needed.every((name) => alone.has(name)) ? groups : group(needed.filter((name) => alone.has(name)));
}

/** New tables that cannot come first: a parent has not got the key yet that they point at, or is one of them. */
export function findLate(before: Tables, after: Tables): ReadonlySet<string> {
  const created = [...after.keys()].filter((name) => !before.has(name));
  const late = new Set(created.filter((name) => findNewParents(name, before, after).length > 0));
  for (let size = -1; size !== late.size;) {
    size = late.size;
    for (const name of created) {
      if ([...parentsOf(after.get(name))].some((parent) => late.has(parent))) late.add(name);
    }
  }
  return late;
}

/** Parents that do not have the key yet which the foreign keys of the table will point at. */
function findNewParents(name: string, before: Tables, after: Tables): readonly string[] {
  const missing = (after.get(name)?.foreignKeys ?? []).filter(({ references }) => {
    const parent = before.get(foldName(references.table));
    return parent !== undefined && findParentKey(parent, references.columns) === null;
  });
  return missing.map((key) => foldName(key.references.table));
}

/** Children that point at a key which the table loses: they have to let go of it first. */
function findLeavingChildren(name: string, before: Tables, after: Tables): readonly string[] {
  const [old, wanted] = [before.get(name), after.get(name)];
  if (old === undefined) return [];
  const isLost = (columns: readonly string[]): boolean =>
    findParentKey(old, columns) !== null && (wanted === undefined || findParentKey(wanted, columns) === null);
  return findReferencing(before.values(), old.name)
    .filter((key) => isLost(key.references.columns))
    .map((key) => foldName(key.address.table ?? ''));
}

/** The table without its foreign keys to keys that go; null where it has none, or nothing reaches its rows through it. */
export function withoutLostKeys(parts: TableParts, after: Tables): TableParts | null {
  const kept = parts.foreignKeys.filter(({ references }) => {
    const parent = after.get(foldName(references.table));
    return parent === undefined || findParentKey(parent, references.columns) !== null;
  });
  const isReached = parts.foreignKeys.some(actsOnRows);
  return isReached && kept.length < parts.foreignKeys.length ? { ...parts, foreignKeys: kept } : null;
}
