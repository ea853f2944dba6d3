/** How a field of an object is compared, whatever the object is. */
import type { Address } from '../catalog/address.ts';
import type { Expression } from '../catalog/objects.ts';
import type { FieldChange, FieldValue } from './changes.ts';
import { areSameGrants, listTold } from './grants.ts';
import { showAddress } from './show-parts.ts';

/** Compares one field; an empty list says that both values mean the same. */
export type Comparator<V> = (
  field: string,
  database: V | undefined,
  expected: V | undefined,
) => readonly FieldChange[];

export const none: readonly FieldChange[] = [];

/** Makes a comparator from the meaning of a value and the way it is shown. Absent, null and nothing are one. */
export function compareBy<V>(
  meaning: (value: V) => unknown,
  show: (value: V) => FieldValue,
  isSame?: (database: NonNullable<V>, expected: NonNullable<V>) => boolean,
): Comparator<V> {
  return (field, database, expected) => {
    if (database === expected) return none;
    const own = database ?? null;
    const other = expected ?? null;
    // A look that needs no JSON, where there is one: most of what is compared is the same.
    if (own !== null && other !== null && isSame?.(own, other)) return none;
    // A meaning of null (an empty list) is the same as no value at all; JSON would make a text of it.
    const before = own === null ? 'null' : JSON.stringify(meaning(own));
    const after = other === null ? 'null' : JSON.stringify(meaning(other));
    if (before === after) return none;
    return [
      {
        field,
        database: own === null ? null : show(own),
        expected: other === null ? null : show(other),
      },
    ];
  };
}

/** A field renamed in reports, because the catalogue's name is about structure and not about the user's words. */
export function shownAs<V>(name: string, comparator: Comparator<V>): Comparator<V> {
  return (_field, database, expected) => comparator(name, database, expected);
}

export const plain: Comparator<string | number | boolean | null> = (field, database, expected) => {
  const before = database ?? null;
  const after = expected ?? null;
  return before === after ? none : [{ field, database: before, expected: after }];
};

/** True is the engine's default, so that an absent field and `true` are equal. */
export const trueByDefault: Comparator<boolean> = (field, database, expected) =>
  plain(field, database ?? true, expected ?? true);

/** False is the engine's default. */
export const falseByDefault: Comparator<boolean> = (field, database, expected) =>
  plain(field, database ?? false, expected ?? false);

/** Names in an order that means something. */
export const list: Comparator<readonly string[]> = compareBy(
  (value) => (value.length === 0 ? null : value),
  (value) => (value.length === 0 ? null : value),
  haveSameItems,
);

function haveSameItems(database: readonly string[], expected: readonly string[]): boolean {
  return database.length === expected.length && database.every((item, place) => item === expected[place]);
}

/** Names in no order. */
export const set: Comparator<readonly string[]> = compareBy(
  (value) => (value.length === 0 ? null : [...value].sort()),
  (value) => (value.length === 0 ? null : [...value].sort()),
  haveSameItems,
);

export const grants: Comparator<readonly string[]> = (field, database = [], expected = []) => {
  if (areSameGrants(database, expected)) return none;
  return [{ field, database: listTold(database), expected: listTold(expected) }];
};

export const record: Comparator<Readonly<Record<string, string>>> = compareBy(
  (value) => {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return entries.length === 0 ? null : entries;
  },
  (value) => (Object.keys(value).length === 0 ? null : value),
  (database, expected) => isEmpty(database) && isEmpty(expected),
);

function isEmpty(value: Readonly<Record<string, string>>): boolean {
  for (const _name in value) return false;
  return true;
}

export const expression: Comparator<Expression | null> = compareBy(
  (value) => value?.canonical,
  (value) => value?.text ?? null,
  (database, expected) => database.canonical === expected.canonical,
);

/** Expressions by name. */
export const expressions: Comparator<Readonly<Record<string, Expression>>> = compareBy(
  (value) => Object.entries(value).map(([name, { canonical }]) => [name, canonical]),
  (value) => Object.fromEntries(Object.entries(value).map(([name, { text }]) => [name, text])),
);

export const addresses: Comparator<readonly Address[]> = compareBy(
  (value) => (value.length === 0 ? null : value),
  (value) => value.map(showAddress),
);

/** Place of a column: no difference of meaning, and neither engine can change it in place. */
export const position: Comparator<number> = () => none;
