import type { CatalogObject } from '../catalog/objects.ts';
import { createSchema, type Schema } from '../catalog/schema.ts';

/**
 * The namespaces that are a project's own where its config does not say: `public` and every one that its models or
 * migrations put something into. Others belong to somebody else: an extension's, a host's, another service's.
 */
export function findNamespaces(schemas: readonly Schema[]): ReadonlySet<string> {
  const names = new Set(['public', 'main']);
  let last = '';
  for (const { objects } of schemas) {
    for (const { kind, address } of objects) {
      const name = kind === 'schema' ? address.name : address.namespace;
      // Objects mostly come namespace by namespace.
      if (name !== last) names.add(name);
      last = name;
    }
  }
  return names;
}

export interface Narrowed {
  readonly schema: Schema;
  /** The namespaces that were left out, as objects, to be listed. */
  readonly left: readonly CatalogObject[];
}

/** Leaves out what lies in other namespaces. Objects that lie in none (roles, extensions) stay. */
export function narrowToNamespaces(schema: Schema, names: ReadonlySet<string>): Narrowed {
  const isKnown = (namespace: string): boolean => namespace === '' || names.has(namespace);
  if (schema.objects.every(({ kind, address }) => kind !== 'schema' && isKnown(address.namespace))) {
    return { schema, left: [] };
  }
  const kept: CatalogObject[] = [];
  const left: CatalogObject[] = [];
  for (const object of schema.objects) {
    const namespace = object.kind === 'schema' ? object.address.name : object.address.namespace;
    if (isKnown(namespace)) kept.push(object);
    else if (object.kind === 'schema') left.push(object);
  }
  return kept.length === schema.objects.length
    ? { schema, left }
    : { schema: createSchema(schema.dialect, kept), left };
}

/**
 * Leaves out the namespaces that the models use without declaring them: their being there is implied by what is in
 * them, and who made them is not the models' to say.
 */
export function leaveOutImplied(schema: Schema, desired: Schema): Schema {
  if (!schema.objects.some(({ kind }) => kind === 'schema')) return schema;
  const used = new Set<string>();
  const declared = new Set<string>();
  for (const { kind, address } of desired.objects) {
    if (kind === 'schema') declared.add(address.name);
    else used.add(address.namespace);
  }
  const isImplied = ({ kind, address }: CatalogObject): boolean =>
    kind === 'schema' && used.has(address.name) && !declared.has(address.name);
  if (!schema.objects.some(isImplied)) return schema;
  return createSchema(
    schema.dialect,
    schema.objects.filter((object) => !isImplied(object)),
  );
}
