import { Chalk } from 'chalk';
import type { StatusReport } from '../../report/status-report.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { publishText, screenWidth } from '../publish.ts';
import { chooseTextFormat } from '../text-format.ts';

export const statusCommand: CommandDefinition = {
  name: 'status',
  summary: 'list the migrations: applied, pending, unknown, edited, out of order',
  timeout: 60,
  reports: false,
  declare: (command) => {
    command.addHelpText(
      'after',
      '\nExit codes: 0 all is applied as it is, 1 it is not, 2 could not tell.\n' +
        'Formats: human, json and markdown. Models and schema are not read, and nothing is changed.',
    );
  },
  describeFailure: async (failure) =>
    (await import('../../report/status-report.ts')).renderFailedStatus(failure),
  run: runStatusCommand,
};

async function runStatusCommand(invocation: Invocation): Promise<ExitCode> {
  const { settings, environment, deadline, progress } = invocation;
  const format = chooseTextFormat(settings, ['human', 'json', 'markdown']);
  const { runStatus } = await import('../../stages/status.ts');
  const report = await runStatus({
    cwd: settings.cwd,
    config: settings.config,
    url: settings.url,
    env: environment.variables,
    timeout: settings.timeout === undefined ? undefined : settings.timeout * 1000,
    onDeadline: deadline.limit,
    onStage: (stage) => {
      deadline.begin(stage);
      progress.begin(stage);
    },
  });
  progress.end();
  await publishText(await render(report, format, invocation), invocation);
  return report.status === 'up-to-date' ? exitCodes.done : exitCodes.notUpToDate;
}

async function render(
  report: StatusReport,
  format: 'human' | 'json' | 'markdown',
  { settings, environment }: Invocation,
): Promise<string> {
  const { verbose, quiet } = settings;
  switch (format) {
    case 'json':
      return (await import('../../report/status-report.ts')).renderStatusJson(report);
    case 'markdown':
      return (await import('../../report/status-markdown.ts')).renderStatusMarkdown(report, {
        verbose,
        quiet,
      });
    case 'human': {
      const onScreen = settings.output === undefined;
      return (await import('../../report/status-human.ts')).renderStatusHuman(report, {
        width: screenWidth(onScreen ? environment.stdout.columns : undefined),
        color: new Chalk({ level: onScreen && settings.color ? 1 : 0 }),
        verbose,
        quiet,
      });
    }
  }
}
