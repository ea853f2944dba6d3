import type { Name } from './ast.ts';
import type { AlterTable, ChangeStatement, DropObject, Pragma, TableAlteration } from './change-ast.ts';
import { Cursor } from './cursor.ts';
import { parseConflictClause } from './parse-conflict.ts';
import { parseColumnAt } from './parse-table.ts';

/**
 * Parses one ALTER TABLE, DROP or PRAGMA, with or without a semicolon. Knows what SQLite 3.53 knows, and libSQL's
 * ALTER COLUMN … TO.
 * @throws SqliteSyntaxError where the text is none of them, or goes on after it
 */
export function parseChange(sql: string): ChangeStatement {
  const cursor = new Cursor(sql);
  const statement = parseChangeAt(cursor);
  cursor.finish();
  return statement;
}

function parseChangeAt(cursor: Cursor): ChangeStatement {
  const start = cursor.start;
  if (cursor.accept('ALTER', 'TABLE')) return parseAlter(cursor, start);
  if (cursor.accept('DROP')) return parseDrop(cursor, start);
  if (cursor.accept('PRAGMA')) return parsePragma(cursor, start);
  return cursor.fail('ALTER TABLE, DROP or PRAGMA');
}

function parseAlter(cursor: Cursor, start: number): AlterTable {
  const { schema, name: table } = cursor.qualifiedName('a table');
  const alteration = parseAlteration(cursor);
  return { kind: 'alter-table', schema, table, alteration, start, end: cursor.end };
}

function parseAlteration(cursor: Cursor): TableAlteration {
  if (cursor.accept('RENAME', 'TO')) return { type: 'rename-table', to: cursor.name('a table') };
  if (cursor.accept('RENAME')) {
    const column = parseColumnName(cursor);
    cursor.expect('TO');
    return { type: 'rename-column', column, to: cursor.name('a column') };
  }
  if (cursor.accept('DROP', 'CONSTRAINT'))
    return { type: 'drop-constraint', name: cursor.name('a constraint') };
  if (cursor.accept('DROP')) return { type: 'drop-column', column: parseColumnName(cursor) };
  if (cursor.accept('ALTER')) return parseColumnChange(cursor);
  cursor.expect('ADD');
  if (cursor.isKeyword('CONSTRAINT') || cursor.isKeyword('CHECK')) return parseAddCheck(cursor);
  cursor.accept('COLUMN');
  return { type: 'add-column', column: parseColumnAt(cursor) };
}

/** The word COLUMN may be left out. */
function parseColumnName(cursor: Cursor): Name {
  cursor.accept('COLUMN');
  return cursor.name('a column');
}

function parseColumnChange(cursor: Cursor): TableAlteration {
  const column = parseColumnName(cursor);
  if (cursor.accept('SET', 'NOT', 'NULL')) {
    return { type: 'set-not-null', column, conflict: parseConflictClause(cursor) };
  }
  if (cursor.accept('DROP', 'NOT', 'NULL')) return { type: 'drop-not-null', column };
  if (cursor.accept('TO')) return { type: 'redefine-column', column, to: parseColumnAt(cursor) };
  return cursor.fail('SET NOT NULL, DROP NOT NULL or TO');
}

function parseAddCheck(cursor: Cursor): TableAlteration {
  const name = cursor.accept('CONSTRAINT') ? cursor.name('a constraint') : undefined;
  cursor.expect('CHECK');
  const expression = cursor.parenthesizedText();
  return { type: 'add-check', name, expression, conflict: parseConflictClause(cursor) };
}

function parseDrop(cursor: Cursor, start: number): DropObject {
  const kinds = ['TABLE', 'INDEX', 'VIEW', 'TRIGGER'] as const;
  const keyword = kinds.find((kind) => cursor.accept(kind));
  if (keyword === undefined) cursor.fail('TABLE, INDEX, VIEW or TRIGGER');
  const ifExists = cursor.accept('IF', 'EXISTS');
  const { schema, name } = cursor.qualifiedName('a name');
  const object = keyword.toLowerCase() as DropObject['object'];
  return { kind: 'drop', object, ifExists, schema, name, start, end: cursor.end };
}

/** A pragma's value may be a keyword such as ON, DELETE or DEFAULT. */
function parsePragma(cursor: Cursor, start: number): Pragma {
  const { schema, name } = cursor.qualifiedName('a pragma');
  let value: Pragma['value'];
  if (cursor.isOperator('(')) value = cursor.parenthesizedText();
  else if (cursor.acceptOperator('=')) value = cursor.statementText();
  return { kind: 'pragma', schema, name, value, start, end: cursor.end };
}
