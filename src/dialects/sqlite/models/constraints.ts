import type { Address } from '../../../catalog/address.ts';
import type { Check, ForeignKey, PrimaryKey, Unique } from '../../../catalog/objects.ts';
import { tableName, type DrizzleColumn, type DrizzleForeignKey } from '../../drizzle/entities.ts';
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
import { nameForeignKey, namePrimaryKey, nameUnique } from '../names.ts';
import { asWritten, isAutoincrement } from './columns.ts';

function addressOf(context: TableContext, name: string): Address {
  return { namespace: 'main', table: context.name, name };
}

/**
 * The names without the first one and without repetitions. Among them are those that an unnamed constraint goes by:
 * in SQLite drizzle-kit 0.x names neither foreign keys nor primary keys, even where the model does, and 1.0 leaves
 * keys of a single column unnamed.
 */
function others(name: string, names: readonly string[]): { readonly alsoNamed: readonly string[] } {
  return { alsoNamed: [...new Set(names)].filter((other) => other !== name) };
}

export function makePrimaryKey(
  context: TableContext,
  columns: readonly DrizzleColumn[],
  explicit: string | undefined,
): PrimaryKey {
  if (columns.length === 0) return refuseTable(context, 'its primary key has no columns');
  const named = nameColumns(columns, context.casing);
  const name = explicit ?? namePrimaryKeyV0(context.table, named);
  return {
    kind: 'primaryKey',
    address: addressOf(context, name),
    // The name that 1.0 gives is the one that an unnamed key goes by.
    ...others(name, [namePrimaryKey(context.name)]),
    columns: named.names,
    autoincrement: columns.length === 1 && columns.some(isAutoincrement),
  };
}

export function makeUnique(
  context: TableContext,
  columns: readonly DrizzleColumn[],
  given: string | undefined,
): Unique {
  if (columns.length === 0) return refuseTable(context, 'a unique constraint has no columns');
  const named = nameColumns(columns, context.casing);
  const names = defaultUniqueNames(context, named);
  const name = given ?? names[0];
  return {
    kind: 'unique',
    address: addressOf(context, name),
    ...others(name, names.includes(name) ? names : []),
    columns: named.names,
  };
}

/** Both versions make the name alike, but only 1.0 from the names in the database. */
function defaultUniqueNames(context: TableContext, columns: NamedColumns): readonly [string, string] {
  return [nameUniqueV0(context.table, columns), nameUnique(context.name, columns.names)];
}

export function makeForeignKey(
  context: TableContext,
  key: DrizzleForeignKey,
  reference = followReference(context, key),
): ForeignKey {
  const from = nameColumns(reference.columns, context.casing);
  const to = nameColumns(reference.foreignColumns, context.casing);
  const target = reference.foreignTable[tableName];
  const name = reference.name ?? nameForeignKeyV0(context.table, from, reference.foreignTable, to);
  const references = { namespace: 'main', table: target, columns: to.names };
  const nameUnnamed = nameForeignKey(context.name, { columns: from.names, references });
  const nameV1 = ['fk', context.name, ...from.names, target, ...to.names, 'fk'].join('_');
  return {
    kind: 'foreignKey',
    address: addressOf(context, name),
    ...others(name, reference.name === undefined ? [nameV1, nameUnnamed] : [nameUnnamed]),
    columns: from.names,
    references,
    onDelete: readAction(context, key.onDelete),
    onUpdate: readAction(context, key.onUpdate),
    match: 'simple',
    deferral: 'immediate',
  };
}

export function makeCheck(context: TableContext, name: string, value: unknown): Check {
  const columns = context.one ? 'bare' : 'qualified';
  const text = renderOf(context, value, columns, () => `the check '${name}'`);
  return { kind: 'check', address: addressOf(context, name), expression: asWritten(text) };
}
