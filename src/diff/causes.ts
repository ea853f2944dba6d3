/**
 * Why the database is not what it is expected to be. Every attribute is followed from the database back to the models:
 * what it is → what the applied migrations made it → what all migrations make it → what is expected. Where the value
 * changes on that way, there somebody moved: by hand (out-of-band), in a pending migration (unapplied), in the models
 * (ungenerated). An attribute that changes at several places is several drifts.
 */
import { addressKey, compareText, tableAddress, type Address } from '../catalog/address.ts';
import type { CatalogObject } from '../catalog/objects.ts';
import { compareObjects } from '../catalog/schema.ts';
import type { Subject, Witness } from './causes-align.ts';
import { noteLookalikes } from './causes-lookalikes.ts';
import { countPending, type PendingEvidence } from './causes-pending.ts';
import { createTrace, type Evidence, type KnownWitness, type Trace } from './causes-trace.ts';
import type { Change, FieldChange } from './changes.ts';
import { diffSchemas } from './compare.ts';
import type { Witnessed } from './describe.ts';
import type { Cause } from './drift.ts';

/** A change and why it is missing. */
export interface ExplainedChange {
  readonly change: Change;
  readonly cause: Cause;
  /** Tag of the pending migration, with cause `unapplied` where it can be told. */
  readonly migration?: string;
  readonly expectedBy: 'models' | 'migrations';
  readonly witness: Witnessed;
  /**
   * What the change would bring to what is expected: the database, or the migrations alone because the database is so
   * already. In the latter case the values under `database` are the ones that the migrations make.
   */
  readonly observed: 'database' | 'migrations';
  /** With cause `out-of-band`: tag of the applied migration that says otherwise only since its file was edited. */
  readonly edited?: string;
  /** With cause `out-of-band`: where the same thing may be now, or may have been, under another name. */
  readonly lookalike?: Address;
}

export interface Explanation {
  readonly changes: readonly ExplainedChange[];
  /** Objects of the database that nothing can be held against because a migration could not be replayed. */
  readonly unmanaged: readonly CatalogObject[];
  /** For each pending migration that makes a difference. */
  readonly pending: readonly PendingEvidence[];
}

/** Traces every difference to its causes. Pure: all schemas are given, and comparable pair by pair. */
export function explainChanges(evidence: Evidence): Explanation {
  if (isClean(evidence)) return { changes: [], unmanaged: [], pending: [] };
  const trace = createTrace(evidence);
  const changes: ExplainedChange[] = [];
  const unmanaged: CatalogObject[] = [];
  for (const subject of trace.subjects) {
    const orphan = findUnprovable(trace, subject);
    if (orphan) unmanaged.push(orphan);
    else changes.push(...explainSubject(trace, subject));
  }
  return {
    changes: noteLookalikes(leaveOutParts(changes).sort(compareExplained), evidence.actualToExpected),
    unmanaged,
    pending: trace.history ? countPending(trace) : [],
  };
}

/** The usual case, which needs no tracing: every witness is as expected. */
function isClean({ actualToExpected, history }: Evidence): boolean {
  const pairs = [actualToExpected, ...(history ? [history.allToExpected, history.appliedToExpected] : [])];
  // Where no migration is pending or the database is as they make it, one pair stands for several witnesses.
  return [...new Set(pairs)].every((pair) => diffSchemas(pair.database, pair.expected).length === 0);
}

/** Where a migration could not be replayed, what it would have made cannot be told from what was made by hand. */
function findUnprovable(trace: Trace, subject: Subject): CatalogObject | undefined {
  const object = trace.objectOf('actual', subject);
  if (!object || trace.history?.complete !== false) return undefined;
  const alone = subject.applied === undefined && subject.all === undefined && subject.expected === undefined;
  return alone && trace.beyond.kinds.has(object.kind) ? object : undefined;
}

function explainSubject(trace: Trace, subject: Subject): readonly ExplainedChange[] {
  const actual = trace.objectOf('actual', subject);
  const expected = trace.objectOf('expected', subject);
  if (actual && expected) return explainPresent(trace, subject, actual, expected);
  if (actual) return explainDrop(trace, subject, actual);
  if (expected) return explainCreate(trace, subject, expected);
  return explainForgotten(trace, subject);
}

