/** How one element of an array is written, before it is quoted. */
export type WriteElement = (value: unknown) => string;

/**
 * PostgreSQL's array literal without the surrounding apostrophes: `{1,2}`, `{"a b",NULL}`.
 * Quotes stand where the server puts them on output, so that what it prints is equal at once.
 * postgresql.org/docs/current/arrays.html#ARRAYS-IO
 *
 * `depth` is the number of dimensions: lists further inside are elements (a point, a vector).
 */
export function writeArrayLiteral(
  values: readonly unknown[],
  writeElement: WriteElement = writePlainElement,
  depth = Number.POSITIVE_INFINITY,
): string {
  const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value) && depth > 1;
  const parts = values.map((value) => {
    if (isList(value)) return writeArrayLiteral(value, writeElement, depth - 1);
    return value === null || value === undefined ? 'NULL' : quoteElement(writeElement(value));
  });
  // An array of empty arrays has no element in any dimension: the server knows but one such array, and before 17 but one text.
  if (values.every(isList) && parts.every((part) => part === '{}')) return '{}';
  return `{${parts.join(',')}}`;
}

function quoteElement(text: string): string {
  const needsQuotes = text === '' || /^null$/i.test(text) || /[\s{}",\\]/.test(text);
  return needsQuotes ? `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"` : text;
}

function writePlainElement(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
