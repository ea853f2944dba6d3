/** One migration, from its first statement to its row. */
import { setImmediate as breathe } from 'node:timers/promises';
import { DriftError } from '../../errors.ts';
import { nameObject } from '../../diff/naming.ts';
import type { MigrationEvent } from '../migrator.ts';
import type { Connection } from './drivers/load.ts';
import { dropsTables, giveBack, takeCustody, type Custody, type HandMade } from './hand-made.ts';
import { describeLost } from './hand-made-findings.ts';
import { commitWriting, retryWhileBusy, type Waiting } from './lock.ts';
import { copyInRanges, planRanges, readBareCopy } from './run-copy.ts';
import { explainFile, reasonOf } from './run-failures.ts';
import { countedNone, readOrphanGuard } from './run-guard.ts';
import { compareOrphans, findOrphans, type Orphans } from './run-orphans.ts';
import { noteSequences, restoreSequences } from './run-sequences.ts';
import { noteBefore, restoreAfter } from './run-statistics.ts';
import { mayOrphan, placeOf, shorten, type Script, type ScriptLine } from './run-script.ts';

/** What a migration is run with. The lock is held, and a transaction is open. */
export interface Runner {
  readonly connection: Connection;
  /** Tags of the migrations before it, for messages. */
  readonly applied: readonly string[];
  readonly waiting: Waiting;
  readonly now: () => number;
  readonly onEvent: (event: MigrationEvent) => void;
  /** Begins a transaction again. */
  readonly begin: () => Promise<void>;
  readonly writeRow: () => void;
  /** What was made by hand; null where it is not looked after. */
  readonly handMade: HandMadeThings | null;
}

export interface HandMadeThings {
  readonly things: readonly HandMade[];
  /** Whether what cannot be kept may go. */
  readonly allowsLoss: boolean;
}

/**
 * Runs the statements, looks for rows that have lost their parents, writes the row and commits.
 * @throws DriftError MIGRATION_FAILED, MIGRATION_ORPHANS, MIGRATE_HAND_MADE, MIGRATE_LOCKED; SqliteError. The caller rolls back.
 */
export async function runInTransaction(runner: Runner, script: Script): Promise<void> {
  const { connection, onEvent } = runner;
  const { tag } = script.migration;
  onEvent({ type: 'migration', tag, statements: script.statements.length });
  // Deferred, so that what SQLite would refuse half way is found at the end and can be named. Actions still happen.
  if (script.enforced) connection.pragma('defer_foreign_keys = ON');
  const watch = mayOrphan(script) ? watchOrphans(runner, script) : null;
  const statistics = noteBefore(connection, script);
  const sequences = noteSequences(connection, script);
  const { handMade } = runner;
  const custody = handMade && dropsTables(script) ? takeCustody(connection, script, handMade.things) : null;
  await runStatements(runner, script, watch?.onDone);
  if (statistics !== null) restoreAfter(connection, script, statistics);
  const counting = sequences === null ? [] : restoreSequences(connection, script, sequences);
  if (counting.length > 0) {
    onEvent({
      type: 'kept',
      tag,
      objects: counting.map((table) => `the AUTOINCREMENT sequence of ${table}`),
    });
  }
  if (custody) keepHandMade(runner, script, custody);
  if (watch !== null) refuseNewOrphans(runner, script, watch);
  runner.writeRow();
  await commitWriting(connection, runner.waiting);
}

/**
 * Runs what SQLite does not take into a transaction, and then writes the row. A crash between the two makes it run
 * again, which does no harm: VACUUM and the PRAGMAs concerned come to the same however often they run.
 */
export async function runOutside(runner: Runner, script: Script): Promise<void> {
  runner.connection.exec('ROLLBACK');
  runner.onEvent({ type: 'migration', tag: script.migration.tag, statements: script.statements.length });
  await runStatements(runner, script);
  await runner.begin();
  runner.writeRow();
  await commitWriting(runner.connection, runner.waiting);
}

