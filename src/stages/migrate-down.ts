/** `drift migrate --down`: takes migrations back, the last one first. */
import { existsSync, readFileSync } from 'node:fs';
import type { AppliedRow } from '../dialects/dialect.ts';
import type { MigrationScript, Migrator } from '../dialects/migrator.ts';
import { DriftError } from '../errors.ts';
import { nameDownFile } from '../project/migration-writer.ts';
import { hashMigration } from '../project/migrations/hash.ts';
import type { MigrationsFolder } from '../project/migrations/migration.ts';
import { matchApplied, nameRow, type AppliedMigration } from '../project/migrations/state.ts';
import { displayPath } from '../project/paths.ts';
import { nearest } from '../spelling.ts';
import type { Allowance } from './migrate-select.ts';
import {
  lookAhead,
  openMigrator,
  openQuietly,
  prepareBackup,
  readFolder,
  type AppliedNow,
  type MigrateRequest,
  type MigrateResult,
} from './migrate.ts';
import { createKnower, type Knower } from './migrate-known.ts';
import type { Project } from './project.ts';

export interface DownRequest extends Omit<MigrateRequest, 'to'> {
  /** The first migration that is taken back; all that were applied after it are taken back before it. */
  readonly tag: string;
}

export interface DownResult extends Pick<
  MigrateResult,
  'dialect' | 'target' | 'dryRun' | 'backup' | 'preflight'
> {
  /** In the order in which they were taken back; with `dryRun`, would be. */
  readonly reverted: readonly AppliedNow[];
  /** Tags that another process took back while this one waited for the lock. */
  readonly revertedByOthers: readonly string[];
}

/** One migration and the way back from it. */
interface Return {
  readonly applied: AppliedMigration;
  readonly script: MigrationScript;
}

/**
 * Runs the ways back, each in one transaction in which the migration's row goes too.
 * @throws DriftError MIGRATION_NOT_FOUND, MIGRATE_DOWN_NOT_APPLIED, MIGRATE_DOWN_MISSING, MIGRATE_UNKNOWN_APPLIED,
 * MIGRATE_EDITED, and those of running migrations; what was taken back before stays so
 */
export async function runDown(request: DownRequest): Promise<DownResult> {
  const project = await openQuietly(request);
  const folder = await readFolder(project);
  const migrator = await openMigrator(project, folder, { ...request, to: undefined });
  try {
    const rows = await project.step('reading what is applied', () => migrator.readApplied());
    const returns = selectReturns(project, folder, rows, request);
    const scripts = returns.map(({ script }) => script);
    const inspected = migrator.inspect(scripts);
    const know = createKnower(project, folder, inspected);
    const preflight = await lookAhead(project, migrator, scripts, { ...request, known: await know(rows) });
    const { dryRun } = request;
    const base = { dialect: project.dialect.name, target: migrator.label, dryRun, preflight };
    if (dryRun) {
      const reverted = returns.map(({ applied }, at) => ({
        tag: applied.migration.tag,
        statements: inspected[at]?.statements ?? 0,
        milliseconds: 0,
      }));
      return { ...base, reverted, revertedByOthers: [], backup: null };
    }
    return { ...base, ...(await revertAll(project, folder, migrator, { returns, know }, request)) };
  } finally {
    await migrator.close();
  }
}

/** The last migrations up to and with the one that is asked for, by the order in which they were applied. */
function selectReturns(
  project: Project,
  folder: MigrationsFolder,
  rows: readonly AppliedRow[] | null,
  { tag, allow }: Pick<DownRequest, 'tag' | 'allow'>,
): readonly Return[] {
  const state = matchApplied(folder, rows);
  requireKnownTag(project, folder, tag);
  const first = state.applied.findIndex(({ migration }) => migration.tag === tag);
  const oldest = state.applied[first];
  if (oldest === undefined) throw new DriftError('MIGRATE_DOWN_NOT_APPLIED', { tag });
  const selected = state.applied.slice(first).reverse();
  const order = rows ?? [];
  const later = state.unknown.filter((row) => order.indexOf(row) > order.indexOf(oldest.row));
  if (later.length > 0 && !allow.has('unknown')) {
    throw new DriftError('MIGRATE_UNKNOWN_APPLIED', { names: later.map(nameRow) });
  }
  requireUnedited(state.edited, selected, allow);
  return readReturns(project, folder, selected);
}

