/** The options that every command takes, checked. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { DriftError } from '../errors.ts';
import { findNearestPath } from '../project/paths.ts';
import { formatNames, type FormatName } from '../report/format.ts';
import { editDistance, nearest } from '../spelling.ts';
import type { Environment } from './environment.ts';

/** The values as commander collects them; what was not given is not there. */
export interface GlobalOptions {
  readonly config?: string;
  readonly cwd?: string;
  readonly url?: string;
  readonly format?: readonly FormatRequest[];
  readonly output?: string;
  /** Seconds. */
  readonly timeout?: number;
  readonly color?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** One `--format`; without a file it goes to standard output, or where `--output` says. */
export interface FormatRequest {
  readonly format: FormatName;
  readonly file?: string;
}

/** How a command is to work and to speak. */
export interface Settings {
  readonly cwd: string;
  readonly config: string | undefined;
  readonly url: string | undefined;
  /** Exactly one of them has no file: it goes to `output`. */
  readonly formats: readonly FormatRequest[];
  /** Absolute path in place of standard output. */
  readonly output: string | undefined;
  /** Seconds; undefined where the command's own deadline holds. */
  readonly timeout: number | undefined;
  readonly color: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/**
 * Puts the options in order.
 * @throws DriftError CLI_FORMAT_CONFLICT, CLI_DIRECTORY_MISSING
 */
export function chooseSettings(options: GlobalOptions, environment: Environment): Settings {
  const cwd = chooseDirectory(options.cwd, environment.workingDirectory());
  const formats = chooseFormats(options.format ?? []);
  return {
    cwd,
    config: options.config,
    url: options.url,
    formats: formats.map(({ format, file }) =>
      file === undefined ? { format } : { format, file: path.resolve(cwd, file) },
    ),
    output: options.output === undefined ? undefined : path.resolve(cwd, options.output),
    timeout: options.timeout,
    color: wantsColor(options.color, environment),
    quiet: options.quiet ?? false,
    verbose: options.verbose ?? false,
  };
}

function chooseDirectory(named: string | undefined, workingDirectory: string): string {
  const directory = path.resolve(workingDirectory, named ?? '.');
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return directory;
  throw new DriftError('CLI_DIRECTORY_MISSING', {
    directory: named ?? directory,
    nearest: suggestDirectory(named ?? directory, directory, workingDirectory),
  });
}

/** A directory of which one part is a slip of the pen away, written as the missing one was. */
function suggestDirectory(named: string, directory: string, workingDirectory: string): string | undefined {
  const near = findNearestPath(workingDirectory, directory);
  if (near === undefined || near === directory) return undefined;
  const at = near.split(path.sep).length - 1;
  const typed = directory.split(path.sep)[at] ?? '';
  if (editDistance(typed, path.basename(near)) > Math.max(1, Math.floor(typed.length / 4))) return undefined;
  const whole = [near, ...directory.split(path.sep).slice(at + 1)].join(path.sep);
  const meant = [whole, near].find((one) => statSync(one, { throwIfNoEntry: false })?.isDirectory());
  if (meant === undefined || path.isAbsolute(named)) return meant;
  return path.relative(workingDirectory, meant) || path.join('..', path.basename(meant));
}

/** With files alone, people still get to read something. */
function chooseFormats(requests: readonly FormatRequest[]): readonly FormatRequest[] {
  const open = [...new Set(requests.filter(({ file }) => file === undefined).map(({ format }) => format))];
  if (open.length > 1) throw new DriftError('CLI_FORMAT_CONFLICT', { formats: open });
  const files = requests.filter(({ file }) => file !== undefined);
  return [{ format: open[0] ?? 'human' }, ...files];
}

/** Colour as people ask for it: the flag, then FORCE_COLOR, then NO_COLOR (no-color.org), then the terminal. */
function wantsColor(flag: boolean | undefined, { variables, stdout }: Environment): boolean {
  if (flag === false) return false;
  const forced = variables['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if ((variables['NO_COLOR'] ?? '') !== '') return false;
  return stdout.isTerminal && variables['TERM'] !== 'dumb';
}

/** Reads one `--format` after those before it. */
export function parseFormat(value: string, before: readonly FormatRequest[] = []): readonly FormatRequest[] {
  const cut = value.indexOf('=');
  const name = cut === -1 ? value : value.slice(0, cut);
  const format = formatNames.find((valid) => valid === name);
  if (format === undefined) {
    throw new DriftError('CLI_INVALID_VALUE', {
      option: '--format',
      value: name,
      expected: `one of ${formatNames.join(', ')}`,
      nearest: nearest(name, formatNames),
    });
  }
  if (cut === -1) return [...before, { format }];
  const file = value.slice(cut + 1);
  if (file === '') throw new DriftError('CLI_VALUE_MISSING', { option: `--format ${format}=FILE` });
  return [...before, { format, file }];
}

/** Reads a number of seconds: more than nothing, fractions allowed. */
export function parseSeconds(option: string): (value: string) => number {
  return (value) => {
    const seconds = Number(value);
    if (/^\d*\.?\d+$/.test(value) && seconds > 0) return seconds;
    throw new DriftError('CLI_INVALID_VALUE', {
      option,
      value,
      expected: 'a number of seconds greater than 0',
    });
  };
}

/** Reads a text that is there; an option in its place is a forgotten value. */
export function parseText(option: string): (value: string) => string {
  return (value) => {
    if (value !== '' && !value.startsWith('--')) return value;
    throw new DriftError('CLI_VALUE_MISSING', { option });
  };
}
