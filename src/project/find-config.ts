/** Where the config files are. Only the working directory is searched, never a parent, as drizzle-kit does. */
import path from 'node:path';
import { DriftError } from '../errors.ts';
import { ancestors, displayPath, findNearestPath, isFile } from './paths.ts';

/** drizzle-kit's order is ts, js, json; the endings it knows only by `--config` come beside their kind. */
const endings = ['ts', 'mts', 'js', 'mjs', 'cjs', 'json'];

/**
 * The absolute path of drizzle.config: the one named (relative to the root), else the first there is.
 * @throws DriftError CONFIG_FILE_MISSING, CONFIG_NOT_FOUND
 */
export function findDrizzleConfig(root: string, named: string | undefined): string {
  if (named !== undefined) return requireFile(root, named);
  const found = findConfig(root, 'drizzle.config');
  if (found !== undefined) return found;
  const searched = endings.map((ending) => `drizzle.config.${ending}`);
  const above = ancestors(root)
    .slice(1)
    .find((directory) => findConfig(directory, 'drizzle.config') !== undefined);
  const nearest = above === undefined ? undefined : path.relative(root, above);
  throw new DriftError('CONFIG_NOT_FOUND', { searched, directory: root, nearest });
}

/** The absolute path of drift.config, which is optional. */
export function findDriftConfig(root: string): string | undefined {
  return findConfig(root, 'drift.config');
}

function findConfig(root: string, stem: string): string | undefined {
  return endings.map((ending) => path.join(root, `${stem}.${ending}`)).find(isFile);
}

function requireFile(root: string, named: string): string {
  const file = path.resolve(root, named);
  if (isFile(file)) return file;
  const near = findNearestPath(root, named);
  const nearest = near !== undefined && isFile(near) ? displayPath(root, near) : undefined;
  throw new DriftError('CONFIG_FILE_MISSING', { file: displayPath(root, file), nearest });
}
