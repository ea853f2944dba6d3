import type { CreateIndex, CreateTrigger, CreateView, DefaultValue, SqlText } from './ast.ts';
import { canonicalName, canonicalStyle, type ExpressionContext } from './canonical-style.ts';
import { canonicalTokens } from './canonical-tokens.ts';
import { Cursor, nameFrom } from './cursor.ts';
import { foldName, quoteString } from './names.ts';
import { parseCreate } from './parse-create.ts';
import { parseDefault } from './parse-default.ts';
import { parseDataStatement, parseExpression, parseSelect } from './parse-query.ts';
import { printDataStatement, printExpression, printSelect } from './print-query.ts';
import { SqliteSyntaxError } from './syntax-error.ts';

/**
 * The canonical form of an expression: two texts with the same form mean the same to SQLite. Differences in
 * whitespace, comments, quoting, case, needless parentheses and spellings of one operator or number are gone.
 * An expression the parser does not know gets the canonical form of its tokens.
 */
export function canonicalExpression(text: string, context: ExpressionContext = {}): string {
  return orTokens(text, () => printExpression(parseExpression(text), canonicalStyle(context)));
}

/** The canonical form of a SELECT. Names stay qualified as they are: what they mean depends on other tables. */
export function canonicalSelect(text: string): string {
  return orTokens(text, () => printSelect(parseSelect(text), canonicalStyle({})));
}

/** The canonical form of a SELECT, INSERT, UPDATE or DELETE. */
export function canonicalDataStatement(text: string): string {
  return orTokens(text, () => printDataStatement(parseDataStatement(text), canonicalStyle({})));
}

/**
 * The canonical form of a column's default, given as parsed or as the text after DEFAULT (which is also what
 * `pragma table_xinfo` reports, save that the pragma drops the parentheses of an expression).
 */
export function canonicalDefault(value: DefaultValue | string): string {
  if (typeof value === 'string') return canonicalDefaultText(value);
  if (value.form !== 'word') return canonicalExpression(value.text, { columns: [] });
  const name = nameFrom(new Cursor(value.text).take());
  const word = foldName(name.value);
  if (name.quote === '' && (word === 'true' || word === 'false')) return word === 'true' ? '1' : '0';
  return quoteString(name.value);
}

function canonicalDefaultText(text: string): string {
  return orTokens(text, () => {
    const cursor = new Cursor(text);
    const simple = tryOrNothing(() => parseDefault(cursor));
    if (simple !== undefined && cursor.atEnd()) return canonicalDefault(simple);
    return canonicalExpression(text, { columns: [] });
  });
}

/**
 * The canonical form of a CREATE VIEW, TRIGGER or INDEX, for comparing two whole definitions; any other statement
 * gets the canonical form of its tokens. IF NOT EXISTS and the schema before the object's own name are left out, as
 * sqlite_schema does.
 */
export function canonicalStatement(text: string, context: Pick<ExpressionContext, 'columns'> = {}): string {
  return orTokens(text, () => {
    const object = parseCreate(text);
    if (object.kind === 'view') return canonicalView(object);
    if (object.kind === 'trigger') return canonicalTrigger(object);
    if (object.kind === 'index') return canonicalIndex(object, context);
    return canonicalTokens(text);
  });
}

function canonicalView(view: CreateView): string {
  const columns = view.columns.map((column) => canonicalName(column.value)).join(', ');
  const name = canonicalName(view.name.value) + (columns === '' ? '' : ` (${columns})`);
  return `CREATE ${view.temporary ? 'TEMP ' : ''}VIEW ${name} AS ${canonicalSelect(view.select.text)}`;
}

function canonicalTrigger(trigger: CreateTrigger): string {
  const { event } = trigger;
  const parts = [`CREATE ${trigger.temporary ? 'TEMP ' : ''}TRIGGER ${canonicalName(trigger.name.value)}`];
  parts.push(trigger.timing.toUpperCase(), event.type.toUpperCase());
  if (event.type === 'update' && event.columns.length > 0) {
    // The order of these columns means nothing.
    const columns = new Set(event.columns.map((column) => canonicalName(column.value)));
    parts.push(`OF ${[...columns].sort().join(', ')}`);
  }
  const schema = trigger.tableSchema === undefined ? 'main' : foldName(trigger.tableSchema.value);
  parts.push(
    `ON ${schema === 'main' ? '' : `${canonicalName(schema)}.`}${canonicalName(trigger.table.value)}`,
  );
  if (trigger.when !== undefined) parts.push(`WHEN ${canonicalExpression(trigger.when.text)}`);
  const body = trigger.statements.map((statement) => `${canonicalDataStatement(statement.text)}; `);
  return `${parts.join(' ')} BEGIN ${body.join('')}END`;
}

function canonicalIndex(index: CreateIndex, { columns }: Pick<ExpressionContext, 'columns'>): string {
  const context: ExpressionContext = { table: index.table.value, columns };
  const terms = index.terms.map((term) => {
    let text =
      term.column === undefined ? canonicalTerm(term.expression, context) : canonicalName(term.column.value);
    if (term.collation !== undefined) text += ` COLLATE ${canonicalName(term.collation.value)}`;
    return term.order === 'desc' ? `${text} DESC` : text;
  });
  const kind = index.unique ? 'UNIQUE INDEX' : 'INDEX';
  const where = index.where === undefined ? '' : ` WHERE ${canonicalExpression(index.where.text, context)}`;
  const name = canonicalName(index.name.value);
  return `CREATE ${kind} ${name} ON ${canonicalName(index.table.value)} (${terms.join(', ')})${where}`;
}

function canonicalTerm(expression: SqlText, context: ExpressionContext): string {
  return canonicalExpression(expression.text, context);
}

function orTokens(text: string, canonical: () => string): string {
  return tryOrNothing(canonical) ?? tryOrNothing(() => canonicalTokens(text)) ?? text.trim();
}

function tryOrNothing<T>(attempt: () => T): T | undefined {
  try {
    return attempt();
  } catch (error) {
    if (error instanceof SqliteSyntaxError) return undefined;
    throw error;
  }
}
