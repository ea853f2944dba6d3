import type { Name } from './ast.ts';
import { nameFrom, type Cursor } from './cursor.ts';
import { parseFrom } from './parse-from.ts';
import { parseWindow } from './parse-window.ts';
import type {
  CommonTable,
  CompoundOperator,
  Expression,
  ResultColumn,
  Select,
  SelectCore,
  ValuesCore,
  WithClause,
} from './query-ast.ts';
import type { QueryParser } from './query-parser.ts';

/** A whole SELECT: WITH, compound parts, ORDER BY and LIMIT. */
export function parseSelectAt(parser: QueryParser): Select {
  const { cursor } = parser;
  const start = cursor.start;
  const clause = parseWith(parser);
  const first = parseCore(parser);
  const compounds: { operator: CompoundOperator; core: SelectCore | ValuesCore }[] = [];
  for (let operator = parseCompound(cursor); operator !== undefined; operator = parseCompound(cursor)) {
    compounds.push({ operator, core: parseCore(parser) });
  }
  const orderBy = cursor.accept('ORDER', 'BY') ? parser.orderingTerms() : [];
  const { limit, offset } = parseLimit(parser);
  return { with: clause, first, compounds, orderBy, limit, offset, start, end: cursor.end };
}

function parseCompound(cursor: Cursor): CompoundOperator | undefined {
  if (cursor.accept('UNION')) return cursor.accept('ALL') ? 'UNION ALL' : 'UNION';
  if (cursor.accept('EXCEPT')) return 'EXCEPT';
  return cursor.accept('INTERSECT') ? 'INTERSECT' : undefined;
}

/** `LIMIT a, b` says `LIMIT b OFFSET a`. */
function parseLimit(parser: QueryParser): { limit: Expression | undefined; offset: Expression | undefined } {
  const { cursor } = parser;
  if (!cursor.accept('LIMIT')) return { limit: undefined, offset: undefined };
  const limit = parser.expression();
  if (cursor.accept('OFFSET')) return { limit, offset: parser.expression() };
  if (cursor.acceptOperator(',')) return { limit: parser.expression(), offset: limit };
  return { limit, offset: undefined };
}

/** `WITH [RECURSIVE] …`, or undefined when none comes next. */
export function parseWith(parser: QueryParser): WithClause | undefined {
  const { cursor } = parser;
  if (!cursor.accept('WITH')) return undefined;
  const recursive = cursor.accept('RECURSIVE');
  return { recursive, tables: cursor.list(() => parseCommonTable(parser)) };
}

function parseCommonTable(parser: QueryParser): CommonTable {
  const { cursor } = parser;
  const name = cursor.name('the name of a common table');
  const columns = cursor.isOperator('(')
    ? cursor.parenthesized(() => cursor.name('the name of a column'))
    : [];
  cursor.expect('AS');
  let materialized: boolean | undefined;
  if (cursor.accept('NOT', 'MATERIALIZED')) materialized = false;
  else if (cursor.accept('MATERIALIZED')) materialized = true;
  cursor.expectOperator('(');
  const select = parser.select();
  cursor.expectOperator(')');
  return { name, columns, materialized, select, start: name.start, end: cursor.end };
}

function parseCore(parser: QueryParser): SelectCore | ValuesCore {
  const { cursor } = parser;
  const start = cursor.start;
  if (cursor.accept('VALUES')) {
    const rows = cursor.list(() => cursor.parenthesized(() => parser.expression()));
    return { type: 'values', rows, start, end: cursor.end };
  }
  cursor.expect('SELECT');
  const distinct = cursor.accept('DISTINCT');
  if (!distinct) cursor.accept('ALL');
  const columns = parseResultColumns(parser);
  const from = cursor.accept('FROM') ? parseFrom(parser) : undefined;
  const where = cursor.accept('WHERE') ? parser.expression() : undefined;
  const groupBy = cursor.accept('GROUP', 'BY') ? cursor.list(() => parser.expression()) : [];
  const having = cursor.accept('HAVING') ? parser.expression() : undefined;
  const windows = startsWindowClause(cursor) ? parseWindows(parser) : [];
  return { type: 'select', distinct, columns, from, where, groupBy, having, windows, start, end: cursor.end };
}

/** WINDOW is a keyword only before `name AS`; elsewhere it is an identifier. */
export function startsWindowClause(cursor: Cursor): boolean {
  return cursor.isKeyword('WINDOW') && cursor.isName(1) && cursor.isKeyword('AS', 2);
}

function parseWindows(parser: QueryParser): SelectCore['windows'] {
  const { cursor } = parser;
  cursor.expect('WINDOW');
  return cursor.list(() => {
    const name = cursor.name('the name of a window');
    cursor.expect('AS');
    cursor.expectOperator('(');
    const definition = parseWindow(parser);
    cursor.expectOperator(')');
    return { name, definition };
  });
}

/** What SELECT and RETURNING list. */
export function parseResultColumns(parser: QueryParser): ResultColumn[] {
  return parser.cursor.list(() => parseResultColumn(parser));
}

function parseResultColumn(parser: QueryParser): ResultColumn {
  const { cursor } = parser;
  const start = cursor.start;
  if (cursor.acceptOperator('*')) return { type: 'star', table: undefined, start, end: cursor.end };
  if (cursor.isName() && cursor.isOperator('.', 1) && cursor.isOperator('*', 2)) {
    const table = nameFrom(cursor.take());
    cursor.take();
    cursor.take();
    return { type: 'star', table, start, end: cursor.end };
  }
  const expression = parser.expression();
  const alias = parseResultAlias(cursor);
  return { type: 'expression', expression, alias, start, end: cursor.end };
}

function parseResultAlias(cursor: Cursor): Name | undefined {
  if (cursor.accept('AS')) return cursor.name('an alias');
  if (!cursor.isAlias() || startsWindowClause(cursor)) return undefined;
  return nameFrom(cursor.take());
}
