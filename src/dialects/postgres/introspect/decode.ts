import type { CatalogObject } from '../../../catalog/objects.ts';
import { createSchema, type Schema } from '../../../catalog/schema.ts';
import type { Scope } from '../../dialect.ts';
import { decodeIndex } from './decode-indexes.ts';
import { decodeForeignTable } from './decode-foreign-tables.ts';
import { decodeFreeSequence, decodeOpaque, decodePolicy, decodeTrigger } from './decode-objects.ts';
import { decodeColumn, decodeConstraint, decodeTable, type Names } from './decode-tables.ts';
import { decodeView } from './decode-views.ts';
import { createPrivilegesReader, type Owned, type ReadPrivileges } from './privileges-others.ts';
import {
  findUsualPrivileges,
  readNamespaceGrants,
  readNamespaceOwner,
  readPublicGrants,
} from './privileges.ts';
import type { Catalogue, NamespaceRow, RareRow, RelationRow } from './rows.ts';
import { createRelationFilter, createRoleFilter, isMigrationsSchema } from './scope.ts';

/** Decodes what the catalogue query answered into a schema; `reader` is the role that asked. */
export function decodeCatalogue(catalogue: Catalogue, scope: Scope, reader: string): Schema {
  const isInScope = createRelationFilter(scope);
  const relations = new Map(catalogue.relations.filter(isInScope).map((row) => [row.oid, row]));
  const known = { ...catalogue, relations: [...relations.values()] };
  const usual = findUsualPrivileges(known, reader, scope.privileges === 'literal');
  const tables = [...relations.values()].filter((row) => row.kind === 'r' || row.kind === 'p');
  const { enums, domains, composites, ranges, rare } = catalogue;
  const baseTypes = rare.filter(({ kind }) => kind === 'baseType').map(asOwned);
  const types = [...enums, ...domains, ...composites, ...ranges, ...baseTypes];
  const readType = createPrivilegesReader('type', types, usual);
  const serials = catalogue.serialPrivileges.flatMap(({ count, ...one }) => Array<Owned>(count).fill(one));
  const readSequence = createPrivilegesReader('sequence', [...catalogue.sequences, ...serials], usual);
  const objects: CatalogObject[] = [
    ...tables.map((row) => decodeTable(row, usual)),
    ...[...relations.values()]
      .filter((row) => row.kind === 'v' || row.kind === 'm')
      .map((row) =>
        decodeView(
          row,
          catalogue.viewColumns.filter(({ relation }) => relation === row.oid),
          usual,
        ),
      ),
    ...decodeForeignTables(catalogue, relations, usual),
    ...decodeStandalone(catalogue, scope, isInScope, readSequence),
    ...catalogue.enums.map(({ namespace, name, values, comment, ...owned }) => ({
      kind: 'enum' as const,
      address: { namespace, name },
      values: values ?? [],
      ...readType({ namespace, ...owned }),
      comment,
    })),
    ...decodeOpaque(catalogue, relations, {
      function: createPrivilegesReader('function', catalogue.routines, usual),
      type: readType,
      other: (all) => createPrivilegesReader('other', all, usual),
    }),
  ];
  addMembers(objects, catalogue, relations, usual, readSequence);
  for (const row of catalogue.namespaces) {
    if (isMigrationsSchema(row.name, catalogue, scope)) continue;
    if (row.name === 'public') {
      const made = decodePublic(row, catalogue, usual);
      if (made) objects.push(made);
      continue;
    }
    objects.push({
      kind: 'schema',
      address: { namespace: '', name: row.name },
      owner: readNamespaceOwner(row, usual),
      grants: readNamespaceGrants(row, usual),
      comment: row.comment,
    });
  }
  return createSchema('postgres', objects);
}

/**
 * `public` is there from the beginning and nobody has to make it: it is an object only where something is said of it. Who may
 * use it follows from how and when the database was made, as who owns it does, and is compared only where nothing is usual.
 */
function decodePublic(row: NamespaceRow, catalogue: Catalogue, usual: Usual): CatalogObject | null {
  const comment = row.comment === 'standard public schema' ? null : row.comment;
  const owners = ['pg_database_owner', catalogue.database[0]?.superuser ?? ''];
  const owner = owners.includes(row.owner) || !usual.isLiteral ? null : readNamespaceOwner(row, usual);
  const grants = usual.isLiteral ? readPublicGrants(row, usual) : [];
  if (comment === null && owner === null && grants.length === 0) return null;
  return { kind: 'schema', address: { namespace: '', name: 'public' }, owner, grants, comment };
}

type Usual = ReturnType<typeof findUsualPrivileges>;

/** Adds what belongs to a table (or to a view: triggers, and the indexes of a materialized one). */
function addMembers(
  objects: CatalogObject[],
  catalogue: Catalogue,
  relations: ReadonlyMap<number, RelationRow>,
  usual: Usual,
  readSequence: ReadPrivileges,
): void {
  const names = collectNames(catalogue);
  const add = <R extends { readonly relation: number }>(
    rows: readonly R[],
    decode: (row: R, relation: RelationRow) => CatalogObject,
    ofForeign = false,
  ): void => {
    for (const row of rows) {
      const relation = relations.get(row.relation);
      if (relation && (relation.kind !== 'f' || ofForeign)) objects.push(decode(row, relation));
    }
  };
  add(catalogue.columns, (row, table) => decodeColumn(row, table, usual, readSequence));
  add(catalogue.constraints, (row, table) => decodeConstraint(row, table, names));
  add(catalogue.indexes, (row, table) => decodeIndex(row, table, names));
  add(catalogue.policies, decodePolicy);
  // A foreign table is one object with its columns and checks; triggers it has like any other.
  add(catalogue.triggers, decodeTrigger, true);
}

function collectNames(catalogue: Catalogue): Names {
  const columns = new Map<number, string[]>();
  for (const { relation, position, name } of catalogue.columns) {
    let known = columns.get(relation);
    if (!known) columns.set(relation, (known = []));
    known[position] = name;
  }
  return { relations: new Map(catalogue.relations.map((row) => [row.oid, row])), columns };
}

function decodeForeignTables(
  catalogue: Catalogue,
  relations: ReadonlyMap<number, RelationRow>,
  usual: Usual,
): readonly CatalogObject[] {
  return [...relations.values()]
    .filter((row) => row.kind === 'f')
    .map((row) =>
      decodeForeignTable(
        row,
        catalogue.columns.filter(({ relation }) => relation === row.oid),
        catalogue.constraints.filter(({ relation }) => relation === row.oid),
        usual,
      ),
    );
}

function asOwned({ namespace, owner, acl }: RareRow): Owned {
  return { namespace, owner: owner ?? '', acl };
}

function decodeStandalone(
  catalogue: Catalogue,
  scope: Scope,
  isInScope: ReturnType<typeof createRelationFilter>,
  readSequence: ReadPrivileges,
): readonly CatalogObject[] {
  const isRoleInScope = createRoleFilter(scope);
  const { schema, table } = scope.migrationsTable;
  return [
    ...catalogue.sequences
      .filter(
        ({ owned }) =>
          !(owned !== null && owned[0] === schema && owned[1] === table) &&
          (owned === null || isInScope({ namespace: owned[0], name: owned[1] })),
      )
      .map((row) => decodeFreeSequence(row, readSequence(row))),
    ...catalogue.roles
      .filter(({ name }) => isRoleInScope(name))
      .map(({ name, ...role }) => ({ kind: 'role' as const, address: { namespace: '', name }, ...role })),
  ];
}
