/**
 * Defaults given as values, as the drizzle-kit of the column's version writes them after DEFAULT. Where it writes
 * something that no server accepts (0.x for vectors, points and bytes), the literal is the one that is meant.
 */
import { writeArrayLiteral } from '../../drizzle/array-literal.ts';
import { readKinds, type DrizzleColumn } from '../../drizzle/entities.ts';
import { writeJson } from '../../drizzle/json.ts';
import { quoteText, renderBytes } from '../../drizzle/sql-text.ts';
import type { TableContext } from '../../drizzle/table-parts.ts';
import { describeType, isEnumColumn, unwrapArray } from './column-type.ts';

export function writeDefault(context: TableContext, column: DrizzleColumn, value: unknown): string {
  // 0.x asks for no type where the value is text.
  if (typeof value === 'string' && !context.one) return quoteText(value);
  const { element, dimensions } = unwrapArray(column);
  const whole = describeType(context, column);
  const type = whole.replace(/\[\]$/, '');
  if (Array.isArray(value) && whole.endsWith('[]')) {
    return writeArray(context, element, type, value, dimensions || Number.POSITIVE_INFINITY);
  }
  return context.one ? writeScalarV1(element, type, value) : writeScalarV0(element, type, value);
}

function writeArray(
  context: TableContext,
  element: DrizzleColumn,
  type: string,
  values: readonly unknown[],
  depth: number,
): string {
  if (type.startsWith('geometry') && values.flat(Number.POSITIVE_INFINITY).length > 0) {
    // Its elements are separated by colons in a literal, which drizzle-kit avoids.
    const points = values.map((value) => writeShape(element, value) ?? 'NULL');
    return `ARRAY[${points.join(',')}]`;
  }
  const write = (value: unknown): string =>
    context.one ? writeElementV1(element, type, value) : writeElementV0(element, type, value);
  return quoteText(writeArrayLiteral(context.one ? values : spellNulls(values), write, depth));
}

/** 0.x writes null inside an array as the text `null`. */
function spellNulls(values: readonly unknown[]): readonly unknown[] {
  return values.map((value) => {
    if (Array.isArray(value)) return spellNulls(value);
    return value === null ? 'null' : value;
  });
}

// 0.x

function writeScalarV0(column: DrizzleColumn, type: string, value: unknown): string {
  if (isJson(type)) return `${quoteText(writeJson(value))}::${type}`;
  if (value instanceof Date) return quoteText(writeDateV0(column, value));
  return writeShape(column, value) ?? String(value);
}

/** Only plain `date` and `timestamp` get their own form; with a precision or a zone a date is in ISO form. */
function writeDateV0(column: DrizzleColumn, value: Date): string {
  switch (column.getSQLType().toLowerCase()) {
    case 'date':
      return writeDay(value);
    case 'timestamp':
      return writeInstant(value).slice(0, 23);
    default:
      return value.toISOString();
  }
}

function writeElementV0(column: DrizzleColumn, type: string, value: unknown): string {
  if (value instanceof Date) return writeDateV0(column, value);
  // It quotes without escaping, so that the server takes a backslash away.
  if (typeof value === 'string') return value.replace(/\\(.?)/gs, '$1');
  const shape = writeShape(column, value);
  if (shape !== null) return shape.slice(1, -1);
  return typeof value === 'object' || isJson(type) ? writeJson(value) : String(value);
}

// 1.0

function writeScalarV1(column: DrizzleColumn, type: string, value: unknown): string {
  const shape = writeShape(column, value);
  if (shape !== null) return shape;
  if (isJson(type)) return quoteText(writeJson(value));
  if (/^(?:smallint|integer|bigint|real|double precision|boolean)$/.test(type)) return String(value);
  if (isText(column, type)) {
    const text = String(value);
    // For text, but not for enums, backslashes are doubled.
    return isEnumColumn(column)
      ? text === ''
        ? ''
        : quoteText(text)
      : quoteText(text.replaceAll('\\', '\\\\'));
  }
  const text = writeElementV1(column, type, value);
  return isKnownToV1(type) ? quoteText(text) : String(value);
}

function writeElementV1(column: DrizzleColumn, type: string, value: unknown): string {
  const shape = writeShape(column, value);
  if (shape !== null) return shape.slice(1, -1).replaceAll("''", "'");
  if (isJson(type)) return writeJson(value);
  if (value instanceof Date) return writeDateV1(type, value);
  if (type.endsWith('with time zone') && typeof value === 'string') return addZone(value);
  if (type === 'boolean') return value === true ? 't' : 'f';
  return String(value);
}

function writeDateV1(type: string, value: Date): string {
  if (type === 'date') return writeDay(value);
  return type.endsWith('with time zone')
    ? writeInstant(value).replace('Z', '+00')
    : writeInstant(value).slice(0, 23);
}

/** 1.0 puts a zone behind a time that has none. */
function addZone(text: string): string {
  return /(?:[+-]\d{2}(?::\d{2})?|Z)$/i.test(text) ? text : `${text}+00`;
}

/** Types whose values 1.0 puts between apostrophes; of others it takes the value for SQL. */
function isKnownToV1(type: string): boolean {
  return /^(?:numeric|time|timestamp|date|uuid|interval|inet|cidr|macaddr|vector|halfvec|sparsevec|bit\()/.test(
    type,
  );
}

// Both

function writeDay(value: Date): string {
  return value.toISOString().slice(0, 10);
}

function writeInstant(value: Date): string {
  return value.toISOString().replace('T', ' ');
}

function isJson(type: string): boolean {
  return type === 'json' || type === 'jsonb';
}

function isText(column: DrizzleColumn, type: string): boolean {
  return isEnumColumn(column) || /^(?:text$|character|bpchar)/.test(type);
}

type Fields = Readonly<Record<string, unknown>>;

/** The literal of a value with structure: a point, a line, a vector, bytes; null for anything else. */
function writeShape(column: DrizzleColumn, value: unknown): string | null {
  if (value instanceof Uint8Array) return renderBytes(value, 'postgres');
  if (typeof value !== 'object' || value === null) return null;
  const kinds = readKinds(column);
  const numbers = Array.isArray(value) ? value : Object.values(pickFields(value as Fields));
  const list = numbers.map(String);
  if (kinds.has('PgPointTuple') || kinds.has('PgPointObject')) return `'(${list.join(',')})'`;
  if (kinds.has('PgLine') || kinds.has('PgLineABC')) return `'{${list.join(',')}}'`;
  if (kinds.has('PgGeometry') || kinds.has('PgGeometryObject')) {
    const srid = 'srid' in column && column.srid ? `SRID=${String(column.srid)};` : '';
    return `'${srid}POINT(${list.join(' ')})'`;
  }
  if (Array.isArray(value) && /^(?:vector|halfvec)\b/.test(column.getSQLType()))
    return `'[${list.join(',')}]'`;
  return null;
}

/** The coordinates in their order, however the object was written. */
function pickFields(value: Fields): Fields {
  const names = 'a' in value ? ['a', 'b', 'c'] : ['x', 'y'];
  return Object.fromEntries(names.map((name) => [name, value[name]]));
}
