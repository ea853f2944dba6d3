import { DriftError } from '../errors.ts';
import { formats, type FormatName } from '../report/format.ts';
import { createFailedReport, type Failure } from '../report/report.ts';
import type { CommandDefinition } from './command.ts';
import { runWithin } from './deadline.ts';
import type { Environment } from './environment.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { describeFailure, printFailure } from './failure.ts';
import { parseLine, type ParsedLine, type Request } from './program.ts';
import { createProgress } from './progress.ts';
import { publishFormats, publishText, widthOf } from './publish.ts';
import { findSecrets, maskOutputs } from './redaction.ts';
import { requireFormats } from './text-format.ts';
import { chooseSettings, type Settings } from './settings.ts';

/** Runs one command line and says with which code the process should end. Never throws. */
export async function run(unmasked: Environment): Promise<ExitCode> {
  const environment = maskOutputs(unmasked);
  let line: ParsedLine | undefined;
  let settings: Settings | undefined;
  try {
    line = await parseLine(environment);
    // Known before the command line is found wanting, so that the error comes in the format that was asked for.
    settings = chooseSettings(line.globals, environment);
    if (line.request instanceof DriftError) throw line.request;
    return await answer(line.request, settings, environment);
  } catch (error) {
    const secrets = findSecrets(environment);
    const failure = describeFailure(error, secrets);
    const verbose = settings?.verbose ?? line?.globals.verbose ?? false;
    await environment.stderr.write(
      printFailure(failure, 'error', verbose ? error : undefined, secrets, widthOf(environment.stderr)),
    );
    if (line && settings) await publishFailure(failure, error, line, settings, environment);
    return exitCodes.failed;
  }
}

async function answer(request: Request, settings: Settings, environment: Environment): Promise<ExitCode> {
  if (request.asks === 'text') {
    await environment.stdout.write(request.text);
    return exitCodes.done;
  }
  if (settings.cwd !== environment.workingDirectory()) environment.changeDirectory(settings.cwd);
  return execute(request.definition, request, settings, environment);
}

async function execute(
  definition: CommandDefinition,
  { words, options }: Extract<Request, { asks: 'command' }>,
  settings: Settings,
  environment: Environment,
): Promise<ExitCode> {
  requireFormats(definition, settings);
  const progress = createProgress(environment, settings);
  const seconds = (settings.timeout ?? definition.timeout) + (definition.grace ?? 0);
  const { now, onStage } = environment;
  try {
    return await runWithin(
      seconds * 1000,
      settings.timeout !== undefined,
      now,
      (deadline) => definition.run({ environment, settings, words, options, deadline, progress }),
      onStage,
    );
  } finally {
    progress.end();
  }
}

/** A machine that was promised a report gets one that says why there is none. */
async function publishFailure(
  failure: Failure,
  error: unknown,
  line: ParsedLine,
  settings: Settings,
  environment: Environment,
): Promise<void> {
  const { definition } = line;
  if (!definition || failure.code === 'OUTPUT_NOT_WRITTEN') return;
  // A format that the command has not cannot say so either.
  if (settings.formats.some(({ format }) => !definition.formats.includes(format))) return;
  try {
    const { describeFailure: describe, reports, name } = definition;
    const document = describe && settings.formats.some(({ format }) => format === 'json');
    const text = document ? await describe(failure, error) : null;
    if (reports) {
      const report = createFailedReport(failure, name === 'check' ? undefined : `drift ${name}`);
      const load = (format: FormatName): ReturnType<(typeof formats)[FormatName]> =>
        format === 'json' && text !== null ? Promise.resolve(() => text) : formats[format]();
      await publishFormats({ environment, settings }, load, report);
    } else if (text !== null) await publishText(text, { environment, settings });
  } catch (problem) {
    await environment.stderr.write(
      printFailure(describeFailure(problem, []), 'error', undefined, [], widthOf(environment.stderr)),
    );
  }
}
