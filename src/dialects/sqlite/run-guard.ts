/**
 * A migration that drift wrote counts orphans itself, before its first change and after its last one. Where the text says
 * so to the letter, its numbers are read while it runs, and the same tables are not gone through a second time.
 */
import type { Connection } from './drivers/load.ts';
import type { Script, ScriptLine } from './run-script.ts';
import { foldName, quoteIdentifier } from './syntax/names.ts';

/** One of the two counts. */
interface GuardCount {
  /** Of the statement, from 0. */
  readonly index: number;
  /** Folded names of the tables whose foreign keys are checked. */
  readonly tables: ReadonlySet<string>;
}

export interface OrphanGuard {
  /** Name of the guard, a table of TEMP. */
  readonly name: string;
  readonly before: GuardCount;
  readonly after: GuardCount;
}

const oneTable = String.raw`\(SELECT count\(\*\) FROM pragma_foreign_key_check\('(?:[^']|'')+'\)\)`;
const allTables = String.raw`${oneTable}(?:\s*\+\s*${oneTable})*`;
const guardName = '`((?:[^`]|``)+)`';

// What `renderAssertion` writes, and nothing that only looks like it.
const beforePattern = new RegExp(
  String.raw`^INSERT INTO temp\.${guardName} \(.orphans_before.\)\s+SELECT ${allTables}$`,
);
const afterPattern = new RegExp(
  String.raw`^INSERT INTO temp\.${guardName} \(.new_orphans.\)\s+SELECT ${allTables} - \(SELECT max\(orphans_before\) FROM temp\.${guardName}\)$`,
);

/** Null where the migration has no such guard, or does anything outside the two counts that could orphan a row. */
export function readOrphanGuard({ statements }: Pick<Script, 'statements'>): OrphanGuard | null {
  const before = findCount(statements, beforePattern);
  const after = findCount(statements, afterPattern);
  if (before === null || after === null || before.name !== after.name || before.index > after.index)
    return null;
  const { name } = before;
  const others = [...statements.slice(0, before.index), ...statements.slice(after.index + 1)];
  if (!others.every((statement) => isOfGuard(statement, name))) return null;
  return { name, before, after };
}

function findCount(
  statements: readonly ScriptLine[],
  pattern: RegExp,
): (GuardCount & { readonly name: string }) | null {
  const found = statements.flatMap(({ sql }, index) => {
    const name = pattern.exec(sql.trim())?.[1]?.replaceAll('``', '`');
    return name === undefined ? [] : [{ name, index, tables: readTables(sql) }];
  });
  const [first, second] = found;
  return first === undefined || second !== undefined ? null : first;
}

function readTables(sql: string): ReadonlySet<string> {
  const names = sql.matchAll(/pragma_foreign_key_check\('((?:[^']|'')+)'\)/g);
  return new Set([...names].map(([, name = '']) => foldName(name.replaceAll("''", "'"))));
}

/** Making the guard, writing into it or taking it away, which touches no row of anybody's. */
function isOfGuard({ tokens }: ScriptLine, guard: string): boolean {
  const words = tokens.slice(0, 6).map(({ keyword }) => keyword);
  const named = (at: number): boolean => tokens[at]?.value === guard;
  const inTemp = (at: number): boolean =>
    tokens[at]?.value.toLowerCase() === 'temp' && tokens[at + 1]?.text === '.' && named(at + 2);
  if (words[0] === 'CREATE') return /^TEMP(ORARY)?$/.test(words[1] ?? '') && words[2] === 'TABLE' && named(3);
  return (words[0] === 'INSERT' && words[1] === 'INTO' && inTemp(2)) || (words[0] === 'DROP' && inTemp(2));
}

/** Whether one of the counts, which has just been taken, came to nothing. */
export function countedNone(
  connection: Connection,
  { name }: OrphanGuard,
  column: keyof typeof counted,
): boolean {
  const rows = connection
    .prepare(
      `SELECT ${counted[column]} FROM temp.${quoteIdentifier(name)} WHERE ${counted[column]} IS NOT NULL`,
    )
    .pluck()
    .all();
  return rows.length === 1 && rows[0] === 0;
}

const counted = { before: 'orphans_before', after: 'new_orphans' } as const;
