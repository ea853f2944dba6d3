/**
 * Canonical tokens: what can be said about two texts without asking a server. Equal canonical forms mean the same;
 * different ones may still do.
 */
import type { Expression } from '../../../catalog/objects.ts';
import { foldTimeZones } from './at-time-zone.ts';
import { keywords } from './keywords.ts';
import { tokenize, type Token } from './lexer.ts';
import { remember } from './memo.ts';

/** An expression with the canonical form of its tokens. */
export function createExpression(text: string): Expression {
  return { text, canonical: canonicalise(text) };
}

/** The canonical form of a text. */
export const canonicalise: (text: string) => string = remember((text) =>
  printTokens(dropOuterParentheses(simplifyTokens(tokenize(text)))),
);

/** Prints tokens with one space between two, names and strings in one way of quoting. */
export function printTokens(tokens: readonly Token[]): string {
  return tokens.map(printToken).join(' ');
}

function printToken({ kind, text }: Token): string {
  if (kind === 'string') return `'${text.replaceAll("'", "''")}'`;
  return kind === 'quoted' ? printName(text) : text;
}

/** A name without quotes where it needs none. */
export function printName(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) && !keywords.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/**
 * Drops what adds nothing: the schemas that everybody sees, the name of the table before its own column, a final
 * semicolon; and gives one spelling to the words that have two.
 */
export function simplifyTokens(tokens: readonly Token[], table?: string): readonly Token[] {
  const result: Token[] = [];
  const isDot = (index: number): boolean =>
    tokens[index]?.text === '.' && tokens[index]?.kind === 'punctuation';
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (!token) break;
    const begins = isName(token) && isDot(index + 1) && !isDot(index - 1);
    if (begins && (token.text === 'pg_catalog' || token.text === 'public') && isNameAt(tokens, index + 2)) {
      index++;
      continue;
    }
    const previous = result.at(-1);
    const startsChain = previous?.text !== '.' || previous.kind !== 'punctuation';
    if (table !== undefined && isName(token) && token.text === table && startsChain) {
      if (isDot(index + 1) && isNameAt(tokens, index + 2)) {
        index++;
        continue;
      }
    }
    result.push(...respell(token, tokens[index + 1]));
  }
  while (result.at(-1)?.text === ';') result.pop();
  return foldTimeZones(result);
}

function isName(token: Token): boolean {
  return token.kind === 'quoted' || (token.kind === 'word' && !keywords.has(token.text));
}

function isNameAt(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index];
  return token !== undefined && (token.kind === 'quoted' || token.kind === 'word');
}

/** Words with two spellings. `now()` and CURRENT_TIMESTAMP are one function; the types have a short and a long name. */
const spellings: Readonly<Record<string, string>> = {
  bool: 'boolean',
  int: 'integer',
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  float4: 'real',
  float8: 'double precision',
  decimal: 'numeric',
  bpchar: 'bpchar',
  varchar: 'character varying',
  timestamptz: 'timestamp with time zone',
  timetz: 'time with time zone',
  varbit: 'bit varying',
};

function respell(token: Token, next: Token | undefined): readonly Token[] {
  if (token.kind === 'operator' && token.text === '!=') return [{ ...token, text: '<>' }];
  if (token.kind !== 'word' || next?.text === '.') return [token];
  if (token.text === 'current_timestamp' && next?.text !== '(') {
    return ['now', '(', ')'].map((text) => ({
      ...token,
      text,
      kind: text === 'now' ? 'word' : 'punctuation',
    }));
  }
  if (token.text === 'transaction_timestamp' && next?.text === '(') return [{ ...token, text: 'now' }];
  const spelling = spellings[token.text];
  if (spelling === undefined || next?.text === '(') return [token];
  return spelling.split(' ').map((text) => ({ ...token, text }));
}

/** Drops the parentheses around the whole text, and around nothing less. */
export function dropOuterParentheses(tokens: readonly Token[]): readonly Token[] {
  let rest = tokens;
  while (isParenthesised(rest)) rest = rest.slice(1, -1);
  return rest;
}

function isParenthesised(tokens: readonly Token[]): boolean {
  if (tokens.length < 3 || !isPunctuation(tokens[0], '(') || !isPunctuation(tokens.at(-1), ')')) return false;
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    if (isPunctuation(token, '(')) depth++;
    if (isPunctuation(token, ')')) depth--;
    if (depth === 0) return index === tokens.length - 1;
  }
  return false;
}

function isPunctuation(token: Token | undefined, text: string): boolean {
  return token?.kind === 'punctuation' && token.text === text;
}
