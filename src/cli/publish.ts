import { Chalk } from 'chalk';
import { formats, type RenderOptions } from '../report/format.ts';
import type { Report } from '../report/report.ts';
import type { Invocation } from './command.ts';
import { redact } from './redaction.ts';
import { writeFileAtomically } from './write-file.ts';

const defaultWidth = 80;
const narrowest = 40;
/** Longer lines are hard to follow, however wide the window is. */
const widest = 120;

/** Where a report goes and how. */
export type Publishing = Pick<Invocation, 'environment' | 'settings'>;

/**
 * Prints a report in every format that was asked for: files first, then the one for standard output.
 * @throws DriftError OUTPUT_NOT_WRITTEN
 */
export async function publishReport(report: Report, publishing: Publishing): Promise<void> {
  const { settings, environment } = publishing;
  // The stages name a target without its password; this is the last place where a slip could be caught.
  const safe = report.target === null ? report : { ...report, target: redact(report.target) };
  const requests = settings.formats.map(({ format, file }) => ({ format, file: file ?? settings.output }));
  let text = '';
  for (const { format, file } of requests) {
    const render = await formats[format]();
    if (file === undefined) text += render(safe, optionsFor(publishing, true));
    else {
      await writeFileAtomically(file, render(safe, optionsFor(publishing, false)), environment.processId);
    }
  }
  if (text !== '') await environment.stdout.write(text);
}

/** Prints a text where the settings say: standard output or `--output`. */
export async function publishText(text: string, { environment, settings }: Publishing): Promise<void> {
  if (settings.output === undefined) await environment.stdout.write(text);
  else await writeFileAtomically(settings.output, text, environment.processId);
}

function optionsFor({ environment, settings }: Publishing, onScreen: boolean): RenderOptions {
  return {
    width: onScreen ? screenWidth(environment.stdout.columns) : defaultWidth,
    color: new Chalk({ level: onScreen && settings.color ? 1 : 0 }),
    verbose: settings.verbose,
    quiet: settings.quiet,
    version: environment.version,
    configFile: settings.config ?? 'drizzle.config.ts',
  };
}

export function screenWidth(columns: number | undefined): number {
  return Math.min(widest, Math.max(narrowest, columns ?? defaultWidth));
}
