/** What of the witnesses is the project's own, so that it is compared. */
import type { CatalogObject } from '../catalog/objects.ts';
import { createSchema, type Schema } from '../catalog/schema.ts';
import { findNamespaces, leaveOutImplied, narrowToNamespaces } from '../diff/namespaces.ts';
import type { Desired } from './desired.ts';
import type { Witnesses } from './detect.ts';
import type { Project } from './project.ts';
import type { Recorded } from './recorded.ts';

/** The witnesses without what is nobody's to check, and the namespaces that are somebody else's. */
export interface Subjects extends Witnesses {
  readonly foreign: readonly CatalogObject[];
}

/** `actual` is null where no database is asked, `recorded` where there are no migrations. */
export function chooseSubjects(
  project: Project,
  desired: Desired,
  actual: Schema | null,
  recorded: Recorded | null,
): Subjects {
  const known = [desired.schema, ...(recorded ? [recorded.applied, recorded.all] : [])];
  const names = project.config.schemaFilter === undefined ? findNamespaces(known) : null;
  const found = actual && names ? narrowToNamespaces(actual, names) : { schema: actual, left: [] };
  const prepare = (schema: Schema): Schema =>
    leaveOutImplied(leaveOutBorrowed(schema, desired), desired.schema);
  const applied = recorded && prepare(recorded.applied);
  return {
    desired: desired.schema,
    actual: found.schema && prepare(found.schema),
    recorded: recorded &&
      applied && {
        ...recorded,
        applied,
        all: recorded.all === recorded.applied ? applied : prepare(recorded.all),
      },
    foreign: found.left,
  };
}

/**
 * Objects that a model only borrows (`.existing()`) may be there, and are nobody's to check. A borrowed schema of
 * PostgreSQL is borrowed with all that is in it.
 */
export function leaveOutBorrowed(schema: Schema, desired: Desired): Schema {
  const keyOf = (namespace: string, name: string): string => JSON.stringify([namespace, name]);
  const borrowed = new Set(desired.existing.map(({ namespace, name }) => keyOf(namespace, name)));
  if (borrowed.size === 0) return schema;
  const isBorrowed = ({ address }: CatalogObject): boolean =>
    borrowed.has(keyOf(address.namespace, address.table ?? address.name)) ||
    borrowed.has(keyOf('', address.namespace));
  return createSchema(
    schema.dialect,
    schema.objects.filter((object) => !isBorrowed(object)),
  );
}
