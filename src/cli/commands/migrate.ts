import { Option, type Command } from '../commander.ts';
import { DriftError } from '../../errors.ts';
import type { CheckReport } from '../../report/report.ts';
import { nearest } from '../../spelling.ts';
import type { Allowance } from '../../stages/migrate-select.ts';
import type { MigrateRequest, MigrateResult } from '../../stages/migrate.ts';
import type { ProjectRequest } from '../../stages/project.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { exitCodeOf, exitCodes, type ExitCode } from '../exit-codes.ts';
import { describeFailure, printFailure } from '../failure.ts';
import { publishText, widthOf } from '../publish.ts';
import { findSecrets, redact } from '../redaction.ts';
import { requestOf } from '../request.ts';
import { parseSeconds, parseText } from '../settings.ts';
import { chooseTextFormat } from '../text-format.ts';
import type { MigrateEvents } from './migrate-events.ts';
import type { DoneBefore, MigrateOutcome } from './migrate-text.ts';

const formats = ['human', 'json'] as const;

/** Seconds to wait for a lock: longer than common transactions, shorter than a person's patience with a deployment. */
const defaultLockTimeout = 30;

/** What was committed before an error, for the document that says so. */
const doneBefore = new WeakMap<object, DoneBefore>();

export const migrateCommand: CommandDefinition = {
  name: 'migrate',
  summary: 'apply pending migrations under a lock',
  // A rebuild of a large table takes its time; every single wait has a deadline of its own.
  timeout: 6 * 60 * 60,
  formats,
  exits: { done: 'up to date afterwards', notUpToDate: 'not up to date', failed: 'could not be done' },
  remark: 'Each migration is one transaction: it is applied wholly or not at all.',
  reports: false,
  describeFailure: async (failure, error) => {
    const { renderFailure } = await import('./migrate-text.ts');
    const isOpen = error instanceof DriftError && error.code === 'TIMEOUT';
    return renderFailure(failure, doneBefore.get(error as object) ?? { applied: isOpen ? null : [] });
  },
  declare,
  async run(invocation) {
    const { environment, settings, options } = invocation;
    const format = chooseTextFormat(settings, formats);
    refuseCombinations(options);
    const { openEvents } = await import('./migrate-events.ts');
    const log = textOf(options, 'log');
    const events = openEvents(invocation, log);
    try {
      const run = options['restore'] !== undefined ? restore : options['down'] !== undefined ? down : migrate;
      return await run(invocation, events, format);
    } catch (error) {
      const failure = describeFailure(error, []);
      events.note({ type: 'failed', ...failure });
      const isDown = options['down'] !== undefined;
      const done = isDown ? { reverted: events.reverted() } : { applied: events.applied() };
      if (typeof error === 'object' && error !== null) doneBefore.set(error, done);
      throw error;
    } finally {
      events.close();
      // Nothing may stand behind the report on a terminal.
      if (environment.stderr.isTerminal) invocation.progress.end();
    }
  },
};

function declare(command: Command): void {
  command
    .option('--dry-run', 'say what would be applied and what the data have against it; change nothing')
    .addOption(new Option('--to <TAG>', 'apply up to and with this migration').argParser(parseText('--to')))
    .addOption(
      new Option(
        '--down <TAG>',
        'take back this migration and all that were applied after it, the last one first',
      ).argParser(parseText('--down')),
    )
    .addOption(
      new Option(
        '--allow <WHAT>',
        'let pass: out-of-order, unknown, edited, lossy-cast, hand-made, disk-space (repeatable)',
      ).argParser((value, before: readonly string[] = []) => [...before, parseText('--allow')(value)]),
    )
    .option('--backup [FILE]', 'copy the database first (default: beside it, with the time in its name)')
    .addOption(
      new Option('--restore <FILE>', 'take the database back to a backup').argParser(parseText('--restore')),
    )
    .addOption(
      new Option(
        '--lock-timeout <S>',
        `seconds to wait for a lock (default: ${String(defaultLockTimeout)})`,
      ).argParser(parseSeconds('--lock-timeout')),
    )
    .option('--rehearse', 'try the migrations on a copy of the database first, however large it is')
    .option('--no-preflight', 'look at neither the schema nor the data before')
    .option('--no-check', 'no check afterwards')
    .addOption(new Option('--log <FILE>', 'append a JSON line for each step').argParser(parseText('--log')));
}

