/**
 * What can be normalised without asking anybody: canonical tokens in place of texts, the engine's own defaults spelled
 * out, names of types as the server prints them.
 */
import { compareText } from '../../catalog/address.ts';
import { noValue } from '../../catalog/no-value.ts';
import type {
  CatalogObject,
  Column,
  ColumnValue,
  Expression,
  Index,
  IndexPart,
  MaterializedView,
  Policy,
  PrimaryKey,
  Table,
  Unique,
  View,
} from '../../catalog/objects.ts';
import { canonicalise, dropOuterParentheses, printTokens, simplifyTokens } from './syntax/canonical.ts';
import { tokenize, type Token } from './syntax/lexer.ts';
import { remember } from './syntax/memo.ts';
import { canonicaliseType } from './syntax/types.ts';

/** Brings one object to its settled form; settling twice changes nothing. */
export function settleObject(object: CatalogObject): CatalogObject {
  switch (object.kind) {
    case 'table':
      return settleTable(object);
    case 'column':
      return settleColumn(object);
    case 'primaryKey':
    case 'unique':
      return settleKey(object);
    case 'check':
      return { ...object, expression: settleCondition(object.expression, object.address.table) };
    case 'exclusion':
      return { ...object, definition: settleCondition(object.definition, object.address.table) };
    case 'index':
      return settleIndex(object);
    case 'view':
    case 'materializedView':
      return settleView(object);
    case 'policy':
      return settlePolicy(object);
    case 'sequence':
      return { ...object, type: canonicaliseType(object.type) };
    case 'trigger':
      return { ...object, definition: settleText(object.definition), enabled: object.enabled ?? 'origin' };
    default:
      return object;
  }
}

function settleTable(table: Table): Table {
  const { replicaIdentity, accessMethod, tablespace, storage, ...rest } = table;
  return {
    ...rest,
    ...(replicaIdentity === undefined || replicaIdentity === 'default' ? {} : { replicaIdentity }),
    accessMethod: accessMethod === 'heap' ? null : (accessMethod ?? null),
    tablespace: tablespace === 'pg_default' ? null : (tablespace ?? null),
    storage: settleOptions(storage),
  };
}

/** Storage parameters as the server keeps them but for booleans, which it keeps as they were written. */
export function settleOptions(
  options: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(options ?? {}).map(([name, value]) => [name.toLowerCase(), settleBoolean(value)]),
  );
}

function settleBoolean(value: string): string {
  if (/^(?:on|yes|true)$/i.test(value)) return 'true';
  return /^(?:off|no|false)$/i.test(value) ? 'false' : value;
}

function settleColumn(column: Column): Column {
  const type = canonicaliseType(column.type);
  const collation = settleName(column.collation);
  const value = settleValue(column.value, type, column.address.table);
  if (type === column.type && collation === column.collation && value === column.value) return column;
  return { ...column, type, collation, value };
}

/** A collation or operator class: the schemas that everybody sees are left out. */
function settleName(name: string | null): string | null {
  if (name === null) return null;
  const canonical = canonicalise(name).replace(/ ([.,()=]) ?/g, '$1');
  return canonical === 'default' || canonical === '"default"' ? null : canonical;
}

function settleValue(value: ColumnValue, type: string, table: string | undefined): ColumnValue {
  if (value.kind === 'generated') {
    return { ...value, expression: settleCondition(value.expression, table) };
  }
  if (value.kind !== 'default') return value;
  const canonical = canonicaliseDefault(value.expression.text, type);
  // The server keeps nothing for DEFAULT NULL, but something for NULL::varchar(3).
  if (canonical === 'null') return noValue;
  if (canonical === value.expression.canonical) return value;
  return { kind: 'default', expression: { text: value.expression.text, canonical } };
}

const numericTypes = /^(?:smallint|integer|bigint|numeric|real|double precision)/;

