/** PostgreSQL's lexical rules, as far as they matter to tell two spellings of one text from two texts. postgresql.org: SQL Syntax, Lexical Structure. */

export interface Token {
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'operator' | 'punctuation';
  /** Words in lower case, quoted names and strings without quotes and escapes, everything else as it stands. */
  readonly text: string;
  /** Where it begins and ends in the text. */
  readonly start: number;
  readonly end: number;
}

const space = /(?:\s+|--[^\n]*)+/y;
const word = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y;
const number =
  /(?:0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)/y;
const dollarQuote = /\$([A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y;
const operator = /::|[+\-*/<>=~!@#%^&|`?:]+/y;

/** Splits SQL into tokens; comments and white space are gone. Text that breaks off inside a quote ends there. */
export function tokenize(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < sql.length) {
    const skipped = skipSpace(sql, at);
    if (skipped > at) {
      at = skipped;
      continue;
    }
    const token = readToken(sql, at);
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

function skipSpace(sql: string, start: number): number {
  const blank = matchAt(space, sql, start);
  if (blank !== null) return start + blank.length;
  return sql.startsWith('/*', start) ? skipComment(sql, start) : start;
}

/** Comments nest. */
function skipComment(sql: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < sql.length) {
    if (sql.startsWith('/*', at)) {
      depth++;
      at += 2;
    } else if (sql.startsWith('*/', at)) {
      depth--;
      at += 2;
      if (depth === 0) return at;
    } else at++;
  }
  return at;
}

function readToken(sql: string, start: number): Token {
  const character = sql.charAt(start);
  if (character === "'") return readQuoted(sql, start, start, false);
  if (character === '"') return readQuotedName(sql, start);
  const prefixed = /[eEbBxXnN](?=')|[uU]&(?=['"])/y;
  const prefix = matchAt(prefixed, sql, start);
  if (prefix !== null) return readPrefixed(sql, start, prefix);
  const dollar = matchAt(dollarQuote, sql, start);
  if (dollar !== null) return readDollarQuoted(sql, start, dollar);
  const name = matchAt(word, sql, start);
  if (name !== null) return { kind: 'word', text: foldCase(name), start, end: start + name.length };
  const digits = matchAt(number, sql, start);
  if (digits !== null)
    return { kind: 'number', text: digits.toLowerCase(), start, end: start + digits.length };
  const signs = matchAt(operator, sql, start);
  if (signs !== null) {
    const text = trimOperator(signs);
    return { kind: 'operator', text, start, end: start + text.length };
  }
  return { kind: 'punctuation', text: character, start, end: start + 1 };
}

/** Only ASCII letters fold: the server's rule depends on its locale for the others, and leaves them alone in UTF-8. */
function foldCase(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** A comment may begin inside a run of signs, and `a=-1` is an equals sign and a minus. */
function trimOperator(signs: string): string {
  if (signs.startsWith('::')) return '::';
  let text = signs.split(/--|\/\*/)[0] ?? '';
  const double = text.indexOf('::');
  if (double > 0) text = text.slice(0, double);
  while (text.length > 1 && /[+-]$/.test(text) && !/[~!@#%^&|`?]/.test(text)) text = text.slice(0, -1);
  return text === '' ? signs.charAt(0) : text;
}

function readPrefixed(sql: string, start: number, prefix: string): Token {
  const quote = start + prefix.length;
  const letter = prefix.charAt(0).toLowerCase();
  if (letter === 'u') {
    const token =
      sql.charAt(quote) === '"' ? readQuotedName(sql, quote) : readQuoted(sql, quote, start, false);
    return { ...token, start, text: decodeUnicode(token.text) };
  }
  const token = readQuoted(sql, quote, start, letter === 'e');
  return letter === 'b' || letter === 'x'
    ? { ...token, kind: 'operator', text: `${letter}'${token.text}'` }
    : token;
}

function decodeUnicode(text: string): string {
  return text.replace(
    /\\(?:\+([0-9a-fA-F]{6})|([0-9a-fA-F]{4})|(\\))/g,
    (_all, six?: string, four?: string) =>
      six === undefined && four === undefined ? '\\' : String.fromCodePoint(parseInt(six ?? four ?? '', 16)),
  );
}

function readQuoted(sql: string, quote: number, start: number, escapes: boolean): Token {
  let text = '';
  let at = quote + 1;
  while (at < sql.length) {
    const character = sql.charAt(at);
    if (character === "'") {
      if (sql.charAt(at + 1) !== "'") break;
      text += "'";
      at += 2;
    } else if (escapes && character === '\\') {
      const escape = readEscape(sql, at);
      text += escape.text;
      at += escape.length;
    } else {
      text += character;
      at++;
    }
  }
  return { kind: 'string', text, start, end: Math.min(at + 1, sql.length) };
}

const escapeLetters: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function readEscape(sql: string, at: number): { readonly text: string; readonly length: number } {
  const code = matchAt(/\\(?:x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{1,3})/y, sql, at);
  if (code !== null) {
    const isHex = /^\\[xuU]/.test(code);
    return {
      text: String.fromCodePoint(parseInt(code.slice(isHex ? 2 : 1), isHex ? 16 : 8)),
      length: code.length,
    };
  }
  const letter = sql.charAt(at + 1);
  return { text: escapeLetters[letter] ?? letter, length: 2 };
}

function readQuotedName(sql: string, start: number): Token {
  const body = matchAt(/"((?:[^"]|"")*)"?/y, sql, start) ?? '"';
  const text = body.replace(/^"|"$/g, '').replaceAll('""', '"');
  return { kind: 'quoted', text, start, end: start + body.length };
}

function readDollarQuoted(sql: string, start: number, tag: string): Token {
  const from = start + tag.length;
  const close = sql.indexOf(tag, from);
  const to = close === -1 ? sql.length : close;
  return { kind: 'string', text: sql.slice(from, to), start, end: Math.min(to + tag.length, sql.length) };
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  const sticky = pattern;
  sticky.lastIndex = at;
  return sticky.exec(text)?.[0] ?? null;
}
