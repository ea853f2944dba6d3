import type { Address } from '../../catalog/address.ts';
import type { CatalogObject, ObjectKind } from '../../catalog/objects.ts';
import { createSchema, objectKey, type DialectName } from '../../catalog/schema.ts';
import { DriftError } from '../../errors.ts';
import type { ModelReading, Origin } from '../dialect.ts';
import type { Exported } from './exports.ts';

/** Takes in objects one by one and sees to it that each address is there once. */
export interface ReadingBuilder {
  /**
   * Adds an object. The same object said twice counts once.
   * @throws DriftError MODELS_DUPLICATE, MODEL_INVALID where two different ones have one address
   */
  add(object: CatalogObject, origin: Origin): void;
  /** Notes something that `.existing()` declares: not made by the models and not to be reported either. */
  addExisting(address: Address): void;
  readonly isEmpty: boolean;
  finish(): ModelReading;
}

export function createReadingBuilder(dialect: DialectName): ReadingBuilder {
  const objects: CatalogObject[] = [];
  const origins = new Map<string, Origin>();
  const existing: Address[] = [];
  return {
    add(object, origin) {
      const key = objectKey(object);
      const known = origins.get(key);
      if (known) {
        const at = objects.findIndex((other) => objectKey(other) === key);
        const twin = objects[at] ?? object;
        if (isSameKey(twin, object)) {
          objects[at] = object;
          origins.set(key, origin);
        } else refuseTwins(twin, known, object, origin);
        return;
      }
      origins.set(key, origin);
      objects.push(object);
    },
    addExisting(address) {
      existing.push(address);
    },
    get isEmpty() {
      return objects.length === 0 && existing.length === 0;
    },
    finish() {
      return { schema: createSchema(dialect, objects), origins, existing };
    },
  };
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
