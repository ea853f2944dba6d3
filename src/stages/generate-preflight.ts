/** What the rows of the database have against a migration that is about to be written. */
import { tableAddress } from '../catalog/address.ts';
import type { Schema } from '../catalog/schema.ts';
import { diffSchemas } from '../diff/compare.ts';
import { nameObject } from '../diff/naming.ts';
import type { AppliedRow } from '../dialects/dialect.ts';
import type {
  Finding,
  FindingCode,
  KnownSchema,
  MigrationScript,
  Migrator,
  Preflight,
} from '../dialects/migrator.ts';
import { DriftError } from '../errors.ts';
import { writeBackfill } from '../plan/flags.ts';
import type { HazardCode } from '../plan/hazards.ts';
import type { Plan } from '../plan/plan.ts';
import type { Refusal } from '../plan/refusals.ts';
import { matchApplied, type AppliedState } from '../project/migrations/state.ts';
import type { MigrationsFolder } from '../project/migrations/migration.ts';
import { withDatabase } from './actual.ts';
import type { Context, Planned } from './generate.ts';
import { describeFinding } from './migrate-select.ts';
import { createKnower } from './migrate-known.ts';
import { replayOptions } from './migrations.ts';
import type { Project } from './project.ts';
import { replayMigrations } from './recorded.ts';

/** The database that was asked, and what it has against the migration. */
export interface RowsAsked {
  /** What reports call the database; null where none was asked. */
  readonly target: string | null;
  readonly findings: readonly Finding[];
  readonly rehearsed: Preflight['rehearsed'];
  /** Why no rows were looked at, one sentence; null where they were. */
  readonly note: string | null;
}

/**
 * Asks the configured database. One that cannot be reached is no obstacle to writing a migration, and is said.
 * @param sql the migration as it would be written
 */
export async function askRows(
  context: Context,
  folder: MigrationsFolder,
  planned: Planned,
  sql: string,
): Promise<RowsAsked> {
  try {
    const database = await readDatabase(context.project);
    const state = matchApplied(folder, database.rows);
    const own = { tag: 'The new migration', file: 'new-migration.sql', sql, hash: '', when: 0 };
    // drift migrate keeps what it can; any other runner takes all of it along.
    const isKept = planned.request.runner === 'drift';
    const know = createKnower(context.project, folder, [{ dropsTables: isKept }]);
    const found = await runPreflight(context, state, own, await know(database.rows));
    if ('note' in found) return { ...nobodyAsked(found.note), target: database.label };
    const handMade = isKept ? [] : await findHandMade(context, folder, state, database.schema, planned);
    return {
      target: database.label,
      findings: leaveOutEcho([...found.findings, ...handMade].map(asOfWriting)),
      rehearsed: found.rehearsed,
      note: null,
    };
  } catch (error) {
    if (!(error instanceof DriftError)) throw error;
    return nobodyAsked(`No rows were looked at: ${error.message}`);
  }
}

function nobodyAsked(note: string): RowsAsked {
  return { target: null, findings: [], rehearsed: 'no', note };
}

interface Database {
  readonly label: string;
  readonly schema: Schema;
  readonly rows: readonly AppliedRow[] | null;
}

function readDatabase(project: Project): Promise<Database> {
  const scope = { ...project.scope, tables: undefined };
  return withDatabase(project, async (session) => ({
    label: session.label,
    schema: await session.introspect(scope),
    rows: await session.readAppliedMigrations(scope),
  }));
}

async function runPreflight(
  context: Context,
  { pending }: AppliedState,
  own: MigrationScript,
  known: KnownSchema | null,
): Promise<Pick<Preflight, 'findings' | 'rehearsed'> | { readonly note: string }> {
  const migrator = await openReader(context);
  try {
    const { project } = context;
    const ask = (scripts: readonly MigrationScript[], rehearse: 'auto' | 'never'): Promise<Preflight> =>
      project.step('looking at the data', () => migrator.preflight(scripts, { rehearse, known }));
    const before = pending.length === 0 ? null : await ask(pending, 'never');
    const broken = before?.findings.find(({ code }) => code === 'fails');
    if (broken !== undefined) {
      const problem = broken.message.replace(/\.$/, '');
      return {
        note: `No rows of ${migrator.label} were looked at, since what is pending cannot be applied there: ${problem}.`,
      };
    }
    const said = new Set((before?.findings ?? []).map(({ message }) => message));
    const { findings, rehearsed } = await ask([...pending, own], 'auto');
    // What stands in the way of the pending ones is for drift migrate to say.
    return { rehearsed, findings: findings.filter(({ message }) => !said.has(message)) };
  } finally {
    await migrator.close();
  }
}

