import type { CommandDefinition, Invocation } from '../command.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { publishText, styleOf } from '../publish.ts';
import { requestOf } from '../request.ts';
import { chooseTextFormat } from '../text-format.ts';

const formats = ['human', 'json'] as const;

export const stampCommand: CommandDefinition = {
  name: 'stamp',
  summary: 'mark migrations as applied without running them',
  timeout: 60,
  formats,
  exits: { done: 'done', notUpToDate: 'a dry run that would be refused', failed: 'refused or failed' },
  remark: 'Only the table of applied migrations is written to.',
  reports: false,
  declare: (command) => {
    command.argument('<TAG>', 'the last migration to mark; those before it are marked too');
    command.option('--dry-run', 'say what would be marked; write nothing');
    command.option('--force', 'mark them although the database is not what they make');
  },
  describeFailure: async (failure) =>
    (await import('../../report/stamp-report.ts')).renderFailedStamp(failure),
  run: runStampCommand,
};

async function runStampCommand(invocation: Invocation): Promise<ExitCode> {
  const { settings, progress, options, words } = invocation;
  const format = chooseTextFormat(settings, formats);
  const { runStamp } = await import('../../stages/stamp.ts');
  const result = await runStamp({
    ...requestOf(invocation),
    tag: words[0] ?? '',
    dryRun: options['dryRun'] === true,
    force: options['force'] === true,
    now: () => new Date(),
  });
  progress.end();
  const { renderStampHuman, renderStampJson } = await import('../../report/stamp-report.ts');
  const text =
    format === 'json' ? renderStampJson(result) : renderStampHuman(result, await styleOf(invocation));
  await publishText(text, invocation);
  return result.status === 'refused' ? exitCodes.notUpToDate : exitCodes.done;
}
