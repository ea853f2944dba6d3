import type { DefaultValue } from './ast.ts';
import type { Cursor } from './cursor.ts';

const TERMS: ReadonlySet<string> = new Set(['NULL', 'CURRENT_TIME', 'CURRENT_DATE', 'CURRENT_TIMESTAMP']);

/** What follows the word DEFAULT. */
export function parseDefault(cursor: Cursor): DefaultValue {
  if (cursor.isOperator('(')) return { ...cursor.parenthesizedText(), form: 'expression' };
  const start = cursor.start;
  const signed = cursor.acceptOperator('+') || cursor.acceptOperator('-');
  const word = isWord(cursor);
  if (word ? signed : !isTerm(cursor)) cursor.fail('the value of a default');
  cursor.take();
  const form = word ? 'word' : signed ? 'signed' : 'literal';
  return { ...cursor.textFrom(start), form };
}

/** A bare or quoted identifier. `'x'` is a literal here. */
function isWord(cursor: Cursor): boolean {
  const token = cursor.peek();
  return cursor.isAlias() && token.kind !== 'string' && !TERMS.has(token.keyword);
}

function isTerm(cursor: Cursor): boolean {
  const { kind, keyword } = cursor.peek();
  return kind === 'integer' || kind === 'real' || kind === 'string' || kind === 'blob' || TERMS.has(keyword);
}
