/** Defaults in the one form that says what value a column gets: what its type says is not said again. */
import type { Expression } from '../../../catalog/objects.ts';
import { dropOuterParentheses, printTokens, simplifyTokens } from './canonical.ts';
import { tokenize, type Token } from './lexer.ts';
import { remember } from './memo.ts';
import { canonicaliseType } from './types.ts';

/** A default of a column of a type, with its canonical form. */
export function createDefault(text: string, type: string): Expression {
  return { text, canonical: canonicaliseDefault(text, type) };
}

const numericTypes = /^(?:smallint|integer|bigint|numeric|real|double precision)/;

/** The canonical form of a default of a type: what the column's type says is not said again. */
export const canonicaliseDefault: (text: string, type: string) => string = remember((text, type) => {
  let tokens = dropOuterParentheses(simplifyTokens(tokenize(text)));
  for (;;) {
    const value = dropCast(tokens, type);
    if (value === null) break;
    tokens = dropOuterParentheses(value);
  }
  return printValue(tokens, type);
});

function printValue(tokens: readonly Token[], type: string): string {
  const [first, second] = tokens;
  if (numericTypes.test(type)) {
    const text =
      tokens.length === 1 && (first?.kind === 'string' || first?.kind === 'number')
        ? first.text.trim()
        : tokens.length === 2 && first?.text === '-' && second?.kind === 'number'
          ? `-${second.text}`
          : null;
    const value = text === null ? null : canonicaliseNumber(text, type);
    if (value !== null) return value;
  }
  if (type === 'boolean' && tokens.length === 1 && first?.kind === 'string') {
    if (/^(?:t|true|y|yes|on|1)$/i.test(first.text.trim())) return 'true';
    if (/^(?:f|false|n|no|off|0)$/i.test(first.text.trim())) return 'false';
  }
  if (/^bit\b/.test(type) && tokens.length === 1 && first && /^b'[01]*'$/.test(first.text)) {
    return first.text.slice(1);
  }
  // ARRAY[] and '{}' are the two ways to write an empty array.
  if (type.endsWith('[]') && /^array \[ \]$/.test(printTokens(tokens))) return "'{}'";
  return printTokens(tokens);
}

/** One spelling for each number: no plus sign, no zeros that say nothing, no exponent where the type keeps all digits. */
function canonicaliseNumber(text: string, type: string): string | null {
  const found = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(text);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = found ?? [];
  if (!found || whole + fraction === '') return null;
  if (type === 'real' || type === 'double precision') return String(Number(text));
  const shift = Number(exponent);
  if (Math.abs(shift) > 1000) return null;
  const point = whole.length + shift;
  const digits = (whole + fraction)
    .padEnd(point, '0')
    .padStart((whole + fraction).length + Math.max(0, -point), '0');
  const at = Math.max(0, point);
  const integer = digits.slice(0, at).replace(/^0+(?=\d)/, '') || '0';
  const rest = digits.slice(at).replace(/0+$/, '');
  const value = rest === '' ? integer : `${integer}.${rest}`;
  return sign === '-' && value !== '0' ? `-${value}` : value;
}

/** The literal before `::type`, where the type is the column's own; null where there is no such cast. */
function dropCast(tokens: readonly Token[], type: string): readonly Token[] | null {
  const at = tokens.findLastIndex((token) => token.kind === 'operator' && token.text === '::');
  const literal = tokens[at - 1];
  if (at < 1 || !literal || !isLiteral(tokens.slice(0, at))) return null;
  // Without a length these two print under other names.
  const cast = canonicaliseType(printTokens(tokens.slice(at + 1)))
    .replace(/^bpchar/, 'character')
    .replace(/^"bit"/, 'bit');
  const isSame = cast === type || cast === withoutModifier(type);
  // 1e21 is numeric to the server before it is the column's.
  const isNumber = numericTypes.test(cast) && numericTypes.test(type);
  return isSame || isNumber ? tokens.slice(0, at) : null;
}

/** A constant, whose value in the column's type does not depend on how it gets there. */
function isLiteral(tokens: readonly Token[]): boolean {
  const [first] = dropOuterParentheses(tokens);
  const isEmptyArray = printTokens(tokens) === 'array [ ]';
  return (
    isEmptyArray ||
    (tokens.length === 1 && (first?.kind === 'string' || /^(?:null$|b')/.test(first?.text ?? '')))
  );
}

function withoutModifier(type: string): string {
  return type.replace(/\(\d+(?:,-?\d+)?\)/, '');
}
