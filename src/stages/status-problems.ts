/** What is wrong with a migrations folder, or between it and a database, in the words of the report. */
import type { PendingEvidence } from '../diff/causes-pending.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { displayPath } from '../project/paths.ts';
import type { FolderProblem } from '../project/migrations/migration.ts';
import { nameRow, type AppliedMigration, type AppliedState } from '../project/migrations/state.ts';
import { adviseLate } from '../report/migration-advice.ts';
import type { ProjectCommands } from '../report/project-commands.ts';
import type { MigrationProblem } from '../report/report.ts';
import type { ReplayFailure } from './recorded.ts';

/** A problem of the folder; paths become relative to the project. */
export function describeFolderProblem(root: string, problem: FolderProblem): MigrationProblem {
  const { code, tags, file, line, message, next } = problem;
  const [migration] = tags;
  return {
    code,
    ...(migration === undefined ? {} : { migration }),
    ...(file === undefined ? {} : { file: displayPath(root, file) }),
    ...(line === undefined ? {} : { line }),
    message,
    next,
  };
}

/**
 * Problems of the folder as they are for a database: what is applied cannot be generated again, and must keep its time.
 * @param state null where no database was asked
 */
export function adaptProblems(
  problems: readonly FolderProblem[],
  state: AppliedState | null,
): readonly FolderProblem[] {
  const applied = new Set(state?.applied.map(({ migration }) => migration.tag));
  return problems
    .filter(({ code, tags }) => code !== 'when-not-increasing' || !tags.every((tag) => applied.has(tag)))
    .map((problem) =>
      problem.code === 'duplicate-index' || (problem.code === 'two-branches' && problem.severity === 'error')
        ? { ...problem, next: adviseOnBranches(problem, applied) }
        : problem,
    );
}

/** The later one is generated again, unless it is applied and the other one is not. */
function adviseOnBranches({ code, tags, next }: FolderProblem, applied: ReadonlySet<string>): string {
  const last = tags.at(-1) ?? '';
  if (!applied.has(last)) return next;
  const open = tags.filter((tag) => !applied.has(tag));
  if (open.length > 0) {
    const names = open.join(', ');
    return `Drop ${names} (drizzle-kit drop) and generate ${open.length === 1 ? 'it' : 'them'} again on top of ${last}, which is applied already.`;
  }
  return code === 'duplicate-index'
    ? `Both are applied: give ${last} and what follows it the next "idx" in meta/_journal.json.`
    : `All are applied: set "prevId" of the snapshot of ${last} to the "id" of that of ${tags.at(-2) ?? ''}, generate a migration, and take out of it what it repeats.`;
}

/** What to do where the scratch database refuses a statement. */
const remedies: Readonly<Record<Dialect['name'], (failure: ReplayFailure) => string>> = {
  sqlite: (failure) =>
    isLibsqlOnly(failure)
      ? 'only libSQL knows such a statement, and migrations are replayed with SQLite, where drift makes up for ALTER COLUMN … TO, RANDOM ROWID and vector indexes: write it in a way that SQLite runs, too'
      : 'correct it so that SQLite runs it',
  postgres: () => 'set scratch.url in drift.config to a server that has what it needs',
};

function isLibsqlOnly({ statement, reason }: ReplayFailure): boolean {
  return (
    /^no such (?:function|module|table): (?:main\.)?(?:libsql|vector)/i.test(reason) ||
    /^\s*create\s+function\b/i.test(statement) ||
    (/syntax error/i.test(reason) && /\balter\s+column\b|\brandom\s+rowid\b/i.test(statement))
  );
}

/** A statement that could not be replayed. */
export function describeReplayFailure(
  { name }: Pick<Dialect, 'name'>,
  root: string,
  failure: ReplayFailure,
): MigrationProblem {
  const file = displayPath(root, failure.file);
  return {
    code: 'replay-failed',
    migration: failure.tag,
    file,
    line: failure.line,
    message: `${file}:${String(failure.line)} cannot be replayed: ${failure.reason.replace(/\.$/, '')}.`,
    next: failure.matters
      ? `What it would have made is not known; ${remedies[name](failure)}.`
      : 'It changes rows alone, so the schema is known all the same.',
  };
}

