import type { StatusReport } from '../../report/status-report.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { publishText, styleOf } from '../publish.ts';
import { requestOf } from '../request.ts';
import { chooseTextFormat } from '../text-format.ts';

const formats = ['human', 'json', 'markdown'] as const;

export const statusCommand: CommandDefinition = {
  name: 'status',
  summary: 'list the migrations: applied, pending, unknown, edited, out of order',
  timeout: 60,
  formats,
  exits: { done: 'all is applied as it is', notUpToDate: 'it is not', failed: 'could not tell' },
  remark: 'Models and schema are not read, and nothing is changed.',
  reports: false,
  declare: () => undefined,
  describeFailure: async (failure) =>
    (await import('../../report/status-report.ts')).renderFailedStatus(failure),
  run: runStatusCommand,
};

async function runStatusCommand(invocation: Invocation): Promise<ExitCode> {
  const format = chooseTextFormat(invocation.settings, formats);
  const { runStatus } = await import('../../stages/status.ts');
  const report = await runStatus(requestOf(invocation));
  invocation.progress.end();
  await publishText(await render(report, format, invocation), invocation);
  return report.status === 'up-to-date' ? exitCodes.done : exitCodes.notUpToDate;
}

async function render(
  report: StatusReport,
  format: (typeof formats)[number],
  invocation: Invocation,
): Promise<string> {
  const style = await styleOf(invocation);
  switch (format) {
    case 'json':
      return (await import('../../report/status-report.ts')).renderStatusJson(report);
    case 'markdown':
      return (await import('../../report/status-markdown.ts')).renderStatusMarkdown(report, style);
    case 'human':
      return (await import('../../report/status-human.ts')).renderStatusHuman(report, style);
  }
}
