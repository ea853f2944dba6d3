/**
 * Puts what others need before what needs it. Where they need each other in a circle, the one that came first in the
 * input comes first; the order of the input decides wherever nothing else does.
 */
export function sortByDependency<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  needsOf: (item: T) => ReadonlySet<string>,
): readonly T[] {
  const byKey = new Map(items.map((item) => [keyOf(item), item]));
  const sorted = new Set<T>();
  const visiting = new Set<T>();
  const visit = (item: T): void => {
    if (sorted.has(item) || visiting.has(item)) return;
    visiting.add(item);
    for (const need of [...needsOf(item)].sort()) {
      const other = byKey.get(need);
      if (other !== undefined) visit(other);
    }
    visiting.delete(item);
    sorted.add(item);
  };
  for (const item of items) visit(item);
  return [...sorted];
}

/**
 * The same order, with those that need each other in a circle together. Within a group the order of the input holds.
 * Tarjan, Depth-first search and linear graph algorithms, 1972: a group is closed where nothing in it reaches further back.
 */
export function groupByDependency<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  needsOf: (item: T) => ReadonlySet<string>,
): readonly (readonly T[])[] {
  const byKey = new Map(items.map((item) => [keyOf(item), item]));
  const place = new Map(items.map((item, index) => [item, index]));
  const reached = new Map<T, number>();
  const open: T[] = [];
  const groups: (readonly T[])[] = [];
  /** @returns the earliest of the open ones that the item needs, itself or through others */
  const visit = (item: T): number => {
    const own = reached.size;
    reached.set(item, own);
    open.push(item);
    let earliest = own;
    for (const need of [...needsOf(item)].sort()) {
      const other = byKey.get(need);
      if (other === undefined) continue;
      const before = reached.get(other);
      if (before === undefined) earliest = Math.min(earliest, visit(other));
      else if (open.includes(other)) earliest = Math.min(earliest, before);
    }
    if (earliest === own) {
      const group = open.splice(open.indexOf(item));
      groups.push(group.sort((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0)));
    }
    return earliest;
  };
  for (const item of items) if (!reached.has(item)) visit(item);
  return groups;
}
