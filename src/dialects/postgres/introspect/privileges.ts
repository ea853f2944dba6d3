/**
 * Owners and grants, as far as they say something about the schema and not about the place it runs in. The rule and
 * its reasons are in docs/decisions, "Owner and grants in PostgreSQL".
 */
import { compareText } from '../../../catalog/address.ts';
import type { AclItem, Catalogue, NamespaceRow, RelationRow } from './rows.ts';

/** What is usual in this database; only what departs from it is part of the schema. */
export interface UsualPrivileges {
  /** The owner of more than half of the relations; null where there is none. */
  readonly owner: string | null;
  readonly databaseOwner: string;
  /** By namespace: `grantee=privilege` of the grants that more than half of its relations have. */
  readonly grants: ReadonlyMap<string, ReadonlySet<string>>;
  /** Nothing is usual: see {@link findUsualPrivileges}. */
  readonly isLiteral: boolean;
  /** Grants that new objects get by themselves: `letter role namespace grantee=privilege`, with the letter of pg_default_acl. */
  readonly defaults: ReadonlySet<string>;
  readonly tablePrivileges: readonly string[];
  readonly schemaPrivileges: readonly string[];
  /** Namespace and grantee of everybody who was granted something on a relation. */
  readonly grantees: ReadonlySet<string>;
  /** The role that reads: what it may do is there for the check itself. */
  readonly reader: string;
}

/** @param literal true where nothing is usual but what the reading role has made */
export function findUsualPrivileges(catalogue: Catalogue, reader: string, literal: boolean): UsualPrivileges {
  const { relations, database, defaultPrivileges } = catalogue;
  const common = {
    tablePrivileges: database[0]?.tablePrivileges ?? [],
    schemaPrivileges: database[0]?.schemaPrivileges ?? [],
    databaseOwner: database[0]?.owner ?? '',
    reader,
    isLiteral: literal,
  };
  if (literal) {
    return { ...common, owner: reader, grants: new Map(), defaults: new Set(), grantees: new Set() };
  }
  const grants = new Map<string, ReadonlySet<string>>();
  for (const [namespace, members] of groupByNamespace(relations)) {
    const counts = countValues(members.flatMap((relation) => foreignItems(relation, reader).map(showItem)));
    // One relation alone has no habits.
    const usual = [...counts].filter(([, count]) => count > 1 && count * 2 > members.length);
    grants.set(namespace, new Set(usual.map(([item]) => item)));
  }
  return {
    ...common,
    owner: findMajority(relations.map((relation) => relation.owner)),
    grants,
    defaults: new Set(
      defaultPrivileges.flatMap(({ objectType, role, namespace, acl }) =>
        (acl ?? []).map((item) => `${objectType} ${role} ${namespace} ${showItem(item)}`),
      ),
    ),
    grantees: new Set(
      relations.flatMap((relation) =>
        foreignItems(relation, reader).map(([grantee]) => `${relation.namespace} ${grantee}`),
      ),
    ),
  };
}

/** The owner of a relation where it is not the usual one. */
export function readOwner(relation: RelationRow, usual: UsualPrivileges): string | null {
  return usual.owner === null || relation.owner === usual.owner ? null : relation.owner;
}

/** Grants on a relation that are not usual, and usual ones that it lacks. */
export function readGrants(relation: RelationRow, usual: UsualPrivileges): readonly string[] {
  const acl = relation.unusual?.acl ?? null;
  if (relation.kind === 'f' && acl === null) return [];
  const expected = usual.grants.get(relation.namespace) ?? new Set<string>();
  const items = foreignItems(relation, usual.reader);
  const held = new Set(items.map(showItem));
  const isDefault = (item: string): boolean =>
    usual.defaults.has(`r ${relation.owner} ${relation.namespace} ${item}`) ||
    usual.defaults.has(`r ${relation.owner}  ${item}`);
  const isUsual = (item: AclItem): boolean => expected.has(showItem(item)) || isDefault(showItem(item));
  const extra = items.filter((item) => !isUsual(item));
  const missing = [...expected].filter((item) => !held.has(item) && !item.startsWith(`${relation.owner}=`));
  return [
    ...showItems(extra),
    ...showItems(items.filter(isUsual)).map((item) => `~${item}`),
    ...missing.map((item) => `not ${item}`),
    ...showMissingOfOwner(acl, relation.owner, usual.tablePrivileges),
  ].sort(compareText);
}

