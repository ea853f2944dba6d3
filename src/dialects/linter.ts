/** What finding hazards in migrations needs of a database engine; loaded only by `drift lint`. */
import type { Hazard } from '../plan/hazards.ts';

export interface Linter {
  /**
   * Finds the hazards of migrations, whoever wrote them. No database of the user's is touched: each migration is
   * tried on a scratch database that the ones before it have built.
   * @throws DriftError HAZARD_UNKNOWN for a comment that allows a hazard that does not exist
   */
  lint(request: LintRequest): Promise<readonly LintFinding[]>;
}

export interface LintRequest {
  /** In the order in which they run. Those that are not examined are there for what they build. */
  readonly migrations: readonly LintMigration[];
  /** SQLite: the database is libSQL, which has statements of its own. */
  readonly isLibsql: boolean;
}

export interface LintMigration {
  readonly tag: string;
  /** What an error calls the file. */
  readonly file: string;
  readonly sql: string;
  readonly isExamined: boolean;
  /**
   * Texts of drizzle-kit's snapshots before and after it, null where there is none. They are no source of any schema,
   * but show what drizzle-kit knew of and took away with intent.
   */
  readonly snapshots: { readonly before: string | null; readonly after: string | null };
}

export interface LintFinding {
  readonly migration: LintMigration;
  readonly hazard: Hazard;
  /** Of the statement, from 1. */
  readonly line: number;
  readonly column: number;
  /** The table (or view, or virtual table) that it is about, and the object of it. */
  readonly table: string | null;
  readonly name: string | null;
  /** The reason of the comment in the file that allows it, which may be empty; null where none does. */
  readonly allowed: string | null;
}
