/** Which names a piece of SQL may mean. It may say too many and never too few. */
import { SqliteSyntaxError } from '../syntax/syntax-error.ts';
import { foldName } from '../syntax/names.ts';
import { tokenizeSignificant } from '../syntax/tokenize.ts';

/** Every word, quoted name and string of a text, folded; null where it cannot be read and may mean anything. */
export function collectNames(sql: string): ReadonlySet<string> | null {
  try {
    const names = tokenizeSignificant(sql).filter(
      ({ kind }) => kind === 'word' || kind === 'quoted' || kind === 'string',
    );
    return new Set(names.map((token) => foldName(token.value)));
  } catch (error) {
    if (error instanceof SqliteSyntaxError) return null;
    throw error;
  }
}

export function mentions(sql: string, name: string): boolean {
  return collectNames(sql)?.has(foldName(name)) ?? true;
}