async function openReader({ project, request }: Context): Promise<Migrator> {
  const { dialect, scope, limits } = project;
  const migrator = await dialect.openMigrator?.(project.target(), {
    scope,
    rows: 'journal',
    dryRun: true,
    get lock() {
      return limits.lock;
    },
    holder: { pid: request.pid, command: null },
    now: request.now,
    clock: () => new Date(request.now()),
    onEvent: () => undefined,
  });
  if (migrator === undefined) throw new DriftError('MIGRATE_UNSUPPORTED', { dialect: dialect.name });
  return migrator;
}

const handMadeAnswer =
  'Take it into the models or into a migration of its own (drift generate --custom), or drop it.';

/** Room on this disk says nothing about the one where the migration will run, and flags of migrate are none of generate. */
function asOfWriting(finding: Finding): Finding {
  if (finding.code === 'hand-made' && finding.severity === 'error') {
    return { ...finding, answer: handMadeAnswer, allow: null };
  }
  return finding.code === 'disk-space' ? { ...finding, severity: 'warning' } : finding;
}

/** That it fails on a copy says nothing new where it is known why. */
function leaveOutEcho(findings: readonly Finding[]): readonly Finding[] {
  const isKnown = findings.some(
    ({ code, severity, count }) => code !== 'fails' && severity === 'error' && count > 0,
  );
  return isKnown ? findings.filter(({ code }) => code !== 'fails') : findings;
}

/**
 * What somebody added by hand to a table that is made anew. No migration knows of it, so that the new table would be
 * without it.
 */
async function findHandMade(
  { project }: Context,
  folder: MigrationsFolder,
  state: AppliedState,
  actual: Schema,
  { planning, request }: Planned,
): Promise<readonly Finding[]> {
  const rebuilt = new Set(
    rebuiltTables(planning.plan).map(
      (name) => request.renames.find(({ kind, to }) => kind === 'table' && to === name)?.from.name ?? name,
    ),
  );
  if (rebuilt.size === 0) return [];
  const options = await replayOptions(project, null);
  const scope = { ...project.scope, tables: undefined };
  const { applied } = await replayMigrations(folder, state, { ...options, scope });
  const pair = await project.dialect.normalise({ database: actual, expected: applied }, null);
  return diffSchemas(pair.database, pair.expected).flatMap((change): Finding[] => {
    const { table } = change.address;
    if (change.type !== 'drop' || table === undefined || !rebuilt.has(table)) return [];
    const what = nameObject(change);
    const values = change.kind === 'column' ? ' with its values' : '';
    return [
      {
        code: 'hand-made',
        severity: 'error',
        address: change.address,
        count: 0,
        samples: [],
        message: `${what} is in the database and in no migration, and ${tableAddress(change.address).name} is made anew: it would be gone${values}.`,
        answer: handMadeAnswer,
        allow: null,
      },
    ];
  });
}

function rebuiltTables(plan: Plan): readonly string[] {
  return plan.batches
    .flatMap(({ steps }) => steps)
    .flatMap(({ action }) => (action.type === 'copyTable' ? [action.from] : []));
}

const aboutRows: ReadonlySet<FindingCode> = new Set([
  'null-values',
  'no-value',
  'duplicates',
  'orphans',
  'check-violations',
  'fails',
]);

/** Hazards of rows that nobody has to think about again: the rows of the database were looked at, and none is in the way. */
export function findSettled(asked: RowsAsked | null): ReadonlySet<HazardCode> {
  if (asked === null || asked.target === null || asked.note !== null) return new Set();
  if (asked.findings.some(({ code }) => aboutRows.has(code))) return new Set();
  return new Set<HazardCode>(['constraint-validation', 'not-null-without-default']);
}

const answerable: ReadonlySet<string> = new Set(['null-values', 'no-value', 'lossy-cast']);

/**
 * What the rows have against it as questions, where an expression for a column would answer each.
 * @throws DriftError GENERATE_ROWS_REFUSED where something else stands in the way
 */
export function questionRows({ target, findings }: RowsAsked): readonly Refusal[] {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const questions = errors.flatMap((finding): Refusal[] => {
    const { address, code } = finding;
    if (!answerable.has(code) || address.table === undefined) return [];
    const problem = describeFinding({ ...finding, answer: '' }).trimEnd();
    const flag = writeBackfill(`${address.table}.${address.name}`);
    return [{ code: 'rows', address, problem, flag }];
  });
  if (questions.length === errors.length) return questions;
  // Where it only failed on a copy, what the rows may have against it is the likely reason, and has the flag.
  const likely = errors.every(({ code }) => code === 'fails')
    ? findings.filter(({ severity, code }) => severity === 'warning' && answerable.has(code))
    : [];
  throw new DriftError('GENERATE_ROWS_REFUSED', {
    target: target ?? '',
    problems: [...errors, ...likely].map(describeFinding),
  });
}
