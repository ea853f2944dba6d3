import { addressKey, tableAddress } from '../catalog/address.ts';
import type { CatalogObject } from '../catalog/objects.ts';
import { createSchema, headsOf, objectKey, type Schema } from '../catalog/schema.ts';

/**
 * The namespaces that are a project's own where its config does not say: `public` and every one that its models or
 * migrations put something into. Others belong to somebody else: an extension's, a host's, another service's. A policy or
 * a trigger on somebody else's table does not make the table the project's own.
 */
export function findNamespaces(schemas: readonly Schema[]): ReadonlySet<string> {
  const names = new Set(['public', 'main']);
  let last = '';
  for (const schema of schemas) {
    for (const { kind, address } of headsOf(schema)) {
      if (address.table !== undefined) continue;
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
  /**
   * Somebody else's tables, with their columns, that hold something of the project's. What is on a table can be
   * compared only beside it, so both sides should be given them: see {@link addHosts}.
   */
  readonly hosts: readonly CatalogObject[];
}

/**
 * Leaves out what lies in other namespaces, but for what the models or migrations (`makers`) have put there. Objects that
 * lie in none (roles, extensions) stay.
 */
export function narrowToNamespaces(
  schema: Schema,
  isOwn: (namespace: string) => boolean,
  makers: readonly Schema[],
): Narrowed {
  const isKnown = (namespace: string): boolean => namespace === '' || isOwn(namespace);
  if (headsOf(schema).every((object) => object.kind !== 'schema' && isKnown(homeOf(object)))) {
    return { schema, left: [], hosts: [] };
  }
  const placed = makers.flatMap(({ objects }) =>
    objects.filter((object) => object.kind !== 'schema' && !isKnown(homeOf(object))),
  );
  const guests = new Set(placed.map(objectKey));
  const held = new Set(
    placed.flatMap(({ address }) => (address.table === undefined ? [] : [addressKey(tableAddress(address))])),
  );
  const isHost = ({ kind, address }: CatalogObject): boolean =>
    (kind === 'table' || kind === 'column') && held.has(addressKey(tableAddress(address)));
  const hosts: CatalogObject[] = [];
  const kept: CatalogObject[] = [];
  const left: CatalogObject[] = [];
  for (const object of schema.objects) {
    const namespace = homeOf(object);
    if (isKnown(namespace) || (guests.size > 0 && guests.has(objectKey(object)))) kept.push(object);
    else if (held.size > 0 && isHost(object)) hosts.push(object);
    else if (isListed(object)) left.push(object);
  }
  return kept.length === schema.objects.length
    ? { schema, left, hosts }
    : { schema: createSchema(schema.dialect, kept), left, hosts };
}

/** An extension and an event trigger lie in no namespace themselves, but what they bring or call does. */
function homeOf(object: CatalogObject): string {
  switch (object.kind) {
    case 'schema':
      return object.address.name;
    case 'extension':
      return unquote(/^SCHEMA ("(?:[^"]|"")+"|\S+)/.exec(object.definition.text)?.[1] ?? 'public');
    case 'eventTrigger':
      return unquote(
        / EXECUTE FUNCTION ("(?:[^"]|"")+"|[^.("]+)\./.exec(object.definition.text)?.[1] ?? 'public',
      );
    default:
      return object.address.namespace;
  }
}

function unquote(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}

function isListed({ kind }: CatalogObject): boolean {
  return kind === 'schema' || kind === 'extension' || kind === 'eventTrigger';
}

/** Adds the tables that {@link narrowToNamespaces} found, unless there are others by their names. */
export function addHosts(schema: Schema, hosts: readonly CatalogObject[]): Schema {
  if (hosts.length === 0) return schema;
  const own = new Set(schema.objects.map(objectKey));
  return createSchema(schema.dialect, [
    ...schema.objects,
    ...hosts.filter((object) => !own.has(objectKey(object))),
  ]);
}

/**
 * Leaves out the namespaces that the models use without declaring them: their being there is implied by what is in
 * them, and who made them is not the models' to say.
 */
export function leaveOutImplied(schema: Schema, desired: Schema): Schema {
  if (!headsOf(schema).some(({ kind }) => kind === 'schema')) return schema;
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
