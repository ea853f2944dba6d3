import type {
  ColumnConstraint,
  ColumnDefinition,
  CreateTable,
  CreateTableAs,
  TableConstraint,
} from './ast.ts';
import type { Cursor } from './cursor.ts';
import { parseColumnConstraint, parseTableConstraint, type ConstraintContext } from './parse-constraint.ts';
import type { CreateHead } from './create-head.ts';
import { parseTypeName } from './parse-type.ts';

/** The rest of a CREATE TABLE, from its name on. sqlite.org/lang_createtable.html */
export function parseTable(cursor: Cursor, head: CreateHead): CreateTable | CreateTableAs {
  const { start, temporary, ifNotExists, schema, name } = head;
  if (cursor.accept('AS')) {
    const select = cursor.statementText();
    return { kind: 'table-as', temporary, ifNotExists, schema, name, select, start, end: cursor.end };
  }
  const open = cursor.expectOperator('(').start;
  const context: ConstraintContext = { cursor, lastReference: undefined };
  const columns = [parseColumn(context)];
  const constraints: TableConstraint[] = [];
  while (cursor.acceptOperator(',')) {
    if (startsTableConstraint(cursor)) parseTableConstraints(context, constraints);
    else if (constraints.length > 0) cursor.fail('a table constraint');
    else columns.push(parseColumn(context));
  }
  cursor.expectOperator(')');
  const body = { start: open, end: cursor.end };
  const options = parseTableOptions(cursor);
  const rest = { columns, constraints, ...options, body, start, end: cursor.end };
  return { kind: 'table', temporary, ifNotExists, schema, name, ...rest };
}

const constraintWords: ReadonlySet<string> = new Set(['CONSTRAINT', 'PRIMARY', 'UNIQUE', 'CHECK', 'FOREIGN']);

/** Whether the next definition is one of the table's constraints. */
export function startsTableConstraint(cursor: Cursor): boolean {
  return constraintWords.has(cursor.peek().keyword);
}

/** SQLite lets table constraints follow each other without commas. */
function parseTableConstraints(context: ConstraintContext, into: TableConstraint[]): void {
  let constraint = parseTableConstraint(context);
  if (constraint === undefined) context.cursor.fail('a table constraint');
  for (; constraint !== undefined; constraint = parseTableConstraint(context)) into.push(constraint);
}

function parseColumn(context: ConstraintContext): ColumnDefinition {
  const { cursor } = context;
  const name = cursor.name('the name of a column');
  const type = parseTypeName(cursor);
  const constraints: ColumnConstraint[] = [];
  let constraint = parseColumnConstraint(context);
  for (; constraint !== undefined; constraint = parseColumnConstraint(context)) constraints.push(constraint);
  return { name, type, constraints, start: name.start, end: cursor.end };
}

/** One column definition by itself, as it follows ADD COLUMN. */
export function parseColumnAt(cursor: Cursor): ColumnDefinition {
  return parseColumn({ cursor, lastReference: undefined });
}

/** What follows the closing parenthesis. */
export function parseTableOptions(cursor: Cursor): { strict: boolean; withoutRowid: boolean } {
  let strict = false;
  let withoutRowid = false;
  if (cursor.atEnd() || cursor.isOperator(';')) return { strict, withoutRowid };
  do {
    const without = cursor.accept('WITHOUT');
    const option = cursor.name('STRICT or WITHOUT ROWID').value.toLowerCase();
    if (without ? option !== 'rowid' : option !== 'strict') cursor.fail('STRICT or WITHOUT ROWID');
    if (without) withoutRowid = true;
    else strict = true;
  } while (cursor.acceptOperator(','));
  return { strict, withoutRowid };
}
