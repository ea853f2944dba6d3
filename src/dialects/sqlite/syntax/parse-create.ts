import type {
  CreateIndex,
  CreateSchemaObject,
  CreateTable,
  CreateView,
  CreateVirtualTable,
  Name,
  SqlText,
} from './ast.ts';
import { Cursor } from './cursor.ts';
import type { CreateHead } from './create-head.ts';
import { parseTable } from './parse-table.ts';
import { parseIndexedTerms } from './parse-term.ts';
import { parseTrigger } from './parse-trigger.ts';

/**
 * Parses one CREATE TABLE, INDEX, VIEW, TRIGGER or VIRTUAL TABLE, with or without a semicolon.
 * @throws SqliteSyntaxError where the text is none of them, or goes on after it
 */
export function parseCreate(sql: string): CreateSchemaObject {
  const cursor = new Cursor(sql);
  const object = parseCreateAt(cursor);
  cursor.finish();
  return object;
}

/** `parseCreate` for a text that has to be an ordinary CREATE TABLE with columns. Throws as that does. */
export function parseCreateTable(sql: string): CreateTable {
  const object = parseCreate(sql);
  return object.kind === 'table' ? object : new Cursor(sql).fail('CREATE TABLE with columns');
}

/** `parseCreate` for a text that has to be a CREATE INDEX. Throws as that does. */
export function parseCreateIndex(sql: string): CreateIndex {
  const object = parseCreate(sql);
  return object.kind === 'index' ? object : new Cursor(sql).fail('CREATE INDEX');
}

function parseCreateAt(cursor: Cursor): CreateSchemaObject {
  const start = cursor.start;
  cursor.expect('CREATE');
  if (cursor.accept('VIRTUAL', 'TABLE')) return parseVirtualTable(cursor, parseHead(cursor, start, false));
  if (cursor.accept('UNIQUE', 'INDEX')) return parseIndex(cursor, parseHead(cursor, start, false), true);
  if (cursor.accept('INDEX')) return parseIndex(cursor, parseHead(cursor, start, false), false);
  const temporary = cursor.accept('TEMP') || cursor.accept('TEMPORARY');
  if (cursor.accept('TABLE')) return parseTable(cursor, parseHead(cursor, start, temporary));
  if (cursor.accept('VIEW')) return parseView(cursor, parseHead(cursor, start, temporary));
  if (cursor.accept('TRIGGER')) return parseTrigger(cursor, parseHead(cursor, start, temporary));
  return cursor.fail('TABLE, INDEX, VIEW, TRIGGER or VIRTUAL TABLE');
}

function parseHead(cursor: Cursor, start: number, temporary: boolean): CreateHead {
  const ifNotExists = cursor.accept('IF', 'NOT', 'EXISTS');
  const { schema, name } = cursor.qualifiedName('a name');
  return { start, temporary, ifNotExists, schema, name };
}

/** sqlite.org/lang_createindex.html */
function parseIndex(cursor: Cursor, head: CreateHead, unique: boolean): CreateIndex {
  const { start, ifNotExists, schema, name } = head;
  cursor.expect('ON');
  const table = cursor.name('a table');
  cursor.expectOperator('(');
  const terms = parseIndexedTerms(cursor);
  cursor.expectOperator(')');
  const where = cursor.accept('WHERE') ? cursor.statementText() : undefined;
  return { kind: 'index', unique, ifNotExists, schema, name, table, terms, where, start, end: cursor.end };
}

/** sqlite.org/lang_createview.html */
function parseView(cursor: Cursor, head: CreateHead): CreateView {
  const { start, temporary, ifNotExists, schema, name } = head;
  const columns = cursor.isOperator('(') ? cursor.parenthesized(() => parseViewColumn(cursor)) : [];
  cursor.expect('AS');
  const select = cursor.statementText();
  return { kind: 'view', temporary, ifNotExists, schema, name, columns, select, start, end: cursor.end };
}

const parseViewColumn = (cursor: Cursor): Name => cursor.name('the name of a column');

/** sqlite.org/lang_createvtab.html. What an argument means is the module's affair. */
function parseVirtualTable(cursor: Cursor, head: CreateHead): CreateVirtualTable {
  const { start, ifNotExists, schema, name } = head;
  cursor.expect('USING');
  const module = cursor.name('a module');
  const args: SqlText[] = [];
  if (cursor.acceptOperator('(')) {
    do {
      const from = cursor.start;
      cursor.skipUntil(() => cursor.isOperator(',') || cursor.isOperator(')'));
      // An argument may be empty: USING fts5(a,,b).
      args.push(cursor.end > from ? cursor.textFrom(from) : { text: '', start: from, end: from });
    } while (cursor.acceptOperator(','));
    cursor.expectOperator(')');
  }
  return { kind: 'virtual-table', ifNotExists, schema, name, module, args, start, end: cursor.end };
}
