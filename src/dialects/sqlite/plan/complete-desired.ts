import { addressKey } from '../../../catalog/address.ts';
import type { CatalogObject, Column } from '../../../catalog/objects.ts';
import { createSchema, objectsOf, type Schema } from '../../../catalog/schema.ts';
import { completeExpected } from '../../../diff/expected.ts';
import { normalise } from '../normalise.ts';
import { foldName } from '../syntax/names.ts';
import { sqlite } from '../sqlite.ts';

/**
 * What the models say, completed by what only the migrations can have said. Names are matched as SQLite matches them,
 * so that a constraint that goes by another name in the models keeps its DEFERRABLE all the same.
 */
export function completeDesired(desired: Schema, renamed: Schema): Schema {
  const { database } = normalise({ database: renamed, expected: desired });
  const { beyondModels } = sqlite;
  const restore = createRestorer(renamed);
  const aligned = createSchema('sqlite', [
    ...database.objects.filter((object) => !beyondModels.kinds.has(object.kind)).map(restore),
    // These as they were written: the others only lend their attributes.
    ...renamed.objects.filter((object) => beyondModels.kinds.has(object.kind)),
  ]);
  const completed = completeExpected(desired, aligned, beyondModels);
  return createSchema('sqlite', completed.objects.filter(hasItsTable(completed.objects)));
}

/**
 * Aligning a column with a model that leaves it open whether a key may be NULL loses what the column itself says, which is
 * what the model shall be completed by.
 */
function createRestorer(schema: Schema): (object: CatalogObject) => CatalogObject {
  const keyOf = ({ address }: Column): string => foldName(addressKey(address));
  const columns = new Map(objectsOf(schema, 'column').map((column) => [keyOf(column), column]));
  return (object) => {
    if (object.kind !== 'column') return object;
    const { nullable = object.nullable } = columns.get(keyOf(object)) ?? {};
    return nullable === object.nullable ? object : { ...object, nullable };
  };
}

/** A trigger goes with its table. */
function hasItsTable(objects: readonly CatalogObject[]): (object: CatalogObject) => boolean {
  const owners = new Set(
    objects.filter(({ address }) => address.table === undefined).map(({ address }) => foldName(address.name)),
  );
  const seen = new Set<string>();
  return (object) => {
    if (object.kind !== 'trigger') return true;
    const key = addressKey(object.address);
    if (seen.has(key)) return false;
    seen.add(key);
    return owners.has(foldName(object.address.table ?? ''));
  };
}
