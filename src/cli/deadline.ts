import { DriftError } from '../errors.ts';
import { RunningStages, type StageListener } from '../stages/step.ts';

/** The time that is left for a command. */
export interface Deadline {
  /** Notes what is being done, for the message of a timeout. */
  readonly begin: StageListener;
  /** Milliseconds. */
  readonly left: () => number;
  /** Moves the deadline to so many milliseconds from the start of the command, where no flag has fixed it. */
  readonly limit: (milliseconds: number) => void;
}

/** Node takes longer delays for 1 ms. */
const longestDelay = 2 ** 31 - 1;

/**
 * Runs a command until its deadline; `onStage` is told what is running at any moment. The timer also keeps the process alive while something is awaited that never
 * comes, such as a model with a top-level await: without it the process would end with nothing said.
 * @throws DriftError TIMEOUT, naming what was running
 */
export async function runWithin<T>(
  milliseconds: number,
  isFixed: boolean,
  now: () => number,
  run: (deadline: Deadline) => Promise<T>,
  onStage?: (stages: string) => void,
): Promise<T> {
  const start = now();
  const stages = new RunningStages('starting');
  let end = start + milliseconds;
  let timer: NodeJS.Timeout | undefined;
  let fail: (error: unknown) => void = () => undefined;
  const expiry = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  const arm = (total: number): void => {
    clearTimeout(timer);
    end = start + total;
    const delay = Math.min(Math.max(0, total - (now() - start)), longestDelay);
    timer = setTimeout(() => {
      fail(new DriftError('TIMEOUT', { seconds: String(total / 1000), stage: stages.describe() }));
    }, delay);
  };
  arm(milliseconds);
  const work = run({
    begin: (stage) => {
      const finish = stages.begin(stage);
      onStage?.(stages.describe());
      return () => {
        finish();
        onStage?.(stages.describe());
      };
    },
    left: () => end - now(),
    limit: (total) => {
      if (!isFixed) arm(total);
    },
  });
  // Once the time is up nobody waits for the work any more; what it still throws is nobody's news.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, expiry]);
  } finally {
    clearTimeout(timer);
  }
}
