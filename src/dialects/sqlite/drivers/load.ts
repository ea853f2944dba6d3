import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type Database from 'better-sqlite3';
import { DriftError } from '../../../errors.ts';

/** The constructor that better-sqlite3 exports. */
export type DatabaseConstructor = typeof Database;
/** An open connection of better-sqlite3. */
export type Connection = Database.Database;

let loaded: DatabaseConstructor | undefined;

/**
 * Loads better-sqlite3: the project's own installation where there is one, since that is the SQLite the project
 * runs on, and else the one beside drift.
 * @throws DriftError DRIVER_NOT_INSTALLED, DRIVER_BROKEN
 */
export function loadBetterSqlite(): DatabaseConstructor {
  loaded ??= requireFirst([resolve('package.json'), import.meta.url]);
  return loaded;
}

function requireFirst(bases: readonly string[]): DatabaseConstructor {
  let broken: unknown;
  for (const base of bases) {
    try {
      const Constructor = createRequire(base)('better-sqlite3') as DatabaseConstructor;
      // The native part is loaded by the first connection; a package without it must not be chosen.
      new Constructor(':memory:').close();
      return Constructor;
    } catch (error) {
      if (!isNotFound(error)) broken = error;
    }
  }
  if (broken !== undefined) {
    const problem = broken instanceof Error ? (broken.message.split('\n')[0] ?? '') : String(broken);
    throw new DriftError('DRIVER_BROKEN', { package: 'better-sqlite3', problem }, { cause: broken });
  }
  throw new DriftError('DRIVER_NOT_INSTALLED', { package: 'better-sqlite3', database: 'SQLite' });
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND';
}
