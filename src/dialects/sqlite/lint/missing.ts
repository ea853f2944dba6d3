/** What a migration lacks since one of its statements failed. Findings about that would only repeat the failure. */
import { foldName } from '../syntax/names.ts';
import type { Token } from '../syntax/tokenize.ts';
import type { LintStatement } from './script.ts';

export interface Missing {
  /** Tables and views that a failed statement would have made, folded. */
  readonly made: ReadonlySet<string>;
  /** Tables that a failed statement would have put rows into, folded, with the number of the statement. */
  readonly filled: ReadonlyMap<string, number>;
  /** Columns that a failed ALTER TABLE would have made, folded. */
  readonly columns: ReadonlySet<string>;
}

/** A statement that had no effect, and why. */
export interface Failed {
  /** Its number. */
  readonly at: number;
  readonly statement: LintStatement;
  readonly error: string;
}

/** Reads the words alone: a statement that fails may well be one that cannot be parsed. */
export function findMissing(failed: readonly Failed[]): Missing {
  const made = new Set<string>();
  const filled = new Map<string, number>();
  const columns = new Set<string>();
  for (const { at, statement, error } of failed) {
    // What is there already is not missing.
    if (!/already exists|already another/.test(error)) note(made, readMade(statement));
    const target = readFilled(statement);
    if (target !== null) filled.set(foldName(target), at);
    note(columns, readColumn(statement));
  }
  return { made, filled, columns };
}

function note(names: Set<string>, name: string | null): void {
  if (name !== null) names.add(foldName(name));
}

function readMade({ keyword, tokens }: LintStatement): string | null {
  if (keyword === 'CREATE') return readName(tokens, findWord(tokens, ['TABLE', 'VIEW']));
  return keyword === 'ALTER' && isRenameOfTable(tokens) ? readName(tokens, findWord(tokens, ['TO'])) : null;
}

function isRenameOfTable(tokens: readonly Token[]): boolean {
  const rename = findWord(tokens, ['RENAME']);
  return rename !== -1 && tokens[rename + 1]?.keyword === 'TO';
}

function readFilled({ keyword, tokens }: LintStatement): string | null {
  const writes = keyword === 'INSERT' || keyword === 'REPLACE' || keyword === 'WITH';
  return writes ? readName(tokens, findWord(tokens, ['INTO'])) : null;
}

function readColumn({ keyword, tokens }: LintStatement): string | null {
  if (keyword !== 'ALTER' || isRenameOfTable(tokens)) return null;
  const verb = findWord(tokens, ['ADD', 'RENAME']);
  if (tokens[verb]?.keyword === 'RENAME') return readName(tokens, findWord(tokens, ['TO']));
  return verb === -1 ? null : readName(tokens, tokens[verb + 1]?.keyword === 'COLUMN' ? verb + 1 : verb);
}

function findWord(tokens: readonly Token[], words: readonly string[]): number {
  return tokens.findIndex(({ kind, keyword }) => kind === 'word' && words.includes(keyword));
}

/** The name after a word, without IF NOT EXISTS and the schema. */
function readName(tokens: readonly Token[], after: number): string | null {
  if (after === -1) return null;
  const start = tokens[after + 1]?.keyword === 'IF' ? after + 4 : after + 1;
  const name = tokens[start + 1]?.text === '.' ? tokens[start + 2] : tokens[start];
  return name?.kind === 'word' || name?.kind === 'quoted' ? name.value : null;
}
