/** `drift migrate`: what is pending, into the database. */
import path from 'node:path';
import type { DialectName } from '../catalog/schema.ts';
import type {
  Backup,
  Finding,
  KnownSchema,
  LockHolder,
  MigrationEvent,
  MigrationScript,
  Migrator,
  MigratorOptions,
  Preflight,
  Restored,
} from '../dialects/migrator.ts';
import { DriftError } from '../errors.ts';
import { displayPath } from '../project/paths.ts';
import type { Migration, MigrationsFolder } from '../project/migrations/migration.ts';
import {
  findObjections,
  isStillPending,
  requireNoObjection,
  requireSoundFolder,
  selectMigrations,
  type Allowance,
} from './migrate-select.ts';
import { describePushed, isUnrecorded } from './status-pushed.ts';
import { matchApplied } from '../project/migrations/state.ts';
import { withDatabase } from './actual.ts';
import { createKnower, type Knower } from './migrate-known.ts';
import { readWholeFolder } from './migrations.ts';
import { capWait, openProject, type Project, type ProjectRequest } from './project.ts';

export interface MigrateRequest extends ProjectRequest {
  readonly dryRun: boolean;
  /** Tag of the last migration to run. */
  readonly to: string | undefined;
  readonly allow: ReadonlySet<Allowance>;
  /** A path, or true for one beside the database. */
  readonly backup: string | boolean;
  readonly preflight: boolean;
  readonly rehearse: 'auto' | 'always' | 'never';
  /** Milliseconds to wait for a lock. */
  readonly lock: number;
  /** This process, for others who wait for it. */
  readonly holder: LockHolder;
  readonly now: () => number;
  readonly clock: () => Date;
  readonly onEvent: (event: MigrationEvent) => void;
}

export interface MigrateResult {
  readonly dialect: DialectName;
  readonly target: string;
  readonly dryRun: boolean;
  /** Tags of what was run, in order; with `dryRun`, of what would be. */
  readonly applied: readonly AppliedNow[];
  /** Tags that another process applied while this one waited for the lock. */
  readonly appliedByOthers: readonly string[];
  readonly backup: Backup | null;
  /** Null where it was not asked for, or nothing was pending. */
  readonly preflight: Preflight | null;
  /** Whether a dry run has found something that would be an error otherwise. */
  readonly refused: boolean;
  /** What a dry run finds of a database that was made without migrations; null where it was not. */
  readonly pushed: Pushed | null;
}

/** Tables that pending migrations make are there, and no migration is recorded as applied. */
export interface Pushed {
  /** Of the last pending migration. */
  readonly tag: string;
  /** One sentence. */
  readonly message: string;
}

export interface AppliedNow {
  readonly tag: string;
  readonly statements: number;
  /** Milliseconds; 0 with `dryRun`. */
  readonly milliseconds: number;
}

/**
 * Runs the pending migrations, each in one transaction with its row. What another process has applied meanwhile is not
 * run again.
 * @throws DriftError where one cannot be run; those before it stay applied
 */
export async function runMigrate(request: MigrateRequest): Promise<MigrateResult> {
  const project = await openQuietly(request);
  const folder = await readFolder(project);
  const migrator = await openMigrator(project, folder, request);
  try {
    const { selected, inspected, know, preflight, pushed } = await selectAhead(
      project,
      folder,
      migrator,
      request,
    );
    const base = { dialect: project.dialect.name, target: migrator.label, dryRun: request.dryRun, preflight };
    if (request.dryRun) {
      const refused = pushed !== null || findObjections(preflight?.findings ?? [], request.allow).length > 0;
      const applied = inspected.map(({ tag, statements }) => ({ tag, statements, milliseconds: 0 }));
      return { ...base, applied, appliedByOthers: [], backup: null, pushed, refused };
    }
    return {
      ...base,
      pushed,
      refused: false,
      ...(await applyAll(project, folder, migrator, { selected, know }, request)),
    };
  } finally {
    await migrator.close();
  }
}

/**
 * What is pending, and how it would fare. An objection may come of another process that applied migrations between the
 * one look and the other: then both looks are taken again. Every round has somebody else's progress before it.
 */
