import type { Cursor } from './cursor.ts';
import type { Expression, OrderingTerm, Select } from './query-ast.ts';

/**
 * The parts of the query grammar, tied together once in parse-query.ts, since each of them contains the others:
 * so no two of their files import each other.
 */
export interface QueryParser {
  readonly cursor: Cursor;
  /** An expression whose operators all bind at least as strongly as `least` (see `STRENGTH`). */
  expression(least?: number): Expression;
  orderingTerms(): OrderingTerm[];
  select(): Select;
}

/** Binding strengths, weakest first, after the %left and %right lines of SQLite's parse.y. */
export const STRENGTH = {
  or: 1,
  and: 2,
  not: 3,
  equality: 4,
  comparison: 5,
  escape: 6,
  bits: 7,
  sum: 8,
  product: 9,
  concat: 10,
  collate: 11,
  sign: 12,
  primary: 13,
} as const;

/** Whether a SELECT, VALUES or WITH comes next. */
export function startsSelect(cursor: Cursor): boolean {
  return cursor.isKeyword('SELECT') || cursor.isKeyword('VALUES') || cursor.isKeyword('WITH');
}
