/** A migration as the statements that are run, and what can be told of them before they are. */
import { basename } from 'node:path';
import { DriftError } from '../../errors.ts';
import { splitAtBreakpoints } from '../../project/migrations/statements.ts';
import type { MigrationScript } from '../migrator.ts';
import { splitStatements } from './syntax/statements.ts';
import { SqliteSyntaxError } from './syntax/syntax-error.ts';
import { tokenizeSignificant, type Token } from './syntax/tokenize.ts';

export interface ScriptLine {
  /** Without its semicolon. */
  readonly sql: string;
  /** Where it begins in the file, from 1. */
  readonly line: number;
  readonly tokens: readonly Token[];
}

export interface Script {
  readonly migration: MigrationScript;
  readonly statements: readonly ScriptLine[];
  /** False where every statement is one that SQLite refuses or ignores inside a transaction. */
  readonly transaction: boolean;
  /**
   * Whether foreign keys are enforced while it runs. They are not where tables may be dropped and made anew, since
   * DROP TABLE would take the children's rows with it. A migration that only deletes or updates rows gets what its
   * author saw under drizzle-orm's migrator: ON DELETE and ON UPDATE do their work.
   */
  readonly enforced: boolean;
}

/**
 * Cuts a migration into statements: at Drizzle's breakpoints first, then at the semicolons, so that a file without
 * breakpoints runs as well.
 * @throws DriftError MIGRATION_SYNTAX, MIGRATION_TRANSACTION, MIGRATION_NOT_TRANSACTIONAL, MIGRATION_LEAVES_FILE
 */
export function readScript(migration: MigrationScript): Script {
  const statements = splitAtBreakpoints(migration).flatMap((part) => splitPart(migration, part));
  for (const statement of statements) refuseWhatCannotRun(migration, statement);
  const outside = statements.filter((statement) => standsOutside(statement.tokens) !== null);
  const others = statements.filter(
    (statement) => !outside.includes(statement) && !setsForeignKeys(statement.tokens),
  );
  const [first] = outside;
  if (first !== undefined && others.length > 0) {
    const statement = standsOutside(first.tokens) ?? '';
    throw new DriftError('MIGRATION_NOT_TRANSACTIONAL', { where: placeOf(migration, first), statement });
  }
  return {
    migration,
    statements: first === undefined ? statements : outside,
    transaction: first === undefined,
    enforced: changesRows(statements) && !mayRebuild(statements),
  };
}

/** File and line of a statement, as editors take it. */
export function placeOf(migration: MigrationScript, { line }: Pick<ScriptLine, 'line'>): string {
  const name = basename(migration.file);
  const file = name === 'migration.sql' ? `${migration.tag}/${name}` : name;
  return `${file}:${String(line)}`;
}

/** The first words of a statement, on one line. */
export function shorten(sql: string, length = 100): string {
  const line = sql.replace(/\s+/g, ' ').trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}

function splitPart(
  migration: MigrationScript,
  part: { readonly text: string; readonly line: number },
): readonly ScriptLine[] {
  try {
    return splitStatements(part.text).map(({ text, start }) => ({
      sql: text,
      line: part.line + part.text.slice(0, start).split('\n').length - 1,
      tokens: tokenizeSignificant(text),
    }));
  } catch (error) {
    if (!(error instanceof SqliteSyntaxError)) throw error;
    const reason = error.message.replace(/\.$/, '');
    throw new DriftError('MIGRATION_SYNTAX', { where: placeOf(migration, part), reason }, { cause: error });
  }
}

