/** What both dialects read of a table in the same way. */
import type { ReferentialAction } from '../../catalog/objects.ts';
import type { DialectName } from '../../catalog/schema.ts';
import type { Origin } from '../dialect.ts';
import type { Casing } from './casing.ts';
import {
  isNameFinal,
  isVersionOne,
  tableColumns,
  tableName,
  type DrizzleColumn,
  type DrizzleForeignKey,
  type DrizzleTable,
} from './entities.ts';
import { readExtraMembers, type ExtraMember } from './extra.ts';
import { isSql, renderSql, UnrenderableSql, type SqlStyle } from './sql-text.ts';
import { refuseModel } from './reading.ts';
import type { Exported } from './exports.ts';

/** A table that is being read, with all that its parts need to know. */
export interface TableContext {
  readonly exported: Exported<DrizzleTable>;
  readonly table: DrizzleTable;
  /** The table's name in the database. */
  readonly name: string;
  /** Columns by property key, in the order of the model. */
  readonly columns: readonly (readonly [string, DrizzleColumn])[];
  /** Undefined where the names are settled already. */
  readonly casing: Casing;
  /** True for a table made by drizzle-orm 1.0. */
  readonly one: boolean;
  /** How SQL in the table's own definitions is written, without and with the table before its columns. */
  readonly styles: Readonly<Record<SqlStyle['columns'], SqlStyle>>;
  /** The members of the third argument. */
  readonly members: readonly ExtraMember[];
}

/**
 * `extraColumns` is what the third argument is called with.
 * @throws DriftError MODEL_INVALID where the third argument throws
 */
export function openTable(
  exported: Exported<DrizzleTable>,
  extraColumns: unknown,
  dialect: DialectName,
  casing: Casing,
): TableContext {
  const table = exported.value;
  const name = table[tableName];
  const columns = Object.entries(table[tableColumns]);
  const one = columns.some(([, column]) => isVersionOne(column));
  const isFinal = columns.some(([, column]) => isNameFinal(column));
  const style = { dialect, casing: isFinal ? undefined : casing, objects: 'engine' } as const;
  const context = {
    exported,
    table,
    name,
    columns,
    casing: style.casing,
    one,
    styles: { bare: { ...style, columns: 'bare' }, qualified: { ...style, columns: 'qualified' } } as const,
    members: [],
  };
  try {
    return { ...context, members: readExtraMembers(table, extraColumns) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return refuseTable(context, `its third argument threw an error: ${reason}`, error);
  }
}

export function refuseTable(context: TableContext, problem: string, cause?: unknown): never {
  return refuseModel(context.exported, 'table', context.name, problem, cause);
}

/** Where a part of the table was written. */
export function originOf(context: TableContext, part?: Origin['part']): Origin {
  const { file, exportName } = context.exported;
  const { name } = context;
  return part === undefined ? { file, exportName, name } : { file, exportName, name, part };
}

/** The property key of a column of the table. */
export function keyOf(context: TableContext, column: DrizzleColumn): string {
  return context.columns.find(([, candidate]) => candidate === column)?.[0] ?? column.name;
}

/**
 * The text of a value that is SQL, or a function that gives it, or text already.
 * @throws DriftError MODEL_INVALID, naming the table and what the SQL was for
 */
export function renderOf(
  context: TableContext,
  value: unknown,
  columns: SqlStyle['columns'],
  what: () => string,
): string {
  try {
    const sql: unknown = typeof value === 'function' ? (value as () => unknown)() : value;
    return isSql(sql) ? renderSql(sql, context.styles[columns]) : String(sql);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const problem =
      error instanceof UnrenderableSql
        ? `${what()} has no text: ${reason}`
        : `${what()} threw an error: ${reason}`;
    return refuseTable(context, problem, error);
  }
}

/**
 * Follows a foreign key's callback.
 * @throws DriftError MODEL_INVALID where it throws or points at nothing, as with imports in a circle
 */
export function followReference(
  context: TableContext,
  key: DrizzleForeignKey,
): ReturnType<DrizzleForeignKey['reference']> {
  try {
    const reference = key.reference();
    if (reference.columns.length !== reference.foreignColumns.length) {
      throw new Error(
        `${String(reference.columns.length)} columns reference ${String(reference.foreignColumns.length)}`,
      );
    }
    return reference;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return refuseTable(context, `a foreign key points at nothing that can be read (${reason})`, error);
  }
}

const actions: ReadonlySet<string> = new Set<ReferentialAction>([
  'no action',
  'restrict',
  'cascade',
  'set null',
  'set default',
]);

/** A referential action; what was left out is NO ACTION. */
export function readAction(context: TableContext, action: string | undefined): ReferentialAction {
  const word = (action ?? 'no action').toLowerCase();
  if (!actions.has(word)) return refuseTable(context, `'${word}' is no action of a foreign key`);
  return word as ReferentialAction;
}
