import { showField, showSource } from '../diff/describe.ts';
import type { Drift } from '../diff/drift.ts';
import { nameObject } from '../diff/naming.ts';
import { makePrintable } from '../diff/printable.ts';
import { adviceOnObsolete, listObsolete } from './baseline-lines.ts';
import type { RenderOptions } from './format.ts';
import { objectOfDrift, type CheckReport, type Report } from './report.ts';
import { showSides } from './sides.ts';
import {
  adviseFirst,
  countByKind,
  describeMigrations,
  groupByCause,
  listNotes,
  summarise,
} from './summary.ts';

const valueLength = 160;

/** GitHub-flavoured Markdown, for a comment on a pull request or a job summary. */
export function renderMarkdown(
  report: Report,
  { verbose, quiet }: Pick<RenderOptions, 'verbose' | 'quiet'>,
): string {
  if ('error' in report) {
    const { code, message, next } = report.error;
    return join([
      `## ${report.command ?? 'drift check'}: could not tell`,
      `${quote(code)}: ${escape(message)}`,
      escape(next),
    ]);
  }
  const first = adviseFirst(report);
  const head = [
    `## drift check: ${headings[report.status]}`,
    `${quote(report.target)} (${report.dialect})`,
    escape(summarise(report)),
    // Where there is drift, each cause says what to do.
    first === null || (report.drifts.length > 0 && !quiet) ? '' : `Next: ${escape(first)}`,
  ];
  if (quiet) return join(head);
  const migrations = report.status === 'up-to-date' ? [] : describeMigrations(report);
  return join([
    ...head,
    migrations.length === 0
      ? ''
      : `**Migrations**\n\n${migrations.map((line) => `- ${escape(line)}`).join('\n')}`,
    ...groupByCause(report).flatMap(({ heading, next, drifts }) => [
      `### ${escape(heading)}`,
      `Next: ${escape(next)}`,
      tabulateDrifts(drifts, report.offline),
    ]),
    ...showUndetermined(report),
    ...showListed(report, verbose),
  ]);
}

const headings: Readonly<Record<CheckReport['status'], string>> = {
  'up-to-date': 'up to date',
  'not-up-to-date': 'not up to date',
  undetermined: 'could not tell',
};

export function join(blocks: readonly string[]): string {
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function tabulateDrifts(drifts: readonly Drift[], isOffline: boolean): string {
  const rows = drifts.map((drift) => {
    const object = quote(nameObject({ kind: objectOfDrift(drift.kind), address: drift.address }));
    const risks = drift.hazards.map(
      ({ code, message, instead }) => `${quote(code)} ${escape(`${message} ${instead ?? ''}`.trim())}`,
    );
    return [
      object,
      ...cellsOfSides(drift, isOffline),
      drift.source === undefined ? '' : quote(showSource(drift.source)),
      risks.join('<br>'),
    ];
  });
  const hasRisks = rows.some((row) => row[4] !== '');
  const columns = [
    'Object',
    isOffline ? 'Migrations' : 'Database',
    'Expected',
    'Source',
    ...(hasRisks ? ['Risk'] : []),
  ];
  return tabulate(columns, rows);
}

function cellsOfSides(drift: Drift, isOffline: boolean): readonly [database: string, expected: string] {
  const sides = showSides(drift, valueLength, isOffline);
  switch (sides.is) {
    case 'missing':
      return [escape(sides.words), sides.definition === '' ? 'there' : quote(sides.definition)];
    case 'unexpected':
      return [sides.definition === '' ? 'there' : quote(sides.definition), escape(sides.words)];
    case 'different':
      return [
        sides.values.map(({ before }) => quote(before)).join('<br>'),
        sides.values.map(({ after }) => quote(after)).join('<br>'),
      ];
  }
}

function showUndetermined(report: CheckReport): readonly string[] {
  if (report.undetermined.length === 0) return [];
  const rows = report.undetermined.map((open) => {
    const { database, expected } = showField(open.kind, open, valueLength);
    const source = open.source === undefined ? '' : quote(showSource(open.source));
    return [quote(nameObject(open)), quote(database), quote(expected), source, escape(open.reason)];
  });
  return ['### Could not be decided', tabulate(['Object', 'Database', 'Expected', 'Source', 'Why'], rows)];
}

function showListed(
  { unmanaged, ignored, notes, baseline }: CheckReport,
  verbose: boolean,
): readonly string[] {
  const accepted = baseline?.accepted ?? [];
  const obsolete = listObsolete(baseline ? { baseline } : {});
  const list = (title: string, names: readonly string[]): string =>
    `<details><summary>${title}</summary>\n\n${names.map((name) => `- ${quote(name)}`).join('\n')}\n\n</details>`;
  return [
    unmanaged.length === 0
      ? ''
      : list(`Not managed by Drizzle: ${countByKind(unmanaged)}`, unmanaged.map(nameObject)),
    ignored.length === 0
      ? ''
      : list(
          `Ignored by drift.config: ${String(ignored.length)}`,
          ignored.map(({ kind, address }) => `${kind} ${nameObject({ kind: objectOfDrift(kind), address })}`),
        ),
    ...(accepted.length === 0
      ? []
      : [
          list(
            `Accepted by ${escape(baseline?.file ?? '')}: ${String(accepted.length)}`,
            accepted.map(
              ({ kind, address }) => `${kind} ${nameObject({ kind: objectOfDrift(kind), address })}`,
            ),
          ),
        ]),
    [...obsolete, ...(obsolete.length === 0 ? [] : [adviceOnObsolete])]
      .map((line) => `- ${escape(line)}`)
      .join('\n'),
    listNotes({ notes }, verbose)
      .map((note) => `- ${escape(note)}`)
      .join('\n'),
  ];
}

export function tabulate(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(columns),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(row.slice(0, columns.length))),
  ].join('\n');
}

/** A code span that holds any text, also inside a table: nothing in it is markup, a link or a mention. */
export function quote(text: string): string {
  const plain = makePrintable(text).replaceAll('|', '\\|');
  if (plain === '') return '';
  const longest = Math.max(0, ...[...plain.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const blank = longest > 0 ? ' ' : '';
  return `${fence}${blank}${plain}${blank}${fence}`;
}

/** Ordinary text without any markup or mention in it. */
export function escape(text: string): string {
  return makePrintable(text)
    .replaceAll('&', '&amp;')
    .replace(/[\\`*_{}[\]<>#|!~]/g, (character) => `\\${character}`)
    .replaceAll('@', '&#64;');
}
