import { quoteName } from '../quote.ts';
import { tokenize, type Token } from './lexer.ts';

/** A name to look for: `namespace.name`, or the bare name where the namespace is `public`. */
export interface Replacement {
  readonly namespace: string;
  readonly name: string;
  /** The name without namespace that stands there afterwards. */
  readonly by: string;
}

/** Replaces qualified names in SQL; what is in strings and comments is left alone. */
export function rewriteNames(sql: string, replacements: readonly Replacement[]): string {
  const tokens = tokenize(sql);
  let result = '';
  let copied = 0;
  for (let index = 0; index < tokens.length; index++) {
    const found = findAt(tokens, index, replacements);
    const first = tokens[index];
    const last = found && tokens[index + found.length - 1];
    if (!found || !first || !last) continue;
    result += sql.slice(copied, first.start) + quoteName(found.by);
    copied = last.end;
    index += found.length - 1;
  }
  return result + sql.slice(copied);
}

function findAt(
  tokens: readonly Token[],
  index: number,
  replacements: readonly Replacement[],
): { readonly by: string; readonly length: number } | null {
  if (isDot(tokens[index - 1])) return null;
  for (const { namespace, name, by } of replacements) {
    const isQualified = isNamed(tokens[index], namespace) && isDot(tokens[index + 1]);
    if (isQualified && isNamed(tokens[index + 2], name)) return { by, length: 3 };
  }
  return null;
}

/** Every name that a text mentions, qualified or not; more than are relations, but never fewer. */
export function collectNames(sql: string): ReadonlySet<string> {
  return new Set(
    tokenize(sql)
      .filter((token) => token.kind === 'word' || token.kind === 'quoted')
      .map((token) => token.text),
  );
}

function isNamed(token: Token | undefined, name: string): boolean {
  return (token?.kind === 'word' || token?.kind === 'quoted') && token.text === name;
}

function isDot(token: Token | undefined): boolean {
  return token?.kind === 'punctuation' && token.text === '.';
}
