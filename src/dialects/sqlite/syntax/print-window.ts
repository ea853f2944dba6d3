import type { FrameBound, OrderingTerm, WindowDefinition, WindowFrame } from './query-ast.ts';
import type { QueryPrinter } from './query-printer.ts';

/** Terms of ORDER BY with commas between them. */
export function printOrderingTerms(printer: QueryPrinter, terms: readonly OrderingTerm[]): string {
  return terms.map((term) => printOrderingTerm(printer, term)).join(', ');
}

function printOrderingTerm(printer: QueryPrinter, term: OrderingTerm): string {
  const { order, nulls } = term;
  const { terse } = printer.style;
  let text = printer.expression(term.expression);
  if (order === 'desc' || (order === 'asc' && !terse)) text += ` ${order.toUpperCase()}`;
  // NULL is the smallest value: first when ascending, last when descending. sqlite.org/lang_select.html#orderby
  const usual = order === 'desc' ? 'last' : 'first';
  if (nulls !== undefined && !(terse && nulls === usual)) text += ` NULLS ${nulls.toUpperCase()}`;
  return text;
}

/** What stands between the parentheses of a window. */
export function printWindow(printer: QueryPrinter, window: WindowDefinition): string {
  const parts: string[] = [];
  if (window.base !== undefined) parts.push(printer.style.name(window.base));
  if (window.partitionBy.length > 0) {
    const terms = window.partitionBy.map((term) => printer.expression(term));
    parts.push(`PARTITION BY ${terms.join(', ')}`);
  }
  if (window.orderBy.length > 0) parts.push(`ORDER BY ${printOrderingTerms(printer, window.orderBy)}`);
  if (window.frame !== undefined) parts.push(printFrame(printer, window.frame));
  return parts.join(' ');
}

function printFrame(printer: QueryPrinter, frame: WindowFrame): string {
  const [from, to] = [frame.from, frame.to].map((bound) => printBound(printer, bound));
  const exclude = frame.exclude === undefined ? '' : ` EXCLUDE ${frame.exclude.toUpperCase()}`;
  return `${frame.unit.toUpperCase()} BETWEEN ${from} AND ${to}${exclude}`;
}

function printBound(printer: QueryPrinter, bound: FrameBound): string {
  if (!('offset' in bound)) return bound.type.toUpperCase();
  return `${printer.expression(bound.offset)} ${bound.type.toUpperCase()}`;
}
