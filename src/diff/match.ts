import { addressKey, tableAddress } from '../catalog/address.ts';
import type { CatalogObject, ObjectKind } from '../catalog/objects.ts';
import { compareObjects, objectKey, type Schema } from '../catalog/schema.ts';
import { compareFields } from './comparators.ts';

/** An object of the database and the expected one that it is. */
export interface ObjectPair {
  readonly database: CatalogObject;
  readonly expected: CatalogObject;
}

/** Which object of the database is which of the expected ones, as far as that is worth a word. */
export interface Matching {
  /** Objects that differ in a field or in their names; most of a schema does not. */
  readonly unequal: readonly ObjectPair[];
  readonly onlyDatabase: readonly CatalogObject[];
  readonly onlyExpected: readonly CatalogObject[];
}

/**
 * Kinds whose name carries no meaning of its own: where one of them is missing and another one that is alike in every
 * field is there instead, it was renamed. Tables and columns are never matched so: their rename is a person's word.
 */
const matchedByStructure: ReadonlySet<ObjectKind> = new Set<ObjectKind>([
  'primaryKey',
  'unique',
  'foreignKey',
  'check',
  'exclusion',
  'index',
]);

/** Matches by address, then by the other names an object may go by, then by structure. */
export function matchObjects(database: Schema, expected: Schema): Matching {
  const { unequal, onlyDatabase, onlyExpected } = mergeByAddress(database, expected);
  const after = new Map(onlyExpected.map((object) => [objectKey(object), object]));
  let rest = onlyDatabase;
  for (const isMatch of [isAlsoNamed, isAlike]) {
    if (rest.length === 0 || after.size === 0) break;
    const candidates = groupByTable(after.values());
    rest = rest.filter((object) => {
      const counterpart = candidates
        .get(placeOf(object))
        ?.find((candidate) => after.has(objectKey(candidate)) && isMatch(object, candidate));
      if (!counterpart) return true;
      unequal.push({ database: object, expected: counterpart });
      after.delete(objectKey(counterpart));
      return false;
    });
  }
  return { unequal, onlyDatabase: rest, onlyExpected: [...after.values()] };
}

/** Both lists are in the order of a schema, so that one walk along them finds what is in both. */
function mergeByAddress(database: Schema, expected: Schema) {
  const unequal: ObjectPair[] = [];
  const onlyDatabase: CatalogObject[] = [];
  const onlyExpected: CatalogObject[] = [];
  const others = expected.objects;
  let place = 0;
  for (const object of database.objects) {
    let order = -1;
    for (; place < others.length; place++) {
      const other = others[place];
      if (other === undefined) break;
      order = object === other ? 0 : compareObjects(object, other);
      if (order === 0 && compareFields(object, other).length > 0) {
        unequal.push({ database: object, expected: other });
      }
      if (order <= 0) break;
      onlyExpected.push(other);
    }
    if (place < others.length && order === 0) place++;
    else onlyDatabase.push(object);
  }
  for (; place < others.length; place++) {
    const other = others[place];
    if (other !== undefined) onlyExpected.push(other);
  }
  return { unequal, onlyDatabase, onlyExpected };
}

/** True where the database's name is one that another version of the tools gives to the same object. */
export function isAlsoNamed(database: CatalogObject, expected: CatalogObject): boolean {
  return expected.alsoNamed?.includes(database.address.name) ?? false;
}

function isAlike(database: CatalogObject, expected: CatalogObject): boolean {
  if (!matchedByStructure.has(database.kind)) return false;
  // A table has one primary key, whatever it is called and made of.
  return database.kind === 'primaryKey' || compareFields(database, expected).length === 0;
}

function placeOf(object: CatalogObject): string {
  return `${object.kind} ${object.address.table === undefined ? '' : addressKey(tableAddress(object.address))}`;
}

function groupByTable(objects: Iterable<CatalogObject>): ReadonlyMap<string, readonly CatalogObject[]> {
  const groups = new Map<string, CatalogObject[]>();
  for (const object of objects) {
    const group = groups.get(placeOf(object));
    if (group) group.push(object);
    else groups.set(placeOf(object), [object]);
  }
  return groups;
}
