/** How one element of an array is written, before it is quoted. */
export type WriteElement = (value: unknown) => string;

/**
 * PostgreSQL's array literal without the surrounding apostrophes: `{1,2}`, `{"a b",NULL}`.
 * Quotes are put where the server would put them on output. postgresql.org/docs/current/arrays.html#ARRAYS-IO
 */
export function writeArrayLiteral(
  values: readonly unknown[],
  writeElement: WriteElement = writePlainElement,
): string {
  const parts = values.map((value) => {
    if (Array.isArray(value)) return writeArrayLiteral(value, writeElement);
    if (value === null || value === undefined) return 'NULL';
    return quoteElement(writeElement(value));
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
