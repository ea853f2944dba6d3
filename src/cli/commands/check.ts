import { Option } from '../commander.ts';
import { DriftError } from '../../errors.ts';
import { formatNames } from '../../report/format.ts';
import type { BaselineRequest } from '../../stages/baseline.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import type { Environment } from '../environment.ts';
import { exitCodeOf } from '../exit-codes.ts';
import { publishReport } from '../publish.ts';
import { requestOf } from '../request.ts';
import { parseText } from '../settings.ts';
import { writeFileAtomically } from '../write-file.ts';

export const checkCommand: CommandDefinition = {
  name: 'check',
  summary: 'report what in the database is not as the models say',
  timeout: 60,
  formats: formatNames,
  exits: { done: 'up to date', notUpToDate: 'not up to date', failed: 'could not tell' },
  remark: 'The database is not changed.',
  reports: true,
  declare: (command) => {
    command.option('--offline', 'models against migrations alone; no database is needed');
    command.addOption(
      new Option('--baseline <FILE>', 'file of accepted drift (default: drift.baseline.json)').argParser(
        parseText('--baseline'),
      ),
    );
    command.option('--no-baseline', 'report accepted drift too');
    command.option('--update-baseline', 'accept the drift of today: later checks fail on new drift only');
  },
  async run(invocation) {
    const { environment, progress, options } = invocation;
    const { runCheck } = await import('../../stages/check.ts');
    const report = await runCheck({
      ...requestOf(invocation),
      offline: options['offline'] === true,
      baseline: chooseBaseline(options, environment),
    });
    progress.end();
    await publishReport(report, invocation);
    return exitCodeOf(report.status);
  },
};

/** @throws DriftError CLI_OPTIONS_CONFLICT */
function chooseBaseline(options: Invocation['options'], { processId }: Environment): BaselineRequest {
  const { baseline } = options;
  const isUpdate = options['updateBaseline'] === true;
  if (isUpdate && baseline === false) refuse('--no-baseline', '--update-baseline');
  // Half of what there is to accept would replace all that was accepted.
  if (isUpdate && options['offline'] === true) refuse('--offline', '--update-baseline');
  return {
    ...(typeof baseline === 'string' ? { file: baseline } : {}),
    ignore: baseline === false,
    ...(isUpdate ? { write: (file, text) => writeFileAtomically(file, text, processId) } : {}),
  };
}

function refuse(option: string, other: string): never {
  throw new DriftError('CLI_OPTIONS_CONFLICT', { option, other });
}