function refuseWhatCannotRun(migration: MigrationScript, statement: ScriptLine): void {
  const { tokens } = statement;
  const where = placeOf(migration, statement);
  const word = tokens[0]?.keyword ?? '';
  const isToSavepoint = word === 'ROLLBACK' && tokens.some(({ keyword }) => keyword === 'TO');
  if (['BEGIN', 'COMMIT', 'END', 'ROLLBACK'].includes(word) && !isToSavepoint) {
    throw new DriftError('MIGRATION_TRANSACTION', { where, statement: word });
  }
  const intoFile = word === 'VACUUM' && tokens.some(({ keyword }) => keyword === 'INTO');
  if (word === 'ATTACH' || word === 'DETACH' || intoFile) {
    throw new DriftError('MIGRATION_LEAVES_FILE', { where, statement: intoFile ? 'VACUUM INTO' : word });
  }
}

/** PRAGMAs that SQLite refuses, ignores or puts off inside a transaction when they set something. */
const outsidePragmas: ReadonlySet<string> = new Set([
  'journal_mode',
  'synchronous',
  'temp_store',
  'temp_store_directory',
  'page_size',
  'auto_vacuum',
  'encoding',
  'wal_checkpoint',
  'locking_mode',
  'incremental_vacuum',
]);

/** What a statement that does not belong into a transaction is called; null for all others. */
function standsOutside(tokens: readonly Token[]): string | null {
  if (tokens[0]?.keyword === 'VACUUM') return 'VACUUM';
  const pragma = pragmaOf(tokens);
  if (pragma === null || !outsidePragmas.has(pragma.name)) return null;
  const isCommand = pragma.name === 'wal_checkpoint' || pragma.name === 'incremental_vacuum';
  return pragma.sets || isCommand ? `PRAGMA ${pragma.name}` : null;
}

function pragmaOf(tokens: readonly Token[]): { readonly name: string; readonly sets: boolean } | null {
  if (tokens[0]?.keyword !== 'PRAGMA') return null;
  const at = tokens[2]?.text === '.' ? 3 : 1;
  const sign = tokens[at + 1]?.text;
  return { name: (tokens[at]?.value ?? '').toLowerCase(), sets: sign === '=' || sign === '(' };
}

/** Whether settings of the connection may be others afterwards. */
export function changesConnection(script: Script): boolean {
  return script.statements.some(({ tokens }) => pragmaOf(tokens) !== null);
}

/** drizzle-kit writes it into its recreates, where it does nothing; drift has seen to it before. */
function setsForeignKeys(tokens: readonly Token[]): boolean {
  return pragmaOf(tokens)?.name === 'foreign_keys';
}

const rowWords: ReadonlySet<string> = new Set(['UPDATE', 'DELETE', 'REPLACE']);

function changesRows(statements: readonly ScriptLine[]): boolean {
  return statements.some(({ tokens }) => {
    const words = tokens.filter(({ kind }) => kind === 'word');
    const first = words[0]?.keyword ?? '';
    if (first === 'WITH') return words.some(({ keyword }) => rowWords.has(keyword));
    return rowWords.has(first) || (first === 'INSERT' && words[2]?.keyword === 'REPLACE');
  });
}

function mayRebuild(statements: readonly ScriptLine[]): boolean {
  return statements.some(
    ({ tokens, sql }) =>
      (tokens[0]?.keyword === 'DROP' && tokens[1]?.keyword === 'TABLE') || /foreign_keys/i.test(sql),
  );
}

/** False where no row can have been left without its parent, so that none has to be looked at. */
export function mayOrphan(script: Script): boolean {
  return script.statements.some(({ tokens }) => {
    const words = tokens.slice(0, 4).map(({ keyword }) => keyword);
    const [first = '', second = ''] = words;
    // legacy_alter_table and others change what the statements after it do.
    if (first === 'PRAGMA') return !setsForeignKeys(tokens);
    if (first === 'SELECT' || first === 'ANALYZE' || first === 'REINDEX') return false;
    if (first === 'DROP') return second === 'TABLE';
    if (first === 'ALTER') return tokens.some(({ keyword }) => keyword === 'REFERENCES');
    // CREATE TABLE … AS SELECT makes no foreign keys; but the new table may be a parent that was missing.
    return first !== 'CREATE';
  });
}
