import { objectKey, type Located } from '../catalog/schema.ts';
import type { SourceLocation } from '../diff/drift.ts';
import type { ModelReading } from '../dialects/dialect.ts';
import { loadModels, type LoadedModels } from '../project/load-models.ts';
import type { Project } from './project.ts';

/** What the code says, and where it says it. */
export interface Desired extends ModelReading {
  /**
   * Finds the place of an object in the models. The sources are parsed at the first call and not before: a check that
   * finds nothing needs no line numbers. Undefined where the place cannot be told for certain.
   */
  locate(object: Located, field?: string): Promise<SourceLocation | undefined>;
}

/**
 * Loads the models and turns them into a schema.
 * @throws DriftError for models that are missing, cannot be run, or contradict each other
 */
export async function readDesired(project: Project): Promise<Desired> {
  const models = await project.step('loading the models', () => loadModels(project.config));
  const { casing, roles } = project.config;
  const reading = project.step('reading the models', () =>
    project.dialect.readModels(models.modules, { casing, roles }),
  );
  const locator = lazily(() => openSourceMap(project, models));
  return {
    ...reading,
    async locate(object, field) {
      const origin = reading.origins.get(objectKey(object));
      return origin && (await locator()).locateOrigin(origin, field);
    },
  };
}

async function openSourceMap(project: Project, models: LoadedModels) {
  const { createSourceMap } = await import('../project/source-locations.ts');
  return createSourceMap(project.config.root, models);
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
