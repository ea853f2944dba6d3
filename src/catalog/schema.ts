import { addressKey, compareAddresses, compareText, type Address } from './address.ts';
import type { CatalogObject, ObjectKind, ObjectOf } from './objects.ts';

export type DialectName = 'postgres' | 'sqlite';

/** Anything that says which object it is about. */
export interface Located {
  readonly kind: ObjectKind;
  readonly address: Address;
}

/** A whole database schema: a flat list, sorted by address and then kind, each (kind, address) at most once. */
export interface Schema {
  readonly dialect: DialectName;
  readonly objects: readonly CatalogObject[];
}

/** Lists that are in a schema's order already. */
const ordered = new WeakSet<object>();

/** Makes a schema of objects in any order. */
export function createSchema(dialect: DialectName, objects: Iterable<CatalogObject>): Schema {
  if (Array.isArray(objects) && ordered.has(objects)) return { dialect, objects };
  const list = sortObjects(objects);
  ordered.add(list);
  return { dialect, objects: list };
}

/**
 * Sorts table by table, as objects mostly come: a thousand small lists are sorted in much less time than a long one.
 */
function sortObjects(objects: Iterable<CatalogObject>): readonly CatalogObject[] {
  const tables = new Map<string, CatalogObject[]>();
  let last: { readonly namespace: string; readonly table: string } | undefined;
  let list: CatalogObject[] = [];
  for (const object of objects) {
    const { namespace, name } = object.address;
    const table = object.address.table ?? name;
    if (last?.table !== table || last.namespace !== namespace) {
      last = { namespace, table };
      // No name holds the character NUL, and nothing sorts before it.
      const key = `${namespace}\0${table}`;
      list = tables.get(key) ?? [];
      tables.set(key, list);
    }
    list.push(object);
  }
  const sorted: CatalogObject[] = [];
  for (const key of [...tables.keys()].sort(compareText)) {
    for (const object of (tables.get(key) ?? []).sort(compareWithinTable)) sorted.push(object);
  }
  return sorted;
}

/** {@link compareObjects} of a table and what belongs to it. */
function compareWithinTable(a: Located, b: Located): number {
  if (a.address.table === undefined || b.address.table === undefined) return compareObjects(a, b);
  return compareText(a.address.name, b.address.name) || compareText(a.kind, b.kind);
}

/** The schema with every object changed, but for its kind and address. */
export function mapObjects(schema: Schema, change: (object: CatalogObject) => CatalogObject): Schema {
  let isChanged = false;
  const objects = schema.objects.map((object) => {
    const changed = change(object);
    if (changed !== object) isChanged = true;
    return changed;
  });
  if (!isChanged) return schema;
  if (ordered.has(schema.objects)) ordered.add(objects);
  return createSchema(schema.dialect, objects);
}

/** Orders by address, then by kind. */
export function compareObjects(a: Located, b: Located): number {
  const one = a.address;
  const other = b.address;
  // Mostly two of one table, whose names alone decide.
  if (one.table !== undefined && one.table === other.table && one.namespace === other.namespace) {
    return compareText(one.name, other.name) || compareText(a.kind, b.kind);
  }
  return compareAddresses(one, other) || compareText(a.kind, b.kind);
}

/** A key for maps that tells objects of different kinds with one address apart. It is never parsed back. */
export function objectKey(object: Located): string {
  return `${object.kind} ${addressKey(object.address)}`;
}

/** Every object by its {@link objectKey}. */
export function indexObjects(schema: Schema): Map<string, CatalogObject> {
  const index = new Map<string, CatalogObject>();
  for (const object of schema.objects) index.set(objectKey(object), object);
  return index;
}

/** The objects of a schema by their kind, found once. */
const byKind = new WeakMap<Schema, ReadonlyMap<ObjectKind, readonly CatalogObject[]>>();

/** The objects of one kind, in the schema's order. */
export function objectsOf<K extends ObjectKind>(schema: Schema, kind: K): readonly ObjectOf<K>[] {
  let groups = byKind.get(schema);
  if (!groups) byKind.set(schema, (groups = groupByKind(schema.objects)));
  return (groups.get(kind) ?? []) as readonly ObjectOf<K>[];
}

function groupByKind(objects: readonly CatalogObject[]): ReadonlyMap<ObjectKind, readonly CatalogObject[]> {
  const groups = new Map<ObjectKind, CatalogObject[]>();
  for (const object of objects) {
    const group = groups.get(object.kind);
    if (group) group.push(object);
    else groups.set(object.kind, [object]);
  }
  return groups;
}