function requireKnownTag(project: Project, folder: MigrationsFolder, tag: string): void {
  const tags = folder.migrations.map((migration) => migration.tag);
  if (tags.includes(tag)) return;
  const directory = displayPath(project.config.root, folder.directory);
  throw new DriftError('MIGRATION_NOT_FOUND', { tag, directory, nearest: nearest(tag, tags) });
}

/** The way back is from what the file says now. */
function requireUnedited(
  edited: readonly AppliedMigration[],
  selected: readonly AppliedMigration[],
  allow: ReadonlySet<Allowance>,
): void {
  const found = selected.filter((one) => edited.includes(one));
  if (found.length === 0 || allow.has('edited')) return;
  throw new DriftError('MIGRATE_EDITED', { tags: found.map(({ migration }) => migration.tag) });
}

/** @throws DriftError MIGRATE_DOWN_MISSING before anything is run, naming every one that is missing */
function readReturns(
  project: Project,
  folder: MigrationsFolder,
  selected: readonly AppliedMigration[],
): readonly Return[] {
  const files = selected.map((applied) => ({ applied, file: nameDownFile(folder, applied.migration) }));
  const missing = files.filter(({ file }) => !existsSync(file));
  if (missing.length > 0) {
    throw new DriftError('MIGRATE_DOWN_MISSING', {
      files: missing.map(({ file }) => displayPath(project.config.root, file)),
      tags: missing.map(({ applied }) => applied.migration.tag),
    });
  }
  return files.map(({ applied, file }) => {
    const sql = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
    const { tag, when } = applied.migration;
    return { applied, script: { tag: `${tag}.down`, file, sql, hash: hashMigration(sql), when } };
  });
}

async function revertAll(
  project: Project,
  folder: MigrationsFolder,
  migrator: Migrator,
  { returns, know }: { readonly returns: readonly Return[]; readonly know: Knower },
  request: DownRequest,
): Promise<Pick<DownResult, 'reverted' | 'revertedByOthers' | 'backup'>> {
  const reverted: AppliedNow[] = [];
  const revertedByOthers: string[] = [];
  const backup = prepareBackup(project, migrator, request);
  for (const { applied, script } of returns) {
    const { tag } = applied.migration;
    const start = request.now();
    const decide = (rows: readonly AppliedRow[] | null): boolean =>
      isStillLast(folder, rows, applied, request);
    const outcome = await project.step(`taking ${tag} back`, () =>
      migrator.revert(script, applied.row, {
        decide,
        before: backup.make,
        known: know,
        allowsLoss: request.allow.has('hand-made'),
      }),
    );
    if (outcome === 'skipped') revertedByOthers.push(tag);
    else {
      const statements = migrator.inspect([script])[0]?.statements ?? 0;
      reverted.push({ tag, statements, milliseconds: Math.round(request.now() - start) });
    }
  }
  return { reverted, revertedByOthers, backup: backup.made() };
}

/**
 * Whether it is still applied by what the rows say under the lock.
 * @throws DriftError MIGRATE_DOWN_NOT_LAST where somebody has applied another one since
 */
function isStillLast(
  folder: MigrationsFolder,
  rows: readonly AppliedRow[] | null,
  { migration }: AppliedMigration,
  { allow }: Pick<DownRequest, 'allow'>,
): boolean {
  const state = matchApplied(folder, rows);
  if (!state.applied.some((one) => one.migration === migration)) return false;
  const strange = allow.has('unknown') ? [] : state.unknown;
  const newest = (rows ?? []).findLast(
    (row) => strange.includes(row) || state.applied.some((one) => one.row === row),
  );
  const last = state.applied.find(({ row }) => row === newest)?.migration;
  if (last === migration || newest === undefined) return true;
  throw new DriftError('MIGRATE_DOWN_NOT_LAST', { tag: migration.tag, last: last?.tag ?? nameRow(newest) });
}
