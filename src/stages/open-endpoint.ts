/** Turns what `drift diff` was told to compare into schemas. */
import { tmpdir } from 'node:os';
import type { CatalogObject } from '../catalog/objects.ts';
import { createSchema, type DialectName, type Schema } from '../catalog/schema.ts';
import { completeExpected } from '../diff/expected.ts';
import { findNamespaces, leaveOutImplied, narrowToNamespaces } from '../diff/namespaces.ts';
import type { Dialect, Limits, Scope, Session } from '../dialects/dialect.ts';
import { loadDialect } from '../dialects/registry.ts';
import { DriftError } from '../errors.ts';
import { loadDriftSettings, type DriftSettings } from '../project/drift-config.ts';
import { displayPath } from '../project/paths.ts';
import { withDatabase } from './actual.ts';
import { readDesired, type Desired } from './desired.ts';
import type { Endpoint } from './endpoint.ts';
import { readFolder, readRecorded } from './migrations.ts';
import { chooseLimits, type Project, type ProjectRequest } from './project.ts';
import { readScript, runScript } from './run-script.ts';
import { leaveOutBorrowed } from './subjects.ts';
import { findCacheDirectory } from './recorded-cache.ts';

/** Where and how schemas are read. */
export interface Surroundings {
  readonly dialect: Dialect;
  readonly scope: Scope;
  readonly limits: Limits;
  readonly settings: DriftSettings;
  readonly cacheDirectory: string | null;
  readonly step: Project['step'];
  /** Null where both sides are files or URLs: then no drizzle.config is needed. */
  readonly project: Project | null;
}

/** A side that was read. */
export interface Side {
  readonly schema: Schema;
  /** What the database, where it is one, calls itself; never with a password. */
  readonly label: string;
  /** An open database that may be asked what two texts mean; null where there is none. */
  readonly session: Session | null;
  readonly live: boolean;
  /** True for models and migrations. */
  readonly ofProject: boolean;
  /** There where the side is the models. */
  readonly desired: Desired | null;
  /** False where what the models cannot say is not known from the migrations either. */
  readonly complete: boolean;
}

/** Everything of a database that nobody's config narrows down. Roles belong to the server, and to no schema. */
const wholeScope: Scope = {
  tables: undefined,
  schemas: ['*'],
  extensions: undefined,
  migrationsTable: { schema: 'drizzle', table: '__drizzle_migrations' },
};

/** The surroundings of a project; of a drift.config alone where there is none. */
export async function findSurroundings(
  request: ProjectRequest,
  name: DialectName,
  project: Project | null,
  sides: readonly Endpoint[],
): Promise<Surroundings> {
  const settings = project?.settings ?? (await loadDriftSettings(request.cwd));
  const limits = project?.limits ?? chooseLimits(settings, request.timeout);
  if (!project) request.onDeadline?.(limits.command);
  return {
    dialect: await loadDialect(name),
    scope: project?.scope ?? {
      ...wholeScope,
      // Two texts on scratch databases have no surroundings that owners and grants could belong to.
      ...(sides.every(({ is }) => is === 'script') ? { privileges: 'literal' } : {}),
    },
    limits,
    settings,
    cacheDirectory: await findCacheDirectory(request.cwd, request.env, tmpdir()),
    step: (stage, run) => {
      request.onStage?.(stage);
      return run();
    },
    project,
  };
}

/**
 * Reads a side for as long as `use` works with it, and closes it whatever happens.
 * @param like the database that scratch databases shall resemble; null where the other side is none
 */
export async function withSide<T>(
  endpoint: Endpoint,
  surroundings: Surroundings,
  like: Session | null,
  use: (side: Side) => Promise<T>,
): Promise<T> {
  switch (endpoint.is) {
    case 'models':
      return use(await readModelsSide(requireProject(surroundings), like));
    case 'migrations':
      return use(await readMigrationsSide(requireProject(surroundings), like));
    case 'database':
      return withDatabase(requireProject(surroundings), (session) =>
        useSession(session, surroundings, true, use),
      );
    case 'target': {
      const { dialect, limits, step } = surroundings;
      const session = await step(`connecting to ${endpoint.shown}`, () =>
        dialect.connect(endpoint.target, limits),
      );
      return closing(session, () => useSession(session, surroundings, true, use));
    }
    case 'script':
      return withScript(endpoint, surroundings, like, use);
  }
}

async function closing<T>(session: Session, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } finally {
    await session.close();
  }
}

