/**
 * `drift generate`: from what the migrations make to what the models say, as a new migration that is proven before
 * it is written.
 */
import path from 'node:path';
import { addressKey, tableAddress } from '../catalog/address.ts';
import type { CatalogObject } from '../catalog/objects.ts';
import { createSchema, objectKey, type Schema } from '../catalog/schema.ts';
import { matchesObject } from '../diff/ignore.ts';
import type { ModelReading } from '../dialects/dialect.ts';
import type { Change } from '../diff/changes.ts';
import type { Rename } from '../diff/renames.ts';
import type { Hazard, HazardCode } from '../plan/hazards.ts';
import { hazardsOf, isEmptyPlan, type RunnerForm } from '../plan/plan.ts';
import type { Refusal } from '../plan/refusals.ts';
import type { Planner, Planning, PlanRequest, Proof } from '../dialects/planner.ts';
import { loadPlanner } from '../dialects/registry.ts';
import { DriftError } from '../errors.ts';
import { loadModels } from '../project/load-models.ts';
import { showPaths } from '../project/show-paths.ts';
import { withMigrationLock } from '../project/migration-lock.ts';
import { cleanName } from '../project/migration-names.ts';
import { findKit, makeSnapshot, repeatSnapshot } from '../project/migration-snapshot.ts';
import { customMigrationText, writeMigrationText } from '../project/migration-text.ts';
import { writeMigration, type WritableLayout } from '../project/migration-writer.ts';
import { readMigrationsFolder } from '../project/migrations/folder.ts';
import type { MigrationsFolder } from '../project/migrations/migration.ts';
import { readBackfill, readRename } from './generate-answers.ts';
import { generateDown, planDown } from './generate-down.ts';
import { findHandWritten } from './generate-hand-written.ts';
import { nameChanges } from './generate-name.ts';
import { askRows, findSettled, questionRows, type RowsAsked } from './generate-preflight.ts';
import { untilAnswered } from './generate-questions.ts';
import { chooseRunner, type ChosenRunner } from './generate-runner.ts';
import { replayOptions } from './migrations.ts';
import { openProject, type Project, type ProjectRequest } from './project.ts';
import { replayMigrations } from './recorded.ts';
import { verifyPlan } from './verify.ts';

export interface GenerateAnswers {
  /** Values of `--rename`. */
  readonly renames: readonly string[];
  /** Values of `--backfill`. */
  readonly backfills: readonly string[];
  /** `--allow data-loss` */
  readonly allowDataLoss: boolean;
  /** `--allow hand-made`: whether views and indexes of migrations written by hand may be dropped. */
  readonly allowHandMade?: boolean;
}

export interface GenerateRequest extends ProjectRequest, GenerateAnswers {
  /** `--name` */
  readonly name?: string | undefined;
  /** `--runner` */
  readonly runner?: RunnerForm | undefined;
  /** `--custom`: an empty migration for statements written by hand. */
  readonly custom?: boolean | undefined;
  /** `--down`; a tag asks for the way back from a migration that is there already, and for nothing else. */
  readonly down?: boolean | string | undefined;
  /** Whether the rows of the database are asked before anything is written; they are where left out. */
  readonly preflight?: boolean | undefined;
  /** `--dry-run` */
  readonly dryRun?: boolean | undefined;
  /** `--verify-on`, relative to the working directory. */
  readonly verifyOn?: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A random UUID. */
  readonly randomId: () => string;
  /** Of this process, for the lock. */
  readonly pid: number;
  /** Asks a person on a terminal; the answers take the place of all that were given. Null where nobody answers. */
  readonly ask?: ((refusals: readonly Refusal[]) => Promise<GenerateAnswers | null>) | undefined;
}

export type GenerateResult =
  | { readonly status: 'nothing-to-do' }
  | (Generated & { readonly status: 'dry-run' })
  | (Generated & {
      readonly status: 'written';
      readonly tag: string;
      /** Absolute. */
      readonly files: readonly string[];
    });

