import type { Name } from './ast.ts';
import { affinity } from './affinity.ts';
import { foldName, isBareName, quoteIdentifier, sameName } from './names.ts';
import { canonicalInteger, canonicalReal, fitsInteger } from './numbers.ts';
import { printLiteral } from './print-expression.ts';
import type { ColumnReference, Expression, Literal, Unary } from './query-ast.ts';
import type { QueryStyle } from './query-printer.ts';

/** Where an expression stands. */
export interface ExpressionContext {
  /** The table the expression belongs to: in a CHECK, a generated column or an index its name says nothing. */
  readonly table?: string | undefined;
  /**
   * The columns the expression can name. With it, a double-quoted word that names none of them is the string SQLite
   * takes it for, and TRUE and FALSE are the numbers they are; without it both stay as they are.
   */
  readonly columns?: readonly string[] | undefined;
}

const ROWID: ReadonlySet<string> = new Set(['rowid', 'oid', '_rowid_']);

/** The one spelling of an identifier: ASCII letters in lower case, quotes only where they are needed. */
export function canonicalName(name: string): string {
  const folded = foldName(name);
  // Bare TRUE and FALSE are values; a name of that spelling has to be quoted.
  const bare = isBareName(folded) && folded !== 'true' && folded !== 'false';
  return bare ? folded : quoteIdentifier(folded);
}

/** The one spelling of a literal. */
export function canonicalLiteral(literal: Literal): string {
  if (literal.literal === 'integer') return canonicalInteger(literal.value);
  if (literal.literal === 'real') return canonicalReal(literal.value);
  if (literal.literal === 'blob') return `x'${literal.value.toUpperCase()}'`;
  return printLiteral(literal);
}

/** The style of the canonical form. Each rewrite keeps what SQLite makes of the expression. */
export function canonicalStyle(context: ExpressionContext): QueryStyle {
  const bare = context.table === undefined && context.columns === undefined;
  const style: QueryStyle = {
    name: (name) => canonicalName(name.value),
    callName: (name) => canonicalName(name.value),
    literal: canonicalLiteral,
    // CAST asks for nothing but the affinity of the type. sqlite.org/lang_expr.html#castexpr
    type: (type) => affinity(type?.text ?? 'NUMERIC').toUpperCase(),
    rewrite: (expression) => rewrite(expression, context),
    terse: true,
    get nested() {
      return bare ? style : canonicalStyle({});
    },
  };
  return style;
}

function rewrite(node: Expression, context: ExpressionContext): Expression {
  if (node.type === 'column') return rewriteColumn(node, context);
  if (node.type === 'unary') return rewriteUnary(node, context);
  const asksTruth = node.type === 'binary' && (node.operator === 'IS' || node.operator === 'IS NOT');
  return asksTruth ? { ...node, right: keepTruth(node.right, context) } : node;
}

function rewriteColumn(node: ColumnReference, context: ExpressionContext): Expression {
  const { table, columns } = context;
  if (node.table !== undefined) {
    if (table === undefined || !sameName(node.table.value, table)) return node;
    return { ...node, schema: undefined, table: undefined, column: asIdentifier(node.column) };
  }
  const isColumn = columns?.some((column) => sameName(column, node.column.value)) ?? false;
  const truth = truthOf(node);
  if (truth !== undefined && !isColumn) {
    if (columns === undefined) return { ...node, type: 'literal', literal: truth, value: truth };
    return { ...node, type: 'literal', literal: 'integer', value: truth === 'true' ? '1' : '0' };
  }
  if (node.column.quote !== '"' || columns === undefined || isColumn) return node;
  if (ROWID.has(foldName(node.column.value))) return node;
  return { ...node, type: 'literal', literal: 'string', value: node.column.value };
}

/** `users."x"` can only be a column; bare `"x"` would be taken for a string where there is no such column. */
function asIdentifier(name: Name): Name {
  return { ...name, quote: '`' };
}

function truthOf(node: Expression): 'true' | 'false' | undefined {
  if (node.type !== 'column' || node.table !== undefined || node.column.quote !== '') return undefined;
  const word = foldName(node.column.value);
  return word === 'true' || word === 'false' ? word : undefined;
}

/**
 * `x IS TRUE` asks whether x is true, `x IS 1` whether it is the number 1: to the right of IS the word stays. SQLite
 * looks for it under COLLATE and likely() too.
 */
function keepTruth(node: Expression, context: ExpressionContext): Expression {
  if (node.type === 'collate') return { ...node, operand: keepTruth(node.operand, context) };
  if (node.type === 'call' && /^(un)?like(ly|lihood)$/i.test(node.name.value) && node.args !== '*') {
    const [first, ...rest] = node.args;
    return first === undefined ? node : { ...node, args: [keepTruth(first, context), ...rest] };
  }
  const truth = truthOf(node);
  if (truth === undefined || context.columns?.some((column) => sameName(column, truth))) return node;
  return { type: 'literal', literal: truth, value: truth, start: node.start, end: node.end };
}

function rewriteUnary(node: Unary, context: ExpressionContext): Expression {
  const operand = rewrite(node.operand, context);
  if (node.operator === 'NOT') return negate(operand) ?? { ...node, operand };
  if (node.operator === '+' && isPlainNumber(operand)) return operand;
  return { ...node, operand };
}

/** NOT (x IN …) and x NOT IN … are one tree to SQLite's parser; the same goes for LIKE, BETWEEN and the NULL tests. */
function negate(node: Expression): Expression | undefined {
  if (
    node.type === 'matching' ||
    node.type === 'between' ||
    node.type === 'in' ||
    node.type === 'null-test'
  ) {
    return { ...node, negated: !node.negated };
  }
  if (node.type !== 'binary') return undefined;
  if (node.operator === 'IS') return { ...node, operator: 'IS NOT' };
  return node.operator === 'IS NOT' ? { ...node, operator: 'IS' } : undefined;
}

/**
 * A plus before a column or an expression takes its affinity and its index away; before a number it does nothing.
 * 2^63 is left out: a minus before it makes it an integer, a minus and a plus do not.
 */
function isPlainNumber(node: Expression): boolean {
  if (node.type !== 'literal') return false;
  return node.literal === 'real' || (node.literal === 'integer' && fitsInteger(node.value));
}
