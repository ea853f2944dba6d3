import { Option, type Command } from '../commander.ts';
import { DriftError } from '../../errors.ts';
import { runnerForms, type RunnerForm } from '../../plan/plan.ts';
import { nearest } from '../../spelling.ts';
import type { GenerateAnswers, GenerateRequest } from '../../stages/generate.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { publishText, styleOf } from '../publish.ts';
import { requestOf } from '../request.ts';
import { parseText } from '../settings.ts';
import { chooseTextFormat } from '../text-format.ts';

const formats = ['human', 'json'] as const;

/** Seconds. */
const timeout = 10 * 60;

export const generateCommand: CommandDefinition = {
  name: 'generate',
  summary: 'write a migration for what the models changed',
  timeout,
  formats,
  exits: { done: 'written or nothing to do', failed: 'refused or failed' },
  remark: 'On a terminal what is open is asked; elsewhere the flags answer.',
  reports: false,
  declare,
  describeFailure: async (failure) => (await import('./generate-text.ts')).renderFailedGenerate(failure),
  run: runGenerateCommand,
};

function declare(command: Command): void {
  command
    .addOption(textOption('--name <NAME>', 'of the migration (default: what it does)'))
    .addOption(
      repeatable('--rename <WHAT>', 'column:users.name=full_name or table:users=people (repeatable)'),
    )
    .addOption(
      repeatable(
        '--backfill <VALUE>',
        'users.email=SQL: for rows without a value, or to convert one (repeatable)',
      ),
    )
    .addOption(
      new Option(
        '--allow <RISK>',
        'data-loss: delete what is not in the models; hand-made: drop views and indexes that a migration written by hand made (repeatable)',
      ).argParser((value: string, before: readonly string[] = []) => [
        ...before,
        parseWord('--allow', value, ['data-loss', 'hand-made']),
      ]),
    )
    .addOption(
      new Option(
        '--runner <NAME>',
        `who will run it: ${runnerForms.join(', ')} (default: told from the project)`,
      ).argParser((value: string) => parseWord('--runner', value, runnerForms)),
    )
    .option('--custom', 'an empty migration for statements written by hand')
    .addOption(
      new Option(
        '--down [TAG]',
        'write the way back beside it too; with TAG, the way back from that migration alone',
      ),
    )
    .option('--dry-run', 'print it; write nothing')
    .addOption(textOption('--verify-on <FILE>', 'prove it on a copy of this database file as well'))
    .option('--no-preflight', 'do not ask the rows of the database');
}

function textOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser(parseText(flags.split(' ')[0] ?? flags));
}

function repeatable(flags: string, description: string): Option {
  const parse = parseText(flags.split(' ')[0] ?? flags);
  return new Option(flags, description).argParser((value, before: readonly string[] = []) => [
    ...before,
    parse(value),
  ]);
}

/** @throws DriftError CLI_INVALID_VALUE */
function parseWord<W extends string>(option: string, value: string, words: readonly W[]): W {
  const word = words.find((one) => one === value);
  if (word !== undefined) return word;
  throw new DriftError('CLI_INVALID_VALUE', {
    option,
    value,
    expected: words.length === 1 ? (words[0] ?? '') : `one of ${words.join(', ')}`,
    nearest: nearest(value, words),
  });
}

async function runGenerateCommand(invocation: Invocation): Promise<ExitCode> {
  const { settings, progress, options } = invocation;
  const format = chooseTextFormat(settings, formats);
  refuseCombinations(options);
  const { runGenerate } = await import('../../stages/generate.ts');
  const result = await runGenerate(await makeRequest(invocation));
  progress.end();
  const { renderGenerateHuman, renderGenerateJson } = await import('./generate-text.ts');
  const context = {
    settings,
    style: await styleOf(invocation),
    isWayBack: typeof options['down'] === 'string',
  };
  const render = format === 'json' ? renderGenerateJson : renderGenerateHuman;
  await publishText(render(result, context), invocation);
  return exitCodes.done;
}

/** What means nothing beside something else is a misunderstanding, and is said before anything is done. */
function refuseCombinations(options: Invocation['options']): void {
  const names: Readonly<Record<string, string>> = {
    rename: '--rename',
    backfill: '--backfill',
    allow: '--allow',
    runner: '--runner',
    verifyOn: '--verify-on',
    down: '--down',
    name: '--name',
    custom: '--custom',
  };
  const idleBeside = (flag: string, idle: readonly string[]): void => {
    const found = idle.find((name) => options[name] !== undefined);
    if (found === undefined) return;
    throw new DriftError('CLI_INVALID_VALUE', {
      option: flag,
      value: '',
      expected: `given without ${names[found] ?? found}`,
    });
  };
  if (options['custom'] === true) {
    idleBeside('--custom', ['rename', 'backfill', 'allow', 'runner', 'verifyOn', 'down']);
  }
  if (typeof options['down'] === 'string') {
    idleBeside(`--down ${options['down']}`, ['name', 'runner', 'verifyOn', 'custom']);
  }
}

async function makeRequest(invocation: Invocation): Promise<GenerateRequest> {
  const { environment, options } = invocation;
  const { randomUUID } = await import('node:crypto');
  const list = (name: string): readonly string[] => (options[name] as readonly string[] | undefined) ?? [];
  const text = (name: string): string | undefined =>
    typeof options[name] === 'string' ? options[name] : undefined;
  const answers: GenerateAnswers = {
    renames: list('rename'),
    backfills: list('backfill'),
    allowDataLoss: list('allow').includes('data-loss'),
    allowHandMade: list('allow').includes('hand-made'),
  };
  return {
    ...requestOf(invocation),
    // The deadline of drift.config is that of a check.
    onDeadline: undefined,
    ...answers,
    name: text('name'),
    runner: options['runner'] as RunnerForm | undefined,
    custom: options['custom'] === true,
    down: text('down') ?? options['down'] === true,
    dryRun: options['dryRun'] === true,
    verifyOn: text('verifyOn'),
    preflight: options['preflight'] !== false,
    now: () => Date.now(),
    randomId: randomUUID,
    pid: environment.processId,
    ask: await makeAsk(invocation, answers),
  };
}

/** Milliseconds. Nobody is hurried: what a person thinks is no work of drift's. */
const patience = 24 * 60 * 60 * 1000;

async function makeAsk(
  { environment, progress, deadline }: Invocation,
  answers: GenerateAnswers,
): Promise<GenerateRequest['ask']> {
  const { prompt } = environment;
  const start = environment.now();
  if (prompt === undefined) return undefined;
  const { createAsker } = await import('../prompts.ts');
  return createAsker(
    {
      ask: async (words) => {
        progress.end();
        deadline.limit(patience);
        const answer = await prompt.ask(words);
        deadline.limit(environment.now() - start + timeout * 1000);
        return answer;
      },
    },
    answers,
  );
}
