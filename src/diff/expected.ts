import { addressKey, tableAddress } from '../catalog/address.ts';
import type { CatalogObject, ForeignKey, ObjectKind, Unique } from '../catalog/objects.ts';
import { compareFields } from './comparators.ts';
import { createSchema, indexObjects, objectKey, objectsOf, type Schema } from '../catalog/schema.ts';

/** What Drizzle's models of a dialect have no word for. */
export interface BeyondModels {
  /** Kinds of objects that no model can make. */
  readonly kinds: ReadonlySet<ObjectKind>;
  /** Fields, by kind, that no model can set on an object it does make. */
  readonly fields: Readonly<Partial<Record<ObjectKind, readonly string[]>>>;
  /** Which objects are there though nobody makes them: what is said of those is beyond models too. */
  readonly isInnate?: (object: CatalogObject) => boolean;
}

/**
 * What the database is expected to be: what the models say, and of what they have no word for, what the migrations
 * made. Without migrations (`recorded` is null) the models' own objects are expected to have the engine's defaults.
 */
export function completeExpected(desired: Schema, recorded: Schema | null, beyond: BeyondModels): Schema {
  if (recorded === null) return desired;
  const find = createFinder(recorded);
  const takeName = createNamer(desired, recorded, beyond);
  const objects = desired.objects.map((wanted) => {
    const object = takeName(wanted);
    const counterpart = find(object);
    return counterpart ? takeFields(object, counterpart, listUnsaid(object, beyond)) : object;
  });
  const known = indexObjects(desired);
  const unsayable = recorded.objects.filter(
    (object) =>
      beyond.kinds.has(object.kind) || (beyond.isInnate?.(object) === true && !known.has(objectKey(object))),
  );
  return createSchema(desired.dialect, [...objects, ...unsayable]);
}

/**
 * Finds what the migrations made for an object of the models: by its name, by one that another version of drizzle-kit
 * would have given it, and for a key by the columns it is over: what it is called does not make it another. SQLite's
 * names know no case.
 */
function createFinder(recorded: Schema): (object: CatalogObject) => CatalogObject | undefined {
  const exact = indexObjects(recorded);
  const fold = (key: string): string => (recorded.dialect === 'sqlite' ? key.toLowerCase() : key);
  const folded = new Map([...exact].map(([key, object]) => [fold(key), object]));
  const primaryKeys = new Map(
    objectsOf(recorded, 'primaryKey').map((key) => [fold(addressKey(tableAddress(key.address))), key]),
  );
  const keys = new Map(
    [...objectsOf(recorded, 'unique'), ...objectsOf(recorded, 'foreignKey')].map((key) => [
      fold(keyOfColumns(key)),
      key,
    ]),
  );
  return (object) => {
    const named = [object.address.name, ...(object.alsoNamed ?? [])];
    for (const name of named) {
      const key = objectKey({ kind: object.kind, address: { ...object.address, name } });
      const found = exact.get(key) ?? folded.get(fold(key));
      if (found) return found;
    }
    switch (object.kind) {
      case 'primaryKey':
        return primaryKeys.get(fold(addressKey(tableAddress(object.address))));
      case 'unique':
      case 'foreignKey':
        return keys.get(fold(keyOfColumns(object)));
      default:
        return undefined;
    }
  };
}

/**
 * Gives an object that the models leave without a name the one that the migrations gave it: what is renamed with its table
 * or column keeps its name. Only where there is exactly one such object, and no model calls another one so.
 */
function createNamer(
  desired: Schema,
  recorded: Schema,
  beyond: BeyondModels,
): (object: CatalogObject) => CatalogObject {
  const taken = new Set(
    desired.objects.flatMap((object) =>
      [object.address.name, ...(object.alsoNamed ?? [])].map((name) => keyOfName(object, name)),
    ),
  );
  const free = new Map<string, CatalogObject[]>();
  for (const object of recorded.objects) {
    if (object.address.table === undefined || taken.has(keyOfName(object, object.address.name))) continue;
    const place = keyOfName(object, '');
    free.set(place, [...(free.get(place) ?? []), object]);
  }
  const known = indexObjects(recorded);
  return (object) => {
    if (object.nameOpen !== true) return object;
    const names = [object.address.name, ...(object.alsoNamed ?? [])];
    if (names.some((name) => known.has(keyOfName(object, name)))) return object;
    const unsaid = listUnsaid(object, beyond);
    const alike = (free.get(keyOfName(object, '')) ?? []).filter(
      (other) =>
        object.kind === 'primaryKey' ||
        compareFields(other, object).every(({ field }) => unsaid.includes(field)),
    );
    const [only] = alike;
    if (only === undefined || alike.length > 1) return object;
    return { ...object, alsoNamed: [...(object.alsoNamed ?? []), only.address.name] };
  };
}

function keyOfName(object: CatalogObject, name: string): string {
  return objectKey({ kind: object.kind, address: { ...object.address, name } });
}

/** A key that tells constraints by their table and columns. */
function keyOfColumns({ kind, address, columns }: Unique | ForeignKey): string {
  return JSON.stringify([kind, address.namespace, address.table, columns]);
}

/** The fields that the models do not decide: those no model can, and the one this model leaves to the tool. */
function listUnsaid(object: CatalogObject, beyond: BeyondModels): readonly string[] {
  const known = beyond.fields[object.kind] ?? [];
  // A custom type can say COLLATE.
  const isSaid = object.kind === 'column' && object.collation !== null;
  const fields = isSaid ? known.filter((field) => field !== 'collation') : known;
  return object.kind === 'column' && object.nullabilityOpen === true ? [...fields, 'nullable'] : fields;
}

function takeFields(object: CatalogObject, from: CatalogObject, fields: readonly string[]): CatalogObject {
  const source = from as unknown as Readonly<Record<string, unknown>>;
  const taken = fields.filter((field) => source[field] !== undefined).map((field) => [field, source[field]]);
  if (taken.length === 0) return object;
  const completed = { ...object, ...Object.fromEntries(taken) };
  // The migrations have decided it.
  return fields.includes('nullable') ? { ...completed, nullabilityOpen: false } : completed;
}

/**
 * Objects of the database that nothing can be held against: of a kind that no model can make, and not known to be
 * made by a migration either. They are listed, never counted as drift.
 */
export function findUnmanaged(
  actual: Schema,
  recorded: Schema | null,
  beyond: BeyondModels,
): readonly CatalogObject[] {
  if (recorded !== null) return [];
  return actual.objects.filter((object) => beyond.kinds.has(object.kind));
}
