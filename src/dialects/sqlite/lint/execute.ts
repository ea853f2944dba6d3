/** Runs single statements of migrations on databases in memory, and never lets one reach out of them. */
import { loadBetterSqlite, type Connection } from '../drivers/load.ts';
import { runAsLibsql, teachLibsql } from '../libsql.ts';
import { foldName, quoteString } from '../syntax/names.ts';
import { tokenize } from '../syntax/tokenize.ts';
import type { LintStatement } from './script.ts';

/** What became of a statement. */
export interface Execution {
  /** The engine's own words; null where it ran. */
  readonly error: string | null;
  /** Double-quoted words that older SQLite would have taken for strings; the statement was run with them as such. */
  readonly misquoted: readonly string[];
}

const ran: Execution = { error: null, misquoted: [] };

/** A copy of a database in memory with all its rows; the caller closes it. */
export function copyDatabase(source: Connection | Buffer): Connection {
  const bytes = Buffer.isBuffer(source) ? source : source.serialize();
  const Constructor = loadBetterSqlite();
  // An empty database has no bytes, which would be taken for a path.
  const copy = bytes.length === 0 ? new Constructor(':memory:') : new Constructor(bytes);
  teachLibsql(copy);
  return copy;
}

/** Statements that open or write files are never run. */
const reachingOut: ReadonlySet<string> = new Set(['ATTACH', 'DETACH', 'VACUUM']);

/** Begin or end of a transaction. ROLLBACK TO and its kin, for savepoints, are none. */
export function isTransactionControl({
  keyword,
  tokens,
}: Pick<LintStatement, 'keyword' | 'tokens'>): boolean {
  if (keyword === 'ROLLBACK') return !tokens.some((token) => token.keyword === 'TO');
  return keyword === 'BEGIN' || keyword === 'COMMIT' || keyword === 'END';
}

/** Pragmas that a copy in memory may be told; all others say something about files. */
const harmlessPragmas: ReadonlySet<string> = new Set([
  'foreign_keys',
  'defer_foreign_keys',
  'legacy_alter_table',
  'ignore_check_constraints',
  'recursive_triggers',
  'foreign_key_check',
]);

const misquotedWord = /^no such column: "(.*)" - should this be a string literal in single-quotes\?$/s;

/** Transactions are left to whoever runs a whole migration. */
export function executeStatement(connection: Connection, statement: LintStatement): Execution {
  if (reachingOut.has(statement.keyword)) return ran;
  if (statement.tree?.kind === 'pragma' && !harmlessPragmas.has(foldName(statement.tree.name.value)))
    return ran;
  return executeText(connection, statement.text);
}

function executeText(connection: Connection, sql: string): Execution {
  const misquoted: string[] = [];
  let text = sql;
  for (;;) {
    const error = tryAsLibsql(connection, text, tryText(connection, text));
    const word = error === null ? undefined : misquotedWord.exec(error)?.[1];
    if (error === null || word === undefined) return { error, misquoted };
    const corrected = replaceWord(text, word);
    if (corrected === text) return { error, misquoted };
    misquoted.push(word);
    text = corrected;
  }
}

/** What comes of it on libSQL; that no other SQLite knows it is said by a rule. */
function tryAsLibsql(connection: Connection, text: string, error: string | null): string | null {
  if (error === null) return null;
  try {
    return runAsLibsql(connection, text, error) ? null : error;
  } catch (refusal) {
    return refusal instanceof Error ? refusal.message : error;
  }
}

function tryText(connection: Connection, text: string): string | null {
  try {
    const statement = connection.prepare(text);
    if (statement.reader) statement.all();
    else statement.run();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function replaceWord(text: string, word: string): string {
  return tokenize(text)
    .map((token) =>
      token.kind === 'quoted' && token.text.startsWith('"') && token.value === word
        ? quoteString(word)
        : token.text,
    )
    .join('');
}
