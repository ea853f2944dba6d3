/**
 * The text of an `sql` tree, with every parameter written out as a literal, as a stored definition needs it.
 * The order in which a chunk is recognised is the one of drizzle-orm's own builder.
 */
import type { DialectName } from '../../catalog/schema.ts';
import { nameColumn, type Casing } from './casing.ts';
import {
  isAliasOfTable,
  isRecord,
  readKinds,
  tableName,
  tableSchema,
  viewConfig,
  type DrizzleColumn,
  type DrizzleTable,
  type DrizzleView,
} from './entities.ts';
import { writeArrayLiteral } from './array-literal.ts';

export interface SqlStyle {
  readonly dialect: DialectName;
  readonly casing: Casing;
  /** Whether a column is written with its table: `"users"."age"` or `"age"`. */
  readonly columns: 'qualified' | 'bare';
  /**
   * How objects among the parameters are written. `drizzle`: by `toString()`, as drizzle-orm writes them into views.
   * `engine`: so that the engine reads them as what they are.
   */
  readonly objects: 'drizzle' | 'engine';
}

/** A part of a model that has no text, with the reason in words. */
export class UnrenderableSql extends Error {}

/** True for what `sql` makes and for anything that carries such a tree. */
export function isSql(value: unknown): boolean {
  return readKinds(value).has('SQL');
}

/** @throws UnrenderableSql for placeholders and for values that have no literal */
export function renderSql(value: unknown, style: SqlStyle): string {
  return renderChunk(value, style);
}

/** An identifier in double quotes. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A string literal. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function renderChunks(chunks: readonly unknown[], style: SqlStyle): string {
  let text = '';
  for (const chunk of chunks) text += renderChunk(chunk, style);
  return text;
}

function renderChunk(chunk: unknown, style: SqlStyle): string {
  if (chunk === undefined) return '';
  if (Array.isArray(chunk)) return `(${chunk.map((part) => renderChunk(part, style)).join(', ')})`;
  if (typeof chunk === 'function') return renderEnumName(chunk);
  if (!isRecord(chunk)) return renderLiteral(chunk, style);
  const render = findRenderer(readKinds(chunk));
  if (render) return render(chunk, style);
  if (typeof chunk['getSQL'] === 'function') return renderWrapper(chunk, style);
  return renderLiteral(chunk, style);
}

type Entity = Readonly<Record<PropertyKey, unknown>>;
type Renderer = (chunk: Entity, style: SqlStyle) => string;

/** One renderer for each class of chunk; the first brand that fits counts. */
const renderers: readonly (readonly [string, Renderer])[] = [
  ['StringChunk', (chunk) => renderText(chunk['value'])],
  ['Name', (chunk) => quoteName(String(chunk['value']))],
  ['SQL', (chunk, style) => renderChunks(chunk['queryChunks'] as readonly unknown[], style)],
  ['Table', (chunk) => renderTable(chunk as unknown as DrizzleTable)],
  ['Column', (chunk, style) => renderColumn(chunk as unknown as DrizzleColumn, style)],
  ['View', (chunk) => renderView(chunk as unknown as DrizzleView)],
  ['Param', renderParam],
  ['Placeholder', refusePlaceholder],
  ['SQL.Aliased', renderAliased],
  ['Subquery', renderSubquery],
];

/** Text as it is: a list of pieces in 0.x, a string in 1.0. */
function renderText(value: unknown): string {
  return Array.isArray(value) ? value.join('') : String(value);
}

/** Objects of one class share their set of brands, which is looked through once. */
const rendererByKinds = new WeakMap<ReadonlySet<string>, Renderer>();

function findRenderer(kinds: ReadonlySet<string>): Renderer | undefined {
  const known = rendererByKinds.get(kinds);
  if (known) return known;
  const found = renderers.find(([kind]) => kinds.has(kind))?.[1];
  if (found) rendererByKinds.set(kinds, found);
  return found;
}

