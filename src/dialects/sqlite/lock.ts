/**
 * SQLite's own write lock, waited for without blocking the process. The system takes it back when a process dies, so
 * that a stale one cannot exist, and it keeps away every writer, whatever program it is.
 */
import { pid } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { DriftError } from '../../errors.ts';
import type { LockHolder } from '../migrator.ts';
import { readBusyReason } from './run-failures.ts';
import type { Connection } from './drivers/load.ts';
import { findLockHolder, findReader } from './drivers/lock-holder.ts';
import { readHolderNote } from './lock-note.ts';

/** Milliseconds. Short at first, since most transactions are; then long enough to cost nothing. */
const shortestPause = 5;
const longestPause = 200;
/** Where no longer wait is allowed, none is worth beginning. */
const shortestWait = 1;

export interface Waiting {
  readonly file: string;
  /** Milliseconds. Asked anew when a wait begins, and while it lasts: less may be left than at the last one. */
  readonly patience: number;
  readonly onWait: (holder: LockHolder | null, milliseconds: number) => void;
  /** Who is in the way; the writer where left out. */
  readonly nameHolder?: () => LockHolder | null;
}

/**
 * Begins a transaction that no other writer can begin beside it.
 * @throws DriftError MIGRATE_LOCKED; SqliteError
 */
export async function beginWriting(connection: Connection, waiting: Waiting): Promise<void> {
  await retryWhileBusy(waiting, () => {
    connection.exec('BEGIN IMMEDIATE');
  });
}

/**
 * Commits. With a rollback journal readers must be gone for that moment; the transaction stays open meanwhile, and new
 * readers are kept out.
 * @throws DriftError MIGRATE_LOCKED; SqliteError
 */
export async function commitWriting(connection: Connection, waiting: Waiting): Promise<void> {
  const nameReader = (): LockHolder | null => findReader(waiting.file, pid);
  await retryWhileBusy({ ...waiting, nameHolder: nameReader }, () => {
    connection.exec('COMMIT');
  });
}

/** Runs `work` again and again until it finds no lock in its way, or the patience is at its end. */
export async function retryWhileBusy<T>(waiting: Waiting, work: () => T): Promise<T> {
  const { patience } = waiting;
  let waited = 0;
  let pause = shortestPause;
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (readBusyReason(error) === null) throw error;
      const holder = waiting.nameHolder?.() ?? nameHolder(waiting.file);
      if (waited >= patience || waiting.patience <= shortestWait) {
        throw new DriftError('MIGRATE_LOCKED', { file: waiting.file, waited, holder }, { cause: error });
      }
      waiting.onWait(holder, waited);
    }
    const next = Math.min(pause, patience - waited);
    await sleep(next);
    waited += next;
    pause = Math.min(pause * 1.5, longestPause);
  }
}

/** Who is in the way, as far as the system or the holder itself tells. */
export function nameHolder(file: string): LockHolder | null {
  const holder = findLockHolder(file) ?? readHolderNote(file);
  return holder?.pid === pid ? null : holder;
}
