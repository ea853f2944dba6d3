/** What the text of a custom type can say beside the type: drizzle-kit puts it into the column's definition as it stands. */
import { tokenize, type Token } from '../syntax/lexer.ts';
import { remember } from '../syntax/memo.ts';
import { qualifyName } from './names.ts';

export interface TypeClauses {
  /** The type alone. */
  readonly type: string;
  /** COLLATE, as the server prints the name. */
  readonly collation: string | null;
  /** GENERATED ALWAYS AS (…), without the parentheses. */
  readonly generated: { readonly text: string; readonly storage: 'stored' | 'virtual' } | null;
}

/** Splits `text COLLATE "C"` and `tsvector GENERATED ALWAYS AS (…) STORED`. */
export const splitTypeClauses: (text: string) => TypeClauses = remember((text) => {
  if (!/\b(?:collate|generated)\b/i.test(text)) return { type: text, collation: null, generated: null };
  const tokens = tokenize(text);
  const clauses = tokens.flatMap((token, at) => (isClause(tokens, at) ? [{ token, at }] : []));
  const first = clauses[0];
  if (first === undefined || first.at === 0) return { type: text, collation: null, generated: null };
  const after = (word: string): readonly Token[] => {
    const index = clauses.findIndex(({ token }) => token.text === word);
    const clause = clauses[index];
    return clause ? tokens.slice(clause.at + 1, clauses[index + 1]?.at) : [];
  };
  return {
    type: text.slice(0, first.token.start).trim(),
    collation: readCollation(after('collate')),
    generated: readGenerated(text, after('generated')),
  };
});

/** True at a word that begins a clause, outside of all parentheses. */
function isClause(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  if (token?.kind !== 'word' || !['collate', 'generated'].includes(token.text)) return false;
  const before = tokens.slice(0, at).map(({ kind, text }) => (kind === 'punctuation' ? text : ''));
  return before.filter((text) => text === '(').length === before.filter((text) => text === ')').length;
}

function readCollation(tokens: readonly Token[]): string | null {
  const names = tokens.filter(({ kind }) => kind === 'word' || kind === 'quoted').map((token) => token.text);
  const name = names.at(-1);
  // The type's own.
  if (name === undefined || name === 'default') return null;
  return qualifyName(names.length > 1 ? names[0] : undefined, name);
}

function readGenerated(text: string, tokens: readonly Token[]): TypeClauses['generated'] {
  const open = tokens.find((token) => token.text === '(');
  const close = tokens.findLast((token) => token.text === ')');
  if (!open || !close) return null;
  const storage = tokens.at(-1)?.text === 'virtual' ? 'virtual' : 'stored';
  return { text: text.slice(open.end, close.start).trim(), storage };
}
