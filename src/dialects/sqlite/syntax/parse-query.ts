import type { SqlText } from './ast.ts';
import { Cursor } from './cursor.ts';
import { parseDataStatementAt } from './parse-data.ts';
import { parseExpressionAt } from './parse-expression.ts';
import { parseSelectAt } from './parse-select.ts';
import { parseOrderingTerms } from './parse-window.ts';
import type { DataStatement, Expression, Select } from './query-ast.ts';
import type { QueryParser } from './query-parser.ts';

function makeParser(cursor: Cursor): QueryParser {
  const parser: QueryParser = {
    cursor,
    expression: (least) => parseExpressionAt(parser, least),
    orderingTerms: () => parseOrderingTerms(parser),
    select: () => parseSelectAt(parser),
  };
  return parser;
}

/**
 * Parses a whole text as one expression. Offsets in the tree count from the start of the text.
 * @throws SqliteSyntaxError where the text is no expression of SQLite's
 */
export function parseExpression(sql: string): Expression {
  return parseAll(sql, parseExpressionAt);
}

/** Parses a whole text as one SELECT or VALUES, with or without a semicolon. Throws as `parseExpression` does. */
export function parseSelect(sql: string): Select {
  return parseAll(sql, parseSelectAt);
}

/** Parses a whole text as one SELECT, INSERT, UPDATE or DELETE. Throws as `parseExpression` does. */
export function parseDataStatement(sql: string): DataStatement {
  return parseAll(sql, parseDataStatementAt);
}

/** Parses the statements of a trigger's body. Offsets count from the start of each statement's own text. */
export function parseTriggerBody(statements: readonly SqlText[]): DataStatement[] {
  return statements.map((statement) => parseDataStatement(statement.text));
}

function parseAll<T>(sql: string, parse: (parser: QueryParser) => T): T {
  const cursor = new Cursor(sql);
  const result = parse(makeParser(cursor));
  cursor.finish();
  return result;
}
