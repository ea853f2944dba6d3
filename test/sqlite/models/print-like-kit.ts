/** Prints catalogue objects the way drizzle-kit prints the models, to hold the two against each other. */
import type {
  CatalogObject,
  Column,
  ForeignKey,
  Index,
  PrimaryKey,
  Unique,
} from '../../../src/catalog/objects.ts';
import { objectsOf, type Schema } from '../../../src/catalog/schema.ts';

/** Each line of the DDL that is expected, in all the forms that count as the same. */
export type ExpectedLine = readonly string[];

const quote = (name: string): string => `"${name}"`;
const list = (names: readonly string[]): string => names.map(quote).join(',');
const namesOf = (object: CatalogObject): readonly string[] => [
  object.address.name,
  ...(object.alsoNamed ?? []),
];

function isOf(table: string): (object: CatalogObject) => boolean {
  return (object) => object.address.table === table;
}

export function printLikeKit(schema: Schema, one: boolean): readonly ExpectedLine[] {
  return [
    ...objectsOf(schema, 'table').flatMap((table) => printTable(schema, table.address.name, one)),
    ...objectsOf(schema, 'view').map((view) => [
      `CREATE VIEW ${quote(view.address.name)} AS ${view.definition.text};`,
    ]),
  ];
}

function printTable(schema: Schema, table: string, one: boolean): readonly ExpectedLine[] {
  const own = isOf(table);
  const key = objectsOf(schema, 'primaryKey').find(own);
  const indexes = objectsOf(schema, 'index').filter(own);
  const uniques = objectsOf(schema, 'unique').filter(own);
  return [
    [`CREATE TABLE ${quote(table)} (`],
    ...objectsOf(schema, 'column')
      .filter(own)
      .map((column) => printColumn(column, key, uniques, one)),
    ...printKey(key, one),
    ...objectsOf(schema, 'foreignKey')
      .filter(own)
      .map((fk) => printForeignKey(fk, one)),
    ...objectsOf(schema, 'check')
      .filter(own)
      .map((check) => [`CONSTRAINT ${quote(check.address.name)} CHECK(${check.expression.text})`]),
    ...uniques
      // An index of the same name stands for both.
      .filter(({ address }) => one || !indexes.some((index) => index.address.name === address.name))
      .flatMap((unique) => printUnique(unique, one)),
    ...indexes.map(printIndex),
  ];
}

function printColumn(
  column: Column,
  key: PrimaryKey | undefined,
  uniques: readonly Unique[],
  one: boolean,
): ExpectedLine {
  const { name } = column.address;
  const isKey = key?.columns.length === 1 && key.columns[0] === name;
  const value = column.value;
  const base = [
    `${quote(name)} ${column.type}`,
    isKey ? 'PRIMARY KEY' : '',
    isKey && key.autoincrement === true ? 'AUTOINCREMENT' : '',
    value.kind === 'default' ? `DEFAULT ${value.expression.text}` : '',
    value.kind === 'generated'
      ? `GENERATED ALWAYS AS (${value.expression.text}) ${value.storage.toUpperCase()}`
      : '',
    column.nullable ? '' : 'NOT NULL',
  ]
    .filter((word) => word !== '')
    .join(' ');
  const unique = uniques.find((candidate) => candidate.columns.length === 1 && candidate.columns[0] === name);
  if (!one || !unique) return [base];
  const isDefault = namesOf(unique).includes(`${String(column.address.table)}_${name}_unique`);
  return isDefault ? [`${base} UNIQUE`] : namesOf(unique).map((n) => `${base} CONSTRAINT ${quote(n)} UNIQUE`);
}

function printKey(key: PrimaryKey | undefined, one: boolean): readonly ExpectedLine[] {
  if (!key || key.columns.length === 1) return [];
  const text = `PRIMARY KEY(${key.columns.map(quote).join(', ')})`;
  return [one ? namesOf(key).map((name) => `CONSTRAINT ${quote(name)} ${text}`) : [text]];
}

function printForeignKey(key: ForeignKey, one: boolean): ExpectedLine {
  const { table, columns } = key.references;
  const action = (on: string, what: string): string =>
    one && what === 'no action' ? '' : ` ON ${on} ${one ? what.toUpperCase() : what}`;
  const text = `FOREIGN KEY (${list(key.columns)}) REFERENCES ${quote(table)}(${list(columns)})${action('UPDATE', key.onUpdate)}${action('DELETE', key.onDelete)}`;
  return one ? namesOf(key).map((name) => `CONSTRAINT ${quote(name)} ${text}`) : [text];
}

function printUnique(unique: Unique, one: boolean): readonly ExpectedLine[] {
  const { name, table } = unique.address;
  if (!one)
    return [[`CREATE UNIQUE INDEX ${quote(name)} ON ${quote(String(table))} (${list(unique.columns)});`]];
  if (unique.columns.length === 1) return [];
  return [namesOf(unique).map((n) => `CONSTRAINT ${quote(n)} UNIQUE(${list(unique.columns)})`)];
}

function printIndex(index: Index): ExpectedLine {
  const where = index.where === null ? '' : ` WHERE ${index.where.text}`;
  const forms = index.parts.reduce<readonly string[]>(
    (texts, part) => {
      const on = 'column' in part.on ? quote(part.on.column) : part.on.expression.text;
      const collated = part.collation === null ? on : `${on} collate ${part.collation}`;
      const ordered = part.order === 'desc' ? [`${collated} desc`] : [collated, `${collated} asc`];
      return texts.flatMap((text) => ordered.map((form) => (text === '' ? form : `${text},${form}`)));
    },
    [''],
  );
  return forms.map(
    (parts) =>
      `CREATE ${index.unique ? 'UNIQUE INDEX' : 'INDEX'} ${quote(index.address.name)} ON ${quote(String(index.address.table))} (${parts})${where};`,
  );
}

/** The lines of generated DDL, with one style of quotes. Statements of several lines other than tables stay whole. */
export function splitKitStatements(statements: readonly string[]): readonly string[] {
  return statements.flatMap((statement) => {
    const text = statement.trim();
    if (!text.startsWith('CREATE TABLE')) return [quoteAlike(text)];
    return text
      .replace(/\n\);$/, '')
      .split(/,?\n\t/)
      .map(quoteAlike);
  });
}

function quoteAlike(text: string): string {
  return text.replace(/`([^`]*)`(?=[ (,)]|$)/g, '"$1"');
}
