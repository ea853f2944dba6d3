import type { ObjectKind } from '../../../catalog/objects.ts';
import type { Located } from '../../../catalog/schema.ts';
import type { Scope } from '../../dialect.ts';
import { compileTableFilter } from '../../table-filter.ts';
import type { Catalogue, RelationRow } from './rows.ts';

/** The schemas that are looked at where nobody says anything: drizzle-kit's own default. */
const defaultSchemas: readonly string[] = ['public'];

/** PostGIS keeps these in the user's schema; they are its own even where they were not made by CREATE EXTENSION. */
const postgisRelations: ReadonlySet<string> = new Set([
  'geography_columns',
  'geometry_columns',
  'raster_columns',
  'raster_overviews',
  'spatial_ref_sys',
]);

/** A regular expression (PostgreSQL's) for the names of the schemas in scope. */
export function namespacePattern(scope: Scope): string {
  const globs = scope.schemas ?? defaultSchemas;
  const wanted = globs.filter((glob) => !glob.startsWith('!')).map(globToPattern);
  const unwanted = globs.filter((glob) => glob.startsWith('!')).map((glob) => globToPattern(glob.slice(1)));
  const any = wanted.length === 0 ? '.*' : wanted.join('|');
  return `^${unwanted.length === 0 ? '' : `(?!(?:${unwanted.join('|')})$)`}(?:${any})$`;
}

function globToPattern(glob: string): string {
  return glob
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
}

const relations: ReadonlySet<ObjectKind> = new Set<ObjectKind>([
  'table',
  'view',
  'materializedView',
  'foreignTable',
]);

/** {@link Dialect.createScopeFilter} of PostgreSQL. */
export function createScopeFilter(scope: Scope): (object: Located) => boolean {
  const namespaces = new RegExp(namespacePattern(scope), 'u');
  const isRelationInScope = createRelationFilter(scope);
  // Objects mostly come table by table.
  let last = { namespace: '', table: '', isInScope: false };
  const isMemberInScope = (namespace: string, table: string): boolean => {
    if (last.table !== table || last.namespace !== namespace) {
      const isInScope = namespaces.test(namespace) && isRelationInScope({ namespace, name: table });
      last = { namespace, table, isInScope };
    }
    return last.isInScope;
  };
  return ({ kind, address: { namespace, table, name } }) => {
    if (kind === 'schema') return namespaces.test(name);
    // Roles and extensions lie in no schema.
    if (namespace === '') return true;
    if (table !== undefined) return isMemberInScope(namespace, table);
    return relations.has(kind) ? isMemberInScope(namespace, name) : namespaces.test(namespace);
  };
}

/**
 * Whether a table or view is looked at: by `tablesFilter`, by `extensionsFilters`, and never Drizzle's own table of
 * migrations.
 */
export function createRelationFilter(
  scope: Scope,
): (relation: Pick<RelationRow, 'namespace' | 'name'>) => boolean {
  const isNameInScope = compileTableFilter(scope.tables);
  const hidesPostgis = scope.extensions?.includes('postgis') ?? false;
  const { schema, table } = scope.migrationsTable;
  return ({ namespace, name }) => {
    if (namespace === schema && name === table) return false;
    if (hidesPostgis && postgisRelations.has(name)) return false;
    return isNameInScope(name);
  };
}

/** Roles of hosted databases, by the provider that `entities.roles.provider` names. */
const providerRoles: Readonly<Record<string, readonly string[]>> = {
  supabase: [
    'anon',
    'authenticator',
    'authenticated',
    'service_role',
    'supabase_auth_admin',
    'supabase_storage_admin',
    'dashboard_user',
    'supabase_admin',
  ],
  neon: ['authenticated', 'anonymous'],
};

/** Whether a role is looked at, by `entities.roles`. */
export function createRoleFilter(scope: Scope): (name: string) => boolean {
  const { roles } = scope;
  if (roles === undefined || roles === false) return () => false;
  if (roles === true) return () => true;
  const excluded = new Set([...(roles.exclude ?? []), ...(providerRoles[roles.provider ?? ''] ?? [])]);
  const included = roles.include === undefined ? null : new Set(roles.include);
  return (name) => !excluded.has(name) && (included === null || included.has(name));
}

/** Whether a schema is one that holds nothing but Drizzle's table of migrations. */
export function isMigrationsSchema(name: string, catalogue: Catalogue, scope: Scope): boolean {
  const { schema, table } = scope.migrationsTable;
  return (
    name === schema &&
    !catalogue.relations.some((relation) => relation.namespace === name && relation.name !== table)
  );
}
