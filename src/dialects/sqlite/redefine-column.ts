/**
 * libSQL's `ALTER TABLE t ALTER COLUMN c TO …`, done by hand for SQLite, which does not have it: it puts another
 * definition into the text of the table and leaves the rows as they are. github.com/tursodatabase/libsql, libsql_extensions.md
 */
import type { Connection } from './drivers/load.ts';
import type { AlterTable } from './syntax/change-ast.ts';
import { quoteIdentifier, sameName } from './syntax/names.ts';
import { parseChange } from './syntax/parse-change.ts';
import { parseCreateTable } from './syntax/parse-create.ts';
import { SqliteSyntaxError } from './syntax/syntax-error.ts';

type Redefinition = AlterTable & {
  readonly alteration: Extract<AlterTable['alteration'], { readonly type: 'redefine-column' }>;
};

/**
 * Runs the text where it is such a statement; false where it is another one.
 * @throws SqliteError, and Error in its words where the table or the column is not there
 */
export function redefineColumn(connection: Connection, text: string): boolean {
  const change = readRedefinition(text);
  if (change === null) return false;
  const { column, to } = change.alteration;
  const table = findTable(connection, change.table.value);
  if (table === null) throw new Error(`no such table: ${change.table.value}`);
  if (column.value !== to.name.value) {
    const rename = [table.name, column.value, to.name.value].map((name) => quoteIdentifier(name));
    connection.exec(
      `ALTER TABLE ${String(rename[0])} RENAME COLUMN ${String(rename[1])} TO ${String(rename[2])}`,
    );
  }
  const { sql } = findTable(connection, table.name) ?? table;
  const old = parseCreateTable(sql).columns.find(({ name }) => sameName(name.value, to.name.value));
  if (!old) throw new Error(`no such column: "${column.value}"`);
  const definition = text.slice(to.start, to.end);
  replaceText(connection, table.name, `${sql.slice(0, old.start)}${definition}${sql.slice(old.end)}`);
  return true;
}

function readRedefinition(text: string): Redefinition | null {
  if (!/\bALTER\s+COLUMN\b/i.test(text)) return null;
  try {
    const change = parseChange(text);
    return change.kind === 'alter-table' && change.alteration.type === 'redefine-column'
      ? (change as Redefinition)
      : null;
  } catch (error) {
    if (error instanceof SqliteSyntaxError) return null;
    throw error;
  }
}

interface TableText {
  readonly name: string;
  readonly sql: string;
}

function findTable(connection: Connection, name: string): TableText | null {
  const rows = connection
    .prepare<[], TableText>(`SELECT name, sql FROM main.sqlite_master WHERE type = 'table'`)
    .all();
  return rows.find((row) => sameName(row.name, name)) ?? null;
}

/** Only for a database of our own: the text that SQLite reads the table from is written directly. */
function replaceText(connection: Connection, name: string, sql: string): void {
  connection.unsafeMode(true);
  try {
    connection.pragma('writable_schema = ON');
    connection
      .prepare(`UPDATE main.sqlite_master SET sql = ? WHERE type = 'table' AND name = ?`)
      .run(sql, name);
    const version = Number(connection.pragma('schema_version', { simple: true }));
    connection.pragma(`schema_version = ${String(version + 1)}`);
  } finally {
    connection.pragma('writable_schema = OFF');
    connection.unsafeMode(false);
  }
  // SQLite reads the text anew, and says so if it cannot.
  connection.prepare(`SELECT 1 FROM main.${quoteIdentifier(name)}`).all();
}
