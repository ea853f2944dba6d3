import type {
  ColumnConstraint,
  Deferral,
  ForeignReference,
  Name,
  ReferenceAction,
  SortOrder,
  TableConstraint,
} from './ast.ts';
import type { Cursor } from './cursor.ts';
import { parseConflictClause } from './parse-conflict.ts';
import { parseDefault } from './parse-default.ts';
import { parseIndexedTerms } from './parse-term.ts';

/** A reference while it is read: a DEFERRABLE clause further on may still change it. */
export type OpenReference = { -readonly [Key in keyof ForeignReference]: ForeignReference[Key] };

/** What a table's constraints need to know of those before them. */
export interface ConstraintContext {
  readonly cursor: Cursor;
  /** The reference read last, in this column or in any before it. */
  lastReference: OpenReference | undefined;
}

/** One constraint of a column, or undefined when none comes next. A DEFERRABLE clause is added to its reference. */
export function parseColumnConstraint(context: ConstraintContext): ColumnConstraint | undefined {
  const { cursor } = context;
  skipDeferral(context);
  const start = cursor.start;
  const name = parseConstraintName(cursor);
  const constraint = parseColumnBody(context, name, start);
  if (constraint !== undefined || name === undefined) return constraint;
  return { kind: 'name-only', name, start, end: name.end };
}

function skipDeferral(context: ConstraintContext): void {
  for (let read = parseDeferral(context.cursor); read !== undefined; read = parseDeferral(context.cursor)) {
    if (context.lastReference !== undefined) context.lastReference.deferral = read;
  }
}

function parseConstraintName(cursor: Cursor): Name | undefined {
  return cursor.accept('CONSTRAINT') ? cursor.name('the name of a constraint') : undefined;
}

function parseColumnBody(
  context: ConstraintContext,
  name: Name | undefined,
  start: number,
): ColumnConstraint | undefined {
  const { cursor } = context;
  if (cursor.accept('PRIMARY')) {
    cursor.expect('KEY');
    const order = parseSortOrder(cursor);
    const conflict = parseConflictClause(cursor);
    const autoincrement = cursor.accept('AUTOINCREMENT');
    return { kind: 'primary-key', name, order, conflict, autoincrement, start, end: cursor.end };
  }
  if (cursor.accept('NOT', 'NULL')) {
    return { kind: 'not-null', name, conflict: parseConflictClause(cursor), start, end: cursor.end };
  }
  if (cursor.accept('NULL')) {
    return { kind: 'null', name, conflict: parseConflictClause(cursor), start, end: cursor.end };
  }
  if (cursor.accept('UNIQUE')) {
    return { kind: 'unique', name, conflict: parseConflictClause(cursor), start, end: cursor.end };
  }
  if (cursor.accept('CHECK')) {
    const expression = cursor.parenthesizedText();
    return { kind: 'check', name, expression, conflict: undefined, start, end: cursor.end };
  }
  if (cursor.accept('DEFAULT')) {
    return { kind: 'default', name, value: parseDefault(cursor), start, end: cursor.end };
  }
  if (cursor.accept('COLLATE')) {
    return { kind: 'collate', name, collation: cursor.name('a collation'), start, end: cursor.end };
  }
  if (cursor.isKeyword('REFERENCES')) {
    const references = parseReference(context);
    return { kind: 'references', name, references, start, end: cursor.end };
  }
  return parseGenerated(cursor, name, start);
}

function parseSortOrder(cursor: Cursor): SortOrder | undefined {
  if (cursor.accept('ASC')) return 'asc';
  return cursor.accept('DESC') ? 'desc' : undefined;
}

function parseGenerated(cursor: Cursor, name: Name | undefined, start: number): ColumnConstraint | undefined {
  if (!cursor.accept('GENERATED', 'ALWAYS', 'AS') && !cursor.accept('AS')) return undefined;
  const expression = cursor.parenthesizedText();
  const storage = parseStorage(cursor);
  return { kind: 'generated', name, expression, storage, start, end: cursor.end };
}

/** STORED and VIRTUAL; the former is a plain identifier to SQLite's grammar. */
function parseStorage(cursor: Cursor): 'virtual' | 'stored' {
  const token = cursor.peek();
  if (token.kind !== 'word') return 'virtual';
  if (cursor.accept('VIRTUAL')) return 'virtual';
  if (token.keyword !== '' || token.text.toLowerCase() !== 'stored') return 'virtual';
  cursor.take();
  return 'stored';
}

