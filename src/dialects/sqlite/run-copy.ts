/**
 * `INSERT INTO a (…) SELECT … FROM b`, which rebuilds consist of, run by ranges of rowids: the same rows in the same
 * order, and between two ranges there is a moment to say how far it is. SQLite itself tells nothing while it runs a
 * statement, and better-sqlite3 has no progress handler.
 */
import { setImmediate as breathe } from 'node:timers/promises';
import type { CopyProgress } from '../migrator.ts';
import type { Connection } from './drivers/load.ts';
import { foldName, quoteIdentifier } from './syntax/names.ts';
import type { Token } from './syntax/tokenize.ts';

/** Rows at a time: a fraction of a second's work, and too many for the overhead to count. */
const rangeSize = 25_000;

/** Tables with fewer rowids than this are copied at once. */
const smallest = 50_000;

/** A statement that copies one table into another, row by row. */
export interface BareCopy {
  readonly to: string;
  readonly from: string;
  /** Columns written, in order; null where the statement does not list them. */
  readonly columns: readonly string[] | null;
  /** What goes into each: a column of `from`, or an expression. */
  readonly values: readonly ({ readonly column: string } | { readonly expression: string })[];
}

/** Words that make the result more than the rows of one table, one by one. */
const otherThanRows: ReadonlySet<string> = new Set([
  'SELECT',
  'DISTINCT',
  'WHERE',
  'GROUP',
  'HAVING',
  'ORDER',
  'LIMIT',
  'JOIN',
  'UNION',
  'INTERSECT',
  'EXCEPT',
  'OVER',
  'FILTER',
  'WINDOW',
  'RETURNING',
  'INDEXED',
  'VALUES',
]);

/** Functions that look at one row alone. Any other may be an aggregate. */
const rowFunctions: ReadonlySet<string> = new Set(
  (
    'abs cast coalesce concat concat_ws date datetime hex ifnull iif instr json json_extract julianday length ' +
    'lower ltrim nullif printf format quote replace round rtrim strftime substr substring time trim typeof ' +
    'unicode unixepoch upper'
  ).split(' '),
);

/** Recognises a plain copy; null for every other statement, and wherever there is doubt. */
export function readBareCopy(sql: string, tokens: readonly Token[]): BareCopy | null {
  // ABORT is what happens anyway, unless a constraint of the table says otherwise.
  const start = tokens[1]?.keyword === 'OR' && tokens[2]?.keyword === 'ABORT' ? 3 : 1;
  if (tokens[0]?.keyword !== 'INSERT' || tokens[start]?.keyword !== 'INTO') return null;
  const reader = new Reader(tokens, start + 1);
  const to = reader.readName();
  if (to === null) return null;
  const columns = reader.peek()?.text === '(' ? reader.readNames() : null;
  if (reader.next()?.keyword !== 'SELECT') return null;
  const values = reader.readValues(sql);
  if (values === null || values.length === 0) return null;
  const from = reader.readName();
  if (from === null || reader.peek() !== undefined || foldName(from) === foldName(to)) return null;
  if (columns !== null && columns.length !== values.length) return null;
  return { to, from, columns, values };
}

class Reader {
  readonly #tokens: readonly Token[];
  #at: number;

  constructor(tokens: readonly Token[], at: number) {
    this.#tokens = tokens;
    this.#at = at;
  }

  peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  next(): Token | undefined {
    return this.#tokens[this.#at++];
  }

  /** A table's name, of the main database. */
  readName(): string | null {
    const name = this.next();
    if (name === undefined || (name.kind !== 'word' && name.kind !== 'quoted')) return null;
    return this.peek()?.text === '.' ? null : name.value;
  }

  readNames(): readonly string[] | null {
    const names: string[] = [];
    this.next();
    for (;;) {
      const name = this.next();
      if (name === undefined || (name.kind !== 'word' && name.kind !== 'quoted')) return null;
      names.push(name.value);
      const separator = this.next()?.text;
      if (separator === ')') return names;
      if (separator !== ',') return null;
    }
  }

