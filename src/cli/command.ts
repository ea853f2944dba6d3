import type { Command } from './commander.ts';
import type { Deadline } from './deadline.ts';
import type { Environment } from './environment.ts';
import type { ExitCode } from './exit-codes.ts';
import type { FormatName } from '../report/format.ts';
import type { Failure } from '../report/report.ts';
import type { Progress } from './progress.ts';
import type { Settings } from './settings.ts';

/** One command: one file in `commands/`, and a line in `program.ts`. What it works with it imports when it runs. */
export interface CommandDefinition {
  readonly name: string;
  /** A line for the list of commands. */
  readonly summary: string;
  /** Seconds the whole command may take where nobody says otherwise. */
  readonly timeout: number;
  /** Seconds after that which a command gets that keeps to the deadline by itself and then has something to say. */
  readonly grace?: number;
  /** What its exit codes mean: 0, 1 (left out where it never ends with that) and 2. */
  readonly exits: { readonly done: string; readonly notUpToDate?: string; readonly failed: string };
  /** A sentence below the help. */
  readonly remark: string;
  /** What `--format` may be. */
  readonly formats: readonly FormatName[];
  /** True where `--format` means the report of a check, so that an error is printed as one too. */
  readonly reports: boolean;
  /** With `--format json`: the document that says why there is none, for a command that prints another than that of a check. */
  readonly describeFailure?: (failure: Failure, error: unknown) => Promise<string>;
  /** Declares arguments and options of its own. */
  readonly declare: (command: Command) => void;
  readonly run: (invocation: Invocation) => Promise<ExitCode>;
}

/** A command that was asked for, and all it may use. */
export interface Invocation {
  readonly environment: Environment;
  readonly settings: Settings;
  /** Arguments in their order; those that were left out are undefined. */
  readonly words: readonly (string | undefined)[];
  /** Options of the command itself, by their camel-cased name. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly deadline: Deadline;
  readonly progress: Progress;
}
