import type { Name } from './ast.ts';
import { nameFrom } from './cursor.ts';
import { parseTypeName } from './parse-type.ts';
import { parseWindow } from './parse-window.ts';
import type { Call, Case, Expression, Literal, LiteralKind, Raise } from './query-ast.ts';
import { startsSelect, type QueryParser } from './query-parser.ts';

const KEYWORD_LITERALS: Readonly<Record<string, LiteralKind>> = {
  NULL: 'null',
  CURRENT_TIME: 'current-time',
  CURRENT_DATE: 'current-date',
  CURRENT_TIMESTAMP: 'current-timestamp',
};

/** An expression that no operator stands before or after: literal, name, call, CASE, CAST, or something in parentheses. */
export function parsePrimary(parser: QueryParser): Expression {
  const { cursor } = parser;
  const token = cursor.peek();
  switch (token.kind) {
    case 'integer':
    case 'real':
    case 'blob':
      return parseLiteral(parser, token.kind);
    case 'string':
      // 'x'.'y' is a qualified name to SQLite.
      return cursor.isOperator('.', 1) ? parseNameOrCall(parser) : parseLiteral(parser, 'string');
    case 'parameter':
      cursor.take();
      return { type: 'parameter', text: token.text, start: token.start, end: token.end };
    case 'word':
      return parseWord(parser);
    case 'quoted':
      return parseNameOrCall(parser);
    case 'operator':
    case 'space':
    case 'comment':
      return cursor.isOperator('(') ? parseParenthesized(parser) : cursor.fail('an expression');
  }
}

function parseLiteral(parser: QueryParser, literal: LiteralKind): Literal {
  const { value, start, end } = parser.cursor.take();
  return { type: 'literal', literal, value, start, end };
}

function parseWord(parser: QueryParser): Expression {
  const { cursor } = parser;
  const { keyword, start } = cursor.peek();
  const literal = KEYWORD_LITERALS[keyword];
  if (literal !== undefined) return parseLiteral(parser, literal);
  switch (keyword) {
    case 'CAST': {
      cursor.take();
      cursor.expectOperator('(');
      const operand = parser.expression();
      cursor.expect('AS');
      const to = parseTypeName(cursor);
      cursor.expectOperator(')');
      return { type: 'cast', operand, to, start, end: cursor.end };
    }
    case 'CASE':
      return parseCase(parser);
    case 'EXISTS': {
      cursor.take();
      cursor.expectOperator('(');
      const select = parser.select();
      cursor.expectOperator(')');
      return { type: 'exists', select, start, end: cursor.end };
    }
    case 'RAISE':
      return parseRaise(parser);
    default:
      return parseNameOrCall(parser);
  }
}

function parseCase(parser: QueryParser): Case {
  const { cursor } = parser;
  const start = cursor.start;
  cursor.expect('CASE');
  const operand = cursor.isKeyword('WHEN') ? undefined : parser.expression();
  const branches: { when: Expression; then: Expression }[] = [];
  while (cursor.accept('WHEN')) {
    const when = parser.expression();
    cursor.expect('THEN');
    branches.push({ when, then: parser.expression() });
  }
  if (branches.length === 0) cursor.fail('WHEN');
  const otherwise = cursor.accept('ELSE') ? parser.expression() : undefined;
  cursor.expect('END');
  return { type: 'case', operand, branches, otherwise, start, end: cursor.end };
}

function parseRaise(parser: QueryParser): Raise {
  const { cursor } = parser;
  const start = cursor.start;
  cursor.expect('RAISE');
  cursor.expectOperator('(');
  const action = cursor.take().keyword.toLowerCase();
  switch (action) {
    case 'ignore':
      cursor.expectOperator(')');
      return { type: 'raise', action, message: undefined, start, end: cursor.end };
    case 'rollback':
    case 'abort':
    case 'fail': {
      cursor.expectOperator(',');
      const message = parser.expression();
      cursor.expectOperator(')');
      return { type: 'raise', action, message, start, end: cursor.end };
    }
    default:
      return cursor.fail('IGNORE, ROLLBACK, ABORT or FAIL');
  }
}

function parseParenthesized(parser: QueryParser): Expression {
  const { cursor } = parser;
  const start = cursor.expectOperator('(').start;
  if (startsSelect(cursor)) {
    const select = parser.select();
    cursor.expectOperator(')');
    return { type: 'subquery', select, start, end: cursor.end };
  }
  const items = cursor.list(() => parser.expression());
  cursor.expectOperator(')');
  const [only] = items;
  if (only !== undefined && items.length === 1) return only;
  return { type: 'row', items, start, end: cursor.end };
}

function parseNameOrCall(parser: QueryParser): Expression {
  const { cursor } = parser;
  if (!cursor.isName()) cursor.fail('an expression');
  const start = cursor.start;
  const first = nameFrom(cursor.take());
  if (cursor.isOperator('(')) return parseCall(parser, first);
  const rest: Name[] = [];
  while (rest.length < 2 && cursor.acceptOperator('.')) rest.push(cursor.name('the name of a column'));
  const [second, third] = rest;
  const end = cursor.end;
  if (second === undefined)
    return { type: 'column', schema: undefined, table: undefined, column: first, start, end };
  if (third === undefined)
    return { type: 'column', schema: undefined, table: first, column: second, start, end };
  return { type: 'column', schema: first, table: second, column: third, start, end };
}

function parseCall(parser: QueryParser, name: Name): Call {
  const { cursor } = parser;
  cursor.expectOperator('(');
  const distinct = cursor.accept('DISTINCT');
  // ALL is the default and leaves no trace.
  if (!distinct) cursor.accept('ALL');
  let args: Expression[] | '*' = [];
  if (cursor.acceptOperator('*')) args = '*';
  else if (!cursor.isOperator(')')) args = cursor.list(() => parser.expression());
  const orderBy = cursor.accept('ORDER', 'BY') ? parser.orderingTerms() : [];
  cursor.expectOperator(')');
  let withinGroup: Call['withinGroup'];
  if (cursor.isKeyword('WITHIN') && cursor.isKeyword('GROUP', 1)) {
    cursor.accept('WITHIN', 'GROUP');
    cursor.expectOperator('(');
    cursor.expect('ORDER', 'BY');
    [withinGroup] = parser.orderingTerms();
    cursor.expectOperator(')');
  }
  const filter = parseFilter(parser);
  const over = parseOver(parser);
  return {
    type: 'call',
    name,
    distinct,
    args,
    orderBy,
    withinGroup,
    filter,
    over,
    start: name.start,
    end: cursor.end,
  };
}

/** FILTER is a keyword only before a parenthesis; elsewhere it is an alias. */
function parseFilter(parser: QueryParser): Expression | undefined {
  const { cursor } = parser;
  if (!cursor.isKeyword('FILTER') || !cursor.isOperator('(', 1)) return undefined;
  cursor.take();
  cursor.expectOperator('(');
  cursor.expect('WHERE');
  const filter = parser.expression();
  cursor.expectOperator(')');
  return filter;
}

/** OVER is a keyword only before a parenthesis or a name; elsewhere it is an alias. */
function parseOver(parser: QueryParser): Call['over'] {
  const { cursor } = parser;
  if (!cursor.isKeyword('OVER')) return undefined;
  if (cursor.isOperator('(', 1)) {
    cursor.take();
    cursor.expectOperator('(');
    const window = parseWindow(parser);
    cursor.expectOperator(')');
    return window;
  }
  if (!cursor.isName(1)) return undefined;
  cursor.take();
  return cursor.name('the name of a window');
}
