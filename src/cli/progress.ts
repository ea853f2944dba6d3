import type { Environment } from './environment.ts';
import type { Settings } from './settings.ts';

/** What a person sees while a command works. All of it goes to stderr. */
export interface Progress {
  readonly begin: (stage: string) => void;
  /** Clears the line, so that a report can follow. */
  readonly end: () => void;
}

/** On a terminal one line that is written over; with `--verbose` a line a stage, with its time. */
export function createProgress(
  environment: Pick<Environment, 'stdout' | 'stderr' | 'now'>,
  settings: Pick<Settings, 'quiet' | 'verbose'>,
): Progress {
  if (settings.quiet) return { begin: () => undefined, end: () => undefined };
  if (settings.verbose) return createTimes(environment);
  const { stderr, stdout } = environment;
  // A line that is written over would stand in the way of a report on another screen or in a log.
  if (!stderr.isTerminal || !stdout.isTerminal) return { begin: () => undefined, end: () => undefined };
  let shown = false;
  return {
    begin: (stage) => {
      shown = true;
      void stderr.write(`\r\u001b[2K${stage}…`);
    },
    end: () => {
      if (shown) void stderr.write('\r\u001b[2K');
      shown = false;
    },
  };
}

function createTimes({ stderr, now }: Pick<Environment, 'stderr' | 'now'>): Progress {
  let running: { readonly stage: string; readonly since: number } | undefined;
  const end = (): void => {
    if (running)
      void stderr.write(`${(now() - running.since).toFixed(0).padStart(6)} ms  ${running.stage}\n`);
    running = undefined;
  };
  return {
    begin: (stage) => {
      end();
      running = { stage, since: now() };
    },
    end,
  };
}
