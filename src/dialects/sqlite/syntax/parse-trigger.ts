import type { CreateTrigger, SqlText, TriggerEvent } from './ast.ts';
import type { CreateHead } from './create-head.ts';
import type { Cursor } from './cursor.ts';

/** The rest of a CREATE TRIGGER, from its name on. sqlite.org/lang_createtrigger.html */
export function parseTrigger(cursor: Cursor, head: CreateHead): CreateTrigger {
  const { temporary, ifNotExists, schema, name } = head;
  const timing = parseTiming(cursor);
  const event = parseEvent(cursor);
  cursor.expect('ON');
  const target = cursor.qualifiedName('a table');
  const forEachRow = cursor.accept('FOR', 'EACH', 'ROW');
  const when = cursor.accept('WHEN') ? parseWhen(cursor) : undefined;
  cursor.expect('BEGIN');
  const { body, statements } = parseBody(cursor);
  cursor.expect('END');
  return {
    kind: 'trigger',
    temporary,
    ifNotExists,
    schema,
    name,
    timing,
    event,
    tableSchema: target.schema,
    table: target.name,
    forEachRow,
    when,
    body,
    statements,
    start: head.start,
    end: cursor.end,
  };
}

function parseTiming(cursor: Cursor): CreateTrigger['timing'] {
  if (cursor.accept('INSTEAD', 'OF')) return 'instead of';
  if (cursor.accept('AFTER')) return 'after';
  cursor.accept('BEFORE');
  return 'before';
}

function parseEvent(cursor: Cursor): TriggerEvent {
  if (cursor.accept('DELETE')) return { type: 'delete' };
  if (cursor.accept('INSERT')) return { type: 'insert' };
  cursor.expect('UPDATE');
  const columns = cursor.accept('OF') ? cursor.list(() => cursor.name('a column')) : [];
  return { type: 'update', columns };
}

/**
 * The condition ends at the BEGIN that a statement follows; a column may be called `begin` too.
 */
function parseWhen(cursor: Cursor): SqlText {
  const start = cursor.start;
  cursor.skipUntil(() => cursor.isKeyword('BEGIN') && startsStatement(cursor, 1));
  if (cursor.end <= start) cursor.fail('a condition');
  return cursor.textFrom(start);
}

function startsStatement(cursor: Cursor, ahead: number): boolean {
  const { keyword } = cursor.peek(ahead);
  return ['SELECT', 'VALUES', 'WITH', 'INSERT', 'REPLACE', 'UPDATE', 'DELETE'].includes(keyword);
}

/** Each statement ends with a semicolon, so an END after one is the trigger's and any other belongs to a CASE. */
function parseBody(cursor: Cursor): { body: SqlText; statements: SqlText[] } {
  const start = cursor.start;
  const statements: SqlText[] = [];
  do {
    const from = cursor.start;
    cursor.skipUntil(() => cursor.isOperator(';'));
    if (cursor.end <= from) cursor.fail('a statement');
    statements.push(cursor.textFrom(from));
    cursor.expectOperator(';');
  } while (!cursor.isKeyword('END'));
  return { body: cursor.textFrom(start), statements };
}
