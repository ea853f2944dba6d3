/** What `drift migrate` prints when it is done. */
import type { Backup, Finding } from '../../dialects/migrator.ts';
import { makePrintable } from '../../diff/printable.ts';
import { formats } from '../../report/format.ts';
import type { CheckReport, Failure } from '../../report/report.ts';
import type { DownResult } from '../../stages/migrate-down.ts';
import type { MigrateResult, RestoreResult } from '../../stages/migrate.ts';
import { describeFinding } from '../../stages/migrate-select.ts';
import type { Invocation } from '../command.ts';
import { DriftError } from '../../errors.ts';
import { describeFailure } from '../failure.ts';
import { styleOf } from '../publish.ts';
import { describeSeconds } from './migrate-events.ts';

/** Grows only when a reader of the old format would misread the new one. */
const formatVersion = 1;

export interface MigrateOutcome<R = MigrateResult> {
  readonly result: R;
  /** Null where none was made. */
  readonly check: CheckReport | null;
  /** Why the check could not tell. */
  readonly failure: Failure | null;
}

export async function renderMigrate(
  outcome: MigrateOutcome,
  format: 'human' | 'json',
  invocation: Invocation,
): Promise<string> {
  if (format === 'json') {
    const { applied, appliedByOthers, ...rest } = outcome.result;
    const own = { applied, appliedByOthers };
    return `${JSON.stringify(await describeAsData({ ...outcome, result: rest }, own, invocation), null, 2)}\n`;
  }
  return showOutcome(outcome, describeRun(outcome.result), invocation);
}

/** The lines, and the check below them. */
async function showOutcome(
  { check, failure }: MigrateOutcome<unknown>,
  described: readonly string[],
  invocation: Invocation,
): Promise<string> {
  const lines = invocation.settings.quiet ? [] : described;
  const text = lines.length === 0 ? '' : `${lines.map(makePrintable).join('\n')}\n`;
  if (check) {
    const render = await formats.human();
    return `${text}${text === '' ? '' : '\n'}${render(check, await styleOf(invocation))}`;
  }
  return failure ? `${text}Whether the database is up to date could not be told.\n` : text;
}

/** What `drift migrate --down` prints. */
export async function renderDown(
  outcome: MigrateOutcome<DownResult>,
  format: 'human' | 'json',
  invocation: Invocation,
): Promise<string> {
  if (format === 'json') {
    const { reverted, revertedByOthers, ...rest } = outcome.result;
    const own = { reverted, revertedByOthers };
    return `${JSON.stringify(await describeAsData({ ...outcome, result: rest }, own, invocation), null, 2)}\n`;
  }
  const { reverted, revertedByOthers, backup, dryRun, target, preflight } = outcome.result;
  const what = `${String(reverted.length)} ${reverted.length === 1 ? 'migration' : 'migrations'}`;
  const title = dryRun
    ? `${target}: ${what} would be taken back; nothing was changed`
    : `${target}: ${what} taken back`;
  const width = Math.max(0, ...reverted.map(({ tag }) => tag.length));
  const lines = [
    title,
    ...reverted.map((one) => describeApplied(one, width, dryRun)),
    ...revertedByOthers.map((tag) => `  ${tag}  was taken back by another process meanwhile`),
    ...describeEffort({ dryRun, preflight }),
    ...(backup ? describeBackup(backup) : []),
    ...(preflight?.findings ?? []).map((finding) => describeLine(finding, dryRun)),
  ];
  return showOutcome(outcome, lines, invocation);
}

async function describeAsData(
  {
    result,
    check,
    failure,
  }: MigrateOutcome<
    Omit<MigrateResult, 'applied' | 'appliedByOthers' | 'pushed' | 'refused'> &
      Partial<Pick<MigrateResult, 'pushed'>>
  >,
  own: object,
  invocation: Invocation,
): Promise<unknown> {
  const { dialect, target, dryRun, backup, preflight, pushed } = result;
  const render = await formats.json();
  const report: unknown = check && JSON.parse(render(check, await styleOf(invocation)));
  return {
    formatVersion,
    status: dryRun ? 'dry-run' : failure ? 'undetermined' : (check?.status ?? 'done'),
    dialect,
    target,
    ...own,
    backup,
    preflight: preflight && {
      rehearsed: preflight.rehearsed,
      space: preflight.space,
      seconds: preflight.seconds,
      findings: preflight.findings,
    },
    check: report,
    error: pushed ? describeFailure(new DriftError('MIGRATE_ALREADY_THERE', pushed), []) : failure,
  };
}

