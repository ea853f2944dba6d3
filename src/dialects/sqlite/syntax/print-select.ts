import { printList } from './print-expression.ts';
import { printOrderingTerms, printWindow } from './print-window.ts';
import type {
  FromClause,
  Join,
  ResultColumn,
  Select,
  SelectCore,
  Source,
  ValuesCore,
  WithClause,
} from './query-ast.ts';
import type { QueryPrinter } from './query-printer.ts';

/** Prints a SELECT on one line. */
export function printSelectWith(printer: QueryPrinter, select: Select): string {
  const parts: string[] = [];
  if (select.with !== undefined) parts.push(printWithClause(printer, select.with));
  parts.push(printCore(printer, select.first));
  for (const { operator, core } of select.compounds) parts.push(operator, printCore(printer, core));
  if (select.orderBy.length > 0) parts.push(`ORDER BY ${printOrderingTerms(printer, select.orderBy)}`);
  if (select.limit !== undefined) parts.push(`LIMIT ${printer.expression(select.limit)}`);
  if (select.offset !== undefined) parts.push(`OFFSET ${printer.expression(select.offset)}`);
  return parts.join(' ');
}

/** Prints `WITH …`; RECURSIVE allows nothing in SQLite that is not allowed without it. */
export function printWithClause(printer: QueryPrinter, clause: WithClause): string {
  const { style } = printer;
  const tables = clause.tables.map((table) => {
    const columns = table.columns.length === 0 ? '' : `(${table.columns.map(style.name).join(', ')})`;
    const hint =
      table.materialized === undefined ? '' : table.materialized ? 'MATERIALIZED ' : 'NOT MATERIALIZED ';
    return `${style.name(table.name)}${columns} AS ${hint}(${printer.select(table.select)})`;
  });
  return `WITH ${clause.recursive && !style.terse ? 'RECURSIVE ' : ''}${tables.join(', ')}`;
}

function printCore(printer: QueryPrinter, core: SelectCore | ValuesCore): string {
  if (core.type === 'values') {
    return `VALUES ${core.rows.map((row) => `(${printList(printer, row)})`).join(', ')}`;
  }
  const parts = [`SELECT ${core.distinct ? 'DISTINCT ' : ''}${printResultColumns(printer, core.columns)}`];
  if (core.from !== undefined) parts.push(`FROM ${printFrom(printer, core.from)}`);
  if (core.where !== undefined) parts.push(`WHERE ${printer.expression(core.where)}`);
  if (core.groupBy.length > 0) parts.push(`GROUP BY ${printList(printer, core.groupBy)}`);
  if (core.having !== undefined) parts.push(`HAVING ${printer.expression(core.having)}`);
  if (core.windows.length > 0) {
    const windows = core.windows.map(
      ({ name, definition }) => `${printer.style.name(name)} AS (${printWindow(printer, definition)})`,
    );
    parts.push(`WINDOW ${windows.join(', ')}`);
  }
  return parts.join(' ');
}

/** What SELECT and RETURNING list. */
export function printResultColumns(printer: QueryPrinter, columns: readonly ResultColumn[]): string {
  const { style } = printer;
  const printed = columns.map((column) => {
    if (column.type === 'star') return column.table === undefined ? '*' : `${style.name(column.table)}.*`;
    const alias = column.alias === undefined ? '' : ` AS ${style.name(column.alias)}`;
    return printer.expression(column.expression) + alias;
  });
  return printed.join(', ');
}

/** Sources with their joins. */
export function printFrom(printer: QueryPrinter, from: FromClause): string {
  const joins = from.joins.map((join) => ` ${printJoin(printer, join)}`);
  return printSource(printer, from.first) + joins.join('');
}

function printJoin(printer: QueryPrinter, join: Join): string {
  const kind = join.kind === 'inner' ? '' : `${join.kind.toUpperCase()} `;
  let text = `${join.natural ? 'NATURAL ' : ''}${kind}JOIN ${printSource(printer, join.source)}`;
  if (join.on !== undefined) text += ` ON ${printer.expression(join.on)}`;
  if (join.using.length > 0) text += ` USING (${join.using.map(printer.style.name).join(', ')})`;
  return text;
}

function printSource(printer: QueryPrinter, source: Source): string {
  const { style } = printer;
  const alias = source.alias === undefined ? '' : ` AS ${style.name(source.alias)}`;
  if (source.type === 'select') return `(${printer.select(source.select)})${alias}`;
  if (source.type === 'join') return `(${printFrom(printer, source.from)})${alias}`;
  const schema = source.schema === undefined ? '' : `${style.name(source.schema)}.`;
  const args = source.args === undefined ? '' : `(${printList(printer, source.args)})`;
  return schema + style.name(source.name) + args + alias + printIndexedBy(printer, source.indexedBy);
}

/** `INDEXED BY name` or `NOT INDEXED`, with a space before it. */
export function printIndexedBy(
  printer: QueryPrinter,
  indexedBy: Extract<Source, { type: 'table' }>['indexedBy'],
): string {
  if (indexedBy === undefined) return '';
  return indexedBy === 'not indexed' ? ' NOT INDEXED' : ` INDEXED BY ${printer.style.name(indexedBy)}`;
}
