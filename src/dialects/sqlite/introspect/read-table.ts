import type {
  CatalogObject,
  Check,
  Column,
  ForeignKey,
  PrimaryKey,
  Unique,
} from '../../../catalog/objects.ts';
import { nameCheck, nameForeignKey, namePrimaryKey, nameUnique } from '../names.ts';
import { canonicalType } from '../syntax/affinity.ts';
import type * as syntax from '../syntax/ast.ts';
import { foldName } from '../syntax/names.ts';
import type { TableDefinitions } from '../syntax/table-definitions.ts';
import { asWritten, describeColumn, readConflict } from './describe-column.ts';
import { readKeyTerms, type ColumnFacts } from './read-terms.ts';
import { spellColumn, type TableFacts } from './table-facts.ts';

interface TableContext {
  readonly table: string;
  readonly statement: TableDefinitions;
  readonly facts: ColumnFacts;
}

/** Adds a table with its columns and constraints. What foreign keys point at is resolved when every table is known. */
export function readTable(own: TableFacts, statement: TableDefinitions, into: CatalogObject[]): void {
  const table = own.name;
  const context = { table, statement, facts: own.columns };
  const constraints: CatalogObject[] = [];
  for (const column of statement.columns) readColumnConstraints(context, column, constraints);
  for (const constraint of statement.constraints) readTableConstraint(context, constraint, constraints);
  into.push({
    kind: 'table',
    address: { namespace: 'main', name: table },
    strict: statement.strict,
    withoutRowid: statement.withoutRowid,
  });
  statement.columns.forEach((column, index) => into.push(readColumn(context, column, index + 1)));
  for (const constraint of keepApart(constraints)) into.push(constraint);
}

/** Constraints may share a name in SQLite, and one may be said twice; their addresses must differ. */
function keepApart(constraints: readonly CatalogObject[]): readonly CatalogObject[] {
  const seen = new Map<string, CatalogObject[]>();
  return constraints.flatMap((constraint) => {
    const key = `${constraint.kind} ${constraint.address.name}`;
    const same = seen.get(key);
    if (same === undefined) {
      seen.set(key, [constraint]);
      return constraint;
    }
    same.push(constraint);
    const text = write(constraint);
    if (same.some((other) => other !== constraint && write(other) === text)) return [];
    const name = `${constraint.address.name}_${String(same.length)}`;
    return [{ ...constraint, address: { ...constraint.address, name } }];
  });
}

/** All that a constraint says, wherever it is written. */
function write(constraint: CatalogObject): string {
  return JSON.stringify({ ...constraint, writtenAt: undefined });
}

function locate(context: TableContext, name: string) {
  return { namespace: 'main', table: context.table, name };
}

function readColumn(context: TableContext, column: syntax.ColumnDefinition, position: number): Column {
  const { name, type, nullable, value, collation, notNullOnConflict } = describeColumn(column);
  return {
    kind: 'column',
    address: locate(context, name),
    type,
    nullable,
    value,
    collation,
    position,
    notNullOnConflict,
  };
}

function readColumnConstraints(
  context: TableContext,
  column: syntax.ColumnDefinition,
  into: CatalogObject[],
): void {
  for (const constraint of column.constraints) {
    switch (constraint.kind) {
      case 'primary-key':
        into.push(readColumnPrimaryKey(context, column, constraint));
        break;
      case 'unique':
        into.push(makeUnique(context, constraint, { columns: [column.name.value] }));
        break;
      case 'references':
        into.push(readForeignKey(context, constraint, [column.name.value], constraint.references));
        break;
      case 'check':
        into.push({ ...readCheck(context, constraint), writtenAt: column.name.value });
        break;
      case 'not-null':
      case 'null':
      case 'default':
      case 'collate':
      case 'generated':
      case 'name-only':
        break;
    }
  }
}

