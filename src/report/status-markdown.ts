import { escape, join, quote, tabulate } from './markdown.ts';
import type { MigrationProblem } from './report.ts';
import { shortenTime, standingWords, summariseStatus } from './status-human.ts';
import type { StatusEntry, StatusReport } from './status-report.ts';

/** GitHub-flavoured Markdown, for a job summary. Migrations that are in order are counted, and listed on request. */
export function renderStatusMarkdown(
  report: StatusReport,
  { verbose, quiet }: { readonly verbose: boolean; readonly quiet: boolean },
): string {
  const head = [
    `## drift status: ${report.status === 'up-to-date' ? 'up to date' : 'not up to date'}`,
    `${quote(report.target)} (${report.dialect})`,
    escape(summariseStatus(report)),
    report.next === null ? '' : `Next: ${escape(report.next)}`,
  ];
  if (quiet) return join(head);
  const rows = report.migrations.filter(({ status }) => verbose || status !== 'applied').map(listCells);
  return join([
    ...head,
    rows.length === 0 ? '' : tabulate(['Migration', 'State', 'Time', 'What to do'], rows),
    ...listProblems('Problems', report.problems),
    ...listProblems('Warnings', report.warnings),
  ]);
}

function listCells({ migration, status, made, appliedAt, next }: StatusEntry): readonly string[] {
  const time =
    appliedAt !== null
      ? `applied ${shortenTime(appliedAt)}`
      : made === null
        ? ''
        : `made ${shortenTime(made)}`;
  return [quote(migration), standingWords[status], time, next === null ? '' : escape(next)];
}

function listProblems(heading: string, problems: readonly MigrationProblem[]): readonly string[] {
  if (problems.length === 0) return [];
  const items = problems.map(
    ({ code, message, next }) =>
      `- ${quote(code)}: ${escape(next === undefined ? message : `${message} ${next}`)}`,
  );
  return [`### ${heading}`, items.join('\n')];
}
