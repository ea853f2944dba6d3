/** Fills a database with rows that its constraints accept. */
import type { Check, Column } from '../../../catalog/objects.ts';
import type { Connection } from '../drivers/load.ts';
import { quote } from '../quote.ts';
import { mentions } from './mentions.ts';
import { findRowidAlias, isGenerated, nameRowid, type TableParts } from './parts.ts';
import { collectCandidates, makeValue, type SampleContext, type SampleValue } from './sample-values.ts';
import { unqualify } from './unqualify.ts';

/** How many combinations of values are tried for one check of one row. */
const mostAttempts = 1000;

/** @returns how many rows each table got, by its name */
export function fillTables(
  connection: Connection,
  context: SampleContext,
  rows: number,
): ReadonlyMap<string, number> {
  connection.pragma('foreign_keys = OFF');
  const filled = new Map<string, number>();
  for (const parts of context.tables.values()) {
    let count = 0;
    for (let row = 0; row < rows; row++) if (insertRow(connection, context, parts, row)) count++;
    filled.set(parts.name, count);
  }
  removeOrphans(connection);
  for (const parts of context.tables.values()) filled.set(parts.name, countRows(connection, parts.name));
  moveSequences(connection, context);
  return filled;
}

function insertRow(connection: Connection, context: SampleContext, parts: TableParts, row: number): boolean {
  const columns = parts.columns.filter((column) => !isGenerated(column));
  const values = columns.map((column) => makeValue(context, parts, column, row));
  const candidates = collectCandidates(parts);
  for (const check of parts.checks) satisfy(connection, parts, check, { columns, values, candidates, row });
  return tryInsert(connection, parts, columns, values, row);
}

interface Draft {
  readonly columns: readonly Column[];
  readonly values: SampleValue[];
  readonly candidates: readonly SampleValue[];
  readonly row: number;
}

/** Changes the values of the columns that a check names until it holds, one combination of candidates after the other. */
function satisfy(connection: Connection, parts: TableParts, check: Check, draft: Draft): void {
  const test = compileCheck(connection, parts, check, draft.columns);
  if (test === null || test(draft.values)) return;
  const named = draft.columns
    .map((_, index) => index)
    .filter((index) => mentions(check.expression.text, draft.columns[index]?.address.name ?? ''));
  const original = [...draft.values];
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    let rest = attempt;
    for (const index of named) {
      const digit = rest % (draft.candidates.length + 1);
      rest = Math.floor(rest / (draft.candidates.length + 1));
      const candidate = draft.candidates[(digit + draft.row) % draft.candidates.length] ?? null;
      draft.values[index] = digit < draft.candidates.length ? candidate : (original[index] ?? null);
    }
    if (test(draft.values)) return;
  }
}

/** The check as a function of a row; null where it names what is no plain column, such as a generated one. */
function compileCheck(
  connection: Connection,
  parts: TableParts,
  check: Check,
  columns: readonly Column[],
): ((values: readonly SampleValue[]) => boolean) | null {
  const row = columns.map((column) => `? AS ${quote(column.address.name)}`).join(', ');
  const text = unqualify(check.expression.text, parts.name);
  try {
    const statement = connection.prepare(`SELECT coalesce((${text}\n), 1) <> 0 FROM (SELECT ${row})`).pluck();
    return (values) => {
      try {
        return statement.get(...bind(values)) === 1;
      } catch {
        // Some functions refuse some values: json('{').
        return false;
      }
    };
  } catch {
    return null;
  }
}

/** A number from JavaScript would be stored as REAL in a column without affinity. */
function bind(values: readonly SampleValue[]): readonly SampleValue[] {
  return values.map((value) => (Number.isSafeInteger(value) ? BigInt(value as number) : value));
}

function tryInsert(
  connection: Connection,
  parts: TableParts,
  columns: readonly Column[],
  values: readonly SampleValue[],
  row: number,
): boolean {
  const rowid = findRowidAlias(parts) === null ? nameRowid(parts) : null;
  const names = [...(rowid === null ? [] : [rowid]), ...columns.map((column) => quote(column.address.name))];
  const given = [...(rowid === null ? [] : [row * 7 + 3]), ...values];
  try {
    const marks = names.map(() => '?').join(', ');
    const sql = `INSERT OR ABORT INTO ${quote(parts.name)} (${names.join(', ')}) VALUES (${marks})`;
    connection.prepare(sql).run(...bind(given));
    return true;
  } catch {
    // The constraints are the engine's to know; a row that they refuse is none.
    return false;
  }
}

/** Rows whose parents were refused go too, until none is left. */
function removeOrphans(connection: Connection): void {
  for (;;) {
    const violations = readViolations(connection);
    if (violations.length === 0) return;
    let removed = 0;
    for (const { table, rowid } of violations) {
      removed +=
        rowid === null
          ? connection.prepare(`DELETE FROM ${quote(table)}`).run().changes
          : connection.prepare(`DELETE FROM ${quote(table)} WHERE rowid = ?`).run(rowid).changes;
    }
    if (removed === 0) return;
  }
}

function readViolations(
  connection: Connection,
): readonly { readonly table: string; readonly rowid: number | null }[] {
  try {
    return connection.prepare('SELECT "table", rowid FROM pragma_foreign_key_check').all() as readonly {
      readonly table: string;
      readonly rowid: number | null;
    }[];
  } catch {
    // A foreign key that points at no key: nothing can be said about its rows.
    return [];
  }
}

function countRows(connection: Connection, table: string): number {
  return connection
    .prepare(`SELECT count(*) FROM ${quote(table)}`)
    .pluck()
    .get() as number;
}

/** As after the deletion of later rows: the next id is more than the highest one. */
function moveSequences(connection: Connection, context: SampleContext): void {
  const counts = [...context.tables.values()].some((parts) => parts.primaryKey?.autoincrement === true);
  if (!counts) return;
  connection.exec('UPDATE sqlite_sequence SET seq = seq + 500');
}
