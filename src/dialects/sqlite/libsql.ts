/**
 * What libSQL has beyond SQLite, for databases of our own in memory: migrations of a Turso project are to build their
 * schema there, and nobody reads the values. github.com/tursodatabase/libsql, libsql_extensions.md
 */
import type { Connection } from './drivers/load.ts';
import { redefineColumn } from './redefine-column.ts';
import { tokenizeSignificant } from './syntax/tokenize.ts';

/** A vector index is written as one over this function. */
const indexFunction = 'libsql_vector_idx';

/** They make, read and compare vectors; docs.turso.tech/features/ai-and-embeddings */
const vectorFunctions = [
  'vector',
  'vector1bit',
  'vector8',
  'vector16',
  'vectorb16',
  'vector32',
  'vector64',
  'vector_extract',
  'vector_concat',
  'vector_slice',
  'vector_distance_cos',
  'vector_distance_l2',
];

/** Makes the functions known, so that indexes, defaults and rows with them can be made. Their results mean nothing. */
export function teachLibsql(connection: Connection): void {
  const empty = (): Buffer => Buffer.alloc(0);
  for (const name of [indexFunction, ...vectorFunctions]) {
    connection.function(name, { varargs: true, deterministic: true }, empty);
  }
}

/**
 * What libSQL makes of a statement that SQLite refuses: `ALTER TABLE … ALTER COLUMN … TO`, and RANDOM ROWID, which only
 * says which rowids new rows get. False where it is neither, and nothing was done.
 * @param error what SQLite said
 * @throws SqliteError where the rest of the statement is wrong
 */
export function runAsLibsql(connection: Connection, sql: string, error: string): boolean {
  if (/^near "TO": syntax error$/i.test(error)) return redefineColumn(connection, sql);
  const plain = /^near "ROWID": syntax error$/i.test(error) ? withoutRandomRowid(sql) : null;
  if (plain === null) return false;
  connection.exec(plain);
  return true;
}

function withoutRandomRowid(sql: string): string | null {
  const tokens = tokenizeSignificant(sql);
  const at = tokens.findIndex(
    ({ value }, index) =>
      /^random$/i.test(value) &&
      /^rowid$/i.test(tokens[index + 1]?.value ?? '') &&
      [')', ','].includes(tokens[index - 1]?.text ?? ''),
  );
  const [random, rowid] = [tokens[at], tokens[at + 1]];
  if (tokens[0]?.keyword !== 'CREATE' || random === undefined || rowid === undefined) return null;
  // Other options stand before or after it, with commas between.
  const before = sql.slice(0, random.start).replace(/,\s*$/, ' ');
  const after = sql.slice(rowid.end);
  return before.trimEnd().endsWith(')') ? before + after.replace(/^\s*,/, ' ') : before + after;
}
