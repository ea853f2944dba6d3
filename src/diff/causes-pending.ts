/** What of a pending migration the database has already: all of it was run by hand, a part of it was cut short. */
import { addressKey, compareText, tableAddress } from '../catalog/address.ts';
import type { CatalogObject, ObjectKind } from '../catalog/objects.ts';
import type { Subject } from './causes-align.ts';
import type { Trace } from './causes-trace.ts';
import type { FieldChange } from './changes.ts';

/** How much of what a pending migration makes the database has already. */
export interface PendingEvidence {
  readonly migration: string;
  readonly present: number;
  readonly missing: number;
}

/** One thing that a pending migration does. */
interface Deed {
  readonly tag: string;
  readonly object: CatalogObject;
  /** Whether it makes or drops the object as a whole. */
  readonly isWhole: boolean;
  readonly isPresent: boolean;
}

/** Counts, for each pending migration, what of its work the database has already, as its statements would be counted. */
export function countPending(trace: Trace): readonly PendingEvidence[] {
  const deeds = collectDeeds(trace);
  const tables = new Map(
    deeds
      .filter(({ object, isWhole }) => isWhole && object.kind === 'table')
      .map((deed) => [addressKey(deed.object.address), deed]),
  );
  const counts = new Map<string, { present: number; missing: number }>();
  for (const deed of deeds) {
    const table = deed.object.address.table === undefined ? undefined : findTable(tables, deed);
    // A table comes and goes with all that its CREATE TABLE says.
    if (table !== undefined && table.tag === deed.tag && table.isPresent === deed.isPresent) continue;
    const counted = counts.get(deed.tag) ?? { present: 0, missing: 0 };
    counted[deed.isPresent ? 'present' : 'missing']++;
    counts.set(deed.tag, counted);
  }
  return [...counts.entries()]
    .map(([migration, counted]) => ({ migration, ...counted }))
    .sort((a, b) => compareText(a.migration, b.migration));
}

const ofStatement: ReadonlySet<ObjectKind> = new Set<ObjectKind>([
  'column',
  'primaryKey',
  'unique',
  'foreignKey',
  'check',
  'exclusion',
]);

function findTable(tables: ReadonlyMap<string, Deed>, { object, isWhole }: Deed): Deed | undefined {
  return isWhole && ofStatement.has(object.kind)
    ? tables.get(addressKey(tableAddress(object.address)))
    : undefined;
}

function collectDeeds(trace: Trace): readonly Deed[] {
  const deeds: Deed[] = [];
  const note = (object: CatalogObject | undefined, field: string | null, isPresent: boolean): void => {
    // A role belongs to every database of the server, so it is no sign of what was done to this one.
    const tag = object?.kind === 'role' ? undefined : object && trace.history?.findMigration(object, field);
    if (tag === undefined || object === undefined) return;
    deeds.push({ tag, object, isWhole: field === null, isPresent });
  };
  for (const subject of trace.subjects) {
    const { actual, applied, all } = subject;
    if ((applied === undefined) !== (all === undefined)) {
      const object = trace.objectOf('all', subject) ?? trace.objectOf('applied', subject);
      note(object, null, (actual === undefined) === (all === undefined));
    } else if (applied !== undefined && all !== undefined && actual !== undefined) {
      countFields(trace, subject, (field, isPresent) => {
        note(trace.objectOf('all', subject), field, isPresent);
      });
    }
  }
  return deeds;
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
