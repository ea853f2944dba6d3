/** Copies of a database, and the way back. */
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DriftError } from '../../errors.ts';
import type { DatabaseTarget } from '../dialect.ts';
import type { Backup, MigratorOptions, Restored } from '../migrator.ts';
import { loadBetterSqlite, type Connection } from './drivers/load.ts';
import { beginWriting, nameHolder } from './lock.ts';
import { explainFile, reasonOf, requireWritable } from './run-failures.ts';
import { countRows } from './run-orphans.ts';
import { fileOf, labelOf, waitingFor } from './run-target.ts';

/** Pages between two moments for others; SQLite's own step. */
const pagesAtOnce = 4000;

/**
 * Copies a database page by page with SQLite's backup, so that the copy has the same rowids and free pages, and compares
 * integrity and row counts. The caller keeps writers away where the copy must be of one moment.
 * @throws DriftError BACKUP_FAILED. Nothing is left behind then.
 */
export async function copyVerified(
  file: string,
  copy: string,
  onPages: (pages: number, of: number) => void,
): Promise<Backup> {
  const refuse = (reason: string, cause?: unknown): never => {
    throw new DriftError('BACKUP_FAILED', { file: copy, reason }, { cause });
  };
  if (existsSync(copy)) return refuse('there is a file of this name already');
  const Constructor = loadBetterSqlite();
  let source: Connection | undefined;
  try {
    mkdirSync(dirname(copy), { recursive: true });
    source = new Constructor(file, { readonly: true, fileMustExist: true, timeout: 0 });
    await source.backup(copy, {
      progress: ({ totalPages, remainingPages }) => {
        onPages(totalPages - remainingPages, totalPages);
        return pagesAtOnce;
      },
    });
    const rows = compareCopies(source, copy);
    return { file: copy, bytes: statSync(copy).size, ...rows };
  } catch (error) {
    for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(`${copy}${suffix}`, { force: true });
    return refuse(reasonOf(error), error);
  } finally {
    source?.close();
  }
}

/** @throws Error where the copy is damaged or has other rows */
function compareCopies(source: Connection, copy: string): { readonly tables: number; readonly rows: number } {
  const connection = new (loadBetterSqlite())(copy, { fileMustExist: true, timeout: 0 });
  try {
    requireIntegrity(connection);
    const [before, after] = [countRows(source), countRows(connection)];
    for (const [table, count] of before) {
      if (after.get(table) !== count) throw new Error(`it does not have all rows of ${table}`);
    }
    return { tables: before.size, rows: [...before.values()].reduce((sum, count) => sum + count, 0) };
  } finally {
    // A copy of a database in WAL mode is one itself; closing leaves a single file.
    connection.close();
  }
}

function requireIntegrity(connection: Connection): void {
  const [first] = connection.pragma('integrity_check(1)') as readonly { readonly integrity_check: string }[];
  if (first?.integrity_check !== 'ok')
    throw new Error(first?.integrity_check ?? 'no answer to integrity_check');
}

/**
 * Writes the pages of a backup into a database with SQLite's backup, which is one transaction of the database: others
 * that have it open see the one state or the other, and a crash is undone as that of any transaction is.
 * @throws DriftError RESTORE_FAILED, MIGRATE_LOCKED, DATABASE_READ_ONLY
 */
export async function restore(
  target: DatabaseTarget,
  files: { readonly backup: string; readonly keepSuffix: string },
  options: MigratorOptions,
): Promise<Restored> {
  const file = fileOf(target);
  requireWritable(file);
  const refuse = (reason: string, cause?: unknown): never => {
    throw new DriftError('RESTORE_FAILED', { file, reason }, { cause });
  };
  if (!existsSync(files.backup)) return refuse(`there is no file ${files.backup}`);
  let source: Connection | undefined;
  try {
    // Not read-only: a backup in WAL mode could not be opened in a folder without its log.
    source = new (loadBetterSqlite())(files.backup, { fileMustExist: true, timeout: 0 });
    source.pragma('query_only = ON');
    requireIntegrity(source);
    const rows = countRows(source);
    if (rows.size === 0) return refuse(`${files.backup} has no tables`);
    const previous = existsSync(file)
      ? await keepPrevious(file, `${file}${files.keepSuffix}`, options)
      : null;
    await writePages(source, file, options);
    return {
      target: labelOf(file),
      from: files.backup,
      tables: rows.size,
      rows: sum(rows.values()),
      previous,
    };
  } catch (error) {
    if (error instanceof DriftError) throw error;
    return refuse(reasonOf(error), error);
  } finally {
    source?.close();
  }
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

/** Keeps what is there, under the write lock, so that nothing is written between the copy and the restoring. */
async function keepPrevious(file: string, keep: string, options: MigratorOptions): Promise<Backup> {
  const connection = new (loadBetterSqlite())(file, { timeout: 0 });
  try {
    await beginWriting(connection, waitingFor(file, options));
    return await copyVerified(file, keep, (pages, of) => {
      options.onEvent({ type: 'backing-up', file: keep, pages, of });
    });
  } catch (error) {
    throw explainFile(error, file, { tag: 'the database is copied', applied: [] }) ?? error;
  } finally {
    if (connection.inTransaction) connection.exec('ROLLBACK');
    connection.close();
  }
}

/** better-sqlite3 goes on for ever while the database is locked; the deadline is kept here. */
async function writePages(source: Connection, file: string, options: MigratorOptions): Promise<void> {
  const start = options.now();
  let last = -1;
  let since = start;
  await source.backup(file, {
    progress: ({ totalPages, remainingPages }) => {
      const now = options.now();
      if (remainingPages !== last) since = now;
      last = remainingPages;
      if (now - since > options.lock) {
        throw new DriftError('MIGRATE_LOCKED', { file, waited: now - since, holder: nameHolder(file) });
      }
      options.onEvent({ type: 'backing-up', file, pages: totalPages - remainingPages, of: totalPages });
      return pagesAtOnce;
    },
  });
}
