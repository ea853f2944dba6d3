/**
 * Takes an index term that was written as SQL apart: `lower("email") desc` is an expression and an order,
 * `"name" gin_trgm_ops` a column and an operator class.
 */

import type { DialectName } from '../../catalog/schema.ts';

/** A word, a quoted name, a string or a sign, with its place in the text. */
interface Token {
  readonly text: string;
  /** A bare word as the engine takes it for a name: PostgreSQL makes it lower case. */
  readonly folded: string;
  readonly start: number;
  readonly end: number;
  readonly is: 'word' | 'name' | 'string' | 'sign';
  /** How many parentheses and brackets are open around it. */
  readonly depth: number;
}

export interface IndexTerm {
  /** What is indexed, without what follows it. */
  readonly text: string;
  /** The name, where the term is nothing but one. */
  readonly column: string | null;
  readonly collation: string | null;
  readonly opclass: string | null;
  readonly order: 'asc' | 'desc' | null;
  readonly nulls: 'first' | 'last' | null;
}

/**
 * Splits at the commas outside parentheses, since one `sql` may hold several terms, and takes each apart.
 * Only PostgreSQL has operator classes, and there an operand with a word after it can be nothing else.
 */
export function readIndexTerms(text: string, dialect: DialectName): readonly IndexTerm[] {
  const tokens = tokenize(text, dialect);
  const commas = tokens.filter((token) => token.text === ',' && token.depth === 0);
  const starts = [0, ...commas.map((comma) => comma.end)];
  const ends = [...commas.map((comma) => comma.start), text.length];
  return starts.map((start, index) => {
    const end = ends[index] ?? text.length;
    const own = tokens.filter((token) => token.start >= start && token.end <= end);
    return readTerm(text, own, dialect);
  });
}

function readTerm(text: string, all: readonly Token[], dialect: DialectName): IndexTerm {
  let tokens = all;
  let nulls: IndexTerm['nulls'] = null;
  let order: IndexTerm['order'] = null;
  if (wordAt(tokens, -2) === 'nulls') {
    nulls = wordAt(tokens, -1) === 'first' ? 'first' : 'last';
    tokens = tokens.slice(0, -2);
  }
  const last = wordAt(tokens, -1);
  if (tokens.length > 1 && (last === 'asc' || last === 'desc')) {
    order = last;
    tokens = tokens.slice(0, -1);
  }
  const withClass = dialect === 'postgres' ? takeOpclass(text, tokens) : { tokens, opclass: null };
  const withCollation = takeCollation(withClass.tokens);
  return {
    text: textOf(text, withCollation.tokens),
    column: readColumn(withCollation.tokens),
    collation: withCollation.collation,
    opclass: withClass.opclass,
    order,
    nulls,
  };
}

/** An operator class follows a complete operand without anything between them. */
function takeOpclass(
  text: string,
  tokens: readonly Token[],
): { readonly tokens: readonly Token[]; readonly opclass: string | null } {
  let at = tokens.length - 1;
  if (tokens[at]?.text === ')') {
    // Parameters of a class: `gist_trgm_ops(siglen=32)`.
    at = tokens.findLastIndex((token, index) => index < at && token.text === '(' && token.depth === 0) - 1;
  }
  if (!isName(tokens[at])) return { tokens, opclass: null };
  at = startOfPath(tokens, at);
  const operand = tokens.slice(0, at);
  if (!endsOperand(operand.at(-1)) || wordAt(operand, -1) === 'collate') return { tokens, opclass: null };
  return { tokens: operand, opclass: textOf(text, tokens.slice(at)) };
}

function takeCollation(tokens: readonly Token[]): {
  readonly tokens: readonly Token[];
  readonly collation: string | null;
} {
  const last = tokens.at(-1);
  const operand = tokens.slice(0, startOfPath(tokens, tokens.length - 1));
  if (!last || !isName(last) || operand.length < 2 || wordAt(operand, -1) !== 'collate') {
    return { tokens, collation: null };
  }
  return { tokens: operand.slice(0, -1), collation: unquote(last) };
}

/** `"age"`, `age` or `"users"."age"`. */
function readColumn(tokens: readonly Token[]): string | null {
  const last = tokens.at(-1);
  if (!last || !isName(last) || startOfPath(tokens, tokens.length - 1) > 0) return null;
  return unquote(last);
}

/** Where a name with its qualifiers begins: `pg_catalog."C"` ends at its third token. */
function startOfPath(tokens: readonly Token[], end: number): number {
  let at = end;
  while (tokens[at - 1]?.text === '.' && isName(tokens[at - 2])) at -= 2;
  return at;
}

function isName(token: Token | undefined): boolean {
  return token?.is === 'word' || token?.is === 'name';
}

function endsOperand(token: Token | undefined): boolean {
  return isName(token) || token?.is === 'string' || token?.text === ')' || token?.text === ']';
}

function wordAt(tokens: readonly Token[], index: number): string | null {
  const token = tokens.at(index);
  return token?.is === 'word' ? token.text.toLowerCase() : null;
}

function textOf(text: string, tokens: readonly Token[]): string {
  const first = tokens[0];
  const last = tokens.at(-1);
  return first && last ? text.slice(first.start, last.end) : '';
}

function unquote(token: Token): string {
  if (token.is === 'word') return token.folded;
  const quote = token.text.charAt(0);
  return token.text.slice(1, -1).replaceAll(quote + quote, quote);
}

const pattern =
  /\s+|--[^\n]*|\/\*[\s\S]*?\*\/|(?<name>"(?:[^"]|"")*"|`(?:[^`]|``)*`)|(?<string>'(?:[^']|'')*')|(?<word>[\p{L}_][\p{L}\p{N}_$]*)|(?<sign>\d[\w.]*|[\s\S])/gu;

function tokenize(text: string, dialect: DialectName): readonly Token[] {
  const tokens: Token[] = [];
  let depth = 0;
  for (const match of text.matchAll(pattern)) {
    const groups = match.groups ?? {};
    const is = (['name', 'string', 'word', 'sign'] as const).find((kind) => groups[kind] !== undefined);
    if (is === undefined) continue;
    const piece = match[0];
    const start = match.index;
    if (piece === ')' || piece === ']') depth -= 1;
    const folded = dialect === 'postgres' ? piece.toLowerCase() : piece;
    tokens.push({ text: piece, folded, start, end: start + piece.length, is, depth });
    if (piece === '(' || piece === '[') depth += 1;
  }
  return tokens;
}
