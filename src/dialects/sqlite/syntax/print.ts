import type {
  ColumnConstraint,
  ColumnDefinition,
  ConflictAction,
  CreateIndex,
  CreateSchemaObject,
  CreateTable,
  CreateTrigger,
  DefaultValue,
  ForeignReference,
  IndexedTerm,
  Name,
  SortOrder,
  TableConstraint,
} from './ast.ts';
import { isBareName, quoteIdentifier } from './names.ts';

export interface PrintOptions {
  /** The quotes around names; double quotes when not said. Drizzle writes backticks. */
  readonly quote?: '"' | '`' | '[';
}

/**
 * Prints a CREATE statement, without a semicolon. Names are quoted anew; types, expressions, queries and bodies come
 * out as they are written in the tree. Parsing the result and printing that again gives the same text.
 */
export function printCreate(object: CreateSchemaObject, options: PrintOptions = {}): string {
  switch (object.kind) {
    case 'table':
      return printCreateTable(object, options);
    case 'index':
      return printCreateIndex(object, options);
    case 'trigger':
      return printCreateTrigger(object, options);
    case 'table-as':
      return `${printHead('TABLE', object, options)} AS ${object.select.text}`;
    case 'view': {
      const columns = object.columns.length === 0 ? '' : ` (${printNames(object.columns, options)})`;
      return `${printHead('VIEW', object, options)}${columns} AS ${object.select.text}`;
    }
    case 'virtual-table': {
      const args = object.args.length === 0 ? '' : `(${object.args.map((arg) => arg.text).join(', ')})`;
      return `${printHead('VIRTUAL TABLE', object, options)} USING ${printName(object.module, options)}${args}`;
    }
  }
}

/** A CREATE TABLE with one column or constraint per line. */
export function printCreateTable(table: CreateTable, options: PrintOptions = {}): string {
  const lines = [
    ...table.columns.map((column) => printColumn(column, options)),
    ...table.constraints.map((constraint) => printTableConstraint(constraint, options)),
  ];
  const flags: string[] = [];
  if (table.withoutRowid) flags.push('WITHOUT ROWID');
  if (table.strict) flags.push('STRICT');
  const tail = flags.length === 0 ? '' : ` ${flags.join(', ')}`;
  return `${printHead('TABLE', table, options)} (\n\t${lines.join(',\n\t')}\n)${tail}`;
}

/** A CREATE INDEX on one line. */
export function printCreateIndex(index: CreateIndex, options: PrintOptions = {}): string {
  const head = printHead(index.unique ? 'UNIQUE INDEX' : 'INDEX', index, options);
  const terms = index.terms.map((term) => printTerm(term, options)).join(', ');
  const where = index.where === undefined ? '' : ` WHERE ${index.where.text}`;
  return `${head} ON ${printName(index.table, options)} (${terms})${where}`;
}

function printCreateTrigger(trigger: CreateTrigger, options: PrintOptions): string {
  const { event } = trigger;
  const parts = [
    printHead('TRIGGER', trigger, options),
    trigger.timing.toUpperCase(),
    event.type.toUpperCase(),
  ];
  if (event.type === 'update' && event.columns.length > 0)
    parts.push(`OF ${printNames(event.columns, options)}`);
  parts.push(`ON ${printQualified(trigger.tableSchema, trigger.table, options)}`);
  if (trigger.forEachRow) parts.push('FOR EACH ROW');
  if (trigger.when !== undefined) parts.push(`WHEN ${trigger.when.text}`);
  const body = trigger.statements.map((statement) => `\t${statement.text};\n`);
  return `${parts.join(' ')} BEGIN\n${body.join('')}END`;
}

function printHead(
  kind: string,
  object: { temporary?: boolean; ifNotExists: boolean; schema: Name | undefined; name: Name },
  options: PrintOptions,
): string {
  const words = ['CREATE'];
  if (object.temporary === true) words.push('TEMP');
  words.push(kind);
  if (object.ifNotExists) words.push('IF NOT EXISTS');
  words.push(printQualified(object.schema, object.name, options));
  return words.join(' ');
}

function printName(name: Name, options: PrintOptions): string {
  return quoteIdentifier(name.value, options.quote);
}

function printQualified(schema: Name | undefined, name: Name, options: PrintOptions): string {
  return (schema === undefined ? '' : `${printName(schema, options)}.`) + printName(name, options);
}

function printNames(names: readonly Name[], options: PrintOptions): string {
  return names.map((name) => printName(name, options)).join(', ');
}

/** Collations, and the kinds of MATCH, are words rather than names: bare where they can be. */
function printWord(word: Name, options: PrintOptions): string {
  return isBareName(word.value) ? word.value : printName(word, options);
}

