import { quoteString } from './names.ts';
import { strengthOf } from './parse-expression.ts';
import { printOrderingTerms, printWindow } from './print-window.ts';
import type { Binary, Call, Case, Expression, InSet, InTest, Literal, Matching } from './query-ast.ts';
import { STRENGTH } from './query-parser.ts';
import type { QueryPrinter } from './query-printer.ts';

/** Prints an expression with no more parentheses than its tree needs. */
export function printExpressionWith(printer: QueryPrinter, tree: Expression, least: number): string {
  const expression = printer.style.rewrite(tree);
  const text = printNode(printer, expression);
  return strengthOfNode(expression) < least ? `(${text})` : text;
}

const TESTS: ReadonlySet<Expression['type']> = new Set(['matching', 'between', 'null-test', 'in']);

function strengthOfNode(node: Expression): number {
  if (node.type === 'binary') return strengthOf(node.operator);
  if (node.type === 'unary') return node.operator === 'NOT' ? STRENGTH.not : STRENGTH.sign;
  if (node.type === 'collate') return STRENGTH.collate;
  return TESTS.has(node.type) ? STRENGTH.equality : STRENGTH.primary;
}

function printNode(printer: QueryPrinter, node: Expression): string {
  const { style } = printer;
  const not = (negated: boolean): string => (negated ? 'NOT ' : '');
  const operand = (expression: Expression): string => printer.expression(expression, STRENGTH.equality);
  switch (node.type) {
    case 'literal':
      return style.literal(node);
    case 'column':
      return [node.schema, node.table, node.column]
        .filter((name) => name !== undefined)
        .map((name) => style.name(name))
        .join('.');
    case 'parameter':
      return node.text;
    case 'unary':
      return printUnary(printer, node.operator, node.operand);
    case 'binary':
      return printBinary(printer, node);
    case 'matching':
      return printMatching(printer, node);
    case 'between': {
      const [low, high] = [node.low, node.high].map((side) => printer.expression(side, STRENGTH.comparison));
      return `${operand(node.operand)} ${not(node.negated)}BETWEEN ${low} AND ${high}`;
    }
    case 'null-test':
      return `${operand(node.operand)} IS ${not(node.negated)}NULL`;
    case 'in':
      return printIn(printer, node);
    case 'collate':
      return `${printer.expression(node.operand, STRENGTH.collate)} COLLATE ${style.name(node.collation)}`;
    case 'cast': {
      const type = style.type(node.to);
      return `CAST(${printer.expression(node.operand)} AS${type === '' ? '' : ` ${type}`})`;
    }
    case 'case':
      return printCase(printer, node);
    case 'call':
      return printCall(printer, node);
    case 'exists':
      return `EXISTS (${printer.select(node.select)})`;
    case 'subquery':
      return `(${printer.select(node.select)})`;
    case 'row':
      return `(${printList(printer, node.items)})`;
    case 'raise': {
      const message = node.message === undefined ? '' : `, ${printer.expression(node.message)}`;
      return `RAISE(${node.action.toUpperCase()}${message})`;
    }
  }
}

/** Expressions with commas between them. */
export function printList(printer: QueryPrinter, items: readonly Expression[]): string {
  return items.map((item) => printer.expression(item)).join(', ');
}

function printUnary(printer: QueryPrinter, operator: string, operand: Expression): string {
  if (operator === 'NOT') return `NOT ${printer.expression(operand, STRENGTH.not)}`;
  const text = printer.expression(operand, STRENGTH.sign);
  // Two minus signs would begin a comment.
  return operator === '-' && text.startsWith('-') ? `-(${text})` : operator + text;
}

const ASSOCIATIVE: ReadonlySet<string> = new Set(['AND', 'OR', '||']);

function printBinary(printer: QueryPrinter, node: Binary): string {
  const strength = strengthOf(node.operator);
  const left = printer.expression(node.left, strength);
  const right = printer.style.rewrite(node.right);
  // a AND (b AND c) is evaluated like (a AND b) AND c, in the same order and to the same value; so are OR and ||.
  const flat = ASSOCIATIVE.has(node.operator) && right.type === 'binary' && right.operator === node.operator;
  return `${left} ${node.operator} ${printer.expression(right, flat ? strength : strength + 1)}`;
}

function printMatching(printer: QueryPrinter, node: Matching): string {
  const left = printer.expression(node.left, STRENGTH.equality);
  const right = printer.expression(node.right, STRENGTH.bits);
  const escape = node.escape === undefined ? '' : ` ESCAPE ${printer.expression(node.escape, STRENGTH.bits)}`;
  return `${left} ${node.negated ? 'NOT ' : ''}${node.operator} ${right}${escape}`;
}

function printIn(printer: QueryPrinter, node: InTest): string {
  const operand = printer.expression(node.operand, STRENGTH.equality);
  return `${operand} ${node.negated ? 'NOT ' : ''}IN ${printInSet(printer, node.set)}`;
}

function printInSet(printer: QueryPrinter, set: InSet): string {
  if (set.type === 'list') return `(${printList(printer, set.items)})`;
  if (set.type === 'select') return `(${printer.select(set.select)})`;
  const { style } = printer;
  const table = (set.schema === undefined ? '' : `${style.name(set.schema)}.`) + style.name(set.table);
  return set.type === 'table' ? table : `${table}(${printList(printer, set.args)})`;
}

function printCase(printer: QueryPrinter, node: Case): string {
  const words = ['CASE'];
  if (node.operand !== undefined) words.push(printer.expression(node.operand));
  for (const { when, then } of node.branches) {
    words.push('WHEN', printer.expression(when), 'THEN', printer.expression(then));
  }
  if (node.otherwise !== undefined) words.push('ELSE', printer.expression(node.otherwise));
  return [...words, 'END'].join(' ');
}

function printCall(printer: QueryPrinter, node: Call): string {
  const { style } = printer;
  let inside = node.args === '*' ? '*' : printList(printer, node.args);
  if (node.distinct) inside = `DISTINCT ${inside}`;
  if (node.orderBy.length > 0) inside += ` ORDER BY ${printOrderingTerms(printer, node.orderBy)}`;
  let text = `${style.callName(node.name)}(${inside})`;
  if (node.withinGroup !== undefined) {
    text += ` WITHIN GROUP (ORDER BY ${printOrderingTerms(printer, [node.withinGroup])})`;
  }
  if (node.filter !== undefined) text += ` FILTER (WHERE ${printer.expression(node.filter)})`;
  if (node.over === undefined) return text;
  const over = 'type' in node.over ? `(${printWindow(printer, node.over)})` : style.name(node.over);
  return `${text} OVER ${over}`;
}

/** The literal as SQLite reads it back, its kind kept. */
export function printLiteral({ literal, value }: Literal): string {
  if (literal === 'string') return quoteString(value);
  if (literal === 'blob') return `x'${value}'`;
  if (literal === 'integer' || literal === 'real') return value;
  return literal.toUpperCase().replace('-', '_');
}
