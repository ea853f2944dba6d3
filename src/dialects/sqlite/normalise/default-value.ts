import { affinity } from '../syntax/affinity.ts';
import { canonicalDefault } from '../syntax/canonical.ts';
import { quoteString } from '../syntax/names.ts';

/**
 * The canonical form of a default in a column of that type. A constant is what the column makes of it: `'1'` and `1`
 * are one value in an INTEGER column, and in a TEXT column too. sqlite.org/datatype3.html#type_affinity
 */
export function canonicaliseDefault(text: string, type: string, strict: boolean): string {
  const canonical = canonicalDefault(text);
  const number = readNumber(canonical);
  const string = readString(canonical);
  if (number === null && string === null) return canonical;
  const towards = affinity(type, strict);
  if (towards === 'blob') return canonical;
  if (towards === 'text') return number !== null && number.length <= 15 ? quoteString(number) : canonical;
  return readAsNumber(number ?? string ?? '') ?? canonical;
}

function readNumber(canonical: string): string | null {
  return /^-?\s?\d+(?:\.\d+)?$/.test(canonical) ? canonical.replace(' ', '') : null;
}

function readString(canonical: string): string | null {
  return /^'(?:[^']|'')*'$/.test(canonical) ? canonical.slice(1, -1).replaceAll("''", "'") : null;
}

/** Null for what is no number, and for numbers beyond what a double tells apart. */
function readAsNumber(value: string): string | null {
  const trimmed = value.trim();
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(trimmed)) return null;
  const number = Number(trimmed);
  if (Math.abs(number) > Number.MAX_SAFE_INTEGER) return null;
  return String(number === 0 ? 0 : number);
}
