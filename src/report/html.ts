import { showField, showSource } from '../diff/describe.ts';
import type { Drift } from '../diff/drift.ts';
import { nameObject, nameWithinTable } from '../diff/naming.ts';
import { adviceOnObsolete, listObsolete } from './baseline-lines.ts';
import type { RenderOptions } from './format.ts';
import { escapeMarkup } from './markup.ts';
import { objectOfDrift, type CheckReport, type Report, type UndeterminedComparison } from './report.ts';
import { showSides } from './sides.ts';
import {
  countByKind,
  describeMigrations,
  groupByCause,
  groupByTable,
  summarise,
  type CauseGroup,
} from './summary.ts';

const valueLength = 2000;

/** One file without scripts, pictures or anything from elsewhere, for people with and without a screen reader. */
export function renderHtml(report: Report, { version }: Pick<RenderOptions, 'version'>): string {
  const title = 'error' in report ? 'drift check: could not tell' : `drift check: ${titles[report.status]}`;
  const body = 'error' in report ? showFailure(report.error) : showReport(report);
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'">',
    `<meta name="generator" content="drift ${escapeMarkup(version)}">`,
    `<title>${escapeMarkup(title)}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<main>',
    `<h1>${escapeMarkup(title)}</h1>`,
    ...body,
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

const titles: Readonly<Record<CheckReport['status'], string>> = {
  'up-to-date': 'up to date',
  'not-up-to-date': 'not up to date',
  undetermined: 'could not tell',
};

/** Colours with a contrast of at least 4.5:1 on both backgrounds (WCAG 2.2, 1.4.3); meaning never hangs on them. */
const style = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --line: #d0d7de; --soft: #57606a; --before: #a40e26; --after: #116329; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --line: #30363d; --soft: #9198a1; --before: #ff9492; --after: #56d364; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 1.5rem; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 1.5rem; }
caption { text-align: left; font-weight: 600; padding: .5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0; border-top: 1px solid var(--line); }
code { font: 14px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; white-space: pre-wrap; }
.before { color: var(--before); } .after { color: var(--after); } .soft { color: var(--soft); }
.wide { overflow-x: auto; }
`;

function showFailure(error: {
  readonly code: string;
  readonly message: string;
  readonly next: string;
}): readonly string[] {
  return [
    `<p>${code(error.code)} ${escapeMarkup(error.message)}</p>`,
    `<p><strong>Next:</strong> ${escapeMarkup(error.next)}</p>`,
  ];
}

function showReport(report: CheckReport): readonly string[] {
  return [
    `<p>${code(report.target)} <span class="soft">(${report.dialect})</span></p>`,
    `<p><strong>${escapeMarkup(summarise(report))}</strong></p>`,
    ...section('Migrations', list(describeMigrations(report).map(escapeMarkup))),
    ...groupByCause(report).flatMap((group) => showCause(group, report.offline)),
    ...section('Could not be decided', showUndetermined(report.undetermined)),
    ...section(
      `Not managed by Drizzle: ${countByKind(report.unmanaged)}`,
      list(report.unmanaged.map((object) => code(nameObject(object)))),
    ),
    ...section(
      'Ignored by drift.config',
      list(
        report.ignored.map(
          ({ kind, address }) => `${code(kind)} ${code(nameObject({ kind: objectOfDrift(kind), address }))}`,
        ),
      ),
    ),
    ...section(
      `Accepted by ${report.baseline?.file ?? ''}`,
      list(
        (report.baseline?.accepted ?? []).map(
          ({ kind, address }) => `${code(kind)} ${code(nameObject({ kind: objectOfDrift(kind), address }))}`,
        ),
      ),
    ),
    ...section(
      'Accepted, and no longer there',
      list(
        report.baseline && report.baseline.obsolete.length > 0
          ? [...listObsolete(report), adviceOnObsolete].map(escapeMarkup)
          : [],
      ),
    ),
    ...section('Notes', list(report.notes.map(({ message }) => escapeMarkup(message)))),
  ];
}

function section(heading: string, content: readonly string[]): readonly string[] {
  return content.length === 0
    ? []
    : ['<section>', `<h2>${escapeMarkup(heading)}</h2>`, ...content, '</section>'];
}

function list(items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : ['<ul>', ...items.map((item) => `<li>${item}</li>`), '</ul>'];
}

function showCause({ heading, next, drifts }: CauseGroup, isOffline: boolean): readonly string[] {
  return section(heading, [
    `<p><strong>Next:</strong> ${escapeMarkup(next)}</p>`,
    ...groupByTable(drifts, (drift) => objectOfDrift(drift.kind)).flatMap((group) =>
      tabulate(
        group.heading,
        ['Object', 'Change', isOffline ? 'Migrations' : 'Database', 'Expected', 'Source'],
        group.items.map((drift) => rowOfDrift(drift, isOffline)),
      ),
    ),
  ]);
}

function tabulate(
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  return [
    // A region that scrolls must be reachable with the keyboard.
    `<div class="wide" role="region" tabindex="0" aria-label="${escapeMarkup(caption)}">`,
    '<table>',
    `<caption>${escapeMarkup(caption)}</caption>`,
    `<thead><tr>${columns.map((column) => `<th scope="col">${column}</th>`).join('')}</tr></thead>`,
    '<tbody>',
    ...rows.map(([first = '', ...cells]) => {
      const data = cells.map((cell) => `<td>${cell}</td>`).join('');
      return `<tr><th scope="row">${first}</th>${data}</tr>`;
    }),
    '</tbody>',
    '</table>',
    '</div>',
  ];
}

function rowOfDrift(drift: Drift, isOffline: boolean): readonly string[] {
  const kind = objectOfDrift(drift.kind);
  const { words, before, after } = cellsOfSides(drift, isOffline);
  const risks = drift.hazards.map(
    (hazard) =>
      `<br><span class="soft">Risk ${code(hazard.code)} ${escapeMarkup(`${hazard.message} ${hazard.instead ?? ''}`.trim())}</span>`,
  );
  return [
    code(nameWithinTable({ kind, address: drift.address })),
    `${escapeMarkup(words)}${risks.join('')}`,
    `<span class="before">${before}</span>`,
    `<span class="after">${after}</span>`,
    drift.source === undefined ? '' : code(showSource(drift.source)),
  ];
}

function cellsOfSides(
  drift: Drift,
  isOffline: boolean,
): { readonly words: string; readonly before: string; readonly after: string } {
  const sides = showSides(drift, valueLength, isOffline);
  switch (sides.is) {
    case 'missing':
      return { words: sides.words, before: '', after: code(sides.definition) };
    case 'unexpected':
      return { words: sides.words, before: code(sides.definition), after: '' };
    case 'different':
      return {
        words: drift.kind.endsWith('.rename') ? 'renamed' : 'different',
        before: sides.values.map(({ before }) => code(before)).join('<br>'),
        after: sides.values.map(({ after }) => code(after)).join('<br>'),
      };
  }
}

function showUndetermined(open: readonly UndeterminedComparison[]): readonly string[] {
  if (open.length === 0) return [];
  const columns = ['Object', 'Database', 'Expected', 'Why', 'Source'];
  return groupByTable(open, ({ kind }) => kind).flatMap(({ heading, items }) =>
    tabulate(
      heading,
      columns,
      items.map((comparison) => {
        const { database, expected } = showField(comparison.kind, comparison, valueLength);
        return [
          code(nameWithinTable(comparison)),
          code(database),
          code(expected),
          escapeMarkup(comparison.reason),
          comparison.source === undefined ? '' : code(showSource(comparison.source)),
        ];
      }),
    ),
  );
}

function code(text: string): string {
  return text === '' ? '' : `<code>${escapeMarkup(text)}</code>`;
}
