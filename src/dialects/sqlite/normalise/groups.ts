/** Objects by the table they belong to. */
import type { CatalogObject, ObjectKind, ObjectOf } from '../../../catalog/objects.ts';
import { foldName } from '../syntax/names.ts';

/** The objects of each table (or view), the table itself among them, by folded name. */
export type Groups = ReadonlyMap<string, readonly CatalogObject[]>;

export function groupByTable(objects: readonly CatalogObject[]): Groups {
  const groups = new Map<string, CatalogObject[]>();
  // Objects mostly come table by table, so that the last group is mostly the one wanted.
  let name: string | undefined;
  let group: CatalogObject[] = [];
  for (const object of objects) {
    const own = object.address.table ?? object.address.name;
    if (own !== name) {
      name = own;
      const folded = foldName(own);
      group = groups.get(folded) ?? [];
      groups.set(folded, group);
    }
    group.push(object);
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
