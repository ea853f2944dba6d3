import type { DialectName } from '../catalog/schema.ts';
import type { DatabaseTarget, Dialect, Limits, Scope } from '../dialects/dialect.ts';
import { loadDialect } from '../dialects/registry.ts';
import { DriftError } from '../errors.ts';
import { loadProjectConfig, requireTarget, type ProjectConfig } from '../project/config.ts';
import { requireReadableUrl, targetOfUrl } from '../project/credentials.ts';
import { prefetchModules } from './prefetch.ts';
import { createStep, type RunStep, type StageListener } from './step.ts';
import { loadDriftSettings, type DriftSettings } from '../project/drift-config.ts';

/** What every command is told about where to work. */
export interface ProjectRequest {
  /** The working directory, absolute. */
  readonly cwd: string;
  /** `--config` */
  readonly config?: string | undefined;
  /** `--url`, in place of `dbCredentials`. */
  readonly url?: string | undefined;
  /** The environment that the config and the drivers see. */
  readonly env: Record<string, string | undefined>;
  /** `--timeout` in milliseconds, before the one of drift.config. */
  readonly timeout?: number | undefined;
  /** Is told what is being done, for progress and for the message of a timeout. */
  readonly onStage?: StageListener | undefined;
  /** Milliseconds until the deadline; where nobody says, there is no other limit than those of single waits. */
  readonly left?: (() => number) | undefined;
  /** Is told how many milliseconds the whole command may take, as soon as drift.config is read. */
  readonly onDeadline?: ((milliseconds: number) => void) | undefined;
}

/** A project, ready to work on: its configuration and its dialect. Nothing is connected or loaded yet. */
export interface Project {
  readonly config: ProjectConfig;
  readonly settings: DriftSettings;
  readonly dialect: Dialect;
  readonly limits: Limits;
  readonly scope: Scope;
  readonly env: ProjectRequest['env'];
  readonly step: RunStep;
  /** @throws DriftError DATABASE_NOT_CONFIGURED, DRIVER_UNSUPPORTED */
  readonly target: () => DatabaseTarget;
}

/** Deadlines in milliseconds where neither a flag nor drift.config says otherwise. */
export const defaultLimits: Limits = { command: 60_000, connect: 10_000, statement: 30_000, lock: 5_000 };

/** What will be asked of a project, so that it can be made ready while its config is read. */
export interface Expected {
  /** False where nobody will ask what the models say. */
  readonly models?: boolean;
}

/**
 * Reads drizzle.config and drift.config.
 * @throws DriftError for a config that is missing or wrong
 */
export async function openProject(
  request: ProjectRequest,
  { models = true }: Expected = {},
): Promise<Project> {
  const step = createStep(request.onStage);
  const { cwd, config: named, env } = request;
  const [config] = await step('reading the config', () =>
    Promise.all([loadProjectConfig({ cwd, config: named, env }), prefetchModules(cwd, named, models)]),
  );
  const settings = await loadDriftSettings(config.root);
  const limits = chooseLimits(settings, request);
  request.onDeadline?.(limits.command);
  const dialect = await loadDialect(config.dialect);
  return {
    config,
    settings,
    dialect,
    step,
    limits,
    scope: scopeOf(config),
    env,
    target: () => findTarget(config, request.url),
  };
}

/** Of the time that is left, what a lock is not waited for, so that there is some to say who holds it; in milliseconds. */
const timeToTell = 500;

/**
 * Deadlines of drift.config, with the one of `--timeout` before them. How long a lock is waited for is asked anew each
 * time: never longer than what is left of the whole.
 */
export function chooseLimits(
  settings: DriftSettings,
  { timeout, left }: Pick<ProjectRequest, 'timeout' | 'left'>,
): Limits {
  const { timeouts } = settings;
  const command = timeout ?? timeouts.command ?? defaultLimits.command;
  // No single wait may outlast the command.
  const within = (limit: number): number => Math.min(limit, command);
  return {
    command,
    connect: within(timeouts.connect ?? defaultLimits.connect),
    statement: within(timeouts.statement ?? defaultLimits.statement),
    get lock() {
      return capWait(timeouts.lock ?? defaultLimits.lock, command, left);
    },
  };
}

/** A wait for a lock, in whole milliseconds, that ends before the command does; at least 1, since 0 is no limit to some. */
export function capWait(wait: number, command: number, left: (() => number) | undefined): number {
  const rest = (left?.() ?? command) - Math.min(timeToTell, command / 5);
  return Math.max(1, Math.floor(Math.min(wait, rest)));
}

/**
 * Without a `schemaFilter` everything is read, and what is not the project's own is left out once models and migrations
 * are known (see diff/namespaces.ts): they need not be waited for.
 */
function scopeOf(config: ProjectConfig): Scope {
  return {
    tables: config.tablesFilter,
    schemas: config.schemaFilter ?? ['*'],
    extensions: config.extensionsFilters,
    roles: config.roles,
    migrationsTable: config.migrations,
  };
}

function findTarget(config: ProjectConfig, url: string | undefined): DatabaseTarget {
  const target = url === undefined ? requireTarget(config) : targetOfUrl(config.kitDialect, url, config.root);
  switch (target.driver) {
    case 'pg':
      if (target.url !== undefined) requireReadableUrl(target.url);
      return target;
    case 'better-sqlite3':
    case 'pglite':
      return target;
    default:
      throw new DriftError('DRIVER_UNSUPPORTED', { driver: target.driver, dialect: wordOf(config.dialect) });
  }
}

function wordOf(dialect: DialectName): string {
  return dialect === 'sqlite' ? 'SQLite' : 'PostgreSQL';
}
