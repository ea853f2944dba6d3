/** The process around {@link run}: the only place that touches it. */
import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { DriftError } from '../errors.ts';
import type { Environment, Output, Prompt } from './environment.ts';
import { exitCodes } from './exit-codes.ts';
import { describeFailure, printFailure, wordOf } from './failure.ts';
import { maskOutputs } from './redaction.ts';
import { run } from './run.ts';

/** Time for what the user's own code left open to end by itself, in milliseconds. */
const grace = 200;

/** Runs the command line of this process and leaves its exit code behind. */
export async function main(version: string): Promise<void> {
  // Whatever ends the process before its time: not to know is no success.
  process.exitCode = exitCodes.failed;
  let stage = 'starting';
  const environment: Environment = {
    words: process.argv.slice(2),
    variables: process.env,
    stdout: openOutput(process.stdout),
    stderr: openOutput(process.stderr),
    version,
    processId: process.pid,
    workingDirectory: () => process.cwd(),
    changeDirectory: (directory) => {
      process.chdir(directory);
    },
    // Not `performance.now()`, for which Node loads a dozen modules.
    now: () => Number(process.hrtime.bigint()) / 1e6,
    prompt: isatty(0) && isatty(2) ? openPrompt() : undefined,
    onStage: (next) => {
      stage = next;
    },
  };
  keepStdoutForTheReport();
  reportBackgroundFailures(maskOutputs(environment));
  const guard = watchForExit(() => stage);
  const code = await run(environment);
  guard.finish();
  process.exitCode = code;
  // Config and models may have left a connection or a timer open. Everything of drift's own is closed by now.
  setTimeout(() => process.exit(code), grace).unref();
}

function openOutput(stream: NodeJS.WriteStream): Output {
  const write = stream.write.bind(stream);
  // A reader that went away (`drift check | head -1`) is its own business; the exit code stays what it is.
  stream.on('error', () => undefined);
  return {
    isTerminal: stream.isTTY,
    columns: stream.isTTY ? stream.columns : undefined,
    write: (text) =>
      new Promise((resolve) => {
        write(text, () => {
          resolve();
        });
      }),
  };
}

/** On stderr, so that standard output stays what a script reads. Loaded only when there is something to ask. */
function openPrompt(): Prompt {
  return {
    ask: async (words) => {
      const { createTerminalPrompt } = await import('./prompts-terminal.ts');
      return createTerminalPrompt(process.stdin, process.stderr).ask(words);
    },
  };
}

/** What config and models print while they are loaded would make a report on standard output unreadable. */
function keepStdoutForTheReport(): void {
  process.stdout.write = process.stderr.write.bind(process.stderr);
}

function reportBackgroundFailures({ stderr, words }: Environment): void {
  const warn = (error: unknown): void => {
    if (words.includes('--quiet')) return;
    const warning = new DriftError('BACKGROUND_FAILURE', { problem: wordOf(error) });
    const details = words.includes('--verbose') ? error : undefined;
    void stderr.write(printFailure(describeFailure(warning, []), 'warning', details, []));
  };
  process.on('uncaughtException', warn);
  process.on('unhandledRejection', warn);
}

/** Says so where code of the user's ends the process before drift is done, and answers with drift's own exit code. */
function watchForExit(stageOf: () => string): { readonly finish: () => void } {
  let isFinished = false;
  process.on('exit', (code) => {
    if (isFinished) return;
    process.exitCode = exitCodes.failed;
    const error = new DriftError('PROCESS_EXITED', { code: String(code), stage: stageOf() });
    // Streams write no more at this point.
    writeSync(2, printFailure(describeFailure(error, []), 'error', undefined, []));
  });
  return {
    finish: () => {
      isFinished = true;
    },
  };
}
