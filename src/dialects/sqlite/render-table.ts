import type {
  CatalogObject,
  Check,
  Column,
  ConflictAction,
  ForeignKey,
  ObjectKind,
  ObjectOf,
  PrimaryKey,
  Table,
  Unique,
} from '../../catalog/objects.ts';
import { isDerivedKeyName, isUnnamedCheck, nameForeignKey, nameUnique } from './names.ts';
import { raw, sql } from './quote.ts';
import { Cursor } from './syntax/cursor.ts';
import { isBareName, quoteIdentifier } from './syntax/names.ts';
import { parseDefault } from './syntax/parse-default.ts';
import { SqliteSyntaxError } from './syntax/syntax-error.ts';
import { unqualify } from './plan/unqualify.ts';

/**
 * CREATE TABLE with everything that stands inside of it, without a semicolon.
 * @param parts the table's columns and constraints, in any order
 */
export function renderTable(table: Table, parts: readonly CatalogObject[]): string {
  const [key] = select(parts, 'primaryKey');
  const columns = [...select(parts, 'column')].sort((a, b) => a.position - b.position);
  const checks = select(parts, 'check');
  const uniques = select(parts, 'unique');
  const isAt = (check: Check, column: Column): boolean => check.writtenAt === column.address.name;
  const lines = [
    ...columns.map((column) =>
      [
        renderColumn(column, isInlineKey(key, column) ? key : undefined),
        ...uniques.filter((unique) => isInlineUnique(unique, column)).map(renderInlineUnique),
        ...checks.filter((check) => isAt(check, column)).map(renderCheck),
      ].join(' '),
    ),
    ...(key && !columns.some((column) => isInlineKey(key, column)) ? [renderPrimaryKey(key)] : []),
    ...uniques
      .filter((unique) => !columns.some((column) => isInlineUnique(unique, column)))
      .map(renderUnique),
    ...select(parts, 'foreignKey').map(renderForeignKey),
    ...checks.filter((check) => !columns.some((column) => isAt(check, column))).map(renderCheck),
  ];
  const options = [table.strict ? 'STRICT' : '', table.withoutRowid ? 'WITHOUT ROWID' : ''];
  const suffix = options.filter((option) => option !== '').join(', ');
  const body = raw(`(\n\t${lines.join(',\n\t')}\n)${suffix === '' ? '' : ` ${suffix}`}`);
  return sql`CREATE TABLE ${table.address.name} ${body}`;
}

function select<K extends ObjectKind>(parts: readonly CatalogObject[], kind: K): readonly ObjectOf<K>[] {
  return parts.filter((part): part is ObjectOf<K> => part.kind === kind);
}

/** A key of one column stands at the column; only the list after PRIMARY KEY takes collations. */
function isInlineKey(key: PrimaryKey | undefined, column: Column): boolean {
  if (key === undefined || (key.collations ?? []).length > 0) return false;
  return key.columns.length === 1 && key.columns[0] === column.address.name;
}

/** One column as it stands in CREATE TABLE and after ADD COLUMN. */
export function renderColumn(column: Column, key: PrimaryKey | undefined): string {
  const words = [sql`${column.address.name}`, renderType(column.type)];
  if (key) words.push(renderInlineKey(key));
  const notNull = column.nullable ? '' : `NOT NULL${renderConflict(column.notNullOnConflict)}`;
  if (column.value.kind !== 'generated') words.push(notNull);
  if (column.value.kind === 'default') words.push(`DEFAULT ${renderDefault(column.value.expression.text)}`);
  if (column.collation !== null) words.push(sql`COLLATE ${column.collation}`);
  if (column.value.kind === 'generated') {
    const { expression, storage } = column.value;
    // Models write `"users"."name"`, and SQLite takes no dot here.
    const text = unqualify(expression.text, column.address.table ?? '');
    // drizzle-kit finds the expression in the text only where nothing but a type comes before it.
    words.push(`GENERATED ALWAYS AS ${wrap(text)} ${storage.toUpperCase()}`, notNull);
  }
  return words.filter((word) => word !== '').join(' ');
}

function renderInlineKey(key: PrimaryKey): string {
  const order = (key.descending ?? []).length > 0 ? ' DESC' : '';
  const autoincrement = key.autoincrement ? ' AUTOINCREMENT' : '';
  return `${renderKeyName(key)}PRIMARY KEY${order}${renderConflict(key.onConflict)}${autoincrement}`;
}

/** Of no use to SQLite, but drizzle-kit 1.0 looks for the name that the models give to a key. */
function renderKeyName(key: PrimaryKey): string {
  const { table = '', name } = key.address;
  return renderName(name === '' || isDerivedKeyName(table, key) ? null : name);
}

