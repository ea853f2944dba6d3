/** What objects are called in sentences and lists. */
import type { Address } from '../catalog/address.ts';
import type { CatalogObject, Column, ForeignKey, Index, ObjectKind, Policy } from '../catalog/objects.ts';
import type { Located } from '../catalog/schema.ts';
import { showAddress, showIndexPart, showReference } from './show-parts.ts';
import { excerpt, makePrintable } from './printable.ts';
import { parenthesise } from './wording-parts.ts';

/** A kind of object in the field's own words, in the singular and the plural. */
export const kindNames: { readonly [K in ObjectKind]: readonly [one: string, many: string] } = {
  table: ['table', 'tables'],
  column: ['column', 'columns'],
  primaryKey: ['primary key', 'primary keys'],
  unique: ['unique constraint', 'unique constraints'],
  foreignKey: ['foreign key', 'foreign keys'],
  check: ['check', 'checks'],
  exclusion: ['exclusion constraint', 'exclusion constraints'],
  index: ['index', 'indexes'],
  enum: ['enum', 'enums'],
  sequence: ['sequence', 'sequences'],
  view: ['view', 'views'],
  materializedView: ['materialized view', 'materialized views'],
  policy: ['policy', 'policies'],
  role: ['role', 'roles'],
  schema: ['schema', 'schemas'],
  trigger: ['trigger', 'triggers'],
  virtualTable: ['virtual table', 'virtual tables'],
  function: ['function', 'functions'],
  extension: ['extension', 'extensions'],
  domain: ['domain', 'domains'],
  rule: ['rule', 'rules'],
  statistics: ['statistics object', 'statistics objects'],
  foreignTable: ['foreign table', 'foreign tables'],
  foreignServer: ['foreign server', 'foreign servers'],
  compositeType: ['composite type', 'composite types'],
  rangeType: ['range type', 'range types'],
  collation: ['collation', 'collations'],
  aggregate: ['aggregate', 'aggregates'],
  operator: ['operator', 'operators'],
  cast: ['cast', 'casts'],
  textSearchConfiguration: ['text search configuration', 'text search configurations'],
  eventTrigger: ['event trigger', 'event triggers'],
  subscription: ['subscription', 'subscriptions'],
  foreignDataWrapper: ['foreign data wrapper', 'foreign data wrappers'],
  textSearchDictionary: ['text search dictionary', 'text search dictionaries'],
  publication: ['publication', 'publications'],
  defaultPrivileges: ['default privileges', 'default privileges'],
  baseType: ['base type', 'base types'],
  operatorClass: ['operator class', 'operator classes'],
  operatorFamily: ['operator family', 'operator families'],
  conversion: ['conversion', 'conversions'],
  transform: ['transform', 'transforms'],
  language: ['language', 'languages'],
  accessMethod: ['access method', 'access methods'],
  userMapping: ['user mapping', 'user mappings'],
  textSearchParser: ['text search parser', 'text search parsers'],
  textSearchTemplate: ['text search template', 'text search templates'],
  securityLabel: ['security label', 'security labels'],
};

/** `2 indexes`, `1 index`. */
export function countKind(kind: ObjectKind, count: number): string {
  return `${String(count)} ${kindNames[kind][count === 1 ? 0 : 1]}`;
}

/** A whole name for use in a sentence: `users.email`, `index users_email_idx on users`, `the primary key of users`. */
export function nameObject({ kind, address }: Located): string {
  if (address.table === undefined) return `${kindNames[kind][0]} ${printAddress(address)}`;
  const table = printAddress({ namespace: address.namespace, name: address.table });
  if (kind === 'column') return printAddress(address);
  if (kind === 'primaryKey') return `the primary key of ${table}`;
  return `${nameWithinTable({ kind, address })} on ${table}`;
}

