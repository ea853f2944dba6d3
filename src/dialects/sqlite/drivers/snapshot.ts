/**
 * Reads a database in WAL mode without taking part in it.
 *
 * An ordinary connection to such a database writes: even read-only it creates the -wal and -shm files, puts its mark
 * into the latter, and leaves both behind; in a read-only folder it fails. So the pages of the schema (and of the one
 * small table that is asked for) are picked out of the file and its log, and put into a sparse copy.
 */
import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection, DatabaseConstructor } from './load.ts';
import { MalformedPage, walkTable, type ReadPage } from './pages.ts';
import { readWal, type WalIndex } from './wal.ts';

/** A copy to read from. */
export interface Snapshot {
  readonly connection: Connection;
  /** Closes the connection and removes the copy. */
  release(): void;
}

interface Source {
  readonly file: number;
  readonly fileSize: number;
  readonly log: number | null;
  readonly wal: WalIndex | null;
  readonly pageSize: number;
  readonly pages: number;
}

/**
 * Copies the schema, and the rows of the named table, as of the last commit.
 * @returns null where somebody changed the file meanwhile: what was read may be of two moments
 * @throws MalformedPage where the file is not a sound database; errors of the file system
 */
export function takeSnapshot(
  Constructor: DatabaseConstructor,
  file: string,
  table: string | null,
): Snapshot | null {
  const before = describeState(file);
  const source = openSource(file);
  const folder = mkdtempSync(join(tmpdir(), 'drift-sqlite-'));
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const copy = join(folder, 'snapshot.db');
    copyTable(source, copy, 1);
    const root = table === null ? null : findRootPage(Constructor, copy, table);
    if (root !== null) copyTable(source, copy, root);
    if (describeState(file) !== before) {
      remove();
      return null;
    }
    const connection = new Constructor(copy, { readonly: true, fileMustExist: true, timeout: 0 });
    const release = (): void => {
      connection.close();
      remove();
    };
    return { connection, release };
  } catch (error) {
    remove();
    if (describeState(file) !== before) return null;
    throw error;
  } finally {
    closeSync(source.file);
    if (source.log !== null) closeSync(source.log);
  }
}

/** Changes with every checkpoint and with every new beginning of the log. Frames added at the log's end do no harm. */
function describeState(file: string): string {
  const { size, mtimeNs, ino } = statSync(file, { bigint: true });
  return [size, mtimeNs, ino, readGeneration(`${file}-wal`)].join(' ');
}

function readGeneration(log: string): string {
  const descriptor = openIfExists(log);
  if (descriptor === null) return '';
  try {
    const header = Buffer.alloc(32);
    readSync(descriptor, header, 0, header.length, 0);
    return header.toString('hex');
  } finally {
    closeSync(descriptor);
  }
}

function openIfExists(file: string): number | null {
  try {
    return openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function openSource(path: string): Source {
  const file = openSync(path, 'r');
  let log: number | null = null;
  try {
    const fileSize = fstatSync(file).size;
    log = openIfExists(`${path}-wal`);
    const wal = log === null ? null : readWal(log, fstatSync(log).size);
    const hasCommit = wal !== null && wal.pages > 0;
    const pageSize = hasCommit ? wal.pageSize : readPageSize(file);
    const pages = hasCommit ? wal.pages : Math.floor(fileSize / pageSize);
    return { file, fileSize, log, wal: hasCommit ? wal : null, pageSize, pages };
  } catch (error) {
    closeSync(file);
    if (log !== null) closeSync(log);
    throw error;
  }
}

function readPageSize(file: number): number {
  const header = Buffer.alloc(18);
  readSync(file, header, 0, header.length, 0);
  const size = header.readUInt16BE(16);
  // 65536 does not fit into the two bytes and is written as 1.
  const pageSize = size === 1 ? 65536 : size;
  if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0) throw new MalformedPage('The page size is wrong.');
  return pageSize;
}

function readPageOf(source: Source): ReadPage {
  return (number) => {
    const page = Buffer.alloc(source.pageSize);
    if (number > source.pages) throw new MalformedPage(`Page ${String(number)} is beyond the end.`);
    const inLog = source.wal?.offsets.get(number);
    const [descriptor, at] =
      inLog === undefined || source.log === null
        ? [source.file, (number - 1) * source.pageSize]
        : [source.log, inLog];
    if (readSync(descriptor, page, 0, page.length, at) < page.length) {
      throw new MalformedPage(`Page ${String(number)} is cut off.`);
    }
    return page;
  };
}

function copyTable(source: Source, copy: string, root: number): void {
  const read = readPageOf(source);
  const first = read(1);
  const target = openSync(copy, root === 1 ? 'w' : 'r+');
  try {
    ftruncateSync(target, source.pages * source.pageSize);
    for (const number of walkTable(root, source.pageSize - first.readUInt8(20), read)) {
      const page = read(number);
      // File format versions 1: the copy is no database in WAL mode.
      if (number === 1) page.fill(1, 18, 20);
      writeSync(target, page, 0, page.length, (number - 1) * source.pageSize);
    }
  } finally {
    closeSync(target);
  }
}

function findRootPage(Constructor: DatabaseConstructor, copy: string, table: string): number | null {
  const connection = new Constructor(copy, { readonly: true, fileMustExist: true, timeout: 0 });
  try {
    const found = connection
      .prepare("SELECT rootpage FROM sqlite_schema WHERE type = 'table' AND name = ? COLLATE NOCASE")
      .pluck()
      .get(table);
    return typeof found === 'number' && found > 0 ? found : null;
  } finally {
    connection.close();
  }
}
