import { showField } from '../diff/describe.ts';
import type { SourceLocation } from '../diff/drift.ts';
import { nameObject } from '../diff/naming.ts';
import { makePrintable } from '../diff/printable.ts';
import { adviceOnObsolete, listObsolete } from './baseline-lines.ts';
import type { RenderOptions } from './format.ts';
import { listMigrationFindings } from './migration-findings.ts';
import { objectOfDrift, type Report } from './report.ts';
import { adviseFirst, summarise } from './summary.ts';

type Level = 'error' | 'warning' | 'notice';

/**
 * Workflow commands of GitHub Actions: one annotation a finding, at its line of the models where that is known, and the
 * summary as an ordinary last line.
 */
export function renderGithub(report: Report, { quiet }: Pick<RenderOptions, 'quiet'>): string {
  if ('error' in report) {
    const { code, message, next } = report.error;
    return annotate('error', `drift ${code}`, `${message} ${next}`);
  }
  const drifts = report.drifts.map((drift) =>
    annotate(
      'error',
      `${drift.kind} ${nameObject({ kind: objectOfDrift(drift.kind), address: drift.address })}`,
      [drift.message, ...drift.hazards.map(({ code, message }) => `Risk ${code}: ${message}`)].join('\n'),
      drift.source,
    ),
  );
  const problems = listMigrationFindings(report).map(({ code, migration, message, file, line }) =>
    annotate(
      'error',
      ['migrations', code, ...(migration === undefined ? [] : [migration])].join(' '),
      message,
      file !== undefined && line !== undefined ? { file, line } : file,
    ),
  );
  const open = report.undetermined.map((comparison) => {
    const { label, database, expected } = showField(comparison.kind, comparison);
    return annotate(
      'warning',
      `undetermined ${nameObject(comparison)}`,
      `${label} could not be decided: ${database} in the database, ${expected} expected. ${comparison.reason}`,
      comparison.source,
    );
  });
  const obsolete = listObsolete(report).map((line) =>
    annotate('warning', 'baseline', `${line} ${adviceOnObsolete}`, report.baseline?.file),
  );
  const first = adviseFirst(report);
  const words = [summarise(report), ...(first === null ? [] : [`Next: ${first}`])].join(' ');
  const summary = quiet ? '' : `${makePrintable(words)}\n`;
  return [...problems, ...drifts, ...open, ...obsolete, summary].join('');
}

type Place = Pick<SourceLocation, 'file' | 'line'> & Partial<SourceLocation>;

/** One annotation; a place without a line is the file alone. */
export function annotate(level: Level, title: string, message: string, place?: Place | string): string {
  const location =
    place === undefined
      ? []
      : typeof place === 'string'
        ? [`file=${escapeProperty(place)}`]
        : [
            `file=${escapeProperty(place.file)}`,
            `line=${String(place.line)}`,
            ...(place.column === undefined ? [] : [`col=${String(place.column)}`]),
          ];
  const properties = [...location, `title=${escapeProperty(title)}`].join(',');
  return `::${level} ${properties}::${escapeData(message)}\n`;
}

/** docs.github.com, "Workflow commands": percent, carriage return and line feed would end or change the command. */
function escapeData(text: string): string {
  const lines = text.split('\n').map(makePrintable).join('\n');
  return lines.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(makePrintable(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
