import { makePrintable } from '../diff/printable.ts';
import { annotate } from './github.ts';
import type { RenderOptions } from './format.ts';
import { summariseLint, type LintReport } from './lint-report.ts';

const levels = { error: 'error', warning: 'warning', note: 'notice' } as const;

/** Annotations of GitHub Actions at the statements, and the summary as an ordinary last line. */
export function renderLintGithub(report: LintReport, { quiet }: Pick<RenderOptions, 'quiet'>): string {
  const hazards = report.hazards.map(({ level, code, message, instead, file, line, column }) =>
    annotate(levels[level], `drift lint ${code}`, instead === null ? message : `${message}\n${instead}`, {
      file,
      line,
      column,
    }),
  );
  const problems = report.problems.map(({ code, message, next, file }) =>
    annotate('error', `migrations ${code}`, `${message} ${next}`, file ?? undefined),
  );
  const summary = quiet ? '' : `${makePrintable(summariseLint(report))}\n`;
  return [...problems, ...hazards, summary].join('');
}
