/**
 * A note of who runs migrations on a database, for systems that do not tell who holds a lock (Linux does). It locks
 * nothing: one that a killed process left behind is only wrong where it names a process that is still there.
 */
import { createHash } from 'node:crypto';
import { readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kill } from 'node:process';
import type { LockHolder } from '../migrator.ts';

/** Leaves the note; whether that works is of no consequence. */
export function leaveHolderNote(file: string, holder: LockHolder): void {
  try {
    writeFileSync(placeOf(file), JSON.stringify(holder));
  } catch {
    // Others then learn only that it is locked.
  }
}

export function removeHolderNote(file: string): void {
  try {
    rmSync(placeOf(file), { force: true });
  } catch {
    // See above.
  }
}

export function readHolderNote(file: string): LockHolder | null {
  try {
    const value: unknown = JSON.parse(readFileSync(placeOf(file), 'utf8'));
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('command' in value))
      return null;
    const { pid, command } = value;
    if (typeof pid !== 'number' || !isAlive(pid)) return null;
    return { pid, command: typeof command === 'string' ? command : null };
  } catch {
    return null;
  }
}

function placeOf(file: string): string {
  const key = createHash('sha256').update(realpathSync(file)).digest('hex').slice(0, 16);
  return join(tmpdir(), `drift-migrate-${key}.json`);
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
