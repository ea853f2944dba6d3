/** Which migrations are run, and what must be answered first. */
import { DriftError } from '../errors.ts';
import type { AppliedRow } from '../dialects/dialect.ts';
import type { Finding, Preflight } from '../dialects/migrator.ts';
import { displayPath } from '../project/paths.ts';
import type { Migration, MigrationsFolder } from '../project/migrations/migration.ts';
import { matchApplied, nameRow, type AppliedState } from '../project/migrations/state.ts';
import { nearest } from '../spelling.ts';

/** What `--allow` can let pass. */
export const allowances = [
  'out-of-order',
  'unknown',
  'edited',
  'lossy-cast',
  'hand-made',
  'disk-space',
] as const;

export type Allowance = (typeof allowances)[number];

export interface Selection {
  /** Of the project; paths are shown relative to it. */
  readonly root: string;
  /** `--to`: the tag of the last migration to run. */
  readonly to: string | undefined;
  readonly allow: ReadonlySet<Allowance>;
}

/** @throws DriftError MIGRATE_FOLDER_BROKEN */
export function requireSoundFolder(root: string, folder: MigrationsFolder): void {
  const problems = folder.problems.filter(({ severity }) => severity === 'error');
  if (problems.length === 0) return;
  throw new DriftError('MIGRATE_FOLDER_BROKEN', {
    directory: displayPath(root, folder.directory),
    problems: problems.map(({ message }) => message),
  });
}

/**
 * The migrations that are to run, in the folder's order. Nothing is passed over: what drizzle-orm would skip in silence
 * is refused, or run where that was allowed.
 * @throws DriftError MIGRATION_NOT_FOUND, MIGRATE_OUT_OF_ORDER, MIGRATE_UNKNOWN_APPLIED, MIGRATE_EDITED
 */
export function selectMigrations(
  folder: MigrationsFolder,
  rows: readonly AppliedRow[] | null,
  selection: Selection,
): readonly Migration[] {
  const state = matchApplied(folder, rows);
  const wanted = upTo(folder, selection);
  const selected = state.pending.filter((migration) => wanted.has(migration));
  // Where nothing is to be run nothing can go wrong; the check afterwards says what is not in order.
  if (selected.length > 0) requireOrder(folder, state, selected, selection.allow);
  return selected;
}

function upTo(folder: MigrationsFolder, { root, to: tag }: Selection): ReadonlySet<Migration> {
  if (tag === undefined) return new Set(folder.migrations);
  const at = folder.migrations.findIndex((migration) => migration.tag === tag);
  if (at !== -1) return new Set(folder.migrations.slice(0, at + 1));
  const tags = folder.migrations.map((migration) => migration.tag);
  throw new DriftError('MIGRATION_NOT_FOUND', {
    tag,
    directory: displayPath(root, folder.directory),
    nearest: nearest(tag, tags),
  });
}

function requireOrder(
  folder: MigrationsFolder,
  state: AppliedState,
  selected: readonly Migration[],
  allow: ReadonlySet<Allowance>,
): void {
  if (state.unknown.length > 0 && !allow.has('unknown')) {
    throw new DriftError('MIGRATE_UNKNOWN_APPLIED', { names: state.unknown.map(nameRow) });
  }
  if (state.edited.length > 0 && !allow.has('edited')) {
    throw new DriftError('MIGRATE_EDITED', { tags: state.edited.map(({ migration }) => migration.tag) });
  }
  const late = selected.filter((migration) => state.outOfOrder.includes(migration));
  if (late.length === 0 || allow.has('out-of-order')) return;
  const applied = new Set(state.applied.map(({ migration }) => migration));
  const last = folder.migrations.findLast((migration) => applied.has(migration));
  throw new DriftError('MIGRATE_OUT_OF_ORDER', {
    tags: late.map(({ tag }) => tag),
    last: last?.tag ?? 'the newest row of the database',
  });
}

/** Whether a migration is still to be run by what the rows say now. */
export function isStillPending(
  folder: MigrationsFolder,
  rows: readonly AppliedRow[] | null,
  migration: Migration,
): boolean {
  return matchApplied(folder, rows).pending.includes(migration);
}

const shown = 10;

/** What of the findings keeps the migrations from being run. */
export function findObjections(
  findings: readonly Finding[],
  allow: ReadonlySet<Allowance>,
): readonly Finding[] {
  const passes = ({ allow: word }: Finding): boolean =>
    allowances.some((one) => one === word && allow.has(one));
  return findings.filter((finding) => finding.severity === 'error' && !passes(finding));
}

/** @throws DriftError PREFLIGHT_FAILED */
export function requireNoObjection(
  { findings, rehearsed }: Pick<Preflight, 'findings' | 'rehearsed'>,
  allow: ReadonlySet<Allowance>,
): void {
  const errors = findObjections(findings, allow);
  if (errors.length === 0) return;
  const words = errors.every((finding) => finding.allow !== null)
    ? [...new Set(errors.flatMap((finding) => finding.allow ?? []))]
    : [];
  throw new DriftError('PREFLIGHT_FAILED', {
    problems: errors.slice(0, shown).map(describeFinding),
    others: Math.max(0, errors.length - shown),
    allow: words,
    cause: rehearsed !== 'with rows' && errors.every(({ code }) => code === 'fails') ? 'statement' : 'data',
  });
}

/** A finding in one line: what, for instance which rows, and what to do. */
export function describeFinding({ message, samples, count, answer }: Finding): string {
  const more = count > samples.length ? ', …' : '';
  const list = samples.length === 0 ? '' : ` (such as ${samples.join('; ')}${more})`;
  return `${message.replace(/\.$/, '')}${list}. ${answer}`;
}
