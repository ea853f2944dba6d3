/** Rows before and after, value by value. */
import type { Column } from '../../../catalog/objects.ts';
import type { Connection } from '../drivers/load.ts';
import { quote } from '../quote.ts';
import { affinity } from '../syntax/affinity.ts';
import { findCastRisk } from './hazards.ts';
import { findRowidAlias, nameRowid, type TableParts } from './parts.ts';
import { readRows } from './read-rows.ts';

export interface KeptTable {
  /** Its name before and after. */
  readonly before: string;
  readonly after: string;
  readonly columns: readonly { readonly before: Column; readonly after: Column }[];
  readonly parts: { readonly before: TableParts; readonly after: TableParts };
}

export interface RowNote {
  readonly table: KeptTable;
  readonly rows: readonly string[];
}

export function noteRows(connection: Connection, table: KeptTable): RowNote {
  return { table, rows: readRows(connection, table.before, listTerms(table, 'before')) };
}

export function compareRows(connection: Connection, { table, rows }: RowNote): readonly string[] {
  const now = readRows(connection, table.after, listTerms(table, 'after'));
  if (now.length !== rows.length) {
    return [`${table.after} had ${String(rows.length)} rows and has ${String(now.length)}.`];
  }
  const changed = rows.filter((row, index) => row !== now[index]).length;
  return changed === 0 ? [] : [`${table.after}: ${String(changed)} rows have other values than before.`];
}

/** The rowid, where it is carried over, and every column that keeps its values. */
function listTerms(table: KeptTable, side: 'before' | 'after'): readonly string[] {
  const { before, after } = table.parts;
  const rowids = { before: nameRowid(before), after: nameRowid(after) };
  const alias = findRowidAlias(after);
  const isCarried =
    rowids.before !== null &&
    rowids.after !== null &&
    (alias === null || findRowidAlias(before)?.address.name === alias.address.name);
  const columns = table.columns.filter((pair) => keepsValues(table.parts, pair));
  const names = columns.map((pair) => quote(pair[side].address.name));
  return [...(isCarried ? [rowids[side] ?? ''] : []), ...names];
}

function keepsValues(
  parts: KeptTable['parts'],
  pair: { readonly before: Column; readonly after: Column },
): boolean {
  const from = affinity(pair.before.type, parts.before.table.strict === true);
  const to = affinity(pair.after.type, parts.after.table.strict === true);
  return from === to || to === 'blob' || (findCastRisk(from, to) === 'none' && from === 'integer');
}
