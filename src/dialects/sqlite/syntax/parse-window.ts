import type { FrameBound, OrderingTerm, WindowDefinition, WindowFrame } from './query-ast.ts';
import type { QueryParser } from './query-parser.ts';

/** `expr [ASC|DESC] [NULLS FIRST|LAST], …` */
export function parseOrderingTerms(parser: QueryParser): OrderingTerm[] {
  return parser.cursor.list(() => parseOrderingTerm(parser));
}

function parseOrderingTerm(parser: QueryParser): OrderingTerm {
  const { cursor } = parser;
  const start = cursor.start;
  const expression = parser.expression();
  return { expression, ...parseOrder(parser.cursor), start, end: cursor.end };
}

/** What may follow a term of ORDER BY or of an index. */
export function parseOrder(cursor: QueryParser['cursor']): Pick<OrderingTerm, 'order' | 'nulls'> {
  const order = cursor.accept('ASC') ? 'asc' : cursor.accept('DESC') ? 'desc' : undefined;
  const nulls = cursor.accept('NULLS', 'FIRST')
    ? 'first'
    : cursor.accept('NULLS', 'LAST')
      ? 'last'
      : undefined;
  return { order, nulls };
}

/** What stands between the parentheses of OVER ( … ) and WINDOW w AS ( … ). */
export function parseWindow(parser: QueryParser): WindowDefinition {
  const { cursor } = parser;
  const start = cursor.start;
  const base = startsWindowPart(cursor) || cursor.isOperator(')') ? undefined : cursor.name();
  const partitionBy = cursor.accept('PARTITION', 'BY') ? cursor.list(() => parser.expression()) : [];
  const orderBy = cursor.accept('ORDER', 'BY') ? parseOrderingTerms(parser) : [];
  const frame = parseFrame(parser);
  return { type: 'window', base, partitionBy, orderBy, frame, start, end: cursor.end };
}

function startsWindowPart(cursor: QueryParser['cursor']): boolean {
  const { keyword } = cursor.peek();
  return ['PARTITION', 'ORDER', 'RANGE', 'ROWS', 'GROUPS'].includes(keyword);
}

function parseFrame(parser: QueryParser): WindowFrame | undefined {
  const { cursor } = parser;
  const unit = (['RANGE', 'ROWS', 'GROUPS'] as const).find((keyword) => cursor.accept(keyword));
  if (unit === undefined) return undefined;
  let from: FrameBound;
  let to: FrameBound = { type: 'current row' };
  if (cursor.accept('BETWEEN')) {
    from = parseBound(parser);
    cursor.expect('AND');
    to = parseBound(parser);
  } else {
    from = parseBound(parser);
  }
  const frame = { unit: unit.toLowerCase() as WindowFrame['unit'], from, to };
  return { ...frame, exclude: parseExclude(parser) };
}

function parseBound(parser: QueryParser): FrameBound {
  const { cursor } = parser;
  if (cursor.accept('UNBOUNDED', 'PRECEDING')) return { type: 'unbounded preceding' };
  if (cursor.accept('UNBOUNDED', 'FOLLOWING')) return { type: 'unbounded following' };
  if (cursor.accept('CURRENT', 'ROW')) return { type: 'current row' };
  const offset = parser.expression();
  if (cursor.accept('PRECEDING')) return { type: 'preceding', offset };
  if (cursor.accept('FOLLOWING')) return { type: 'following', offset };
  return cursor.fail('PRECEDING or FOLLOWING');
}

function parseExclude(parser: QueryParser): WindowFrame['exclude'] {
  const { cursor } = parser;
  if (!cursor.accept('EXCLUDE')) return undefined;
  if (cursor.accept('NO', 'OTHERS')) return undefined;
  if (cursor.accept('CURRENT', 'ROW')) return 'current row';
  if (cursor.accept('GROUP')) return 'group';
  if (cursor.accept('TIES')) return 'ties';
  return cursor.fail('NO OTHERS, CURRENT ROW, GROUP or TIES');
}
