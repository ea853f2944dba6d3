/** One writer at a time in a migrations folder. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
 * @throws DriftError MIGRATIONS_LOCKED
 */
export async function withMigrationLock<T>(
  directory: string,
  pid: number,
  work: () => Promise<T>,
): Promise<T> {
  mkdirSync(directory, { recursive: true });
  const file = path.join(directory, lockName);
  acquire(file, { pid, host: hostname() });
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
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
