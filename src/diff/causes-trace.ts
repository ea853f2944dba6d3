/** The evidence that causes are found from: the witnesses pair by pair, and what is one thing in all of them. */
import { addressKey } from '../catalog/address.ts';
import type { CatalogObject } from '../catalog/objects.ts';
import { indexObjects } from '../catalog/schema.ts';
import {
  alignObjects,
  type ComparablePair,
  type Subject,
  type Witness,
  type WitnessPair,
} from './causes-align.ts';
import type { FieldChange } from './changes.ts';
import { compareFields } from './comparators.ts';
import type { BeyondModels } from './expected.ts';
import { isAlsoNamed } from './match.ts';

/** What the migrations folder knows. Each pair is normalised; where two schemas are one, the pair may be of it twice. */
export interface History {
  /** The database against what the applied migrations make. */
  readonly actualToApplied: ComparablePair;
  /** What the applied migrations make against what all of them make. */
  readonly appliedToAll: ComparablePair;
  /** What all migrations make against what is expected. */
  readonly allToExpected: ComparablePair;
  /** False where some migration could not be replayed: then what they lack may be theirs after all. */
  readonly complete: boolean;
  /**
   * Tag of the pending migration that makes the object (by `objectKey`) appear or vanish (`field` is null), or that
   * gives the field its value. Undefined where that cannot be told.
   */
  readonly findMigration: (key: string, field: string | null) => string | undefined;
  /** The same for applied migrations whose file was edited after they were applied. */
  readonly findEdited: (key: string, field: string | null) => string | undefined;
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
  readonly compare: (from: Witness, to: Witness, subject: Subject) => readonly FieldChange[] | null;
  readonly objectOf: (witness: Witness, subject: Subject) => CatalogObject | undefined;
}

export function createTrace({ actualToExpected, beyond, history }: Evidence): Trace {
  const pairs: WitnessPair[] = [{ ...actualToExpected, from: 'actual', to: 'expected' }];
  if (history) {
    pairs.push(
      { ...history.actualToApplied, from: 'actual', to: 'applied' },
      { ...history.appliedToAll, from: 'applied', to: 'all' },
      { ...history.allToExpected, from: 'all', to: 'expected' },
    );
  }
  const indexed = pairs.map((pair) => ({
    from: pair.from,
    to: pair.to,
    before: indexObjects(pair.database),
    after: indexObjects(pair.expected),
  }));
  return {
    subjects: alignObjects(pairs),
    beyond,
    history,
    compare(from, to, subject) {
      const pair = indexed.find((one) => one.from === from && one.to === to);
      const before = pair?.before.get(subject[from] ?? '');
      const after = pair?.after.get(subject[to] ?? '');
      return before && after ? compareObjectFields(before, after) : null;
    },
    objectOf(witness, subject) {
      const key = subject[witness] ?? '';
      for (const pair of indexed) {
        if (pair.from === witness) return pair.before.get(key);
        if (pair.to === witness) return pair.after.get(key);
      }
      return undefined;
    },
  };
}

function compareObjectFields(before: CatalogObject, after: CatalogObject): readonly FieldChange[] {
  const fields = compareFields(before, after);
  if (addressKey(before.address) === addressKey(after.address)) return fields;
  if (isAlsoNamed(before, after) || isAlsoNamed(after, before)) return fields;
  return [{ field: 'name', database: before.address.name, expected: after.address.name }, ...fields];
}
