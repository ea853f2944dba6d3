/** Runs migrations on a database file. */
import { existsSync } from 'node:fs';
import type { AppliedRow, DatabaseTarget } from '../dialect.ts';
import type {
  ApplyGuards,
  MigrationScript,
  Migrator,
  MigratorOptions,
  PreflightOptions,
} from '../migrator.ts';
import { copyVerified } from './backup.ts';
import { connectFile } from './drivers/better-sqlite3.ts';
import { loadBetterSqlite, type Connection } from './drivers/load.ts';
import { readAppliedRows } from './introspect/applied-rows.ts';
import { dropsTables, findHandMade, followRenames, type HandMade } from './hand-made.ts';
import { beginWriting, retryWhileBusy, type Waiting } from './lock.ts';
import { leaveHolderNote, removeHolderNote } from './lock-note.ts';
import { runPreflight } from './preflight.ts';
import { explainFile, requireWritable } from './run-failures.ts';
import { createRowsTable, deleteRow, writeRow } from './run-rows.ts';
import { changesConnection, readScript, type Script } from './run-script.ts';
import { fileOf, labelOf, waitingFor } from './run-target.ts';
import { runInTransaction, runOutside, type HandMadeThings, type Runner } from './run-transaction.ts';

/**
 * Opens a database file to run migrations on; a file that is not there is made.
 * @throws DriftError DRIVER_NOT_INSTALLED, DRIVER_BROKEN, DATABASE_IN_MEMORY, DATABASE_NOT_LOCAL, DATABASE_READ_ONLY,
 * DATABASE_NOT_SQLITE
 */
export async function openMigrator(target: DatabaseTarget, options: MigratorOptions): Promise<Migrator> {
  const file = fileOf(target);
  if (!options.dryRun) requireWritable(file);
  const migrator = new FileMigrator(file, options);
  try {
    // The first look: whether it is a database at all. What a killed process left behind is undone by it.
    await migrator.readApplied();
    return migrator;
  } catch (error) {
    await migrator.close();
    throw error;
  }
}

class FileMigrator implements Migrator {
  readonly label: string;
  readonly #file: string;
  readonly #options: MigratorOptions;
  readonly #waiting: Waiting;
  readonly #applied: string[] = [];
  #open: Connection | null = null;
  #handMade: readonly HandMade[] | null = null;

  constructor(file: string, options: MigratorOptions) {
    this.#file = file;
    this.#options = options;
    this.#waiting = waitingFor(file, options);
    this.label = labelOf(file);
  }

