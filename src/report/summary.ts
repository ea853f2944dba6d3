/** Counts, groups and next steps: what all formats for people have in common. */
import { addressKey, compareText, tableAddress } from '../catalog/address.ts';
import type { ObjectKind } from '../catalog/objects.ts';
import type { Located } from '../catalog/schema.ts';
import type { Cause, Drift } from '../diff/drift.ts';
import { countKind, kindNames, printAddress } from '../diff/naming.ts';
import { makePrintable } from '../diff/printable.ts';
import type { ProjectCommands } from './project-commands.ts';
import {
  adviceOnEmptyFolder,
  adviseState,
  remarkOnEdit,
  toClause,
  toSentence,
  type AdvisedState,
} from './migration-advice.ts';
import { objectOfDrift, type CheckReport, type MigrationProblem, type MigrationState } from './report.ts';

/** Drifts that have one reason and one remedy. */
export interface CauseGroup {
  /** `unknown` where there is no migrations folder, or it was not replayed. */
  readonly cause: Cause | 'unknown';
  readonly migration?: string;
  readonly heading: string;
  /** What to do, without a full stop. */
  readonly next: string;
  readonly drifts: readonly Drift[];
}

/** What belongs to one table, or is one object that is no part of a table. */
export interface TableGroup<T> {
  /** `users`, `view active_users`. */
  readonly heading: string;
  readonly kind: ObjectKind;
  readonly items: readonly T[];
}

/** Groups by cause, pending migrations first and in the order in which they run. */
export function groupByCause(report: CheckReport): readonly CauseGroup[] {
  const { drifts, migrations, commands } = report;
  if (drifts.length === 0) return [];
  if (migrations.folder === null) return [groupOf('unknown', undefined, drifts, commands)];
  const rank = (tag: string): number => {
    const at = migrations.pending.indexOf(tag);
    return at === -1 ? migrations.pending.length : at;
  };
  const tags = [...new Set(drifts.flatMap((drift) => drift.migration ?? []))].sort(
    (a, b) => rank(a) - rank(b),
  );
  const unapplied = [...tags, undefined].map((tag) =>
    groupOf(
      'unapplied',
      tag,
      drifts.filter((d) => d.cause === 'unapplied' && d.migration === tag),
      commands,
    ),
  );
  const others = (['ungenerated', 'out-of-band'] as const).map((cause) =>
    groupOf(
      cause,
      undefined,
      drifts.filter((drift) => drift.cause === cause),
      commands,
    ),
  );
  if (migrations.isUnreplayed === true) {
    const rest = drifts.filter(({ cause }) => cause !== 'unapplied');
    return [...unapplied, groupOf('unknown', undefined, rest, commands)].filter(isInhabited);
  }
  return [...unapplied, ...others].filter(isInhabited);
}

function isInhabited(group: CauseGroup): boolean {
  return group.drifts.length > 0;
}

function groupOf(
  cause: CauseGroup['cause'],
  migration: string | undefined,
  drifts: readonly Drift[],
  commands: ProjectCommands,
): CauseGroup {
  return {
    cause,
    ...(migration === undefined ? {} : { migration }),
    heading: headCause(cause, migration),
    next: adviseGroup(cause, drifts, commands),
    drifts,
  };
}

function headCause(cause: CauseGroup['cause'], migration: string | undefined): string {
  switch (cause) {
    case 'unapplied':
      return migration === undefined ? 'Pending migrations' : `Pending migration ${makePrintable(migration)}`;
    case 'ungenerated':
      return 'Models ahead of the migrations';
    case 'out-of-band':
      return 'Changed by hand';
    case 'unknown':
      return 'Database and models differ';
  }
}

/** What a person does about drift of this cause. */
export function adviseCause(cause: CauseGroup['cause'], commands: ProjectCommands): string {
  switch (cause) {
    case 'unapplied':
      return `run ${commands.migrate.text}`;
    case 'ungenerated':
      return `run ${commands.generate.text}`;
    case 'out-of-band':
      return 'put the database back, or take the change into the models';
    case 'unknown':
      return 'bring the database to the models, or take the difference into the models';
  }
}

/** drizzle-kit compares the models with its own snapshot, which has nothing of what a migration of somebody's own made. */
function adviseGroup(
  cause: CauseGroup['cause'],
  drifts: readonly Drift[],
  commands: ProjectCommands,
): string {
  const advice = adviseCause(cause, commands);
  // A trigger, for one, has no place in the models.
  const isOfMigrations = drifts.some(({ expectedBy }) => expectedBy === 'migrations');
  if (cause === 'out-of-band' && isOfMigrations) return `${advice} or a migration`;
  const isUnseen = cause === 'ungenerated' && drifts.some(({ kind }) => kind.endsWith('.drop'));
  return isUnseen && commands.generate.by === 'drizzle-kit'
    ? `${advice}; what a custom migration made it does not see: take that into the models, or drop it in another custom migration`
    : advice;
}

