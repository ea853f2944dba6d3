/**
 * The report for people: migrations first, then drifts by cause and table, then what could not be decided, and the
 * summary last. It reads the same without colour, and fits the screen.
 */
import type { Palette } from './palette.ts';
import { showField, showSource } from '../diff/describe.ts';
import type { Drift } from '../diff/drift.ts';
import { nameObject, nameWithinTable } from '../diff/naming.ts';
import { makePrintable } from '../diff/printable.ts';
import type { Hazard } from '../plan/hazards.ts';
import { adviceOnObsolete, listAccepted, listObsolete } from './baseline-lines.ts';
import { formatRow, type Line } from './columns.ts';
import type { RenderOptions } from './format.ts';
import { objectOfDrift, type CheckReport, type Report, type UndeterminedComparison } from './report.ts';
import { showSides } from './sides.ts';
import {
  adviseFirst,
  countByKind,
  describeMigrations,
  groupByCause,
  groupByTable,
  joinWords,
  listNotes,
  summarise,
  type CauseGroup,
} from './summary.ts';
import { measureWidth, wrapText } from './width.ts';

type Style = Pick<RenderOptions, 'width' | 'color'>;

/** Letters of a value that are shown around the place where both sides part. */
const valueLength = 240;
/** Names wider than this stand on a line of their own. */
export function widestName(width: number): number {
  return Math.min(30, Math.floor(width / 2) - 6);
}