function textOf(options: Invocation['options'], name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

/** @throws DriftError CLI_INVALID_VALUE */
function refuseCombinations(options: Invocation['options']): void {
  if (options['down'] !== undefined && options['to'] !== undefined) {
    throw new DriftError('CLI_INVALID_VALUE', {
      option: '--down',
      value: textOf(options, 'down') ?? '',
      expected: 'given without --to: nothing is applied then',
    });
  }
  if (options['restore'] === undefined) return;
  const others = ['dryRun', 'to', 'down', 'allow', 'backup', 'rehearse'].filter(
    (name) => options[name] !== undefined,
  );
  if (others.length === 0) return;
  throw new DriftError('CLI_INVALID_VALUE', {
    option: '--restore',
    value: textOf(options, 'restore') ?? '',
    expected: 'given alone: nothing is migrated then',
  });
}

async function migrate(
  invocation: Invocation,
  events: MigrateEvents,
  format: 'human' | 'json',
): Promise<ExitCode> {
  const { environment } = invocation;
  const { runMigrate } = await import('../../stages/migrate.ts');
  const { renderMigrate } = await import('./migrate-text.ts');
  const request = await makeRequest(invocation, events);
  const result = await runMigrate(request);
  events.note({ type: 'done', applied: result.applied.map(({ tag }) => tag) });
  const outcome = { result, ...(await checkAfterwards(invocation, request, result)) };
  events.note({ type: 'checked', status: outcome.check?.status ?? null });
  invocation.progress.end();
  await publishText(await renderMigrate(outcome, format, invocation), invocation);
  if (outcome.failure)
    await environment.stderr.write(
      printFailure(outcome.failure, 'error', undefined, [], widthOf(environment.stderr)),
    );
  return exitCodeFor(outcome, request);
}

async function makeRequest(invocation: Invocation, events: MigrateEvents): Promise<MigrateRequest> {
  const { options } = invocation;
  const { allowances } = await import('../../stages/migrate-select.ts');
  return {
    ...commonOf(invocation, events),
    dryRun: options['dryRun'] === true,
    to: textOf(options, 'to'),
    allow: readAllowances(options['allow'], allowances),
    backup: typeof options['backup'] === 'string' ? options['backup'] : options['backup'] === true,
    preflight: options['preflight'] !== false,
    rehearse: options['rehearse'] === true ? 'always' : 'auto',
  };
}

/** What is taken back is pending again, and meant to be: that alone is no difference. */
async function down(
  invocation: Invocation,
  events: MigrateEvents,
  format: 'human' | 'json',
): Promise<ExitCode> {
  const { environment, options } = invocation;
  const { runDown } = await import('../../stages/migrate-down.ts');
  const { renderDown } = await import('./migrate-text.ts');
  const tag = textOf(options, 'down') ?? '';
  const request = await makeRequest(invocation, events);
  const result = await runDown({ ...request, tag });
  events.note({ type: 'done', applied: [], reverted: result.reverted.map((one) => one.tag) });
  const outcome = { result, ...(await checkAfterwards(invocation, request, result)) };
  events.note({ type: 'checked', status: outcome.check?.status ?? null });
  invocation.progress.end();
  await publishText(await renderDown(outcome, format, invocation), invocation);
  if (outcome.failure)
    await environment.stderr.write(
      printFailure(outcome.failure, 'error', undefined, [], widthOf(environment.stderr)),
    );
  return exitCodeFor(outcome, { ...request, to: tag });
}

function commonOf(
  invocation: Invocation,
  events: MigrateEvents,
): ProjectRequest & Pick<MigrateRequest, 'lock' | 'holder' | 'now' | 'clock' | 'onEvent'> {
  const { environment } = invocation;
  const seconds = invocation.options['lockTimeout'];
  return {
    ...requestOf(invocation),
    lock: (typeof seconds === 'number' ? seconds : defaultLockTimeout) * 1000,
    holder: {
      pid: environment.processId,
      command: redact(`drift ${environment.words.join(' ')}`, findSecrets(environment)),
    },
    now: environment.now,
    clock: () => new Date(),
    onEvent: events.note,
  };
}

/** @throws DriftError CLI_INVALID_VALUE */
function readAllowances(given: unknown, valid: readonly Allowance[]): ReadonlySet<Allowance> {
  const words = Array.isArray(given) ? (given as readonly string[]).flatMap((value) => value.split(',')) : [];
  return new Set(
    words.map((word) => {
      const found = valid.find((one) => one === word);
      if (found !== undefined) return found;
      throw new DriftError('CLI_INVALID_VALUE', {
        option: '--allow',
        value: word,
        expected: `one of ${valid.join(', ')}`,
        nearest: nearest(word, valid),
      });
    }),
  );
}

type Checked = Pick<MigrateOutcome<unknown>, 'check' | 'failure'>;

/** The migrations are applied by now, whatever the check says; what it cannot tell is no reason to say they are not. */
async function checkAfterwards(
  { options }: Invocation,
  request: MigrateRequest,
  result: Pick<MigrateResult, 'dryRun'>,
): Promise<Checked> {
  if (result.dryRun || options['check'] === false) return { check: null, failure: null };
  const { runCheck } = await import('../../stages/check.ts');
  try {
    const { cwd, config, url, env, timeout, onStage } = request;
    return { check: await runCheck({ cwd, config, url, env, timeout, onStage }), failure: null };
  } catch (error) {
    return { check: null, failure: describeFailure(error, []) };
  }
}

interface Ended extends Checked {
  readonly result: Pick<MigrateResult, 'dryRun' | 'preflight'> & Partial<Pick<MigrateResult, 'pushed'>>;
}

function exitCodeFor({ result, check, failure }: Ended, request: MigrateRequest): ExitCode {
  if (result.dryRun) return isRefused(result, request) ? exitCodes.notUpToDate : exitCodes.done;
  if (failure) return exitCodes.failed;
  if (check === null || isAsAsked(check, request)) return exitCodes.done;
  return exitCodeOf(check.status);
}

function isRefused({ preflight, pushed }: Ended['result'], { allow }: MigrateRequest): boolean {
  if (pushed) return true;
  const errors = preflight?.findings.filter(({ severity }) => severity === 'error') ?? [];
  return errors.some((finding) => ![...allow].some((word) => word === finding.allow));
}

/** With `--to`, what is left is left on purpose. */
function isAsAsked(check: CheckReport, { to }: MigrateRequest): boolean {
  if (to === undefined || check.undetermined.length > 0) return false;
  const { unknown, edited, outOfOrder, problems } = check.migrations;
  const isOrdered = [unknown, edited, outOfOrder, problems].every((list) => list.length === 0);
  return isOrdered && check.drifts.every(({ cause }) => cause === 'unapplied');
}

async function restore(
  invocation: Invocation,
  events: MigrateEvents,
  format: 'human' | 'json',
): Promise<ExitCode> {
  const { runRestore } = await import('../../stages/migrate.ts');
  const { renderRestore } = await import('./migrate-text.ts');
  const file = textOf(invocation.options, 'restore') ?? '';
  const result = await runRestore({ ...commonOf(invocation, events), file });
  events.note({ type: 'restored', ...result });
  invocation.progress.end();
  await publishText(renderRestore(result, format), invocation);
  return exitCodes.done;
}
