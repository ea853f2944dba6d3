/** A literal for SQL text: standard_conforming_strings is on in every server drift talks to, and E'' covers the rest. */
export function quoteLiteral(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}

/** An identifier for SQL text, always in quotes: safe for reserved words and capitals. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A name with its namespace; without one for objects that have none. */
export function quoteAddress(address: { readonly namespace: string; readonly name: string }): string {
  return address.namespace === ''
    ? quoteName(address.name)
    : `${quoteName(address.namespace)}.${quoteName(address.name)}`;
}
