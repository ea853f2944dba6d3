import type { CatalogObject } from '../catalog/objects.ts';
import type { Schema } from '../catalog/schema.ts';
import { compareColumnOrder } from '../diff/column-order.ts';
import type { ExplainedChange } from '../diff/causes.ts';
import type { Drift } from '../diff/drift.ts';
import { createExplainedDrift } from '../diff/explain.ts';
import { applyIgnoreRules } from '../diff/ignore.ts';
import type { Session } from '../dialects/dialect.ts';
import { createReport, type CheckReport, type Note } from '../report/report.ts';
import { readActual, withDatabase } from './actual.ts';
import { readDesired, type Desired } from './desired.ts';
import { detectDrift, type Detected } from './detect.ts';
import { describeState, matchRows, readFolder, readRecorded } from './migrations.ts';
import { openProject, type Project, type ProjectRequest } from './project.ts';
import { chooseSubjects } from './subjects.ts';

export interface CheckRequest extends ProjectRequest {
  /** Models against migrations alone; no database is needed or asked. */
  readonly offline?: boolean | undefined;
}

/**
 * `drift check`: what the models say, what the migrations say and what the database is. Changes nothing.
 * @throws DriftError where it cannot tell
 */
export async function runCheck(request: CheckRequest): Promise<CheckReport> {
  const project = await openProject(request);
  if (request.offline === true) return checkOffline(project);
  // Another process bundles the models; meanwhile the database is opened and read.
  const models = readDesired(project);
  models.catch(() => undefined);
  return withDatabase(project, (session) => checkDatabase(project, session, models));
}

async function checkDatabase(
  project: Project,
  session: Session,
  models: Promise<Desired>,
): Promise<CheckReport> {
  const [desired, actual, folder] = await Promise.all([
    models,
    readActual(project, session),
    readFolder(project),
  ]);
  const state = folder && matchRows(folder, actual.applied);
  const recorded = folder && (await readRecorded(project, folder, state, session));
  const witnesses = chooseSubjects(project, desired, actual.schema, recorded);
  const detected = await project.step('comparing', () => detectDrift(project.dialect, witnesses, session));
  const migrations =
    folder && recorded && (await describeState(project, folder, state, recorded, detected.pending));
  return finishReport(project, {
    desired,
    detected,
    foreign: witnesses.foreign,
    target: session.label,
    migrations,
    offline: false,
  });
}

async function checkOffline(project: Project): Promise<CheckReport> {
  const [desired, folder] = await Promise.all([readDesired(project), readFolder(project)]);
  const recorded = folder && (await readRecorded(project, folder, null, null));
  const witnesses = chooseSubjects(project, desired, null, recorded);
  const detected = await project.step('comparing', () => detectDrift(project.dialect, witnesses, null));
  const migrations = folder && recorded && (await describeState(project, folder, null, recorded, []));
  return finishReport(project, {
    desired,
    detected,
    foreign: [],
    target: migrations?.folder ?? 'no migrations',
    migrations,
    offline: true,
  });
}

interface Findings {
  readonly desired: Desired;
  readonly detected: Detected;
  readonly foreign: readonly CatalogObject[];
  readonly target: string;
  readonly migrations: Awaited<ReturnType<typeof describeState>> | null;
  readonly offline: boolean;
}

async function finishReport(project: Project, findings: Findings): Promise<CheckReport> {
  const { desired, detected, target, migrations, offline } = findings;
  const drifts = await Promise.all(
    detected.changes.map((explained) => explain(project, desired, explained, offline)),
  );
  const { kept, ignored } = applyIgnoreRules(drifts, project.settings.ignore);
  return createReport({
    dialect: project.dialect.name,
    target,
    offline,
    drifts: kept,
    migrations,
    unmanaged: [...detected.unmanaged, ...findings.foreign],
    undetermined: detected.undetermined,
    ignored,
    notes: noteColumnOrder(detected.comparable.database, detected.comparable.expected),
  });
}

async function explain(
  project: Project,
  desired: Desired,
  explained: ExplainedChange,
  offline: boolean,
): Promise<Drift> {
  const { change } = explained;
  const field = 'fields' in change ? change.fields[0]?.field : undefined;
  const source = await desired.locate(change.type === 'drop' ? change : change.expected, field);
  return createExplainedDrift(explained, {
    source,
    hazards: project.dialect.assessChange(change),
    offline,
  });
}

function noteColumnOrder(database: Schema, expected: Schema): readonly Note[] {
  return compareColumnOrder(database, expected).map(({ table, database: before, expected: after }) => ({
    kind: 'column-order',
    address: table,
    message: `The columns of ${table.name} are in the order ${before.join(', ')} in the database and ${after.join(', ')} in the models.`,
  }));
}
