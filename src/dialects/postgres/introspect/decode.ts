import type { CatalogObject } from '../../../catalog/objects.ts';
import { createSchema, type Schema } from '../../../catalog/schema.ts';
import type { Scope } from '../../dialect.ts';
import { canonicaliseType } from '../syntax/types.ts';
import { printName } from '../syntax/canonical.ts';
import { decodeIndex } from './decode-indexes.ts';
import {
  decodeForeignTable,
  decodeFreeSequence,
  decodeOpaque,
  decodePolicy,
  decodeTrigger,
} from './decode-objects.ts';
import { decodeColumn, decodeConstraint, decodeTable, type Names } from './decode-tables.ts';
import { decodeView } from './decode-views.ts';
import { createPrivilegesReader, type Owned } from './privileges-others.ts';
import { findUsualPrivileges, readNamespaceGrants, readNamespaceOwner } from './privileges.ts';
import type { Catalogue, RelationRow } from './rows.ts';
import { createRelationFilter, createRoleFilter, isMigrationsSchema } from './scope.ts';

/** Decodes what the catalogue query answered into a schema; `reader` is the role that asked. */
export function decodeCatalogue(catalogue: Catalogue, scope: Scope, reader: string): Schema {
  const isInScope = createRelationFilter(scope);
  const relations = new Map(catalogue.relations.filter(isInScope).map((row) => [row.oid, row]));
  const known = { ...catalogue, relations: [...relations.values()] };
  const usual = findUsualPrivileges(known, reader, scope.privileges === 'literal');
  const tables = [...relations.values()].filter((row) => row.kind === 'r' || row.kind === 'p');
  const { enums, domains, composites, ranges } = catalogue;
  const readType = createPrivilegesReader('type', [...enums, ...domains, ...composites, ...ranges], usual);
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
    ...decodeForeignTables(catalogue, relations),
    ...decodeStandalone(catalogue, scope, isInScope, usual),
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
    }),
  ];
  addMembers(objects, catalogue, relations, usual);
  for (const row of catalogue.namespaces) {
    // `public` is there from the beginning; nobody has to make it.
    if (row.name === 'public' || isMigrationsSchema(row.name, catalogue, scope)) continue;
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

type Usual = ReturnType<typeof findUsualPrivileges>;

/** Adds what belongs to a table (or to a view: triggers, and the indexes of a materialized one). */
function addMembers(
  objects: CatalogObject[],
  catalogue: Catalogue,
  relations: ReadonlyMap<number, RelationRow>,
  usual: Usual,
): void {
  const names = collectNames(catalogue);
  const add = <R extends { readonly relation: number }>(
    rows: readonly R[],
    decode: (row: R, relation: RelationRow) => CatalogObject,
  ): void => {
    for (const row of rows) {
      const relation = relations.get(row.relation);
      if (relation && relation.kind !== 'f') objects.push(decode(row, relation));
    }
  };
  add(catalogue.columns, (row, table) => decodeColumn(row, table, usual));
  add(catalogue.constraints, (row, table) => decodeConstraint(row, table, names));
  add(catalogue.indexes, (row, table) => decodeIndex(row, table, names));
  add(catalogue.policies, decodePolicy);
  add(catalogue.triggers, decodeTrigger);
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
): readonly CatalogObject[] {
  return [...relations.values()]
    .filter((row) => row.kind === 'f')
    .map((row) => {
      const columns = catalogue.columns
        .filter((column) => column.relation === row.oid)
        .sort((a, b) => a.position - b.position)
        .map((column) => {
          const value = column.default === null ? '' : ` DEFAULT ${column.default}`;
          return `${printName(column.name)} ${canonicaliseType(column.type)}${value}${column.notNull ? ' NOT NULL' : ''}`;
        });
      return decodeForeignTable(row, columns);
    });
}

function decodeStandalone(
  catalogue: Catalogue,
  scope: Scope,
  isInScope: ReturnType<typeof createRelationFilter>,
  usual: Usual,
): readonly CatalogObject[] {
  const isRoleInScope = createRoleFilter(scope);
  const { schema, table } = scope.migrationsTable;
  const serials = catalogue.serialPrivileges.flatMap(({ count, ...one }) => Array<Owned>(count).fill(one));
  const readPrivileges = createPrivilegesReader('sequence', [...catalogue.sequences, ...serials], usual);
  return [
    ...catalogue.sequences
      .filter(
        ({ owned }) =>
          !(owned !== null && owned[0] === schema && owned[1] === table) &&
          (owned === null || isInScope({ namespace: owned[0], name: owned[1] })),
      )
      .map((row) => decodeFreeSequence(row, readPrivileges(row))),
    ...catalogue.roles
      .filter(({ name }) => isRoleInScope(name))
      .map(({ name, ...role }) => ({ kind: 'role' as const, address: { namespace: '', name }, ...role })),
  ];
}