  async readApplied(): Promise<readonly AppliedRow[] | null> {
    if (this.#options.dryRun) return this.#readWithoutTrace();
    return retryWhileBusy(this.#waiting, () =>
      this.#explain('the database is opened', () => readAppliedRows(this.#connection, this.#table)),
    );
  }

  async #readWithoutTrace(): Promise<readonly AppliedRow[] | null> {
    if (!existsSync(this.#file)) return null;
    const { lock, scope } = this.#options;
    const session = await connectFile(this.#file, { command: lock, connect: lock, statement: lock, lock });
    try {
      return await session.readAppliedMigrations(scope);
    } finally {
      await session.close();
    }
  }

  inspect(migrations: readonly MigrationScript[]) {
    return migrations.map((migration) => {
      const script = readScript(migration);
      const { statements, transaction } = script;
      const drops = dropsTables(script);
      return { tag: migration.tag, statements: statements.length, transaction, dropsTables: drops };
    });
  }

  async preflight(migrations: readonly MigrationScript[], options: PreflightOptions) {
    const { scope, onEvent, dryRun } = this.#options;
    const context = {
      ...options,
      known: options.known ?? null,
      scope,
      onEvent,
      waiting: this.#waiting,
      measured: dryRun,
    };
    return runPreflight(this.#file, migrations.map(readScript), context);
  }

  async apply(migration: MigrationScript, guards: ApplyGuards): Promise<'applied' | 'skipped'> {
    const script = readScript(migration);
    const isDone = await this.#underLock(script, guards, this.#runner(script), 'committed');
    if (isDone) this.#applied.push(migration.tag);
    return isDone ? 'applied' : 'skipped';
  }

  async revert(
    migration: MigrationScript,
    row: AppliedRow,
    guards: ApplyGuards,
  ): Promise<'reverted' | 'skipped'> {
    const script = readScript(migration);
    const writeRow = (): void => {
      deleteRow(this.#connection, this.#table, row);
    };
    const isDone = await this.#underLock(script, guards, { ...this.#runner(script), writeRow }, 'reverted');
    return isDone ? 'reverted' : 'skipped';
  }

  async #underLock(
    script: Script,
    guards: ApplyGuards,
    runner: Runner,
    done: 'committed' | 'reverted',
  ): Promise<boolean> {
    const { tag } = script.migration;
    const start = this.#options.now();
    const foreignKeys = script.enforced ? 'ON' : 'OFF';
    // Before BEGIN: inside a transaction this pragma does nothing. sqlite.org/pragma.html#pragma_foreign_keys
    this.#explain(tag, () => this.#connection.pragma(`foreign_keys = ${foreignKeys}`));
    try {
      await this.#begin(tag);
      const rows = readAppliedRows(this.#connection, this.#table);
      if (!guards.decide(rows)) {
        this.#connection.exec('ROLLBACK');
        // Somebody else has changed the schema meanwhile.
        this.#handMade = null;
        this.#options.onEvent({ type: 'skipped', tag });
        return false;
      }
      await guards.before?.();
      const handMade = await this.#findHandMade(guards, rows);
      await (script.transaction
        ? runInTransaction({ ...runner, handMade }, script)
        : runOutside(runner, script));
      this.#handMade = handMade && followRenames(handMade.things, script);
      this.#options.onEvent({ type: done, tag, milliseconds: this.#options.now() - start });
      return true;
    } catch (error) {
      this.#rollBack();
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.onEvent({ type: 'rolled-back', tag, reason });
      throw explainFile(error, this.#file, { tag, applied: this.#applied }) ?? error;
    } finally {
      removeHolderNote(this.#file);
      // What its PRAGMAs have set was meant for this migration alone.
      if (changesConnection(script)) await this.close();
    }
  }

  /** Looked for once: what the migrations make that run after that is not made by hand. */
  async #findHandMade(
    { known, allowsLoss }: ApplyGuards,
    rows: readonly AppliedRow[] | null,
  ): Promise<HandMadeThings | null> {
    if (this.#handMade === null) {
      const schema = (await known?.(rows)) ?? null;
      if (schema === null) return null;
      this.#handMade = findHandMade(this.#connection, schema);
    }
    return { things: this.#handMade, allowsLoss: allowsLoss === true };
  }

  #runner(script: Script): Runner {
    const { rows, clock, now, onEvent } = this.#options;
    return {
      connection: this.#connection,
      applied: this.#applied,
      waiting: this.#waiting,
      now,
      onEvent,
      begin: () => this.#begin(script.migration.tag),
      handMade: null,
      writeRow: () => {
        createRowsTable(this.#connection, this.#table, rows);
        writeRow(this.#connection, this.#table, rows, script.migration, clock());
      },
    };
  }

  async #begin(tag: string): Promise<void> {
    try {
      await beginWriting(this.#connection, this.#waiting);
    } catch (error) {
      throw explainFile(error, this.#file, { tag, applied: this.#applied }) ?? error;
    }
    leaveHolderNote(this.#file, this.#options.holder);
  }

  #rollBack(): void {
    // SQLite rolls back by itself where the disk is full.
    if (this.#open?.inTransaction) this.#open.exec('ROLLBACK');
  }

  async backup(file: string) {
    return copyVerified(this.#file, file, (pages, of) => {
      this.#options.onEvent({ type: 'backing-up', file, pages, of });
    });
  }

  close(): Promise<void> {
    this.#open?.close();
    this.#open = null;
    return Promise.resolve();
  }

  get #table(): string {
    return this.#options.scope.migrationsTable.table;
  }

  get #connection(): Connection {
    this.#open ??= this.#explain('the database is opened', () => {
      // No busy timeout: SQLite's own waiting blocks the event loop.
      const connection = new (loadBetterSqlite())(this.#file, { timeout: 0 });
      connection.pragma('foreign_keys = OFF');
      return connection;
    });
    return this.#open;
  }

  #explain<T>(doing: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw explainFile(error, this.#file, { tag: doing, applied: this.#applied }) ?? error;
    }
  }
}
