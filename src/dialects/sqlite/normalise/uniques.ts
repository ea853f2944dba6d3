/**
 * `.unique()` is a unique index to drizzle-kit 0.x and an inline UNIQUE to 1.0. The database's way is taken for the
 * expected one where both have the same columns and one of them goes by a name that means no more than that.
 */
import type { CatalogObject, Index, Unique } from '../../../catalog/objects.ts';
import { isAlsoNamed } from '../../../diff/match.ts';
import { nameUnique } from '../names.ts';
import { select } from './groups.ts';

interface UniquesAndIndexes {
  readonly uniques: readonly Unique[];
  readonly indexes: readonly Index[];
}

/** The database's unique constraints and its indexes, each as what it is expected to be. */
export function pairUniques(
  database: readonly CatalogObject[],
  expected: readonly CatalogObject[],
): UniquesAndIndexes {
  const indexes = select(expected, 'index');
  const openUniques = withoutNamed(select(expected, 'unique'), select(database, 'unique'));
  const openIndexes = withoutNamed(indexes, select(database, 'index'));
  const asUniques: Unique[] = [];
  const asIndexes: Index[] = [];
  for (const [unique, index] of findTwins(select(expected, 'unique'), indexes)) {
    const isThere = { unique: !openUniques.has(unique), index: !openIndexes.has(index) };
    if (isThere.index && openUniques.delete(unique)) asUniques.push(unique);
    if (isThere.unique && openIndexes.delete(index)) asIndexes.push(index);
  }
  const restIndexes = select(database, 'index').filter((index) => {
    if (openUniques.size === 0 || indexes.some((other) => other.address.name === index.address.name))
      return true;
    const counterpart = findUnique(index, openUniques);
    if (counterpart === undefined) return true;
    openUniques.delete(counterpart);
    asUniques.push(toUnique(index, counterpart));
    return false;
  });
  const restUniques = select(database, 'unique').filter((unique) => {
    const counterpart = openIndexes.size === 0 ? undefined : findIndex(unique, openIndexes);
    if (counterpart === undefined) return true;
    openIndexes.delete(counterpart);
    asIndexes.push(toIndex(unique, counterpart));
    return false;
  });
  return { uniques: [...restUniques, ...asUniques], indexes: [...restIndexes, ...asIndexes] };
}

/**
 * What is expected both as a UNIQUE and as a unique index, under one name: drizzle-kit 0.x makes one index of both, and
 * 1.0 makes both. Either says it all.
 */
function findTwins(
  uniques: readonly Unique[],
  indexes: readonly Index[],
): readonly (readonly [Unique, Index])[] {
  return uniques.flatMap((unique) => {
    const twin = indexes.find(
      (index) =>
        index.address.name === unique.address.name &&
        isPlain(index) &&
        isSame(unique.columns, columnsOf(index) ?? []),
    );
    return twin === undefined ? [] : [[unique, twin] as const];
  });
}

/** The expected ones that the database does not have under their own name and kind. */
function withoutNamed<O extends Unique | Index>(expected: readonly O[], database: readonly O[]): Set<O> {
  const names = new Set(database.map((object) => object.address.name));
  return new Set(
    expected.filter(
      ({ address, alsoNamed }) => !names.has(address.name) && !alsoNamed?.some((name) => names.has(name)),
    ),
  );
}

/** Only an index over columns can be written as a constraint. */
function columnsOf(index: Index): readonly string[] | null {
  if (!index.unique || index.where !== null) return null;
  const columns = index.parts.flatMap((part) => ('column' in part.on ? [part.on.column] : []));
  return columns.length === index.parts.length ? columns : null;
}

function isPlain(index: Index): boolean {
  return index.parts.every((part) => part.order === 'asc' && part.collation === null);
}

/** An index of the very name is meant to be the constraint, whatever became of it. */
function findUnique(index: Index, open: ReadonlySet<Unique>): Unique | undefined {
  const candidates = [...open];
  const named = candidates.find(
    (unique) => unique.address.name === index.address.name || isAlsoNamed(index, unique),
  );
  const columns = columnsOf(index);
  if (named !== undefined || columns === null || !isPlain(index)) return named;
  return candidates.find((unique) => isSame(unique.columns, columns));
}

/** The name stays the index's own, unless it is one that `.unique()` may have made. */
function toUnique(index: Index, expected: Unique): Unique {
  const columns = index.parts.map(({ on }) => ('column' in on ? on.column : on.expression.text));
  const { name } = index.address;
  const isDerived = name === nameUnique(index.address.table ?? '', columns);
  const goesUnnamed = expected.address.name === nameUnique(index.address.table ?? '', expected.columns);
  const descending = index.parts.flatMap((part) =>
    part.order === 'desc' && 'column' in part.on ? [part.on.column] : [],
  );
  const collations = index.parts.flatMap((part) =>
    part.collation !== null && 'column' in part.on ? [`${part.on.column} COLLATE ${part.collation}`] : [],
  );
  return {
    kind: 'unique',
    address: isDerived && goesUnnamed ? expected.address : index.address,
    columns,
    ...(descending.length === 0 ? {} : { descending }),
    ...(collations.length === 0 ? {} : { collations }),
    onConflict: null,
    ...(index.unique ? {} : { unique: false }),
    ...(index.where === null ? {} : { where: index.where }),
  };
}

/** A constraint is the expected index only under its very name: any other index was made to be one. */
function findIndex(unique: Unique, open: ReadonlySet<Index>): Index | undefined {
  if ((unique.onConflict ?? null) !== null) return undefined;
  return [...open].find((index) => {
    if (index.address.name !== unique.address.name) return false;
    const columns = columnsOf(index);
    return columns !== null && isSame(columns, unique.columns);
  });
}

function toIndex(unique: Unique, expected: Index): Index {
  const descending = new Set(unique.descending ?? []);
  const collations = new Map(
    (unique.collations ?? []).map((term) => {
      const at = term.lastIndexOf(' COLLATE ');
      return [term.slice(0, at), term.slice(at + ' COLLATE '.length)] as const;
    }),
  );
  return {
    kind: 'index',
    address: expected.address,
    unique: true,
    parts: unique.columns.map((column) => ({
      on: { column },
      order: descending.has(column) ? 'desc' : 'asc',
      collation: collations.get(column) ?? null,
    })),
    where: null,
  };
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, place) => name === b[place]);
}
