import { Chalk } from 'chalk';
import { DriftError } from '../../errors.ts';
import type { RenderOptions } from '../../report/format.ts';
import { lintFormatNames, lintFormats } from '../../report/lint-format.ts';
import type { LintReport } from '../../report/lint-report.ts';
import { nearest } from '../../spelling.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { screenWidth } from '../publish.ts';
import { parseText } from '../settings.ts';
import { writeFileAtomically } from '../write-file.ts';

export const lintCommand: CommandDefinition = {
  name: 'lint',
  summary: 'report hazards in migrations on disk, whoever wrote them',
  timeout: 60,
  reports: true,
  declare: (command) => {
    command.argument('[FILES...]', 'tags, paths or patterns; all migrations of the folder where left out');
    command.option('--since <TAG>', 'only migrations that come after this one', parseText('--since'));
    command.option('--pending', 'only migrations that the database does not have yet');
    command.addHelpText(
      'after',
      '\nExit codes: 0 no hazards, 1 hazards found, 2 could not tell.\nNo database is changed; without --pending none is needed.',
    );
  },
  async run(invocation) {
    const { settings, environment, deadline, progress, words, options } = invocation;
    const formats = chooseFormats(invocation);
    const since = options['since'];
    const { runLint } = await import('../../stages/lint.ts');
    const report = await runLint({
      cwd: settings.cwd,
      config: settings.config,
      url: settings.url,
      env: environment.variables,
      timeout: settings.timeout === undefined ? undefined : settings.timeout * 1000,
      // commander gives the arguments of [FILES...] as one list.
      files: words.flat().filter((word) => word !== undefined),
      since: typeof since === 'string' ? since : undefined,
      pending: options['pending'] === true,
      onDeadline: deadline.limit,
      onStage: (stage) => {
        deadline.begin(stage);
        progress.begin(stage);
      },
    });
    progress.end();
    await publish(report, formats, invocation);
    return statusCodes[report.status];
  },
};

const statusCodes: Readonly<Record<LintReport['status'], ExitCode>> = {
  clean: exitCodes.done,
  hazards: exitCodes.notUpToDate,
  undetermined: exitCodes.failed,
};

interface ChosenFormat {
  readonly format: keyof typeof lintFormats;
  readonly file: string | undefined;
}

/** @throws DriftError CLI_INVALID_VALUE for a format of other commands */
function chooseFormats({ settings }: Invocation): readonly ChosenFormat[] {
  return settings.formats.map(({ format, file }) => {
    const known = lintFormatNames.find((name) => name === format);
    if (known !== undefined) return { format: known, file: file ?? settings.output };
    throw new DriftError('CLI_INVALID_VALUE', {
      option: '--format',
      value: format,
      expected: `one of ${lintFormatNames.join(', ')} for this command`,
      nearest: nearest(format, lintFormatNames),
    });
  });
}

/** Files first, then what goes to standard output. */
async function publish(
  report: LintReport,
  formats: readonly ChosenFormat[],
  invocation: Invocation,
): Promise<void> {
  const { environment } = invocation;
  let text = '';
  for (const { format, file } of formats) {
    const render = await lintFormats[format]();
    if (file === undefined) text += render(report, optionsFor(invocation, true));
    else
      await writeFileAtomically(file, render(report, optionsFor(invocation, false)), environment.processId);
  }
  if (text !== '') await environment.stdout.write(text);
}

function optionsFor({ environment, settings }: Invocation, onScreen: boolean): RenderOptions {
  return {
    width: screenWidth(onScreen ? environment.stdout.columns : undefined),
    color: new Chalk({ level: onScreen && settings.color ? 1 : 0 }),
    verbose: settings.verbose,
    quiet: settings.quiet,
    version: environment.version,
    configFile: settings.config ?? 'drizzle.config.ts',
  };
}
