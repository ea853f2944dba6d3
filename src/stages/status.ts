/** `drift status`: each migration, and where the database stands with respect to the folder. */
import type { DialectName } from '../catalog/schema.ts';
import type { AppliedRow } from '../dialects/dialect.ts';
import { displayPath } from '../project/paths.ts';
import type { Migration, MigrationsFolder } from '../project/migrations/migration.ts';
import { inspectSnapshots } from '../project/migrations/snapshots.ts';
import { isUpToDate, nameRow, type AppliedState } from '../project/migrations/state.ts';
import type { MigrationProblem } from '../report/report.ts';
import { withDatabase } from './actual.ts';
import { matchRows, readFolder } from './migrations.ts';
import { openProject, type ProjectRequest } from './project.ts';
import { describeDuplicates, describeFolderProblem, describeStateProblems } from './status-problems.ts';

/** Grows only when a reader of the old format would misread the new one. */
export const statusFormatVersion = 1;

/**
 * What a migration is to the database. `edited` and `renamed` ones are applied, `skipped` and `out-of-order` ones
 * pending; `unknown` ones are only in the database.
 */
export type MigrationStanding =
  'applied' | 'edited' | 'renamed' | 'pending' | 'out-of-order' | 'skipped' | 'unknown';

export interface StatusEntry {
  /** Tag; of an unknown one the name of its row, or what the row has instead. */
  readonly migration: string;
  readonly status: MigrationStanding;
  /** When it was made: ISO 8601 in UTC, null where that cannot be told. */
  readonly made: string | null;
}

/** `behind`: migrations are pending. `ahead`: the database has some that the folder does not. `diverged`: both. */
export type DatabaseStanding = 'up-to-date' | 'behind' | 'ahead' | 'diverged' | 'edited' | 'no-migrations';

/** The data of the table, and key by key the JSON. */
export interface StatusReport {
  readonly formatVersion: typeof statusFormatVersion;
  readonly status: 'up-to-date' | 'not-up-to-date';
  readonly standing: DatabaseStanding;
  readonly dialect: DialectName;
  /** The database, never with a password. */
  readonly target: string;
  /** Relative to the project; null where there is none. */
  readonly folder: string | null;
  readonly layout: MigrationsFolder['layout'] | null;
  /** False where the database has no table of applied migrations. */
  readonly tableExists: boolean;
  /** In the order in which they run; unknown ones last. */
  readonly migrations: readonly StatusEntry[];
  /** What keeps Drizzle or drift from doing the right thing. */
  readonly problems: readonly MigrationProblem[];
  /** What is worth knowing. */
  readonly warnings: readonly MigrationProblem[];
  /** What to do next, one sentence; null where there is nothing to do. */
  readonly next: string | null;
}

/**
 * Holds the folder against the rows of applied migrations. Neither models nor schema are read.
 * @throws DriftError where folder or database cannot be read
 */
export async function runStatus(request: ProjectRequest): Promise<StatusReport> {
  const project = await openProject(request);
  const folder = await readFolder(project);
  const { rows, target } = await withDatabase(project, async (session) => ({
    rows: await session.readAppliedMigrations(project.scope),
    target: session.label,
  }));
  const { root, dialect } = project.config;
  const found = folder ?? {
    layout: 'empty' as const,
    directory: project.config.out,
    migrations: [],
    problems: [],
  };
  const state = matchRows(found, rows);
  const folderProblems = [...found.problems, ...(await inspectSnapshots(found, dialect))];
  const describe = (severity: 'error' | 'warning'): readonly MigrationProblem[] =>
    folderProblems
      .filter((problem) => problem.severity === severity)
      .map((problem) => describeFolderProblem(root, problem));
  const problems = [...describe('error'), ...describeStateProblems(state)];
  return {
    formatVersion: statusFormatVersion,
    status: isUpToDate(state) && problems.length === 0 ? 'up-to-date' : 'not-up-to-date',
    standing: decideStanding(found, state),
    dialect,
    target,
    folder: folder && displayPath(root, folder.directory),
    layout: folder && folder.layout,
    tableExists: state.tableExists,
    migrations: listMigrations(found, state),
    problems,
    warnings: [...describe('warning'), ...describeDuplicates(state)],
    next: chooseNext(state),
  };
}

function decideStanding(folder: MigrationsFolder, state: AppliedState): DatabaseStanding {
  if (folder.migrations.length === 0 && state.unknown.length === 0) return 'no-migrations';
  if (state.pending.length > 0) return state.unknown.length > 0 ? 'diverged' : 'behind';
  if (state.unknown.length > 0) return 'ahead';
  return state.edited.length + state.renamed.length > 0 ? 'edited' : 'up-to-date';
}

function listMigrations(folder: MigrationsFolder, state: AppliedState): readonly StatusEntry[] {
  const standing = (migration: Migration): MigrationStanding => {
    const is = (list: readonly { readonly migration: Migration }[]): boolean =>
      list.some((one) => one.migration === migration);
    if (is(state.edited)) return 'edited';
    if (is(state.renamed)) return 'renamed';
    if (is(state.applied)) return 'applied';
    if (state.skipped.includes(migration)) return 'skipped';
    return state.outOfOrder.includes(migration) ? 'out-of-order' : 'pending';
  };
  return [
    ...folder.migrations.map((migration) => ({
      migration: migration.tag,
      status: standing(migration),
      made: showTime(migration.when),
    })),
    ...state.unknown.map((row: AppliedRow) => ({
      migration: nameRow(row),
      status: 'unknown' as const,
      made: showTime(row.createdAt),
    })),
  ];
}

function showTime(milliseconds: number): string | null {
  const time = new Date(milliseconds);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}

function chooseNext(state: AppliedState): string | null {
  if (state.unknown.length > 0) {
    return 'The database has migrations that the folder does not: get the branch that has them, or the code is older than the database.';
  }
  if (state.edited.length > 0) {
    return 'Restore the files that were edited after they were applied, and write what is new as a migration of its own.';
  }
  if (state.pending.length === 0) return null;
  return state.tableExists || state.applied.length > 0
    ? 'Run drift migrate.'
    : 'Run drift migrate; or, if the database was built without migrations, drift stamp TAG.';
}
