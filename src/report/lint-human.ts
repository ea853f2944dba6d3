import { makePrintable } from '../diff/printable.ts';
import type { RenderOptions } from './format.ts';
import { summariseLint, type AllowedHazard, type LintHazard, type LintReport } from './lint-report.ts';
import { wrapText } from './width.ts';

const indent = '  ';

/** For people: in the order of the statements, each with a place that a terminal can open. */
export function renderLintHuman(report: LintReport, options: RenderOptions): string {
  const { color, width, quiet, verbose } = options;
  const paint =
    report.status === 'clean' ? color.green : report.status === 'hazards' ? color.red : color.magenta;
  const summary = wrapText(makePrintable(summariseLint(report)), width).map((line) => paint(line));
  const sections = quiet
    ? []
    : [
        ...report.hazards.map((hazard) => showHazard(hazard, options)),
        ...(verbose ? report.allowed : []).map((hazard) => showAllowed(hazard, options)),
        ...report.problems.map(({ message, next }) =>
          wrapText(makePrintable(`${message} ${next}`), width).map((line) => color.magenta(line)),
        ),
      ];
  const next =
    report.status === 'hazards' && !quiet
      ? wrapText(
          'drift explain CODE tells more. To allow one: -- drift: allow CODE: reason, on the line before the statement.',
          width,
        ).map((line) => color.dim(line))
      : [];
  return `${[...sections, [...summary, ...next]].map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function showHazard(hazard: LintHazard, { color, width }: RenderOptions): readonly string[] {
  const paint = hazard.level === 'error' ? color.red : hazard.level === 'warning' ? color.yellow : color.dim;
  const { instead } = hazard;
  return [
    `${color.bold(placeOf(hazard))}  ${paint(`${hazard.level} ${hazard.code}`)}`,
    ...wrapText(makePrintable(hazard.message), width - 2).map((line) => `${indent}${line}`),
    ...(instead === null
      ? []
      : wrapText(`→ ${makePrintable(instead)}`, width - 2).map((line) => `${indent}${color.dim(line)}`)),
  ];
}

function showAllowed(hazard: AllowedHazard, { color, width }: RenderOptions): readonly string[] {
  const { code, by, reason } = hazard;
  const why = reason === '' ? '' : `: ${reason}`;
  const text = `${placeOf(hazard)}  ${code} is allowed by ${by === 'comment' ? 'a comment' : 'drift.config'}${why}`;
  return wrapText(makePrintable(text), width).map((line) => color.dim(line));
}

function placeOf({ file, line }: Pick<LintHazard, 'file' | 'line'>): string {
  return `${makePrintable(file)}:${String(line)}`;
}
