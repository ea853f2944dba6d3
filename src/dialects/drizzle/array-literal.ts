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
  const parts = values.map((value) => {
    if (Array.isArray(value) && depth > 1) return writeArrayLiteral(value, writeElement, depth - 1);
    return value === null || value === undefined ? 'NULL' : quoteElement(writeElement(value));
  });
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