/** Any text can be a type in SQLite; what is no plain words goes into quotes. */
export function renderType(type: string): string {
  const [, name = '', list = ''] = /^(.*?)(\([^()]*\))?$/s.exec(type) ?? [];
  const isPlain =
    name.split(' ').every((word) => word === '[]' || isBareName(word)) && /^(?:\([\d+\-., ]*\))?$/.test(list);
  return type === '' || isPlain ? type : quoteIdentifier(type);
}

/** The value after DEFAULT: whatever is no constant needs parentheses. sqlite.org/lang_createtable.html#dfltval */
export function renderDefault(text: string): string {
  return isConstant(text) ? text : wrap(text);
}

function isConstant(text: string): boolean {
  try {
    const cursor = new Cursor(text);
    parseDefault(cursor);
    return cursor.atEnd();
  } catch (error) {
    if (error instanceof SqliteSyntaxError) return false;
    throw error;
  }
}

function wrap(text: string): string {
  return `(${endLine(text)})`;
}

/** A comment to the end of the line must not swallow what comes after the text. */
export function endLine(text: string): string {
  return text.includes('--') ? `${text}\n` : text;
}

function renderConflict(action: ConflictAction | null | undefined): string {
  return action ? ` ON CONFLICT ${action.toUpperCase()}` : '';
}

function renderName(name: string | null): string {
  return name === null ? '' : sql`CONSTRAINT ${name} `;
}

function renderTerms(key: PrimaryKey | Unique): string {
  const descending = new Set(key.descending ?? []);
  return key.columns
    .map((column) => {
      const term = key.collations?.find((text) => text.startsWith(`${column} COLLATE `));
      const collation =
        term === undefined ? '' : ` COLLATE ${term.slice(column.length + ' COLLATE '.length)}`;
      return sql`${column}${raw(collation)}${raw(descending.has(column) ? ' DESC' : '')}`;
    })
    .join(', ');
}

function renderPrimaryKey(key: PrimaryKey): string {
  return `${renderKeyName(key)}PRIMARY KEY (${renderTerms(key)})${renderConflict(key.onConflict)}`;
}

/**
 * One that only says UNIQUE of its column stands at the column. There drizzle-kit 1.0 writes `.unique()` and finds it
 * again; apart from it, it only finds one that has a name.
 */
function isInlineUnique(unique: Unique, column: Column): boolean {
  const { columns, descending = [], collations = [] } = unique;
  return (
    columns.length === 1 &&
    columns[0] === column.address.name &&
    descending.length + collations.length === 0 &&
    hasDerivedName(unique)
  );
}

function hasDerivedName({ address: { table = '', name }, columns }: Unique): boolean {
  return name === '' || name === nameUnique(table, columns);
}

function renderInlineUnique(unique: Unique): string {
  return `UNIQUE${renderConflict(unique.onConflict)}`;
}

function renderUnique(unique: Unique): string {
  const { name } = unique.address;
  const isNamed = name !== '' && !(unique.columns.length === 1 && hasDerivedName(unique));
  return `${renderName(isNamed ? name : null)}UNIQUE (${renderTerms(unique)})${renderConflict(unique.onConflict)}`;
}

function renderForeignKey(key: ForeignKey): string {
  const { table = '', name } = key.address;
  const isDerived = name === '' || name === nameForeignKey(table, key);
  const { references } = key;
  const target = references.columns.length === 0 ? '' : sql` (${references.columns})`;
  const match = key.match === 'simple' ? '' : ` MATCH ${key.match.toUpperCase()}`;
  const onUpdate = key.onUpdate === 'no action' ? '' : ` ON UPDATE ${key.onUpdate.toUpperCase()}`;
  const onDelete = key.onDelete === 'no action' ? '' : ` ON DELETE ${key.onDelete.toUpperCase()}`;
  const deferrals = {
    immediate: '',
    deferrable: ' DEFERRABLE',
    deferred: ' DEFERRABLE INITIALLY DEFERRED',
  } as const;
  const head = sql`${raw(renderName(isDerived ? null : name))}FOREIGN KEY (${key.columns}) REFERENCES ${references.table}`;
  return `${head}${target}${match}${onUpdate}${onDelete}${deferrals[key.deferral]}`;
}

function renderCheck(check: Check): string {
  const { name } = check.address;
  // drizzle-kit 0.31 finds a check in the text only where its name is in double quotes.
  const named = isUnnamedCheck(name) ? '' : `CONSTRAINT ${quoteIdentifier(name)} `;
  return `${named}CHECK ${wrap(check.expression.text)}${renderConflict(check.onConflict)}`;
}