/** The canonical form of a default of a type: what the column's type says is not said again. */
export const canonicaliseDefault: (text: string, type: string) => string = remember((text, type) => {
  let tokens = dropOuterParentheses(simplifyTokens(tokenize(text)));
  for (;;) {
    const value = dropCast(tokens, type);
    if (value === null) break;
    tokens = dropOuterParentheses(value);
  }
  return printValue(tokens, type);
});

function printValue(tokens: readonly Token[], type: string): string {
  const [first, second] = tokens;
  if (numericTypes.test(type)) {
    const text =
      tokens.length === 1 && (first?.kind === 'string' || first?.kind === 'number')
        ? first.text.trim()
        : tokens.length === 2 && first?.text === '-' && second?.kind === 'number'
          ? `-${second.text}`
          : null;
    const value = text === null ? null : canonicaliseNumber(text, type);
    if (value !== null) return value;
  }
  if (type === 'boolean' && tokens.length === 1 && first?.kind === 'string') {
    if (/^(?:t|true|y|yes|on|1)$/i.test(first.text.trim())) return 'true';
    if (/^(?:f|false|n|no|off|0)$/i.test(first.text.trim())) return 'false';
  }
  if (/^bit\b/.test(type) && tokens.length === 1 && first && /^b'[01]*'$/.test(first.text)) {
    return first.text.slice(1);
  }
  // ARRAY[] and '{}' are the two ways to write an empty array.
  if (type.endsWith('[]') && /^array \[ \]$/.test(printTokens(tokens))) return "'{}'";
  return printTokens(tokens);
}

/** One spelling for each number: no plus sign, no zeros that say nothing, no exponent where the type keeps all digits. */
function canonicaliseNumber(text: string, type: string): string | null {
  const found = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(text);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = found ?? [];
  if (!found || whole + fraction === '') return null;
  if (type === 'real' || type === 'double precision') return String(Number(text));
  const shift = Number(exponent);
  if (Math.abs(shift) > 1000) return null;
  const point = whole.length + shift;
  const digits = (whole + fraction)
    .padEnd(point, '0')
    .padStart((whole + fraction).length + Math.max(0, -point), '0');
  const at = Math.max(0, point);
  const integer = digits.slice(0, at).replace(/^0+(?=\d)/, '') || '0';
  const rest = digits.slice(at).replace(/0+$/, '');
  const value = rest === '' ? integer : `${integer}.${rest}`;
  return sign === '-' && value !== '0' ? `-${value}` : value;
}

/** The literal before `::type`, where the type is the column's own; null where there is no such cast. */
function dropCast(tokens: readonly Token[], type: string): readonly Token[] | null {
  const at = tokens.findLastIndex((token) => token.kind === 'operator' && token.text === '::');
  const literal = tokens[at - 1];
  if (at < 1 || !literal || !isLiteral(tokens.slice(0, at))) return null;
  // Without a length these two print under other names.
  const cast = canonicaliseType(printTokens(tokens.slice(at + 1)))
    .replace(/^bpchar/, 'character')
    .replace(/^"bit"/, 'bit');
  const isSame = cast === type || cast === withoutModifier(type);
  // 1e21 is numeric to the server before it is the column's.
  const isNumber = numericTypes.test(cast) && numericTypes.test(type);
  return isSame || isNumber ? tokens.slice(0, at) : null;
}

