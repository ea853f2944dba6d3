import type { Address } from '../../catalog/address.ts';
import type { CatalogObject, ObjectKind } from '../../catalog/objects.ts';
import { compareObjects, createSchema, objectKey, type DialectName } from '../../catalog/schema.ts';
import { DriftError } from '../../errors.ts';
import type { ModelReading, Origin } from '../dialect.ts';
import type { Exported } from './exports.ts';

/** Takes in objects one by one and sees to it that each address is there once. */
export interface ReadingBuilder {
  add(object: CatalogObject, origin: Origin): void;
  /** Notes something that `.existing()` declares: not made by the models and not to be reported either. */
  addExisting(address: Address): void;
  readonly isEmpty: boolean;
  /**
   * What was added. The same object said twice counts once.
   * @throws DriftError MODELS_DUPLICATE, MODEL_INVALID where two different ones have one address
   */
  finish(): ModelReading;
}

export function createReadingBuilder(dialect: DialectName): ReadingBuilder {
  const objects: CatalogObject[] = [];
  const origins: Origin[] = [];
  const existing: Address[] = [];
  return {
    add(object, origin) {
      objects.push(object);
      origins.push(origin);
    },
    addExisting(address) {
      existing.push(address);
    },
    get isEmpty() {
      return objects.length === 0 && existing.length === 0;
    },
    finish() {
      const all = createSchema(dialect, objects);
      const single = leaveOutTwins(all.objects, (object) => origins[objects.indexOf(object)]);
      const schema = single.length === all.objects.length ? all : createSchema(dialect, single);
      let index: ReadonlyMap<string, Origin> | undefined;
      return {
        schema,
        existing,
        get origins() {
          return (index ??= indexOrigins(objects, origins, new Set(schema.objects)));
        },
      };
    },
  };
}

/** The origins of what was kept, by `objectKey`. */
function indexOrigins(
  objects: readonly CatalogObject[],
  origins: readonly Origin[],
  kept: ReadonlySet<CatalogObject>,
): ReadonlyMap<string, Origin> {
  const index = new Map<string, Origin>();
  for (const [place, object] of objects.entries()) {
    const origin = origins[place];
    if (origin && kept.has(object)) index.set(objectKey(object), origin);
  }
  return index;
}

/** @param objects in the order of a schema, where twins are neighbours, the one that came first before the other */
function leaveOutTwins(
  objects: readonly CatalogObject[],
  originOf: (object: CatalogObject) => Origin | undefined,
): readonly CatalogObject[] {
  let last: CatalogObject | undefined;
  let twins = false;
  for (const object of objects) {
    twins ||= last !== undefined && areTwins(last, object);
    last = object;
  }
  if (!twins) return objects;
  const kept: CatalogObject[] = [];
  for (const object of objects) {
    const known = kept.at(-1);
    if (known === undefined || !areTwins(known, object)) kept.push(object);
    else if (isSameKey(known, object)) kept[kept.length - 1] = object;
    else {
      const [at, again] = [originOf(known), originOf(object)];
      if (at && again) refuseTwins(known, at, object, again);
    }
  }
  return kept;
}

function areTwins(one: CatalogObject, other: CatalogObject): boolean {
  return (
    one.address.name === other.address.name && one.kind === other.kind && compareObjects(one, other) === 0
  );
}

/**
 * A foreign key written twice, with `.references()` and again in the table's third argument, under one name. drizzle-kit
 * takes the last one, whose actions may be others.
 */
function isSameKey(known: CatalogObject, object: CatalogObject): boolean {
  if (known.kind !== 'foreignKey' || object.kind !== 'foreignKey') return false;
  const { namespace, table, columns } = object.references;
  return (
    String(known.columns) === String(object.columns) &&
    known.references.namespace === namespace &&
    known.references.table === table &&
    String(known.references.columns) === String(columns)
  );
}

const declaredOnce: ReadonlySet<ObjectKind> = new Set<ObjectKind>(['table', 'view', 'materializedView']);

function refuseTwins(known: CatalogObject, at: Origin, object: CatalogObject, again: Origin): void {
  const { namespace, table, name } = object.address;
  const same = JSON.stringify(known) === JSON.stringify(object);
  // A schema or an enum may well be declared in several files; a table has one place.
  if (same && !declaredOnce.has(object.kind)) return;
  if (table === undefined) {
    throw new DriftError('MODELS_DUPLICATE', {
      kind: object.kind,
      namespace,
      name,
      places: [describePlace(at), describePlace(again)],
    });
  }
  throw new DriftError('MODEL_INVALID', {
    kind: 'table',
    name: table,
    place: describePlace(again),
    problem: `it has two of the kind ${object.kind} with the name '${name}'`,
  });
}

function describePlace(origin: Origin): string {
  return `${origin.file} (${origin.exportName})`;
}

/** @throws DriftError MODEL_INVALID */
export function refuseModel(
  exported: Pick<Exported, 'file' | 'exportName'>,
  kind: string,
  name: string,
  problem: string,
  cause?: unknown,
): never {
  const place = `${exported.file} (${exported.exportName})`;
  throw new DriftError('MODEL_INVALID', { kind, name, place, problem }, { cause });
}
