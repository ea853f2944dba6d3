import type { Scope } from '../../dialect.ts';
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

/**
 * Whether a table or view is looked at: by `tablesFilter` (a later glob wins over an earlier one, `!` takes away), by
 * `extensionsFilters`, and never Drizzle's own table of migrations.
 */
export function createRelationFilter(
  scope: Scope,
): (relation: Pick<RelationRow, 'namespace' | 'name'>) => boolean {
  const globs = scope.tables ?? [];
  const patterns = globs.map((glob) => ({
    includes: !glob.startsWith('!'),
    pattern: new RegExp(`^(?:${globToPattern(glob.replace(/^!/, ''))})$`, 'u'),
  }));
  const everything = !patterns.some((pattern) => pattern.includes);
  const hidesPostgis = scope.extensions?.includes('postgis') ?? false;
  const { schema, table } = scope.migrationsTable;
  return ({ namespace, name }) => {
    if (namespace === schema && name === table) return false;
    if (hidesPostgis && postgisRelations.has(name)) return false;
    return patterns.reduce(
      (verdict, { includes, pattern }) => (pattern.test(name) ? includes : verdict),
      everything,
    );
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