/** `REFERENCES table [(columns)]` with all its clauses, in any order and number. */
function parseReference(context: ConstraintContext): OpenReference {
  const { cursor } = context;
  const start = cursor.start;
  cursor.expect('REFERENCES');
  const table = cursor.name('a table');
  const columns = cursor.isOperator('(') ? cursor.parenthesized(() => cursor.name('a column')) : [];
  const open: OpenReference = {
    table,
    columns,
    onDelete: undefined,
    onUpdate: undefined,
    match: undefined,
    deferral: undefined,
    start,
    end: cursor.end,
  };
  while (parseReferenceClause(cursor, open)) continue;
  open.deferral = parseDeferral(cursor);
  open.end = cursor.end;
  context.lastReference = open;
  return open;
}

function parseReferenceClause(cursor: Cursor, open: OpenReference): boolean {
  if (cursor.accept('MATCH')) {
    open.match = cursor.name('a kind of match');
    return true;
  }
  if (cursor.accept('ON', 'DELETE')) open.onDelete = parseAction(cursor);
  else if (cursor.accept('ON', 'UPDATE')) open.onUpdate = parseAction(cursor);
  // SQLite reads ON INSERT and does nothing with it.
  else if (cursor.accept('ON', 'INSERT')) parseAction(cursor);
  else return false;
  return true;
}

function parseAction(cursor: Cursor): ReferenceAction {
  if (cursor.accept('SET', 'NULL')) return 'set null';
  if (cursor.accept('SET', 'DEFAULT')) return 'set default';
  if (cursor.accept('CASCADE')) return 'cascade';
  if (cursor.accept('RESTRICT')) return 'restrict';
  if (cursor.accept('NO', 'ACTION')) return 'no action';
  return cursor.fail('SET NULL, SET DEFAULT, CASCADE, RESTRICT or NO ACTION');
}

function parseDeferral(cursor: Cursor): Deferral | undefined {
  const negated = cursor.accept('NOT', 'DEFERRABLE');
  if (!negated && !cursor.accept('DEFERRABLE')) return undefined;
  let initially: Deferral['initially'];
  if (cursor.accept('INITIALLY', 'DEFERRED')) initially = 'deferred';
  else if (cursor.accept('INITIALLY', 'IMMEDIATE')) initially = 'immediate';
  return { deferrable: !negated, initially };
}

/** One constraint of a table, or undefined when none comes next. */
export function parseTableConstraint(context: ConstraintContext): TableConstraint | undefined {
  const { cursor } = context;
  const start = cursor.start;
  const name = parseConstraintName(cursor);
  const constraint = parseTableBody(context, name, start);
  if (constraint !== undefined || name === undefined) return constraint;
  return { kind: 'name-only', name, start, end: name.end };
}

function parseTableBody(
  context: ConstraintContext,
  name: Name | undefined,
  start: number,
): TableConstraint | undefined {
  const { cursor } = context;
  if (cursor.accept('PRIMARY')) {
    cursor.expect('KEY');
    cursor.expectOperator('(');
    const columns = parseIndexedTerms(cursor);
    const autoincrement = cursor.accept('AUTOINCREMENT');
    cursor.expectOperator(')');
    const conflict = parseConflictClause(cursor);
    return { kind: 'primary-key', name, columns, autoincrement, conflict, start, end: cursor.end };
  }
  if (cursor.accept('UNIQUE')) {
    cursor.expectOperator('(');
    const columns = parseIndexedTerms(cursor);
    cursor.expectOperator(')');
    return { kind: 'unique', name, columns, conflict: parseConflictClause(cursor), start, end: cursor.end };
  }
  if (cursor.accept('CHECK')) {
    const expression = cursor.parenthesizedText();
    return { kind: 'check', name, expression, conflict: parseConflictClause(cursor), start, end: cursor.end };
  }
  if (!cursor.accept('FOREIGN')) return undefined;
  cursor.expect('KEY');
  const columns = cursor.parenthesized(() => cursor.name('a column'));
  const references = parseReference(context);
  return { kind: 'foreign-key', name, columns, references, start, end: cursor.end };
}
