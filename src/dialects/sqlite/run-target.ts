import { relative, resolve } from 'node:path';
import type { DatabaseTarget } from '../dialect.ts';
import type { MigratorOptions } from '../migrator.ts';
import { locateDatabase } from './drivers/locate.ts';
import type { Waiting } from './lock.ts';

/**
 * The file that a target means, absolute.
 * @throws DriftError DATABASE_IN_MEMORY, DATABASE_NOT_LOCAL
 */
export function fileOf(target: DatabaseTarget): string {
  if (target.driver !== 'better-sqlite3') {
    throw new TypeError(`The driver ${target.driver} is none of SQLite's.`);
  }
  return locateDatabase(target.file);
}

/** How long a lock is waited for, and who is told of it. */
export function waitingFor(file: string, options: MigratorOptions): Waiting {
  return {
    file,
    get patience() {
      return options.lock;
    },
    onWait: (holder, milliseconds) => {
      options.onEvent({ type: 'waiting', holder, milliseconds });
    },
  };
}

/** What reports call a database file: its path from here, where it lies below. */
export function labelOf(file: string): string {
  const fromHere = relative(resolve('.'), file);
  return fromHere.startsWith('..') ? file : fromHere;
}
