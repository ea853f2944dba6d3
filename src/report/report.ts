/**
 * What `drift check` found, as data. Every format is a pure function of this; `--format json` is this, key by key.
 */
import type { FolderProblemCode } from '../project/migrations/migration.ts';
import { compareText, type Address } from '../catalog/address.ts';
import type { ObjectKind } from '../catalog/objects.ts';
import { compareObjects, type DialectName, type Located } from '../catalog/schema.ts';
import type { AcceptedDrift } from '../diff/baseline.ts';
import type { Drift, SourceLocation } from '../diff/drift.ts';
import { driftCommands, type ProjectCommands } from './project-commands.ts';

/** Grows only when a reader of the old format would misread the new one. */
export const reportFormatVersion = 1;

export type ReportStatus = 'up-to-date' | 'not-up-to-date' | 'undetermined';

/** What can be wrong with the folder, and between it and a database. */
export type ProblemCode =
  | FolderProblemCode
  | 'replay-failed'
  | 'skipped'
  | 'would-run-again'
  | 'already-in-database'
  | 'partly-applied'
  | 'duplicate-row';

/** Something wrong with the migrations folder or with what was applied, beyond the lists of {@link MigrationState}. */
export interface MigrationProblem {
  /** A stable word for scripts, lower case with hyphens: `missing-file`, `duplicate-index`, `replay-failed` … */
  readonly code: ProblemCode;
  /** Tag of the migration it is about, where it is about one; of several the last. */
  readonly migration?: string;
  /** Tags of the others, where it is about several. */
  readonly others?: readonly string[];
  /** Path relative to the project with `/`. */
  readonly file?: string;
  /** From 1, where it is about a line of the file. */
  readonly line?: number;
  /** One sentence. */
  readonly message: string;
  /** What to do, one sentence. */
  readonly next?: string;
}

/** The migrations folder against the rows of `__drizzle_migrations`. All names are tags. */
export interface MigrationState {
  /** Path of the folder relative to the project; null where there is none, so that nothing can tell which side moved. */
  readonly folder: string | null;
  /** How many migrations the folder names, with those whose file is gone. */
  readonly total: number;
  /** How many of them the database has; null where no database was asked. */
  readonly applied: number | null;
  /** In the folder, not applied; in the order in which they would run. */
  readonly pending: readonly string[];
  /** Applied, not in the folder: the name where the row has one, else its hash. */
  readonly unknown: readonly string[];
  /** The file is not the one that was applied. */
  readonly edited: readonly string[];
  /** True where the database is what the edited files make all the same; left out where nobody can tell. */
  readonly isEditWithoutEffect?: boolean;
  /** Pending but older than the newest applied one, so that drizzle-orm would skip them in silence. */
  readonly outOfOrder: readonly string[];
  readonly problems: readonly MigrationProblem[];
  /** True where they could not be replayed, so that nothing can tell which side moved. */
  readonly isUnreplayed?: boolean;
  /** Paths of the migrations by tag, relative to the project with `/`; left out where nobody needs them. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A comparison that nobody could decide. */
export interface UndeterminedComparison extends Located {
  readonly field: string;
  readonly database: string;
  readonly expected: string;
  /** Why, one sentence or clause. */
  readonly reason: string;
  readonly source?: SourceLocation;
}

/** What is worth a word with `--verbose` and is no drift. */
export interface Note {
  readonly kind: 'column-order';
  readonly address: Address;
  /** One sentence. */
  readonly message: string;
}

/**
 * A statement of a migration that could not be replayed and whose failure says nothing of the database: it changes rows
 * alone, or the scratch database lacks what the user's may well have. Without a place: no migration was replayed at all.
 */
export interface ReplayNote {
  readonly kind: 'not-replayed';
  /** Tag. */
  readonly migration?: string;
  /** Path relative to the project with `/`. */
  readonly file?: string;
  /** Where the statement begins, from 1. */
  readonly line?: number;
  /** Sentences. */
  readonly message: string;
}

/** Drift that was accepted in a reviewed file: `drift check --update-baseline`. */
export interface BaselineState {
  /** Path relative to the project. */
  readonly file: string;
  /** What was found and is accepted; it is no drift of the report. */
  readonly accepted: readonly IgnoredDrift[];
  /** What is in the file and was not found. */
  readonly obsolete: readonly AcceptedDrift[];
  /** True where this check has written the file. */
  readonly updated: boolean;
}

/** The result of a check. Made by {@link createReport}, which sorts everything and decides the status. */
export interface CheckReport {
  readonly formatVersion: typeof reportFormatVersion;
  readonly status: ReportStatus;
  readonly dialect: DialectName;
  /** What was checked, as a person would name it: a URL without its password, or a path. */
  readonly target: string;
  /** Models against migrations alone: what is called the database's in the lists is what the migrations make. */
  readonly offline: boolean;
  readonly drifts: readonly Drift[];
  readonly migrations: MigrationState;
  /** Objects that neither the models nor the migrations can be held responsible for. */
  readonly unmanaged: readonly Located[];
  readonly undetermined: readonly UndeterminedComparison[];
  /** Differences that a rule in drift.config hides. They are counted, so that nothing is skipped in silence. */
  readonly ignored: readonly IgnoredDrift[];
  /** Left out where there is no baseline. */
  readonly baseline?: BaselineState;
  readonly notes: readonly (Note | ReplayNote)[];
  /** What is typed in this project to generate and to run migrations. */
  readonly commands: ProjectCommands;
}

/**
 * What a machine reads in place of a report where the check could not be made: the same keys, and the error. Nothing is
 * claimed about a database that nobody could look at.
 */
export interface FailedReport {
  readonly formatVersion: typeof reportFormatVersion;
  readonly status: 'undetermined';
  readonly dialect: null;
  readonly target: null;
  readonly drifts: readonly [];
  readonly migrations: null;
  readonly unmanaged: readonly [];
  readonly undetermined: readonly [];
  readonly error: Failure;
  /** The command that failed, where it was another: `drift lint`. */
  readonly command?: string;
}

/** An error as a person is told it. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  /** What to do next, one sentence. */
  readonly next: string;
}