/** The database has it, and it is not expected. */
function explainDrop(trace: Trace, subject: Subject, database: CatalogObject): readonly ExplainedChange[] {
  const change: Change = { type: 'drop', kind: database.kind, address: database.address, database };
  if (!trace.history) return [twoWay(trace, change)];
  const found: ExplainedChange[] = [];
  const by = expectedByOf(trace, database);
  const [applied, all] = [subject.applied !== undefined, subject.all !== undefined];
  // As a pending migration makes it, it was run without a row: that is told of the migration, and once.
  const isRunWithoutRow = !applied && all && trace.compare('actual', 'all', subject)?.length === 0;
  if (!applied && !isRunWithoutRow)
    found.push({
      change,
      ...becauseOfHand(trace, trace.objectOf('actual', subject), null, all ? 'migrations' : by),
    });
  if (applied && !all)
    found.push({ change, ...becauseOfPending(trace, trace.objectOf('applied', subject), null, by) });
  if (all) found.push({ change, ...because('ungenerated', by) });
  return found;
}

/** It is expected, and the database does not have it. */
function explainCreate(trace: Trace, subject: Subject, expected: CatalogObject): readonly ExplainedChange[] {
  const change: Change = { type: 'create', kind: expected.kind, address: expected.address, expected };
  if (!trace.history) return [twoWay(trace, change)];
  const found: ExplainedChange[] = [];
  const by = expectedByOf(trace, expected);
  const [applied, all] = [subject.applied !== undefined, subject.all !== undefined];
  if (applied)
    found.push({
      change,
      ...becauseOfHand(trace, trace.objectOf('applied', subject), null, all ? by : 'migrations'),
    });
  if (!applied && all)
    found.push({ change, ...becauseOfPending(trace, trace.objectOf('all', subject), null, by) });
  if (!all) found.push({ change, ...because('ungenerated', by) });
  return found;
}

/** Neither the database has it nor is it expected: only the migrations go on making it. */
function explainForgotten(trace: Trace, subject: Subject): readonly ExplainedChange[] {
  const database = trace.objectOf('all', subject);
  if (!database || !trace.history?.complete) return [];
  const change: Change = { type: 'drop', kind: database.kind, address: database.address, database };
  return [{ change, ...because('ungenerated', 'models'), observed: 'migrations' }];
}

/** Both have it: field by field. */
function explainPresent(
  trace: Trace,
  subject: Subject,
  database: CatalogObject,
  expected: CatalogObject,
): readonly ExplainedChange[] {
  const differing = trace.compare('actual', 'expected', subject) ?? [];
  const reasons = differing.flatMap((field) => explainField(trace, subject, database, field));
  return [
    ...groupReasons(reasons, database, expected),
    ...explainUnrecorded(trace, subject, expected, differing),
  ];
}

/** One field, one cause. */
interface Reason {
  readonly field: FieldChange;
  readonly why: Why;
}

function explainField(
  trace: Trace,
  subject: Subject,
  database: CatalogObject,
  field: FieldChange,
): readonly Reason[] {
  const isBeyond = trace.beyond.fields[database.kind]?.includes(field.field) ?? false;
  const by = isBeyond || trace.beyond.kinds.has(database.kind) ? 'migrations' : 'models';
  if (!trace.history) {
    const cause = by === 'migrations' ? 'out-of-band' : 'ungenerated';
    return [{ field, why: { cause, expectedBy: 'models', witness: 'two-way', observed: 'database' } }];
  }
  const { byHand, pending, models } = findSteps(trace, subject, field.field);
  const reasons: Reason[] = [];
  // Where the way goes on after a step, the step leads to what the migrations make and not to what is expected.
  const lead = (step: FieldChange, isLast: boolean): { field: FieldChange; by: Why['expectedBy'] } => ({
    field: isLast ? field : { ...field, expected: step.expected },
    by: isLast ? by : 'migrations',
  });
  if (byHand) {
    const to = lead(byHand, pending === null && models === null);
    reasons.push({
      field: to.field,
      why: becauseOfHand(trace, trace.objectOf('applied', subject), field.field, to.by),
    });
  }
  if (pending) {
    const to = lead(pending, models === null);
    reasons.push({
      field: to.field,
      why: becauseOfPending(trace, trace.objectOf('all', subject), field.field, to.by),
    });
  }
  if (models) reasons.push({ field, why: because('ungenerated', by) });
  if (reasons.length > 0) return reasons;
  // No witness but the database and the expectation knows the object as it is: somebody made it by hand.
  const cause = by === 'migrations' || subject.all !== undefined ? 'out-of-band' : 'ungenerated';
  return [{ field, why: because(cause, by) }];
}

/** At which steps of the way the value of a field changes. */
interface Steps {
  readonly byHand: FieldChange | null;
  readonly pending: FieldChange | null;
  readonly models: FieldChange | null;
}

