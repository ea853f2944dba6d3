import { addressKey, tableAddress } from '../catalog/address.ts';
import type { CatalogObject } from '../catalog/objects.ts';
import { compareObjects, type Schema } from '../catalog/schema.ts';
import type { Change } from './changes.ts';
import { compareFields } from './comparators.ts';
import { isAlsoNamed, matchObjects } from './match.ts';

/**
 * Every change that would bring `database` to `expected`, sorted by address and kind.
 *
 * Both schemas must be normalised, so that what means the same has equal canonical forms. What belongs to a table
 * that is itself created or dropped is part of that one change and not listed again.
 */
export function diffSchemas(database: Schema, expected: Schema): readonly Change[] {
  if (database === expected) return [];
  const { unequal, onlyDatabase, onlyExpected } = matchObjects(database, expected);
  const changes: Change[] = unequal.flatMap((pair) => compareObjectPair(pair.database, pair.expected));
  const dropped = collectAddresses(onlyDatabase);
  const created = collectAddresses(onlyExpected);
  for (const object of onlyDatabase) {
    if (isPartOf(object, dropped)) continue;
    changes.push({ type: 'drop', kind: object.kind, address: object.address, database: object });
  }
  for (const object of onlyExpected) {
    if (isPartOf(object, created)) continue;
    changes.push({ type: 'create', kind: object.kind, address: object.address, expected: object });
  }
  return changes.sort(compareObjects);
}

function compareObjectPair(database: CatalogObject, expected: CatalogObject): Change[] {
  const fields = compareFields(database, expected);
  const at = { kind: database.kind, address: database.address, database, expected };
  const sameName =
    addressKey(database.address) === addressKey(expected.address) || isAlsoNamed(database, expected);
  if (!sameName) {
    const name = { field: 'name', database: database.address.name, expected: expected.address.name };
    return [{ type: 'rename', ...at, to: expected.address, fields: [name, ...fields] }];
  }
  return fields.length === 0 ? [] : [{ type: 'alter', ...at, fields }];
}

function collectAddresses(objects: readonly CatalogObject[]): ReadonlySet<string> {
  return new Set(
    objects
      .filter((object) => object.address.table === undefined)
      .map((object) => addressKey(object.address)),
  );
}

function isPartOf(object: CatalogObject, owners: ReadonlySet<string>): boolean {
  return object.address.table !== undefined && owners.has(addressKey(tableAddress(object.address)));
}
