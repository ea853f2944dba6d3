import type { Token } from './lexer.ts';

/**
 * Writes `(x AT TIME ZONE zone)` as the call `timezone(zone, x)`, which it is. Since 14 the server keeps the spelling that was
 * used, and 13 printed the call for both: a database that was moved to a newer server has other texts than the models that it
 * was made of. Done only where both sides are single values, so that no precedence has to be known: the server sets
 * parentheses around each of them.
 */
export function foldTimeZones(tokens: readonly Token[]): readonly Token[] {
  if (!tokens.some((_, index) => isPhraseAt(tokens, index))) return tokens;
  return foldGroup(tokens);
}

/** Folds what is inside of parentheses first, then the group itself. */
function foldGroup(tokens: readonly Token[]): readonly Token[] {
  const folded: Token[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (!token) break;
    const end = isMark(token, '(') ? findEnd(tokens, index) : -1;
    const close = tokens[end];
    if (!close) {
      folded.push(token);
      continue;
    }
    const content = tokens.slice(index + 1, end);
    const inner = foldGroup(content);
    // The parentheses that belong to the phrase go with it; those of a call stay.
    const isBare = findTop(content) !== -1 && findTop(inner) === -1 && !isNameLike(tokens[index - 1]);
    folded.push(...(isBare ? inner : [token, ...inner, close]));
    index = end;
  }
  return foldPhrase(folded) ?? folded;
}

function foldPhrase(tokens: readonly Token[]): readonly Token[] | null {
  const at = findTop(tokens);
  if (at === -1) return null;
  const [value, zone] = [tokens.slice(0, at), tokens.slice(at + 3)];
  const model = tokens[at];
  if (!model || !isSingle(value) || !isSingle(zone)) return null;
  const mark = (text: string): Token => ({ ...model, kind: 'punctuation', text });
  return [{ ...model, kind: 'word', text: 'timezone' }, mark('('), ...zone, mark(','), ...value, mark(')')];
}

function isPhraseAt(tokens: readonly Token[], index: number): boolean {
  if (tokens[index]?.text !== 'at') return false;
  return ['at', 'time', 'zone'].every((word, offset) => {
    const token = tokens[index + offset];
    return token?.kind === 'word' && token.text === word;
  });
}

/** Where the phrase stands outside of parentheses; -1 unless it does so exactly once. */
function findTop(tokens: readonly Token[]): number {
  const places: number[] = [];
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    if (isMark(token, '(') || isMark(token, '[')) depth++;
    else if (isMark(token, ')') || isMark(token, ']')) depth--;
    else if (depth === 0 && isPhraseAt(tokens, index)) places.push(index);
  }
  return places.length === 1 ? (places[0] ?? -1) : -1;
}

const joining: ReadonlySet<string> = new Set(
  'and or not is isnull notnull in like ilike similar between case when then else end at collate select from where distinct as order union with'.split(
    ' ',
  ),
);

/** One value: a name, a call, a constant, something in parentheses, with casts perhaps. */
function isSingle(tokens: readonly Token[]): boolean {
  if (tokens.length === 0) return false;
  let depth = 0;
  return tokens.every((token) => {
    if (isMark(token, '(') || isMark(token, '[')) depth++;
    else if (isMark(token, ')') || isMark(token, ']')) depth--;
    if (depth > 0) return true;
    if (token.kind === 'operator') return token.text === '::';
    if (token.kind === 'punctuation') return [')', ']', '.'].includes(token.text);
    return token.kind !== 'word' || !joining.has(token.text);
  });
}

function findEnd(tokens: readonly Token[], start: number): number {
  let depth = 0;
  for (let index = start; index < tokens.length; index++) {
    if (isMark(tokens[index], '(')) depth++;
    if (isMark(tokens[index], ')')) depth--;
    if (depth === 0) return index;
  }
  return -1;
}

function isMark(token: Token | undefined, text: string): boolean {
  return token?.kind === 'punctuation' && token.text === text;
}

/** What makes a call of the parentheses behind it; words that join are none. */
function isNameLike(token: Token | undefined): boolean {
  if (token?.kind === 'quoted') return true;
  return token?.kind === 'word' && !joining.has(token.text);
}