/** A constant, whose value in the column's type does not depend on how it gets there. */
function isLiteral(tokens: readonly Token[]): boolean {
  const [first] = dropOuterParentheses(tokens);
  const isEmptyArray = printTokens(tokens) === 'array [ ]';
  return (
    isEmptyArray ||
    (tokens.length === 1 && (first?.kind === 'string' || /^(?:null$|b')/.test(first?.text ?? '')))
  );
}

function withoutModifier(type: string): string {
  return type.replace(/\(\d+(?:,-?\d+)?\)/, '');
}

const canonicaliseCondition = remember((text, table) => {
  const tokens = dropOuterParentheses(simplifyTokens(tokenize(text), table === '' ? undefined : table));
  return printTokens(dropOuterParentheses(dropTextCasts(tokens)));
});

function settleCondition({ text }: Expression, table: string | undefined): Expression {
  return { text, canonical: canonicaliseCondition(text, table) };
}

/**
 * The server adds `::text` to the string literals that it takes for text. A literal that a person leaves bare in the same
 * place, beside the same columns, is taken for text just so.
 */
function dropTextCasts(tokens: readonly Token[]): readonly Token[] {
  const result: Token[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (!token) break;
    const isCast =
      token.text === '::' &&
      tokens[index + 1]?.text === 'text' &&
      tokens[index + 2]?.text !== '[' &&
      tokens[index - 1]?.kind === 'string';
    if (isCast) index++;
    else result.push(token);
  }
  return result;
}

function settleText(expression: Expression): Expression {
  return { text: expression.text, canonical: canonicalise(expression.text) };
}

function settleKey<K extends PrimaryKey | Unique>(key: K): K {
  return {
    ...key,
    deferral: key.deferral ?? 'immediate',
    storage: settleOptions(key.storage),
    tablespace: key.tablespace === 'pg_default' ? null : (key.tablespace ?? null),
  };
}

function settleIndex(index: Index): Index {
  const method = index.method ?? 'btree';
  return {
    ...index,
    method,
    parts: index.parts.map((part) => settlePart(part, method, index.address.table)),
    where: index.where === null ? null : settleCondition(index.where, index.address.table),
    storage: settleOptions(index.storage),
    tablespace: index.tablespace === 'pg_default' ? null : (index.tablespace ?? null),
  };
}

function settlePart(part: IndexPart, method: string, table: string | undefined): IndexPart {
  const { nulls, ...rest } = part;
  const on = 'column' in part.on ? part.on : { expression: settleCondition(part.on.expression, table) };
  const common = {
    ...rest,
    on: columnOf(on),
    collation: settleName(part.collation),
    opclass: settleName(part.opclass ?? null),
  };
  // Only B-trees have an order.
  if (method !== 'btree') return { ...common, order: 'asc' };
  return { ...common, nulls: nulls ?? (part.order === 'desc' ? 'first' : 'last') };
}

/** An expression that is nothing but a column is that column to the server. */
function columnOf(on: IndexPart['on']): IndexPart['on'] {
  if ('column' in on) return on;
  const tokens = tokenize(on.expression.canonical);
  const [only] = tokens;
  const isName =
    only?.kind === 'quoted' ||
    (only?.kind === 'word' && !/^(?:current_\w+|true|false|null|user)$/.test(only.text));
  return tokens.length === 1 && only && isName ? { column: only.text } : on;
}

function settleView<V extends View | MaterializedView>(view: V): V {
  const options = settleOptions(view.options);
  const definition = settleText(view.definition);
  if (view.kind === 'view') {
    // Names of columns are part of what the server prints of the query.
    return { ...view, definition, options, columns: [] };
  }
  const { accessMethod, tablespace } = view;
  return {
    ...view,
    definition,
    options,
    accessMethod: accessMethod === 'heap' ? null : (accessMethod ?? null),
    tablespace: tablespace === 'pg_default' ? null : (tablespace ?? null),
  };
}

function settlePolicy(policy: Policy): Policy {
  const { table } = policy.address;
  // Inside a subquery a bare column may be another table's, so the table's name in front stays.
  const settle = (expression: Expression | null): Expression | null =>
    expression === null
      ? null
      : settleCondition(expression, /\bselect\b/i.test(expression.text) ? undefined : table);
  return {
    ...policy,
    to: policy.to.length === 0 ? ['public'] : [...policy.to].sort(compareText),
    using: settle(policy.using),
    withCheck: settle(policy.withCheck),
  };
}
