/** Paths in errors as they are shown to people. */
import path from 'node:path';
import { DriftError, type ErrorCode, type ErrorDetails } from '../errors.ts';
import { displayPath } from './paths.ts';

/**
 * Does the work. What it throws names files and folders relative to the root: whatever reads and writes the migrations
 * folder knows nothing of the project that it belongs to.
 */
export async function showPaths<T>(root: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof DriftError ? showPathsOf(root, error) : error;
  }
}

/** Details that are a path. */
const fields: ReadonlySet<string> = new Set(['path', 'file', 'directory']);

function showPathsOf(root: string, error: DriftError): DriftError {
  const entries: readonly [string, unknown][] = Object.entries(error.details);
  const isPath = ([field, value]: readonly [string, unknown]): boolean =>
    fields.has(field) && typeof value === 'string' && path.isAbsolute(value);
  if (!entries.some(isPath)) return error;
  const shown = entries.map((entry) =>
    isPath(entry) ? ([entry[0], displayPath(root, String(entry[1]))] as const) : entry,
  );
  // The same fields, with values of the same types.
  const details = Object.fromEntries(shown) as unknown as ErrorDetails<ErrorCode>;
  return new DriftError(error.code, details, { cause: error });
}