/** Groups by table, in the report's order. */
export function groupByTable<T extends { readonly address: Located['address'] }>(
  items: readonly T[],
  kindOf: (item: T) => ObjectKind,
): readonly TableGroup<T>[] {
  const groups = new Map<string, { heading: string; kind: ObjectKind; items: T[] }>();
  for (const item of items) {
    const kind = item.address.table === undefined ? kindOf(item) : 'table';
    const address = tableAddress(item.address);
    const key = `${kind} ${addressKey(address)}`;
    const group = groups.get(key);
    if (group) group.items.push(item);
    else {
      const name = printAddress(address);
      groups.set(key, {
        heading: kind === 'table' ? name : `${kindNames[kind][0]} ${name}`,
        kind,
        items: [item],
      });
    }
  }
  return [...groups.values()];
}

/** The one sentence that says how things are. */
export function summarise(report: CheckReport): string {
  const parts = [
    summariseDrifts(report),
    ...summariseMigrations(report.migrations),
    report.undetermined.length === 0
      ? ''
      : `${count(report.undetermined.length, 'comparison')} could not be decided.`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? describeUpToDate(report) : parts.join(' ');
}

function describeUpToDate({ target, dialect, migrations, offline, baseline }: CheckReport): string {
  const { accepted = [] } = baseline ?? {};
  const butFor = accepted.length === 0 ? '' : `, but for ${count(accepted.length, 'accepted difference')}`;
  if (offline)
    return `Up to date: the migrations in ${makePrintable(target)} make what the models say${butFor} (${dialect}; no database was asked).`;
  const { applied } = migrations;
  const had = applied === null || applied === 0 ? '' : `, ${count(applied, 'migration')} applied`;
  return `Up to date: ${makePrintable(target)} is as the models say${butFor} (${dialect}${had}).`;
}

function summariseDrifts(report: CheckReport): string {
  const { drifts } = report;
  if (drifts.length === 0) return '';
  const places = new Map<ObjectKind, number>();
  for (const { kind } of groupByTable(drifts, (drift) => objectOfDrift(drift.kind))) {
    places.set(kind, (places.get(kind) ?? 0) + 1);
  }
  const tablesFirst = [...places].sort(
    ([a], [b]) => Number(b === 'table') - Number(a === 'table') || compareText(a, b),
  );
  const where = joinWords(tablesFirst.map(([kind, number]) => countKind(kind, number)));
  const { folder, isUnreplayed } = report.migrations;
  const causes = folder === null || isUnreplayed === true ? '' : `: ${joinWords(countCauses(report))}`;
  return `${count(drifts.length, 'difference')} in ${where}${causes}.`;
}

function countCauses({ drifts }: CheckReport): readonly string[] {
  const of = (cause: Cause): readonly Drift[] => drifts.filter((drift) => drift.cause === cause);
  const migrations = new Set(of('unapplied').map((drift) => drift.migration)).size;
  const from = migrations === 1 ? 'a pending migration' : 'pending migrations';
  return [
    [of('unapplied').length, `from ${from}`],
    [of('ungenerated').length, 'not generated yet'],
    [of('out-of-band').length, 'made by hand'],
  ].flatMap(([number, words]) => (number === 0 ? [] : [`${String(number)} ${String(words)}`]));
}

function summariseMigrations(migrations: MigrationState): readonly string[] {
  const sentence = (list: readonly unknown[], rest: string): string =>
    list.length === 0 ? '' : `${count(list.length, 'migration')} ${rest}.`;
  return [
    sentence(migrations.pending, 'pending'),
    sentence(migrations.outOfOrder, 'out of order'),
    sentence(migrations.edited, 'edited after being applied'),
    sentence(migrations.unknown, 'applied but not in the folder'),
    migrations.problems.length === 0
      ? ''
      : `${count(migrations.problems.length, 'problem')} with the migrations.`,
  ];
}

/** The lines about the migrations folder that a person should read. */
export function describeMigrations(report: CheckReport): readonly string[] {
  const { migrations, drifts } = report;
  if (migrations.folder === null) {
    const unknown = listAdvised(report).map((one) => sayAdvised(one));
    return drifts.length === 0 ? unknown : ['no folder, so drift cannot tell which side moved', ...unknown];
  }
  const advised = listAdvised(report);
  return [
    migrations.applied === null
      ? `${String(migrations.total)} in the folder; no database was asked which of them it has`
      : `${String(migrations.applied)} applied${migrations.pending.length === 0 ? '' : `, ${String(migrations.pending.length)} pending: ${listTags(migrations.pending)}`}`,
    ...(migrations.isUnreplayed === true && drifts.length > 0
      ? ['not replayed, so drift cannot tell which side moved']
      : []),
    ...advised.map((one) => sayAdvised(one)),
    ...migrations.problems.map(({ message, next }) =>
      makePrintable(next === undefined ? message : `${message} ${next}`),
    ),
  ];
}

function listTags(tags: readonly string[]): string {
  return tags.map(makePrintable).join(', ');
}

function sayAdvised({ heading, tags, remark, advice }: AdvisedTags): string {
  return [
    `${heading}: ${listTags(tags)}`,
    ...(remark === undefined ? [] : [remark.replace(/\.$/, '')]),
    ...(advice === null ? [] : [toSentence(advice)]),
  ].join('. ');
}

interface AdvisedTags {
  readonly heading: string;
  readonly tags: readonly string[];
  /** A sentence about them. */
  readonly remark?: string;
  /** Null where the problem that names the same migrations has it. */
  readonly advice: string | null;
}

/** The states that stop a migration, with what to do about them: what has to be done first comes first. */
function listAdvised({ migrations, commands }: CheckReport): readonly AdvisedTags[] {
  const { unknown, edited, outOfOrder, problems } = migrations;
  const skipped = new Set(
    problems.flatMap(({ code, migration }) => (code === 'skipped' ? (migration ?? []) : [])),
  );
  const of = (state: AdvisedState, heading: string, tags: readonly string[]): readonly AdvisedTags[] =>
    tags.length === 0 ? [] : [{ heading, tags, advice: adviseState(state, tags, { commands, skipped }) }];
  return [
    ...of('unknown', 'applied but not in the folder', unknown).map((one) =>
      migrations.folder === null ? { ...one, advice: adviceOnEmptyFolder } : one,
    ),
    ...of('edited', 'edited after being applied', edited).map((one) =>
      migrations.isEditWithoutEffect === true ? { ...one, remark: remarkOnEdit(edited) } : one,
    ),
    ...of('out-of-order', 'out of order', outOfOrder).map((one) =>
      one.tags.every((tag) => skipped.has(tag)) ? { ...one, advice: null } : one,
    ),
  ];
}

/**
 * What to do first: migrations that are not in order would stop `drift migrate`, and stand in the way of a new one. Null
 * where everything is in order, or nothing can be said in general.
 */
export function adviseFirst(report: CheckReport): string | null {
  const { migrations, commands } = report;
  const ofFolder = migrations.problems.find(({ code }) => !otherProblems.has(code));
  const ofState = migrations.problems.find(({ code }) => otherProblems.get(code) === 'state');
  const advice =
    adviseProblem(ofFolder) ??
    listAdvised(report).find((one) => one.advice !== null)?.advice ??
    adviseProblem(ofState);
  if (advice !== null) return advice;
  const [first] = groupByCause(report);
  if (first) return adviseFirstOf(first, report);
  return migrations.pending.length > 0 ? adviseCause('unapplied', commands) : null;
}

/** drift generate plans from what the migrations make, and so needs all of them to run. */
function adviseFirstOf({ cause, next }: CauseGroup, { migrations, commands }: CheckReport): string {
  const failed = migrations.problems.find(({ code }) => code === 'replay-failed');
  if (cause !== 'ungenerated' || failed === undefined || commands.generate.by !== 'drift') return next;
  return `correct ${makePrintable(failed.migration ?? 'the migration')}, which cannot be replayed; then ${next}`;
}

/** Problems that are not the folder's own. What the scratch database refuses is said, and stops nobody. */
const otherProblems: ReadonlyMap<string, 'state' | 'replay'> = new Map([
  ['skipped', 'state'],
  ['would-run-again', 'state'],
  ['already-in-database', 'state'],
  ['partly-applied', 'state'],
  ['replay-failed', 'replay'],
]);

function adviseProblem(problem: MigrationProblem | undefined): string | null {
  return problem?.next === undefined ? null : makePrintable(toClause(problem.next));
}

/**
 * What is worth a word and is no drift. What could not be replayed is always named, the first of it in full; the order of
 * columns only where everything is asked for.
 */
export function listNotes({ notes }: Pick<CheckReport, 'notes'>, verbose: boolean): readonly string[] {
  if (verbose) return notes.map(({ message }) => `Note: ${makePrintable(message)}`);
  const [first, ...others] = notes.filter(({ kind }) => kind === 'not-replayed');
  if (first === undefined) return [];
  const more = others.length === 0 ? '' : ` And ${String(others.length)} more (--verbose names them).`;
  return [`Note: ${makePrintable(first.message)}${more}`];
}

/** `2 triggers and 1 virtual table`; the empty string for none. */
export function countByKind(objects: readonly Located[]): string {
  const numbers = new Map<ObjectKind, number>();
  for (const { kind } of objects) numbers.set(kind, (numbers.get(kind) ?? 0) + 1);
  return joinWords(
    [...numbers].sort(([a], [b]) => compareText(a, b)).map(([kind, number]) => countKind(kind, number)),
  );
}

/** `1 difference`, `2 differences`. */
export function count(number: number, one: string): string {
  return `${String(number)} ${one}${number === 1 ? '' : 's'}`;
}

/** `a, b and c` */
export function joinWords(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}
