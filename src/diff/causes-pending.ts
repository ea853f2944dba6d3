/** What of a pending migration the database has already: all of it was run by hand, a part of it was cut short. */
import { compareText } from '../catalog/address.ts';
import type { CatalogObject } from '../catalog/objects.ts';
import type { Subject } from './causes-align.ts';
import type { Trace } from './causes-trace.ts';
import type { FieldChange } from './changes.ts';

/** How much of what a pending migration makes the database has already. */
export interface PendingEvidence {
  readonly migration: string;
  readonly present: number;
  readonly missing: number;
}

/** Counts, for each pending migration, what of its work the database has already. */
export function countPending(trace: Trace): readonly PendingEvidence[] {
  const counts = new Map<string, { present: number; missing: number }>();
  const count = (object: CatalogObject | undefined, field: string | null, isPresent: boolean): void => {
    // A role belongs to every database of the server, so it is no sign of what was done to this one.
    const tag = object?.kind === 'role' ? undefined : object && trace.history?.findMigration(object, field);
    if (tag === undefined) return;
    const counted = counts.get(tag) ?? { present: 0, missing: 0 };
    counted[isPresent ? 'present' : 'missing']++;
    counts.set(tag, counted);
  };
  for (const subject of trace.subjects) {
    const { actual, applied, all } = subject;
    if ((applied === undefined) !== (all === undefined)) {
      const object = trace.objectOf('all', subject) ?? trace.objectOf('applied', subject);
      count(object, null, (actual === undefined) === (all === undefined));
    } else if (applied !== undefined && all !== undefined && actual !== undefined) {
      countFields(trace, subject, (field, isPresent) => {
        count(trace.objectOf('all', subject), field, isPresent);
      });
    }
  }
  return [...counts.entries()]
    .map(([migration, counted]) => ({ migration, ...counted }))
    .sort((a, b) => compareText(a.migration, b.migration));
}

function countFields(
  trace: Trace,
  subject: Subject,
  count: (field: string, isPresent: boolean) => void,
): void {
  const byHand = trace.compare('actual', 'applied', subject);
  const missing = trace.compare('actual', 'expected', subject);
  const models = trace.compare('all', 'expected', subject);
  for (const { field } of trace.compare('applied', 'all', subject) ?? []) {
    const has = (changes: readonly FieldChange[] | null): boolean =>
      changes?.some((change) => change.field === field) ?? false;
    if (!has(byHand)) count(field, false);
    else if (!has(missing) && !has(models)) count(field, true);
  }
}