async function useSession<T>(
  session: Session,
  { scope, step }: Surroundings,
  live: boolean,
  use: (side: Side) => Promise<T>,
): Promise<T> {
  const schema = await step(`reading ${live ? 'the database' : session.label}`, () =>
    session.introspect(scope),
  );
  return use({
    schema,
    label: session.label,
    session,
    live,
    ofProject: false,
    desired: null,
    complete: true,
  });
}

async function withScript<T>(
  endpoint: Extract<Endpoint, { is: 'script' }>,
  surroundings: Surroundings,
  like: Session | null,
  use: (side: Side) => Promise<T>,
): Promise<T> {
  const { dialect, limits, settings, cacheDirectory, step } = surroundings;
  const { url, createDatabase } = settings.scratch;
  const script = await readScript(endpoint.file, endpoint.shown, dialect.name);
  const scratch = await step('opening a scratch database', () =>
    dialect.openScratch(
      {
        like,
        ...(url === undefined ? {} : { url }),
        ...(createDatabase === undefined ? {} : { createDatabase }),
        extensions: script.extensions,
        cache: cacheDirectory,
      },
      limits,
    ),
  );
  return closing(scratch, async () => {
    await step(`running ${endpoint.shown}`, () => runScript(scratch, script, dialect.name));
    return useSession(scratch, surroundings, false, (side) => use({ ...side, label: endpoint.shown }));
  });
}

/** What the models say, and of what they have no word for, what the migrations make: as a check expects it. */
async function readModelsSide(project: Project, like: Session | null): Promise<Side> {
  const desired = await readDesired(project);
  const folder = await readFolder(project);
  const recorded = folder && (await readRecorded(project, folder, null, like));
  const beyond = project.dialect.beyondModels;
  return {
    schema: completeExpected(desired.schema, recorded && leaveOutBorrowed(recorded.all, desired), beyond),
    label: 'models',
    session: null,
    live: false,
    ofProject: true,
    desired,
    complete: recorded?.complete ?? false,
  };
}

/** @throws DriftError DIFF_NO_MIGRATIONS, GENERATE_RECORDED_INCOMPLETE */
async function readMigrationsSide(project: Project, like: Session | null): Promise<Side> {
  const folder = await readFolder(project);
  const { root, out } = project.config;
  if (!folder) throw new DriftError('DIFF_NO_MIGRATIONS', { folder: displayPath(root, out) });
  const recorded = await readRecorded(project, folder, null, like);
  if (!recorded.complete) {
    throw new DriftError('GENERATE_RECORDED_INCOMPLETE', {
      problems: [
        ...folder.problems.filter(({ severity }) => severity === 'error').map(({ message }) => message),
        ...recorded.failures.map(
          ({ file, line, reason }) => `${displayPath(root, file)}:${String(line)}: ${reason}.`,
        ),
      ],
    });
  }
  return {
    schema: recorded.all,
    label: 'migrations',
    session: null,
    live: false,
    ofProject: true,
    desired: null,
    complete: true,
  };
}

function requireProject({ project }: Surroundings): Project {
  if (project) return project;
  throw new TypeError('The words for parts of a project need its config.');
}

/** What of a side is compared with the other one. */
export interface Subject {
  readonly side: Side;
  /** Namespaces that are neither the models' nor the migrations', to be listed. */
  readonly foreign: readonly CatalogObject[];
}

/**
 * Takes out of a side what the models of the other side only borrow or imply, and out of a database, where the config
 * does not say which namespaces are the project's, those that neither models nor migrations put anything into.
 */
export function chooseSubject(side: Side, other: Side, { project }: Surroundings): Subject {
  const { desired } = other;
  const isNarrowed = side.live && other.ofProject && project?.config.schemaFilter === undefined;
  const narrowed = isNarrowed
    ? narrowToNamespaces(side.schema, ownNamespaces(other.schema), [other.schema])
    : { schema: side.schema, left: [], hosts: [] };
  const schema = desired
    ? leaveOutImplied(leaveOutBorrowed(narrowed.schema, desired), desired.schema)
    : narrowed.schema;
  return { side: { ...side, schema }, foreign: narrowed.left };
}

function ownNamespaces(schema: Schema): (namespace: string) => boolean {
  const names = findNamespaces([schema]);
  return (namespace) => names.has(namespace);
}

/** A schema without some of its objects. */
export function keepObjects(schema: Schema, keep: (object: Schema['objects'][number]) => boolean): Schema {
  return createSchema(schema.dialect, schema.objects.filter(keep));
}
