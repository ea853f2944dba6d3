/** `drift status`: each migration, and where the database stands with respect to the folder. */
import type { AppliedRow, Session } from '../dialects/dialect.ts';
import { displayPath } from '../project/paths.ts';
import type { FolderProblem, Migration, MigrationsFolder } from '../project/migrations/migration.ts';
import { inspectSnapshots } from '../project/migrations/snapshots.ts';
import { isUpToDate, nameRow, type AppliedState } from '../project/migrations/state.ts';
import {
  adviceOnEmptyFolder,
  adviseState,
  toSentence,
  type AdviceContext,
} from '../report/migration-advice.ts';
import type { ProjectCommands } from '../report/project-commands.ts';
import type { MigrationProblem } from '../report/report.ts';
import {
  statusFormatVersion,
  type DatabaseStanding,
  type StatusEntry,
  type StatusReport,
} from '../report/status-report.ts';
import { withDatabase } from './actual.ts';
import { matchRows, readFolder } from './migrations.ts';
import { nameCommands } from './project-commands.ts';
import { openProject, type Project, type ProjectRequest } from './project.ts';
import {
  adaptProblems,
  describeDuplicates,
  describeFolderProblem,
  describeRenamed,
  describeStateProblems,
} from './status-problems.ts';
import { describePushed, isUnrecorded } from './status-pushed.ts';

/**
 * Holds the folder against the rows of applied migrations. Models are not read, and the schema only where there is no
 * row.
 * @throws DriftError where folder or database cannot be read
 */
export async function runStatus(request: ProjectRequest): Promise<StatusReport> {
  return readStatus(await openProject(request, { models: false }));
}

/** The same of a project that is open already. */
export async function readStatus(project: Project): Promise<StatusReport> {
  const folder = await readFolder(project);
  const { root, dialect, out } = project.config;
  const found = folder ?? { layout: 'empty' as const, directory: out, migrations: [], problems: [] };
  const { state, pushed, target } = await withDatabase(project, async (session) => {
    const rows = await project.step('reading what is applied', () =>
      session.readAppliedMigrations(project.scope),
    );
    const state = matchRows(found, rows);
    return { state, pushed: await findPushed(project, session, state), target: session.label };
  });
  const { errors, warnings } = await describeFolder(project, found, state);
  const commands = nameCommands(project);
  const problems = [...errors, ...describeStateProblems(state, commands), ...pushed];
  return {
    formatVersion: statusFormatVersion,
    status: isUpToDate(state) && problems.length === 0 ? 'up-to-date' : 'not-up-to-date',
    standing: decideStanding(found, state, problems),
    dialect,
    target,
    out: displayPath(root, out),
    folder: folder && displayPath(root, folder.directory),
    layout: folder && folder.layout,
    tableExists: state.tableExists,
    migrations: listMigrations(found, state, commands).map((entry) => adviseOnPushed(entry, pushed)),
    problems,
    warnings: [...warnings, ...describeDuplicates(state)],
    next: chooseNext(found, state, [...errors, ...pushed], commands),
  };
}

/** The schema is read only where no row says anything. */
async function findPushed(
  project: Project,
  session: Session,
  state: AppliedState,
): Promise<readonly MigrationProblem[]> {
  if (!isUnrecorded(state)) return [];
  const schema = await project.step('reading the schema', () => session.introspect(project.scope));
  return [describePushed(schema, state.pending)].filter((problem) => problem !== null);
}

/** What is there already would fail if it was run. */
function adviseOnPushed(entry: StatusEntry, [problem]: readonly MigrationProblem[]): StatusEntry {
  return problem?.next === undefined || entry.status !== 'pending' ? entry : { ...entry, next: problem.next };
}

interface FolderFindings {
  readonly errors: readonly MigrationProblem[];
  readonly warnings: readonly MigrationProblem[];
}

async function describeFolder(
  project: Project,
  folder: MigrationsFolder,
  state: AppliedState,
): Promise<FolderFindings> {
  const { root, dialect } = project.config;
  const problems = [...folder.problems, ...(await inspectSnapshots(folder, dialect))];
  const describe = (wanted: FolderProblem['severity']): readonly MigrationProblem[] =>
    adaptProblems(problems, state)
      .filter(({ severity }) => severity === wanted)
      .map((problem) => describeFolderProblem(root, problem));
  return { errors: describe('error'), warnings: describe('warning') };
}

function decideStanding(
  folder: MigrationsFolder,
  state: AppliedState,
  problems: readonly MigrationProblem[],
): DatabaseStanding {
  if (state.pending.length > 0) return state.unknown.length > 0 ? 'diverged' : 'behind';
  if (state.unknown.length > 0) return 'ahead';
  if (state.edited.length + state.renamed.length > 0) return 'edited';
  if (problems.length > 0) return 'folder-broken';
  return folder.migrations.length === 0 ? 'no-migrations' : 'up-to-date';
}