/** Grants on single columns: nobody has those by habit. */
export function readColumnGrants(
  acl: readonly AclItem[] | null,
  owner: string,
  usual: UsualPrivileges,
): readonly string[] {
  return showItems((acl ?? []).filter(([grantee]) => grantee !== owner && grantee !== usual.reader));
}

/** The owner of a schema where neither the tables' usual owner nor the database's has it. */
export function readNamespaceOwner(row: NamespaceRow, usual: UsualPrivileges): string | null {
  const isUsual = row.owner === usual.owner || row.owner === usual.databaseOwner || usual.owner === null;
  return isUsual ? null : row.owner;
}

/** Grants on a schema, without the USAGE that a grant on its tables would be worth nothing without. */
export function readNamespaceGrants(row: NamespaceRow, usual: UsualPrivileges): readonly string[] {
  const items = (row.acl ?? []).filter(
    ([grantee, privilege]) =>
      grantee !== row.owner &&
      grantee !== usual.reader &&
      !(privilege === 'USAGE' && usual.grantees.has(`${row.name} ${grantee}`)),
  );
  return [...showItems(items), ...showMissingOfOwner(row.acl, row.owner, usual.schemaPrivileges)].sort(
    compareText,
  );
}

/** The same for `public`, which everybody may use, and create things in where its owner is not the one it has since 15. */
export function readPublicGrants(row: NamespaceRow, usual: UsualPrivileges): readonly string[] {
  if (row.acl === null) return [];
  const initial = row.owner === 'pg_database_owner' ? ['USAGE'] : ['CREATE', 'USAGE'];
  const given = row.acl.filter(([grantee]) => grantee === 'PUBLIC').map(([, privilege]) => privilege);
  const acl = row.acl.filter(([grantee, privilege]) => grantee !== 'PUBLIC' || !initial.includes(privilege));
  return [
    ...readNamespaceGrants({ ...row, acl }, usual),
    ...initial
      .filter((privilege) => !given.includes(privilege))
      .map((privilege) => `not PUBLIC=${privilege}`),
  ];
}

/** What was granted to others than the owner and whoever reads. */
function foreignItems(relation: RelationRow, reader: string): readonly AclItem[] {
  return (relation.unusual?.acl ?? []).filter(
    ([grantee]) => grantee !== relation.owner && grantee !== reader,
  );
}

function showMissingOfOwner(
  acl: readonly AclItem[] | null,
  owner: string,
  all: readonly string[],
): readonly string[] {
  if (acl === null) return [];
  const held = new Set(acl.filter(([grantee]) => grantee === owner).map(([, privilege]) => privilege));
  return all.filter((privilege) => !held.has(privilege)).map((privilege) => `not owner=${privilege}`);
}

/** `grantee=privilege`, with a star where it may be handed on. */
export function showItem([grantee, privilege, grantable]: AclItem): string {
  return `${grantee}=${privilege}${grantable ? '*' : ''}`;
}

/** The same with the privileges of each grantee together. */
export function showItems(items: readonly AclItem[]): readonly string[] {
  const byGrantee = new Map<string, string[]>();
  for (const [grantee, privilege, grantable] of items) {
    const word = `${privilege}${grantable ? '*' : ''}`;
    byGrantee.set(grantee, [...(byGrantee.get(grantee) ?? []), word]);
  }
  return [...byGrantee]
    .map(([grantee, words]) => `${grantee}=${words.sort(compareText).join(',')}`)
    .sort(compareText);
}

function groupByNamespace(relations: readonly RelationRow[]): ReadonlyMap<string, readonly RelationRow[]> {
  const groups = new Map<string, RelationRow[]>();
  for (const relation of relations) {
    const group = groups.get(relation.namespace);
    if (group) group.push(relation);
    else groups.set(relation.namespace, [relation]);
  }
  return groups;
}

function countValues(values: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function findMajority(values: readonly string[]): string | null {
  const found = [...countValues(values)].find(([, count]) => count * 2 > values.length);
  return found?.[0] ?? null;
}
