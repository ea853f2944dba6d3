/** What is wanted, said in the way the database says it already, so that nothing is rebuilt for a matter of form. */
import type { CatalogObject, Index, Unique } from '../../../catalog/objects.ts';
import type { Schema } from '../../../catalog/schema.ts';
import { isDerivedKeyName, nameForeignKey, nameUnique } from '../names.ts';
import type { PlanRequest } from '../../planner.ts';
import { foldName, sameName } from '../syntax/names.ts';
import { collectTables, type TableParts, type Tables } from './parts.ts';

/**
 * The tables of `to` in the words of the models, without those that only stand for a virtual table
 * (`comparable` is the normalised schema, which has left them out).
 */
export function prepareTables(
  { to, exact, newUniques }: Pick<PlanRequest, 'to' | 'exact' | 'newUniques'>,
  comparable: Schema,
  before: Tables,
): Tables {
  const kept = collectTables(comparable);
  return new Map(
    [...collectTables(to)]
      .filter(([name]) => kept.has(name))
      .map(([name, parts]) => [
        name,
        exact === true ? parts : chooseUniques(parts, before.get(name), newUniques),
      ]),
  );
}

/**
 * UNIQUE stays inside the table where it is there; elsewhere it is an index of its own, which needs no rebuild and
 * means the same.
 */
function chooseUniques(
  parts: TableParts,
  before: TableParts | undefined,
  newUniques: 'index' | 'constraint',
): TableParts {
  const staysInside = (unique: Unique): boolean => {
    // Only a constraint has ON CONFLICT.
    if ((unique.onConflict ?? null) !== null) return true;
    if (before === undefined) return newUniques === 'constraint';
    return before.uniques.some((other) => isSameList(other.columns, unique.columns));
  };
  const isIndexed = ({ address }: Index): boolean =>
    parts.indexes.some((index) => sameName(index.address.name, address.name));
  // Models may say both a UNIQUE and an index of the very name that it would have as an index.
  const indexes = parts.uniques
    .filter((unique) => !staysInside(unique))
    .map(toIndex)
    .filter((index) => !isIndexed(index));
  return {
    ...parts,
    uniques: parts.uniques.filter(staysInside),
    indexes: [...parts.indexes, ...indexes],
  };
}

export function toIndex(unique: Unique): Index {
  const { table = '' } = unique.address;
  const name = unique.address.name === '' ? nameUnique(table, unique.columns) : unique.address.name;
  return {
    kind: 'index',
    address: { ...unique.address, name },
    unique: true,
    parts: unique.columns.map((column) => ({
      on: { column },
      order: (unique.descending ?? []).includes(column) ? 'desc' : 'asc',
      collation:
        unique.collations
          ?.find((term) => term.startsWith(`${column} COLLATE `))
          ?.slice(column.length + ' COLLATE '.length) ?? null,
    })),
    where: null,
  };
}

export function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, index) => sameName(name, b[index] ?? ''));
}

/**
 * Without a name that is only derived from what the constraint is: under another table's name it would be written out.
 * A UNIQUE over several columns has it written out in any case.
 */
export function forgetDerivedName(object: CatalogObject): CatalogObject {
  const { table = '', name } = object.address;
  const isDerived =
    (object.kind === 'primaryKey' && isDerivedKeyName(table, object)) ||
    (object.kind === 'unique' && object.columns.length === 1 && name === nameUnique(table, object.columns)) ||
    (object.kind === 'foreignKey' && name === nameForeignKey(table, object));
  return isDerived ? { ...object, address: { ...object.address, name: '' } } : object;
}

/** The index apart from the table that is, or goes by the name of, a unique constraint; null where the table has it inside. */
export function findUniqueIndex(parts: TableParts, unique: Unique): Index | null {
  const isInside = parts.uniques.some(
    ({ address, columns }) =>
      sameName(address.name, unique.address.name) && isSameList(columns, unique.columns),
  );
  if (isInside) return null;
  const wanted = [unique.address.name, ...(unique.alsoNamed ?? [])].map(foldName);
  const named = parts.indexes.find((index) => wanted.includes(foldName(index.address.name)));
  if (named !== undefined) return named;
  const candidates = parts.indexes.filter((index) => index.unique && index.where === null);
  if (parts.uniques.some((other) => isSameList(other.columns, unique.columns))) return null;
  const columnsOf = (index: Index): readonly string[] =>
    index.parts.map((part) => ('column' in part.on ? part.on.column : ''));
  return candidates.find((index) => isSameList(columnsOf(index), unique.columns)) ?? null;
}