function listMigrations(
  folder: MigrationsFolder,
  state: AppliedState,
  commands: ProjectCommands,
): readonly StatusEntry[] {
  const rows = new Map(state.applied.map(({ migration, row }) => [migration, row]));
  const present = folder.migrations.map((migration) => ({
    when: migration.when,
    entry: describeMigration(migration, rows.get(migration), state, commands),
  }));
  const gone = folder.problems
    .filter(({ code }) => code === 'missing-file')
    .map((problem) => ({ when: problem.when ?? NaN, entry: describeGone(problem, state) }));
  for (const one of gone) {
    const next = present.findIndex(({ when }) => when > one.when);
    present.splice(next === -1 ? present.length : next, 0, one);
  }
  return [
    ...present.map(({ entry }) => entry),
    ...state.unknown.map((row) => ({
      migration: nameRow(row),
      status: 'unknown' as const,
      applied: true,
      made: showTime(row.createdAt),
      appliedAt: showTime(row.appliedAt),
      next: adviseUnknown(folder, [row], { commands, skipped: new Set<string>() }),
    })),
  ];
}

function describeMigration(
  migration: Migration,
  row: AppliedRow | undefined,
  state: AppliedState,
  commands: ProjectCommands,
): StatusEntry {
  const context = adviceContext(state, commands);
  return {
    migration: migration.tag,
    applied: row !== undefined,
    made: showTime(migration.when),
    appliedAt: showTime(row?.appliedAt),
    ...(row
      ? standingOfApplied(migration, row, state, context)
      : standingOfPending(migration, state, context)),
  };
}

type Standing = Pick<StatusEntry, 'status' | 'next'>;

function adviceContext(state: AppliedState, commands: ProjectCommands): AdviceContext {
  return { commands, skipped: new Set(state.skipped.map(({ tag }) => tag)) };
}

function standingOfApplied(
  migration: Migration,
  row: AppliedRow,
  state: AppliedState,
  context: AdviceContext,
): Standing {
  const is = (list: AppliedState['applied']): boolean => list.some((one) => one.migration === migration);
  if (is(state.edited)) {
    return { status: 'edited', next: toSentence(adviseState('edited', [migration.tag], context)) };
  }
  if (is(state.renamed)) return { status: 'renamed', next: describeRenamed({ migration, row }).next ?? null };
  return { status: 'applied', next: null };
}

function standingOfPending(migration: Migration, state: AppliedState, context: AdviceContext): Standing {
  if (!state.outOfOrder.includes(migration)) {
    return { status: 'pending', next: `Run ${context.commands.migrate.text}.` };
  }
  const status = state.skipped.includes(migration) ? 'skipped' : 'out-of-order';
  return { status, next: toSentence(adviseState('out-of-order', [migration.tag], context)) };
}

function describeGone({ tags: [tag = ''], when, next }: FolderProblem, state: AppliedState): StatusEntry {
  const row = state.missing.find((one) => one.tag === tag)?.row;
  return {
    migration: tag,
    status: 'missing-file',
    applied: row !== undefined,
    made: showTime(when),
    appliedAt: showTime(row?.appliedAt),
    next,
  };
}

function adviseUnknown(
  folder: MigrationsFolder,
  rows: readonly AppliedRow[],
  context: AdviceContext,
): string {
  if (folder.migrations.length === 0) {
    return toSentence(adviceOnEmptyFolder);
  }
  return toSentence(adviseState('unknown', rows.map(nameRow), context));
}

/** ISO 8601 in UTC of milliseconds since 1970. */
function showTime(milliseconds: number | undefined): string | null {
  const time = new Date(milliseconds ?? NaN);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}

/** What drift migrate would stop at comes before it, in its order. */
function chooseNext(
  folder: MigrationsFolder,
  state: AppliedState,
  errors: readonly MigrationProblem[],
  commands: ProjectCommands,
): string | null {
  const context = adviceContext(state, commands);
  const broken = errors.find(({ next }) => next !== undefined)?.next;
  if (broken !== undefined) return broken;
  if (state.unknown.length > 0) return adviseUnknown(folder, state.unknown, context);
  const tagsOf = (list: AppliedState['applied']): readonly string[] => list.map((one) => one.migration.tag);
  if (state.edited.length > 0) return toSentence(adviseState('edited', tagsOf(state.edited), context));
  const [renamed] = state.renamed;
  if (renamed) return describeRenamed(renamed).next ?? null;
  const late = state.outOfOrder.map(({ tag }) => tag);
  if (late.length > 0) return toSentence(adviseState('out-of-order', late, context));
  if (state.pending.length === 0) return null;
  return state.tableExists
    ? `Run ${commands.migrate.text}.`
    : `Run ${commands.migrate.text}; or, if the database was built without migrations, drift stamp TAG.`;
}
