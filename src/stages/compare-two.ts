/** `drift diff`: the changes that would bring one schema to another. */
import { tableAddress, type Address } from '../catalog/address.ts';
import {
  createSchema,
  indexObjects,
  mapObjects,
  objectKey,
  objectsOf,
  type DialectName,
  type Schema,
} from '../catalog/schema.ts';
import type { CatalogObject, ObjectKind } from '../catalog/objects.ts';
import type { Change } from '../diff/changes.ts';
import { compareColumnOrder } from '../diff/column-order.ts';
import { diffSchemas } from '../diff/compare.ts';
import { createDrift, describeChange, type SideNames } from '../diff/describe.ts';
import type { Drift } from '../diff/drift.ts';
import { applyIgnoreRules } from '../diff/ignore.ts';
import { invertChange } from '../diff/invert.ts';
import type { SchemaPair, Session, Undetermined } from '../dialects/dialect.ts';
import { DriftError } from '../errors.ts';
import { findDrizzleConfig } from '../project/find-config.ts';
import { createDiffReport, type DiffReport } from '../report/diff-report.ts';
import { chooseDialect, readEndpoint, type Endpoint } from './endpoint.ts';
import {
  chooseSides,
  findSurroundings,
  keepObjects,
  withSide,
  type Side,
  type Surroundings,
} from './open-endpoint.ts';
import { planBetween, type PlanAnswers } from './plan-between.ts';
import { openProject, type Project, type ProjectRequest } from './project.ts';

export interface DiffRequest extends ProjectRequest {
  readonly from: string;
  readonly to: string;
  /** `--dialect`, for `.sql` files that nothing else says it of. */
  readonly dialect?: DialectName | undefined;
  /** `--sql`, with the answers that a plan may need; null for the differences alone. */
  readonly plan?: PlanAnswers | null | undefined;
}

export interface DiffResult {
  readonly report: DiffReport;
  /** The SQL that leads from one to the other; null where none was asked for. */
  readonly sql: string | null;
}

/**
 * Compares any two of models, migrations, database, URL, `.sql` file and database file. Changes nothing.
 * @throws DriftError where it cannot tell
 */
export async function runDiff(request: DiffRequest): Promise<DiffResult> {
  const [from, to] = [readEndpoint(request.from, request.cwd), readEndpoint(request.to, request.cwd)];
  const { dialect, project } = await settle(request, from, to);
  const surroundings = await findSurroundings(request, dialect, project, [from, to]);
  return withSides(from, to, surroundings, async (sides) => {
    const report = await surroundings.step('comparing', () => compare(sides, surroundings));
    const { plan } = request;
    const sql = plan
      ? await surroundings.step('planning', () =>
          planBetween(sides.from.schema, sides.to, surroundings, plan, sides.names),
        )
      : null;
    return { report, sql };
  });
}

/** Which engine it is about, and the project where one is needed. */
async function settle(
  request: DiffRequest,
  from: Endpoint,
  to: Endpoint,
): Promise<{ readonly dialect: DialectName; readonly project: Project | null }> {
  const sides = [from, to];
  const flag =
    request.dialect === undefined
      ? []
      : [{ dialect: request.dialect, shown: `--dialect ${request.dialect}` }];
  const isOfProject = sides.some(({ is }) => is !== 'target' && is !== 'script');
  const told = chooseDialect(sides, flag);
  if (told !== null && !isOfProject) return { dialect: told, project: null };
  if (!isOfProject && !hasConfig(request)) {
    throw new DriftError('DIFF_DIALECT_UNKNOWN', { files: [...new Set(sides.map(({ shown }) => shown))] });
  }
  const project = await openProject(request, { models: sides.some(({ is }) => is === 'models') });
  const config = { dialect: project.config.dialect, shown: 'the project' };
  chooseDialect(sides, [...flag, config]);
  // The filters of a project say what of its database is looked at, and nothing of two files beside it.
  return { dialect: config.dialect, project: isOfProject ? project : null };
}

function hasConfig({ cwd, config }: DiffRequest): boolean {
  if (config !== undefined) return true;
  try {
    findDrizzleConfig(cwd, undefined);
    return true;
  } catch {
    return false;
  }
}

interface Sides {
  readonly from: Side;
  readonly to: Side;
  /** Namespaces of somebody else. */
  readonly foreign: readonly CatalogObject[];
  readonly names: SideNames;
  readonly shown: { readonly from: string; readonly to: string };
}

