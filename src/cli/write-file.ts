import { mkdir, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DriftError } from '../errors.ts';

/**
 * Writes a file so that nobody ever reads half of it: beside its place first, then put there by renaming.
 * Folders that are missing are made. What is no ordinary file (`/dev/stdout`, a pipe) is written to directly.
 * @throws DriftError OUTPUT_NOT_WRITTEN
 */
export async function writeFileAtomically(file: string, text: string, processId: number): Promise<void> {
  try {
    const target = await findTarget(file);
    if (target.isOrdinary) await replaceFile(target.path, text, processId, target.mode);
    else await writeFile(target.path, text);
  } catch (error) {
    throw new DriftError('OUTPUT_NOT_WRITTEN', { file, reason: reasonOf(error) }, { cause: error });
  }
}

interface Target {
  readonly path: string;
  readonly isOrdinary: boolean;
  /** Permissions of the file that is there already. */
  readonly mode: number | undefined;
}

async function findTarget(file: string): Promise<Target> {
  try {
    const there = await stat(file);
    // A link stays a link: what it points at is replaced.
    if (there.isFile()) return { path: await realpath(file), isOrdinary: true, mode: there.mode };
    return { path: file, isOrdinary: false, mode: undefined };
  } catch (error) {
    if (!isMissing(error)) throw error;
    await mkdir(path.dirname(file), { recursive: true });
    return { path: file, isOrdinary: true, mode: undefined };
  }
}

async function replaceFile(file: string, text: string, processId: number, mode = 0o666): Promise<void> {
  const draft = path.join(path.dirname(file), `.${path.basename(file)}.${String(processId)}.tmp`);
  try {
    const handle = await open(draft, 'w', mode);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of its path is not a directory',
  ENOSPC: 'the disk is full',
  EROFS: 'the file system is read-only',
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return reasons[code] ?? (error instanceof Error ? error.message : String(error));
}
