/** Migrations run where they can do no harm: on the schema without its rows, and on a copy with them. */
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { addressKey } from '../../catalog/address.ts';
import type { CatalogObject } from '../../catalog/objects.ts';
import { DriftError } from '../../errors.ts';
import { loadBetterSqlite, type Connection } from './drivers/load.ts';
import {
  dropsTables,
  followRenames,
  giveBack,
  takeCustody,
  type HandMade,
  type LostThing,
} from './hand-made.ts';
import { codeOf, reasonOf } from './run-failures.ts';
import { runInTransaction, type Runner } from './run-transaction.ts';
import { placeOf, shorten, type Script } from './run-script.ts';

/** Where and why a migration failed. */
export interface RehearsalFailure {
  readonly script: Script;
  /** One sentence without its full stop. */
  readonly reason: string;
}

/** The schema of a database without its rows. */
export interface SchemaCopy {
  readonly connection: Connection;
  /** False where something could not be made again, such as a virtual table whose module is not here. */
  readonly whole: boolean;
}

/** Makes the copy in memory. The caller closes it. */
export function copySchema(source: Connection): SchemaCopy {
  const connection = new (loadBetterSqlite())(':memory:');
  try {
    connection.pragma('foreign_keys = OFF');
    const texts = source
      .prepare(
        `SELECT sql FROM sqlite_schema AS s WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
         AND NOT EXISTS (SELECT 1 FROM pragma_table_list AS l WHERE l.schema = 'main' AND l.name = s.tbl_name AND l.type = 'shadow')
         ORDER BY type = 'trigger', type = 'view', type = 'index', rowid`,
      )
      .pluck()
      .all() as string[];
    const failed = texts.filter((text) => !tryToRun(connection, text));
    makeInternalTables(source, connection);
    return { connection, whole: failed.length === 0 };
  } catch (error) {
    connection.close();
    throw error;
  }
}

function tryToRun(connection: Connection, sql: string): boolean {
  try {
    connection.exec(sql);
    return true;
  } catch (error) {
    if (codeOf(error).startsWith('SQLITE_')) return false;
    throw error;
  }
}

/** Tables that only SQLite itself can make, and that migrations may write to. */
function makeInternalTables(source: Connection, connection: Connection): void {
  const names = source
    .prepare("SELECT name FROM sqlite_schema WHERE name IN ('sqlite_sequence', 'sqlite_stat1')")
    .pluck()
    .all();
  if (names.includes('sqlite_sequence')) {
    connection.exec(
      'CREATE TABLE __drift_probe (id integer PRIMARY KEY AUTOINCREMENT); DROP TABLE __drift_probe',
    );
  }
  if (names.includes('sqlite_stat1')) connection.exec('ANALYZE');
}

/** What running the migrations on a schema has shown. */
export interface SchemaRehearsal {
  readonly failure: RehearsalFailure | null;
  /** What was made by hand, went along with its table and was made again, or could not be. */
  readonly kept: readonly { readonly object: CatalogObject; readonly tag: string }[];
  readonly lost: readonly LostThing[];
}

/**
 * Runs the migrations on an empty schema. Only what cannot be the fault of the missing rows counts as a failure: a
 * statement that SQLite does not understand in this schema.
 */
export function rehearseOnSchema(
  scratch: Connection,
  scripts: readonly Script[],
  handMade: readonly HandMade[],
): SchemaRehearsal {
  const kept = new Map<string, { readonly object: CatalogObject; readonly tag: string }>();
  const lost: LostThing[] = [];
  let things = handMade;
  for (const script of scripts) {
    if (!script.transaction) continue;
    const custody = dropsTables(script) ? takeCustody(scratch, script, things) : null;
    const failure = runOnSchema(scratch, script);
    if (failure !== null) return { failure, kept: [...kept.values()], lost };
    if (custody) {
      const back = giveBack(scratch, custody);
      for (const object of back.kept)
        kept.set(addressKey(object.address), { object, tag: script.migration.tag });
      lost.push(...back.lost);
      const gone = new Set(back.lost.map(({ object }) => addressKey(object.address)));
      things = things.filter(({ object }) => !gone.has(addressKey(object.address)));
    }
    things = followRenames(things, script);
  }
  return { failure: null, kept: [...kept.values()], lost };
}

function runOnSchema(scratch: Connection, script: Script): RehearsalFailure | null {
  for (const statement of script.statements) {
    try {
      scratch.exec(statement.sql);
    } catch (error) {
      if (codeOf(error) !== 'SQLITE_ERROR') continue;
      const reason = `${placeOf(script.migration, statement)}: ${reasonOf(error)}: ${shorten(statement.sql)}`;
      return { script, reason };
    }
  }
  return null;
}

/**
 * Bytes up to which a copy is made without being asked for. A rehearsal takes as long as the migrations themselves: a
 * second or so at this size, and five at 100 MB.
 */
const smallFile = 16 * 1024 * 1024;

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
  handMade: readonly HandMade[],
): Promise<RehearsalFailure | null> {
  const folder = mkdtempSync(join(tmpdir(), 'drift-rehearsal-'));
  try {
    const file = join(folder, 'copy.db');
    await source.backup(file, { progress: () => 4000 });
    const connection = new (loadBetterSqlite())(file, { fileMustExist: true });
    try {
      // Nobody needs the copy after a crash.
      connection.pragma('synchronous = OFF');
      let things = handMade;
      for (const script of scripts) {
        // What would be lost has been found on the schema.
        const failure = await rehearse(connection, file, script, { things, allowsLoss: true });
        if (failure !== null) return failure;
        things = followRenames(things, script);
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
  handMade: Runner['handMade'],
): Promise<RehearsalFailure | null> {
  if (!script.transaction) return null;
  await breathe();
  connection.pragma(`foreign_keys = ${script.enforced ? 'ON' : 'OFF'}`);
  connection.exec('BEGIN IMMEDIATE');
  try {
    await runInTransaction(makeRunner(connection, file, handMade), script);
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

function makeRunner(connection: Connection, file: string, handMade: Runner['handMade']): Runner {
  return {
    connection,
    applied: [],
    waiting: { file, patience: 0, onWait: () => undefined },
    now: () => 0,
    onEvent: () => undefined,
    begin: () => Promise.resolve(),
    writeRow: () => undefined,
    handMade,
  };
}
