/** The state of the migrations for people: one row for each, what is wrong, the summary, and what to do next. */
import { makePrintable } from '../diff/printable.ts';
import { formatRow, type Line } from './columns.ts';
import type { RenderOptions } from './format.ts';
import { toClause } from './migration-advice.ts';
import type { MigrationStanding, StatusEntry, StatusReport } from './status-report.ts';
import { count } from './summary.ts';
import { measureWidth, wrapText } from './width.ts';

type Options = Pick<RenderOptions, 'width' | 'color' | 'verbose' | 'quiet'>;
type Style = Pick<Options, 'width' | 'color'>;

/** Of migrations that are in order, so many of the last ones are shown. */
const mostInOrder = 10;

/** Columns for the state and the time beside a name. */
const besideName = 44;

/** What the states are called. */
export const standingWords: Readonly<Record<MigrationStanding, string>> = {
  applied: 'applied',
  edited: 'edited',
  renamed: 'renamed',
  pending: 'pending',
  'out-of-order': 'out of order',
  skipped: 'skipped',
  'missing-file': 'missing file',
  unknown: 'unknown',
};

export function renderStatusHuman(report: StatusReport, options: Options): string {
  const sections = options.quiet
    ? [showSummary(report, options)]
    : [
        showHead(report, options),
        showMigrations(report, options),
        showProblems('Problems', report.problems, options),
        showProblems('Warnings', report.warnings, options),
        showSummary(report, options),
      ];
  const shown = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${shown.join('\n\n')}\n`;
}

function showHead(
  { dialect, target, out, layout }: StatusReport,
  { width, color }: Style,
): readonly string[] {
  const title = `drift status  ${dialect}`;
  const shown = makePrintable(target);
  const fits = measureWidth(`${title}  ${shown}`) <= width;
  const kept = layout === 'journal' ? ' (Drizzle 0.x)' : layout === 'dated' ? ' (Drizzle 1.0)' : '';
  const folder = wrapText(`${makePrintable(out)}${kept}`, width - 12);
  return [
    ...(fits ? [color.bold(`${title}  ${shown}`)] : [color.bold(title), color.bold(shown)]),
    ...folder.map((line, at) => `${at === 0 ? color.bold('migrations') : ' '.repeat(10)}  ${line}`),
  ];
}

function showMigrations(report: StatusReport, options: Options): readonly string[] {
  const { migrations } = report;
  if (migrations.length === 0) return [];
  const firstOpen = migrations.findIndex(({ status }) => status !== 'applied');
  const inOrder = firstOpen === -1 ? migrations.length : firstOpen;
  const hidden = options.verbose ? 0 : Math.max(0, inOrder - mostInOrder);
  const rows = migrations.slice(hidden);
  const names = rows.map(({ migration }) => measureWidth(makePrintable(migration)));
  const widest = Math.max(16, options.width - besideName);
  const nameWidth = Math.max(0, ...names.filter((wide) => wide <= widest));
  const earlier =
    hidden === 0 ? [] : [options.color.dim(`  … ${count(hidden, 'earlier migration')} applied (--verbose)`)];
  const explained = new Set(report.problems.map(({ migration }) => migration));
  return [
    ...earlier,
    ...rows.flatMap((entry, at) => {
      // A problem says more, and pending ones are applied in one go; where nothing ever was, the last line has it all.
      const isPending = entry.status === 'pending';
      const isSaid = isPending && (rows[at + 1]?.status === 'pending' || !report.tableExists);
      const advice = isSaid || explained.has(entry.migration) ? null : entry.next;
      return showEntry(entry, advice, nameWidth, options);
    }),
  ];
}

function showEntry(
  entry: StatusEntry,
  advice: string | null,
  nameWidth: number,
  { width, color }: Style,
): readonly string[] {
  const lines: readonly Line[] = [
    { text: describeStanding(entry), paint: paintStanding(entry.status, color) },
    ...(advice === null ? [] : [{ text: `→ ${makePrintable(toClause(advice))}` }]),
  ];
  return formatRow({
    mark: paintMark(entry.status, color),
    name: makePrintable(entry.migration),
    nameWidth,
    lines,
    aside: describeTime(entry),
    width,
    paintAside: color.dim,
  });
}

function describeStanding({ status, applied }: StatusEntry): string {
  const word = standingWords[status];
  return status === 'missing-file' ? `${word}, ${applied ? 'applied' : 'not applied'}` : word;
}

function describeTime({ made, appliedAt }: StatusEntry): string | null {
  if (appliedAt !== null) return `applied ${shortenTime(appliedAt)}`;
  return made === null ? null : `made ${shortenTime(made)}`;
}

/** `2025-01-31 12:00 UTC` of `2025-01-31T12:00:00.000Z`. */
export function shortenTime(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`;
}

