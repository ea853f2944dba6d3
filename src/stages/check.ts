import { fingerprintObject } from '../catalog/fingerprint.ts';
import type { CatalogObject } from '../catalog/objects.ts';
import type { Schema } from '../catalog/schema.ts';
import type { Change } from '../diff/changes.ts';
import { compareColumnOrder } from '../diff/column-order.ts';
import type { ExplainedChange } from '../diff/causes.ts';
import type { Drift } from '../diff/drift.ts';
import { createExplainedDrift } from '../diff/explain.ts';
import { applyIgnoreRules } from '../diff/ignore.ts';
import type { Session } from '../dialects/dialect.ts';
import { displayPath } from '../project/paths.ts';
import type { MigrationsFolder } from '../project/migrations/migration.ts';
import { nameRow, type AppliedState } from '../project/migrations/state.ts';
import {
  createReport,
  type CheckReport,
  type MigrationState,
  type Note,
  type ReplayNote,
} from '../report/report.ts';
import { readActual, withDatabase } from './actual.ts';
import { readBaseline, settleBaseline, type Baseline, type BaselineRequest } from './baseline.ts';
import { readDesired, type Desired } from './desired.ts';
import { detectDrift, type Detected } from './detect.ts';
import { describeState, matchRows, readFolder, readRecorded } from './migrations.ts';
import { viewPending, type PendingView } from './pending-view.ts';
import { nameCommands } from './project-commands.ts';
import { openProject, type Project, type ProjectRequest } from './project.ts';
import type { Recorded, ReplayFailure } from './recorded.ts';
import { describeReplayFailure } from './status-problems.ts';
import { describePushed, isUnrecorded } from './status-pushed.ts';
import { chooseSubjects, widenScope } from './subjects.ts';
import { explainUnreplayed, noteUnreplayed, replayWherePossible } from './unreplayed.ts';
import { withholdUnknown } from './withhold.ts';

export interface CheckRequest extends ProjectRequest {
  /** Models against migrations alone; no database is needed or asked. */
  readonly offline?: boolean | undefined;
  /** Of drift that was accepted. */
  readonly baseline?: BaselineRequest | undefined;
}

/**
 * `drift check`: what the models say, what the migrations say and what the database is. Changes nothing.
 * @throws DriftError where it cannot tell
 */
export async function runCheck(request: CheckRequest): Promise<CheckReport> {
  return checkProject(await openProject(request), request);
}

/** The same of a project that is open already. */
export async function checkProject(
  project: Project,
  request: Pick<CheckRequest, 'offline' | 'baseline'>,
): Promise<CheckReport> {
  const { baseline = {} } = request;
  // One that is broken is found before anything takes time.
  const known = baseline.write ? null : await readBaseline(project, baseline);
  const accept = { request: baseline, known };
  if (request.offline === true) return checkOffline(project, accept);
  // Another process bundles the models; meanwhile the database is opened and read.
  const models = readDesired(project);
  models.catch(() => undefined);
  return withDatabase(project, (session) => checkDatabase(project, session, models, accept));
}

async function checkDatabase(
  project: Project,
  session: Session,
  models: Promise<Desired>,
  accept: Acceptance,
): Promise<CheckReport> {
  const [desired, actual, folder] = await Promise.all([
    models,
    readActual(project, session),
    readFolder(project),
  ]);
  const state = folder && matchRows(folder, actual.applied);
  const scope = widenScope(project, desired);
  const schema = scope === project.scope ? actual.schema : await session.introspect(scope);
  const replay =
    folder && (await replayWherePossible(readRecorded({ ...project, scope }, folder, state, session)));
  const recorded = replay?.recorded ?? null;
  const witnesses = chooseSubjects(project, desired, schema, recorded);
  const found = await project.step('comparing', () => detectDrift(project.dialect, witnesses, session));
  const lack = replay?.lack ?? null;
  const detected =
    lack === null ? found : explainUnreplayed(found, state?.pending ?? [], project.dialect.name);
  const migrations =
    folder && state
      ? await describeFound(project, folder, state, { recorded, detected, schema: actual.schema })
      : // What was applied is known to nobody here: drift status says so, too.
        { unknown: (actual.applied ?? []).map(nameRow) };
  const pending = folder && state && (await viewPending(project, folder, state, detected.changes));
  return finishReport(project, accept, {
    desired,
    detected,
    foreign: witnesses.foreign,
    pending,
    target: session.label,
    migrations,
    recorded,
    lack,
    offline: false,
  });
}

/** Without a replay the tables alone tell that a database was made without its migrations. */
async function describeFound(
  project: Project,
  folder: MigrationsFolder,
  state: AppliedState,
  found: { readonly recorded: Recorded | null; readonly detected: Detected; readonly schema: Schema },
): Promise<MigrationState> {
  const described = await describeState(project, folder, state, found.recorded, found.detected);
  const isBlind = found.recorded === null && isUnrecorded(state);
  const pushed = isBlind ? describePushed(found.schema, state.pending) : null;
  return pushed ? { ...described, problems: [...described.problems, pushed] } : described;
}

