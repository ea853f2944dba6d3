import type { Affinity } from './syntax/affinity.ts';

/**
 * A condition for values that will not be the same in a column of another affinity; null where all of them will.
 * sqlite.org/datatype3.html#type_conversions_prior_to_comparison: text is turned into a number where it looks like
 * one ('007' becomes 7), and stays text where it does not.
 * @param value the column, quoted
 */
export function findChangedValues(value: string, from: Affinity, to: Affinity): string | null {
  if (from === to) return null;
  const text = `typeof(${value}) = 'text'`;
  // BINARY: under the column's own collation texts could be equal that are not.
  const changed = `CAST(CAST(${value} AS NUMERIC) AS TEXT) COLLATE BINARY IS NOT ${value}`;
  switch (to) {
    case 'integer':
    case 'numeric':
      return from === 'integer' || from === 'numeric' || from === 'real' ? null : `${text} AND ${changed}`;
    case 'real':
      return [
        `(${text} AND (${changed} OR CAST(${value} AS REAL) <> CAST(${value} AS NUMERIC)))`,
        `(typeof(${value}) = 'integer' AND CAST(CAST(${value} AS REAL) AS INTEGER) IS NOT ${value})`,
      ].join(' OR ');
    case 'text':
      return `typeof(${value}) = 'real' AND CAST(CAST(${value} AS TEXT) AS REAL) IS NOT ${value}`;
    case 'blob':
      return null;
  }
}
