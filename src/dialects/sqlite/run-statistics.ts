/** What ANALYZE found out, kept over a migration that makes tables anew. */
import type { Connection } from './drivers/load.ts';
import { noteStatistics, restoreStatistics, type Statistics } from './plan/statistics.ts';
import type { Script } from './run-script.ts';
import { foldName } from './syntax/names.ts';
import type { Token } from './syntax/tokenize.ts';

/** The statistics as they were, with the definitions of the indexes they speak of. */
export interface NotedStatistics {
  readonly statistics: Statistics;
  /** By name. */
  readonly indexes: ReadonlyMap<string, string | null>;
}

/** Null where there is nothing to be kept: never analysed, or the migration sees to it itself. */
export function noteBefore(connection: Connection, script: Script): NotedStatistics | null {
  const words = script.statements.flatMap(({ tokens }) => tokens);
  const isOwn = words.some(({ value }) => /^sqlite_stat/i.test(value));
  if (isOwn || !script.statements.some(({ tokens }) => losesStatistics(tokens))) return null;
  const statistics = noteStatistics(connection);
  return statistics && { statistics, indexes: readIndexes(connection) };
}

function losesStatistics([first, second]: readonly Token[]): boolean {
  return first?.keyword === 'ALTER' || (first?.keyword === 'DROP' && second?.keyword === 'TABLE');
}

function readIndexes(connection: Connection): ReadonlyMap<string, string | null> {
  const rows = connection.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'index'").all() as {
    readonly name: string;
    readonly sql: string | null;
  }[];
  return new Map(rows.map(({ name, sql }) => [name, sql]));
}

/** Puts back what is still true: of tables that go on, and of indexes with the same definition. */
export function restoreAfter(connection: Connection, script: Script, noted: NotedStatistics): void {
  const exists = connection.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'").get();
  if (exists === undefined) return;
  const now = readIndexes(connection);
  const rows = noted.statistics.rows.filter(({ idx }) => {
    if (idx === null || !now.has(idx)) return true;
    const [before, after] = [noted.indexes.get(idx) ?? null, now.get(idx) ?? null];
    return bodyOf(before) === bodyOf(after);
  });
  restoreStatistics(connection, { rows }, findRenamed(script));
}

/** What an index is on, without the names of itself and its table: those may be spelt otherwise now. */
function bodyOf(sql: string | null): string {
  return sql === null ? '' : sql.slice(sql.indexOf('(')).replace(/\s+/g, ' ');
}

/** Tables that go by another name at the end than at the beginning. */
function findRenamed({ statements }: Script): readonly { readonly from: string; readonly to: string }[] {
  const origins = new Map<string, string | null>();
  const namesNow = new Map<string, string>();
  for (const { tokens } of statements) {
    const [first, second] = tokens;
    if (second?.keyword !== 'TABLE' && first?.keyword !== 'CREATE') continue;
    const words = tokens.filter(
      ({ keyword }) => !['IF', 'NOT', 'EXISTS', 'TEMP', 'TEMPORARY'].includes(keyword),
    );
    const name = words[2]?.value ?? '';
    const key = foldName(name);
    if (first?.keyword === 'CREATE' && words[1]?.keyword === 'TABLE') origins.set(key, null);
    if (first?.keyword === 'DROP') origins.set(key, null);
    const isRename =
      first?.keyword === 'ALTER' && words[3]?.keyword === 'RENAME' && words[4]?.keyword === 'TO';
    if (!isRename) continue;
    const to = words[5]?.value ?? '';
    const origin = origins.has(key) ? (origins.get(key) ?? null) : name;
    origins.set(key, null);
    origins.set(foldName(to), origin);
    namesNow.set(foldName(to), to);
  }
  return [...origins].flatMap(([key, from]) => {
    const to = namesNow.get(key);
    return from === null || to === undefined || foldName(from) === key ? [] : [{ from, to }];
  });
}