/** Makes the report of a check that failed. */
export function createFailedReport({ code, message, next }: Failure, command?: string): FailedReport {
  return {
    formatVersion: reportFormatVersion,
    status: 'undetermined',
    dialect: null,
    target: null,
    drifts: [],
    migrations: null,
    unmanaged: [],
    undetermined: [],
    error: { code, message, next },
    ...(command === undefined ? {} : { command }),
  };
}

/** Either outcome of a check; every format can print both. */
export type Report = CheckReport | FailedReport;

/** A drift without its words, for counting. */
export interface IgnoredDrift {
  readonly kind: Drift['kind'];
  readonly address: Address;
}

/** What a check knows before it is put in order. Lists that are left out are empty. */
export interface ReportParts {
  readonly dialect: DialectName;
  readonly target: string;
  /** False where it is left out. */
  readonly offline?: boolean;
  readonly drifts: readonly Drift[];
  /** Left out or null where there is no migrations folder. */
  readonly migrations?: Partial<MigrationState> | null;
  readonly unmanaged?: readonly Located[];
  readonly undetermined?: readonly UndeterminedComparison[];
  readonly ignored?: readonly IgnoredDrift[];
  readonly baseline?: BaselineState | undefined;
  readonly notes?: readonly (Note | ReplayNote)[];
  /** drift's own where they are left out. */
  readonly commands?: ProjectCommands;
}

/** Puts a report together: every list sorted, so that two runs are equal byte by byte, and the status decided. */
export function createReport(parts: ReportParts): CheckReport {
  const { applied, ...others } = { ...noMigrations, ...parts.migrations };
  const migrations = { ...others, applied: parts.offline === true ? null : applied };
  const content = {
    drifts: [...parts.drifts].sort(compareDrifts),
    migrations: {
      ...migrations,
      unknown: [...migrations.unknown].sort(compareText),
      edited: [...migrations.edited].sort(compareText),
      outOfOrder: [...migrations.outOfOrder].sort(compareText),
    },
    unmanaged: [...(parts.unmanaged ?? [])].map(pickLocation).sort(compareObjects),
    undetermined: [...(parts.undetermined ?? [])].sort(
      (a, b) => compareObjects(a, b) || compareText(a.field, b.field),
    ),
  };
  return {
    formatVersion: reportFormatVersion,
    status: decideStatus(content),
    dialect: parts.dialect,
    target: parts.target,
    offline: parts.offline ?? false,
    ...content,
    ignored: [...(parts.ignored ?? [])].sort(compareDrifts),
    ...(parts.baseline
      ? { baseline: { ...parts.baseline, accepted: [...parts.baseline.accepted].sort(compareDrifts) } }
      : {}),
    notes: [...(parts.notes ?? [])].sort(compareNotes),
    commands: parts.commands ?? driftCommands,
  };
}

const noMigrations: MigrationState = {
  folder: null,
  total: 0,
  applied: 0,
  pending: [],
  unknown: [],
  edited: [],
  outOfOrder: [],
  problems: [],
};

/**
 * A difference that is certain outweighs a comparison that is not: the database is not up to date whatever the answer
 * would be.
 */
function decideStatus(content: Pick<CheckReport, 'drifts' | 'migrations' | 'undetermined'>): ReportStatus {
  if (content.drifts.length > 0 || !isClean(content.migrations)) return 'not-up-to-date';
  return content.undetermined.length > 0 ? 'undetermined' : 'up-to-date';
}

/** True where every migration of the folder is applied as it is, and nothing else is. */
export function isClean(migrations: MigrationState): boolean {
  return [
    migrations.pending,
    migrations.unknown,
    migrations.edited,
    migrations.outOfOrder,
    migrations.problems,
  ].every((list) => list.length === 0);
}

/** The object word of a drift: `column` of `column.alter`. */
export function objectOfDrift(kind: Drift['kind']): ObjectKind {
  return kind.slice(0, kind.indexOf('.')) as ObjectKind;
}

function compareDrifts(a: IgnoredDrift, b: IgnoredDrift): number {
  return (
    compareObjects(
      { kind: objectOfDrift(a.kind), address: a.address },
      { kind: objectOfDrift(b.kind), address: b.address },
    ) ||
    compareText(a.kind, b.kind) ||
    // One object may drift for two causes at once; the cause then tells them apart.
    compareText(causeOf(a), causeOf(b))
  );
}

function causeOf(drift: IgnoredDrift | Drift): string {
  return 'cause' in drift ? `${drift.cause} ${drift.migration ?? ''} ${drift.observed ?? ''}` : '';
}

/** What could not be replayed comes first, in the order of the files, which is that of the migrations. */
function compareNotes(a: Note | ReplayNote, b: Note | ReplayNote): number {
  if (a.kind === 'not-replayed') {
    return b.kind === 'not-replayed'
      ? compareText(a.file ?? '', b.file ?? '') || (a.line ?? 0) - (b.line ?? 0)
      : -1;
  }
  if (b.kind === 'not-replayed') return 1;
  return compareObjects({ kind: 'table', address: a.address }, { kind: 'table', address: b.address });
}

function pickLocation(located: Located): Located {
  // A catalogue object satisfies Located too; its attributes have no place in a report.
  return { kind: located.kind, address: located.address };
}
