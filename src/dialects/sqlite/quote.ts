import { quoteIdentifier } from './syntax/names.ts';

/** A piece of SQL that is already put together and goes into a text as it is. */
export interface Raw {
  readonly sql: string;
}

export function raw(sql: string): Raw {
  return { sql };
}

/** An identifier in the quotes that Drizzle writes. */
export function quote(name: string): string {
  return quoteIdentifier(name, '`');
}

/** Puts SQL together: what is given as text is an identifier and gets its quotes, `raw` goes in as it is. */
export function sql(
  strings: TemplateStringsArray,
  ...values: readonly (string | readonly string[] | Raw)[]
): string {
  return strings.reduce((text, string, index) => text + write(values[index - 1]) + string);
}

function write(value: string | readonly string[] | Raw | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return quote(value);
  return 'sql' in value ? value.sql : value.map(quote).join(', ');
}
