import { findKeyword } from './keywords.ts';
import { SqliteSyntaxError } from './syntax-error.ts';

/**
 * What a token is.
 * - `word`: a bare word, keyword or identifier (`keyword` tells);
 * - `quoted`: an identifier in `"`, `` ` `` or `[ ]`;
 * - `string`, `blob`, `integer`, `real`, `parameter`, `operator` (also punctuation);
 * - `space`, `comment`: what lies between.
 */
export type TokenKind =
  'word' | 'quoted' | 'string' | 'blob' | 'integer' | 'real' | 'parameter' | 'operator' | 'space' | 'comment';

export interface Token {
  readonly kind: TokenKind;
  /** As written. */
  readonly text: string;
  /** Without quotes for `quoted` and `string`; the hex digits of a `blob`; otherwise as `text`. */
  readonly value: string;
  /** The keyword in upper case when a `word` is one, else `''`. */
  readonly keyword: string;
  /** UTF-16 index of the first character, and of the one after the last. */
  readonly start: number;
  readonly end: number;
}

// Character classes of the ASCII range, after SQLite's tokenize.c: everything above 127 is a letter.
const LETTER = 1;
const DIGIT = 2;
const SPACE = 4;
const HEX = 8;
const classes = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const char = String.fromCharCode(code);
  let bits = 0;
  if (/[A-Za-z_]/.test(char)) bits |= LETTER;
  if (/[0-9]/.test(char)) bits |= DIGIT;
  if (/[ \t\n\f\r]/.test(char)) bits |= SPACE;
  if (/[0-9A-Fa-f]/.test(char)) bits |= HEX;
  classes[code] = bits;
}

const BOM = 0xfeff;
const VERTICAL_TAB = 0x0b;

const has = (code: number, bits: number): boolean => ((classes[code] ?? 0) & bits) !== 0;
const isDigit = (code: number): boolean => code >= 48 && code <= 57;
/** A character inside a bare word; `$` may not begin one. */
const isWordPart = (code: number): boolean => code > 127 || has(code, LETTER | DIGIT) || code === 36;
// SQLite lets a vertical tab go on with a run of spaces, but not begin one.
const isSpacePart = (code: number): boolean => has(code, SPACE) || code === VERTICAL_TAB;

const TWO_CHARS: ReadonlySet<string> = new Set(['==', '<=', '<>', '<<', '>=', '>>', '!=', '||', '->']);
const ONE_CHAR = ';(),.+-*/%=<>|&~';

/**
 * All tokens of a text, spaces and comments included, so that joining their texts gives the input back.
 * @throws SqliteSyntaxError at an unterminated quote or a character SQLite's tokenizer refuses
 */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < sql.length;) {
    const token = readToken(sql, at);
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

/** The tokens that mean something: no spaces, no comments. Throws as `tokenize` does. */
export function tokenizeSignificant(sql: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < sql.length;) {
    const code = sql.charCodeAt(at);
    if (has(code, SPACE)) {
      at++;
      continue;
    }
    const token = readToken(sql, at);
    if (token.kind !== 'space' && token.kind !== 'comment') tokens.push(token);
    at = token.end;
  }
  return tokens;
}

function readToken(sql: string, at: number): Token {
  const code = sql.charCodeAt(at);
  if (code > 127) return code === BOM ? plain(sql, 'space', at, at + 1) : readWord(sql, at);
  if (has(code, LETTER)) {
    const blob = (code === 120 || code === 88) && sql.charCodeAt(at + 1) === 39;
    return blob ? readBlob(sql, at) : readWord(sql, at);
  }
  if (has(code, SPACE)) return plain(sql, 'space', at, skip(sql, at + 1, isSpacePart));
  if (has(code, DIGIT)) return readNumber(sql, at);
  switch (code) {
    case 39: // '
      return readQuoted(sql, at, 'string');
    case 34: // "
    case 96: // `
      return readQuoted(sql, at, 'quoted');
    case 91: // [
      return readBracketed(sql, at);
    case 46: // .
      return isDigit(sql.charCodeAt(at + 1)) ? readNumber(sql, at) : plain(sql, 'operator', at, at + 1);
    case 40: // (
      return { kind: 'operator', text: '(', value: '(', keyword: '', start: at, end: at + 1 };
    case 41: // )
      return { kind: 'operator', text: ')', value: ')', keyword: '', start: at, end: at + 1 };
    case 44: // ,
      return { kind: 'operator', text: ',', value: ',', keyword: '', start: at, end: at + 1 };
    case 63: // ?
      return plain(sql, 'parameter', at, skip(sql, at + 1, isDigit));
    case 35: // #
    case 36: // $
    case 58: // :
    case 64: // @
      return readParameter(sql, at);
    default:
      return readComment(sql, at) ?? readOperator(sql, at);
  }
}

function plain(sql: string, kind: TokenKind, start: number, end: number): Token {
  const text = sql.slice(start, end);
  return { kind, text, value: text, keyword: '', start, end };
}

function skip(sql: string, from: number, accepts: (code: number) => boolean): number {
  let at = from;
  while (at < sql.length && accepts(sql.charCodeAt(at))) at++;
  return at;
}

