/** The evidence that causes are found from: the witnesses pair by pair, and what is one thing in all of them. */
import { addressKey } from '../catalog/address.ts';
import type { CatalogObject } from '../catalog/objects.ts';
import { indexObjects, objectKey, type Located } from '../catalog/schema.ts';
import {
  alignObjects,
  type ComparablePair,
  type Subject,
  type Witness,
  type WitnessPair,
} from './causes-align.ts';
import type { FieldChange } from './changes.ts';
import { compareFields } from './comparators.ts';
import { diffSchemas } from './compare.ts';
import type { BeyondModels } from './expected.ts';
import { isAlsoNamed } from './match.ts';

/**
 * What the migrations folder knows. Every witness is held against what is expected, so that all of them speak of one
 * thing by one name; that is also all that has to be normalised.
 */
export interface History {
  /** What the applied migrations make against what is expected; the pair below itself where none is pending. */
  readonly appliedToExpected: ComparablePair;
  /** What all migrations make against what is expected. */
  readonly allToExpected: ComparablePair;
  /**
   * The database against what the applied migrations make; only needed where both differ from what is expected in the
   * same field: see {@link needsDirectComparison}.
   */
  readonly actualToApplied?: ComparablePair;
  /** False where some migration could not be replayed: then what they lack may be theirs after all. */
  readonly complete: boolean;
  /**
   * Tag of the pending migration that makes the object appear or vanish (`field` is null), or that gives the field its
   * value. Undefined where that cannot be told.
   */
  readonly findMigration: (object: Located, field: string | null) => string | undefined;
  /** The same for applied migrations whose file was edited after they were applied. */
  readonly findEdited: (object: Located, field: string | null) => string | undefined;
}

export interface Evidence {
  /** The database against what is expected, normalised. */
  readonly actualToExpected: ComparablePair;
  readonly beyond: BeyondModels;
  /** Null without migrations. */
  readonly history: History | null;
}

/** The evidence, indexed. */
export interface Trace {
  readonly subjects: readonly Subject[];
  readonly beyond: BeyondModels;
  readonly history: History | null;
  /** Fields in which a subject differs between two witnesses; null where not both have it. */
  readonly compare: (from: KnownWitness, to: Witness, subject: Subject) => readonly FieldChange[] | null;
  readonly objectOf: (witness: Witness, subject: Subject) => CatalogObject | undefined;
}

export function createTrace({ actualToExpected, beyond, history }: Evidence): Trace {
  const pairs: WitnessPair[] = [{ ...actualToExpected, witness: 'actual' }];
  if (history) {
    pairs.push(
      { ...history.allToExpected, witness: 'all' },
      { ...history.appliedToExpected, witness: 'applied' },
    );
  }
  const known = new Map(pairs.map((pair) => [pair.witness, indexPair(pair)]));
  const handmade = history?.actualToApplied ? indexPair(history.actualToApplied) : null;
  const objectOf: Trace['objectOf'] = (witness, subject) => {
    const key = subject[witness] ?? '';
    if (witness !== 'expected') return known.get(witness)?.objects.get(key);
    return [...known.values()].find((pair) => pair.expected.has(key))?.expected.get(key);
  };
  const toExpected = (witness: KnownWitness, subject: Subject): readonly FieldChange[] | null => {
    const object = objectOf(witness, subject);
    const expected = known.get(witness)?.expected.get(subject.expected ?? '');
    return object && expected ? compareObjectFields(object, expected) : null;
  };
  return {
    subjects: alignObjects(pairs).map((subject) => settleExpected(subject, known)),
    beyond,
    history,
    objectOf,
    compare(from, to, subject) {
      if (to === 'expected') return toExpected(from, subject);
      const before = objectOf(from, subject);
      const after = objectOf(to, subject);
      if (!before || !after) return null;
      const direct = compareDirectly(before, after, from === 'actual' && to === 'applied' ? handmade : null);
      const beforeFields = toExpected(from, subject);
      const afterFields = toExpected(to, subject);
      return beforeFields && afterFields ? compareThrough(beforeFields, afterFields, direct) : direct;
    },
  };
}

/** Who can be held against what is expected. */
export type KnownWitness = Exclude<Witness, 'expected'>;

interface IndexedPair {
  readonly objects: ReadonlyMap<string, CatalogObject>;
  readonly expected: ReadonlyMap<string, CatalogObject>;
}

function indexPair(pair: ComparablePair): IndexedPair {
  return { objects: indexObjects(pair.database), expected: indexObjects(pair.expected) };
}

/**
 * A dialect may take an object to stand only for another one that a witness has, and then leaves it out of what that
 * one is held against. The migrations decide then, unless they know nothing of it either.
 */
function settleExpected(subject: Subject, known: ReadonlyMap<KnownWitness, IndexedPair>): Subject {
  const key = subject.expected;
  const all = known.get('all');
  if (key === undefined || !all) return subject;
  const inActual = known.get('actual')?.expected.has(key) ?? false;
  if (all.expected.has(key) && (inActual || subject.all !== undefined)) return subject;
  return Object.fromEntries(Object.entries(subject).filter(([witness]) => witness !== 'expected'));
}

/**
 * The fields in which two witnesses differ, told by how each differs from what is expected: canonical forms are only
 * sure to be comparable within a pair. Where both differ from it, the two are compared themselves.
 */
function compareThrough(
  before: readonly FieldChange[],
  after: readonly FieldChange[],
  direct: readonly FieldChange[],
): readonly FieldChange[] {
  const changes: FieldChange[] = [];
  for (const change of before) {
    const other = after.find(({ field }) => field === change.field);
    if (!other) changes.push(change);
    else changes.push(...direct.filter(({ field }) => field === change.field));
  }
  for (const change of after) {
    if (before.some(({ field }) => field === change.field)) continue;
    changes.push({ field: change.field, database: change.expected, expected: change.database });
  }
  return changes;
}

/** By the pair in which both are comparable, where there is one that knows them by these names. */
function compareDirectly(
  before: CatalogObject,
  after: CatalogObject,
  pair: IndexedPair | null,
): readonly FieldChange[] {
  const one = pair?.objects.get(objectKey(before));
  const other = pair?.expected.get(objectKey(after));
  return compareObjectFields(one && other ? one : before, one && other ? other : after);
}

/**
 * True where the database and the applied migrations differ from what is expected in the same field of the same object,
 * and also seem to differ from each other: then the pairs cannot tell whether somebody changed it by hand.
 */
export function needsDirectComparison(
  actualToExpected: ComparablePair,
  appliedToExpected: ComparablePair,
): boolean {
  const changes = diffSchemas(appliedToExpected.database, appliedToExpected.expected);
  const applied = new Map(
    changes.flatMap((change) => (change.type === 'alter' ? [[objectKey(change), change] as const] : [])),
  );
  return diffSchemas(actualToExpected.database, actualToExpected.expected).some((change) => {
    const other = change.type === 'alter' ? applied.get(objectKey(change)) : undefined;
    if (change.type !== 'alter' || !other) return false;
    const direct = compareFields(change.database, other.database);
    return direct.some(({ field }) =>
      [change, other].every(({ fields }) => fields.some((one) => one.field === field)),
    );
  });
}

function compareObjectFields(before: CatalogObject, after: CatalogObject): readonly FieldChange[] {
  const fields = compareFields(before, after);
  if (addressKey(before.address) === addressKey(after.address)) return fields;
  if (isAlsoNamed(before, after) || isAlsoNamed(after, before)) return fields;
  return [{ field: 'name', database: before.address.name, expected: after.address.name }, ...fields];
}