/** One column as it stands in a CREATE TABLE, or after ADD COLUMN. */
export function printColumn(column: ColumnDefinition, options: PrintOptions = {}): string {
  const parts = [printName(column.name, options)];
  if (column.type !== undefined) parts.push(column.type.text);
  for (const constraint of column.constraints) parts.push(printColumnConstraint(constraint, options));
  return parts.join(' ');
}

function printColumnConstraint(constraint: ColumnConstraint, options: PrintOptions): string {
  const body = printColumnBody(constraint, options);
  return constraint.name === undefined ? body : named(constraint.name, body, options);
}

function named(name: Name, body: string, options: PrintOptions): string {
  return `CONSTRAINT ${printName(name, options)}${body === '' ? '' : ` ${body}`}`;
}

function printColumnBody(constraint: ColumnConstraint, options: PrintOptions): string {
  switch (constraint.kind) {
    case 'primary-key': {
      const key = `PRIMARY KEY${printOrder(constraint.order)}${printConflict(constraint.conflict)}`;
      return constraint.autoincrement ? `${key} AUTOINCREMENT` : key;
    }
    case 'not-null':
      return `NOT NULL${printConflict(constraint.conflict)}`;
    case 'null':
      return `NULL${printConflict(constraint.conflict)}`;
    case 'unique':
      return `UNIQUE${printConflict(constraint.conflict)}`;
    case 'check':
      return `CHECK (${constraint.expression.text})${printConflict(constraint.conflict)}`;
    case 'default':
      return `DEFAULT ${printDefault(constraint.value)}`;
    case 'collate':
      return `COLLATE ${printWord(constraint.collation, options)}`;
    case 'references':
      return printReference(constraint.references, options);
    case 'generated':
      return `GENERATED ALWAYS AS (${constraint.expression.text}) ${constraint.storage.toUpperCase()}`;
    case 'name-only':
      return '';
  }
}

/** What follows DEFAULT. */
export function printDefault(value: DefaultValue): string {
  return value.form === 'expression' ? `(${value.text})` : value.text;
}

function printTableConstraint(constraint: TableConstraint, options: PrintOptions): string {
  const body = printTableBody(constraint, options);
  return constraint.name === undefined ? body : named(constraint.name, body, options);
}

function printTableBody(constraint: TableConstraint, options: PrintOptions): string {
  switch (constraint.kind) {
    case 'primary-key': {
      const tail = constraint.autoincrement ? ' AUTOINCREMENT' : '';
      return `PRIMARY KEY (${printTerms(constraint.columns, options)}${tail})${printConflict(constraint.conflict)}`;
    }
    case 'unique':
      return `UNIQUE (${printTerms(constraint.columns, options)})${printConflict(constraint.conflict)}`;
    case 'check':
      return `CHECK (${constraint.expression.text})${printConflict(constraint.conflict)}`;
    case 'foreign-key': {
      const columns = printNames(constraint.columns, options);
      return `FOREIGN KEY (${columns}) ${printReference(constraint.references, options)}`;
    }
    case 'name-only':
      return '';
  }
}

function printTerms(terms: readonly IndexedTerm[], options: PrintOptions): string {
  return terms.map((term) => printTerm(term, options)).join(', ');
}

function printTerm(term: IndexedTerm, options: PrintOptions): string {
  let text = term.column === undefined ? term.expression.text : printName(term.column, options);
  if (term.collation !== undefined) text += ` COLLATE ${printWord(term.collation, options)}`;
  text += printOrder(term.order);
  return term.nulls === undefined ? text : `${text} NULLS ${term.nulls.toUpperCase()}`;
}

function printOrder(order: SortOrder | undefined): string {
  return order === undefined ? '' : ` ${order.toUpperCase()}`;
}

function printConflict(conflict: ConflictAction | undefined): string {
  return conflict === undefined ? '' : ` ON CONFLICT ${conflict.toUpperCase()}`;
}

function printReference(reference: ForeignReference, options: PrintOptions): string {
  const columns = reference.columns.length === 0 ? '' : `(${printNames(reference.columns, options)})`;
  const parts = [`REFERENCES ${printName(reference.table, options)}${columns}`];
  if (reference.onUpdate !== undefined) parts.push(`ON UPDATE ${reference.onUpdate.toUpperCase()}`);
  if (reference.onDelete !== undefined) parts.push(`ON DELETE ${reference.onDelete.toUpperCase()}`);
  if (reference.match !== undefined) parts.push(`MATCH ${printWord(reference.match, options)}`);
  if (reference.deferral !== undefined) {
    parts.push(reference.deferral.deferrable ? 'DEFERRABLE' : 'NOT DEFERRABLE');
    const { initially } = reference.deferral;
    if (initially !== undefined) parts.push(`INITIALLY ${initially.toUpperCase()}`);
  }
  return parts.join(' ');
}