export interface Generated {
  readonly sql: string;
  /** The reverse, where `--down` asked for it and it loses nothing. */
  readonly down: string | null;
  /** Why there is no reverse, one sentence each. */
  readonly downProblems: readonly string[];
  /** What differs once the renames are done. */
  readonly changes: readonly Change[];
  readonly renames: readonly Rename[];
  readonly hazards: readonly Hazard[];
  readonly proofs: readonly Proof[];
  /** Null for an empty migration, which says nothing to any runner. */
  readonly runner: ChosenRunner | null;
  /** What the rows of the database had to say; null where they were not to be asked. */
  readonly preflight: RowsAsked | null;
  /** What else a person should know, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * @throws DriftError GENERATE_UNANSWERED, GENERATE_ANSWER_UNKNOWN, GENERATE_RECORDED_INCOMPLETE, GENERATE_UNSUPPORTED,
 * VERIFY_FAILED, VERIFY_OTHER_SCHEMA, RENAME_FAILED, SCHEMA_NOT_BUILDABLE, PLAN_UNSUPPORTED, MIGRATIONS_LOCKED,
 * MIGRATION_EXISTS, SNAPSHOT_FAILED, GENERATE_ROWS_REFUSED, and those of the config and the models
 */
export async function runGenerate(request: GenerateRequest): Promise<GenerateResult> {
  const project = await openProject(request);
  const planner = await loadPlanner(project.config.dialect);
  if (planner === null) throw new DriftError('GENERATE_UNSUPPORTED', { dialect: 'PostgreSQL' });
  const work = (): Promise<GenerateResult> =>
    showPaths(project.config.root, () => generate({ request, project, planner }));
  // Nobody else may add a migration between reading the folder and writing into it.
  if (request.dryRun === true) return work();
  try {
    return await showPaths(project.config.root, () =>
      withMigrationLock(project.config.out, request.pid, work),
    );
  } catch (error) {
    if (!(error instanceof DriftError) || error.code !== 'MIGRATIONS_NOT_WRITABLE') throw error;
    // Where nothing is to be written nobody needs to be able to.
    if (await isNothingToDo({ request, project, planner })) return { status: 'nothing-to-do' };
    throw error;
  }
}

async function isNothingToDo({ request, ...rest }: Context): Promise<boolean> {
  if (request.custom === true || typeof request.down === 'string') return false;
  try {
    const idle = { ...request, dryRun: true, ask: undefined, preflight: false };
    return (await generate({ ...rest, request: idle })).status === 'nothing-to-do';
  } catch {
    // There is something to be done, then: whatever it is would not be written.
    return false;
  }
}

/** What a generation works with. */
export interface Context {
  readonly request: GenerateRequest;
  readonly project: Project;
  readonly planner: Planner;
}

async function generate(context: Context): Promise<GenerateResult> {
  const { request, project } = context;
  const { config } = project;
  const folder = (await readMigrationsFolder(config.out, config.dialect)) ?? makeEmptyFolder(config.out);
  refuseBrokenFolder(folder);
  if (request.custom === true) return finish(context, folder, makeCustom());
  if (typeof request.down === 'string') return generateDown(context, folder, request.down);
  const models = await project.step('loading the models', () => loadModels(config));
  const desired = project.dialect.readModels(models.modules, { casing: config.casing, roles: config.roles });
  const recorded = await readRecordedSchemas(project, folder);
  const runner = chooseRunner(project, request.runner);
  const layout = chooseLayout(config.root, folder);
  const { preflight, ...planned } = await plan(context, folder, { recorded, desired, runner, layout });
  if (isEmptyPlan(planned.planning.plan)) return { status: 'nothing-to-do' };
  const verifyOn = request.verifyOn === undefined ? null : path.resolve(config.root, request.verifyOn);
  const proofs = await project.step('proving the migration', () =>
    verifyPlan(context.planner, planned.request, planned.planning, verifyOn),
  );
  const snapshot =
    request.dryRun === true
      ? null
      : await makeSnapshot({ config, modules: models.modules, folder, layout, id: request.randomId() });
  const down = request.down === true ? planDown(context, planned) : { sql: null, problems: [] };
  return finish(context, folder, {
    name: nameChanges(planned.planning.changes, planned.request.renames),
    sql: writeSql(context, planned.planning, findSettled(preflight)),
    down: down.sql,
    downProblems: down.problems,
    changes: planned.planning.changes,
    renames: planned.request.renames,
    hazards: hazardsOf(planned.planning.plan),
    proofs,
    runner,
    snapshot,
    preflight,
    notes: snapshot === null && request.dryRun !== true ? [noteMissingSnapshot(config.root, layout)] : [],
  });
}

function makeEmptyFolder(directory: string): MigrationsFolder {
  return { layout: 'empty', directory, migrations: [], problems: [] };
}

/** @throws DriftError GENERATE_RECORDED_INCOMPLETE */
function refuseBrokenFolder(folder: MigrationsFolder): void {
  const codes = new Set(['missing-file', 'journal-missing', 'mixed-layouts', 'conflict-markers']);
  const problems = folder.problems.filter(
    (problem) => problem.severity === 'error' && codes.has(problem.code),
  );
  if (problems.length === 0) return;
  throw new DriftError('GENERATE_RECORDED_INCOMPLETE', { problems: problems.map(({ message }) => message) });
}

interface RecordedSchemas {
  /** All that the migrations make. */
  readonly whole: Schema;
  /** What of it `tablesFilter` leaves. */
  readonly scoped: Schema;
}

async function readRecordedSchemas(project: Project, folder: MigrationsFolder): Promise<RecordedSchemas> {
  const options = await replayOptions(project, null);
  const replay = async (scope: Project['scope']): Promise<Schema> => {
    const recorded = await replayMigrations(folder, null, { ...options, scope });
    if (!recorded.complete) {
      const problems = recorded.failures.map(
        ({ tag, line, reason }) => `${tag}, line ${String(line)}: ${reason}.`,
      );
      throw new DriftError('GENERATE_RECORDED_INCOMPLETE', { problems });
    }
    return recorded.all;
  };
  return project.step('replaying the migrations', async () => {
    const whole = await replay({ ...project.scope, tables: undefined });
    return { whole, scoped: project.scope.tables === undefined ? whole : await replay(project.scope) };
  });
}

function chooseLayout(root: string, folder: MigrationsFolder): WritableLayout {
  if (folder.layout !== 'empty') return folder.layout;
  return findKit(root)?.layout ?? 'journal';
}

/** A plan and what it is for. */
export interface Planned {
  readonly request: PlanRequest;
  readonly planning: Planning;
}

interface PlanInput {
  readonly recorded: RecordedSchemas;
  readonly desired: ModelReading;
  readonly runner: ChosenRunner;
  readonly layout: WritableLayout;
}

/** Plans until nothing is left to be answered, neither for the plan itself nor for the rows of the database. */
async function plan(
  context: Context,
  folder: MigrationsFolder,
  input: PlanInput,
): Promise<Planned & { readonly preflight: RowsAsked | null }> {
  let preflight: RowsAsked | null = null;
  const planned = await untilAnswered(
    context,
    context.request,
    (answers) => planOnce(context, folder, input, answers),
    async (candidate) => {
      if (context.request.preflight === false || isEmptyPlan(candidate.planning.plan)) return [];
      const sql = writeSql(context, candidate.planning);
      preflight = await askRows(context, folder, candidate, sql);
      return questionRows(preflight);
    },
  );
  return { ...planned, preflight };
}

function planOnce(
  { planner, project }: Context,
  folder: MigrationsFolder,
  { recorded, desired: reading, runner, layout }: PlanInput,
  answers: GenerateAnswers,
): Planned {
  const from = recorded.whole;
  const desired = reading.schema;
  const renames = answers.renames.map((text) => readRename(text, recorded.scoped, desired));
  const { schema: renamed, broken } = planner.renameSchema(from, renames);
  const kept = selectKept(project, recorded, reading, renamed);
  const completed = planner.completeDesired(
    createSchema(desired.dialect, [...desired.objects, ...kept]),
    renamed,
  );
  const request: PlanRequest = {
    from,
    renamed,
    to: completed,
    renames,
    backfills: answers.backfills.map((text) => readBackfill(text, desired)),
    runner: runner.runner,
    engine: null,
    allowDataLoss: answers.allowDataLoss,
    newUniques: layout === 'journal' ? 'index' : 'constraint',
    broken,
  };
  const planning = planner.plan(request);
  refuseIdleBackfills(request, planning);
  const handWritten = answers.allowHandMade === true ? [] : findHandWritten(folder, planning, request);
  return { request, planning: { ...planning, refusals: [...planning.refusals, ...handWritten] } };
}

/**
 * What is there, is not in the models and stays all the same: what `tablesFilter` leaves out (the plan must know of it,
 * for its foreign keys may point here), what the models only borrow, and what an `ignore` rule speaks of.
 */
function selectKept(
  project: Project,
  recorded: RecordedSchemas,
  reading: ModelReading,
  renamed: Schema,
): readonly CatalogObject[] {
  const wanted = new Set(reading.schema.objects.map(objectKey));
  const ownerOf = (object: CatalogObject): string => addressKey(tableAddress(object.address));
  const whole = new Set(recorded.whole.objects.map(objectKey));
  const inScope = new Set(recorded.scoped.objects.map(objectKey));
  const borrowed = new Set(reading.existing.map(addressKey));
  const rules = project.settings.ignore.filter((rule) => rule.fields === undefined);
  const isIgnored = (object: CatalogObject): boolean =>
    rules.some((rule) => matchesObject(rule, `${object.kind}.drop`, object.address));
  const staying = new Set(
    renamed.objects
      .filter(({ address }) => address.table === undefined)
      .filter((object) => isIgnored(object) || borrowed.has(addressKey(object.address)))
      .map(ownerOf),
  );
  return renamed.objects.filter((object) => {
    const key = objectKey(object);
    if (wanted.has(key) || project.dialect.beyondModels.kinds.has(object.kind)) return false;
    const isOutside = whole.has(key) && !inScope.has(key);
    return isOutside || staying.has(ownerOf(object)) || isIgnored(object);
  });
}

/** @throws DriftError GENERATE_ANSWER_UNKNOWN for a backfill of a column that nothing happens to */
function refuseIdleBackfills(request: PlanRequest, planning: Planning): void {
  for (const { table, column, expression } of request.backfills) {
    const isUsed = planning.changes.some(
      ({ kind, address }) => kind === 'column' && address.table === table && address.name === column,
    );
    if (isUsed) continue;
    const flag = `--backfill ${table}.${column}=${expression}`;
    throw new DriftError('GENERATE_ANSWER_UNKNOWN', { flag, problem: `${table}.${column} does not change` });
  }
}

function writeSql(
  { planner, project }: Context,
  planning: Planning,
  settled?: ReadonlySet<HazardCode>,
): string {
  const statements = planner.render(planning.plan, settled);
  const guarded = statements.some(({ sql }) => sql.includes('pragma_foreign_keys'));
  const header = guarded
    ? ['Made for drift migrate, which turns foreign keys off around the transaction.']
    : [];
  return writeMigrationText(header, statements, project.config.breakpoints);
}

type Draft = Generated & { readonly name: string; readonly snapshot: object | null };

function makeCustom(): Draft {
  return {
    name: 'custom',
    sql: customMigrationText,
    down: null,
    downProblems: [],
    changes: [],
    renames: [],
    hazards: [],
    proofs: [],
    runner: null,
    preflight: null,
    snapshot: null,
    notes: [],
  };
}

function noteMissingSnapshot(root: string, layout: WritableLayout): string {
  const kit = findKit(root);
  const wanted = layout === 'journal' ? '0.x' : '1.0';
  const found =
    kit === null ? 'drizzle-kit is not installed' : `drizzle-kit ${kit.version} writes another layout`;
  return `There is no snapshot beside it: the folder is one of drizzle-kit ${wanted}, and ${found}. Migrators do not need it; drizzle-kit generate does.`;
}

function finish(context: Context, folder: MigrationsFolder, draft: Draft): GenerateResult {
  const { request, project } = context;
  const { name: suggested, snapshot, ...generated } = draft;
  if (request.dryRun === true) return { ...generated, status: 'dry-run' };
  const layout = chooseLayout(project.config.root, folder);
  const chain = { folder, layout, id: request.randomId() };
  const written = writeMigration(
    {
      folder,
      layout,
      prefix: project.config.migrations.prefix,
      now: request.now(),
      unique: request.randomId(),
    },
    {
      name: cleanName(request.name ?? suggested) || 'migration',
      sql: generated.sql,
      down: generated.down,
      snapshot: request.custom === true ? repeatSnapshot(chain) : snapshot,
      breakpoints: project.config.breakpoints,
    },
  );
  return { ...generated, status: 'written', ...written };
}
