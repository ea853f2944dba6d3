import type { ModelModule } from '../dialects/dialect.ts';
import { DriftError } from '../errors.ts';
import type { ImportGraph } from './bundle.ts';
import type { ProjectConfig } from './config.ts';
import { beginBundle, loadCode } from './load-code.ts';
import { findModelFiles } from './model-files.ts';
import { displayPath } from './paths.ts';
import { refuseStandIns } from './stand-ins.ts';
import { takeAwaited } from './stubs.ts';

/** The model files of a project, loaded. */
export interface LoadedModels {
  /** Absolute paths, in the order in which the files were loaded. */
  readonly files: readonly string[];
  /** One for each file. What two files export of one declaration is one object. */
  readonly modules: readonly ModelModule[];
  /** Every file of the project that took part, with where its imports lead. */
  readonly imports: ImportGraph;
}

const loading = 'The models';

/**
 * Begins to bundle the models of a pattern that the config was seen to name, before the config has been run.
 * @throws DriftError MODELS_NOT_FOUND
 */
export function beginModels(root: string, pattern: string | undefined): void {
  beginBundle(undefined);
  if (pattern === undefined) return;
  beginBundle({ root, loading, entries: findModelFiles(root, [pattern]), idleClients: true });
}

/**
 * Loads all model files as one bundle in one pass; without the database clients that they import, unless something of
 * the schema is made of what a client gives.
 * @throws DriftError MODELS_NOT_CONFIGURED, MODELS_NOT_FOUND, CODE_SYNTAX, CODE_THREW, IMPORT_NOT_FOUND,
 *   PACKAGE_NOT_INSTALLED
 */
export async function loadModels(
  config: Pick<ProjectConfig, 'root' | 'configFile' | 'schema'>,
): Promise<LoadedModels> {
  const { root, configFile, schema } = config;
  if (schema.length === 0)
    throw new DriftError('MODELS_NOT_CONFIGURED', { file: displayPath(root, configFile) });
  const files = findModelFiles(root, schema);
  takeAwaited();
  try {
    return await loadFiles(root, files, true);
  } catch (error) {
    if (!takeAwaited()) throw error;
    return await loadFiles(root, files, false);
  }
}

async function loadFiles(
  root: string,
  files: readonly string[],
  idleClients: boolean,
): Promise<LoadedModels> {
  const loaded = await loadCode({ root, loading, entries: files, idleClients });
  const modules = files.map((file, index) => ({ file, exports: loaded.modules[index] ?? {} }));
  if (loaded.standIns) refuseStandIns(modules);
  return { files, modules, imports: loaded.imports };
}
