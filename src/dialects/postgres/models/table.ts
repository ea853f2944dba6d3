import type { CatalogObject, PrimaryKey } from '../../../catalog/objects.ts';
import type { Origin } from '../../dialect.ts';
import type { Casing } from '../../drizzle/casing.ts';
import {
  extraConfigColumns,
  tableColumns,
  tableSchema,
  type DrizzleColumn,
  type DrizzleForeignKey,
  type DrizzleTable,
} from '../../drizzle/entities.ts';
import type { Exported } from '../../drizzle/exports.ts';
import { buildMember, type ExtraMember } from '../../drizzle/extra.ts';
import type { ReadingBuilder } from '../../drizzle/reading.ts';
import {
  followReference,
  keyOf,
  openTable,
  originOf,
  refuseTable,
  type TableContext,
} from '../../drizzle/table-parts.ts';
import { columnName, namespaceOf, readColumn } from './columns.ts';
import {
  makeCheck,
  makeForeignKey,
  makeInlinePrimaryKey,
  makePrimaryKey,
  makeUnique,
} from './constraints.ts';
import { makeIndex, type DrizzleIndexConfig } from './indexes.ts';
import { truncateName } from './names.ts';
import { makePolicy, type DrizzlePolicy } from './policies.ts';

const inlineForeignKeys = Symbol.for('drizzle:PgInlineForeignKeys');
const enableRowSecurity = Symbol.for('drizzle:EnableRLS');

export function openPgTable(exported: Exported<DrizzleTable>, casing: Casing): TableContext {
  const table = exported.value;
  return openTable(exported, table[extraConfigColumns] ?? table[tableColumns], 'postgres', casing);
}

/**
 * Adds a table with everything that belongs to it. `hasLinkedPolicy` says that a policy outside of its third argument
 * is linked to it: a table with a policy has row level security on.
 */
export function readTable(context: TableContext, hasLinkedPolicy: boolean, reading: ReadingBuilder): void {
  const namespace = namespaceOf(context.table[tableSchema]);
  const name = truncateName(context.name);
  const parts = keepOnePrimaryKey(context, [...readColumnCalls(context), ...readThirdArgument(context)]);
  const hasPolicy = hasLinkedPolicy || parts.some(({ object }) => object.kind === 'policy');
  const rowSecurity = Reflect.get(context.table, enableRowSecurity) === true || hasPolicy;
  reading.add({ kind: 'table', address: { namespace, name }, rowSecurity }, originOf(context));
  const key = parts.find(({ object }) => object.kind === 'primaryKey')?.object as PrimaryKey | undefined;
  context.columns.forEach(([property, column], index) => {
    const isKey = key?.columns.includes(columnName(context, column)) === true;
    const place = { namespace, table: name, position: index + 1, isKey };
    reading.add(readColumn(context, column, place), originOf(context, { is: 'column', key: property }));
  });
  for (const part of parts) reading.add(part.object, part.origin);
}

interface Part {
  readonly object: CatalogObject;
  readonly origin: Origin;
}

/** What the columns' own chains make: `.primaryKey()`, `.unique()`, `.references()`. */
function readColumnCalls(context: TableContext): readonly Part[] {
  const parts: Part[] = [];
  for (const [key, column] of context.columns) {
    if (column.primary === true && !isInThirdArgument(context, column, 'PgPrimaryKeyBuilder')) {
      parts.push({
        object: makeInlinePrimaryKey(context, column),
        origin: originOf(context, { is: 'columnCall', key, call: 'primaryKey' }),
      });
    }
    if (column.isUnique === true && !isInThirdArgument(context, column, 'PgUniqueConstraintBuilder')) {
      const object = makeUnique(context, [column], column.uniqueName, column.uniqueType === 'not distinct');
      parts.push({ object, origin: originOf(context, { is: 'columnCall', key, call: 'unique' }) });
    }
  }
  return [...parts, ...readInlineForeignKeys(context)];
}

/** drizzle-kit 1.0 takes the third argument's word for a constraint that is said at the column as well. */
function isInThirdArgument(context: TableContext, column: DrizzleColumn, kind: string): boolean {
  if (!context.one) return false;
  return context.members.some((member) => {
    if (!member.kinds.has(kind)) return false;
    const columns = member.value['columns'] as readonly DrizzleColumn[];
    return kind === 'PgPrimaryKeyBuilder' || (columns.length === 1 && columns[0]?.name === column.name);
  });
}

function readInlineForeignKeys(context: TableContext): readonly Part[] {
  const keys = Reflect.get(context.table, inlineForeignKeys) as readonly DrizzleForeignKey[] | undefined;
  return (keys ?? []).map((foreignKey) => {
    const reference = followReference(context, foreignKey);
    const column = reference.columns[0];
    const key = column ? keyOf(context, column) : '';
    const object = makeForeignKey(context, foreignKey, reference);
    return { object, origin: originOf(context, { is: 'columnCall', key, call: 'references' }) };
  });
}

function readThirdArgument(context: TableContext): readonly Part[] {
  return context.members.flatMap((member) => {
    const object = readMember(context, member);
    if (object === null) return [];
    const { name } = object.address;
    return [{ object, origin: originOf(context, { is: 'extra', ordinal: member.ordinal, name }) }];
  });
}

function readMember(context: TableContext, member: ExtraMember): CatalogObject | null {
  const { kinds } = member;
  if (kinds.has('PgIndexBuilder')) return makeIndex(context, member.value['config'] as DrizzleIndexConfig);
  if (kinds.has('PgPolicy')) return makePolicy(context, member.value as unknown as DrizzlePolicy);
  const built = buildMember(member, context.table) as {
    readonly name?: string;
    readonly value?: unknown;
    readonly columns?: readonly DrizzleColumn[];
    readonly nullsNotDistinct?: boolean;
  };
  const columns = built.columns ?? [];
  if (kinds.has('PgCheckBuilder')) return makeCheck(context, String(built.name), built.value);
  if (kinds.has('PgForeignKeyBuilder')) return makeForeignKey(context, built as DrizzleForeignKey);
  if (kinds.has('PgPrimaryKeyBuilder')) return makePrimaryKey(context, columns, built.name);
  if (kinds.has('PgUniqueConstraintBuilder')) {
    return makeUnique(context, columns, built.name, built.nullsNotDistinct === true);
  }
  return refuseMember(context, member);
}

function refuseMember(context: TableContext, member: ExtraMember): null {
  const { kinds } = member;
  if (kinds.has('PgIndexBuilderOn')) return refuseTable(context, 'an index has no columns: .on() is missing');
  if (kinds.has('PgUniqueOnConstraintBuilder')) {
    return refuseTable(context, 'a unique constraint has no columns: .on() is missing');
  }
  // 0.x passes over what it does not know; 1.0 refuses it.
  if (context.one) {
    const place = String(member.ordinal + 1);
    return refuseTable(context, `member ${place} of its third argument is no index, constraint or policy`);
  }
  return null;
}

/** One primary key may be said twice, at the column and for the table; two different ones cannot be. */
function keepOnePrimaryKey(context: TableContext, parts: readonly Part[]): readonly Part[] {
  const keys = parts.filter((part) => part.object.kind === 'primaryKey');
  const last = keys.at(-1);
  if (keys.length < 2 || !last) return parts;
  const columnsOf = (part: Part): string => JSON.stringify((part.object as PrimaryKey).columns);
  if (keys.some((key) => columnsOf(key) !== columnsOf(last))) {
    return refuseTable(context, 'it has two primary keys');
  }
  return [...parts.filter((part) => part.object.kind !== 'primaryKey'), last];
}