/** The name under the heading of its table: `email`, `index users_email_idx`, `primary key`. */
export function nameWithinTable({ kind, address }: Located): string {
  const word = kindNames[kind][0];
  if (kind === 'column') return makePrintable(address.name);
  // The name of a primary key says nothing, and in SQLite constraints need not have one.
  if (kind === 'primaryKey' || address.name === '') return word;
  const name = makePrintable(address.name);
  // A CHECK without a name goes by its text: check (age > 21).
  return name.startsWith(`${word} (`) ? name : `${word} ${name}`;
}

/** The address without control characters, and without the namespaces that everybody starts in. */
export function printAddress(address: Address): string {
  return makePrintable(showAddress(address));
}

/** What an object is, in short, for one that is only on one side: `text NOT NULL`; null where its name says it all. */
export function describeObject(object: CatalogObject): string | null {
  const text = defineObject(object);
  return text === null || text === '' ? null : excerpt(text, 100);
}

function defineObject(object: CatalogObject): string | null {
  switch (object.kind) {
    case 'column':
      return defineColumn(object);
    case 'primaryKey':
      return `(${object.columns.join(', ')})`;
    case 'unique':
      return `${object.nullsNotDistinct === true ? 'NULLS NOT DISTINCT ' : ''}(${object.columns.join(', ')})`;
    case 'foreignKey':
      return defineForeignKey(object);
    case 'index':
      return defineIndex(object);
    case 'check':
      return `CHECK ${parenthesise(object.expression.text)}${object.noInherit === true ? ' NO INHERIT' : ''}`;
    case 'enum':
      return `(${object.values.map((value) => `'${value}'`).join(', ')})`;
    case 'sequence':
      return object.type;
    case 'policy':
      return definePolicy(object);
    case 'virtualTable':
      return `USING ${object.module}(${object.arguments.join(', ')})`;
    case 'exclusion':
      return object.definition.text;
    default:
      return null;
  }
}

function defineColumn(column: Column): string {
  return [column.type, column.nullable ? '' : 'NOT NULL', defineValue(column)]
    .filter((word) => word !== '')
    .join(' ');
}

function defineValue({ value }: Column): string {
  switch (value.kind) {
    case 'none':
      return '';
    case 'default':
      return `DEFAULT ${value.expression.text}`;
    case 'generated':
      return `GENERATED ALWAYS AS (${value.expression.text}) ${value.storage.toUpperCase()}`;
    case 'identity':
      return `GENERATED ${value.generation === 'always' ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY`;
    case 'serial':
      return 'with a sequence of its own';
  }
}

function defineForeignKey(key: ForeignKey): string {
  const actions = [
    key.onDelete === 'no action' ? '' : ` ON DELETE ${key.onDelete.toUpperCase()}`,
    key.onUpdate === 'no action' ? '' : ` ON UPDATE ${key.onUpdate.toUpperCase()}`,
  ];
  return `(${key.columns.join(', ')}) REFERENCES ${showReference(key.references)}${actions.join('')}`;
}

function defineIndex(index: Index): string {
  const method = index.method === undefined || index.method === 'btree' ? '' : `USING ${index.method} `;
  const parts = index.parts.map(showIndexPart).join(', ');
  const include =
    index.include === undefined || index.include.length === 0 ? '' : ` INCLUDE (${index.include.join(', ')})`;
  const nulls = index.nullsNotDistinct === true ? ' NULLS NOT DISTINCT' : '';
  const where = index.where === null ? '' : ` WHERE ${index.where.text}`;
  return `${index.unique ? 'UNIQUE ' : ''}${method}(${parts})${include}${nulls}${where}`;
}

function definePolicy(policy: Policy): string {
  const parts = [
    policy.as === 'restrictive' ? 'AS RESTRICTIVE' : '',
    `FOR ${policy.for.toUpperCase()} TO ${policy.to.join(', ')}`,
    policy.using === null ? '' : `USING ${parenthesise(policy.using.text)}`,
    policy.withCheck === null ? '' : `WITH CHECK ${parenthesise(policy.withCheck.text)}`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}
