import { printDataStatementWith } from './print-data.ts';
import { printExpressionWith, printLiteral } from './print-expression.ts';
import { printSelectWith } from './print-select.ts';
import { quoteLike } from './names.ts';
import type { DataStatement, Expression, Select } from './query-ast.ts';
import { STRENGTH } from './query-parser.ts';
import type { QueryPrinter, QueryStyle } from './query-printer.ts';

/** Names in the user's own quotes, values as written, nothing left out. */
export const PLAIN_STYLE: QueryStyle = {
  name: (name) => quoteLike(name.value, name.quote),
  callName: (name) => quoteLike(name.value, name.quote),
  literal: printLiteral,
  type: (type) => (type === undefined ? '' : type.text),
  rewrite: (expression) => expression,
  terse: false,
  get nested() {
    return PLAIN_STYLE;
  },
};

function makePrinter(style: QueryStyle): QueryPrinter {
  let nested: QueryPrinter | undefined;
  const printer: QueryPrinter = {
    style,
    expression: (expression, least = STRENGTH.or) => printExpressionWith(printer, expression, least),
    select: (select) => {
      nested ??= style.nested === style ? printer : makePrinter(style.nested);
      return printSelectWith(nested, select);
    },
  };
  return printer;
}

/** Prints the tree of an expression; parsing the result gives the same tree, but for the nesting of AND, OR and ||. */
export function printExpression(expression: Expression, style: QueryStyle = PLAIN_STYLE): string {
  return makePrinter(style).expression(expression);
}

/** Prints the tree of a SELECT on one line. */
export function printSelect(select: Select, style: QueryStyle = PLAIN_STYLE): string {
  return makePrinter(style).select(select);
}

/** Prints the tree of a SELECT, INSERT, UPDATE or DELETE on one line. */
export function printDataStatement(statement: DataStatement, style: QueryStyle = PLAIN_STYLE): string {
  return printDataStatementWith(makePrinter(style), statement);
}
