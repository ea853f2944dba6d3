import { printFrom, printIndexedBy, printResultColumns, printWithClause } from './print-select.ts';
import { printOrderingTerms } from './print-window.ts';
import type {
  Assignment,
  DataStatement,
  InsertStatement,
  ResultColumn,
  UpsertClause,
  WithClause,
  WriteTarget,
} from './query-ast.ts';
import type { QueryPrinter } from './query-printer.ts';

/** Prints a SELECT, INSERT, UPDATE or DELETE on one line. */
export function printDataStatementWith(printer: QueryPrinter, statement: DataStatement): string {
  switch (statement.kind) {
    case 'select':
      return printer.select(statement.select);
    case 'insert':
      return printInsert(printer, statement);
    case 'update': {
      const conflict = statement.conflict === undefined ? '' : `OR ${statement.conflict.toUpperCase()} `;
      const target = printTarget(printer, statement.target);
      const parts = [`UPDATE ${conflict}${target} SET ${printAssignments(printer, statement.set)}`];
      if (statement.from !== undefined) parts.push(`FROM ${printFrom(printer, statement.from)}`);
      if (statement.where !== undefined) parts.push(`WHERE ${printer.expression(statement.where)}`);
      return enclose(printer, statement.with, parts, statement.returning);
    }
    case 'delete': {
      const parts = [`DELETE FROM ${printTarget(printer, statement.target)}`];
      if (statement.where !== undefined) parts.push(`WHERE ${printer.expression(statement.where)}`);
      return enclose(printer, statement.with, parts, statement.returning);
    }
  }
}

function enclose(
  printer: QueryPrinter,
  clause: WithClause | undefined,
  parts: readonly string[],
  returning: readonly ResultColumn[],
): string {
  const all = clause === undefined ? [...parts] : [printWithClause(printer, clause), ...parts];
  if (returning.length > 0) all.push(`RETURNING ${printResultColumns(printer, returning)}`);
  return all.join(' ');
}

function printTarget(printer: QueryPrinter, target: WriteTarget): string {
  const { style } = printer;
  const schema = target.schema === undefined ? '' : `${style.name(target.schema)}.`;
  const alias = target.alias === undefined ? '' : ` AS ${style.name(target.alias)}`;
  return schema + style.name(target.name) + alias + printIndexedBy(printer, target.indexedBy);
}

function printInsert(printer: QueryPrinter, statement: InsertStatement): string {
  const { style } = printer;
  const conflict = statement.conflict === undefined ? '' : `OR ${statement.conflict.toUpperCase()} `;
  const columns = statement.columns.length === 0 ? '' : ` (${statement.columns.map(style.name).join(', ')})`;
  const parts = [`INSERT ${conflict}INTO ${printTarget(printer, statement.target)}${columns}`];
  parts.push(statement.source === undefined ? 'DEFAULT VALUES' : printer.select(statement.source));
  for (const upsert of statement.upserts) parts.push(printUpsert(printer, upsert));
  return enclose(printer, statement.with, parts, statement.returning);
}

function printUpsert(printer: QueryPrinter, upsert: UpsertClause): string {
  const parts = ['ON CONFLICT'];
  if (upsert.target.length > 0) parts.push(`(${printOrderingTerms(printer, upsert.target)})`);
  if (upsert.targetWhere !== undefined) parts.push(`WHERE ${printer.expression(upsert.targetWhere)}`);
  if (upsert.set === undefined) return [...parts, 'DO NOTHING'].join(' ');
  parts.push(`DO UPDATE SET ${printAssignments(printer, upsert.set)}`);
  if (upsert.where !== undefined) parts.push(`WHERE ${printer.expression(upsert.where)}`);
  return parts.join(' ');
}

function printAssignments(printer: QueryPrinter, assignments: readonly Assignment[]): string {
  const printed = assignments.map(({ columns, row, value }) => {
    const names = columns.map(printer.style.name).join(', ');
    return `${row ? `(${names})` : names} = ${printer.expression(value)}`;
  });
  return printed.join(', ');
}
