import type { Name } from './ast.ts';
import { nameFrom, type Cursor } from './cursor.ts';
import { isJoinWord } from './keywords.ts';
import type { Expression, FromClause, Join, Source, TableSource } from './query-ast.ts';
import { startsSelect, type QueryParser } from './query-parser.ts';

type JoinOperator = Pick<Join, 'kind' | 'natural'>;

/** What follows FROM: sources with their joins. */
export function parseFrom(parser: QueryParser): FromClause {
  const first = parseSource(parser);
  const joins: Join[] = [];
  for (let operator = parseJoin(parser.cursor); operator !== undefined; operator = parseJoin(parser.cursor)) {
    const source = parseSource(parser);
    joins.push({ ...operator, source, ...parseCondition(parser) });
  }
  return { first, joins };
}

function parseCondition(parser: QueryParser): { on: Expression | undefined; using: Name[] } {
  const { cursor } = parser;
  if (cursor.accept('ON')) return { on: parser.expression(), using: [] };
  if (cursor.accept('USING')) {
    return { on: undefined, using: cursor.parenthesized(() => cursor.name('the name of a column')) };
  }
  return { on: undefined, using: [] };
}

function parseJoin(cursor: Cursor): JoinOperator | undefined {
  if (cursor.acceptOperator(',') || cursor.accept('JOIN')) return { kind: 'inner', natural: false };
  const words = new Set<string>();
  while (isJoinWord(cursor.peek().keyword)) words.add(cursor.take().keyword);
  if (words.size === 0) return undefined;
  cursor.expect('JOIN');
  return { kind: joinKind(words), natural: words.has('NATURAL') };
}

/** The words may come in any order; OUTER adds nothing, and LEFT with RIGHT is FULL. */
function joinKind(words: ReadonlySet<string>): Join['kind'] {
  if (words.has('FULL') || (words.has('LEFT') && words.has('RIGHT'))) return 'full';
  if (words.has('LEFT')) return 'left';
  if (words.has('RIGHT')) return 'right';
  return words.has('CROSS') ? 'cross' : 'inner';
}

function parseSource(parser: QueryParser): Source {
  const { cursor } = parser;
  const start = cursor.start;
  if (!cursor.acceptOperator('(')) return parseTableSource(parser);
  if (startsSelect(cursor)) {
    const select = parser.select();
    cursor.expectOperator(')');
    const alias = parseSourceAlias(cursor);
    return { type: 'select', select, alias, start, end: cursor.end };
  }
  const from = parseFrom(parser);
  cursor.expectOperator(')');
  const alias = parseSourceAlias(cursor);
  return { type: 'join', from, alias, start, end: cursor.end };
}

function parseTableSource(parser: QueryParser): TableSource {
  const { cursor } = parser;
  const start = cursor.start;
  const { schema, name } = cursor.qualifiedName('a table');
  let args: Expression[] | undefined;
  if (cursor.acceptOperator('(')) {
    args = cursor.isOperator(')') ? [] : cursor.list(() => parser.expression());
    cursor.expectOperator(')');
  }
  const alias = parseSourceAlias(cursor);
  const indexedBy = parseIndexedBy(cursor);
  return { type: 'table', schema, name, args, alias, indexedBy, start, end: cursor.end };
}

/** An alias after a source, with AS or without. */
function parseSourceAlias(cursor: Cursor): Name | undefined {
  if (cursor.accept('AS')) return cursor.name('an alias');
  if (!cursor.isAlias()) return undefined;
  const window = cursor.isKeyword('WINDOW') && cursor.isName(1) && cursor.isKeyword('AS', 2);
  return window ? undefined : nameFrom(cursor.take());
}

/** `INDEXED BY name` or `NOT INDEXED`. */
export function parseIndexedBy(cursor: Cursor): TableSource['indexedBy'] {
  if (cursor.accept('NOT', 'INDEXED')) return 'not indexed';
  return cursor.accept('INDEXED', 'BY') ? cursor.name('the name of an index') : undefined;
}
