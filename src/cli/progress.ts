import type { StageListener } from '../stages/step.ts';
import type { Environment } from './environment.ts';
import type { Settings } from './settings.ts';

/** What a person sees while a command works. All of it goes to stderr. */
export interface Progress {
  readonly begin: StageListener;
  /** Clears the line, so that a report can follow. */
  readonly end: () => void;
}

/** On a terminal one line that is written over; with `--verbose` a line a stage, with its times. */
export function createProgress(
  environment: Pick<Environment, 'stdout' | 'stderr' | 'now'>,
  settings: Pick<Settings, 'quiet' | 'verbose'>,
): Progress {
  const { stderr, stdout } = environment;
  if (settings.quiet) return silence;
  if (settings.verbose) return createTimes(environment);
  // A line that is written over would stand in the way of a report on another screen or in a log.
  if (!stderr.isTerminal || !stdout.isTerminal) return silence;
  let shown = false;
  return {
    begin: (stage) => {
      shown = true;
      void stderr.write(`\r\u001b[2K${stage}…`);
      return () => undefined;
    },
    end: () => {
      if (shown) void stderr.write('\r\u001b[2K');
      shown = false;
    },
  };
}

const silence: Progress = { begin: () => () => undefined, end: () => undefined };

/** A line when a stage ends: when it began, and how long it took. Stages overlap, so that their times need not add up. */
function createTimes({ stderr, now }: Pick<Environment, 'stderr' | 'now'>): Progress {
  const start = now();
  let ended = false;
  const show = (milliseconds: number): string => milliseconds.toFixed(0).padStart(6);
  return {
    begin: (stage) => {
      const since = now();
      return () => {
        if (!ended) void stderr.write(`${show(since - start)} ms +${show(now() - since)} ms  ${stage}\n`);
      };
    },
    end: () => {
      if (!ended) void stderr.write(`${show(now() - start)} ms${' '.repeat(12)}in all\n`);
      ended = true;
    },
  };
}
