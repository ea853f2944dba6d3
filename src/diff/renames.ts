/**
 * Renames. A rename is a person's word: candidates are offered, never applied. Between two schemas a renamed column
 * cannot be told from a dropped and an added one, and taking one for the other loses data.
 */
import { addressKey, compareText, type Address } from '../catalog/address.ts';
import type { Column, PrimaryKey, Table } from '../catalog/objects.ts';
import { objectsOf, type Schema } from '../catalog/schema.ts';

/** An answer: this table, or this column of this table, goes on under another name. Tables come first. */
export interface Rename {
  readonly kind: 'table' | 'column';
  /** Where it is now. A column's table is named as it is called now, before any rename. */
  readonly from: Address;
  readonly to: string;
}

export interface RenameCandidate extends Rename {
  /** How alike both are, from 0 to 1. */
  readonly likeness: number;
}

/** Below this a table is no candidate: tables with an `id` and little else are all alike. */
const leastTableLikeness = 0.5;

/**
 * Pairs of dropped and created tables, and of dropped and created columns of one table, that may be the same thing
 * under another name; the likeliest first. Every pair of columns is a candidate as long as the types could hold the
 * same values.
 */
export function findRenameCandidates(from: Schema, to: Schema): readonly RenameCandidate[] {
  return [...findTableCandidates(from, to), ...findColumnCandidates(from, to)];
}

/** How `--rename` writes it: `table:users=people`, `column:users.name=full_name`. */
export function writeRename(rename: Rename): string {
  const { table, name } = rename.from;
  const subject = table === undefined ? name : `${table}.${name}`;
  return `${rename.kind}:${subject}=${rename.to}`;
}

function findTableCandidates(from: Schema, to: Schema): readonly RenameCandidate[] {
  const before = describeTables(from);
  const after = describeTables(to);
  const dropped = [...before.values()].filter((table) => !after.has(addressKey(table.address)));
  const created = [...after.values()].filter((table) => !before.has(addressKey(table.address)));
  return dropped
    .flatMap((old) =>
      created.map((now) => ({
        kind: 'table' as const,
        from: old.address,
        to: now.address.name,
        likeness: compareColumns(old, now),
      })),
    )
    .filter((candidate) => candidate.likeness >= leastTableLikeness)
    .sort(byLikeness);
}

interface TableShape {
  readonly address: Address;
  readonly columns: readonly Column[];
  readonly key: readonly string[];
}

function describeTables(schema: Schema): ReadonlyMap<string, TableShape> {
  const columns = groupColumns(schema);
  const keys = new Map(
    objectsOf(schema, 'primaryKey').map((key): [string, PrimaryKey] => [tableKey(key.address), key]),
  );
  return new Map(
    objectsOf(schema, 'table').map((table: Table): [string, TableShape] => {
      const key = addressKey(table.address);
      const { address } = table;
      return [key, { address, columns: columns.get(key) ?? [], key: keys.get(key)?.columns ?? [] }];
    }),
  );
}

function groupColumns(schema: Schema): ReadonlyMap<string, readonly Column[]> {
  const groups = new Map<string, Column[]>();
  for (const column of objectsOf(schema, 'column')) {
    const key = tableKey(column.address);
    const group = groups.get(key);
    if (group) group.push(column);
    else groups.set(key, [column]);
  }
  return groups;
}

function tableKey(address: Address): string {
  return addressKey({ namespace: address.namespace, name: address.table ?? address.name });
}

/** The share of columns that both tables have by name and type. */
function compareColumns(a: TableShape, b: TableShape): number {
  const types = new Map(a.columns.map((column) => [column.address.name, column.type.toLowerCase()]));
  const shared = b.columns.filter((column) => types.get(column.address.name) === column.type.toLowerCase());
  const all = a.columns.length + b.columns.length - shared.length;
  return all === 0 ? 0 : shared.length / all;
}

function findColumnCandidates(from: Schema, to: Schema): readonly RenameCandidate[] {
  const after = describeTables(to);
  return [...describeTables(from).entries()].flatMap(([key, old]) => {
    const now = after.get(key);
    return now === undefined ? [] : pairColumns(old, now);
  });
}

function pairColumns(old: TableShape, now: TableShape): readonly RenameCandidate[] {
  const names = (shape: TableShape) => new Set(shape.columns.map((column) => column.address.name));
  const [before, after] = [names(old), names(now)];
  const dropped = old.columns.filter((column) => !after.has(column.address.name) && holdsData(column));
  const created = now.columns.filter((column) => !before.has(column.address.name) && holdsData(column));
  return dropped
    .flatMap((column) =>
      created.map((other) => ({
        kind: 'column' as const,
        from: column.address,
        to: other.address.name,
        likeness: compareColumn(column, other, old, now),
      })),
    )
    .filter((candidate) => candidate.likeness > 0)
    .sort(byLikeness);
}

function holdsData(column: Column): boolean {
  return column.value.kind !== 'generated';
}

function compareColumn(a: Column, b: Column, old: TableShape, now: TableShape): number {
  if (a.type.toLowerCase() !== b.type.toLowerCase()) return 0;
  const facts = [
    a.nullable === b.nullable,
    JSON.stringify(a.value) === JSON.stringify(b.value),
    a.position === b.position,
    old.key.includes(a.address.name) === now.key.includes(b.address.name),
    isPartOfOther(a.address.name, b.address.name),
  ];
  return (1 + facts.filter(Boolean).length) / (1 + facts.length);
}

function isPartOfOther(a: string, b: string): boolean {
  const [one, two] = [a.toLowerCase(), b.toLowerCase()];
  return one.includes(two) || two.includes(one);
}

function byLikeness(a: RenameCandidate, b: RenameCandidate): number {
  return b.likeness - a.likeness || compareText(writeRename(a), writeRename(b));
}