async function checkOffline(project: Project, accept: Acceptance): Promise<CheckReport> {
  const [desired, folder] = await Promise.all([readDesired(project), readFolder(project)]);
  const scope = widenScope(project, desired);
  const recorded = folder && (await readRecorded({ ...project, scope }, folder, null, null));
  const witnesses = chooseSubjects(project, desired, null, recorded);
  const found = await project.step('comparing', () => detectDrift(project.dialect, witnesses, null));
  const detected = withholdUnknown(
    found,
    recorded?.failures ?? [],
    (failure) => describeReplayFailure(project.dialect, project.config.root, failure).message,
  );
  const migrations =
    folder &&
    recorded &&
    (await describeState(project, folder, null, recorded, { pending: [], changes: [] }));
  return finishReport(project, accept, {
    desired,
    detected,
    foreign: [],
    pending: null,
    target: migrations?.folder ?? 'no migrations',
    migrations,
    recorded,
    lack: null,
    offline: true,
  });
}

interface Findings {
  readonly desired: Desired;
  readonly detected: Detected;
  readonly foreign: readonly CatalogObject[];
  readonly pending: PendingView | null;
  readonly target: string;
  readonly migrations: Partial<MigrationState> | null;
  readonly recorded: Recorded | null;
  /** The package without which the migrations could not be replayed. */
  readonly lack: string | null;
  readonly offline: boolean;
}

/** What was accepted before, and what is to become of the baseline. */
interface Acceptance {
  readonly request: BaselineRequest;
  readonly known: Baseline | null;
}

async function finishReport(project: Project, accept: Acceptance, findings: Findings): Promise<CheckReport> {
  const { detected, target, migrations, offline } = findings;
  const drifts = await Promise.all(
    detected.changes.map((explained) => explain(project, explained, findings)),
  );
  const { kept, ignored } = applyIgnoreRules(drifts, project.settings.ignore);
  const digests = new Map(drifts.map((drift, at) => [drift, digestOf(detected.changes[at]?.change)]));
  const outcome = await settleBaseline(
    project,
    accept,
    kept.map((drift) => ({ drift, digest: digests.get(drift) })),
    { offline, undetermined: detected.undetermined },
  );
  return createReport({
    dialect: project.dialect.name,
    target,
    offline,
    drifts: outcome?.fresh ?? kept,
    baseline: outcome?.state,
    migrations,
    unmanaged: [...detected.unmanaged, ...findings.foreign],
    undetermined: detected.undetermined,
    ignored,
    commands: nameCommands(project),
    notes: [
      ...(findings.lack === null ? [] : [noteUnreplayed(findings.lack)]),
      ...noteReplay(project, findings.recorded?.failures ?? []),
      ...noteColumnOrder(detected.comparable.database, detected.comparable.expected),
    ],
  });
}

/** The object of a difference that is there on one side only: another one in its place is another difference. */
function digestOf(change: Change | undefined): string | undefined {
  if (change?.type === 'create') return fingerprintObject(change.expected);
  return change?.type === 'drop' ? fingerprintObject(change.database) : undefined;
}

async function explain(
  project: Project,
  explained: ExplainedChange,
  { desired, pending, offline }: Findings,
): Promise<Drift> {
  const { change } = explained;
  const field = 'fields' in change ? change.fields[0]?.field : undefined;
  const source = await desired.locate(change.type === 'drop' ? change : change.expected, field);
  return createExplainedDrift(explained, {
    source,
    hazards:
      pending && explained.cause === 'unapplied'
        ? pending.hazardsOf(explained)
        : project.dialect.assessChange(change),
    renamed: explained.cause === 'unapplied' ? pending?.renamedOf(explained) : undefined,
    offline,
  });
}

/** What a replay could not do where the database is none the worse: everything that is not among the problems. */
function noteReplay(
  { dialect, config: { root } }: Project,
  failures: readonly ReplayFailure[],
): readonly ReplayNote[] {
  return failures
    .filter(({ matters, lacking }) => !matters || lacking)
    .map((failure) => {
      const { message, next } = describeReplayFailure(dialect, root, failure);
      return {
        kind: 'not-replayed',
        migration: failure.tag,
        file: displayPath(root, failure.file),
        line: failure.line,
        message: next === undefined ? message : `${message} ${next}`,
      };
    });
}

function noteColumnOrder(database: Schema, expected: Schema): readonly Note[] {
  return compareColumnOrder(database, expected).map(({ table, database: before, expected: after }) => ({
    kind: 'column-order',
    address: table,
    message: `The columns of ${table.name} are in the order ${before.join(', ')} in the database and ${after.join(', ')} in the models.`,
  }));
}
