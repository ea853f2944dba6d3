/**
 * Names of what SQLite lets go without one. They are derived from what the thing is, never from its place, so that
 * the same constraint has the same name in every schema. The forms are the ones that drizzle-kit uses.
 */
import type { ForeignKey, PrimaryKey } from '../../catalog/objects.ts';

/** A table has one primary key, whose name SQLite never shows. */
export function namePrimaryKey(table: string): string {
  return `${table}_pk`;
}

/** Whether a primary key has the name that one version of drizzle-kit or the other gives to one without a name. */
export function isDerivedKeyName(
  table: string,
  { address: { name }, columns }: Pick<PrimaryKey, 'address' | 'columns'>,
): boolean {
  return name === namePrimaryKey(table) || name === `${table}_${columns.join('_')}_pk`;
}

export function nameUnique(table: string, columns: readonly string[]): string {
  return `${table}_${columns.join('_')}_unique`;
}

export function nameForeignKey(
  table: string,
  key: { readonly columns: readonly string[]; readonly references: ForeignKey['references'] },
): string {
  return [table, ...key.columns, key.references.table, ...key.references.columns, 'fk'].join('_');
}

/** An unnamed check goes by its own text: `check (age > 21)`. */
export function nameCheck(expression: string): string {
  return `check (${expression.replace(/\s+/g, ' ')})`;
}

/** Whether a check's name is one that {@link nameCheck} made, which no CREATE TABLE would say. */
export function isUnnamedCheck(name: string): boolean {
  return name.startsWith('check (') && name.endsWith(')');
}
