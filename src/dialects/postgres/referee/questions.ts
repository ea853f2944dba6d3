/** Finds what tokens alone cannot decide between two schemas. */
import { addressKey, tableAddress } from '../../../catalog/address.ts';
import type { CatalogObject } from '../../../catalog/objects.ts';
import { compareFields } from '../../../diff/comparators.ts';
import type { Matching } from '../../../diff/match.ts';
import { readSlots, type Slot } from './slots.ts';

/** Two texts that may or may not mean the same. */
export interface Question {
  /** Short and different from every other in the batch. */
  readonly id: string;
  readonly database: CatalogObject;
  readonly expected: CatalogObject;
  readonly field: string;
  readonly databaseSlot: Slot;
  readonly expectedSlot: Slot;
  /** The objects have different names: only if they turn out equal do they belong together. */
  readonly tentative: boolean;
}

/** Open questions between objects that belong together, and between ones that may have been renamed. */
export function findQuestions({ unequal, onlyDatabase, onlyExpected }: Matching): readonly Question[] {
  const questions: Question[] = [];
  const add = (before: CatalogObject, after: CatalogObject, tentative: boolean): void => {
    for (const [databaseSlot, expectedSlot] of pairSlots(before, after)) {
      questions.push({
        id: String(questions.length),
        database: before,
        expected: after,
        field: databaseSlot.field,
        databaseSlot,
        expectedSlot,
        tentative,
      });
    }
  };
  for (const pair of unequal) {
    // Where they differ in their names alone there is nothing to ask.
    if (compareFields(pair.database, pair.expected).length > 0) add(pair.database, pair.expected, false);
  }
  for (const [before, after] of pairCandidates(onlyDatabase, onlyExpected)) add(before, after, true);
  return questions;
}

/** Slots of one field on both sides that differ in tokens. */
function pairSlots(before: CatalogObject, after: CatalogObject): readonly (readonly [Slot, Slot])[] {
  const slots = new Map(readSlots(after).map((slot) => [slot.field, slot]));
  return readSlots(before).flatMap((slot) => {
    const counterpart = slots.get(slot.field);
    if (!counterpart || counterpart.canonical === slot.canonical) return [];
    // Both say that there is nothing to ask.
    if (slot.text === '' && counterpart.text === '') return [];
    return [[slot, counterpart] as const];
  });
}

const renamed: ReadonlySet<string> = new Set(['check', 'index', 'exclusion']);

/** Objects of one table and kind that are each without a counterpart. */
function pairCandidates(
  onlyDatabase: readonly CatalogObject[],
  onlyExpected: readonly CatalogObject[],
): readonly (readonly [CatalogObject, CatalogObject])[] {
  const place = (object: CatalogObject): string =>
    `${object.kind} ${addressKey(tableAddress(object.address))}`;
  return onlyDatabase
    .filter((object) => renamed.has(object.kind))
    .flatMap((before) =>
      onlyExpected
        .filter((after) => place(after) === place(before) && hasSameShape(before, after))
        .map((after) => [before, after] as const),
    );
}

function hasSameShape(before: CatalogObject, after: CatalogObject): boolean {
  if (before.kind !== 'index' || after.kind !== 'index') return true;
  return (
    before.unique === after.unique &&
    before.method === after.method &&
    before.parts.length === after.parts.length &&
    (before.where === null) === (after.where === null)
  );
}
