import { makePrintable } from '../diff/printable.ts';
import type { RenderOptions } from './format.ts';
import { summariseLint, type AllowedHazard, type LintHazard, type LintReport } from './lint-report.ts';
import { wrapText } from './width.ts';

const indent = '  ';

/** For people: by file, in the order of the statements. */
export function renderLintHuman(report: LintReport, options: RenderOptions): string {
  const { color, width, quiet, verbose } = options;
  const paint =
    report.status === 'clean' ? color.green : report.status === 'hazards' ? color.red : color.magenta;
  const summary = wrapText(makePrintable(summariseLint(report)), width).map((line) => paint(line));
  const sections = quiet
    ? []
    : [
        ...groupByFile(report.hazards).map(([file, hazards]) => showFile(file, hazards, options)),
        ...(verbose ? groupByFile(report.allowed) : []).map(([file, allowed]) =>
          showAllowed(file, allowed, options),
        ),
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

function groupByFile<H extends { readonly file: string }>(
  hazards: readonly H[],
): readonly (readonly [string, readonly H[]])[] {
  const files = [...new Set(hazards.map(({ file }) => file))];
  return files.map((file) => [file, hazards.filter((hazard) => hazard.file === file)] as const);
}

function showFile(
  file: string,
  hazards: readonly LintHazard[],
  { color, width }: RenderOptions,
): readonly string[] {
  return [
    color.bold(makePrintable(file)),
    ...hazards.flatMap((hazard) => {
      const paint =
        hazard.level === 'error' ? color.red : hazard.level === 'warning' ? color.yellow : color.dim;
      const place = `${makePrintable(file)}:${String(hazard.line)}`;
      return [
        `${indent}${paint(`${hazard.level} ${hazard.code}`)}  ${color.dim(place)}`,
        ...wrapText(makePrintable(hazard.message), width - 4).map((line) => `${indent}${indent}${line}`),
        ...(hazard.instead === null
          ? []
          : wrapText(`→ ${makePrintable(hazard.instead)}`, width - 4).map(
              (line) => `${indent}${indent}${color.dim(line)}`,
            )),
      ];
    }),
  ];
}

function showAllowed(
  file: string,
  allowed: readonly AllowedHazard[],
  { color, width }: RenderOptions,
): readonly string[] {
  return [
    color.bold(`${makePrintable(file)} (allowed)`),
    ...allowed.flatMap(({ code, line, by, reason }) => {
      const why = reason === '' ? '' : `: ${reason}`;
      const text = `${code} on line ${String(line)}, by ${by === 'comment' ? 'a comment' : 'drift.config'}${why}`;
      return wrapText(makePrintable(text), width - 2).map((part) => `${indent}${color.dim(part)}`);
    }),
  ];
}
