import type { CatalogObject, PrimaryKey } from '../../../catalog/objects.ts';
import type { Origin } from '../../dialect.ts';
import type { Casing } from '../../drizzle/casing.ts';
import {
  readKinds,
  tableColumns,
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
import { readColumn } from './columns.ts';
import { makeCheck, makeForeignKey, makePrimaryKey, makeUnique } from './constraints.ts';
import { makeIndex, type DrizzleIndexConfig } from './indexes.ts';

const inlineForeignKeys = Symbol.for('drizzle:SQLiteInlineForeignKeys');

/** Adds a table with everything that belongs to it. */
export function readTable(exported: Exported<DrizzleTable>, casing: Casing, reading: ReadingBuilder): void {
  const context = openTable(exported, exported.value[tableColumns], 'sqlite', casing);
  reading.add({ kind: 'table', address: { namespace: 'main', name: context.name } }, originOf(context));
  context.columns.forEach(([key, column], index) => {
    reading.add(readColumn(context, column, index + 1), originOf(context, { is: 'column', key }));
  });
  const parts = [...readColumnCalls(context), ...readThirdArgument(context)];
  for (const part of keepOnePrimaryKey(context, parts)) reading.add(part.object, part.origin);
}

interface Part {
  readonly object: CatalogObject;
  readonly origin: Origin;
}

/** What the columns' own chains make: `.primaryKey()`, `.unique()`, `.references()`. */
function readColumnCalls(context: TableContext): readonly Part[] {
  const parts: Part[] = [];
  for (const [key, column] of context.columns) {
    if (column.primary === true) {
      parts.push({
        object: makePrimaryKey(context, [column], undefined),
        origin: originOf(context, { is: 'columnCall', key, call: 'primaryKey' }),
      });
    }
    if (column.isUnique === true && !isMadeByIndex(context, column)) {
      parts.push({
        object: makeUnique(context, [column], column.uniqueName),
        origin: originOf(context, { is: 'columnCall', key, call: 'unique' }),
      });
    }
  }
  return [...parts, ...readInlineForeignKeys(context)];
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

/** drizzle-kit 1.0 leaves `.unique()` out where a unique index on the same column is declared as well. */
function isMadeByIndex(context: TableContext, column: DrizzleColumn): boolean {
  if (!context.one) return false;
  return context.members.some((member) => {
    if (!member.kinds.has('SQLiteIndexBuilder')) return false;
    const { columns, unique } = readIndexConfig(member);
    const only = columns.length === 1 ? columns[0] : undefined;
    return unique === true && readKinds(only).has('Column') && (only as DrizzleColumn).name === column.name;
  });
}

function readThirdArgument(context: TableContext): readonly Part[] {
  return context.members.flatMap((member) => {
    const object = readMember(context, member);
    if (object === null) return [];
    const { name } = object.address;
    const part = { is: 'extra', ordinal: member.ordinal, name } as const;
    return [{ object, origin: originOf(context, part) }];
  });
}

function readMember(context: TableContext, member: ExtraMember): CatalogObject | null {
  const { kinds } = member;
  if (kinds.has('SQLiteIndexBuilder')) return makeIndex(context, readIndexConfig(member));
  const built = buildMember(member, context.table) as {
    readonly name?: string;
    readonly value?: unknown;
    readonly columns?: readonly DrizzleColumn[];
  };
  if (kinds.has('SQLiteCheckBuilder')) return makeCheck(context, String(built.name), built.value);
  if (kinds.has('SQLiteForeignKeyBuilder')) return makeForeignKey(context, built as DrizzleForeignKey);
  if (kinds.has('SQLitePrimaryKeyBuilder')) {
    return makePrimaryKey(context, built.columns ?? [], built.name);
  }
  if (kinds.has('SQLiteUniqueConstraintBuilder')) {
    return makeUnique(context, built.columns ?? [], built.name);
  }
  return refuseMember(context, member);
}

function refuseMember(context: TableContext, member: ExtraMember): null {
  const { kinds } = member;
  if (kinds.has('SQLiteIndexBuilderOn'))
    return refuseTable(context, 'an index has no columns: .on() is missing');
  if (kinds.has('SQLiteUniqueOnConstraintBuilder')) {
    return refuseTable(context, 'a unique constraint has no columns: .on() is missing');
  }
  // 0.x passes over what it does not know; 1.0 refuses it.
  if (context.one) {
    return refuseTable(
      context,
      `member ${String(member.ordinal + 1)} of its third argument is no index or constraint`,
    );
  }
  return null;
}

function readIndexConfig(member: ExtraMember): DrizzleIndexConfig {
  return member.value['config'] as DrizzleIndexConfig;
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
  const autoincrement = keys.some((key) => (key.object as PrimaryKey).autoincrement === true);
  const kept = { ...last, object: { ...(last.object as PrimaryKey), autoincrement } };
  return [...parts.filter((part) => part.object.kind !== 'primaryKey'), kept];
}
