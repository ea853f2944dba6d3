import type { TypeName } from './ast.ts';
import { Cursor } from './cursor.ts';
import { parseTypeName } from './parse-type.ts';
import { SqliteSyntaxError } from './syntax-error.ts';

export type Affinity = 'integer' | 'text' | 'blob' | 'real' | 'numeric';

/**
 * The affinity of a declared type, by the rules of sqlite.org/datatype3.html §3.1, in their order.
 * @param type the type as declared; empty for a column without one
 * @param strict in a STRICT table ANY means "no conversion" instead of NUMERIC
 */
export function affinity(type: string, strict = false): Affinity {
  const text = upper(type.trim());
  if (strict && text === 'ANY') return 'blob';
  if (text.includes('INT')) return 'integer';
  if (text.includes('CHAR') || text.includes('CLOB') || text.includes('TEXT')) return 'text';
  if (text.includes('BLOB') || text === '') return 'blob';
  if (text.includes('REAL') || text.includes('FLOA') || text.includes('DOUB')) return 'real';
  return 'numeric';
}

/**
 * One spelling for a declared type: upper case, one space between words, none inside the parentheses, no comments
 * and no quotes. `varchar ( 255 )` is `VARCHAR(255)`. Empty for no type.
 */
export function canonicalType(type: string | TypeName | undefined): string {
  if (type === undefined) return '';
  if (typeof type === 'string') return canonicalTypeText(type);
  const args = type.args.length === 0 ? '' : `(${type.args.join(',')})`;
  return upper(type.name) + args;
}

function canonicalTypeText(text: string): string {
  try {
    const cursor = new Cursor(text);
    const type = parseTypeName(cursor);
    if (cursor.atEnd()) return canonicalType(type);
  } catch (error) {
    if (!(error instanceof SqliteSyntaxError)) throw error;
  }
  // What a pragma reports can be any text, as a type may be quoted: "my type, 1".
  return upper(text.trim().replace(/\s+/g, ' '));
}

function upper(text: string): string {
  return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}
