import type { CommandDefinition, Invocation } from '../command.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { publishText, screenWidth } from '../publish.ts';
import { chooseTextFormat } from '../text-format.ts';

export const stampCommand: CommandDefinition = {
  name: 'stamp',
  summary: 'mark migrations as applied without running them',
  timeout: 60,
  reports: false,
  declare: (command) => {
    command.argument('<TAG>', 'the last migration to mark; those before it are marked too');
    command.option('--dry-run', 'say what would be marked; write nothing');
    command.option('--force', 'mark them although the database is not what they make');
    command.addHelpText(
      'after',
      '\nExit codes: 0 done, 1 a dry run that would be refused, 2 refused or failed.\n' +
        'Formats: human and json. Only the table of applied migrations is written to.',
    );
  },
  describeFailure: async (failure) =>
    (await import('../../report/stamp-report.ts')).renderFailedStamp(failure),
  run: runStampCommand,
};

async function runStampCommand(invocation: Invocation): Promise<ExitCode> {
  const { settings, environment, deadline, progress, options, words } = invocation;
  const format = chooseTextFormat(settings, ['human', 'json']);
  const { runStamp } = await import('../../stages/stamp.ts');
  const result = await runStamp({
    cwd: settings.cwd,
    config: settings.config,
    url: settings.url,
    env: environment.variables,
    tag: words[0] ?? '',
    dryRun: options['dryRun'] === true,
    force: options['force'] === true,
    now: () => new Date(),
    timeout: settings.timeout === undefined ? undefined : settings.timeout * 1000,
    onDeadline: deadline.limit,
    onStage: (stage) => {
      deadline.begin(stage);
      progress.begin(stage);
    },
  });
  progress.end();
  const { renderStampHuman, renderStampJson } = await import('../../report/stamp-report.ts');
  const width = screenWidth(settings.output === undefined ? environment.stdout.columns : undefined);
  const text =
    format === 'json' ? renderStampJson(result) : renderStampHuman(result, { width, quiet: settings.quiet });
  await publishText(text, invocation);
  return result.status === 'refused' ? exitCodes.notUpToDate : exitCodes.done;
}
