/** What of the witnesses is the project's own, so that it is compared. */
import type { CatalogObject } from '../catalog/objects.ts';
import { createSchema, objectKey, objectsOf, type Schema } from '../catalog/schema.ts';
import type { Scope } from '../dialects/dialect.ts';
import { addHosts, findNamespaces, leaveOutImplied, narrowToNamespaces } from '../diff/namespaces.ts';
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
  const isOwn = createOwnership(project, known);
  const found = actual ? narrowToNamespaces(actual, isOwn, known) : { schema: null, left: [], hosts: [] };
  const given = new Set(recorded?.supplied ?? []);
  const { isOfHost } = project.dialect;
  if (isOfHost)
    for (const object of found.schema?.objects ?? []) if (isOfHost(object)) given.add(objectKey(object));
  if (given.size > 0) {
    for (const schema of known) for (const object of schema.objects) given.delete(objectKey(object));
  }
  const isGiven = (object: CatalogObject): boolean => given.has(objectKey(object));
  const prepare = (schema: Schema): Schema =>
    addHosts(leaveOutImplied(leaveOutBorrowed(schema, desired), desired.schema), found.hosts);
  const applied = recorded && prepare(recorded.applied);
  return {
    desired: addHosts(desired.schema, found.hosts),
    actual: found.schema && prepare(given.size > 0 ? leaveOut(found.schema, isGiven) : found.schema),
    recorded: recorded &&
      applied && {
        ...recorded,
        applied,
        all: recorded.all === recorded.applied ? applied : prepare(recorded.all),
      },
    foreign: [
      ...(project.config.schemaFilter === undefined ? found.left : []),
      // What the migrations stand on, and what the host brings, was there before them.
      ...((given.size > 0 && found.schema?.objects.filter(isGiven)) || []),
    ],
  };
}

function leaveOut(schema: Schema, isOut: (object: CatalogObject) => boolean): Schema {
  const kept = schema.objects.filter((object) => !isOut(object));
  return kept.length === schema.objects.length ? schema : createSchema(schema.dialect, kept);
}

/** Whether a namespace is the project's own: by its config, else by what is in it. */
function createOwnership(project: Project, known: readonly Schema[]): (namespace: string) => boolean {
  if (project.config.schemaFilter === undefined) {
    const names = findNamespaces(known);
    return (namespace) => names.has(namespace);
  }
  const isInScope = project.dialect.createScopeFilter(project.scope);
  return (name) => name === 'main' || isInScope({ kind: 'schema', address: { namespace: '', name } });
}

/** The scope with the namespaces of other people's tables that the models have policies for. */
export function widenScope({ scope, config, dialect }: Project, desired: Desired): Scope {
  if (config.schemaFilter === undefined) return scope;
  const isInScope = dialect.createScopeFilter(scope);
  const others = objectsOf(desired.schema, 'policy').filter((policy) => !isInScope(policy));
  const namespaces = new Set(others.map(({ address }) => address.namespace));
  return namespaces.size === 0 ? scope : { ...scope, schemas: [...(scope.schemas ?? []), ...namespaces] };
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
