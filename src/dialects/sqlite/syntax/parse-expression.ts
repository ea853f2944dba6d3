import type { Span } from './ast.ts';
import { parsePrimary } from './parse-primary.ts';
import type { BinaryOperator, Expression, InSet } from './query-ast.ts';
import { STRENGTH, startsSelect, type QueryParser } from './query-parser.ts';

const BINARY = new Map<string, readonly [BinaryOperator, number]>([
  ['OR', ['OR', STRENGTH.or]],
  ['AND', ['AND', STRENGTH.and]],
  ['=', ['=', STRENGTH.equality]],
  ['==', ['=', STRENGTH.equality]],
  ['<>', ['<>', STRENGTH.equality]],
  ['!=', ['<>', STRENGTH.equality]],
  ['<', ['<', STRENGTH.comparison]],
  ['<=', ['<=', STRENGTH.comparison]],
  ['>', ['>', STRENGTH.comparison]],
  ['>=', ['>=', STRENGTH.comparison]],
  ['&', ['&', STRENGTH.bits]],
  ['|', ['|', STRENGTH.bits]],
  ['<<', ['<<', STRENGTH.bits]],
  ['>>', ['>>', STRENGTH.bits]],
  ['+', ['+', STRENGTH.sum]],
  ['-', ['-', STRENGTH.sum]],
  ['*', ['*', STRENGTH.product]],
  ['/', ['/', STRENGTH.product]],
  ['%', ['%', STRENGTH.product]],
  ['||', ['||', STRENGTH.concat]],
  ['->', ['->', STRENGTH.concat]],
  ['->>', ['->>', STRENGTH.concat]],
]);

/** How strongly an operator of a `binary` node binds. */
export function strengthOf(operator: BinaryOperator): number {
  return BINARY.get(operator)?.[1] ?? STRENGTH.equality;
}

/** Parses an expression whose operators all bind at least as strongly as `least`. */
export function parseExpressionAt(parser: QueryParser, least: number = STRENGTH.or): Expression {
  const start = parser.cursor.start;
  let left = parsePrefix(parser);
  for (;;) {
    const next = parseInfix(parser, left, start, least);
    if (next === undefined) return left;
    left = next;
  }
}

function parsePrefix(parser: QueryParser): Expression {
  const { cursor } = parser;
  const start = cursor.start;
  // NOT EXISTS needs no rule of its own: EXISTS (…) is a primary.
  if (cursor.accept('NOT')) {
    const operand = parser.expression(STRENGTH.not);
    return { type: 'unary', operator: 'NOT', operand, start, end: cursor.end };
  }
  const operator = cursor.peek().text;
  if (cursor.peek().kind === 'operator' && (operator === '-' || operator === '+' || operator === '~')) {
    cursor.take();
    const operand = parser.expression(STRENGTH.sign);
    return { type: 'unary', operator, operand, start, end: cursor.end };
  }
  return parsePrimary(parser);
}

/** Takes one operator after `left` with its right side, or nothing when the next one binds too weakly. */
function parseInfix(
  parser: QueryParser,
  left: Expression,
  start: number,
  least: number,
): Expression | undefined {
  const { cursor } = parser;
  const token = cursor.peek();
  const symbol = token.kind === 'operator' ? token.text : token.keyword;
  if (symbol === '') return undefined;
  const known = BINARY.get(symbol);
  if (known !== undefined) {
    const [operator, strength] = known;
    if (strength < least) return undefined;
    cursor.take();
    const right = parser.expression(strength + 1);
    return { type: 'binary', operator, left, right, start, end: cursor.end };
  }
  if (symbol === 'COLLATE') {
    if (STRENGTH.collate < least) return undefined;
    cursor.take();
    if (!cursor.isAlias()) cursor.fail('the name of a collation');
    return { type: 'collate', operand: left, collation: cursor.name(), start, end: cursor.end };
  }
  if (token.keyword === '' || STRENGTH.equality < least) return undefined;
  const test = parseTest(parser, left);
  return test === undefined ? undefined : { ...test, start, end: cursor.end };
}

type WithoutSpan<T> = T extends Span ? Omit<T, 'start' | 'end'> : never;

/** The keyword operators of the strength of `=`: IS, IN, BETWEEN, LIKE and so on, with NOT in front or not. */
function parseTest(parser: QueryParser, operand: Expression): WithoutSpan<Expression> | undefined {
  const { cursor } = parser;
  if (cursor.accept('IS')) return parseIs(parser, operand);
  if (cursor.accept('ISNULL')) return { type: 'null-test', negated: false, operand };
  if (cursor.accept('NOTNULL') || cursor.accept('NOT', 'NULL')) {
    return { type: 'null-test', negated: true, operand };
  }
  const negated = cursor.isKeyword('NOT');
  switch (cursor.peek(negated ? 1 : 0).keyword) {
    case 'IN':
      cursor.accept('NOT');
      cursor.take();
      return { type: 'in', negated, operand, set: parseInSet(parser) };
    case 'BETWEEN': {
      cursor.accept('NOT');
      cursor.take();
      const low = parser.expression(STRENGTH.not);
      cursor.expect('AND');
      const high = parser.expression(STRENGTH.comparison);
      return { type: 'between', negated, operand, low, high };
    }
    case 'LIKE':
    case 'GLOB':
    case 'REGEXP':
    case 'MATCH':
      return parseMatching(parser, operand, cursor.accept('NOT'));
    default:
      return undefined;
  }
}

function parseMatching(parser: QueryParser, left: Expression, negated: boolean): WithoutSpan<Expression> {
  const { cursor } = parser;
  const operator = cursor.take().keyword as 'LIKE' | 'GLOB' | 'REGEXP' | 'MATCH';
  const right = parser.expression(STRENGTH.comparison);
  const escape = cursor.accept('ESCAPE') ? parser.expression(STRENGTH.comparison) : undefined;
  return { type: 'matching', operator, negated, left, right, escape };
}

function parseIs(parser: QueryParser, left: Expression): WithoutSpan<Expression> {
  const { cursor } = parser;
  let negated = cursor.accept('NOT');
  // IS DISTINCT FROM says IS NOT, and IS NOT DISTINCT FROM says IS.
  if (cursor.accept('DISTINCT', 'FROM')) negated = !negated;
  const right = parser.expression(STRENGTH.comparison);
  if (right.type === 'literal' && right.literal === 'null')
    return { type: 'null-test', negated, operand: left };
  return { type: 'binary', operator: negated ? 'IS NOT' : 'IS', left, right };
}

function parseInSet(parser: QueryParser): InSet {
  const { cursor } = parser;
  if (cursor.acceptOperator('(')) {
    if (startsSelect(cursor)) {
      const select = parser.select();
      cursor.expectOperator(')');
      return { type: 'select', select };
    }
    const items = cursor.isOperator(')') ? [] : cursor.list(() => parser.expression());
    cursor.expectOperator(')');
    return { type: 'list', items };
  }
  const { schema, name: table } = cursor.qualifiedName('a list, a SELECT or a table');
  if (!cursor.acceptOperator('(')) return { type: 'table', schema, table };
  const args = cursor.isOperator(')') ? [] : cursor.list(() => parser.expression());
  cursor.expectOperator(')');
  return { type: 'function', schema, table, args };
}
