import { noValue } from '../../../catalog/no-value.ts';
import type { Column, ColumnValue, Expression } from '../../../catalog/objects.ts';
import { nameColumn } from '../../drizzle/casing.ts';
import type { DrizzleColumn } from '../../drizzle/entities.ts';
import { isSql } from '../../drizzle/sql-text.ts';
import { renderOf, type TableContext } from '../../drizzle/table-parts.ts';
import { writeDefault } from './defaults.ts';

/** An expression as the model has it; its canonical form is found when both sides are compared. */
export function asWritten(text: string): Expression {
  return { text, canonical: text };
}

export function readColumn(context: TableContext, column: DrizzleColumn, position: number): Column {
  const read: Column = {
    kind: 'column',
    address: { namespace: 'main', table: context.name, name: nameColumn(column, context.casing) },
    type: column.getSQLType(),
    nullable: isNullable(context, column),
    value: readValue(context, column),
    collation: null,
    position,
  };
  return column.primary === true ? { ...read, nullabilityOpen: true } : read;
}

/**
 * drizzle-kit 1.0 leaves NOT NULL out of primary keys, and SQLite then allows NULL in them (but for INTEGER PRIMARY
 * KEY, where it cannot be). 0.x writes it.
 */
function isNullable(context: TableContext, column: DrizzleColumn): boolean {
  if (column.notNull !== true) return true;
  if (!context.one) return false;
  return column.primary === true || (/^int/i.test(column.getSQLType()) && isKeyOfItsTable(context, column));
}

/** True where the table's third argument makes the column its whole primary key. */
function isKeyOfItsTable(context: TableContext, column: DrizzleColumn): boolean {
  return context.members.some((member) => {
    if (!member.kinds.has('SQLitePrimaryKeyBuilder')) return false;
    const columns = member.value['columns'] as readonly DrizzleColumn[];
    return columns.length === 1 && columns[0]?.name === column.name;
  });
}

function readValue(context: TableContext, column: DrizzleColumn): ColumnValue {
  const { generated } = column;
  if (generated) {
    const text = renderOf(context, generated.as, 'bare', () => `the generated column '${column.name}'`);
    return {
      kind: 'generated',
      expression: asWritten(text),
      storage: generated.mode === 'stored' ? 'stored' : 'virtual',
    };
  }
  if (column.default === undefined) return noValue;
  const text = isSql(column.default)
    ? renderOf(context, column.default, 'bare', () => `the default of column '${column.name}'`)
    : writeDefault(column, column.default);
  return { kind: 'default', expression: asWritten(text) };
}

/** True where the column says AUTOINCREMENT. */
export function isAutoincrement(column: DrizzleColumn): boolean {
  return 'autoIncrement' in column && column.autoIncrement === true;
}