/** Opens both sides, a database before what is to be built like it. */
async function withSides<T>(
  from: Endpoint,
  to: Endpoint,
  surroundings: Surroundings,
  use: (sides: Sides) => Promise<T>,
): Promise<T> {
  const isDatabase = ({ is }: Endpoint): boolean => is === 'database' || is === 'target';
  const toFirst = isDatabase(to) && !isDatabase(from);
  const [first, second] = toFirst ? [to, from] : [from, to];
  return withSide(first, surroundings, null, (one) =>
    withSide(second, surroundings, one.live ? one.session : null, (other) => {
      const [read, wanted] = toFirst ? [other, one] : [one, other];
      return use({
        ...chooseSides(read, wanted, surroundings),
        names: { from: nameOf(from, read), to: nameOf(to, wanted) },
        shown: { from: showEndpoint(from, read), to: showEndpoint(to, wanted) },
      });
    }),
  );
}

/** A URL is called what the driver calls its database: that has no password in it. */
function showEndpoint(endpoint: Endpoint, side: Side): string {
  return endpoint.is === 'target' && endpoint.target.driver === 'pg' ? side.label : endpoint.shown;
}

function nameOf(endpoint: Endpoint, side: Side): string {
  return endpoint.is === 'target' ? showEndpoint(endpoint, side) : endpoint.name;
}

async function compare(sides: Sides, surroundings: Surroundings): Promise<DiffReport> {
  const { dialect, project } = surroundings;
  const { from, to, shown } = sides;
  const compared = await findChanges(from, to, surroundings);
  const drifts = await Promise.all(
    compared.changes.map((change) => describe(change, sides, dialect.assessChange(change))),
  );
  const { kept, ignored } = applyIgnoreRules(drifts, project?.settings.ignore ?? []);
  const tablesOf = ({ schema }: Side): number => objectsOf(schema, 'table').length;
  return createDiffReport({
    dialect: dialect.name,
    ...shown,
    changes: kept,
    unmanaged: [...sides.foreign, ...compared.unmanaged],
    undetermined: compared.undetermined,
    ignored: ignored.map(({ kind, address }) => ({ kind, address })),
    notes: compared.orders.map(({ table, database, expected }) => ({
      kind: 'column-order',
      address: table,
      message: `The columns of ${table.name} are in the order ${database.join(', ')} in ${sides.names.from} and ${expected.join(', ')} in ${sides.names.to}.`,
    })),
    tables: { from: tablesOf(from), to: tablesOf(to) },
  });
}

async function describe(change: Change, sides: Sides, hazards: Drift['hazards']): Promise<Drift> {
  const side = sides.to.desired ? sides.to : sides.from;
  const field = 'fields' in change ? change.fields[0]?.field : undefined;
  const modelled = sides.to.desired
    ? change.type === 'drop'
      ? change
      : change.expected
    : change.type === 'create'
      ? change
      : change.database;
  const source = await side.desired?.locate(modelled, field);
  const context = { expectedBy: 'models', sides: sides.names } as const;
  const drift = createDrift(
    change,
    // There is no cause where two schemas are compared; it is not taken over into the report.
    { ...context, cause: 'ungenerated', witness: 'two-way', source },
    hazards,
  );
  const isAuthor = sides.to.desired !== null && source !== undefined;
  return { ...drift, message: describeChange(change, isAuthor ? { ...context, source } : context) };
}

interface Compared {
  readonly changes: readonly Change[];
  readonly unmanaged: readonly CatalogObject[];
  readonly undetermined: readonly Undetermined[];
  readonly orders: ReturnType<typeof compareColumnOrder>;
}

/**
 * The differences, from the first to the second. Models are always normalised as what is expected, since they leave open
 * what an engine decides (names of constraints, kinds of UNIQUE); where they are the first side all is turned round.
 */
async function findChanges(from: Side, to: Side, surroundings: Surroundings): Promise<Compared> {
  const isTurned = from.desired !== null && to.desired === null;
  const [database, expected] = isTurned ? [to, from] : [from, to];
  const { dialect } = surroundings;
  const unmanaged = findUnsayable(database, expected, surroundings);
  const pair = await dialect.normalise(
    {
      database: forgetFilling(
        revealVersions(leaveOut(database.schema, unmanaged), database, expected),
        database,
        expected,
      ),
      expected: forgetFilling(revealVersions(expected.schema, database, expected), database, expected),
      exact: expected.desired === null,
    },
    chooseReferee(from, to),
  );
  const changes = leaveOutInherited(diffSchemas(pair.database, pair.expected), pair);
  const orders = compareColumnOrder(pair.database, pair.expected);
  if (!isTurned) return { changes, unmanaged, undetermined: pair.undetermined, orders };
  return {
    changes: changes.map(invertChange),
    unmanaged,
    undetermined: pair.undetermined.map((open) => ({
      ...open,
      database: open.expected,
      expected: open.database,
    })),
    orders: orders.map((order) => ({ ...order, database: order.expected, expected: order.database })),
  };
}