  /** The list between SELECT and FROM. */
  readValues(sql: string): BareCopy['values'] | null {
    const values: ({ column: string } | { expression: string })[] = [];
    let depth = 0;
    let from = this.#at;
    for (; ; this.#at++) {
      const token = this.peek();
      if (token === undefined || !this.#isOfOneRow(token)) return null;
      const ends = depth === 0 && (token.text === ',' || token.keyword === 'FROM');
      if (ends) {
        const value = this.#describeValue(sql, from, this.#at);
        if (value === null) return null;
        values.push(value);
        from = this.#at + 1;
        if (token.keyword !== 'FROM') continue;
        this.#at++;
        return values;
      }
      if (token.text === '(') depth++;
      else if (token.text === ')') depth--;
    }
  }

  #isOfOneRow(token: Token): boolean {
    if (token.kind === 'parameter' || token.text === '*') return false;
    if (token.kind !== 'word') return token.kind !== 'quoted' || this.#tokens[this.#at + 1]?.text !== '(';
    if (otherThanRows.has(token.keyword)) return false;
    const isCall = this.#tokens[this.#at + 1]?.text === '(';
    // After a keyword, as in `IN (`, a parenthesis is no call.
    return !isCall || token.keyword !== '' || rowFunctions.has(token.value.toLowerCase());
  }

  #describeValue(sql: string, from: number, to: number): { column: string } | { expression: string } | null {
    const [first, last] = [this.#tokens[from], this.#tokens[to - 1]];
    if (first === undefined || last === undefined || to <= from) return null;
    const isName = first.kind === 'quoted' || (first.kind === 'word' && first.keyword === '');
    if (to - from === 1 && isName) return { column: first.value };
    return { expression: sql.slice(first.start, last.end) };
  }
}

/** The ranges that a copy is done in; null where it is done at once. */
export interface RangedCopy {
  readonly table: string;
  /** A name of the rowid that no column has taken. */
  readonly rowid: string;
  /** Rows of the table. */
  readonly rows: number;
  /** The rowid before its first. */
  readonly before: bigint;
  readonly last: bigint;
}

/** Sees whether a copy is worth doing in ranges, and can be. */
export function planRanges(connection: Connection, copy: BareCopy | null): RangedCopy | null {
  if (copy === null) return null;
  const kind = connection
    .prepare("SELECT type, wr FROM pragma_table_list WHERE schema = 'main' AND name = ? COLLATE NOCASE")
    .get(copy.from) as { readonly type: string; readonly wr: number } | undefined;
  if (kind?.type !== 'table' || kind.wr !== 0) return null;
  const columns = new Set(
    (connection.prepare('SELECT name FROM pragma_table_xinfo(?)').pluck().all(copy.from) as string[]).map(
      foldName,
    ),
  );
  const rowid = ['rowid', '_rowid_', 'oid'].find((name) => !columns.has(name));
  if (rowid === undefined) return null;
  // A trigger could change the table that is read, which only the whole statement does not notice.
  const trigger = connection
    .prepare("SELECT 1 FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ? COLLATE NOCASE")
    .get(copy.to);
  if (trigger !== undefined) return null;
  const table = quoteIdentifier(copy.from);
  const ends = connection
    .prepare(
      `SELECT (SELECT min(${rowid}) FROM ${table}) AS low, (SELECT max(${rowid}) FROM ${table}) AS high`,
    )
    .safeIntegers(true)
    .get() as { readonly low: bigint | null; readonly high: bigint | null };
  if (ends.low === null || ends.high === null || ends.high - ends.low < smallest) return null;
  // One step before the smallest rowid there is would be the largest.
  if (ends.low === smallestRowid) return null;
  const rows = connection.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number;
  return rows < smallest ? null : { table: copy.from, rowid, rows, before: ends.low - 1n, last: ends.high };
}

const smallestRowid = -(2n ** 63n);

/** Runs the copy range by range, and says after each how far it is. */
export async function copyInRanges(
  connection: Connection,
  sql: string,
  { table, rowid, rows, before, last }: RangedCopy,
  now: () => number,
  onProgress: (progress: CopyProgress) => void,
): Promise<void> {
  const copy = connection.prepare(`${sql}\nWHERE ${rowid} > ? AND ${rowid} <= ?`);
  // Of equal width rather than equal number: to count off rows, each would have to be read once more.
  const ranges = BigInt(Math.max(1, Math.ceil(rows / rangeSize)));
  const width = (last - before) / ranges + 1n;
  const start = now();
  let done = 0;
  for (let low = before; low < last; low += width) {
    const high = low + width < last ? low + width : last;
    done += copy.run(low, high).changes;
    const seconds = Math.max(now() - start, 1) / 1000;
    const rowsPerSecond = Math.round(done / seconds);
    const secondsLeft = Math.max(0, Math.ceil((rows - done) / Math.max(rowsPerSecond, 1)));
    onProgress({ table, rows: done, of: rows, rowsPerSecond, secondsLeft });
    await breathe();
  }
}
