import { isVersionOne, readKinds, type DrizzleColumn } from '../../drizzle/entities.ts';
import { writeJson } from '../../drizzle/json.ts';
import { quoteText, renderBytes } from '../../drizzle/sql-text.ts';

/**
 * The text of a default given as a value, as the drizzle-kit of the column's version writes it after DEFAULT.
 * The two versions differ for dates, bytes, bigints and backslashes, and each one's database is right for its models.
 */
export function writeDefault(column: DrizzleColumn, value: unknown): string {
  return isVersionOne(column) ? writeDefaultV1(column, value) : writeDefaultV0(value);
}

function writeDefaultV0(value: unknown): string {
  if (typeof value === 'string') return quoteText(value);
  // Dates and buffers too: 0.x stores their JSON as a string.
  if (typeof value === 'object') return quoteText(writeJson(value));
  return String(value);
}

function writeDefaultV1(column: DrizzleColumn, value: unknown): string {
  if (readKinds(column).has('SQLiteTimestamp')) return writeTimestamp(column, value);
  switch (findFamily(column.getSQLType())) {
    case 'integer':
      return value instanceof Date ? writeTimestamp(column, value) : writeNumber(value);
    case 'numeric':
      return typeof value === 'string' ? quoteText(value) : writeNumber(value);
    case 'text':
      return typeof value === 'string'
        ? quoteText(value.replaceAll('\\', '\\\\'))
        : quoteText(writeJson(value));
    case 'blob':
      return writeBlob(value);
    case 'other':
      return String(value);
  }
}

function writeTimestamp(column: DrizzleColumn, value: unknown): string {
  if (!(value instanceof Date)) return writeNumber(value);
  const inSeconds = 'mode' in column && column.mode === 'timestamp';
  return (inSeconds ? value.getTime() / 1000 : value.getTime()).toFixed(0);
}

function writeNumber(value: unknown): string {
  return typeof value === 'bigint' ? quoteText(value.toString()) : String(value);
}

function writeBlob(value: unknown): string {
  if (typeof value === 'bigint') return quoteText(value.toString());
  if (value instanceof Uint8Array) return renderBytes(value, 'sqlite');
  return quoteText(typeof value === 'string' ? value : writeJson(value));
}

type Family = 'integer' | 'numeric' | 'text' | 'blob' | 'other';

const names: Readonly<Record<Exclude<Family, 'other' | 'blob'>, ReadonlySet<string>>> = {
  integer: new Set([
    'int',
    'integer',
    'tiniint',
    'smallint',
    'mediumint',
    'bigint',
    'unsigned big int',
    'int2',
    'int8',
  ]),
  numeric: new Set(['numeric', 'decimal', 'boolean', 'date', 'datetime']),
  text: new Set([
    'text',
    'character',
    'varchar',
    'varying character',
    'nchar',
    'native character',
    'nvarchar',
    'clob',
  ]),
};

/** Which of its writers drizzle-kit 1.0 picks for a type, by the type's name alone. */
function findFamily(type: string): Family {
  const lower = type.toLowerCase();
  const bare = lower.replace(/\(.*$/s, '');
  if (names.integer.has(lower)) return 'integer';
  if (names.numeric.has(lower) || ((bare === 'numeric' || bare === 'decimal') && bare !== lower))
    return 'numeric';
  if (names.text.has(bare)) return 'text';
  return lower.startsWith('blob') ? 'blob' : 'other';
}
