import { canonicalName } from './canonical-style.ts';
import { quoteString } from './names.ts';
import { canonicalInteger, canonicalReal } from './numbers.ts';
import { tokenizeSignificant, type Token } from './tokenize.ts';

const OPERATORS: Readonly<Record<string, string>> = { '==': '=', '!=': '<>' };

/**
 * The canonical form of a text by its tokens alone, for what the parser does not know: no comments, one space between
 * tokens, keywords in upper case, identifiers, numbers and strings in one spelling.
 * @throws SqliteSyntaxError where the text cannot be cut into tokens
 */
export function canonicalTokens(text: string): string {
  const tokens = tokenizeSignificant(text);
  while (tokens.at(-1)?.text === ';') tokens.pop();
  return tokens.map(canonicalToken).join(' ');
}

function canonicalToken(token: Token): string {
  switch (token.kind) {
    case 'word':
      return token.keyword === '' ? canonicalName(token.value) : token.keyword;
    case 'quoted':
      return canonicalName(token.value);
    case 'string':
      return quoteString(token.value);
    case 'blob':
      return `x'${token.value.toUpperCase()}'`;
    case 'integer':
      return canonicalInteger(token.value);
    case 'real':
      return canonicalReal(token.value);
    case 'operator':
      return OPERATORS[token.text] ?? token.text;
    case 'parameter':
    case 'space':
    case 'comment':
      return token.text;
  }
}
