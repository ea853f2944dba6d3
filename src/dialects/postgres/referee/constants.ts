/**
 * Defaults that are made of literals and casts alone. Their value is always the same, so that two of them mean the same where
 * the server gets one value from both: `ARRAY['a']` and `'{a}'::text[]`.
 */
import { tokenize, type Token } from '../syntax/lexer.ts';

const constants = new Set(['array', 'null', 'true', 'false']);

/** Types whose values depend on nothing but the text, by all their names. */
const plainTypes = new Set(
  'smallint int2 integer int int4 bigint int8 numeric decimal real float4 float8 double precision boolean bool text varchar character varying uuid json jsonb'.split(
    ' ',
  ),
);

/**
 * `now` is a literal of these, and a date is read as the session is set up; what is longer than the type is cut off by a cast
 * to the last two, and refused by a default.
 */
const dependent = /^"?(?:date|time|timestamp|interval|abstime|reg|char\b|character(?! varying)|bit|\w*range)/;

/**
 * Arrays of these keep a cast to their precision beside the literal where the default was written without one, so that two texts
 * of one value are printed in two ways.
 */
const timeArray = /^(?:timestamp|time|interval)\b.*\[\]$/;

/** The type that both texts are cast to: a length would cut off what a default does not, and a precision only rounds. */
export function typeOfValue(type: string): string {
  return timeArray.test(type) ? type : type.replace(/\(\d+(?:,-?\d+)?\)/, '');
}

/** Whether the server may be asked for the value of a default of a column of this type. */
export function isConstant(text: string, type: string): boolean {
  if (dependent.test(type) && !timeArray.test(type)) return false;
  const own = new Set(tokenize(type).map((token) => token.text));
  const tokens = tokenize(text);
  // The precision of a time stands in parentheses, as arguments would.
  const mayBeCalled = !timeArray.test(type);
  return tokens.every((token, at) => isPlain(token, mayBeCalled ? tokens[at + 1] : undefined, own));
}

function isPlain({ kind, text }: Token, next: Token | undefined, own: ReadonlySet<string>): boolean {
  switch (kind) {
    case 'string':
    case 'number':
      return true;
    case 'operator':
      return text === '::' || text === '-' || text === '+';
    case 'punctuation':
      return /^[()[\],.]$/.test(text);
    case 'word':
    case 'quoted': {
      if (kind === 'word' && (constants.has(text) || plainTypes.has(text))) return true;
      // A function may have the name of a type.
      return own.has(text) && next?.text !== '(';
    }
  }
}
