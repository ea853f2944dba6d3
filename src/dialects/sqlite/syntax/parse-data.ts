import type { ConflictAction, Name } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { parseConflictAction } from './parse-conflict.ts';
import { parseFrom, parseIndexedBy } from './parse-from.ts';
import { parseResultColumns, parseWith } from './parse-select.ts';
import type {
  Assignment,
  DataStatement,
  Expression,
  ResultColumn,
  UpsertClause,
  WithClause,
  WriteTarget,
} from './query-ast.ts';
import { startsSelect, type QueryParser } from './query-parser.ts';

/** SELECT, VALUES, INSERT, REPLACE, UPDATE or DELETE: what a trigger may run. */
export function parseDataStatementAt(parser: QueryParser): DataStatement {
  const { cursor } = parser;
  const start = cursor.start;
  if (startsSelect(cursor) && !startsWrite(cursor)) {
    return { kind: 'select', select: parser.select(), start, end: cursor.end };
  }
  const clause = parseWith(parser);
  if (cursor.isKeyword('INSERT') || cursor.isKeyword('REPLACE')) return parseInsert(parser, clause, start);
  if (cursor.accept('UPDATE')) return parseUpdate(parser, clause, start);
  if (cursor.accept('DELETE')) return parseDelete(parser, clause, start);
  return cursor.fail('SELECT, INSERT, UPDATE or DELETE');
}

/** Whether a WITH that comes next belongs to an INSERT, UPDATE or DELETE: the first such word outside parentheses. */
function startsWrite(cursor: Cursor): boolean {
  if (!cursor.isKeyword('WITH')) return false;
  let depth = 0;
  for (let ahead = 1; cursor.peek(ahead).text !== ''; ahead++) {
    if (cursor.isOperator('(', ahead)) depth++;
    else if (cursor.isOperator(')', ahead)) depth--;
    if (depth > 0) continue;
    const { keyword } = cursor.peek(ahead);
    if (keyword === 'SELECT' || keyword === 'VALUES') return false;
    if (keyword === 'INSERT' || keyword === 'UPDATE' || keyword === 'DELETE') return true;
    if (keyword === 'REPLACE' && cursor.isKeyword('INTO', ahead + 1)) return true;
  }
  return false;
}

function parseTarget(cursor: Cursor): WriteTarget {
  const { schema, name } = cursor.qualifiedName('a table');
  const alias = cursor.accept('AS') ? cursor.name('an alias') : undefined;
  return { schema, name, alias, indexedBy: parseIndexedBy(cursor) };
}

function parseOr(cursor: Cursor): ConflictAction | undefined {
  return cursor.accept('OR') ? parseConflictAction(cursor) : undefined;
}

function parseInsert(parser: QueryParser, clause: WithClause | undefined, start: number): DataStatement {
  const { cursor } = parser;
  const replaces = cursor.take().keyword === 'REPLACE';
  const conflict = replaces ? 'replace' : parseOr(cursor);
  cursor.expect('INTO');
  const target = parseTarget(cursor);
  const columns = cursor.isOperator('(') ? cursor.parenthesized(() => cursor.name('a column')) : [];
  const source = cursor.accept('DEFAULT', 'VALUES') ? undefined : parser.select();
  const upserts: UpsertClause[] = [];
  while (cursor.accept('ON', 'CONFLICT')) upserts.push(parseUpsert(parser));
  const returning = parseReturning(parser);
  const parts = { with: clause, conflict, target, columns, source, upserts, returning };
  return { kind: 'insert', ...parts, start, end: cursor.end };
}

function parseUpsert(parser: QueryParser): UpsertClause {
  const { cursor } = parser;
  let target: UpsertClause['target'] = [];
  if (cursor.acceptOperator('(')) {
    target = parser.orderingTerms();
    cursor.expectOperator(')');
  }
  const targetWhere = parseWhere(parser);
  cursor.expect('DO');
  if (cursor.accept('NOTHING')) return { target, targetWhere, set: undefined, where: undefined };
  cursor.expect('UPDATE', 'SET');
  const set = cursor.list(() => parseAssignment(parser));
  return { target, targetWhere, set, where: parseWhere(parser) };
}

function parseUpdate(parser: QueryParser, clause: WithClause | undefined, start: number): DataStatement {
  const { cursor } = parser;
  const conflict = parseOr(cursor);
  const target = parseTarget(cursor);
  cursor.expect('SET');
  const set = cursor.list(() => parseAssignment(parser));
  const from = cursor.accept('FROM') ? parseFrom(parser) : undefined;
  const where = parseWhere(parser);
  const returning = parseReturning(parser);
  return {
    kind: 'update',
    with: clause,
    conflict,
    target,
    set,
    from,
    where,
    returning,
    start,
    end: cursor.end,
  };
}

function parseDelete(parser: QueryParser, clause: WithClause | undefined, start: number): DataStatement {
  const { cursor } = parser;
  cursor.expect('FROM');
  const target = parseTarget(cursor);
  const where = parseWhere(parser);
  const returning = parseReturning(parser);
  return { kind: 'delete', with: clause, target, where, returning, start, end: cursor.end };
}

function parseAssignment(parser: QueryParser): Assignment {
  const { cursor } = parser;
  const column = (): Name => cursor.name('a column');
  const row = cursor.isOperator('(');
  const columns = row ? cursor.parenthesized(column) : [column()];
  if (!cursor.acceptOperator('=')) cursor.expectOperator('==');
  return { columns, row, value: parser.expression() };
}

function parseWhere(parser: QueryParser): Expression | undefined {
  return parser.cursor.accept('WHERE') ? parser.expression() : undefined;
}

function parseReturning(parser: QueryParser): ResultColumn[] {
  return parser.cursor.accept('RETURNING') ? parseResultColumns(parser) : [];
}
