/** Migrations run where they can do no harm: on the schema without its rows, and on a copy with them. */
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { DriftError } from '../../errors.ts';
import { loadBetterSqlite, type Connection } from './drivers/load.ts';
import { codeOf, reasonOf } from './run-failures.ts';
import { runInTransaction, type Runner } from './run-transaction.ts';
import { placeOf, shorten, type Script } from './run-script.ts';

/** Where and why a migration failed. */
export interface RehearsalFailure {
  readonly script: Script;
  /** One sentence without its full stop. */
  readonly reason: string;
}

/**
 * A database in memory with the schema of another and none of its rows; null where it cannot be built, as with a
 * virtual table whose module is not here.
 */
export function copySchema(connection: Connection): Connection | null {
  const scratch = new (loadBetterSqlite())(':memory:');
  try {
    scratch.pragma('foreign_keys = OFF');
    // What a migration refers to may be a view that does not work; that is not for the copy to judge.
    const texts = connection
      .prepare(
        `SELECT sql FROM sqlite_schema AS s WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
         AND NOT EXISTS (SELECT 1 FROM pragma_table_list AS l WHERE l.schema = 'main' AND l.name = s.tbl_name AND l.type = 'shadow')
         ORDER BY type = 'trigger', type = 'view', type = 'index', rowid`,
      )
      .pluck()
      .all() as string[];
    for (const text of texts) scratch.exec(text);
    return scratch;
  } catch (error) {
    scratch.close();
    if (codeOf(error).startsWith('SQLITE_')) return null;
    throw error;
  }
}

/**
 * Runs the migrations on an empty schema. Only what cannot be the fault of the missing rows counts as a failure: a
 * statement that SQLite does not understand in this schema.
 */
export function rehearseOnSchema(scratch: Connection, scripts: readonly Script[]): RehearsalFailure | null {
  for (const script of scripts) {
    if (!script.transaction) continue;
    for (const statement of script.statements) {
      try {
        scratch.exec(statement.sql);
      } catch (error) {
        if (codeOf(error) !== 'SQLITE_ERROR') continue;
        const reason = `${placeOf(script.migration, statement)}: ${reasonOf(error)}: ${shorten(statement.sql)}`;
        return { script, reason };
      }
    }
  }
  return null;
}

/** Bytes up to which a copy is made without being asked for: a second or so. */
const smallFile = 100 * 1024 * 1024;

/** Whether a copy of the database is worth its time, and there is room for it. */
export function isSmall(bytes: number): boolean {
  if (bytes > smallFile) return false;
  const { bavail, bsize } = statfsSync(tmpdir());
  // The copy grows by what is rebuilt in it, and has a journal.
  return bavail * bsize > bytes * 4;
}

/** Runs the migrations on a copy of the database, just as they will be run on it. */
export async function rehearseOnCopy(
  source: Connection,
  scripts: readonly Script[],
): Promise<RehearsalFailure | null> {
  const folder = mkdtempSync(join(tmpdir(), 'drift-rehearsal-'));
  try {
    const file = join(folder, 'copy.db');
    await source.backup(file, { progress: () => 4000 });
    const connection = new (loadBetterSqlite())(file, { fileMustExist: true });
    try {
      // Nobody needs the copy after a crash.
      connection.pragma('synchronous = OFF');
      for (const script of scripts) {
        const failure = await rehearse(connection, file, script);
        if (failure !== null) return failure;
      }
      return null;
    } finally {
      connection.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function rehearse(
  connection: Connection,
  file: string,
  script: Script,
): Promise<RehearsalFailure | null> {
  if (!script.transaction) return null;
  await breathe();
  connection.pragma(`foreign_keys = ${script.enforced ? 'ON' : 'OFF'}`);
  connection.exec('BEGIN IMMEDIATE');
  try {
    await runInTransaction(makeRunner(connection, file), script);
    return null;
  } catch (error) {
    if (connection.inTransaction) connection.exec('ROLLBACK');
    if (!(error instanceof DriftError)) throw error;
    // The copy may lack room where the database does not.
    if (error.code !== 'MIGRATION_FAILED' && error.code !== 'MIGRATION_ORPHANS') return null;
    const [reason = ''] = error.message.split('\n');
    return { script, reason: reason.replace(/\.$/, '') };
  }
}

function makeRunner(connection: Connection, file: string): Runner {
  return {
    connection,
    applied: [],
    waiting: { file, patience: 0, onWait: () => undefined },
    now: () => 0,
    onEvent: () => undefined,
    begin: () => Promise.resolve(),
    writeRow: () => undefined,
  };
}
