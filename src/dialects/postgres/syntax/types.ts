/** Names of types in the one spelling that the server prints. */
import { printName, printTokens, simplifyTokens } from './canonical.ts';
import { tokenize, type Token } from './lexer.ts';
import { remember } from './memo.ts';

const longNames: Readonly<Record<string, string>> = {
  bool: 'boolean',
  int: 'integer',
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  float4: 'real',
  float8: 'double precision',
  decimal: 'numeric',
  dec: 'numeric',
  varchar: 'character varying',
  char: 'character',
  bpchar: 'character',
  varbit: 'bit varying',
  timestamptz: 'timestamp with time zone',
  timetz: 'time with time zone',
};

/**
 * The type as `format_type` prints it, where that can be said without a server: aliases, implied precision, arrays, schemas
 * that everybody sees. Names of a person's own types are kept.
 */
export const canonicaliseType: (text: string) => string = remember((text) => {
  const tokens = simplifyTokens(tokenize(text));
  const { base, dimensions } = splitArray(tokens);
  return `${printBase(base)}${'[]'.repeat(dimensions > 0 ? 1 : 0)}`;
});

/** `integer ARRAY`, `integer[3][3]` and `integer[]` are one type: the server keeps neither sizes nor dimensions. */
function splitArray(tokens: readonly Token[]): {
  readonly base: readonly Token[];
  readonly dimensions: number;
} {
  let base = [...tokens];
  let dimensions = 0;
  for (;;) {
    const open = base.findLastIndex((token) => token.text === '[' && token.kind === 'punctuation');
    if (base.at(-1)?.text === ']' && open > 0) {
      base = base.slice(0, open);
      dimensions++;
    } else if (base.at(-1)?.kind === 'word' && base.at(-1)?.text === 'array' && base.length > 1) {
      base = base.slice(0, -1);
      dimensions++;
    } else return { base, dimensions };
  }
}

function printBase(tokens: readonly Token[]): string {
  const words = tokens.filter((token) => token.kind === 'word').map((token) => token.text);
  const first = tokens[0];
  if (!first) return '';
  if (first.kind !== 'word' || tokens[1]?.text === '.') return printOwnType(tokens);
  const precision = readPrecision(tokens);
  const long = longNames[first.text] ?? first.text;
  switch (first.text === 'national' ? 'character' : long) {
    case 'character':
      if (words.includes('varying') || first.text === 'varchar') return `character varying${precision}`;
      // bpchar without a length has no limit and prints as bpchar; char is char(1).
      if (first.text === 'bpchar') return precision === '' ? 'bpchar' : `character${precision}`;
      return `character${precision === '' ? '(1)' : precision}`;
    case 'character varying':
      return `character varying${precision}`;
    case 'bit':
      if (words.includes('varying')) return `bit varying${precision}`;
      return `bit${precision === '' ? '(1)' : precision}`;
    case 'bit varying':
      return `bit varying${precision}`;
    case 'numeric':
      return `numeric${/^\(-?\d+\)$/.test(precision) ? precision.replace(')', ',0)') : precision}`;
    case 'float':
      return precision === '' || Number(precision.slice(1, -1)) > 24 ? 'double precision' : 'real';
    case 'timestamp':
    case 'time':
    case 'timestamp with time zone':
    case 'time with time zone':
      return printTime(long, words, precision);
    case 'interval':
      return `interval${words.slice(1).length > 0 ? ` ${words.slice(1).join(' ')}` : ''}${precision}`;
  }
  if (long.includes(' ')) return long;
  if (first.text === 'double') return 'double precision';
  return tokens.length === 1 ? long : printOwnType(tokens);
}

function printTime(long: string, words: readonly string[], precision: string): string {
  const base = long.startsWith('timestamp') ? 'timestamp' : 'time';
  const zoned = long.includes(' with ') || words.includes('with');
  return `${base}${precision} ${zoned ? 'with' : 'without'} time zone`;
}

function readPrecision(tokens: readonly Token[]): string {
  const open = tokens.findIndex((token) => token.text === '(');
  const close = tokens.findIndex((token) => token.text === ')');
  if (open === -1 || close < open) return '';
  return `(${tokens
    .slice(open + 1, close)
    .map((token) => token.text)
    .join('')})`;
}

/** `vector(3)`, `shop.mood`: printed without the spaces that tokens get. */
function printOwnType(tokens: readonly Token[]): string {
  return tokens
    .map((token) => (token.kind === 'quoted' ? printName(token.text) : printTokens([token])))
    .join('')
    .replace(/(?<=\w)(?=with(?:out)? )/g, ' ');
}
