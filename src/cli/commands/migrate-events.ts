/** What happens while migrations run, for the person at the terminal and for the log. */
import { closeSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { CopyProgress, LockHolder, MigrationEvent } from '../../dialects/migrator.ts';
import { makePrintable } from '../../diff/printable.ts';
import { DriftError } from '../../errors.ts';
import type { Failure } from '../../report/report.ts';
import type { RestoreResult } from '../../stages/migrate.ts';
import type { Invocation } from '../command.ts';
import { maskReport } from '../redaction.ts';

/** Anything that goes into the log: an event of the run, or what came of it. */
export type LoggedEvent =
  | MigrationEvent
  | { readonly type: 'done'; readonly applied: readonly string[]; readonly reverted?: readonly string[] }
  | { readonly type: 'checked'; readonly status: string | null }
  | ({ readonly type: 'failed' } & Failure)
  | ({ readonly type: 'restored' } & RestoreResult);

export interface MigrateEvents {
  readonly note: (event: LoggedEvent) => void;
  /** Tags that were committed so far. */
  readonly applied: () => readonly string[];
  /** Tags that were taken back so far. */
  readonly reverted: () => readonly string[];
  readonly close: () => void;
}

/** Milliseconds between two lines about one copy. */
const screenPace = 100;
const logPace = 1000;
/** Milliseconds after which a wait is worth a word where nobody sees the progress. */
const wordOfWaiting = 1000;

/** @throws DriftError OUTPUT_NOT_WRITTEN */
export function openEvents(invocation: Invocation, log: string | undefined): MigrateEvents {
  const write = log === undefined ? null : openLog(invocation, log);
  const show = createScreen(invocation);
  const applied: string[] = [];
  const reverted: string[] = [];
  const isDue = createPace(invocation.environment.now, logPace);
  return {
    note(event) {
      if (event.type === 'committed') applied.push(event.tag);
      // The way back has a tag of its own, which nobody knows.
      if (event.type === 'reverted') reverted.push(event.tag.replace(/\.down$/, ''));
      show(event);
      const isPaced = event.type === 'copying' || event.type === 'backing-up' || event.type === 'waiting';
      if (!isPaced || isDue()) write?.line(event);
    },
    applied: () => applied,
    reverted: () => reverted,
    close: () => write?.close(),
  };
}

interface Log {
  readonly line: (event: LoggedEvent) => void;
  readonly close: () => void;
}

function openLog({ settings, environment }: Invocation, log: string): Log {
  const file = path.resolve(settings.cwd, log);
  const fail = (cause: unknown): never => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DriftError('OUTPUT_NOT_WRITTEN', { file, reason }, { cause });
  };
  let descriptor: number;
  try {
    descriptor = openSync(file, 'a');
  } catch (cause) {
    return fail(cause);
  }
  const start = environment.now();
  return {
    line: (event) => {
      const { type, ...facts } = event;
      const elapsed = Math.round(environment.now() - start);
      // Appended at once: after a crash the log is what tells how far it came.
      writeSync(
        descriptor,
        maskReport(
          `${JSON.stringify({ time: new Date().toISOString(), elapsed, type, ...facts })}\n`,
          environment,
        ),
      );
    },
    close: () => {
      closeSync(descriptor);
    },
  };
}

function createScreen({ environment, settings, progress }: Invocation): (event: LoggedEvent) => void {
  const { stderr } = environment;
  const isDue = createPace(environment.now, screenPace);
  const isLive = stderr.isTerminal && !settings.verbose;
  let said = false;
  return (event) => {
    if (event.type === 'waiting' && !isLive) {
      if (said || settings.quiet || event.milliseconds < wordOfWaiting) return;
      said = true;
      void stderr.write(`${describeWaiting(event.holder)}\n`);
      return;
    }
    if (!isLive || settings.quiet) return;
    const text = describeEvent(event);
    const isPaced = event.type === 'copying' || event.type === 'backing-up';
    if (text !== null && (!isPaced || isDue())) progress.begin(makePrintable(text));
  };
}

function createPace(now: () => number, pace: number): () => boolean {
  let last = -Infinity;
  return () => {
    const time = now();
    if (time - last < pace) return false;
    last = time;
    return true;
  };
}

function describeEvent(event: LoggedEvent): string | null {
  switch (event.type) {
    case 'waiting':
      return describeWaiting(event.holder);
    case 'statement':
      return `applying ${event.tag}: ${event.statement.slice(0, 50)}`;
    case 'copying':
      return `applying ${event.tag}: ${describeCopy(event.progress)}`;
    case 'foreign-keys':
      return `applying ${event.tag}: checking foreign keys`;
    case 'backing-up':
      return `copying the database: ${percent(event.pages, event.of)}`;
    case 'rehearsing':
      return `trying ${event.what}`;
    default:
      return null;
  }
}

function describeWaiting(holder: LockHolder | null): string {
  if (holder === null) return 'waiting for another process to release the database';
  return `waiting for process ${String(holder.pid)}${holder.command === null ? '' : ` (${holder.command})`}`;
}

function describeCopy({ table, rows, of, rowsPerSecond, secondsLeft }: CopyProgress): string {
  const counts = `${count(rows)} of ${count(of)} rows of ${table} (${percent(rows, of)})`;
  return `${counts}, ${count(rowsPerSecond)} rows/s, ${describeSeconds(secondsLeft)} left`;
}

function percent(part: number, whole: number): string {
  return `${String(whole === 0 ? 100 : Math.min(100, Math.floor((part / whole) * 100)))} %`;
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}

/** As in `40 s` and `3 min`. */
export function describeSeconds(seconds: number): string {
  return seconds < 90 ? `${String(seconds)} s` : `${String(Math.round(seconds / 60))} min`;
}
