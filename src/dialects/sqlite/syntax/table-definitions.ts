/**
 * Reads a CREATE TABLE definition by definition, the text of a column once. Most tables of a database have columns in the
 * very same words (`id`, `created_at`), and what a definition says does not depend on the table around it. Constraints
 * mostly name what is their table's own.
 */
import type { ColumnDefinition, CreateTable, TableConstraint } from './ast.ts';
import { Cursor } from './cursor.ts';
import { cutList } from './cut-list.ts';
import { parseTableConstraint } from './parse-constraint.ts';
import { parseColumnAt, parseTableOptions, startsTableConstraint } from './parse-table.ts';
import { SqliteSyntaxError } from './syntax-error.ts';

/** What a CREATE TABLE says. The offsets in it are those in the text of each definition. */
export type TableDefinitions = Pick<CreateTable, 'columns' | 'constraints' | 'strict' | 'withoutRowid'>;

/** Columns that were read before, by their texts. */
export type KnownDefinitions = Map<string, ColumnDefinition>;

/**
 * Undefined where the text is no CREATE TABLE of the plain kind, so that it takes the whole parser to read it or to
 * say what is wrong with it.
 */
export function readTableDefinitions(sql: string, known: KnownDefinitions): TableDefinitions | undefined {
  const cut = reachesBack.test(sql) ? undefined : cutList(sql, head);
  if (cut === undefined) return undefined;
  try {
    const columns: ColumnDefinition[] = [];
    const constraints: TableConstraint[] = [];
    for (const text of cut.texts) {
      const definition = known.get(text) ?? readDefinition(text);
      if (definition === undefined) return undefined;
      if (!('kind' in definition)) {
        if (constraints.length > 0) return undefined;
        known.set(text, definition);
        columns.push(definition);
      } else if (columns.length > 0) constraints.push(definition);
      else return undefined;
    }
    return { columns, constraints, ...readOptions(cut.rest) };
  } catch (error) {
    if (error instanceof SqliteSyntaxError) return undefined;
    throw error;
  }
}

function readDefinition(text: string): ColumnDefinition | TableConstraint | undefined {
  const cursor = new Cursor(text);
  const definition = startsTableConstraint(cursor)
    ? parseTableConstraint({ cursor, lastReference: undefined })
    : parseColumnAt(cursor);
  return cursor.atEnd() ? definition : undefined;
}

const noOptions = { strict: false, withoutRowid: false } as const;

function readOptions(text: string): Pick<CreateTable, 'strict' | 'withoutRowid'> {
  if (text === '') return noOptions;
  const cursor = new Cursor(text);
  const options = parseTableOptions(cursor);
  cursor.finish();
  return options;
}

const head = /^CREATE TABLE (?:\w+|`[^`]+`|"[^"]+") *\(/;
/** DEFERRABLE may speak of a reference in a definition before its own. */
const reachesBack = /deferrable/i;
