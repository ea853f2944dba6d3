/** Values for sample rows: the same for the same table, column and row, whenever they are made. */
import type { Column, ForeignKey } from '../../../catalog/objects.ts';
import { affinity } from '../syntax/affinity.ts';
import { foldName, sameName } from '../syntax/names.ts';
import { tokenizeSignificant } from '../syntax/tokenize.ts';
import { SqliteSyntaxError } from '../syntax/syntax-error.ts';
import { findColumn, findRowidAlias, type TableParts, type Tables } from './parts.ts';

export type SampleValue = number | bigint | string | Buffer | null;

/** How deep references are followed; a circle of keys that are each other's parents has no end. */
const deepest = 8;

export interface SampleContext {
  readonly tables: Tables;
  /** Columns that must not hold NULL, and such as must hold texts that are numbers; by `table.column`, folded. */
  readonly filled: ReadonlySet<string>;
  readonly numeric: ReadonlySet<string>;
}

export function columnKey(table: string, column: string): string {
  return `${foldName(table)}\0${foldName(column)}`;
}

/** A value for one column of the n-th row (from 0). A column that refers to another table has a value of its n-th row. */
export function makeValue(
  context: SampleContext,
  parts: TableParts,
  column: Column,
  row: number,
  depth = 0,
): SampleValue {
  const key = depth < deepest ? findKey(parts, column) : undefined;
  if (key !== undefined) {
    const value = makeReference(context, parts, key, column, row, depth);
    if (value !== undefined) return value;
  }
  if (isNullRow(context, parts, column, row)) return null;
  return makePlain(context, parts, column, row);
}

function findKey(parts: TableParts, column: Column): ForeignKey | undefined {
  return parts.foreignKeys.find((key) => key.columns.some((name) => sameName(name, column.address.name)));
}

function makeReference(
  context: SampleContext,
  parts: TableParts,
  key: ForeignKey,
  column: Column,
  row: number,
  depth: number,
): SampleValue | undefined {
  const parent = context.tables.get(foldName(key.references.table));
  const place = key.columns.findIndex((name) => sameName(name, column.address.name));
  const target = parent && findColumn(parent, key.references.columns[place] ?? '');
  if (parent === undefined || target === undefined) return undefined;
  const isSelf = sameName(parent.name, parts.name);
  if (!isSelf) return makeValue(context, parent, target, row, depth + 1);
  if (sameName(target.address.name, column.address.name)) return undefined;
  // The first row is its own parent, the others hang on the row before.
  return makeValue(context, parent, target, Math.max(row - 1, 0), depth + 1);
}

/** Every fourth value is NULL where nothing speaks against it. */
function isNullRow(context: SampleContext, parts: TableParts, column: Column, row: number): boolean {
  const { name } = column.address;
  const isKey = (parts.primaryKey?.columns ?? []).some((own) => sameName(own, name));
  return column.nullable && !isKey && !context.filled.has(columnKey(parts.name, name)) && row % 4 === 3;
}

function makePlain(context: SampleContext, parts: TableParts, column: Column, row: number): SampleValue {
  const { name } = column.address;
  // Gaps, so that a rowid given anew would show.
  const number = row * 7 + 3;
  if (findRowidAlias(parts) === column) return number;
  if (context.numeric.has(columnKey(parts.name, name))) return String(number);
  switch (affinity(column.type, parts.table.strict === true)) {
    case 'integer':
    case 'numeric':
      return number;
    case 'real':
      return number + 0.25;
    case 'text':
      return `${name} ${String(number)} 'ü\u2028`;
    case 'blob':
      return Buffer.from([0, 255, row % 256, 39]);
  }
}

/** Values that checks are fond of, and those that stand in them. */
export function collectCandidates(parts: TableParts): readonly SampleValue[] {
  const found = parts.checks.flatMap((check) => literalsOf(check.expression.text));
  return [
    ...new Set<SampleValue>([
      ...found,
      1,
      0,
      2,
      10,
      100,
      'a',
      '',
      '{}',
      '2024-01-02',
      'a@b.cc',
      0.5,
      -1,
      null,
    ]),
  ];
}

function literalsOf(sql: string): readonly SampleValue[] {
  try {
    return tokenizeSignificant(sql).flatMap((token): readonly SampleValue[] => {
      if (token.kind === 'string') return [token.value];
      if (token.kind !== 'integer' && token.kind !== 'real') return [];
      const number = Number(token.value);
      // The borders of ranges, and what lies within: a text of that length too.
      const text = number >= 0 && number <= 64 ? ['x'.repeat(number)] : [];
      return Number.isFinite(number) ? [number, number + 1, number - 1, ...text] : [];
    });
  } catch (error) {
    if (error instanceof SqliteSyntaxError) return [];
    throw error;
  }
}