/** What models have no word for cannot be missing in them, unless the migrations say what there is to be. */
function findUnsayable(database: Side, expected: Side, { dialect }: Surroundings): readonly CatalogObject[] {
  if (!expected.desired || expected.complete || database.desired) return [];
  const wanted = indexObjects(expected.schema);
  return database.schema.objects.filter(
    (object) => dialect.beyondModels.kinds.has(object.kind) && !wanted.has(objectKey(object)),
  );
}

function leaveOut(schema: Schema, objects: readonly CatalogObject[]): Schema {
  const left = new Set(objects.map(objectKey));
  return left.size === 0 ? schema : keepObjects(schema, (object) => !left.has(objectKey(object)));
}

/**
 * The version of an extension follows from the installation, and is compared only where both sides are installations, or
 * scripts that ran on the same one.
 */
function revealVersions(schema: Schema, one: Side, other: Side): Schema {
  if (!one.session || !other.session || one.live !== other.live) return schema;
  return createSchema(
    schema.dialect,
    schema.objects.map((object) =>
      object.kind === 'extension'
        ? { ...object, definition: { ...object.definition, canonical: object.definition.text } }
        : object,
    ),
  );
}

/**
 * Whether a materialized view was filled is a fact about rows. A script that holds a schema and no rows leaves it empty
 * (pg_dump --schema-only), so only two databases are held against each other in that.
 */
function forgetFilling(schema: Schema, one: Side, other: Side): Schema {
  if ((one.live && other.live) || objectsOf(schema, 'materializedView').length === 0) return schema;
  return mapObjects(schema, (object) => {
    if (object.kind !== 'materializedView' || object.populated !== false) return object;
    return { ...object, populated: true };
  });
}

/** What partitions have from their parent; a table that only inherits has its columns and checks. */
const handedDown: ReadonlySet<ObjectKind> = new Set([
  'column',
  'check',
  'primaryKey',
  'unique',
  'foreignKey',
  'exclusion',
  'index',
]);

/** A column of a partition, or of a table that inherits, changes with that of its parent: that is one change. */
function leaveOutInherited(changes: readonly Change[], pair: SchemaPair): readonly Change[] {
  const [before, after] = [indexObjects(pair.database), indexObjects(pair.expected)];
  const told = new Set(changes.map((change) => keyOfChange(change, tableAddress(change.address))));
  return changes.filter((change) => {
    if (!handedDown.has(change.kind)) return true;
    const key = objectKey({ kind: 'table', address: tableAddress(change.address) });
    const isBare = change.kind !== 'column' && change.kind !== 'check';
    const known = [before.get(key), after.get(key)].map((table) => parentsOf(table, isBare));
    const [parents = [], others = []] = known;
    return !parents.some(
      (parent) =>
        others.some(({ namespace, name }) => namespace === parent.namespace && name === parent.name) &&
        told.has(keyOfChange(change, parent)),
    );
  });
}

function parentsOf(object: CatalogObject | undefined, partitionsAlone: boolean): readonly Address[] {
  if (object?.kind !== 'table') return [];
  const partitioned = object.partitionOf ? [object.partitionOf.parent] : [];
  return partitionsAlone ? partitioned : [...partitioned, ...(object.inherits ?? [])];
}

/** What a change does to a table, whichever: two that do the same are the same. The server names keys by the table. */
function keyOfChange(change: Change, table: Pick<Address, 'namespace' | 'name'>): string {
  const isNamed = change.kind === 'column' || change.kind === 'check';
  const name = isNamed ? change.address.name : null;
  return JSON.stringify([change.type, change.kind, table.namespace, table.name, name, sayingOf(change)]);
}

function sayingOf(change: Change): unknown {
  if ('fields' in change) return change.fields;
  const object = change.type === 'create' ? change.expected : change.database;
  return { ...object, address: null, position: null };
}

/** A database that is really there knows its own settings best; a scratch database is as good otherwise. */
function chooseReferee(from: Side, to: Side): Session | null {
  const sides = [from, to];
  return (sides.find(({ live }) => live) ?? sides.find(({ session }) => session))?.session ?? null;
}
