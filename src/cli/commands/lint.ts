import type { FormatName } from '../../report/format.ts';
import { lintFormatNames, lintFormats, type RenderLint } from '../../report/lint-format.ts';
import type { LintReport } from '../../report/lint-report.ts';
import type { CommandDefinition } from '../command.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { publishFormats } from '../publish.ts';
import { requestOf } from '../request.ts';
import { parseText } from '../settings.ts';

export const lintCommand: CommandDefinition = {
  name: 'lint',
  summary: 'report hazards in migrations on disk, whoever wrote them',
  timeout: 60,
  formats: lintFormatNames,
  exits: { done: 'no hazards', notUpToDate: 'hazards found', failed: 'could not tell' },
  remark: 'No database is changed; without --pending none is needed.',
  reports: true,
  describeFailure: async (failure) => (await import('../../report/lint-json.ts')).renderFailedLint(failure),
  declare: (command) => {
    command.argument('[FILES...]', 'tags, paths or patterns; all migrations of the folder where left out');
    command.option('--since <TAG>', 'only migrations that come after this one', parseText('--since'));
    command.option('--pending', 'only migrations that the database does not have yet');
  },
  async run(invocation) {
    const { progress, words, options } = invocation;
    const since = options['since'];
    const { runLint } = await import('../../stages/lint.ts');
    const report = await runLint({
      ...requestOf(invocation),
      // commander gives the arguments of [FILES...] as one list.
      files: words.flat().filter((word) => word !== undefined),
      since: typeof since === 'string' ? since : undefined,
      pending: options['pending'] === true,
    });
    progress.end();
    await publishFormats(invocation, loadFormat, report);
    return statusCodes[report.status];
  },
};

const statusCodes: Readonly<Record<LintReport['status'], ExitCode>> = {
  clean: exitCodes.done,
  hazards: exitCodes.notUpToDate,
  undetermined: exitCodes.failed,
};

function loadFormat(format: FormatName): Promise<RenderLint> {
  const known = lintFormatNames.find((name) => name === format);
  if (known === undefined) throw new Error(`format ${format} was let through`);
  return lintFormats[known]();
}
