/** Turns what `drift diff` was told to compare into schemas. */
import { tmpdir } from 'node:os';
import type { CatalogObject } from '../catalog/objects.ts';
import { createSchema, type DialectName, type Schema } from '../catalog/schema.ts';
import { completeExpected } from '../diff/expected.ts';
import { addHosts, findNamespaces, narrowToNamespaces } from '../diff/namespaces.ts';
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
import { createStep } from './step.ts';
import { readScript, runScript } from './run-script.ts';
import { chooseSubjects } from './subjects.ts';
import type { Recorded } from './recorded.ts';
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
  /** What the migrations make, where the side is of a project that has some. */
  readonly recorded: Recorded | null;
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
  const limits = project?.limits ?? chooseLimits(settings, request);
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
    step: createStep(request.onStage),
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
    recorded: null,
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
        texts: script.statements.map(({ text }) => text),
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
    schema: completeExpected(desired.schema, recorded?.all ?? null, beyond),
    label: 'models',
    session: null,
    live: false,
    ofProject: true,
    desired,
    recorded,
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
    recorded,
    complete: true,
  };
}

function requireProject({ project }: Surroundings): Project {
  if (project) return project;
  throw new TypeError('The words for parts of a project need its config.');
}

/** Both sides without what is nobody's to compare. */
export interface ChosenSides {
  readonly from: Side;
  readonly to: Side;
  /** What neither models nor migrations are responsible for, to be listed. */
  readonly foreign: readonly CatalogObject[];
}

/**
 * Takes out of a database what a check against models or migrations would not look at either: what the models only
 * borrow or imply, and where the config does not say which namespaces are the project's, those of others.
 */
export function chooseSides(from: Side, to: Side, surroundings: Surroundings): ChosenSides {
  if (from.desired && to.desired) return { from, to, foreign: [] };
  if (to.desired) {
    const { models, other, foreign } = chooseBesideModels(to, from, surroundings);
    return { from: other, to: models, foreign };
  }
  if (from.desired) {
    const { models, other, foreign } = chooseBesideModels(from, to, surroundings);
    return { from: models, to: other, foreign };
  }
  return chooseBesideMigrations(from, to, surroundings);
}

function chooseBesideModels(
  models: Side,
  other: Side,
  surroundings: Surroundings,
): { readonly models: Side; readonly other: Side; readonly foreign: readonly CatalogObject[] } {
  const { desired, recorded } = models;
  if (!desired) return { models, other, foreign: [] };
  const project = requireProject(surroundings);
  const subjects = chooseSubjects(project, desired, other.schema, recorded);
  const all = subjects.recorded?.all ?? null;
  return {
    models: { ...models, schema: completeExpected(subjects.desired, all, project.dialect.beyondModels) },
    other: { ...other, schema: subjects.actual ?? other.schema },
    foreign: subjects.foreign,
  };
}

function chooseBesideMigrations(from: Side, to: Side, { project }: Surroundings): ChosenSides {
  const migrations = [from, to].find(({ ofProject }) => ofProject);
  const database = [from, to].find(({ live }) => live);
  if (!migrations || !database || project?.config.schemaFilter !== undefined)
    return { from, to, foreign: [] };
  const names = findNamespaces([migrations.schema]);
  const found = narrowToNamespaces(database.schema, (name) => names.has(name), [migrations.schema]);
  const choose = (side: Side): Side => ({
    ...side,
    schema: addHosts(side === database ? found.schema : side.schema, found.hosts),
  });
  return { from: choose(from), to: choose(to), foreign: found.left };
}

/** A schema without some of its objects. */
export function keepObjects(schema: Schema, keep: (object: Schema['objects'][number]) => boolean): Schema {
  return createSchema(schema.dialect, schema.objects.filter(keep));
}
