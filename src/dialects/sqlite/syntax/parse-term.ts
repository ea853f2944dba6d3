import type { IndexedTerm, Name, SqlText } from './ast.ts';
import { Cursor, nameFrom } from './cursor.ts';
import { parseExpression } from './parse-query.ts';
import { parseOrder } from './parse-window.ts';
import type { Expression } from './query-ast.ts';
import { SqliteSyntaxError } from './syntax-error.ts';

/** The terms of an index, a PRIMARY KEY or a UNIQUE constraint, up to the closing parenthesis or a keyword. */
export function parseIndexedTerms(cursor: Cursor): IndexedTerm[] {
  return cursor.list(() => parseIndexedTerm(cursor));
}

function parseIndexedTerm(cursor: Cursor): IndexedTerm {
  const start = cursor.start;
  if (cursor.isName() && (cursor.isOperator(',', 1) || cursor.isOperator(')', 1))) {
    const column = nameFrom(cursor.take());
    const { end } = column;
    const expression = { text: cursor.sql.slice(start, end), start, end };
    return { expression, column, collation: undefined, order: undefined, nulls: undefined, start, end };
  }
  cursor.skipUntil(() => endsTerm(cursor));
  if (cursor.end <= start) cursor.fail('a column or an expression');
  const whole = cursor.textFrom(start);
  const { order, nulls } = parseOrder(cursor);
  const { expression, column, collation } = splitTerm(whole);
  return { expression, column, collation, order, nulls, start, end: cursor.end };
}

/** AUTOINCREMENT may follow the columns of a PRIMARY KEY. ASC, DESC and NULLS may be names, so they count only at the end. */
function endsTerm(cursor: Cursor): boolean {
  if (cursor.isOperator(',') || cursor.isOperator(')')) return true;
  const { keyword, start } = cursor.peek();
  if (keyword === 'AUTOINCREMENT') return true;
  if (keyword !== 'ASC' && keyword !== 'DESC' && keyword !== 'NULLS') return false;
  return cursor.previous().end <= start && endsAfterOrder(cursor);
}

function endsAfterOrder(cursor: Cursor): boolean {
  let ahead = 0;
  if (cursor.isKeyword('ASC') || cursor.isKeyword('DESC')) ahead++;
  if (
    cursor.isKeyword('NULLS', ahead) &&
    (cursor.isKeyword('FIRST', ahead + 1) || cursor.isKeyword('LAST', ahead + 1))
  ) {
    ahead += 2;
  }
  if (ahead === 0) return false;
  return (
    cursor.isOperator(',', ahead) || cursor.isOperator(')', ahead) || cursor.isKeyword('AUTOINCREMENT', ahead)
  );
}

type TermParts = Pick<IndexedTerm, 'expression' | 'column' | 'collation'>;

/** Takes the outermost COLLATE off a term and finds out whether the rest is a mere column. */
function splitTerm(whole: SqlText): TermParts {
  const tokens = new Cursor(whole.text);
  const alone = tokens.isName() && tokens.peek(1).text === '';
  if (alone)
    return { expression: whole, column: shift(nameFrom(tokens.peek()), whole.start), collation: undefined };
  const tree = parseOrNothing(whole.text);
  if (tree === undefined) return { expression: whole, column: undefined, collation: undefined };
  if (tree.type !== 'collate')
    return { expression: whole, column: columnOf(tree, whole.start), collation: undefined };
  const expression = cutCollate(whole, tree.collation);
  const column = columnOf(tree.operand, whole.start);
  return { expression, column, collation: shift(tree.collation, whole.start) };
}

/** An expression this parser does not know leaves the table readable: the term is then its text. */
function parseOrNothing(text: string): Expression | undefined {
  try {
    return parseExpression(text);
  } catch (error) {
    if (error instanceof SqliteSyntaxError) return undefined;
    throw error;
  }
}

/** SQLite takes a string for a column here too: `PRIMARY KEY ('id')`. */
function columnOf(tree: Expression, offset: number): Name | undefined {
  // Of several COLLATE the outermost counts, and the others change nothing.
  if (tree.type === 'collate') return columnOf(tree.operand, offset);
  if (tree.type === 'column' && tree.table === undefined) return shift(tree.column, offset);
  if (tree.type !== 'literal' || tree.literal !== 'string') return undefined;
  return { value: tree.value, quote: "'", start: tree.start + offset, end: tree.end + offset };
}

/**
 * The term's text before its outermost COLLATE. In `(a COLLATE nocase)` that word stands inside parentheses, and
 * the text is then left whole.
 */
function cutCollate(whole: SqlText, collation: Name): SqlText {
  if (collation.end !== whole.text.length) return whole;
  const before = new Cursor(whole.text.slice(0, collation.start));
  while (!before.atEnd()) before.take();
  const end = before.previous().start;
  const inner = new Cursor(whole.text.slice(0, end));
  while (!inner.atEnd()) inner.take();
  return { text: whole.text.slice(0, inner.end), start: whole.start, end: whole.start + inner.end };
}

function shift(name: Name, offset: number): Name {
  return { ...name, start: name.start + offset, end: name.end + offset };
}
