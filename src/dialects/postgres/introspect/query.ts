/** The one query that reads a whole schema as one JSON document. */
import type { ServerFacts } from '../drivers/connection.ts';
import { quoteLiteral } from '../quote.ts';
import * as objects from './objects-query.ts';
import { notOfExtension, type Facts } from './query-parts.ts';
import { rareObjectsQuery } from './rare-query.ts';
import {
  columnsQuery,
  constraintsQuery,
  indexesQuery,
  oddRelationsQuery,
  ownedSequencesQuery,
  relationsQuery,
  viewColumnsQuery,
} from './relations-query.ts';

/** The parts of the document, by the name under which the answer holds them. */
const parts = {
  database: objects.databaseQuery,
  relations: relationsQuery,
  columns: columnsQuery,
  viewColumns: viewColumnsQuery,
  constraints: constraintsQuery,
  indexes: indexesQuery,
  namespaces: objects.namespacesQuery,
  enums: objects.enumsQuery,
  sequences: objects.sequencesQuery,
  serialPrivileges: objects.serialPrivilegesQuery,
  policies: objects.policiesQuery,
  triggers: objects.triggersQuery,
  rules: objects.rulesQuery,
  roles: objects.rolesQuery,
  routines: objects.routinesQuery,
  extensions: objects.extensionsQuery,
  domains: objects.domainsQuery,
  composites: objects.compositesQuery,
  ranges: objects.rangesQuery,
  statistics: objects.statisticsQuery,
  servers: objects.serversQuery,
  collations: objects.collationsQuery,
  operators: objects.operatorsQuery,
  casts: objects.castsQuery,
  searchConfigurations: objects.searchConfigurationsQuery,
  eventTriggers: objects.eventTriggersQuery,
  publications: objects.publicationsQuery,
  subscriptions: objects.subscriptionsQuery,
  wrappers: objects.wrappersQuery,
  searchDictionaries: objects.searchDictionariesQuery,
  defaultPrivileges: objects.defaultPrivilegesQuery,
  rare: rareObjectsQuery,
} as const satisfies Record<string, (facts: Facts) => string>;

export type CataloguePart = keyof typeof parts;

/**
 * SQL that reads everything in the schemas whose names match a regular expression. It must run with the search path
 * `public`: names of other schemas are then printed in full, so that what is printed means the same to everybody.
 */
export function catalogueQuery(namespaces: string, facts: ServerFacts): string {
  const entries = Object.entries(parts).map(
    ([name, query]) => `'${name}', (SELECT coalesce(json_agg(part), '[]') FROM (${query(facts)}) part)`,
  );
  return `WITH ns AS MATERIALIZED (
      SELECT n.oid, n.nspname, n.nspowner FROM pg_namespace n
      WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND n.nspname ~ ${quoteLiteral(namespaces)}),
    rel AS MATERIALIZED (
      SELECT c.* FROM pg_class c JOIN ns ON ns.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND ${notOfExtension('c.oid', 'pg_class')}),
    relation AS MATERIALIZED (SELECT rel.oid, rel.relkind FROM rel),
    owned AS MATERIALIZED (${ownedSequencesQuery}),
    odd AS MATERIALIZED (${oddRelationsQuery}),
    typ AS MATERIALIZED (
      SELECT t.* FROM pg_type t JOIN ns ON ns.oid = t.typnamespace
      WHERE t.typtype IN ('e', 'd', 'c', 'r') AND ${notOfExtension('t.oid', 'pg_type')})
    SELECT json_build_object(${entries.join(',\n')})::text AS catalogue`;
}
