/** Which value of the old table goes into which column of the new one. */
import type { Column } from '../../../catalog/objects.ts';
import { writeBackfill } from '../../../plan/flags.ts';
import type { Hazard } from '../../../plan/hazards.ts';
import type { Assertion, CopiedColumn, CopyTable } from '../../../plan/plan.ts';
import { writeAddress, type Refusal } from '../../../plan/refusals.ts';
import { affinity } from '../syntax/affinity.ts';
import { quoteIdentifier, sameName } from '../syntax/names.ts';
import { findCastRisk, hazardOfCast, hazardOfNotNull } from './hazards.ts';
import { mentions } from './mentions.ts';
import { findColumn, findRowidAlias, isGenerated, nameRowid, type TableParts } from './parts.ts';
import type { Backfill } from '../../planner.ts';

export interface Copying {
  readonly copy: CopyTable;
  readonly assertions: readonly Assertion[];
  readonly hazards: readonly Hazard[];
  readonly refusals: readonly Refusal[];
}

/** One column's part of it. */
interface ColumnCopy {
  readonly copied?: CopiedColumn;
  readonly assertions?: readonly Assertion[];
  readonly hazards?: readonly Hazard[];
  readonly refusals?: readonly Refusal[];
}

export function planCopy(
  before: TableParts,
  after: TableParts,
  to: string,
  backfills: readonly Backfill[],
): Copying {
  // Generated columns cannot be written: the engine makes their values.
  const columns = after.columns.filter((column) => !isGenerated(column));
  const copies = columns.map((column) => copyColumn(before, after, column, backfills));
  const kept = copies.flatMap((copy) => (copy.copied ? [copy.copied] : []));
  const rowid = carryRowid(before, after, kept);
  const copied = kept.length === 0 && rowid === null ? countRows(after, columns) : kept;
  return {
    copy: {
      type: 'copyTable',
      from: before.name,
      to,
      columns: copied,
      rowid,
    },
    assertions: copies.flatMap((copy) => copy.assertions ?? []),
    hazards: copies.flatMap((copy) => copy.hazards ?? []),
    refusals: copies.flatMap((copy) => copy.refusals ?? []),
  };
}

function copyColumn(
  before: TableParts,
  after: TableParts,
  column: Column,
  backfills: readonly Backfill[],
): ColumnCopy {
  const old = findColumn(before, column.address.name);
  const backfill = backfills.find(
    (answer) => sameName(answer.table, after.name) && sameName(answer.column, column.address.name),
  );
  if (old === undefined) return fillNewColumn(after, column, backfill);
  return backfill === undefined
    ? keepColumn(before, after, old, column)
    : convertColumn(old, column, backfill);
}

function fillNewColumn(after: TableParts, column: Column, backfill: Backfill | undefined): ColumnCopy {
  const to = column.address.name;
  if (backfill !== undefined) return { copied: { to, from: { expression: backfill.expression } } };
  // Left out of the copy it gets its default, or NULL, or a new rowid.
  if (column.nullable || column.value.kind === 'default' || findRowidAlias(after) === column) return {};
  const flag = writeBackfill(writeAddress(column.address));
  return { refusals: [{ code: 'backfill-required', address: column.address, flag }] };
}

function keepColumn(before: TableParts, after: TableParts, old: Column, column: Column): ColumnCopy {
  const name = old.address.name;
  const [from, to] = [
    affinity(old.type, before.table.strict === true),
    affinity(column.type, after.table.strict === true),
  ];
  const risk = findCastRisk(from, to);
  const hazards = [...hazardOfCast(column, risk)];
  if (old.nullable && !column.nullable && findRowidAlias(before) !== old) {
    hazards.push(hazardOfNotNull(column.address));
  }
  return {
    copied: { to: column.address.name, from: { column: name } },
    hazards,
    assertions: risk === 'none' ? [] : [{ is: 'castExact', table: before.name, column: name, affinity: to }],
  };
}

/** An answer that names the column replaces each value; one that does not stands in where there is none. */
function convertColumn(old: Column, column: Column, backfill: Backfill): ColumnCopy {
  const name = old.address.name;
  const replaces = mentions(backfill.expression, name);
  const expression = replaces
    ? backfill.expression
    : `coalesce(${quoteIdentifier(name, '`')}, ${backfill.expression})`;
  return { copied: { to: column.address.name, from: { expression } } };
}

/** One value that the row would get anyway, where nothing else is carried over: INSERT has to name a column. */
function countRows(after: TableParts, columns: readonly Column[]): readonly CopiedColumn[] {
  const rowid = nameRowid(after);
  if (rowid !== null) return [{ to: rowid, from: { expression: 'NULL' } }];
  return columns.slice(0, 1).map((column) => ({
    to: column.address.name,
    from: { expression: column.value.kind === 'default' ? column.value.expression.text : 'NULL' },
  }));
}

function carryRowid(
  before: TableParts,
  after: TableParts,
  copied: readonly CopiedColumn[],
): CopyTable['rowid'] {
  const alias = findRowidAlias(after);
  // An INTEGER PRIMARY KEY that is copied carries it.
  if (alias !== null && copied.some((column) => sameName(column.to, alias.address.name))) return null;
  const [from, to] = [nameRowid(before), nameRowid(after)];
  return from === null || to === null ? null : { from, to };
}