async function selectAhead(
  project: Project,
  folder: MigrationsFolder,
  migrator: Migrator,
  request: MigrateRequest,
) {
  for (;;) {
    const rows = await project.step('reading what is applied', () => migrator.readApplied());
    const selected = selectMigrations(folder, rows, { ...request, root: project.config.root });
    const inspected = migrator.inspect(selected);
    const know = createKnower(project, folder, inspected);
    const pushed = isUnrecorded(matchApplied(folder, rows)) ? await findPushed(project, selected) : null;
    if (pushed !== null) {
      const since = await migrator.readApplied();
      // Another process has made them since, and has written its rows.
      if ((since?.length ?? 0) !== (rows?.length ?? 0)) continue;
      if (!request.dryRun) throw new DriftError('MIGRATE_ALREADY_THERE', pushed);
    }
    try {
      const preflight = await lookAhead(project, migrator, selected, { ...request, known: await know(rows) });
      return { selected, inspected, know, preflight, pushed };
    } catch (error) {
      const since = await migrator.readApplied();
      if (since?.length === rows?.length) throw error;
    }
  }
}

/** The schema is read only where no row says anything. A database that is not there yet has no tables. */
async function findPushed(project: Project, pending: readonly Migration[]): Promise<Pushed | null> {
  try {
    const schema = await withDatabase(project, (session) => session.introspect(project.scope));
    const found = describePushed(schema, pending);
    return found === null ? null : { tag: found.migration ?? '', message: found.message };
  } catch (error) {
    // Whatever it is, running the migrations will say so.
    if (error instanceof DriftError) return null;
    throw error;
  }
}

/** The deadline of drift.config is for commands that only look, unless the config itself says one. */
export async function openQuietly(request: ProjectRequest): Promise<Project> {
  const project = await openProject({ ...request, onDeadline: undefined }, { models: false });
  const { command } = project.settings.timeouts;
  if (command !== undefined) request.onDeadline?.(command);
  return project;
}

/** @throws DriftError MIGRATE_FOLDER_MISSING, MIGRATE_FOLDER_BROKEN */
export async function readFolder(project: Project): Promise<MigrationsFolder> {
  const { root, out } = project.config;
  const folder = await readWholeFolder(project);
  if (folder === null) throw new DriftError('MIGRATE_FOLDER_MISSING', { directory: displayPath(root, out) });
  requireSoundFolder(root, folder);
  return folder;
}

export function openMigrator(
  project: Project,
  folder: MigrationsFolder,
  request: MigrateRequest,
): Promise<Migrator> {
  const { dialect } = project;
  if (!dialect.openMigrator) throw new DriftError('MIGRATE_UNSUPPORTED', { dialect: wordOf(dialect.name) });
  const target = project.target();
  const options = optionsOf(project, folder.layout === 'dated' ? 'dated' : 'journal', request);
  return project.step(
    'connecting to the database',
    () => dialect.openMigrator?.(target, options) ?? neverOpened(),
  );
}

function neverOpened(): never {
  throw new TypeError('The dialect lost its migrator.');
}

function optionsOf(
  project: Project,
  rows: MigratorOptions['rows'],
  request: RestoreOptions & Pick<MigrateRequest, 'dryRun'>,
): MigratorOptions {
  const { lock, left, holder, now, clock, onEvent, dryRun } = request;
  return {
    scope: project.scope,
    rows,
    // A getter, so that no wait outlasts the deadline of the command, whenever it begins.
    get lock() {
      return capWait(lock, project.limits.command, left);
    },
    holder,
    now,
    clock,
    onEvent,
    dryRun,
  };
}

type RestoreOptions = Pick<MigrateRequest, 'lock' | 'left' | 'holder' | 'now' | 'clock' | 'onEvent'>;

function wordOf(dialect: DialectName): string {
  return dialect === 'sqlite' ? 'SQLite' : 'PostgreSQL';
}

