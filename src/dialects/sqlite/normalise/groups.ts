/** Objects by the table they belong to. */
import type { CatalogObject, ObjectKind, ObjectOf } from '../../../catalog/objects.ts';
import { groupsOf, type Schema } from '../../../catalog/schema.ts';
import { foldName } from '../syntax/names.ts';

/** The objects of each table (or view), the table itself among them, by folded name. */
export type Groups = ReadonlyMap<string, readonly CatalogObject[]>;

export function groupByTable(schema: Schema): Groups {
  const groups = new Map<string, readonly CatalogObject[]>();
  for (const group of groupsOf(schema)) {
    const [first] = group;
    if (first === undefined) continue;
    const folded = foldName(first.address.table ?? first.address.name);
    const known = groups.get(folded);
    groups.set(folded, known ? [...known, ...group] : group);
  }
  return groups;
}

/** The objects of one kind. */
export function select<K extends ObjectKind>(
  objects: readonly CatalogObject[],
  kind: K,
): readonly ObjectOf<K>[] {
  return objects.filter((object): object is ObjectOf<K> => object.kind === kind);
}

/** Whether both have the same objects by kind and name, in the same order. */
export function areNamedAlike(a: readonly CatalogObject[], b: readonly CatalogObject[]): boolean {
  return (
    a.length === b.length &&
    a.every((object, place) => {
      const other = b[place];
      return (
        object.kind === other?.kind &&
        object.address.name === other.address.name &&
        object.address.table === other.address.table
      );
    })
  );
}