/** An error is a matter for stderr, not for this report. */
export function renderHuman(report: Report, options: RenderOptions): string {
  if ('error' in report) return '';
  const sections = options.quiet
    ? [showSummary(report, options)]
    : [
        showHead(report, options),
        ...showCauses(report, options),
        showUndetermined(report, options),
        showListed(report, options),
        showSummary(report, options),
      ];
  const shown = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${shown.join('\n\n')}\n`;
}

function showHead(report: CheckReport, { width, color }: RenderOptions): readonly string[] {
  if (report.status === 'up-to-date') return [];
  const name = `drift check  ${report.dialect}`;
  const target = makePrintable(report.target);
  const fits = measureWidth(`${name}  ${target}`) <= width;
  const title = fits ? `${name}  ${target}` : name;
  const legend = report.drifts.length === 0 ? '' : `${report.offline ? 'migrations' : 'database'} → expected`;
  const free = width - measureWidth(title) - measureWidth(legend);
  const head =
    legend === '' || free < 2
      ? color.bold(title)
      : `${color.bold(title)}${' '.repeat(free)}${color.dim(legend)}`;
  const lines = describeMigrations(report).flatMap((text, at) =>
    wrapText(text, width - 12).map((line, row) =>
      at === 0 && row === 0 ? `${color.bold('migrations')}  ${line}` : `${' '.repeat(12)}${line}`,
    ),
  );
  return fits ? [head, ...lines] : [head, color.bold(target), ...lines];
}

function showCauses(report: CheckReport, options: RenderOptions): readonly (readonly string[])[] {
  const groups = groupByCause(report);
  return groups.map((group) =>
    showCause(group, { isOneOfMany: groups.length > 1, isOffline: report.offline }, options),
  );
}

/** Where there is one cause only, what to do about it stands at the end and not twice. */
function showCause(
  group: CauseGroup,
  { isOneOfMany, isOffline }: { readonly isOneOfMany: boolean; readonly isOffline: boolean },
  style: Style,
): readonly string[] {
  const { color, width } = style;
  const next = isOneOfMany ? wrapText(`→ ${group.next}`, width).map((line) => color.dim(line)) : [];
  const tables = groupByTable(group.drifts, (drift) => objectOfDrift(drift.kind));
  return [
    color.heading(group.heading),
    ...next,
    ...tables.flatMap(({ heading, items }) => [
      '',
      color.bold(heading),
      ...showDrifts(items, isOffline, style),
      ...showHazards(items, style),
    ]),
  ];
}

function showDrifts(drifts: readonly Drift[], isOffline: boolean, style: Style): readonly string[] {
  const named = drifts.map((drift) => ({ drift, name: nameDrift(drift) }));
  const widths = named
    .map(({ name }) => measureWidth(name))
    .filter((width) => width <= widestName(style.width));
  const column = Math.max(0, ...widths);
  return named.flatMap(({ drift, name }) =>
    formatRow({
      mark: paintMark(drift, style.color),
      name,
      nameWidth: column,
      lines: showValues(drift, isOffline, style),
      aside: drift.source === undefined ? null : showSource(drift.source),
      width: style.width,
      paintAside: style.color.dim,
    }),
  );
}

/** An object that is no part of a table is already named by the heading above it. */
export function nameDrift(drift: Pick<Drift, 'kind' | 'address'>): string {
  const kind = objectOfDrift(drift.kind);
  if (drift.address.table === undefined) return kind === 'table' ? 'table' : '';
  return nameWithinTable({ kind, address: drift.address });
}

export function paintMark(drift: Pick<Drift, 'kind'>, color: Palette): string {
  if (drift.kind.endsWith('.create')) return color.green('+');
  if (drift.kind.endsWith('.drop')) return color.red('-');
  return drift.kind.endsWith('.rename') ? color.cyan('>') : color.yellow('~');
}

function showValues(drift: Drift, isOffline: boolean, { color }: Style): readonly Line[] {
  const sides = showSides(drift, valueLength, isOffline);
  if (sides.is !== 'different') {
    return [{ text: sides.definition === '' ? sides.words : `${sides.words}: ${sides.definition}` }];
  }
  return sides.values.map((value) => ({
    pair: {
      ...value,
      paintBefore: color.red,
      paintAfter: color.green,
      labels: [isOffline ? 'migrations' : 'database', 'expected'],
    },
  }));
}

/** The risks of a table's drifts: each once, with the names of those that carry it where that is not all of them. */
export function showHazards(
  drifts: readonly Pick<Drift, 'kind' | 'address' | 'hazards'>[],
  { color, width }: Style,
): readonly string[] {
  const hazards = new Map<string, { readonly hazard: Hazard; readonly names: string[] }>();
  for (const drift of drifts) {
    for (const hazard of drift.hazards) {
      const known = hazards.get(`${hazard.code} ${hazard.message}`);
      if (known) known.names.push(nameDrift(drift));
      else hazards.set(`${hazard.code} ${hazard.message}`, { hazard, names: [nameDrift(drift)] });
    }
  }
  const advised = new Set<string | undefined>([undefined]);
  return [...hazards.values()].flatMap(({ hazard, names }) => {
    const { code, severity, message, instead } = hazard;
    const whose = names.length === drifts.length ? '' : ` (${joinWords(names)})`;
    const advice = advised.has(instead) ? '' : ` ${instead ?? ''}`;
    advised.add(instead);
    const paint = severity === 'danger' ? color.red : severity === 'warning' ? color.yellow : color.dim;
    const text = makePrintable(`! ${code}${whose}: ${message}${advice}`);
    return wrapText(text, width - 4).map((line, at) => paint(`${at === 0 ? '  ' : '    '}${line}`));
  });
}

function showUndetermined(report: CheckReport, style: Style): readonly string[] {
  if (report.undetermined.length === 0) return [];
  const tables = groupByTable(report.undetermined, ({ kind }) => kind);
  return [
    style.color.heading('Could not be decided'),
    ...tables.flatMap(({ heading, items }) => [
      '',
      style.color.bold(heading),
      ...items.flatMap((open) => showOpen(open, style)),
    ]),
  ];
}

function showOpen(open: UndeterminedComparison, style: Style): readonly string[] {
  const shown = showField(open.kind, open, valueLength);
  const name = open.address.table === undefined ? '' : nameWithinTable(open);
  return formatRow({
    mark: style.color.magenta('?'),
    name,
    nameWidth: Math.min(measureWidth(name), widestName(style.width)),
    lines: [
      {
        pair: {
          before: shown.database,
          after: shown.expected,
          paintBefore: style.color.red,
          paintAfter: style.color.green,
        },
      },
      { text: makePrintable(open.reason) },
    ],
    aside: open.source === undefined ? null : showSource(open.source),
    width: style.width,
    paintAside: style.color.dim,
  });
}

/** What is no drift: counted, and named with `--verbose`. */
function showListed(report: CheckReport, { width, color, verbose }: RenderOptions): readonly string[] {
  const unmanaged =
    report.unmanaged.length === 0
      ? []
      : verbose
        ? ['Not managed by Drizzle:', ...report.unmanaged.map((object) => `  ${nameObject(object)}`)]
        : [`Not managed by Drizzle: ${countByKind(report.unmanaged)} (--verbose names them).`];
  const ignored =
    report.ignored.length === 0
      ? []
      : verbose
        ? [
            'Ignored by drift.config:',
            ...report.ignored.map(
              ({ kind, address }) => `  ${kind} ${nameObject({ kind: objectOfDrift(kind), address })}`,
            ),
          ]
        : [`Ignored by drift.config: ${String(report.ignored.length)} (--verbose names them).`];
  const notes = listNotes(report, verbose);
  const accepted = listAccepted(report, verbose);
  const listed = [...unmanaged, ...ignored, ...accepted, ...notes].flatMap((line) => {
    const indent = line.startsWith('  ') ? '  ' : '';
    return wrapText(line.trimStart(), width - indent.length).map((part) => color.dim(`${indent}${part}`));
  });
  const obsolete = listObsolete(report);
  const warnings = obsolete.length === 0 ? [] : [...obsolete, adviceOnObsolete];
  return [...listed, ...warnings.flatMap((line) => wrapText(line, width)).map((part) => color.yellow(part))];
}

function showSummary(report: CheckReport, { width, color }: RenderOptions): readonly string[] {
  const upToDate = report.status === 'up-to-date';
  const paint = upToDate ? color.green : report.status === 'undetermined' ? color.magenta : color.red;
  const first = adviseFirst(report);
  const lines = wrapText(summarise(report), width).map((line) => paint(line));
  return first === null ? lines : [...lines, ...wrapText(`Next: ${first}`, width)];
}
