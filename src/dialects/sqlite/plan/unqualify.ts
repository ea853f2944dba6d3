import { SqliteSyntaxError } from '../syntax/syntax-error.ts';
import { sameName } from '../syntax/names.ts';
import { tokenize, type Token } from '../syntax/tokenize.ts';

/**
 * An expression of a table without the table's own name before its columns (`"users"."age"` is `"age"`): drizzle-kit
 * writes it, and while the table is made under another name SQLite would look for the old one.
 */
export function unqualify(sql: string, table: string): string {
  const tokens = readTokens(sql);
  if (tokens === null) return sql;
  const significant = tokens.filter((token) => token.kind !== 'space' && token.kind !== 'comment');
  const dropped = new Set<Token>();
  significant.forEach((token, index) => {
    const [dot, column] = [significant[index + 1], significant[index + 2]];
    if (!isName(token) || !sameName(token.value, table)) return;
    if (dot?.text !== '.' || column === undefined || !isName(column)) return;
    if (significant[index - 1]?.text === '.') return;
    dropped.add(token);
    dropped.add(dot);
  });
  return tokens
    .filter((token) => !dropped.has(token))
    .map((token) => token.text)
    .join('');
}

function isName(token: Token): boolean {
  return token.kind === 'word' || token.kind === 'quoted';
}

function readTokens(sql: string): readonly Token[] | null {
  try {
    return tokenize(sql);
  } catch (error) {
    if (error instanceof SqliteSyntaxError) return null;
    throw error;
  }
}
