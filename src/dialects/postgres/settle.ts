/**
 * What can be normalised without asking anybody: canonical tokens in place of texts, the engine's own defaults spelled
 * out, names of types as the server prints them. What is in that form already, as most of what is read is, is left alone.
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
  Unique,
  View,
} from '../../catalog/objects.ts';
import { canonicalise } from './syntax/canonical.ts';
import { canonicaliseCondition } from './syntax/conditions.ts';
import { canonicaliseDefault } from './syntax/defaults.ts';
import { tokenize } from './syntax/lexer.ts';
import { canonicaliseType } from './syntax/types.ts';

/** Brings one object to its settled form; one that is in it already is returned as it is. */
export function settleObject(object: CatalogObject): CatalogObject {
  switch (object.kind) {
    case 'table':
      return give(object, {
        replicaIdentity: object.replicaIdentity === 'default' ? undefined : object.replicaIdentity,
        accessMethod: object.accessMethod === 'heap' ? null : object.accessMethod,
        tablespace: settleTablespace(object.tablespace),
        storage: settleOptions(object.storage),
      });
    case 'column':
      return settleColumn(object);
    case 'primaryKey':
    case 'unique':
      return settleKey(object);
    case 'check':
      return give(object, { expression: settleCondition(object.expression, object.address.table) });
    case 'exclusion':
      return give(object, { definition: settleCondition(object.definition, object.address.table) });
    case 'index':
      return settleIndex(object);
    case 'view':
    case 'materializedView':
      return settleView(object);
    case 'policy':
      return settlePolicy(object);
    case 'sequence':
      return give(object, { type: canonicaliseType(object.type) });
    case 'trigger':
      return give(object, {
        definition: settleText(object.definition),
        enabled: object.enabled ?? 'origin',
      });
    default:
      return object;
  }
}

/** The object with these values; the object itself where they are its own. */
function give<O extends object>(object: O, values: { readonly [F in keyof O]?: O[F] | undefined }): O {
  for (const field in values) {
    if (values[field] !== object[field]) return { ...object, ...values };
  }
  return object;
}

function settleTablespace(name: string | null | undefined): string | null | undefined {
  return name === 'pg_default' ? null : name;
}

/** Storage parameters as the server keeps them but for booleans, which it keeps as they were written. */
function settleOptions(
  options: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> | undefined {
  if (options === undefined) return undefined;
  const settled = Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name.toLowerCase(), settleBoolean(value)]),
  );
  return give(options, settled) === options ? options : settled;
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
    return give(value, { expression: settleCondition(value.expression, table) });
  }
  if (value.kind !== 'default') return value;
  const canonical = canonicaliseDefault(value.expression.text, type);
  // The server keeps nothing for DEFAULT NULL, but something for NULL::varchar(3).
  if (canonical === 'null') return noValue;
  return give(value, { expression: settleExpression(value.expression, canonical) });
}

function settleExpression(expression: Expression, canonical: string): Expression {
  return expression.canonical === canonical ? expression : { text: expression.text, canonical };
}

function settleCondition(expression: Expression, table: string | undefined): Expression {
  return settleExpression(expression, canonicaliseCondition(expression.text, table));
}

function settleText(expression: Expression): Expression {
  return settleExpression(expression, canonicalise(expression.text));
}

function settleKey(key: PrimaryKey | Unique): PrimaryKey | Unique {
  return give(key, {
    deferral: key.deferral ?? 'immediate',
    storage: settleOptions(key.storage),
    tablespace: settleTablespace(key.tablespace),
  });
}

function settleIndex(index: Index): Index {
  const method = index.method ?? 'btree';
  const { table } = index.address;
  return give(index, {
    method,
    parts: settleParts(index.parts, method, table),
    where: settlePredicate(index.where, table),
    storage: settleOptions(index.storage),
    tablespace: settleTablespace(index.tablespace),
  });
}

/** A partial index WHERE true is a whole one to the server, which keeps no predicate of it. */
function settlePredicate(where: Expression | null, table: string | undefined): Expression | null {
  const settled = where === null ? null : settleCondition(where, table);
  return settled?.canonical === 'true' ? null : settled;
}

function settleParts(
  parts: readonly IndexPart[],
  method: string,
  table: string | undefined,
): readonly IndexPart[] {
  const settled = parts.map((part) => settlePart(part, method, table));
  return settled.some((part, place) => part !== parts[place]) ? settled : parts;
}

function settlePart(part: IndexPart, method: string, table: string | undefined): IndexPart {
  const isBtree = method === 'btree';
  return give(part, {
    on: 'column' in part.on ? part.on : settleTerm(part.on.expression, table),
    collation: settleName(part.collation),
    opclass: settleName(part.opclass ?? null),
    // Only B-trees have an order.
    order: isBtree ? part.order : 'asc',
    nulls: isBtree ? (part.nulls ?? (part.order === 'desc' ? 'first' : 'last')) : undefined,
  });
}

function settleTerm(expression: Expression, table: string | undefined): IndexPart['on'] {
  return columnOf({ expression: settleCondition(expression, table) });
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

function settleView(view: View | MaterializedView): View | MaterializedView {
  const definition = settleText(view.definition);
  const options = settleOptions(view.options);
  // Names of columns are part of what the server prints of the query.
  if (view.kind === 'view') return give(view, { definition, options, columns: undefined });
  return give(view, {
    definition,
    options,
    accessMethod: view.accessMethod === 'heap' ? null : view.accessMethod,
    tablespace: settleTablespace(view.tablespace),
  });
}

function settlePolicy(policy: Policy): Policy {
  const { table } = policy.address;
  // Inside a subquery a bare column may be another table's, so the table's name in front stays.
  const settle = (expression: Expression | null): Expression | null =>
    expression && settleCondition(expression, /\bselect\b/i.test(expression.text) ? undefined : table);
  return {
    ...policy,
    to: policy.to.length === 0 ? ['public'] : [...policy.to].sort(compareText),
    using: settle(policy.using),
    withCheck: settle(policy.withCheck),
  };
}
