import type { LintHazard, LintReport } from './lint-report.ts';
import { escapeMarkup } from './markup.ts';

/** JUnit XML: a case for each migration, failed where a hazard fails the command. */
export function renderLintJunit(report: LintReport): string {
  const cases = report.migrations.flatMap((tag) => printCase(report, tag));
  const errors = report.problems.map(
    ({ code, message, next }) =>
      `    <testcase classname="drift lint" name="${escapeMarkup(code)}"><error type="${escapeMarkup(code)}" message="${escapeMarkup(message)}">${escapeMarkup(next)}</error></testcase>`,
  );
  const failures = report.migrations.filter((tag) => failuresOf(report, tag).length > 0).length;
  const counts = `tests="${String(report.migrations.length + errors.length)}" failures="${String(failures)}" errors="${String(errors.length)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="drift" ${counts}>`,
    `  <testsuite name="${escapeMarkup(`drift lint ${report.target}`)}" ${counts} skipped="0">`,
    ...cases,
    ...errors,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function failuresOf({ hazards }: LintReport, tag: string): readonly LintHazard[] {
  return hazards.filter(({ migration, level }) => migration === tag && level === 'error');
}

function printCase(report: LintReport, tag: string): readonly string[] {
  const failures = failuresOf(report, tag);
  const open = `    <testcase classname="drift lint" name="${escapeMarkup(tag)}"`;
  const [first] = failures;
  if (first === undefined) return [`${open}/>`];
  const text = failures
    .map(({ file, line, code, message }) => `${file}:${String(line)} ${code}: ${message}`)
    .join('\n');
  return [
    `${open} file="${escapeMarkup(first.file)}" line="${String(first.line)}">`,
    `      <failure type="${first.code}" message="${escapeMarkup(first.message)}">${escapeMarkup(text)}</failure>`,
    '    </testcase>',
  ];
}
