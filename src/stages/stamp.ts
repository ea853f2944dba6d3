/** `drift stamp`: says that migrations are applied which drift did not run. */
import { describeChange } from '../diff/describe.ts';
import { diffSchemas } from '../diff/compare.ts';
import type { Session } from '../dialects/dialect.ts';
import { loadRecorder } from '../dialects/registry.ts';
import { DriftError } from '../errors.ts';
import { displayPath } from '../project/paths.ts';
import type { Migration, MigrationsFolder } from '../project/migrations/migration.ts';
import type { AppliedState } from '../project/migrations/state.ts';
import type { StampResult } from '../report/stamp-report.ts';
import { nearest } from '../spelling.ts';
import { readActual, withDatabase, type Actual } from './actual.ts';
import { matchRows, readFolder, readRecorded } from './migrations.ts';
import { openProject, type Project, type ProjectRequest } from './project.ts';

export interface StampRequest extends ProjectRequest {
  /** Tag of the last migration to be stamped; those before it are too. */
  readonly tag: string;
  /** Stamp even where the database is not what the migrations make. */
  readonly force?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
  readonly now: () => Date;
}

/** So many differences are named in a refusal. */
const mostDifferences = 10;

/**
 * Marks every migration up to and with `tag` as applied, if the database is what they make.
 * @throws DriftError MIGRATION_NOT_FOUND, STAMP_REFUSED, STAMP_UNSUPPORTED
 */
export async function runStamp(request: StampRequest): Promise<StampResult> {
  const project = await openProject(request, { models: false });
  const folder = await readFolder(project);
  const last = findMigration(project, folder, request.tag);
  const { label, actual, state, toStamp, differences } = await withDatabase(project, async (session) => {
    const actual = await readActual(project, session);
    const state = matchRows(last.folder, actual.applied);
    const toStamp = state.pending.filter((migration) => isUpTo(last.folder, migration, last.migration));
    const differences =
      toStamp.length === 0
        ? []
        : await findDifferences(project, session, { ...last, actual, state, toStamp });
    return { label: session.label, actual, state, toStamp, differences };
  });
  const rows = toStamp.map((migration) => rowOf(last.folder, migration, actual, state));
  const { tag } = request;
  const result = { dialect: project.config.dialect, target: label, tag, rows, differences };
  const isRefused = differences.length > 0 && request.force !== true;
  if (rows.length === 0) return { status: 'nothing-to-do', ...result };
  if (request.dryRun === true) return { status: isRefused ? 'refused' : 'dry-run', ...result };
  if (isRefused) {
    throw new DriftError('STAMP_REFUSED', {
      tag,
      differences: differences.slice(0, mostDifferences),
      others: Math.max(0, differences.length - mostDifferences),
    });
  }
  await writeRows(project, label, rows, request.now());
  return { status: 'stamped', ...result };
}

interface Found {
  readonly folder: MigrationsFolder;
  readonly migration: Migration;
}

function findMigration(project: Project, folder: MigrationsFolder | null, tag: string): Found {
  const migration = folder?.migrations.find((one) => one.tag === tag);
  if (folder && migration) return { folder, migration };
  throw new DriftError('MIGRATION_NOT_FOUND', {
    tag,
    directory: displayPath(project.config.root, project.config.out),
    nearest: nearest(tag, folder?.migrations.map((one) => one.tag) ?? []),
  });
}

function isUpTo(folder: MigrationsFolder, migration: Migration, last: Migration): boolean {
  return folder.migrations.indexOf(migration) <= folder.migrations.indexOf(last);
}

interface Stamping extends Found {
  readonly actual: Actual;
  readonly state: AppliedState;
  readonly toStamp: readonly Migration[];
}

/** In what the database is not what it would have to be with these migrations applied; one sentence each. */
async function findDifferences(
  project: Project,
  session: Session,
  { folder, actual, state, toStamp }: Stamping,
): Promise<readonly string[]> {
  const applied = new Set([...state.applied.map((one) => one.migration), ...toStamp]);
  const migrations = folder.migrations.filter((migration) => applied.has(migration));
  const recorded = await readRecorded(project, { ...folder, migrations }, null, session);
  const pair = await project.dialect.normalise({ database: actual.schema, expected: recorded.all }, session);
  const failures = recorded.failures.filter((failure) => failure.matters);
  return [
    ...failures.map(
      (failure) =>
        `${displayPath(project.config.root, failure.file)}:${String(failure.line)} cannot be replayed: ${failure.reason}`,
    ),
    ...pair.undetermined.map((one) => `${one.address.name}: ${one.field} cannot be compared: ${one.reason}`),
    ...diffSchemas(pair.database, pair.expected).map((change) =>
      describeChange(change, { expectedBy: 'migrations' }),
    ),
  ];
}

function rowOf(
  folder: MigrationsFolder,
  migration: Migration,
  actual: Actual,
  state: AppliedState,
): StampResult['rows'][number] {
  // A table of 0.x gets rows of 0.x: Drizzle 1.0 names all of them when it first meets it.
  const isNamed = state.tableExists && (actual.applied ?? []).some((row) => row.name !== null);
  const isNew = (actual.applied ?? []).length === 0;
  const { tag, hash, when: createdAt } = migration;
  return { tag, hash, createdAt, name: folder.layout === 'dated' && (isNamed || isNew) ? tag : null };
}

async function writeRows(
  project: Project,
  label: string,
  rows: StampResult['rows'],
  now: Date,
): Promise<void> {
  const recorder = await loadRecorder(project.config.dialect);
  if (!recorder) throw new DriftError('STAMP_UNSUPPORTED', { target: label });
  await project.step('writing the rows', () =>
    recorder.record(project.target(), {
      scope: project.scope,
      limits: project.limits,
      rows: rows.map(({ hash, createdAt, name }) => ({ hash, createdAt, name })),
      now,
    }),
  );
}
