import { DriftError } from '../errors.ts';
import type { FormatName } from '../report/format.ts';
import { nearest } from '../spelling.ts';
import type { Settings } from './settings.ts';

/**
 * The format for a command that prints something else than a report of a check.
 * @throws DriftError CLI_INVALID_VALUE for a format that it has not, and for one with a file of its own
 */
export function chooseTextFormat<F extends FormatName>(
  { formats }: Pick<Settings, 'formats'>,
  available: readonly F[],
): F {
  const [own, withFile] = formats;
  const chosen = available.find((format) => format === own?.format);
  if (chosen !== undefined && withFile === undefined) return chosen;
  const wrong = chosen === undefined ? (own?.format ?? '') : `${withFile?.format ?? ''}=…`;
  throw new DriftError('CLI_INVALID_VALUE', {
    option: '--format',
    value: wrong,
    expected: `${available.join(' or ')} for this command (a file is given with --output)`,
    nearest: nearest(wrong, available),
  });
}