/** A `pgEnum` is a function; it stands for its type's name. */
function renderEnumName(chunk: object): string {
  const name: unknown = Reflect.get(chunk, 'enumName');
  const schema: unknown = Reflect.get(chunk, 'schema');
  if (typeof name !== 'string') throw new UnrenderableSql('a function stands where SQL is expected');
  return typeof schema === 'string' ? `${quoteName(schema)}.${quoteName(name)}` : quoteName(name);
}

function renderTable(table: DrizzleTable): string {
  const schema = table[tableSchema];
  const name = quoteName(table[tableName]);
  return schema === undefined || table[isAliasOfTable] === true ? name : `${quoteName(schema)}.${name}`;
}

function renderColumn(column: DrizzleColumn, style: SqlStyle): string {
  const name = quoteName(nameColumn(column, style.casing));
  if (style.columns === 'bare' || column.isAlias === true) return name;
  return `${renderTable(column.table)}.${name}`;
}

function renderView(view: DrizzleView): string {
  const { name, schema, isAlias } = view[viewConfig];
  return schema === undefined || isAlias === true
    ? quoteName(name)
    : `${quoteName(schema)}.${quoteName(name)}`;
}

function renderParam(chunk: Entity, style: SqlStyle): string {
  const value = chunk['value'];
  const kinds = readKinds(value);
  if (kinds.has('Placeholder')) return refusePlaceholder(value as Entity);
  if (kinds.has('SQL')) return renderChunk(value, style);
  const encoder = chunk['encoder'];
  if (value === null || !isRecord(encoder)) return renderLiteral(value, style);
  const encode = encoder['mapToDriverValue'];
  const encoded: unknown = typeof encode === 'function' ? encode.call(encoder, value) : value;
  return isSql(encoded) ? renderChunk(encoded, style) : renderLiteral(encoded, style);
}

function refusePlaceholder(chunk: Entity): string {
  throw new UnrenderableSql(
    `it has a placeholder ('${String(chunk['name'])}'), and a definition stored in the database cannot take parameters`,
  );
}

function renderAliased(chunk: Entity, style: SqlStyle): string {
  const { fieldAlias, origin } = chunk;
  if (typeof fieldAlias !== 'string') return `(${renderChunk(chunk['sql'], style)})`;
  // 1.0 notes the subquery that the field was selected from.
  return typeof origin === 'string' ? `${quoteName(origin)}.${quoteName(fieldAlias)}` : quoteName(fieldAlias);
}

function renderSubquery(chunk: Entity, style: SqlStyle): string {
  const config = chunk['_'] as {
    readonly sql: unknown;
    readonly alias: string;
    readonly isWith?: boolean;
  };
  if (config.isWith === true) return quoteName(config.alias);
  return `(${renderChunk(config.sql, style)}) ${quoteName(config.alias)}`;
}

/** Anything else that can give its SQL, such as a query: it stands in parentheses unless it says otherwise. */
function renderWrapper(chunk: Entity, style: SqlStyle): string {
  const getSql = chunk['getSQL'] as (this: unknown) => unknown;
  const text = renderChunk(getSql.call(chunk), style);
  const omit = chunk['shouldOmitSQLParens'];
  return typeof omit === 'function' && omit.call(chunk) === true ? text : `(${text})`;
}

function renderLiteral(value: unknown, style: SqlStyle): string {
  if (typeof value === 'string') return quoteText(value);
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return String(value);
  if (value === null) return 'null';
  if (typeof value === 'object') return renderObjectLiteral(value, style);
  throw new UnrenderableSql(`it has a value of type ${typeof value}, for which there is no literal`);
}

function renderObjectLiteral(value: object, style: SqlStyle): string {
  if (Array.isArray(value)) return quoteText(writeArrayLiteral(value));
  if (style.objects === 'engine') {
    if (value instanceof Date) return quoteText(value.toISOString());
    if (value instanceof Uint8Array) return renderBytes(value, style.dialect);
  }
  const text = String(value);
  return quoteText(text === '[object Object]' ? JSON.stringify(value) : text);
}

/** Bytes in the engine's own notation. */
export function renderBytes(bytes: Uint8Array, dialect: DialectName): string {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
  return dialect === 'sqlite' ? `X'${hex.toUpperCase()}'` : `'\\x${hex}'`;
}
