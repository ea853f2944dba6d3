import { readFileSync, statSync } from 'node:fs';

/** A process that holds a lock. */
export interface LockHolder {
  readonly pid: number;
  /** Its command line; null where the system does not tell. */
  readonly command: string | null;
}

// sqlite.org/fileformat2.html#the_lock_byte_page: PENDING_BYTE, and SHARED_FIRST two bytes later.
const pendingByte = 0x4000_0000;
const sharedEnd = pendingByte + 2 + 510;
// sqlite.org/walformat.html#wal_index_locks: eight locks from byte 120 of the -shm file.
const shmLocks = { start: 120, end: 127 };

/**
 * Finds the process that keeps readers away from a database. Linux tells in /proc/locks; elsewhere the answer is null.
 */
export function findLockHolder(file: string): LockHolder | null {
  const locks = readText('/proc/locks');
  if (locks === null) return null;
  const pid =
    findHolder('WRITE', locks, inodeOf(file), pendingByte, sharedEnd) ??
    findHolder('WRITE', locks, inodeOf(`${file}-shm`), shmLocks.start, shmLocks.end);
  return pid === null ? null : { pid, command: readCommand(pid) };
}

/**
 * Finds another process that reads a database, and so keeps a commit with a rollback journal waiting.
 * @param own id of this process, which reads as well
 */
export function findReader(file: string, own: number): LockHolder | null {
  const locks = readText('/proc/locks');
  if (locks === null) return null;
  const others = locks
    .split('\n')
    .filter((line) => !line.includes(` ${String(own)} `))
    .join('\n');
  const pid = findHolder('READ', others, inodeOf(file), pendingByte, sharedEnd);
  return pid === null ? null : { pid, command: readCommand(pid) };
}

/**
 * Devices are not compared: on btrfs and overlay file systems /proc/locks shows another one than stat does.
 * A wrong match would need the same inode number and a lock on the same odd range.
 */
function findHolder(
  kind: 'READ' | 'WRITE',
  locks: string,
  inode: bigint | null,
  start: number,
  end: number,
): number | null {
  if (inode === null) return null;
  const line =
    /^\d+: (?:POSIX|OFDLCK)\s+\S+\s+(READ|WRITE)\s+(-?\d+)\s+[0-9a-f]+:[0-9a-f]+:(\d+)\s+(\d+)\s+(\d+|EOF)$/;
  for (const text of locks.split('\n')) {
    const [, held, pid, locked, from, to] = line.exec(text) ?? [];
    if (held !== kind || locked !== String(inode)) continue;
    const overlaps = Number(from) <= end && (to === 'EOF' || Number(to) >= start);
    // Zero is a process outside of this container, and -1 one that shares its lock with others.
    if (overlaps && Number(pid) > 0) return Number(pid);
  }
  return null;
}

function inodeOf(file: string): bigint | null {
  return statSync(file, { bigint: true, throwIfNoEntry: false })?.ino ?? null;
}

function readCommand(pid: number): string | null {
  const command = readText(`/proc/${String(pid)}/cmdline`)
    ?.replaceAll('\0', ' ')
    .trim();
  if (command === undefined || command === '') return null;
  return command.length > 120 ? `${command.slice(0, 119)}…` : command;
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
