/** Whether rows can break a new unique key, told from the keys that the table has already. */
import type { CatalogObject, Index, PrimaryKey, Unique } from '../../../catalog/objects.ts';
import { affinity } from '../syntax/affinity.ts';
import { foldName, sameName } from '../syntax/names.ts';
import { findColumn, type TableParts } from './parts.ts';

export type UniqueKey = Index | PrimaryKey | Unique;

/**
 * True where a key of the old table lets no row in that the new one refuses: it is over the same columns or fewer of
 * them, over as many rows or more, and tells no values apart that the new one takes for the same.
 * @param isReplaced true for a column whose values are others in the new table
 */
export function isAlreadyUnique(
  key: UniqueKey,
  before: TableParts,
  after: TableParts,
  isReplaced: (column: string) => boolean = () => false,
): boolean {
  // NULL may repeat in any key but that of a table without rowids, which takes none at all.
  const takesNull = key.kind !== 'primaryKey' || after.table.withoutRowid !== true;
  if (!takesNull && termsOf(key, after).some(({ column }) => mayBeNull(before, column ?? ''))) return false;
  const wanted = termsOf(key, after);
  const isKept = (name: string): boolean => !isReplaced(name) && keepsValues(before, after, name);
  const implies = (old: UniqueKey): boolean =>
    covers(old, key) &&
    termsOf(old, before).every(
      (term) =>
        (term.column === null || isKept(term.column)) &&
        wanted.some(({ id, collation }) => id === term.id && isAsFine(term.collation, collation)),
    );
  return uniqueKeysOf(before).some(implies);
}

export function isUniqueKey(object: CatalogObject): object is UniqueKey {
  return object.kind === 'index' ? object.unique : object.kind === 'primaryKey' || object.kind === 'unique';
}

/** Keys that the table has before and after, over the same columns. */
export function findStayingKeys(before: TableParts, after: TableParts): readonly UniqueKey[] {
  const old = new Set(uniqueKeysOf(before).map((key) => identify(key, before)));
  return uniqueKeysOf(after).filter((key) => old.has(identify(key, after)));
}

function uniqueKeysOf({ primaryKey, uniques, indexes }: TableParts): readonly UniqueKey[] {
  return [...(primaryKey ? [primaryKey] : []), ...uniques, ...indexes.filter(isUniqueKey)];
}

/** Equal for keys over the same columns and expressions. */
export function identify(key: UniqueKey, parts: TableParts): string {
  return JSON.stringify(
    termsOf(key, parts)
      .map(({ id }) => id)
      .sort(),
  );
}

/** What is the same under the one is the same under the other: BINARY takes nothing for the same that is not. */
export function isAsFine(old: string, wanted: string): boolean {
  return sameName(wanted, 'BINARY') || sameName(old, wanted);
}

interface Term {
  /** Equal for the same column or expression. */
  readonly id: string;
  readonly column: string | null;
  readonly collation: string;
}

function termsOf(key: UniqueKey, parts: TableParts): readonly Term[] {
  const own = (name: string): string => findColumn(parts, name)?.collation ?? 'BINARY';
  const ofColumn = (name: string, collation: string | null): Term => ({
    id: `column ${foldName(name)}`,
    column: name,
    collation: collation ?? own(name),
  });
  if (key.kind !== 'index') {
    const said = (name: string): string | null =>
      key.collations
        ?.find((term) => term.startsWith(`${name} COLLATE `))
        ?.slice(name.length + ' COLLATE '.length) ?? null;
    return key.columns.map((name) => ofColumn(name, said(name)));
  }
  return key.parts.map(({ on, collation }) =>
    'column' in on
      ? ofColumn(on.column, collation)
      : { id: `expression ${on.expression.canonical}`, column: null, collation: collation ?? '' },
  );
}

/** The old key speaks of all rows of which the new one does. */
function covers(old: UniqueKey, wanted: UniqueKey): boolean {
  const where = old.kind === 'index' ? old.where : null;
  return where === null || (wanted.kind === 'index' && wanted.where?.canonical === where.canonical);
}

function mayBeNull(parts: TableParts, name: string): boolean {
  return findColumn(parts, name)?.nullable !== false;
}

/**
 * Values that differ go on to differ. Without an affinity 1 and '1' are two values; under any other one of them is
 * not there, and a copy that would make two the same is stopped (see findCastRisk).
 */
function keepsValues(before: TableParts, after: TableParts, name: string): boolean {
  const [old, wanted] = [findColumn(before, name), findColumn(after, name)];
  if (old === undefined || wanted === undefined) return false;
  if (old.value.kind === 'generated' || wanted.value.kind === 'generated') return false;
  const from = affinity(old.type, before.table.strict === true);
  return from !== 'blob' || affinity(wanted.type, after.table.strict === true) === 'blob';
}