async function runStatements(
  runner: Runner,
  script: Script,
  onDone?: (index: number) => void,
): Promise<void> {
  const { onEvent, now } = runner;
  const { tag } = script.migration;
  for (const [index, statement] of script.statements.entries()) {
    const number = index + 1;
    onEvent({ type: 'statement', tag, number, line: statement.line, statement: shorten(statement.sql, 200) });
    const start = now();
    await runStatement(runner, script, statement);
    onDone?.(index);
    onEvent({ type: 'statement-done', tag, number, milliseconds: now() - start });
    // A moment for deadlines, progress and signals.
    await breathe();
  }
}

async function runStatement(runner: Runner, script: Script, statement: ScriptLine): Promise<void> {
  const { connection } = runner;
  const { tag } = script.migration;
  try {
    const ranges = planRanges(connection, readBareCopy(statement.sql, statement.tokens));
    if (ranges !== null) {
      await copyInRanges(connection, statement.sql, ranges, runner.now, (progress) => {
        runner.onEvent({ type: 'copying', tag, progress });
      });
    } else if (script.transaction) connection.exec(statement.sql);
    else await retryWhileBusy(runner.waiting, () => connection.exec(statement.sql));
  } catch (error) {
    throw explainStatement(runner, script, statement, error);
  }
  if (script.transaction && !connection.inTransaction) {
    throw explainStatement(runner, script, statement, new Error('it ended the transaction'));
  }
}

function explainStatement(runner: Runner, script: Script, statement: ScriptLine, error: unknown): unknown {
  const { migration } = script;
  const { applied, waiting } = runner;
  const ofFile = explainFile(error, waiting.file, { tag: migration.tag, applied });
  if (ofFile !== null) return ofFile;
  const where = placeOf(migration, statement);
  const facts = { tag: migration.tag, where, statement: shorten(statement.sql, 200), applied: [...applied] };
  return new DriftError('MIGRATION_FAILED', { ...facts, reason: reasonOf(error) }, { cause: error });
}

function keepHandMade(runner: Runner, { migration: { tag } }: Script, custody: Custody): void {
  const { kept, lost } = giveBack(runner.connection, custody);
  if (lost.length > 0 && runner.handMade?.allowsLoss !== true) {
    const problems = lost.map((one) => describeLost(one));
    throw new DriftError('MIGRATE_HAND_MADE', { tag, problems, applied: [...runner.applied] });
  }
  if (kept.length > 0) runner.onEvent({ type: 'kept', tag, objects: kept.map(nameObject) });
}

/** What is known of the orphans while a migration runs. */
interface OrphanWatch {
  /** Those from before it. */
  before: Orphans;
  /** Folded names of the tables that were found to have none after it. */
  provenAfter: ReadonlySet<string>;
  /** To be told of each statement, by its index. */
  readonly onDone: (index: number) => void;
}

const none: ReadonlySet<string> = new Set();

/** Looks before the first statement. What the migration counts itself is not counted again where it comes to nothing. */
function watchOrphans(runner: Runner, script: Script): OrphanWatch {
  const { tag } = script.migration;
  const guard = readOrphanGuard(script);
  let isCleanBefore = false;
  const watch: OrphanWatch = {
    before: lookForOrphans(runner, tag, guard?.before.tables ?? none),
    provenAfter: none,
    onDone: (index) => {
      if (index === guard?.before.index) {
        isCleanBefore = countedNone(runner.connection, guard, 'before');
        // The migration has changed nothing yet.
        if (!isCleanBefore) watch.before = lookForOrphans(runner, tag, none);
      } else if (index === guard?.after.index && isCleanBefore) {
        if (countedNone(runner.connection, guard, 'after')) watch.provenAfter = guard.after.tables;
      }
    },
  };
  return watch;
}

function lookForOrphans(runner: Runner, tag: string, proven: ReadonlySet<string>): Orphans {
  const start = runner.now();
  const orphans = findOrphans(runner.connection, proven);
  runner.onEvent({ type: 'foreign-keys', tag, milliseconds: runner.now() - start });
  return orphans;
}

function refuseNewOrphans(
  runner: Runner,
  { migration }: Script,
  { before, provenAfter }: Pick<OrphanWatch, 'before' | 'provenAfter'>,
): void {
  const after = lookForOrphans(runner, migration.tag, provenAfter);
  const found = compareOrphans(runner.connection, before, after);
  if (found === null) return;
  throw new DriftError('MIGRATION_ORPHANS', { tag: migration.tag, ...found, applied: [...runner.applied] });
}
