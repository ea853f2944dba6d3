import { makePrintable } from '../diff/printable.ts';
import { summariseLint, type LintReport } from './lint-report.ts';

/** A table for a comment on a pull request. */
export function renderLintMarkdown(report: LintReport): string {
  const rows = report.hazards.map(
    ({ level, code, file, line, message, instead }) =>
      `| ${level} | \`${code}\` | \`${cell(file)}:${String(line)}\` | ${cell(message)}${instead === null ? '' : `<br>${cell(instead)}`} |`,
  );
  const table = rows.length === 0 ? [] : ['| | hazard | where | what |', '|---|---|---|---|', ...rows, ''];
  const problems = report.problems.map(({ message, next }) => `- ${cell(message)} ${cell(next)}`);
  return `${[`## drift lint`, '', ...table, ...problems, ...(problems.length > 0 ? [''] : []), cell(summariseLint(report))].join('\n')}\n`;
}

/** A name from a database may hold what Markdown or HTML would act on. */
function cell(text: string): string {
  return makePrintable(text).replace(
    /[\\|`*_~[\]<>&#]/g,
    (character) => `&#${String(character.charCodeAt(0))};`,
  );
}
