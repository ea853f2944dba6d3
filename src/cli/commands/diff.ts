import { Option } from '../commander.ts';
import type { DialectName } from '../../catalog/schema.ts';
import { DriftError } from '../../errors.ts';
import { runnerForms, type RunnerForm } from '../../plan/plan.ts';
import type { DiffReport } from '../../report/diff-report.ts';
import { nearest } from '../../spelling.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { publishText, styleOf } from '../publish.ts';
import { requestOf } from '../request.ts';
import { parseText } from '../settings.ts';
import { chooseTextFormat } from '../text-format.ts';

const formats = ['human', 'json'] as const;

export const diffCommand: CommandDefinition = {
  name: 'diff',
  summary: 'report the changes that would bring one schema to another',
  timeout: 60,
  formats,
  exits: { done: 'equal', notUpToDate: 'different', failed: 'could not tell' },
  remark: 'Nothing is changed; .sql files run on a scratch database.',
  reports: false,
  declare: (command) => {
    command.argument('<FROM>', 'models, migrations, database, a URL, a .sql file or a SQLite file');
    command.argument('<TO>', 'the same; differences lead from FROM to TO');
    command.addOption(
      new Option(
        '--dialect <NAME>',
        'postgres or sqlite, where nothing else says it of .sql files',
      ).argParser(parseDialect),
    );
    command.option('--sql', 'print the SQL that leads from FROM to TO');
    command.addOption(
      new Option(
        '--rename <WHAT>',
        'with --sql: table:users=people or column:users.name=full_name',
      ).argParser(collect('--rename')),
    );
    command.addOption(
      new Option('--backfill <VALUE>', 'with --sql: users.email=SQL for rows without a value').argParser(
        collect('--backfill'),
      ),
    );
    command.addOption(
      new Option('--allow <RISK>', 'with --sql: data-loss').argParser((value: string) =>
        parseWord('--allow', value, ['data-loss']),
      ),
    );
    command.addOption(
      new Option('--runner <NAME>', `with --sql: ${runnerForms.join(', ')}`).argParser((value: string) =>
        parseWord('--runner', value, runnerForms),
      ),
    );
  },
  describeFailure: async (failure) => (await import('../../report/diff-report.ts')).renderFailedDiff(failure),
  run: runDiffCommand,
};

async function runDiffCommand(invocation: Invocation): Promise<ExitCode> {
  const { settings, progress, options } = invocation;
  const format = chooseTextFormat(settings, formats);
  const wantsSql = options['sql'] === true;
  if (wantsSql && format === 'json') {
    throw new DriftError('CLI_INVALID_VALUE', {
      option: '--format',
      value: format,
      expected: 'left out with --sql, which prints SQL',
    });
  }
  if (!wantsSql) refuseIdleOptions(options);
  const { runDiff } = await import('../../stages/compare-two.ts');
  const [from = '', to = ''] = invocation.words;
  const { report, sql } = await runDiff({
    ...requestOf(invocation),
    from,
    to,
    dialect: options['dialect'] as DialectName | undefined,
    plan: wantsSql
      ? {
          renames: options['rename'] as readonly string[] | undefined,
          backfills: options['backfill'] as readonly string[] | undefined,
          allowDataLoss: options['allow'] === 'data-loss',
          runner: options['runner'] as RunnerForm | undefined,
        }
      : null,
  });
  progress.end();
  if (sql === null) await publishText(await render(report, format, invocation), invocation);
  else await publishText(sql, invocation, 'sql');
  return { equal: exitCodes.done, different: exitCodes.notUpToDate, undetermined: exitCodes.failed }[
    report.status
  ];
}

async function render(
  report: DiffReport,
  format: (typeof formats)[number],
  invocation: Invocation,
): Promise<string> {
  if (format === 'json') {
    return (await import('../../report/diff-report.ts')).renderDiffJson(report, invocation.settings.verbose);
  }
  return (await import('../../report/diff-human.ts')).renderDiffHuman(report, await styleOf(invocation));
}

/** Answers to a plan mean nothing where none is asked for; a script that forgot --sql shall hear of it. */
function refuseIdleOptions(options: Invocation['options']): void {
  const idle = ['rename', 'backfill', 'allow', 'runner'].find((name) => options[name] !== undefined);
  if (idle === undefined) return;
  throw new DriftError('CLI_OPTION_IDLE', { option: `--${idle}`, needs: '--sql' });
}

function parseDialect(value: string): DialectName {
  return parseWord('--dialect', value === 'postgresql' ? 'postgres' : value, ['postgres', 'sqlite']);
}

function parseWord<W extends string>(option: string, value: string, words: readonly W[]): W {
  const word = words.find((one) => one === value);
  if (word !== undefined) return word;
  throw new DriftError('CLI_INVALID_VALUE', {
    option,
    value,
    expected: words.join(' or '),
    nearest: nearest(value, words),
  });
}

function collect(option: string): (value: string, before?: readonly string[]) => readonly string[] {
  return (value, before = []) => [...before, parseText(option)(value)];
}