function paintMark(status: MigrationStanding, color: Style['color']): string {
  switch (status) {
    case 'applied':
      return color.green('✓');
    case 'pending':
      return color.yellow('+');
    case 'edited':
    case 'renamed':
      return color.red('~');
    case 'out-of-order':
    case 'skipped':
    case 'missing-file':
      return color.red('!');
    case 'unknown':
      return color.magenta('?');
  }
}

function paintStanding(status: MigrationStanding, color: Style['color']): (text: string) => string {
  if (status === 'applied') return color.dim;
  return status === 'pending' ? color.yellow : color.red;
}

function showProblems(
  heading: string,
  problems: StatusReport['problems'],
  { width, color }: Style,
): readonly string[] {
  if (problems.length === 0) return [];
  return [
    color.heading(heading),
    ...problems.flatMap(({ code, message, next }) =>
      formatRow({
        mark: '-',
        name: '',
        nameWidth: 0,
        lines: [
          { text: `${makePrintable(code)}: ${makePrintable(message)}` },
          ...(next === undefined ? [] : [{ text: `→ ${makePrintable(toClause(next))}` }]),
        ],
        aside: null,
        width,
        paintAside: color.dim,
      }),
    ),
  ];
}

function showSummary(report: StatusReport, { width, color }: Style): readonly string[] {
  const paint = report.status === 'up-to-date' ? color.green : color.red;
  const lines = wrapText(summariseStatus(report), width).map((line) => paint(line));
  if (report.next === null) return lines;
  return [...lines, ...wrapText(`Next: ${makePrintable(toClause(report.next))}`, width)];
}

/** The one sentence that says how things are. */
export function summariseStatus(report: StatusReport): string {
  const { migrations, problems, status, folder, out } = report;
  const where = makePrintable(report.target);
  if (migrations.length === 0 && problems.length === 0) {
    const what =
      folder === null ? `there are no migrations in ${makePrintable(out)}` : 'no migration in the folder';
    return `Nothing to apply: ${what}, and ${where} has had none.`;
  }
  const applied = count(migrations.filter((entry) => entry.applied).length, 'migration');
  if (status === 'up-to-date')
    return `Up to date: ${where} has had ${migrations.length === 1 ? 'the one migration' : `all ${applied}`}.`;
  const counts = sumUp(migrations);
  const wrong = problems.length === 0 ? [] : [count(problems.length, 'problem')];
  return `Not up to date: ${[...counts, ...wrong].join(', ')}.`;
}

const order: readonly MigrationStanding[] = [
  'applied',
  'pending',
  'out-of-order',
  'skipped',
  'edited',
  'renamed',
  'missing-file',
  'unknown',
];

function sumUp(migrations: readonly StatusEntry[]): readonly string[] {
  return order.flatMap((standing) => {
    const number = migrations.filter(({ status }) => status === standing).length;
    if (number === 0) return [];
    return [
      `${String(number)} ${standing === 'missing-file' && number > 1 ? 'missing files' : standingWords[standing]}`,
    ];
  });
}
