import path from 'node:path';
import { addressKey, tableAddress } from '../catalog/address.ts';
import { createSchema, objectKey, objectsOf, type Located, type Schema } from '../catalog/schema.ts';
import type { SourceLocation } from '../diff/drift.ts';
import type { ModelReading } from '../dialects/dialect.ts';
import { DriftError } from '../errors.ts';
import { loadModels, type LoadedModels } from '../project/load-models.ts';
import { displayPath } from '../project/paths.ts';
import type { SourceMap } from '../project/source-locations.ts';
import type { Project } from './project.ts';

/** What the code says, and where it says it. */
export interface Desired extends Omit<ModelReading, 'origins'> {
  /**
   * Finds the place of an object in the models. The sources are parsed at the first call and not before: a check that
   * finds nothing needs no line numbers. Undefined where the place cannot be told for certain.
   */
  locate(object: Located, field?: string): Promise<SourceLocation | undefined>;
}

/**
 * Loads the models and turns them into a schema: what the filters of the config let in.
 * @throws DriftError for models that are missing, cannot be run, or contradict each other
 */
export async function readDesired(project: Project): Promise<Desired> {
  const models = await project.step('loading the models', () => loadModels(project.config));
  const { casing, roles } = project.config;
  const locator = lazily(() => openSourceMap(project, models));
  const reading = await project.step('reading the models', async () => {
    try {
      return project.dialect.readModels(models.modules, { casing, roles });
    } catch (error) {
      throw showPlaces(error, await locator(), project.config.root);
    }
  });
  return {
    existing: reading.existing,
    schema: keepInScope(project, reading.schema),
    async locate(object, field) {
      const origin = reading.origins.get(objectKey(object));
      return origin && (await locator()).locateOrigin(origin, field);
    },
  };
}

/** The error with the places of models as they are shown everywhere: from the working directory, with their lines. */
function showPlaces(error: unknown, sources: SourceMap, root: string): unknown {
  if (!(error instanceof DriftError)) return error;
  const show = (_key: string, value: unknown): unknown => {
    // A file, and in brackets which of its exports is meant.
    const [, file, exportName] =
      (typeof value === 'string' && /^(\S.*?)(?: \(([^()]*)\))?$/.exec(value)) || [];
    if (file === undefined || !path.isAbsolute(file)) return value;
    if (exportName === undefined) return displayPath(root, file);
    const place = sources.locateExport({ file, exportName });
    return `${place ? `${place.file}:${String(place.line)}` : displayPath(root, file)} (${exportName})`;
  };
  const details = JSON.parse(JSON.stringify(error.details), show) as typeof error.details;
  return new DriftError(error.code, details, { cause: error.cause ?? error });
}

/**
 * What is looked at in no database is not to be missed in one either. A policy for somebody else's table is the models'
 * own, wherever that table is.
 * @throws DriftError MODELS_OUT_OF_SCOPE
 */
function keepInScope({ config, dialect, scope }: Project, schema: Schema): Schema {
  const isInScope = dialect.createScopeFilter(scope);
  if (schema.objects.every(isInScope)) return schema;
  const tables = new Set(objectsOf(schema, 'table').map(({ address }) => addressKey(address)));
  const kept = schema.objects.filter(
    (object) =>
      isInScope(object) ||
      (object.kind === 'policy' && !tables.has(addressKey(tableAddress(object.address)))),
  );
  if (kept.length === schema.objects.length) return schema;
  if (kept.length === 0) {
    const roots = schema.objects.filter(({ address }) => address.table === undefined);
    const names = roots.map(({ address: { namespace, name } }) =>
      ['', 'main', 'public'].includes(namespace) ? name : `${namespace}.${name}`,
    );
    throw new DriftError('MODELS_OUT_OF_SCOPE', { file: displayPath(config.root, config.configFile), names });
  }
  return createSchema(schema.dialect, kept);
}

async function openSourceMap(project: Project, models: LoadedModels): Promise<SourceMap> {
  const { createSourceMap } = await import('../project/source-locations.ts');
  return createSourceMap(project.config.root, models);
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
