/** The comparison of two schemas for people, in the style of a check. */
import { showField, showSource } from '../diff/describe.ts';
import { nameObject, nameWithinTable } from '../diff/naming.ts';
import { makePrintable } from '../diff/printable.ts';
import { formatRow, type Line } from './columns.ts';
import type { DiffChange, DiffReport } from './diff-report.ts';
import type { RenderOptions } from './format.ts';
import { nameDrift, paintMark, showHazards, widestName } from './human.ts';
import { objectOfDrift } from './report.ts';
import { count, countByKind, groupByTable } from './summary.ts';
import { measureWidth, wrapText } from './width.ts';

type Options = Pick<RenderOptions, 'width' | 'color' | 'verbose' | 'quiet'>;

/** Letters of a value that are shown around the place where both sides part. */
const valueLength = 240;

export function renderDiffHuman(report: DiffReport, options: Options): string {
  const sections = options.quiet
    ? [showSummary(report, options)]
    : [
        showHead(report, options),
        ...showChanges(report, options),
        showUndetermined(report, options),
        showListed(report, options),
        showSummary(report, options),
      ];
  const shown = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${shown.join('\n\n')}\n`;
}

function showHead(report: DiffReport, { width, color }: Options): readonly string[] {
  if (report.changes.length + report.undetermined.length === 0) return [];
  const { from, to } = namesOf(report);
  const title = `drift diff  ${report.dialect}`;
  const legend = `${from} → ${to}`;
  const free = width - measureWidth(title) - measureWidth(legend);
  if (free >= 2) return [`${color.bold(title)}${' '.repeat(free)}${color.dim(legend)}`];
  return [color.bold(title), ...wrapText(legend, width).map((line) => color.dim(line))];
}

function namesOf({ from, to }: DiffReport): { readonly from: string; readonly to: string } {
  return { from: makePrintable(from), to: makePrintable(to) };
}

function showChanges(report: DiffReport, options: Options): readonly (readonly string[])[] {
  const tables = groupByTable(report.changes, ({ kind }) => objectOfDrift(kind));
  return tables.map(({ heading, items }) => [
    options.color.bold(heading),
    ...showRows(report, items, options),
    ...showHazards(items, options),
  ]);
}

function showRows(
  report: DiffReport,
  changes: readonly DiffChange[],
  { width, color }: Options,
): readonly string[] {
  const named = changes.map((change) => ({ change, name: nameDrift(change) }));
  const widths = named.map(({ name }) => measureWidth(name)).filter((wide) => wide <= widestName(width));
  const nameWidth = Math.max(0, ...widths);
  return named.flatMap(({ change, name }) =>
    formatRow({
      mark: paintMark(change, color),
      name,
      nameWidth,
      lines: showValues(report, change, { color }),
      aside: change.source === undefined ? null : showSource(change.source),
      width,
      paintAside: color.dim,
    }),
  );
}

function showValues(
  report: DiffReport,
  change: DiffChange,
  { color }: Pick<Options, 'color'>,
): readonly Line[] {
  const { from, to } = namesOf(report);
  const definition = makePrintable(change.definition ?? '');
  const onlyIn = (side: string): readonly Line[] => [
    { text: definition === '' ? `only in ${side}` : `only in ${side}: ${definition}` },
  ];
  if (change.kind.endsWith('.create')) return onlyIn(to);
  if (change.kind.endsWith('.drop')) return onlyIn(from);
  return change.fields.map((field) => {
    const shown = showField(objectOfDrift(change.kind), field, valueLength);
    const before = field.field === 'name' ? `called ${shown.database}` : shown.database;
    return {
      pair: {
        before,
        after: shown.expected,
        paintBefore: color.red,
        paintAfter: color.green,
        labels: ['from', 'to'],
      },
    };
  });
}

function showUndetermined(report: DiffReport, { width, color }: Options): readonly string[] {
  if (report.undetermined.length === 0) return [];
  return [
    color.heading('Could not be decided'),
    ...groupByTable(report.undetermined, ({ kind }) => kind).flatMap(({ heading, items }) => [
      '',
      color.bold(heading),
      ...items.flatMap((open) => {
        const name = open.address.table === undefined ? '' : nameWithinTable(open);
        const shown = showField(open.kind, open, valueLength);
        return formatRow({
          mark: color.magenta('?'),
          name,
          nameWidth: Math.min(measureWidth(name), widestName(width)),
          lines: [
            {
              pair: {
                before: shown.database,
                after: shown.expected,
                paintBefore: color.red,
                paintAfter: color.green,
                labels: ['from', 'to'],
              },
            },
            { text: makePrintable(open.reason) },
          ],
          aside: null,
          width,
          paintAside: color.dim,
        });
      }),
    ]),
  ];
}

/** What is no difference: counted, and named with `--verbose`. */
function showListed(report: DiffReport, { width, color, verbose }: Options): readonly string[] {
  const { unmanaged, ignored, notes } = report;
  const lines = [
    ...(unmanaged.length === 0
      ? []
      : verbose
        ? ['Not managed by Drizzle:', ...unmanaged.map((object) => `  ${nameObject(object)}`)]
        : [`Not managed by Drizzle: ${countByKind(unmanaged)} (--verbose names them).`]),
    ...(ignored.length === 0
      ? []
      : verbose
        ? ['Ignored by drift.config:', ...ignored.map((one) => `  ${one.kind} ${nameObject(locate(one))}`)]
        : [`Ignored by drift.config: ${String(ignored.length)} (--verbose names them).`]),
    ...(verbose ? notes.map(({ message }) => `Note: ${makePrintable(message)}`) : []),
  ];
  return lines.flatMap((line) => {
    const indent = line.startsWith('  ') ? '  ' : '';
    return wrapText(line.trimStart(), width - indent.length).map((part) => color.dim(`${indent}${part}`));
  });
}

function locate({ kind, address }: DiffReport['ignored'][number]) {
  return { kind: objectOfDrift(kind), address };
}

function showSummary(report: DiffReport, { width, color }: Options): readonly string[] {
  const paint =
    report.status === 'equal' ? color.green : report.status === 'different' ? color.red : color.magenta;
  return wrapText(summariseDiff(report), width).map((line) => paint(line));
}

/** The one sentence that says how the two schemas are. */
export function summariseDiff(report: DiffReport): string {
  const { from, to } = namesOf(report);
  const { changes, undetermined, dialect, tables } = report;
  const open =
    undetermined.length === 0 ? [] : [`${count(undetermined.length, 'comparison')} could not be decided.`];
  if (changes.length > 0) {
    const total = `${count(changes.length, 'difference')} from ${from} to ${to} (${dialect}).`;
    return [total, ...open].join(' ');
  }
  if (open.length > 0) return `No certain difference from ${from} to ${to} (${dialect}). ${open.join('')}`;
  return `No differences: ${from} and ${to} have the same schema (${dialect}, ${count(tables.to, 'table')}).`;
}
