/** What `drift status` found, as data: the document of `--format json`, and what the other formats are made of. */
import type { DialectName } from '../catalog/schema.ts';
import type { Failure, MigrationProblem } from './report.ts';

/** Grows only when a reader of the old format would misread the new one. */
export const statusFormatVersion = 1;

/**
 * What a migration is to the database. `edited` and `renamed` ones are applied; `skipped` and `out-of-order` ones are
 * pending; `unknown` ones are only in the database; a `missing-file` is named by the folder, applied or not.
 */
export type MigrationStanding =
  'applied' | 'edited' | 'renamed' | 'pending' | 'out-of-order' | 'skipped' | 'missing-file' | 'unknown';

export interface StatusEntry {
  /** Tag; of an unknown one the name of its row, or what the row has instead. */
  readonly migration: string;
  readonly status: MigrationStanding;
  /** True where the database has its row. */
  readonly applied: boolean;
  /** When it was made: ISO 8601 in UTC, null where that cannot be told. */
  readonly made: string | null;
  /** When it was applied, which only Drizzle 1.0 writes down: ISO 8601 in UTC, null where that cannot be told. */
  readonly appliedAt: string | null;
  /** What to do about it, one sentence; null where it is in order. */
  readonly next: string | null;
}

/**
 * `behind`: migrations are pending. `ahead`: the database has some that the folder does not. `diverged`: both.
 * `folder-broken`: the rows fit, and something is wrong with the folder itself.
 */
export type DatabaseStanding =
  'up-to-date' | 'behind' | 'ahead' | 'diverged' | 'edited' | 'folder-broken' | 'no-migrations';

/** The result of `drift status`. */
export interface StatusReport {
  readonly formatVersion: typeof statusFormatVersion;
  readonly status: 'up-to-date' | 'not-up-to-date';
  readonly standing: DatabaseStanding;
  readonly dialect: DialectName;
  /** The database, never with a password. */
  readonly target: string;
  /** What `out` in drizzle.config names, relative to the project, whether it is there or not. */
  readonly out: string;
  /** The same; null where there is no such folder, or nothing in it. */
  readonly folder: string | null;
  /** `journal` is the layout of Drizzle 0.x, `dated` the one of 1.0. */
  readonly layout: 'journal' | 'dated' | 'empty' | null;
  /** False where the database has no table of applied migrations. */
  readonly tableExists: boolean;
  /** In the order in which they run; then those whose file is gone, then unknown ones. */
  readonly migrations: readonly StatusEntry[];
  /** What keeps Drizzle or drift from doing the right thing. */
  readonly problems: readonly MigrationProblem[];
  /** What is worth knowing. */
  readonly warnings: readonly MigrationProblem[];
  /** What to do next, one sentence; null where there is nothing to do. */
  readonly next: string | null;
}

/** The document for machines, its keys in a fixed order. */
export function renderStatusJson(report: StatusReport): string {
  const { formatVersion, status, standing, dialect, target, out, folder, layout, tableExists } = report;
  return print({
    ...{ formatVersion, status, standing, dialect, target, out, folder, layout, tableExists },
    migrations: report.migrations.map((entry) => ({
      migration: entry.migration,
      status: entry.status,
      applied: entry.applied,
      made: entry.made,
      appliedAt: entry.appliedAt,
      next: entry.next,
    })),
    problems: report.problems.map(orderProblem),
    warnings: report.warnings.map(orderProblem),
    next: report.next,
  });
}

/** What a machine reads where the state could not be told: the same keys, and the error. */
export function renderFailedStatus({ code, message, next }: Failure): string {
  return print({
    formatVersion: statusFormatVersion,
    status: 'undetermined',
    standing: null,
    dialect: null,
    target: null,
    out: null,
    folder: null,
    layout: null,
    tableExists: null,
    migrations: [],
    problems: [],
    warnings: [],
    next,
    error: { code, message, next },
  });
}

function orderProblem({ code, migration, file, line, message, next }: MigrationProblem): unknown {
  return { code, migration, file, line, message, next };
}

function print(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
