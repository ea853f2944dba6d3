import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { setImmediate as otherWork, setTimeout as sleep } from 'node:timers/promises';
import { DriftError } from '../../../errors.ts';
import type { AppliedRow, Limits, Scope, Session } from '../../dialect.ts';
import { readAppliedRows } from '../introspect/applied-rows.ts';
import { decodeSchema, readStored } from '../introspect/read-schema.ts';
import { loadBetterSqlite, type Connection, type DatabaseConstructor } from './load.ts';
import { locateDatabase } from './locate.ts';
import { findLockHolder } from './lock-holder.ts';
import { takeSnapshot } from './snapshot.ts';

/** Milliseconds between two looks at a locked database. */
const pollInterval = 25;
/** Where no longer wait is allowed, none is worth beginning; in milliseconds. */
const shortestWait = 1;
/** A WAL database that is checkpointed this many times in a row while we look has a busy writer. */
const snapshotAttempts = 10;

/**
 * Opens a database file to read from. Nothing is held open between two readings, and nothing of the file, its
 * journals or its folder is changed.
 * @throws DriftError DRIVER_NOT_INSTALLED, DRIVER_BROKEN, DATABASE_IN_MEMORY, DATABASE_NOT_LOCAL, and those of
 * {@link readJournalMode}
 */
export async function connectFile(target: string, limits: Limits): Promise<Session> {
  const file = locateDatabase(target);
  const Constructor = loadBetterSqlite();
  readJournalMode(file);
  const reader: Reader = { Constructor, file, limits };
  let applied: Applied | undefined;
  return Promise.resolve({
    label: describeFile(file),
    introspect: async (scope: Scope) => {
      const { table } = scope.migrationsTable;
      const stored = await readFrom(reader, table, (connection) => {
        const found = readStored(connection);
        applied = tryToReadApplied(connection, table);
        return found;
      });
      return runInSlices(decodeSchema(stored, scope));
    },
    readAppliedMigrations: (scope: Scope): Promise<readonly AppliedRow[] | null> => {
      const { table } = scope.migrationsTable;
      const known = applied;
      applied = undefined;
      if (known?.table === table) return Promise.resolve(known.rows);
      return readFrom(reader, table, (connection) => readAppliedRows(connection, table));
    },
    close: () => Promise.resolve(),
  });
}

/** Pauses of the work after which the process looks after its other work. */
const sliceLength = 32;

/** Meanwhile esbuild bundles the models, and waits for an answer wherever one file imports another. */
async function runInSlices<T>(work: Generator<undefined, T, undefined>): Promise<T> {
  for (let pauses = 1; ; pauses++) {
    const step = work.next();
    if (step.done) return step.value;
    if (pauses % sliceLength === 0) await otherWork();
  }
}

interface Applied {
  readonly table: string;
  readonly rows: readonly AppliedRow[] | null;
}

/**
 * Both are mostly asked for one after the other: they should be of one moment, and SQLite has to read its schema only
 * once. What fails here may be wanted by nobody; it fails again for whoever asks.
 */
function tryToReadApplied(connection: Connection, table: string): Applied | undefined {
  try {
    return { table, rows: readAppliedRows(connection, table) };
  } catch {
    return undefined;
  }
}

interface Reader {
  readonly Constructor: DatabaseConstructor;
  readonly file: string;
  /** How long somebody else's lock is waited for; asked anew for each reading, and while it lasts. */
  readonly limits: Pick<Limits, 'lock'>;
}

function describeFile(file: string): string {
  const fromHere = relative(resolve('.'), file);
  return fromHere.startsWith('..') ? file : fromHere;
}

/**
 * Tells how the file keeps its journal, by its header (sqlite.org/fileformat2.html#file_format_version_numbers);
 * asking a connection would already take part in the log.
 * @throws DriftError DATABASE_FILE_MISSING, DATABASE_NOT_A_FILE, DATABASE_NOT_SQLITE, DATABASE_PERMISSION
 */
function readJournalMode(file: string): 'wal' | 'rollback' {
  return sayWhatFailed(file, () => {
    const stat = statSync(file);
    if (stat.isDirectory()) throw new DriftError('DATABASE_NOT_A_FILE', { file, is: 'a folder' });
    if (!stat.isFile()) throw new DriftError('DATABASE_NOT_A_FILE', { file, is: 'a device or a socket' });
    const header = Buffer.alloc(20);
    const descriptor = openSync(file, 'r');
    try {
      // An empty file is a database without tables.
      if (readSync(descriptor, header, 0, header.length, 0) === 0) return 'rollback';
    } finally {
      closeSync(descriptor);
    }
    if (header.toString('latin1', 0, 16) !== 'SQLite format 3\0') {
      throw new DriftError('DATABASE_NOT_SQLITE', { file });
    }
    return header[19] === 2 ? 'wal' : 'rollback';
  });
}

