import type { Name, QuoteStyle } from './ast.ts';
import { findKeyword } from './keywords.ts';

const upperCase = /[A-Z]/;

/** Lower case for ASCII letters only, which is how SQLite compares identifiers: `É` and `é` are two names. */
export function foldName(name: string): string {
  return upperCase.test(name) ? name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : name;
}

/** Whether two identifiers are one to SQLite. */
export function sameName(left: string, right: string): boolean {
  return left === right || (left.length === right.length && foldName(left) === foldName(right));
}

/** A name that was not read from a text, for trees made by hand. */
export function makeName(value: string): Name {
  return { value, quote: '', start: -1, end: -1 };
}

/** Whether the text can be written as an identifier without quotes: a plain ASCII word that is no keyword. */
export function isBareName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && findKeyword(name) === '';
}

/**
 * The identifier in quotes. Brackets cannot hold a `]`; such a name gets double quotes instead.
 * @param style double quotes unless said otherwise; Drizzle writes backticks
 */
export function quoteIdentifier(name: string, style: '"' | '`' | '[' = '"'): string {
  if (style === '[' && !name.includes(']')) return `[${name}]`;
  const quote = style === '`' ? '`' : '"';
  return quote + name.replaceAll(quote, quote + quote) + quote;
}

/** A string literal. */
export function quoteString(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/**
 * The identifier in the style of the place it goes to: bare where bare is possible and the old one was, otherwise
 * in the old one's quotes. A name written as a string (`'x'`) comes back in double quotes.
 */
export function quoteLike(name: string, style: QuoteStyle): string {
  if (style === '') return isBareName(name) ? name : quoteIdentifier(name);
  return quoteIdentifier(name, style === "'" ? '"' : style);
}
