/** Errors as people and machines are told them. */
import { DriftError } from '../errors.ts';
import { makePrintable } from '../diff/printable.ts';
import type { Failure } from '../report/report.ts';
import { wrapText } from '../report/width.ts';
import { redact } from './redaction.ts';

/** Code, sentence and next step of anything that was thrown. What drift did not foresee is a mistake in drift. */
export function describeFailure(error: unknown, secrets: readonly string[]): Failure {
  const known = error instanceof DriftError ? error : new DriftError('INTERNAL', { problem: wordOf(error) });
  return {
    code: known.code,
    message: redact(known.message, secrets),
    next: redact(known.next, secrets),
  };
}

/**
 * The text for stderr; `details` is what was thrown, for `--verbose`.
 * @param width columns of the terminal; left out where there is none, since whoever reads a log looks for whole lines
 */
export function printFailure(
  failure: Failure,
  word: 'error' | 'warning',
  details: unknown,
  secrets: readonly string[],
  width?: number,
): string {
  const lines = [`${word} ${failure.code}: ${failure.message}`, `next: ${failure.next}`]
    .flatMap((text) => printLines(text).split('\n'))
    .flatMap((line) => (width === undefined ? [line] : wrapLine(line, width)));
  if (details !== undefined) lines.push(printLines(redact(describeStack(details), secrets)));
  return `${lines.join('\n')}\n`;
}

/** With what follows a flag on one line with it, so that it can be copied; further lines as far in as the first. */
function wrapLine(line: string, width: number): readonly string[] {
  const indent = /^ */.exec(line)?.[0] ?? '';
  const glue = '\u00a0';
  const glued = line.slice(indent.length).replace(/(--[a-z-]+) (?=[^\s-])/g, `$1${glue}`);
  return wrapText(glued, width - indent.length).map((part) => indent + part.replaceAll(glue, ' '));
}

/** Messages may quote code or SQL of several lines; only what would act on a terminal is taken out. */
function printLines(text: string): string {
  return text.split('\n').map(makePrintable).join('\n');
}

function describeStack(error: unknown): string {
  const lines: string[] = [];
  const seen = new Set<unknown>();
  for (let at = error; at !== undefined && at !== null && !seen.has(at); at = causeOf(at)) {
    seen.add(at);
    lines.push(
      `${lines.length === 0 ? '' : 'caused by '}${at instanceof Error ? (at.stack ?? at.message) : wordOf(at)}`,
    );
  }
  return lines.join('\n');
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

/** What was thrown, in a word: not everything that is thrown is an error. */
export function wordOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const line = text.split('\n')[0]?.trim() ?? '';
  return (line === '' ? 'no message' : line).replace(/[.]+$/, '');
}