/** Runs `work` in one read transaction, waiting for locks as long as its limits allow. */
async function readFrom<T>(
  reader: Reader,
  table: string | null,
  work: (connection: Connection) => T,
): Promise<T> {
  const patience = reader.limits.lock;
  let waited = 0;
  for (let attempt = 1; ; attempt++) {
    const result = sayWhatFailed(reader.file, () => tryToRead(reader, table, work, attempt));
    if (result !== 'again') return result.value;
    if (waited >= patience || reader.limits.lock <= shortestWait) {
      const holder = findLockHolder(reader.file);
      throw new DriftError('DATABASE_LOCKED', { file: reader.file, waited, holder });
    }
    const pause = Math.min(pollInterval, patience - waited);
    await sleep(pause);
    waited += pause;
  }
}

function tryToRead<T>(
  reader: Reader,
  table: string | null,
  work: (connection: Connection) => T,
  attempt: number,
): { readonly value: T } | 'again' {
  const mode = readJournalMode(reader.file);
  if (mode === 'wal' && attempt <= snapshotAttempts) {
    const snapshot = takeSnapshot(reader.Constructor, reader.file, table);
    if (snapshot === null) return 'again';
    try {
      return { value: readOnce(snapshot.connection, work) };
    } finally {
      snapshot.release();
    }
  }
  // A writer that is so busy has the log open itself, so that one more reader adds no file and leaves none behind.
  return readDirectly(reader, work);
}

function readDirectly<T>(
  reader: Reader,
  work: (connection: Connection) => T,
): { readonly value: T } | 'again' {
  // No busy timeout: SQLite's own waiting blocks the event loop.
  const connection = new reader.Constructor(reader.file, { readonly: true, fileMustExist: true, timeout: 0 });
  try {
    return { value: readOnce(connection, work) };
  } catch (error) {
    const code = codeOf(error);
    if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_PROTOCOL')) return 'again';
    if (code === 'SQLITE_READONLY_ROLLBACK' || code === 'SQLITE_CANTOPEN') {
      return { value: readRecoveredCopy(reader, work, error) };
    }
    throw error;
  } finally {
    connection.close();
  }
}

/**
 * Reads a database whose last writer died in a transaction: its journal must be rolled back, which a reader may not
 * do in place. It is done on a copy.
 */
function readRecoveredCopy<T>(reader: Reader, work: (connection: Connection) => T, reason: unknown): T {
  const journal = `${reader.file}-journal`;
  if (!existsSync(journal)) throw reason;
  const folder = mkdtempSync(join(tmpdir(), 'drift-sqlite-'));
  try {
    const copy = join(folder, 'copy.db');
    copyFileSync(reader.file, copy);
    copyFileSync(journal, `${copy}-journal`);
    const connection = new reader.Constructor(copy, { fileMustExist: true, timeout: 0 });
    try {
      return readOnce(connection, work);
    } finally {
      connection.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readOnce<T>(connection: Connection, work: (connection: Connection) => T): T {
  connection.exec('BEGIN');
  try {
    return work(connection);
  } finally {
    if (connection.inTransaction) connection.exec('ROLLBACK');
  }
}

function codeOf(error: unknown): string {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : '';
}

/** Runs `work` and turns what the system or SQLite says into an error a person can act on. */
function sayWhatFailed<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof DriftError || !(error instanceof Error)) throw error;
    throw explainFailure(file, error);
  }
}

function explainFailure(file: string, error: Error): Error {
  const code = codeOf(error);
  const reason = error.message.replace(/\.$/, '');
  const cause = { cause: error };
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new DriftError('DATABASE_FILE_MISSING', { file }, cause);
  if (code === 'EACCES' || code === 'EPERM') {
    return new DriftError('DATABASE_PERMISSION', { file, reason: 'permission denied' }, cause);
  }
  if (code === 'SQLITE_NOTADB') return new DriftError('DATABASE_NOT_SQLITE', { file }, cause);
  if (isDamage(code, error)) {
    return new DriftError('DATABASE_CORRUPT', { file, reason }, cause);
  }
  if (code.startsWith('SQLITE_') || code.startsWith('E')) {
    return new DriftError('DATABASE_UNREADABLE', { file, reason }, cause);
  }
  return error;
}

/** SQLite's word for a schema that contradicts itself carries the code of a plain error at times. */
function isDamage(code: string, error: Error): boolean {
  return (
    code.startsWith('SQLITE_CORRUPT') ||
    error.message.startsWith('malformed database schema') ||
    error.name === 'MalformedPage' ||
    error instanceof RangeError
  );
}
