import type { Address } from '../../../catalog/address.ts';
import type { Check, ForeignKey, PrimaryKey, Unique } from '../../../catalog/objects.ts';
import {
  tableName,
  tableSchema,
  type DrizzleColumn,
  type DrizzleForeignKey,
} from '../../drizzle/entities.ts';
import {
  nameColumns,
  nameForeignKeyV0,
  namePrimaryKeyV0,
  nameUniqueV0,
  type NamedColumns,
} from '../../drizzle/names.ts';
import {
  followReference,
  readAction,
  refuseTable,
  renderOf,
  type TableContext,
} from '../../drizzle/table-parts.ts';
import { createCondition } from '../syntax/conditions.ts';
import { namespaceOf } from './columns.ts';
import { makeServerName, nameForeignKeyV1, truncateName } from './names.ts';

export interface PartName {
  readonly address: Address;
  readonly alsoNamed?: readonly string[];
  readonly nameOpen?: true;
}

/** Address and other names of a part of the table; the first name is its own. */
export function namePart(context: TableContext, names: readonly [string, ...string[]]): PartName {
  const name = truncateName(names[0]);
  const namespace = namespaceOf(context.table[tableSchema]);
  const address = { namespace, table: truncateName(context.name), name };
  if (names.length === 1) return { address };
  const others = [...new Set(names.map(truncateName))].filter((other) => other !== name);
  return others.length === 0 ? { address } : { address, alsoNamed: others };
}

/** The same for a part that the model gives no name: these are the ones that tools would give it. */
export function namePartOpenly(context: TableContext, names: readonly [string, ...string[]]): PartName {
  return { ...namePart(context, names), nameOpen: true };
}

/** A key said at its column gets the server's own name, in both versions. */
export function makeInlinePrimaryKey(context: TableContext, column: DrizzleColumn): PrimaryKey {
  const columns = nameColumns([column], context.casing).names.map(truncateName);
  return { kind: 'primaryKey', ...namePartOpenly(context, [serverKeyName(context)]), columns };
}

function serverKeyName(context: TableContext): string {
  return makeServerName(context.name, null, 'pkey');
}

export function makePrimaryKey(
  context: TableContext,
  columns: readonly DrizzleColumn[],
  explicit: string | undefined,
): PrimaryKey {
  if (columns.length === 0) return refuseTable(context, 'its primary key has no columns');
  const named = nameColumns(columns, context.casing);
  const name = explicit
    ? namePart(context, [explicit])
    : namePartOpenly(context, [
        namePrimaryKeyV0(context.table, named),
        `${context.name}_pkey`,
        serverKeyName(context),
      ]);
  return { kind: 'primaryKey', ...name, columns: named.names.map(truncateName) };
}

export function makeUnique(
  context: TableContext,
  columns: readonly DrizzleColumn[],
  given: string | undefined,
  nullsNotDistinct: boolean,
): Unique {
  if (columns.length === 0) return refuseTable(context, 'a unique constraint has no columns');
  const named = nameColumns(columns, context.casing);
  const defaults = defaultUniqueNames(context, named);
  const name = given ?? defaults[0];
  // At a column drizzle-orm fills in the name itself: whether it was given cannot be told.
  return {
    kind: 'unique',
    ...(defaults.includes(name) ? namePartOpenly(context, [name, ...defaults]) : namePart(context, [name])),
    columns: named.names.map(truncateName),
    nullsNotDistinct,
  };
}

/** 1.0 names a constraint said at a column like the server (`_key`), others like 0.x, from the names in the database. */
function defaultUniqueNames(context: TableContext, columns: NamedColumns): readonly [string, ...string[]] {
  const final = { names: columns.names, keys: columns.names };
  const joined = columns.names.join('_');
  return [
    nameUniqueV0(context.table, columns),
    nameUniqueV0(context.table, final),
    `${context.name}_${joined}_key`,
    makeServerName(context.name, joined, 'key'),
  ];
}

export function makeForeignKey(
  context: TableContext,
  key: DrizzleForeignKey,
  reference = followReference(context, key),
): ForeignKey {
  const from = nameColumns(reference.columns, context.casing);
  const to = nameColumns(reference.foreignColumns, context.casing);
  const target = reference.foreignTable[tableName];
  const name = reference.name
    ? namePart(context, [reference.name])
    : namePartOpenly(context, [
        nameForeignKeyV0(context.table, from, reference.foreignTable, to),
        nameForeignKeyV1(context.name, from.names, target, to.names),
      ]);
  return {
    kind: 'foreignKey',
    ...name,
    columns: from.names.map(truncateName),
    references: {
      namespace: namespaceOf(reference.foreignTable[tableSchema]),
      table: truncateName(target),
      columns: to.names.map(truncateName),
    },
    onDelete: readAction(context, key.onDelete),
    onUpdate: readAction(context, key.onUpdate),
    match: 'simple',
    deferral: 'immediate',
  };
}

export function makeCheck(context: TableContext, name: string, value: unknown): Check {
  // 0.x puts the table before its columns.
  const columns = context.one ? 'bare' : 'qualified';
  const text = renderOf(context, value, columns, () => `the check '${name}'`);
  const part = namePart(context, [name]);
  return { kind: 'check', ...part, expression: createCondition(text, part.address.table) };
}
