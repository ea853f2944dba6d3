/** Names as a PostgreSQL server keeps them, and those that it and drizzle-kit 1.0 make up. */

/** NAMEDATALEN - 1: what is longer is cut off by the server without a word. */
const longest = 63;

/** Cuts a name to 63 bytes of UTF-8, between characters, as the server does. */
export function truncateName(name: string): string {
  return isShort(name) ? name : clip(name, longest);
}

/** A letter has at most three bytes to the unit of UTF-16: most names need no count. */
function isShort(name: string): boolean {
  return name.length * 3 <= longest || Buffer.byteLength(name) <= longest;
}

function clip(name: string, bytes: number): string {
  let kept = '';
  let length = 0;
  for (const character of name) {
    length += Buffer.byteLength(character);
    if (length > bytes) break;
    kept += character;
  }
  return kept;
}

/**
 * The name the server makes up for an unnamed constraint or sequence: `table_column_label`, where the longer of table
 * and column is shortened until it fits. src/backend/commands/indexcmds.c, makeObjectName
 */
export function makeServerName(table: string, column: string | null, label: string): string {
  const name = column === null ? `${table}_${label}` : `${table}_${column}_${label}`;
  if (isShort(name)) return name;
  const parts = [truncateName(table), ...(column === null ? [] : [truncateName(column)])];
  const lengths = parts.map((part) => Buffer.byteLength(part));
  const room = longest - Buffer.byteLength(label) - parts.length;
  while (lengths.reduce((sum, length) => sum + length, 0) > room) {
    const [first = 0, second = 0] = lengths;
    lengths[first > second ? 0 : 1] = Math.max(first, second) - 1;
  }
  return [...parts.map((part, index) => clip(part, lengths[index] ?? 0)), label].join('_');
}

/** What drizzle-kit 1.0 calls an unnamed foreign key: above 63 letters it puts a hash in place of the columns. */
export function nameForeignKeyV1(
  table: string,
  columns: readonly string[],
  foreignTable: string,
  foreignColumns: readonly string[],
): string {
  const name = [table, ...columns, foreignTable, ...foreignColumns, 'fkey'].join('_');
  if (name.length <= longest) return name;
  return table.length < 45 ? `${table}_${hashName(name)}_fkey` : `${hashName(name)}_fkey`;
}

const digits = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const hashLength = 12;

/** drizzle-kit's hash of a name: a polynomial in 53 over the code points, as twelve digits of base 62. */
function hashName(name: string): string {
  const base = BigInt(digits.length);
  const modulus = base ** BigInt(hashLength);
  let sum = 0n;
  let power = 1n;
  for (const character of name) {
    sum = (sum + BigInt(character.codePointAt(0) ?? 0) * power) % modulus;
    power = (power * 53n) % modulus;
  }
  let text = '';
  for (let place = 0; place < hashLength; place += 1) {
    text = digits.charAt(Number(sum % base)) + text;
    sum /= base;
  }
  return text;
}

/** Keywords that format_type and quote_ident put in quotes. postgresql.org/docs/current/sql-keywords-appendix.html */
const keywords: ReadonlySet<string> = new Set(
  `all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast
  char character check coalesce collate collation column concurrently constraint create cross current_catalog
  current_date current_role current_schema current_time current_timestamp current_user dec decimal default deferrable
  desc distinct do else end except exists extract false fetch float for foreign freeze from full grant greatest group
  grouping having ilike in initially inner inout int integer intersect interval into is isnull join lateral leading
  least left like limit localtime localtimestamp national natural nchar none normalize not notnull null nullif numeric
  offset on only or order out outer overlaps overlay placing position precision primary real references returning
  right row select session_user setof similar smallint some substring symmetric system_user table tablesample then time
  timestamp to trailing treat trim true union unique user using values varchar variadic verbose when where window with
  xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable`.split(
    /\s+/,
  ),
);

/** A name the way the server's quote_ident() prints it: in quotes only where it needs them. */
export function quoteWhereNeeded(name: string): string {
  const plain = /^[a-z_][a-z0-9_]*$/.test(name) && !keywords.has(name);
  return plain ? name : `"${name.replaceAll('"', '""')}"`;
}

/** A name with its schema, which is left out where everybody starts. */
export function qualifyName(schema: string | undefined, name: string): string {
  const own = quoteWhereNeeded(truncateName(name));
  const shown = schema !== undefined && schema !== 'public' && schema !== 'pg_catalog';
  return shown ? `${quoteWhereNeeded(schema)}.${own}` : own;
}
