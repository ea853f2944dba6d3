/** One writer at a time in a migrations folder. */
import { mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { kill } from 'node:process';
import { DriftError } from '../errors.ts';

const lockName = '.drift-generate.lock';

interface Holder {
  readonly pid: number;
  readonly host: string;
}

/**
 * Runs `work` while nobody else writes into the folder. A lock whose process is gone (killed, crashed) is taken over.
 * @param pid of this process
 * @throws DriftError MIGRATIONS_LOCKED, MIGRATIONS_NOT_WRITABLE
 */
export async function withMigrationLock<T>(
  directory: string,
  pid: number,
  work: () => Promise<T>,
): Promise<T> {
  const file = path.join(directory, lockName);
  const made = whereWritable(directory, () => {
    const first = mkdirSync(directory, { recursive: true });
    acquire(file, { pid, host: hostname() });
    return first;
  });
  try {
    return await work();
  } catch (error) {
    throw explainUnwritable(error, directory) ?? error;
  } finally {
    rmSync(file, { force: true });
    if (made !== undefined) removeEmpty(directory, made);
  }
}

function whereWritable<T>(directory: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw explainUnwritable(error, directory) ?? error;
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  ENOTDIR: 'it is a file, or lies below one',
  EEXIST: 'there is a file of that name',
};

/** Null where it is not the folder's fault. */
function explainUnwritable(error: unknown, directory: string): DriftError | null {
  if (!(error instanceof Error && 'code' in error && 'path' in error)) return null;
  const { code, path: where } = error as NodeJS.ErrnoException;
  const reason = reasons[code ?? ''];
  if (reason === undefined || !isBelow(String(where), directory)) return null;
  return new DriftError('MIGRATIONS_NOT_WRITABLE', { path: directory, reason }, { cause: error });
}

/** In the folder, or above it where the folder was to be made. */
function isBelow(where: string, directory: string): boolean {
  return (
    !path.relative(directory, where).startsWith('..') || !path.relative(where, directory).startsWith('..')
  );
}

/** A folder that was made for the lock alone is not left behind. */
function removeEmpty(directory: string, first: string): void {
  try {
    for (let at = directory; ; at = path.dirname(at)) {
      rmdirSync(at);
      if (path.relative(first, at) === '') return;
    }
  } catch {
    // Something is in it by now, as there should be.
  }
}

function acquire(file: string, own: Holder): void {
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      writeFileSync(file, JSON.stringify(own), { flag: 'wx' });
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const holder = readHolder(file);
    if (holder !== null && (holder.host !== own.host || isAlive(holder.pid))) {
      throw new DriftError('MIGRATIONS_LOCKED', { file, pid: holder.pid, host: holder.host });
    }
    rmSync(file, { force: true });
  }
  throw new DriftError('MIGRATIONS_LOCKED', { file, pid: 0, host: own.host });
}

/** Null where it is gone already, or was never written to its end. */
function readHolder(file: string): Holder | null {
  try {
    const value = JSON.parse(readFileSync(file, 'utf8')) as Partial<Holder>;
    return typeof value.pid === 'number' && typeof value.host === 'string'
      ? { pid: value.pid, host: value.host }
      : null;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    // Signal 0 asks and sends nothing.
    kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
