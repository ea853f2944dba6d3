import { formats, type FormatName, type RenderOptions } from '../report/format.ts';
import { plainPalette, type Palette } from '../report/palette.ts';
import type { Report } from '../report/report.ts';
import type { Invocation } from './command.ts';
import type { Environment } from './environment.ts';
import { maskReport } from './redaction.ts';
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
  await publishFormats(publishing, (format) => formats[format](), report);
}

/** The same for a report of another kind; `load` gives what prints it in a format. */
export async function publishFormats<R>(
  publishing: Publishing,
  load: (format: FormatName) => Promise<(report: R, options: RenderOptions) => string>,
  report: R,
): Promise<void> {
  const { settings, environment } = publishing;
  let text = '';
  for (const { format, file = settings.output } of settings.formats) {
    const render = await load(format);
    if (file === undefined) text += render(report, await optionsFor(publishing, true));
    else await publishFile(file, render(report, await optionsFor(publishing, false)), environment);
  }
  if (text !== '') await environment.stdout.write(text);
}

/** Prints a text where the settings say: standard output or `--output`. SQL is for running, and nothing is taken out of it. */
export async function publishText(
  text: string,
  { environment, settings }: Publishing,
  is?: 'sql',
): Promise<void> {
  if (settings.output === undefined) await environment.stdout.write(text, is);
  else await publishFile(settings.output, text, environment, is);
}

async function publishFile(file: string, text: string, environment: Environment, is?: 'sql'): Promise<void> {
  await writeFileAtomically(file, is === 'sql' ? text : maskReport(text, environment), environment.processId);
}

/** Columns to keep to; undefined where nobody looks at a screen. */
export function widthOf({ isTerminal, columns }: Environment['stderr']): number | undefined {
  return isTerminal ? screenWidth(columns) : undefined;
}

/** How a text is to be printed that goes where the settings say. */
export function styleOf(publishing: Publishing): Promise<RenderOptions> {
  return optionsFor(publishing, publishing.settings.output === undefined);
}

async function optionsFor({ environment, settings }: Publishing, onScreen: boolean): Promise<RenderOptions> {
  return {
    width: screenWidth(onScreen ? environment.stdout.columns : undefined),
    color: onScreen && settings.color ? await loadTerminalPalette() : plainPalette,
    verbose: settings.verbose,
    quiet: settings.quiet,
    version: environment.version,
    configFile: settings.config ?? 'drizzle.config.ts',
  };
}

async function loadTerminalPalette(): Promise<Palette> {
  return (await import('./terminal-palette.ts')).terminalPalette;
}

export function screenWidth(columns: number | undefined): number {
  return Math.min(widest, Math.max(narrowest, columns ?? defaultWidth));
}
