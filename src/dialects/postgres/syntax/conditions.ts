/** Conditions on the rows of a table, and the other expressions that stand in its definition. */
import type { Expression } from '../../../catalog/objects.ts';
import { dropOuterParentheses, printTokens, simplifyTokens } from './canonical.ts';
import { tokenize, type Token } from './lexer.ts';
import { remember } from './memo.ts';

/** An expression over the columns of a table, with its canonical form. */
export function createCondition(text: string, table: string | undefined): Expression {
  return { text, canonical: canonicaliseCondition(text, table) };
}

/** The canonical form of an expression over the columns of a table: the table's name before them says nothing. */
export function canonicaliseCondition(text: string, table: string | undefined): string {
  // Many tables have the same conditions. What does not mention its table means one thing for all of them.
  const isMentioned = table !== undefined && text.toLowerCase().includes(table.toLowerCase());
  return canonicalise(text, isMentioned ? table : '');
}

const canonicalise = remember((text, table) => {
  const tokens = dropOuterParentheses(simplifyTokens(tokenize(text), table === '' ? undefined : table));
  return printTokens(dropOuterParentheses(dropTextCasts(tokens)));
});

/**
 * The server adds `::text` to the string literals that it takes for text. A literal that a person leaves bare in the same
 * place, beside the same columns, is taken for text just so.
 */
function dropTextCasts(tokens: readonly Token[]): readonly Token[] {
  const result: Token[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (!token) break;
    const isCast =
      token.text === '::' &&
      tokens[index + 1]?.text === 'text' &&
      tokens[index + 2]?.text !== '[' &&
      tokens[index - 1]?.kind === 'string';
    if (isCast) index++;
    else result.push(token);
  }
  return result;
}