/** What the lists of applied, pending and unknown migrations do not say by themselves. */
export function describeStateProblems(
  state: AppliedState,
  commands: ProjectCommands,
): readonly MigrationProblem[] {
  const skipped = new Set(state.skipped.map(({ tag }) => tag));
  return [
    ...state.skipped.map(({ tag, when }) => ({
      code: 'skipped' as const,
      migration: tag,
      message: `${tag} is not applied, and drizzle-orm 0.x passes it over in silence: its "when" (${String(when)}) is not after that of the newest applied migration.`,
      next: `If it does not depend on what is applied already, ${adviseLate([tag], { commands, skipped })}; otherwise generate it again.`,
    })),
    ...state.renamed.map((applied) => describeRenamed(applied)),
  ];
}

/** An applied migration that Drizzle would take for a new one. */
export function describeRenamed({ migration, row }: AppliedMigration): MigrationProblem {
  const { tag } = migration;
  const was =
    row.name !== null && row.name !== tag ? `as ${row.name}` : `with the time ${String(row.createdAt)}`;
  return {
    code: 'would-run-again',
    migration: tag,
    message: `${tag} was applied ${was}; Drizzle takes it for a new migration and would run it again.`,
    next:
      row.name !== null && row.name !== tag
        ? `Give the folder its old name, ${row.name}.`
        : `Give ${tag} the "when" ${String(row.createdAt)} in meta/_journal.json.`,
  };
}

/**
 * Pending migrations whose work is in the database already, all of it or a part: they would fail half way. Where they are
 * the first ones, they are one problem with one answer.
 * @param found what `detectDrift` found
 * @param pending tags in the order in which they would run
 */
export function describePendingEvidence(
  found: readonly PendingEvidence[],
  pending: readonly string[],
): readonly MigrationProblem[] {
  const byTag = new Map(found.map((evidence) => [evidence.migration, evidence]));
  const stop = pending.findIndex((tag) => (byTag.get(tag)?.missing ?? 0) > 0);
  const leading = (stop === -1 ? pending : pending.slice(0, stop)).filter((tag) => byTag.has(tag));
  const [first, last] = [leading[0], leading.at(-1)];
  const together = leading.length > 1 && first !== undefined && last !== undefined;
  const others = together ? found.filter(({ migration }) => !leading.includes(migration)) : found;
  return [...(together ? [describeLeading(first, last, leading)] : []), ...describeEach(others)];
}

function describeLeading(first: string, last: string, tags: readonly string[]): MigrationProblem {
  const number = tags.length;
  const which =
    number === 2 ? `${first} and ${last}` : `${String(number)} migrations from ${first} to ${last}`;
  return {
    code: 'already-in-database',
    migration: last,
    others: tags.slice(0, -1),
    message: `${which} are pending, but the database has all that they make: they were run or pushed by hand.`,
    next: `Mark them as applied: drift stamp ${last}`,
  };
}

function describeEach(found: readonly PendingEvidence[]): readonly MigrationProblem[] {
  return found
    .filter(({ present }) => present > 0)
    .map(({ migration, present, missing }) =>
      missing === 0
        ? {
            code: 'already-in-database',
            migration,
            message: `${migration} is pending, but the database has all that it makes: it was run or pushed by hand.`,
            next: `Mark it as applied: drift stamp ${migration}`,
          }
        : {
            code: 'partly-applied',
            migration,
            message: `${migration} is pending, but the database has a part of what it makes (${String(present)} of ${String(present + missing)}): it was cut short or run by hand in part.`,
            next: `Undo that part, or do the rest by hand and mark it as applied: drift stamp ${migration}`,
          },
    );
}

/** Rows that say again what another row says; they do no harm. */
export function describeDuplicates(state: AppliedState): readonly MigrationProblem[] {
  return state.duplicates.map((row) => ({
    code: 'duplicate-row',
    message: `The table of applied migrations has ${nameRow(row)} twice.`,
    next: 'Delete one of the two rows; they do no harm.',
  }));
}
