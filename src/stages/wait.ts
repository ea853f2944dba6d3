/** `drift wait`: looks again and again until the database is up to date. */
import { DriftError, type ErrorCode } from '../errors.ts';
import { displayPath } from '../project/paths.ts';
import type { CheckReport, ReportStatus } from '../report/report.ts';
import type { StatusReport } from '../report/status-report.ts';
import { summariseStatus } from '../report/status-human.ts';
import { summarise } from '../report/summary.ts';
import { checkProject } from './check.ts';
import { nameCommands } from './project-commands.ts';
import { openProject, type ProjectRequest } from './project.ts';
import { readStatus } from './status.ts';
import { RunningStages, type StageListener } from './step.ts';

/** `migrations`: none is pending; `schema`: a check finds nothing at all. */
export type WaitGoal = 'migrations' | 'schema';

export interface WaitRequest extends Omit<ProjectRequest, 'timeout' | 'onDeadline'> {
  readonly goal: WaitGoal;
  /** Milliseconds in all. */
  readonly timeout: number;
  /** The longest pause between two looks, in milliseconds. */
  readonly interval: number;
  /** Milliseconds from some fixed moment on. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** From 0 to 1, so that many who wait do not all come at once. */
  readonly random: () => number;
  /** Is told why the database is not up to date, each time that the reason is another one. */
  readonly onWaiting?: ((reason: string) => void) | undefined;
}

/** What the last look at the database found. */
export interface WaitResult {
  readonly status: ReportStatus;
  readonly goal: WaitGoal;
  readonly target: string;
  /** One sentence. */
  readonly reason: string;
}

/** Errors that time may heal: the database is starting, busy, or not made yet. All others are thrown at once. */
const passing: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'DATABASE_FILE_MISSING',
  'DATABASE_LOCKED',
  'DATABASE_UNREADABLE',
  'DATABASE_UNREACHABLE',
  'DATABASE_HOST_UNKNOWN',
  'DATABASE_LOGIN_FAILED',
  'DATABASE_UNKNOWN',
  'DATABASE_CONNECT_TIMEOUT',
  'DATABASE_CONNECTION_LOST',
  'DATABASE_STATEMENT_TIMEOUT',
  'SCHEMA_LOCKED',
]);

const firstPause = 100;
/** Time for the one last look at the deadline, in milliseconds. */
const lastLook = 1000;

/**
 * Returns as soon as the database is up to date, and at the deadline with what it was at the last look that succeeded.
 * @throws DriftError WAIT_GAVE_UP, or TIMEOUT naming what never ended, where no look succeeded; at once, what waiting
 * cannot mend
 */
export async function runWait(request: WaitRequest): Promise<WaitResult> {
  const start = request.now();
  const left = (): number => request.timeout - (request.now() - start);
  let last: WaitResult | null = null;
  let failure: DriftError | undefined;
  for (let round = 0; ; round++) {
    const isLast = left() <= 0;
    const { result, error } = await lookWithin(request, isLast ? lastLook : left(), left);
    if (result?.status === 'up-to-date') return result;
    if (result) last = result;
    if (error) failure = error;
    // A look that found no end has its error only where nobody looks again.
    if (error?.code !== 'TIMEOUT') request.onWaiting?.(result?.reason ?? error?.message ?? '');
    if (isLast) break;
    await request.sleep(choosePause(round, request, left()));
  }
  if (last) return last;
  throw failure ? giveUp(request.timeout, failure) : new TypeError('A look has neither result nor error.');
}

/** Longer from round to round, each shorter by chance, and never past the deadline. */
function choosePause(round: number, { interval, random }: WaitRequest, left: number): number {
  const pause = Math.min(interval, firstPause * 2 ** Math.min(round, 20));
  return Math.max(0, Math.min(pause * (0.5 + random() / 2), left));
}

interface Look {
  readonly result?: WaitResult;
  /** One that may pass; TIMEOUT, naming what was running, where there was no answer in time. */
  readonly error?: DriftError;
}

async function lookWithin(request: WaitRequest, limit: number, left: () => number): Promise<Look> {
  const stages = new RunningStages('looking at the database');
  const look = lookOnce(request, limit, left, stages);
  // Whatever a look still finds after its time is nobody's news.
  look.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<Look>((resolve) => {
    timer = setTimeout(() => {
      const seconds = String(request.timeout / 1000);
      resolve({ error: new DriftError('TIMEOUT', { seconds, stage: stages.describe() }) });
    }, limit);
  });
  try {
    return await Promise.race([look.then((result) => ({ result })), expiry]);
  } catch (error) {
    if (error instanceof DriftError && passing.has(error.code)) return { error: withoutPatience(error) };
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** How long one look waited for a lock is nobody's news: the whole waiting has a deadline, and says so. */
function withoutPatience(error: DriftError): DriftError {
  if (!isLocked(error)) return error;
  return new DriftError('DATABASE_LOCKED', { ...error.details, waited: 0 }, { cause: error });
}

function isLocked(error: DriftError): error is DriftError<'DATABASE_LOCKED'> {
  return error.code === 'DATABASE_LOCKED';
}

async function lookOnce(
  request: WaitRequest,
  limit: number,
  left: () => number,
  stages: RunningStages,
): Promise<WaitResult> {
  const { goal } = request;
  const onStage: StageListener = (stage) => {
    const ends = [stages.begin(stage), request.onStage?.(stage)];
    return () => {
      for (const end of ends) end?.();
    };
  };
  const project = await openProject(
    { ...request, timeout: limit, left, onStage, onDeadline: undefined },
    { models: goal === 'schema' },
  );
  const status = await readStatus(project);
  if (goal === 'migrations') {
    if (status.folder !== null) return ofStatus(status, goal);
    const { root, out } = project.config;
    throw new DriftError('MIGRATE_FOLDER_MISSING', {
      directory: displayPath(root, out),
      generate: nameCommands(project).generate.text,
    });
  }
  // What is pending is known without the models, and the check would find nothing better.
  if (status.status !== 'up-to-date') return ofStatus(status, goal);
  return ofCheck(await checkProject(project, {}), goal);
}

function ofStatus(report: StatusReport, goal: WaitGoal): WaitResult {
  return { status: report.status, goal, target: report.target, reason: summariseStatus(report) };
}

function ofCheck(report: CheckReport, goal: WaitGoal): WaitResult {
  return { status: report.status, goal, target: report.target, reason: summarise(report) };
}

function giveUp(timeout: number, failure: DriftError): DriftError {
  const seconds = String(timeout / 1000);
  if (failure.code === 'TIMEOUT') return failure;
  return new DriftError(
    'WAIT_GAVE_UP',
    { seconds, code: failure.code, problem: failure.message, next: failure.next },
    { cause: failure },
  );
}
