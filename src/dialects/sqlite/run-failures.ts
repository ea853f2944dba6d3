/** What SQLite and the system say, as errors a person can act on. */
import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DriftError } from '../../errors.ts';

/** SQLite's code of an error, such as SQLITE_BUSY; the empty string for any other error. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

/** The code where an error says that somebody else holds a lock; null for all others. */
export function readBusyReason(error: unknown): string | null {
  const code = codeOf(error);
  // WAL recovery after a crash is a lock that soon goes.
  return code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_PROTOCOL') ? code : null;
}

/**
 * Sees before anything is opened whether the database can be written.
 * @throws DriftError DATABASE_READ_ONLY, DATABASE_NOT_A_FILE, DATABASE_FILE_MISSING
 */
export function requireWritable(file: string): void {
  const stat = statSync(file, { throwIfNoEntry: false });
  const folder = dirname(file);
  if (stat === undefined && statSync(folder, { throwIfNoEntry: false }) === undefined) {
    throw new DriftError('DATABASE_FILE_MISSING', { file });
  }
  if (stat?.isDirectory()) throw new DriftError('DATABASE_NOT_A_FILE', { file, is: 'a folder' });
  if (stat !== undefined && !stat.isFile()) {
    throw new DriftError('DATABASE_NOT_A_FILE', { file, is: 'a device or a socket' });
  }
  if (stat !== undefined) requireAccess(file, file, 'the file');
  requireAccess(file, folder, 'its folder');
}

function requireAccess(file: string, path: string, what: string): void {
  try {
    accessSync(path, constants.W_OK);
  } catch (error) {
    const isFileSystem = codeOf(error) === 'EROFS';
    const reason = isFileSystem ? 'the file system is read-only' : `no permission to write ${what}`;
    throw new DriftError('DATABASE_READ_ONLY', { file, reason }, { cause: error });
  }
}

/**
 * The error for what went wrong with the file itself; null where the statement was at fault.
 * @param running tag of the migration that ran, for the message of a full disk
 */
export function explainFile(
  error: unknown,
  file: string,
  running: { readonly tag: string; readonly applied: readonly string[] },
): DriftError | null {
  if (error instanceof DriftError) return error;
  const code = codeOf(error);
  const reason = reasonOf(error);
  const cause = { cause: error };
  if (code === 'SQLITE_FULL') return new DriftError('DATABASE_FULL', { file, ...running }, cause);
  if (code.startsWith('SQLITE_READONLY'))
    return new DriftError('DATABASE_READ_ONLY', { file, reason }, cause);
  if (code.startsWith('SQLITE_CANTOPEN') || code === 'SQLITE_PERM' || code === 'SQLITE_AUTH') {
    return new DriftError('DATABASE_READ_ONLY', { file, reason }, cause);
  }
  if (code === 'SQLITE_NOTADB') return new DriftError('DATABASE_NOT_SQLITE', { file }, cause);
  if (code.startsWith('SQLITE_CORRUPT')) return new DriftError('DATABASE_CORRUPT', { file, reason }, cause);
  if (code.startsWith('SQLITE_IOERR')) return new DriftError('DATABASE_UNREADABLE', { file, reason }, cause);
  return null;
}

/** What was said, without its final full stop. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}
