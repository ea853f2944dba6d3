/** Which differences there are between the witnesses, and why. */
import { fingerprintSchema } from '../catalog/fingerprint.ts';
import type { CatalogObject } from '../catalog/objects.ts';
import { createSchema, indexObjects, objectKey, type Schema } from '../catalog/schema.ts';
import type { ComparablePair } from '../diff/causes-align.ts';
import type { PendingEvidence } from '../diff/causes-pending.ts';
import { needsDirectComparison, type History } from '../diff/causes-trace.ts';
import { explainChanges, type ExplainedChange } from '../diff/causes.ts';
import { completeExpected, findUnmanaged } from '../diff/expected.ts';
import type { Dialect, NormalisedPair, Session, Undetermined } from '../dialects/dialect.ts';
import type { Recorded } from './recorded.ts';
import { findExactMaker, findMaker } from './recorded-makers.ts';

/** The witnesses, as they were read. Objects that are nobody's to check are left out of all of them. */
export interface Witnesses {
  readonly desired: Schema;
  /** Null with `--offline`: then the models are held against the migrations alone. */
  readonly actual: Schema | null;
  /** Null where there are no migrations. */
  readonly recorded: Recorded | null;
}

export interface Detected {
  readonly changes: readonly ExplainedChange[];
  /** What was compared: the database (offline, what the migrations make) and what is expected, normalised. */
  readonly comparable: ComparablePair;
  readonly unmanaged: readonly CatalogObject[];
  readonly undetermined: readonly Undetermined[];
  /** How much of each pending migration the database has already. */
  readonly pending: readonly PendingEvidence[];
}

/**
 * Compares the witnesses and explains every difference. At most four pairs are normalised, however many differences
 * there are: each witness against what is expected, and the database against the applied migrations where neither is as
 * expected. Two where nothing is pending, one where the database is to the letter what the migrations make.
 */
export async function detectDrift(
  dialect: Dialect,
  witnesses: Witnesses,
  referee: Session | null,
): Promise<Detected> {
  const { desired } = witnesses;
  const recorded = witnesses.recorded?.count === 0 ? null : witnesses.recorded;
  const actual = witnesses.actual ?? recorded?.all ?? createSchema(dialect.name, []);
  const expected = completeExpected(desired, recorded?.all ?? null, dialect.beyondModels);
  const unmanaged = findUnmanaged(actual, recorded?.all ?? null, dialect.beyondModels);
  const normalise = createNormaliser(dialect, referee);
  const actualToExpected = await normalise.pair(leaveOut(actual, unmanaged), expected, recorded === null);
  const history =
    recorded && (await traceHistory(normalise, actualToExpected, { actual, expected, recorded }));
  const explanation = explainChanges({ actualToExpected, beyond: dialect.beyondModels, history });
  return {
    changes: witnesses.actual ? explanation.changes : explanation.changes.map(observeMigrations),
    comparable: actualToExpected,
    unmanaged: [...unmanaged, ...explanation.unmanaged],
    undetermined: normalise.undetermined(),
    pending: explanation.pending,
  };
}

/** Offline there is no database: what the migrations make stands in its place. */
function observeMigrations(explained: ExplainedChange): ExplainedChange {
  return { ...explained, observed: 'migrations' };
}

async function traceHistory(
  normalise: Normaliser,
  actualToExpected: NormalisedPair,
  { actual, expected, recorded }: { actual: Schema; expected: Schema; recorded: Recorded },
): Promise<History> {
  const { applied, all } = recorded;
  const isSame = (one: Schema, other: Schema): boolean => fingerprintSchema(one) === fingerprintSchema(other);
  const allToExpected = isSame(actual, all) ? actualToExpected : await normalise.pair(all, expected);
  const isPending = applied !== all && !isSame(applied, all);
  const appliedToExpected = isPending ? await normalise.pair(applied, expected) : allToExpected;
  const isDoubtful =
    appliedToExpected !== actualToExpected && needsDirectComparison(actualToExpected, appliedToExpected);
  return {
    appliedToExpected,
    allToExpected,
    ...(isDoubtful ? { actualToApplied: await normalise.pair(actual, applied) } : {}),
    complete: recorded.complete,
    findMigration: (object, field) => findMaker(recorded.pendingMakers, object, field),
    findEdited: (object, field) => findExactMaker(recorded.editedMakers, object, field),
  };
}

interface Normaliser {
  pair(database: Schema, expected: Schema, alone?: boolean): Promise<NormalisedPair>;
  /** Every comparison so far that nobody could decide, once each. */
  undetermined(): readonly Undetermined[];
}

function createNormaliser(dialect: Dialect, referee: Session | null): Normaliser {
  const open = new Map<string, Undetermined>();
  return {
    async pair(database, expected, alone = false) {
      const normalised = await dialect.normalise({ database, expected, alone }, referee);
      for (const one of normalised.undetermined) {
        const key = JSON.stringify([objectKey(one), one.field]);
        if (!open.has(key)) open.set(key, one);
      }
      return normalised;
    },
    undetermined: () => [...open.values()],
  };
}

function leaveOut(schema: Schema, objects: readonly CatalogObject[]): Schema {
  if (objects.length === 0) return schema;
  const left = new Map(indexObjects(schema));
  for (const object of objects) left.delete(objectKey(object));
  return createSchema(schema.dialect, left.values());
}
