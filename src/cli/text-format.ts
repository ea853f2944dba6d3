import { DriftError } from '../errors.ts';
import { nearest } from '../spelling.ts';
import type { CommandDefinition } from './command.ts';
import type { FormatName } from '../report/format.ts';
import type { Settings } from './settings.ts';

/**
 * Says so where a command has not the format that is asked for, or prints one text only and is asked for several.
 * @throws DriftError CLI_INVALID_VALUE
 */
export function requireFormats(
  { name, formats, reports }: Pick<CommandDefinition, 'name' | 'formats' | 'reports'>,
  settings: Pick<Settings, 'formats'>,
): void {
  for (const { format, file } of settings.formats) {
    if (formats.includes(format) && (reports || file === undefined)) continue;
    const value = file === undefined ? format : `${format}=…`;
    throw new DriftError('CLI_INVALID_VALUE', {
      option: '--format',
      value,
      expected: `${formats.length > 2 ? 'one of ' : ''}${formats.join(formats.length > 2 ? ', ' : ' or ')} for drift ${name}${reports ? '' : ' (a file is given with --output)'}`,
      nearest: nearest(value, formats),
    });
  }
}

/** The format for a command that prints one text; {@link requireFormats} has let it through. */
export function chooseTextFormat<F extends FormatName>(
  { formats }: Pick<Settings, 'formats'>,
  available: readonly F[],
): F {
  const chosen = available.find((format) => format === formats[0]?.format);
  if (chosen === undefined) throw new TypeError(`The format ${formats[0]?.format ?? ''} was let through.`);
  return chosen;
}
