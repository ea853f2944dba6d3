/** What is wrong with the migrations, one finding each: for the formats that list findings with their places. */
import { makePrintable } from '../diff/printable.ts';
import {
  adviceOnEmptyFolder,
  adviseState,
  remarkOnEdit,
  toSentence,
  type AdvisedState,
} from './migration-advice.ts';
import type { CheckReport } from './report.ts';

export interface MigrationFinding {
  /** `pending`, `edited`, `unknown`, `outOfOrder`, or the code of a problem. */
  readonly code: string;
  /** Tag, where it is about one migration. */
  readonly migration?: string | undefined;
  /** Sentences: what it is and what to do. */
  readonly message: string;
  /** Path relative to the project. */
  readonly file?: string | undefined;
  /** From 1. */
  readonly line?: number | undefined;
}

type State = 'pending' | 'outOfOrder' | 'edited' | 'unknown';

const stateWords: Readonly<Record<State, string>> = {
  pending: 'is pending: the database has not had it',
  outOfOrder: 'is out of order: a later migration is applied already',
  edited: 'is not the file that was applied',
  unknown: 'is applied but not in the folder',
};

const advised: Readonly<Record<Exclude<State, 'pending'>, AdvisedState>> = {
  outOfOrder: 'out-of-order',
  edited: 'edited',
  unknown: 'unknown',
};

/** Problems that say of a pending migration why it is pending, or why it would not run: they stand in its place. */
const ofPending: ReadonlySet<string> = new Set(['skipped', 'already-in-database', 'partly-applied']);

/** Every state and every problem once; what a problem says better is left to it. */
export function listMigrationFindings(report: CheckReport): readonly MigrationFinding[] {
  const { migrations } = report;
  const { problems, files = {} } = migrations;
  const explained = new Set(
    problems.flatMap(({ code, migration = [], others = [] }) =>
      ofPending.has(code) ? [...others, migration].flat() : [],
    ),
  );
  const late = new Set(migrations.outOfOrder);
  const isSaid: Readonly<Record<State, (tag: string) => boolean>> = {
    pending: (tag) => explained.has(tag) || late.has(tag),
    outOfOrder: (tag) => explained.has(tag),
    edited: () => false,
    unknown: () => false,
  };
  const states = (['pending', 'outOfOrder', 'edited', 'unknown'] as const).flatMap((state) =>
    migrations[state]
      .filter((tag) => !isSaid[state](tag))
      .map((tag): MigrationFinding => ({
        code: state,
        migration: tag,
        message: `${makePrintable(tag)} ${stateWords[state]}. ${advise(state, tag, report)}`,
        ...placeOf(files[tag]),
      })),
  );
  const others = problems.map(({ code, migration, message, next, file, line }): MigrationFinding => ({
    code,
    migration,
    message: next === undefined ? message : `${message} ${next}`,
    ...(file === undefined
      ? placeOf(migration === undefined ? undefined : files[migration])
      : { file, line }),
  }));
  return [...states, ...others];
}

/** A migration as a whole begins in its first line. */
function placeOf(file: string | undefined): Pick<MigrationFinding, 'file' | 'line'> {
  return file === undefined ? {} : { file, line: 1 };
}

function advise(state: State, tag: string, { commands, migrations }: CheckReport): string {
  if (state === 'pending') return `Run ${commands.migrate.text}.`;
  const advice = toSentence(adviseState(advised[state], [tag], { commands, skipped: new Set() }));
  if (state === 'unknown' && migrations.folder === null) return toSentence(adviceOnEmptyFolder);
  const isRemarkable = state === 'edited' && migrations.isEditWithoutEffect === true;
  return isRemarkable ? `${remarkOnEdit([tag])} ${advice}` : advice;
}