export async function lookAhead(
  project: Project,
  migrator: Migrator,
  selected: readonly MigrationScript[],
  {
    preflight,
    rehearse,
    allow,
    dryRun,
    known,
  }: Pick<MigrateRequest, 'preflight' | 'rehearse' | 'allow' | 'dryRun'> & {
    readonly known: KnownSchema | null;
  },
): Promise<Preflight | null> {
  if (!preflight || selected.length === 0) return null;
  const found = await project.step('looking at the data', () =>
    migrator.preflight(selected, { rehearse, known }),
  );
  // A dry run shows all of it instead of stopping at it.
  if (!dryRun) requireNoObjection(found, allow);
  return found;
}

async function applyAll(
  project: Project,
  folder: MigrationsFolder,
  migrator: Migrator,
  { selected, know }: { readonly selected: readonly Migration[]; readonly know: Knower },
  request: MigrateRequest,
): Promise<Pick<MigrateResult, 'applied' | 'appliedByOthers' | 'backup'>> {
  const applied: AppliedNow[] = [];
  const appliedByOthers: string[] = [];
  const backup = prepareBackup(project, migrator, request);
  for (const migration of selected) {
    const start = request.now();
    const outcome = await project.step(`applying ${migration.tag}`, () =>
      migrator.apply(migration, {
        decide: (rows) => isStillPending(folder, rows, migration),
        before: backup.make,
        known: know,
        allowsLoss: request.allow.has('hand-made'),
      }),
    );
    if (outcome === 'skipped') appliedByOthers.push(migration.tag);
    else {
      const statements = migrator.inspect([migration])[0]?.statements ?? 0;
      applied.push({ tag: migration.tag, statements, milliseconds: Math.round(request.now() - start) });
    }
  }
  return { applied, appliedByOthers, backup: backup.made() };
}

/**
 * The backup that was asked for, if any. It is made once: under the lock of the first migration that is run, so that it
 * is the state before all of them.
 */
export function prepareBackup(
  project: Project,
  migrator: Migrator,
  request: Pick<MigrateRequest, 'backup' | 'clock' | 'onEvent'>,
): { readonly make: () => Promise<void>; readonly made: () => Backup | null } {
  let backup: Backup | null = null;
  return {
    async make() {
      if (backup !== null || request.backup === false) return;
      const file = nameBackup(project, migrator, request);
      backup = await project.step('copying the database', () => migrator.backup(file));
      request.onEvent({ type: 'backup', ...backup });
    },
    made: () => backup,
  };
}

/** Beside the database, with the time in its name: `app.db.20250131T120000000Z.backup`. */
function nameBackup(
  project: Project,
  migrator: Migrator,
  { backup, clock }: Pick<MigrateRequest, 'backup' | 'clock'>,
): string {
  const { root } = project.config;
  if (typeof backup === 'string') return path.resolve(root, backup);
  return path.resolve(`${migrator.label}.${stampOf(clock())}.backup`);
}

function stampOf(time: Date): string {
  return time.toISOString().replace(/[-:.]/g, '');
}

export type RestoreRequest = Omit<
  MigrateRequest,
  'dryRun' | 'allow' | 'backup' | 'preflight' | 'rehearse' | 'to'
> & {
  /** The backup, relative to the project. */
  readonly file: string;
};

export interface RestoreResult extends Restored {
  readonly dialect: DialectName;
}

/**
 * `drift migrate --restore`: takes the database back to a backup, and keeps what is there before as another one.
 * @throws DriftError RESTORE_FAILED, MIGRATE_LOCKED, MIGRATE_UNSUPPORTED
 */
export async function runRestore(request: RestoreRequest): Promise<RestoreResult> {
  const project = await openQuietly(request);
  const { dialect } = project;
  if (!dialect.restore) throw new DriftError('MIGRATE_UNSUPPORTED', { dialect: wordOf(dialect.name) });
  const target = project.target();
  const options = optionsOf(project, 'journal', { ...request, dryRun: false });
  const files = {
    backup: path.resolve(project.config.root, request.file),
    keepSuffix: `.${stampOf(request.clock())}.before-restore`,
  };
  const restored = await project.step(
    'restoring',
    () => dialect.restore?.(target, files, options) ?? neverOpened(),
  );
  return { ...restored, dialect: dialect.name };
}

/** Findings that are worth a word though nothing was refused for them. */
export function listWarnings(preflight: Preflight | null): readonly Finding[] {
  return preflight?.findings.filter(({ severity }) => severity === 'warning') ?? [];
}
