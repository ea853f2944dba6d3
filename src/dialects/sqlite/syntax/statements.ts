import type { SqlText } from './ast.ts';
import { tokenizeSignificant, type Token } from './tokenize.ts';

/** One statement of a script: from its first token to its last, without the semicolon. */
export interface ScriptStatement extends SqlText {
  /** Whether a semicolon ends it; only the last one may lack it. */
  readonly terminated: boolean;
}

/**
 * Splits a script into its statements. Semicolons in strings, names, comments and trigger bodies separate nothing;
 * empty statements are left out.
 * @throws SqliteSyntaxError where the text cannot be cut into tokens
 */
export function splitStatements(sql: string): ScriptStatement[] {
  const tokens = tokenizeSignificant(sql);
  const statements: ScriptStatement[] = [];
  for (let from = 0; from < tokens.length;) {
    const to = findEnd(tokens, from);
    const [first, last] = [tokens[from], tokens[to - 1]];
    if (first !== undefined && last !== undefined && to > from) {
      const text = sql.slice(first.start, last.end);
      statements.push({ text, start: first.start, end: last.end, terminated: to < tokens.length });
    }
    from = to + 1;
  }
  return statements;
}

/**
 * The index of the semicolon that ends the statement beginning at `from`. In a trigger that is the one after an END
 * which itself follows a semicolon: no CASE … END does (the rule of sqlite3_complete, sqlite.org/c3ref/complete.html).
 */
function findEnd(tokens: readonly Token[], from: number): number {
  const trigger = startsTrigger(tokens, from);
  for (let at = from; at < tokens.length; at++) {
    if (!isSemicolon(tokens[at])) continue;
    if (!trigger) return at;
    if (tokens[at - 1]?.keyword === 'END' && isSemicolon(tokens[at - 2])) return at;
  }
  return tokens.length;
}

function startsTrigger(tokens: readonly Token[], from: number): boolean {
  const keywords = tokens.slice(from, from + 6).map((token) => token.keyword);
  while (keywords[0] === 'EXPLAIN' || keywords[0] === 'QUERY' || keywords[0] === 'PLAN') keywords.shift();
  if (keywords[0] !== 'CREATE') return false;
  const temporary = keywords[1] === 'TEMP' || keywords[1] === 'TEMPORARY';
  return keywords[temporary ? 2 : 1] === 'TRIGGER';
}

function isSemicolon(token: Token | undefined): boolean {
  return token?.kind === 'operator' && token.text === ';';
}