function findSteps(trace: Trace, subject: Subject, field: string): Steps {
  const find = (from: KnownWitness, to: Witness): FieldChange | null =>
    trace.compare(from, to, subject)?.find((change) => change.field === field) ?? null;
  return {
    byHand: find('actual', 'applied'),
    pending: find('applied', 'all'),
    models: find('all', 'expected'),
  };
}

/**
 * The database is what the models say, but no migration makes it so: it was pushed or done by hand, and a database
 * built from the migrations would be another one. See docs/decisions/0004-in-the-database-but-in-no-migration.md.
 */
function explainUnrecorded(
  trace: Trace,
  subject: Subject,
  expected: CatalogObject,
  differing: readonly FieldChange[],
): readonly ExplainedChange[] {
  if (!trace.history?.complete) return [];
  const recorded = trace.objectOf('all', subject);
  if (!recorded) {
    const change: Change = { type: 'create', kind: expected.kind, address: expected.address, expected };
    return [{ change, ...because('ungenerated', 'models'), observed: 'migrations' }];
  }
  const known = new Set(differing.map((field) => field.field));
  const reasons = (trace.compare('all', 'expected', subject) ?? [])
    .filter((field) => !known.has(field.field))
    .map((field): Reason => ({
      field,
      why: { ...because('ungenerated', 'models'), observed: 'migrations' },
    }));
  return groupReasons(reasons, recorded, expected);
}

/** Fields of one cause and one migration are one change. */
function groupReasons(
  reasons: readonly Reason[],
  database: CatalogObject,
  expected: CatalogObject,
): readonly ExplainedChange[] {
  const groups = new Map<string, Reason[]>();
  for (const reason of reasons) {
    const key = JSON.stringify(reason.why);
    const group = groups.get(key);
    if (group) group.push(reason);
    else groups.set(key, [reason]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const change = changeFields(
      database,
      expected,
      group.map((reason) => reason.field),
    );
    return [{ ...first.why, change }];
  });
}

function changeFields(
  database: CatalogObject,
  expected: CatalogObject,
  fields: readonly FieldChange[],
): Change {
  const at = { kind: database.kind, address: database.address, database, expected, fields };
  const name = fields.find((field) => field.field === 'name');
  if (!name) return { type: 'alter', ...at };
  return { type: 'rename', ...at, to: { ...expected.address, name: String(name.expected) } };
}

function expectedByOf(trace: Trace, object: CatalogObject): 'models' | 'migrations' {
  return trace.beyond.kinds.has(object.kind) ? 'migrations' : 'models';
}

/** Without a third witness: what the models can say was not written down, what they cannot was done by hand. */
function twoWay(trace: Trace, change: Change): ExplainedChange {
  const cause = trace.beyond.kinds.has(change.kind) ? 'out-of-band' : 'ungenerated';
  return { change, cause, expectedBy: 'models', witness: 'two-way', observed: 'database' };
}

type Why = Omit<ExplainedChange, 'change'>;

function because(cause: Cause, expectedBy: Why['expectedBy']): Why {
  return { cause, expectedBy, witness: 'three-way', observed: 'database' };
}

function becauseOfPending(
  trace: Trace,
  object: CatalogObject | undefined,
  field: string | null,
  by: Why['expectedBy'],
): Why {
  const migration = object && trace.history?.findMigration(object, field);
  return { ...because('unapplied', by), ...(migration === undefined ? {} : { migration }) };
}

function becauseOfHand(
  trace: Trace,
  object: CatalogObject | undefined,
  field: string | null,
  by: Why['expectedBy'],
): Why {
  const edited = object && trace.history?.findEdited(object, field);
  return { ...because('out-of-band', by), ...(edited === undefined ? {} : { edited }) };
}

/**
 * What belongs to a table that is itself missing for the same cause is part of that one change; what belongs to a table
 * that is to go is so for any cause.
 */
function leaveOutParts(changes: readonly ExplainedChange[]): ExplainedChange[] {
  const owners = new Set(changes.filter(({ change }) => change.address.table === undefined).map(ownerKey));
  return changes.filter((explained) => {
    const { change } = explained;
    if (change.address.table === undefined || (change.type !== 'create' && change.type !== 'drop'))
      return true;
    return !owners.has(ownerKey(explained));
  });
}

function ownerKey({ change, cause, observed }: ExplainedChange): string {
  const why = change.type === 'drop' && observed === 'database' ? '' : cause;
  return JSON.stringify([addressKey(tableAddress(change.address)), change.type, why, observed]);
}

function compareExplained(a: ExplainedChange, b: ExplainedChange): number {
  return (
    compareObjects(a.change, b.change) ||
    compareText(a.cause, b.cause) ||
    compareText(a.migration ?? '', b.migration ?? '') ||
    compareText(a.observed, b.observed)
  );
}