function readTableConstraint(
  context: TableContext,
  constraint: syntax.TableConstraint,
  into: CatalogObject[],
): void {
  switch (constraint.kind) {
    case 'primary-key':
      into.push(readTablePrimaryKey(context, constraint));
      break;
    case 'unique':
      into.push(makeUnique(context, constraint, readKeyTerms(constraint.columns, context.facts)));
      break;
    case 'foreign-key': {
      const columns = constraint.columns.map((column) => spellColumn(context.facts, column.value));
      into.push(readForeignKey(context, constraint, columns, constraint.references));
      break;
    }
    case 'check':
      into.push(readCheck(context, constraint));
      break;
    case 'name-only':
      break;
  }
}

function readColumnPrimaryKey(
  context: TableContext,
  column: syntax.ColumnDefinition,
  key: syntax.ColumnPrimaryKey,
): PrimaryKey {
  return {
    kind: 'primaryKey',
    address: locate(context, namePrimaryKey(context.table)),
    columns: [column.name.value],
    autoincrement: key.autoincrement,
    // `INTEGER PRIMARY KEY DESC` is no alias of the rowid, by a quirk that SQLite keeps. sqlite.org/rowidtable.html
    ...(key.order === 'desc' ? { descending: [column.name.value] } : {}),
    onConflict: readConflict(key.conflict),
  };
}

function readTablePrimaryKey(context: TableContext, key: syntax.TablePrimaryKey): PrimaryKey {
  const { descending, ...terms } = readKeyTerms(key.columns, context.facts);
  return {
    kind: 'primaryKey',
    address: locate(context, namePrimaryKey(context.table)),
    ...terms,
    ...(descending === undefined || isRowid(context, terms.columns) ? {} : { descending }),
    autoincrement: key.autoincrement,
    onConflict: readConflict(key.conflict),
  };
}

/** `PRIMARY KEY (id DESC)` for an INTEGER column names the rowid, which has no order of its own. */
function isRowid(context: TableContext, columns: readonly string[]): boolean {
  const { statement } = context;
  if (columns.length !== 1 || statement.withoutRowid) return false;
  const column = statement.columns.find(({ name }) => name.value === columns[0]);
  return canonicalType(column?.type) === 'INTEGER';
}

function makeUnique(
  context: TableContext,
  constraint: syntax.ColumnUnique | syntax.TableUnique,
  terms: Pick<Unique, 'columns' | 'descending' | 'collations'>,
): Unique {
  const name = constraint.name?.value ?? nameUnique(context.table, terms.columns);
  return {
    kind: 'unique',
    address: locate(context, name),
    ...terms,
    onConflict: readConflict(constraint.conflict),
  };
}

function readForeignKey(
  context: TableContext,
  constraint: { readonly name: syntax.Name | undefined },
  columns: readonly string[],
  target: syntax.ForeignReference,
): ForeignKey {
  const references = {
    namespace: 'main',
    table: target.table.value,
    columns: target.columns.map((column) => column.value),
  };
  const key = { columns, references };
  return {
    kind: 'foreignKey',
    address: locate(context, constraint.name?.value ?? nameForeignKey(context.table, key)),
    ...key,
    onDelete: target.onDelete ?? 'no action',
    onUpdate: target.onUpdate ?? 'no action',
    match: readMatch(target.match?.value),
    deferral: readDeferral(target.deferral),
  };
}

/** SQLite takes any name here and does nothing about it; MATCH SIMPLE is how it behaves. */
function readMatch(name: string | undefined): ForeignKey['match'] {
  const folded = foldName(name ?? '');
  return folded === 'full' || folded === 'partial' ? folded : 'simple';
}

/** NOT DEFERRABLE, and INITIALLY without a word on deferring, are immediate. sqlite.org/foreignkeys.html#fk_deferred */
function readDeferral(deferral: syntax.Deferral | undefined): ForeignKey['deferral'] {
  if (deferral?.deferrable !== true) return 'immediate';
  return deferral.initially === 'deferred' ? 'deferred' : 'deferrable';
}

function readCheck(context: TableContext, check: syntax.CheckConstraint): Check {
  return {
    kind: 'check',
    address: locate(context, check.name?.value ?? nameCheck(check.expression.text)),
    expression: asWritten(check.expression.text),
    onConflict: readConflict(check.conflict),
  };
}
