import type { Scope, Scratch, ScratchFailure } from '../dialect.ts';
import { loadBetterSqlite, type Connection } from './drivers/load.ts';
import { readAppliedRows } from './introspect/applied-rows.ts';
import { readSchema } from './introspect/read-schema.ts';
import { runAsLibsql, teachLibsql } from './libsql.ts';
import { quoteString } from './syntax/names.ts';
import { SqliteSyntaxError } from './syntax/syntax-error.ts';
import { tokenize, tokenizeSignificant } from './syntax/tokenize.ts';

/**
 * Opens an empty database in memory.
 * @throws DriftError DRIVER_NOT_INSTALLED, DRIVER_BROKEN
 */
export function openScratch(): Scratch {
  const Constructor = loadBetterSqlite();
  const connection = new Constructor(':memory:');
  // There are no rows to protect, and a migration may well name a table that only a later one makes.
  connection.pragma('foreign_keys = OFF');
  teachLibsql(connection);
  return {
    label: 'scratch database in memory',
    introspect: (scope: Scope) => Promise.resolve(readSchema(connection, scope)),
    readAppliedMigrations: (scope: Scope) =>
      Promise.resolve(readAppliedRows(connection, scope.migrationsTable.table)),
    run: (statements) => Promise.resolve(runAll(connection, statements)),
    close: () => {
      connection.close();
      return Promise.resolve();
    },
  };
}

function runAll(connection: Connection, statements: readonly string[]): ScratchFailure | null {
  for (const [index, statement] of statements.entries()) {
    const cause = runOne(connection, statement);
    if (cause !== null) return { index, reason: cause.message, cause };
  }
  return null;
}

const misquoted = /^no such column: "(.*)" - should this be a string literal in single-quotes\?$/s;

/**
 * Older SQLite takes a double-quoted word that names no column for a string, and migrations written then rely on it.
 * SQLite says where it would have, and the statement is tried again with that word as a string.
 */
function runOne(connection: Connection, statement: string): Error | null {
  const barrier = findBarrier(statement);
  if (barrier !== null) return barrier;
  let text = statement;
  for (;;) {
    const error = execute(connection, text);
    if (error !== null && /^near "(?:TO|ROWID)": syntax error$/i.test(error.message)) {
      return tryAsLibsql(connection, text, error);
    }
    const word = error === null ? undefined : misquoted.exec(error.message)?.[1];
    if (error === null || word === undefined) return error;
    const corrected = replaceWord(text, word);
    if (corrected === text) return error;
    text = corrected;
  }
}

function tryAsLibsql(connection: Connection, text: string, error: Error): Error | null {
  try {
    return runAsLibsql(connection, text, error.message) ? null : error;
  } catch (refusal) {
    return refusal instanceof Error ? refusal : error;
  }
}

/** All of the text or nothing of it, so that it can be tried again; but a text may manage transactions itself. */
function execute(connection: Connection, text: string): Error | null {
  const isFree = !/\b(?:commit|rollback|savepoint|release|vacuum|end\s+transaction)\b/i.test(text);
  try {
    if (isFree) connection.exec('SAVEPOINT drift_statement');
    connection.exec(text);
    if (isFree && connection.inTransaction) connection.exec('RELEASE drift_statement');
    return null;
  } catch (error) {
    if (isFree && connection.inTransaction) {
      connection.exec('ROLLBACK TO drift_statement; RELEASE drift_statement');
    }
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Why a statement must not run at all; null where it may. */
function findBarrier(statement: string): Error | null {
  try {
    const outside = findWayOut(statement);
    return outside === null ? null : new Error(`${outside} reaches a file outside of the scratch database`);
  } catch (error) {
    // What cannot be read cannot be looked through, and SQLite would not take it either.
    if (error instanceof SqliteSyntaxError) return error;
    throw error;
  }
}

/** ATTACH and VACUUM INTO open or make files wherever they say. */
function findWayOut(text: string): string | null {
  if (!/\b(?:attach|into)\b/i.test(text)) return null;
  const tokens = tokenizeSignificant(text);
  const starts = tokens.filter((_, index) => index === 0 || tokens[index - 1]?.text === ';');
  if (starts.some(({ keyword }) => keyword === 'ATTACH')) return 'ATTACH';
  const isVacuum = starts.some(({ keyword }) => keyword === 'VACUUM');
  return isVacuum && tokens.some(({ keyword }) => keyword === 'INTO') ? 'VACUUM INTO' : null;
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
