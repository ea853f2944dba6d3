/**
 * Where an object lives. SQLite's namespace is `main`; PostgreSQL's is the schema. Objects that belong to no
 * namespace (a PostgreSQL schema, role or extension) carry the empty string.
 * `table` is there only for what belongs to a table (columns, constraints, indexes, triggers, policies).
 */
export interface Address {
  readonly namespace: string;
  readonly table?: string;
  readonly name: string;
}

/** Compares by code point, so that the order is the same on every machine and in every locale. */
export function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Orders by namespace, then table (an object that is one itself counts as its own table), then name. */
export function compareAddresses(a: Address, b: Address): number {
  return (
    compareText(a.namespace, b.namespace) ||
    compareText(a.table ?? a.name, b.table ?? b.name) ||
    (a.table === undefined ? 0 : 1) - (b.table === undefined ? 0 : 1) ||
    compareText(a.name, b.name)
  );
}

/** A key for maps. It is never parsed back; NUL occurs in no name of either engine. */
export function addressKey(address: Address): string {
  return address.table === undefined
    ? `${address.namespace}\0\0${address.name}`
    : `${address.namespace}\0${address.table}\0${address.name}`;
}

/** The address of the table that an object belongs to (or of the object itself where it is a table). */
export function tableAddress(address: Address): Address {
  return { namespace: address.namespace, name: address.table ?? address.name };
}
