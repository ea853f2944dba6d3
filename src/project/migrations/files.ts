import { readdir, readFile } from 'node:fs/promises';
import { DriftError } from '../../errors.ts';

/** The text of a file, decoded as Drizzle decodes it. @throws DriftError MIGRATIONS_UNREADABLE */
export async function readMigrationText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new DriftError('MIGRATIONS_UNREADABLE', { path: file, reason: reasonOf(cause) }, { cause });
  }
}

/** The names in a folder, sorted; null where there is no folder. @throws DriftError MIGRATIONS_UNREADABLE */
export async function listFolder(directory: string): Promise<readonly string[] | null> {
  try {
    return (await readdir(directory)).sort();
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw new DriftError('MIGRATIONS_UNREADABLE', { path: directory, reason: reasonOf(cause) }, { cause });
  }
}

function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOTDIR') return 'it is a file and not a folder';
  if (code === 'EISDIR') return 'it is a folder and not a file';
  if (code === 'EACCES' || code === 'EPERM') return 'no permission to read it';
  return cause instanceof Error ? cause.message : String(cause);
}
