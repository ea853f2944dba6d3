/** Fills a database with rows that its constraints accept. */
import type { Column } from '../../../catalog/objects.ts';
import type { Connection } from '../drivers/load.ts';
import { quote } from '../quote.ts';
import { mentions } from './mentions.ts';
import { findRowidAlias, isGenerated, nameRowid, type TableParts } from './parts.ts';
import { collectCandidates, makeValue, type SampleContext, type SampleValue } from './sample-values.ts';

/** How many combinations of values are tried before a row is given up. */
const mostAttempts = 400;

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
  const checked = columns.map((_, index) => index).filter((index) => isChecked(parts, columns[index]));
  const candidates = collectCandidates(parts);
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    if (tryInsert(connection, parts, columns, vary(values, checked, candidates, attempt, row), row))
      return true;
    if (checked.length === 0) return false;
  }
  return false;
}

function isChecked(parts: TableParts, column: Column | undefined): boolean {
  if (column === undefined) return false;
  return parts.checks.some((check) => mentions(check.expression.text, column.address.name));
}

/** Attempt 0 is the values as they are; each other one counts up in the candidates, one digit for each checked column. */
function vary(
  values: readonly SampleValue[],
  checked: readonly number[],
  candidates: readonly SampleValue[],
  attempt: number,
  row: number,
): readonly SampleValue[] {
  if (attempt === 0) return values;
  let rest = attempt - 1;
  const changed = [...values];
  for (const index of checked) {
    const digit = rest % (candidates.length + 1);
    rest = Math.floor(rest / (candidates.length + 1));
    if (digit < candidates.length) changed[index] = candidates[(digit + row) % candidates.length] ?? null;
  }
  return changed;
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
    // A number from JavaScript would be stored as REAL in a column without affinity.
    const bound = given.map((value) => (Number.isSafeInteger(value) ? BigInt(value as number) : value));
    connection.prepare(sql).run(...bound);
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
