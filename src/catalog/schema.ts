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

/** Lists that are in a schema's order already, each with its {@link groupsOf} where they are known. */
const ordered = new WeakMap<readonly CatalogObject[], Groups | undefined>();

/** One list for each table, or other object that belongs to none: the object itself before what belongs to it. */
type Groups = readonly (readonly CatalogObject[])[];

/** Makes a schema of objects in any order. */
export function createSchema(dialect: DialectName, objects: Iterable<CatalogObject>): Schema {
  if (Array.isArray(objects) && ordered.has(objects)) return { dialect, objects };
  const groups = sortObjects(objects);
  const list: CatalogObject[] = [];
  for (const group of groups) for (const object of group) list.push(object);
  ordered.set(list, groups);
  return { dialect, objects: list };
}

/**
 * The objects of a schema by the name that they lie under, in the schema's order: a table (or another object that belongs
 * to none) before what belongs to it. What two kinds of objects call alike shares a group.
 */
export function groupsOf({ objects }: Schema): Groups {
  const known = ordered.get(objects);
  if (known) return known;
  const groups: CatalogObject[][] = [];
  let last: Address | undefined;
  for (const object of objects) {
    const { address } = object;
    if (last && rootName(last) === rootName(address) && last.namespace === address.namespace)
      groups.at(-1)?.push(object);
    else groups.push([object]);
    last = address;
  }
  // Only createSchema says what is in order.
  if (ordered.has(objects)) ordered.set(objects, groups);
  return groups;
}

/**
 * What tells which namespaces a schema is in: the objects that belong to no table, and one of each group that has no such
 * object.
 */
export function headsOf(schema: Schema): readonly CatalogObject[] {
  const heads: CatalogObject[] = [];
  for (const group of groupsOf(schema)) {
    for (const object of group) {
      if (object === group[0] || object.address.table === undefined) heads.push(object);
      else break;
    }
  }
  return heads;
}

function rootName({ table, name }: Address): string {
  return table ?? name;
}

/**
 * Sorts table by table, as objects mostly come: a thousand small lists are sorted in much less time than a long one.
 */
function sortObjects(objects: Iterable<CatalogObject>): Groups {
  const tables = new Map<string, CatalogObject[]>();
  let last: { readonly namespace: string; readonly table: string } | undefined;
  let list: CatalogObject[] = [];
  for (const object of objects) {
    const { namespace } = object.address;
    const table = rootName(object.address);
    if (last?.table !== table || last.namespace !== namespace) {
      last = { namespace, table };
      // No name holds the character NUL, and nothing sorts before it.
      const key = `${namespace}\0${table}`;
      list = tables.get(key) ?? [];
      tables.set(key, list);
    }
    list.push(object);
  }
  return [...tables.keys()].sort(compareText).map((key) => sortGroup(tables.get(key) ?? []));
}

/** Names are sorted by their code units, and in much less time than objects by a function of ours. */
function sortGroup(group: CatalogObject[]): readonly CatalogObject[] {
  const sorted: CatalogObject[] = [];
  const parts = new Map<string, CatalogObject>();
  for (const object of group) {
    if (object.address.table === undefined) sorted.push(object);
    else parts.set(object.address.name, object);
  }
  const isDistinct = sorted.length < 2 && sorted.length + parts.size === group.length;
  // Objects with one address stay in the order in which they came.
  if (!isDistinct) return group.sort(compareObjects);
  for (const name of [...parts.keys()].sort()) {
    const part = parts.get(name);
    if (part) sorted.push(part);
  }
  return sorted;
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
  if (ordered.has(schema.objects)) ordered.set(objects, undefined);
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
