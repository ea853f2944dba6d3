/**
 * AUTOINCREMENT goes on where it was. A table that is made anew by copy, drop and rename otherwise begins again after the
 * highest id that is left, and gives out ids of deleted rows a second time. sqlite.org/autoinc.html
 */
import type { Connection } from './drivers/load.ts';
import type { Script } from './run-script.ts';
import { foldName, sameName } from './syntax/names.ts';
import { tokenizeSignificant, type Token } from './syntax/tokenize.ts';

/** The highest id that was ever given out, by the table's name. Ids may have 64 bits. */
export type Sequences = ReadonlyMap<string, bigint>;

/** Null where there is nothing to be kept: no sequences, no table that goes, or the migration sees to them itself. */
export function noteSequences(connection: Connection, { statements }: Script): Sequences | null {
  const drops = statements.some(({ tokens }) => isDrop(tokens));
  const isOwn = statements.some(({ tokens }) =>
    tokens.some(({ value }) => sameName(value, 'sqlite_sequence')),
  );
  if (!drops || isOwn) return null;
  const sequences = readSequences(connection);
  return sequences.size === 0 ? null : sequences;
}

/** @returns names of the tables whose sequence was put back */
export function restoreSequences(
  connection: Connection,
  { statements }: Script,
  before: Sequences,
): readonly string[] {
  const now = readSequences(connection);
  const wantedBy = new Map([...before].map(([name, value]) => [foldName(name), value]));
  const counted = new Set(wantedBy.keys());
  const successors = findSuccessors(
    statements.map(({ tokens }) => tokens),
    counted,
  );
  return successors.flatMap(({ table, of }) => {
    const wanted = wantedBy.get(of);
    const [known, value] = [...now].find(([name]) => sameName(name, table)) ?? [];
    const name = findCounting(connection, table);
    if (wanted === undefined || name === null || (value ?? 0n) >= wanted) return [];
    if (known === undefined) {
      connection.prepare('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)').run(name, wanted);
    } else {
      connection.prepare('UPDATE sqlite_sequence SET seq = ? WHERE name = ?').run(wanted, known);
    }
    return [name];
  });
}

function readSequences(connection: Connection): Sequences {
  const exists = connection.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'").get();
  if (exists === undefined) return new Map();
  // A row of another kind is nobody's sequence.
  const rows = connection
    .prepare("SELECT name, seq FROM sqlite_sequence WHERE typeof(name) = 'text' AND typeof(seq) = 'integer'")
    .safeIntegers()
    .raw()
    .all() as [string, bigint][];
  return new Map(rows);
}

/** The table's name as it is written, where it has AUTOINCREMENT now. */
function findCounting(connection: Connection, table: string): string | null {
  const row = connection
    .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name = ? COLLATE NOCASE")
    .get(table) as { readonly name: string; readonly sql: string } | undefined;
  if (row === undefined) return null;
  return tokenizeSignificant(row.sql).some(({ keyword }) => keyword === 'AUTOINCREMENT') ? row.name : null;
}

function isDrop([first, second]: readonly Token[]): boolean {
  return first?.keyword === 'DROP' && second?.keyword === 'TABLE';
}

/** A table that took the rows of another, which was dropped. */
interface Successor {
  readonly table: string;
  /** Folded. */
  readonly of: string;
}

/**
 * Follows copies and renames. A table that is dropped and created empty begins anew, as whoever wrote that will have
 * meant.
 */
function findSuccessors(
  statements: readonly (readonly Token[])[],
  counted: ReadonlySet<string>,
): readonly Successor[] {
  /** By the folded name of now: the table of before that it is, or whose rows it has. */
  const sources = new Map([...counted].map((name) => [name, name]));
  const copies = new Map<string, string>();
  const gone = new Set<string>();
  for (const tokens of statements) {
    const [first, , third, fourth, fifth, sixth] = tokens;
    if (isDrop(tokens)) {
      const name = foldName(tokens.at(-1)?.value ?? '');
      const source = sources.get(name);
      if (source !== undefined && !copies.has(name)) gone.add(source);
      sources.delete(name);
      copies.delete(name);
    } else if (first?.keyword === 'ALTER' && fourth?.keyword === 'RENAME' && fifth?.keyword === 'TO') {
      const [from, to] = [foldName(third?.value ?? ''), sixth?.value ?? ''];
      const source = sources.get(from);
      const isCopy = copies.delete(from);
      sources.delete(from);
      if (source !== undefined) sources.set(foldName(to), source);
      if (isCopy) copies.set(foldName(to), to);
    } else {
      const copy = readCopy(tokens, sources);
      // Rows that are added to a table of before are no reason to count on from elsewhere.
      if (copy === null || sources.has(foldName(copy.table))) continue;
      sources.set(foldName(copy.table), copy.of);
      copies.set(foldName(copy.table), copy.table);
    }
  }
  return [...copies].flatMap(([name, table]) => {
    const of = sources.get(name);
    return of !== undefined && gone.has(of) ? [{ table, of }] : [];
  });
}

/** `INSERT INTO x … SELECT … FROM y`, in whatever form. */
function readCopy(tokens: readonly Token[], sources: ReadonlyMap<string, string>): Successor | null {
  const first = tokens[0]?.keyword;
  const into = tokens.findIndex(({ keyword }) => keyword === 'INTO');
  const select = tokens.findIndex(({ keyword }) => keyword === 'SELECT');
  if ((first !== 'INSERT' && first !== 'REPLACE' && first !== 'WITH') || into === -1 || select === -1)
    return null;
  const read = tokens
    .slice(select)
    .filter((_, at, rest) => ['FROM', 'JOIN'].includes(rest[at - 1]?.keyword ?? ''))
    .flatMap(({ value }) => sources.get(foldName(value)) ?? []);
  const [table, of] = [tokens[into + 1]?.value, read[0]];
  return table === undefined || of === undefined ? null : { table, of };
}
