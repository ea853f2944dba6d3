import { Option } from '../commander.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { makePrintable } from '../../diff/printable.ts';
import { DriftError } from '../../errors.ts';
import { wrapText } from '../../report/width.ts';
import { nearest } from '../../spelling.ts';
import type { WaitGoal, WaitResult } from '../../stages/wait.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { exitCodeOf, type ExitCode } from '../exit-codes.ts';
import { publishText, styleOf } from '../publish.ts';
import { requestOf } from '../request.ts';
import { parseSeconds } from '../settings.ts';
import { chooseTextFormat } from '../text-format.ts';

const goals: readonly WaitGoal[] = ['schema', 'migrations'];

/** Grows only when a reader of the old format would misread the new one. */
const formatVersion = 1;

const defaultTimeout = 60;

const formats = ['human', 'json'] as const;

export const waitCommand: CommandDefinition = {
  name: 'wait',
  summary: 'return as soon as the database is up to date, or fail at the deadline',
  timeout: defaultTimeout,
  grace: 5,
  formats,
  exits: {
    done: 'up to date',
    notUpToDate: 'not up to date at the deadline',
    failed: 'could not tell',
  },
  remark: 'A database that is not there yet is waited for; a config that is wrong is not.',
  reports: false,
  declare: (command) => {
    command.addOption(
      new Option('--for <WHAT>', 'schema (a check finds nothing) or migrations (none is pending)')
        .default('schema')
        .argParser(parseGoal),
    );
    command.addOption(
      new Option('--interval <SECONDS>', 'longest pause between two looks (default: 1)').argParser(
        parseSeconds('--interval'),
      ),
    );
  },
  describeFailure: ({ code, message, next }) =>
    Promise.resolve(
      print({
        status: 'undetermined',
        for: null,
        target: null,
        reason: message,
        error: { code, message, next },
      }),
    ),
  run: runWaitCommand,
};

async function runWaitCommand(invocation: Invocation): Promise<ExitCode> {
  const { settings, environment, deadline, progress, options } = invocation;
  const format = chooseTextFormat(settings, formats);
  const { runWait } = await import('../../stages/wait.ts');
  const result = await runWait({
    ...requestOf(invocation),
    // A line that is written over would stand before those that say what is waited for.
    onStage: deadline.begin,
    goal: options['for'] as WaitGoal,
    timeout: (settings.timeout ?? defaultTimeout) * 1000,
    interval: ((options['interval'] as number | undefined) ?? 1) * 1000,
    now: environment.now,
    sleep: (milliseconds) => sleep(milliseconds, undefined, { ref: false }),
    random: Math.random,
    onWaiting: tellReasons(invocation),
  });
  progress.end();
  const { status, goal, target, reason } = result;
  const text =
    format === 'json'
      ? print({ status, for: goal, target: target, reason: reason })
      : await showResult(result, invocation);
  await publishText(text, invocation);
  return exitCodeOf(status);
}

/** A line for each new reason, so that a log says what was waited for. */
function tellReasons({ environment, settings }: Invocation): (reason: string) => void {
  let told = '';
  return (reason) => {
    if (settings.quiet || reason === told) return;
    told = reason;
    void environment.stderr.write(`waiting: ${makePrintable(reason)}\n`);
  };
}

function print(document: object): string {
  return `${JSON.stringify({ formatVersion, ...document }, null, 2)}\n`;
}

async function showResult({ status, reason }: WaitResult, invocation: Invocation): Promise<string> {
  const { color, width } = await styleOf(invocation);
  const paint = status === 'up-to-date' ? color.green : color.red;
  const lines = wrapText(reason, width);
  return `${lines.map((line) => paint(line)).join('\n')}\n`;
}

function parseGoal(value: string): WaitGoal {
  const goal = goals.find((one) => one === value);
  if (goal !== undefined) return goal;
  throw new DriftError('CLI_INVALID_VALUE', {
    option: '--for',
    value,
    expected: goals.join(' or '),
    nearest: nearest(value, goals),
  });
}