/** {@link isWordPart}, for a whole run of them: most of a text is words. */
const wordParts = /[\w$\u0080-\uffff]*/y;

function readWord(sql: string, start: number): Token {
  wordParts.lastIndex = start + 1;
  wordParts.test(sql);
  const end = wordParts.lastIndex;
  const text = sql.slice(start, end);
  return { kind: 'word', text, value: text, keyword: findKeyword(text), start, end };
}

function readQuoted(sql: string, start: number, kind: 'string' | 'quoted'): Token {
  const quote = sql.charAt(start);
  let doubled = false;
  let at = start + 1;
  for (;;) {
    at = sql.indexOf(quote, at);
    if (at < 0) throw new SqliteSyntaxError(`No closing ${quote}.`, start);
    if (sql.charAt(at + 1) !== quote) break;
    doubled = true;
    at += 2;
  }
  const inner = sql.slice(start + 1, at);
  const value = doubled ? inner.replaceAll(quote + quote, quote) : inner;
  return { kind, text: sql.slice(start, at + 1), value, keyword: '', start, end: at + 1 };
}

function readBracketed(sql: string, start: number): Token {
  const close = sql.indexOf(']', start);
  if (close < 0) throw new SqliteSyntaxError('No closing ].', start);
  const end = close + 1;
  return {
    kind: 'quoted',
    text: sql.slice(start, end),
    value: sql.slice(start + 1, close),
    keyword: '',
    start,
    end,
  };
}

function readBlob(sql: string, start: number): Token {
  const close = skip(sql, start + 2, (code) => has(code, HEX));
  const digits = sql.slice(start + 2, close);
  if (sql.charCodeAt(close) !== 39 || digits.length % 2 !== 0) {
    throw new SqliteSyntaxError('Not a blob: an even number of hexadecimal digits is needed.', start);
  }
  const end = close + 1;
  return { kind: 'blob', text: sql.slice(start, end), value: digits, keyword: '', start, end };
}

/** Digits, each underscore between two of them (sqlite.org/lang_expr.html#numeric_literals, since 3.46). */
function skipDigits(sql: string, from: number, accepts: (code: number) => boolean): number {
  let at = from;
  for (;;) {
    const code = sql.charCodeAt(at);
    const separator =
      code === 95 && at > from && accepts(sql.charCodeAt(at - 1)) && accepts(sql.charCodeAt(at + 1));
    if (!separator && !accepts(code)) return at;
    at++;
  }
}

function readNumber(sql: string, start: number): Token {
  const isHex = (code: number): boolean => has(code, HEX);
  let kind: TokenKind = 'integer';
  let end: number;
  if (/^0[xX]$/.test(sql.slice(start, start + 2)) && isHex(sql.charCodeAt(start + 2))) {
    end = skipDigits(sql, start + 2, isHex);
  } else {
    end = skipDigits(sql, start, isDigit);
    if (sql.charCodeAt(end) === 46) {
      kind = 'real';
      end = skipDigits(sql, end + 1, isDigit);
    }
    const exponent = findExponent(sql, end);
    if (exponent > 0) {
      kind = 'real';
      end = skipDigits(sql, exponent, isDigit);
    }
  }
  if (isWordPart(sql.charCodeAt(end))) {
    const wrong = sql.slice(start, skip(sql, end, isWordPart));
    throw new SqliteSyntaxError(`Not a number: ${wrong}.`, start);
  }
  return plain(sql, kind, start, end);
}

/** Where the digits of an exponent begin, or 0 when there is none at `at`. */
function findExponent(sql: string, at: number): number {
  const code = sql.charCodeAt(at);
  if (code !== 69 && code !== 101) return 0;
  const next = sql.charCodeAt(at + 1);
  const digits = next === 43 || next === 45 ? at + 2 : at + 1;
  return isDigit(sql.charCodeAt(digits)) ? digits : 0;
}

function readParameter(sql: string, start: number): Token {
  const end = skip(sql, start + 1, isWordPart);
  if (end === start + 1) throw new SqliteSyntaxError(`Unrecognized token: ${sql.charAt(start)}.`, start);
  return plain(sql, 'parameter', start, end);
}

function readComment(sql: string, start: number): Token | undefined {
  const two = sql.slice(start, start + 2);
  if (two === '--') {
    const newline = sql.indexOf('\n', start);
    return plain(sql, 'comment', start, newline < 0 ? sql.length : newline + 1);
  }
  // A block comment that is never closed runs to the end of the text; a bare /* at the very end is an operator.
  if (two === '/*' && start + 2 < sql.length) {
    const close = sql.indexOf('*/', start + 2);
    return plain(sql, 'comment', start, close < 0 ? sql.length : close + 2);
  }
  return undefined;
}

function readOperator(sql: string, start: number): Token {
  if (sql.startsWith('->>', start)) return plain(sql, 'operator', start, start + 3);
  if (TWO_CHARS.has(sql.slice(start, start + 2))) return plain(sql, 'operator', start, start + 2);
  if (ONE_CHAR.includes(sql.charAt(start))) return plain(sql, 'operator', start, start + 1);
  throw new SqliteSyntaxError(`Unrecognized token: ${JSON.stringify(sql.charAt(start))}.`, start);
}
