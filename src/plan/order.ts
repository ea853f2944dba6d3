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
