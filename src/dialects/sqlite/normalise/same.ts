/**
 * Tables that both sides have in the same words. Most tables of most checks are such, and what is said in the same
 * words of the same table means the same: neither needs to be held against the other any further.
 */
import type { CatalogObject, IdentityFields } from '../../../catalog/objects.ts';

/**
 * Whether two lists of objects, each those of one table in the order of a schema, say the same in the same words. The
 * names of primary keys are left out, as SQLite keeps none.
 */
export function areSaidAlike(
  database: readonly CatalogObject[],
  expected: readonly CatalogObject[],
): boolean {
  if (database.length !== expected.length) return false;
  let place = 0;
  let key: CatalogObject | undefined;
  let expectedKey: CatalogObject | undefined;
  for (const object of database) {
    if (object.kind === 'primaryKey') {
      key = object;
      continue;
    }
    let other = expected[place++];
    if (other?.kind === 'primaryKey') {
      expectedKey = other;
      other = expected[place++];
    }
    if (other === undefined || !isNamedAlike(object, other) || !isSaidAlike(object, other)) return false;
  }
  if (place < expected.length) expectedKey = expected[place];
  if (key === undefined || expectedKey === undefined) return key === expectedKey;
  return expectedKey.kind === 'primaryKey' && isSaidAlike(key, expectedKey);
}

function isNamedAlike(database: CatalogObject, expected: CatalogObject): boolean {
  const own = database.address;
  const other = expected.address;
  return (
    database.kind === expected.kind &&
    own.name === other.name &&
    own.table === other.table &&
    own.namespace === other.namespace
  );
}

type Fields = Readonly<Record<string, unknown>>;

/** What says which object it is; it has been looked at. */
const identity: Readonly<Record<IdentityFields, true>> = {
  kind: true,
  address: true,
  alsoNamed: true,
  nameOpen: true,
  nullabilityOpen: true,
  writtenAt: true,
};

function isSaidAlike(database: CatalogObject, expected: CatalogObject): boolean {
  const before = database as unknown as Fields;
  const after = expected as unknown as Fields;
  for (const field in before) {
    const own = before[field];
    const other = after[field];
    if (own === other || field in identity || isSameValue(own, other)) continue;
    // Left to the tool that made the table.
    if (field === 'nullable' && after['nullabilityOpen'] === true) continue;
    return false;
  }
  for (const field in after) {
    if (!(field in before) && !(field in identity) && !isNothing(after[field])) return false;
  }
  return true;
}

/** Absent, null, false and an empty list are SQLite's default. */
function isNothing(value: unknown): boolean {
  return (
    value === undefined || value === null || value === false || (Array.isArray(value) && value.length === 0)
  );
}

function isSameValue(own: unknown, other: unknown): boolean {
  if (own === other) return true;
  if (isNothing(own)) return isNothing(other);
  if (typeof own !== 'object' || typeof other !== 'object' || own === null || other === null) return false;
  const before = own as Fields;
  const after = other as Fields;
  for (const field in before) if (!isSameValue(before[field], after[field])) return false;
  for (const field in after) if (!(field in before) && !isNothing(after[field])) return false;
  return true;
}