/** What was done before an error; null where the time was up, and nobody knows. */
export type DoneBefore =
  { readonly applied: readonly string[] | null } | { readonly reverted: readonly string[] };

/** What a machine reads where it went wrong: what was applied before, and the error. */
export function renderFailure(failure: Failure, done: DoneBefore): string {
  const list = (tags: readonly string[]): readonly object[] => tags.map((tag) => ({ tag }));
  const own =
    'applied' in done ? { applied: done.applied && list(done.applied) } : { reverted: list(done.reverted) };
  const value = { formatVersion, status: 'failed', ...own, error: failure };
  return `${JSON.stringify(value, null, 2)}\n`;
}

function describeRun(result: MigrateResult): readonly string[] {
  if (result.pushed !== null) {
    const { message, tag } = result.pushed;
    const title = `${result.target}: nothing would be applied, the database was made without the migrations`;
    return [title, `  ${message}`, `Next: drift stamp ${tag}`];
  }
  const { applied, appliedByOthers, backup, dryRun, target, preflight, refused } = result;
  const what = `${String(applied.length)} ${applied.length === 1 ? 'migration' : 'migrations'}`;
  const would = refused ? 'would be refused' : 'would be applied';
  const title = dryRun ? `${target}: ${what} ${would}; nothing was changed` : `${target}: ${what} applied`;
  const width = Math.max(0, ...applied.map(({ tag }) => tag.length));
  return [
    applied.length === 0 ? `${target}: nothing to apply` : title,
    ...applied.map((one) => describeApplied(one, width, dryRun)),
    ...appliedByOthers.map((tag) => `  ${tag}  was applied by another process meanwhile`),
    ...describeEffort(result),
    ...(backup ? describeBackup(backup) : []),
    ...(preflight?.findings ?? []).map((finding) => describeLine(finding, refused)),
  ];
}

function describeApplied(
  { tag, statements, milliseconds }: MigrateResult['applied'][number],
  width: number,
  dryRun: boolean,
): string {
  const count = `${String(statements)} ${statements === 1 ? 'statement' : 'statements'}`;
  return `  ${tag.padEnd(width)}  ${count}${dryRun ? '' : `, ${String(milliseconds)} ms`}`;
}

/** Seconds of work below which nobody wants to be told. */
const worthTelling = 5;

function describeEffort({
  dryRun,
  preflight,
}: Pick<MigrateResult, 'dryRun' | 'preflight'>): readonly string[] {
  if (!dryRun || !preflight) return [];
  const tried = {
    'with rows': 'The migrations were tried on a copy of the database.',
    'without rows':
      'The migrations were tried on a copy of the schema; --rehearse tries them on the rows as well.',
    no: 'The migrations were not tried.',
  }[preflight.rehearsed];
  const time =
    preflight.seconds < worthTelling
      ? []
      : [
          `It will take about ${describeSeconds(preflight.seconds)}, by the size of the tables that are copied.`,
        ];
  return [tried, ...time];
}

function describeBackup({ file, bytes, tables, rows }: Backup): readonly string[] {
  const size =
    bytes < 1024 * 1024 ? `${String(Math.ceil(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  return [
    `backup: ${file} (${size}, ${String(tables)} tables, ${String(rows)} rows, compared)`,
    `the way back: drift migrate --restore ${file}`,
  ];
}

/** @param refused where not, an error that is here was allowed, and there is nothing left to do about it */
function describeLine(finding: Finding, refused: boolean): string {
  if (finding.severity === 'error' && !refused) {
    return `allowed: ${describeFinding({ ...finding, answer: '' }).trimEnd()}`;
  }
  return `${finding.severity}: ${describeFinding(finding)}`;
}

export function renderRestore(result: RestoreResult, format: 'human' | 'json'): string {
  const { dialect, target, from, tables, rows, previous } = result;
  if (format === 'json') {
    const value = { formatVersion, status: 'restored', dialect, target, from, tables, rows, previous };
    return `${JSON.stringify(value, null, 2)}\n`;
  }
  const lines = [
    `${target}: restored from ${from} (${String(tables)} tables, ${String(rows)} rows)`,
    ...(previous ? [`what was there before: ${previous.file}`] : []),
  ];
  return `${lines.map(makePrintable).join('\n')}\n`;
}
