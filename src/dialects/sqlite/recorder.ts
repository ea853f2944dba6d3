import { DriftError } from '../../errors.ts';
import type { NewAppliedRow, Recorder, RecordRequest } from '../recorder.ts';
import { loadBetterSqlite, type Connection } from './drivers/load.ts';
import { nameHolder } from './lock.ts';
import { explainFile, readBusyReason, requireWritable } from './run-failures.ts';
import { fileOf } from './run-target.ts';
import { quoteIdentifier } from './syntax/names.ts';

/** Writes with better-sqlite3. */
export const sqliteRecorder: Recorder = {
  record(target, request) {
    const file = fileOf(target);
    requireWritable(file);
    const patience = request.limits.lock;
    const connection = openToWrite(file, patience);
    try {
      // Immediate: a lock that somebody holds is waited for here, and not after the table was read.
      connection
        .transaction(() => {
          writeAppliedRows(connection, request);
        })
        .immediate();
    } catch (error) {
      if (readBusyReason(error) === null) {
        throw explainFile(error, file, { tag: 'drift stamp', applied: [] }) ?? error;
      }
      const details = { file, waited: patience, holder: nameHolder(file) };
      throw new DriftError('DATABASE_LOCKED', details, { cause: error });
    } finally {
      connection.close();
    }
    return Promise.resolve();
  },
};

function openToWrite(file: string, patience: number): Connection {
  const Constructor = loadBetterSqlite();
  return new Constructor(file, { fileMustExist: true, timeout: patience });
}

/** Adds the rows that are not there yet on an open connection, in whatever transaction it is in. */
export function writeAppliedRows(
  connection: Connection,
  { scope, rows, now }: Pick<RecordRequest, 'scope' | 'rows' | 'now'>,
): void {
  const table = quoteIdentifier(scope.migrationsTable.table);
  if (readColumns(connection, scope.migrationsTable.table).size === 0) {
    connection.exec(
      createTable(
        table,
        rows.some((row) => row.name !== null),
      ),
    );
  }
  const columns = readColumns(connection, scope.migrationsTable.table);
  const taken = ['hash', 'created_at', 'name', 'applied_at'].filter((column) => columns.has(column));
  const insert = connection.prepare(
    `INSERT INTO ${table} (${taken.map((column) => quoteIdentifier(column)).join(', ')}) VALUES (${taken.map(() => '?').join(', ')})`,
  );
  const exists = connection.prepare(`SELECT 1 FROM ${table} WHERE hash = ? AND created_at IS ?`).pluck();
  for (const row of rows) {
    // Under the lock: another process may have applied it since it was looked at.
    if (exists.get(row.hash, row.createdAt) !== undefined) continue;
    insert.run(taken.map((column) => valueOf(row, column, now)));
  }
}

function valueOf(row: NewAppliedRow, column: string, now: Date): string | number | null {
  switch (column) {
    case 'hash':
      return row.hash;
    case 'created_at':
      return row.createdAt;
    case 'name':
      return row.name;
    default:
      return now.toISOString();
  }
}

function readColumns(connection: Connection, table: string): ReadonlySet<unknown> {
  return new Set(connection.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table));
}

/** To the letter what the migrators of drizzle-orm 1.0 (with names) and 0.x make. */
function createTable(table: string, hasNames: boolean): string {
  return hasNames
    ? `CREATE TABLE ${table} (id INTEGER PRIMARY KEY, hash text NOT NULL, created_at numeric, name text, applied_at TEXT)`
    : `CREATE TABLE ${table} (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric)`;
}
