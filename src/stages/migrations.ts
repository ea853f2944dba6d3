/** The migrations folder and what a database says of it, as the check uses and reports them. */
import { tmpdir } from 'node:os';
import type { AppliedRow, Session } from '../dialects/dialect.ts';
import { displayPath } from '../project/paths.ts';
import { showPaths } from '../project/show-paths.ts';
import { readMigrationsFolder } from '../project/migrations/folder.ts';
import type { MigrationsFolder } from '../project/migrations/migration.ts';
import { inspectSnapshots } from '../project/migrations/snapshots.ts';
import { matchApplied, nameRow, type AppliedState } from '../project/migrations/state.ts';
import type { MigrationProblem, MigrationState } from '../report/report.ts';
import { version } from '../version.ts';
import { nameCommands } from './project-commands.ts';
import type { Detected } from './detect.ts';
import type { Project } from './project.ts';
import { replayMigrations, type Recorded, type ReplayOptions } from './recorded.ts';
import { findCacheDirectory } from './recorded-cache.ts';
import {
  adaptProblems,
  describeFolderProblem,
  describePendingEvidence,
  describeReplayFailure,
  describeStateProblems,
} from './status-problems.ts';

/**
 * Reads the folder; null where there is none. A folder without a single migration, as drizzle-kit's default `out` is
 * before the first one, says nothing and counts as none.
 * @throws DriftError for a folder or journal that cannot be read
 */
export async function readFolder(project: Project): Promise<MigrationsFolder | null> {
  const folder = await readWholeFolder(project);
  return folder && folder.migrations.length + folder.problems.length > 0 ? folder : null;
}

/**
 * The folder as it is, also without a migration; null where there is none.
 * @throws DriftError for a folder or journal that cannot be read
 */
export function readWholeFolder({ config, step }: Project): Promise<MigrationsFolder | null> {
  const { root, out, dialect } = config;
  return step('reading the migrations', () => showPaths(root, () => readMigrationsFolder(out, dialect)));
}

/** Which of the folder's migrations a database has. */
export function matchRows(folder: MigrationsFolder, rows: readonly AppliedRow[] | null): AppliedState {
  return matchApplied(folder, rows);
}

/** Replays the folder on a scratch database like the one that is checked, or takes it from the cache. */
export async function readRecorded(
  project: Project,
  folder: MigrationsFolder,
  state: AppliedState | null,
  like: Session | null,
): Promise<Recorded> {
  const options = await replayOptions(project, like);
  return project.step('replaying the migrations', () => replayMigrations(folder, state, options));
}

/** What a replay needs to know of the project. */
export async function replayOptions(project: Project, like: Session | null): Promise<ReplayOptions> {
  const { dialect, scope, limits, settings, config } = project;
  const { url, createDatabase } = settings.scratch;
  return {
    dialect,
    scope,
    limits,
    scratch: {
      ...(url === undefined ? {} : { url }),
      ...(createDatabase === undefined ? {} : { createDatabase }),
    },
    like,
    cacheDirectory: await findCacheDirectory(config.root, project.env, tmpdir()),
    version,
  };
}

/**
 * The state as the report has it. `state` is null where no database was asked, `recorded` where nothing was replayed; what was detected says how much of each
 * pending migration the database has already.
 */
export async function describeState(
  project: Project,
  folder: MigrationsFolder,
  state: AppliedState | null,
  recorded: Recorded | null,
  { pending, changes }: Pick<Detected, 'pending' | 'changes'>,
): Promise<MigrationState> {
  const { root } = project.config;
  const gone = folder.problems.filter(({ code }) => code === 'missing-file');
  const tags = (list: readonly { readonly tag: string }[]): readonly string[] => list.map(({ tag }) => tag);
  return {
    folder: displayPath(root, folder.directory),
    total: folder.migrations.length + gone.length,
    // Those whose file is gone are applied all the same, as drift status says.
    applied: state && state.applied.length + state.missing.length,
    pending: tags(state?.pending ?? []),
    unknown: (state?.unknown ?? []).map(nameRow),
    isEditWithoutEffect:
      recorded?.complete === true &&
      !changes.some(({ cause, observed }) => cause === 'out-of-band' || observed === 'migrations'),
    isUnreplayed: recorded === null,
    edited: (state?.edited ?? []).map(({ migration }) => migration.tag),
    outOfOrder: tags(state?.outOfOrder ?? []),
    problems: [
      ...(await describeFolderProblems(project, folder, state)),
      // Where only rows would have changed, or the scratch database is to blame, the database is none the worse.
      ...(recorded?.failures ?? [])
        .filter(({ matters, lacking }) => matters && !lacking)
        .map((failure) => describeReplayFailure(project.dialect, root, failure)),
      ...(state ? describeStateProblems(state, nameCommands(project)) : []),
      ...describePendingEvidence(pending, tags(state?.pending ?? [])),
    ],
    files: Object.fromEntries(folder.migrations.map(({ tag, file }) => [tag, displayPath(root, file)])),
  };
}

/** What is wrong with the folder itself. Warnings are for `drift status`. */
async function describeFolderProblems(
  project: Project,
  folder: MigrationsFolder,
  state: AppliedState | null,
): Promise<readonly MigrationProblem[]> {
  const { root, dialect } = project.config;
  const problems = [...folder.problems, ...(await inspectSnapshots(folder, dialect))];
  return adaptProblems(problems, state)
    .filter(({ severity }) => severity === 'error')
    .map((problem) => describeFolderProblem(root, problem));
}
