import type { CommandDefinition } from '../command.ts';
import { exitCodeOf } from '../exit-codes.ts';
import { publishReport } from '../publish.ts';

export const checkCommand: CommandDefinition = {
  name: 'check',
  summary: 'report what in the database is not as the models say',
  timeout: 60,
  reports: true,
  declare: (command) => {
    command.option('--offline', 'models against migrations alone; no database is needed');
    command.addHelpText(
      'after',
      '\nExit codes: 0 up to date, 1 not up to date, 2 could not tell.\nThe database is not changed.',
    );
  },
  async run(invocation) {
    const { settings, environment, deadline, progress, options } = invocation;
    const { runCheck } = await import('../../stages/check.ts');
    const report = await runCheck({
      cwd: settings.cwd,
      config: settings.config,
      url: settings.url,
      offline: options['offline'] === true,
      env: environment.variables,
      timeout: settings.timeout === undefined ? undefined : settings.timeout * 1000,
      onDeadline: deadline.limit,
      onStage: (stage) => {
        deadline.begin(stage);
        progress.begin(stage);
      },
    });
    progress.end();
    await publishReport(report, invocation);
    return exitCodeOf(report.status);
  },
};
