import type { CatalogObject, ObjectKind, ObjectOf } from '../../src/catalog/objects.ts';
import type { ModelReading } from '../../src/dialects/dialect.ts';
import { DriftError } from '../../src/errors.ts';

/** The one object of a kind with a name. */
export function find<K extends ObjectKind>(reading: ModelReading, kind: K, name: string): ObjectOf<K> {
  const isWanted = (object: CatalogObject): object is ObjectOf<K> =>
    object.kind === kind && object.address.name === name;
  const object = reading.schema.objects.find(isWanted);
  if (!object) throw new Error(`no ${kind} ${name}`);
  return object;
}

/** The coded error that something throws. */
export function catchError(run: () => unknown): DriftError {
  try {
    run();
  } catch (error) {
    if (error instanceof DriftError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
