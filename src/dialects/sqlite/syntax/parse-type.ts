import type { TypeName } from './ast.ts';
import type { Cursor } from './cursor.ts';

/**
 * A type name: words, then up to two signed numbers in parentheses. `GENERATED ALWAYS AS` ends it, while a lone
 * GENERATED is one of its words.
 * @returns undefined when none comes next
 */
export function parseTypeName(cursor: Cursor): TypeName | undefined {
  const start = cursor.start;
  const words: string[] = [];
  while (cursor.isAlias() && !isGeneratedClause(cursor)) words.push(takeWord(cursor));
  if (words.length === 0) return undefined;
  const args = cursor.acceptOperator('(') ? parseArguments(cursor) : [];
  const { text, end } = cursor.textFrom(start);
  const [only = ''] = words;
  return { text, start, end, name: words.length === 1 ? only : words.join(' '), args };
}

/** `int[]` is `int` and a quoted word without a letter, which SQLite keeps as a part of the type. */
function takeWord(cursor: Cursor): string {
  const { value } = cursor.take();
  return value === '' ? '[]' : value;
}

function isGeneratedClause(cursor: Cursor): boolean {
  return cursor.isKeyword('GENERATED') && cursor.isKeyword('ALWAYS', 1) && cursor.isKeyword('AS', 2);
}

function parseArguments(cursor: Cursor): string[] {
  const args = [parseSignedNumber(cursor)];
  if (cursor.acceptOperator(',')) args.push(parseSignedNumber(cursor));
  cursor.expectOperator(')');
  return args;
}

function parseSignedNumber(cursor: Cursor): string {
  const sign = cursor.isOperator('+') || cursor.isOperator('-') ? cursor.take().text : '';
  const { kind } = cursor.peek();
  if (kind !== 'integer' && kind !== 'real') cursor.fail('a number');
  return sign + cursor.take().text;
}
