/** What `drift lint` found, ready to be printed. */
import { compareText } from '../catalog/address.ts';
import type { DialectName } from '../catalog/schema.ts';
import type { Hazard, HazardCode } from '../plan/hazards.ts';
import type { FolderProblemCode } from '../project/migrations/migration.ts';

/** Raised when a key of the JSON is removed or changes its meaning; new keys do not raise it. */
export const lintFormatVersion = 1;

/** What becomes of a hazard: an error fails the command, a warning and a note are only shown. */
export type LintLevel = 'error' | 'warning' | 'note';

export interface LintHazard {
  readonly code: HazardCode;
  readonly severity: Hazard['severity'];
  readonly level: LintLevel;
  /** Tag of the migration. */
  readonly migration: string;
  /** Relative to the project, with `/`. */
  readonly file: string;
  /** Of the statement, from 1. */
  readonly line: number;
  readonly column: number;
  readonly table: string | null;
  readonly name: string | null;
  readonly message: string;
  readonly instead: string | null;
}

/** A hazard that somebody has allowed, by a comment in the file or in drift.config. */
export interface AllowedHazard extends Omit<LintHazard, 'level'> {
  readonly by: 'comment' | 'config';
  /** The reason of the comment; empty where it gives none. */
  readonly reason: string;
}

/** Why part of the folder could not be looked at. */
export interface LintProblem {
  readonly code: FolderProblemCode;
  readonly file: string | null;
  readonly message: string;
  readonly next: string;
}

export interface LintReport {
  readonly formatVersion: typeof lintFormatVersion;
  /** `undetermined`: nothing was found, but not all could be looked at. */
  readonly status: 'clean' | 'hazards' | 'undetermined';
  readonly dialect: DialectName;
  /** The migrations folder, relative to the project. */
  readonly target: string;
  /** Tags of the migrations that were looked at, in their order. */
  readonly migrations: readonly string[];
  readonly hazards: readonly LintHazard[];
  readonly allowed: readonly AllowedHazard[];
  readonly problems: readonly LintProblem[];
}

export type LintParts = Omit<LintReport, 'formatVersion' | 'status'>;

export function createLintReport(parts: LintParts): LintReport {
  const fails = parts.hazards.some(({ level }) => level === 'error');
  return {
    formatVersion: lintFormatVersion,
    status: fails ? 'hazards' : parts.problems.length > 0 ? 'undetermined' : 'clean',
    ...parts,
    problems: [...parts.problems].sort((a, b) => compareText(a.message, b.message)),
  };
}

/** The last line: `3 hazards in 2 of 14 migrations.` */
export function summariseLint({ hazards, allowed, migrations, problems, target }: LintReport): string {
  if (migrations.length === 0 && problems.length === 0) return `No migrations to look at in ${target}.`;
  const files = new Set(hazards.map(({ file }) => file)).size;
  const failing = hazards.filter(({ level }) => level === 'error').length;
  const notes = hazards.length - failing;
  const parts = [
    failing > 0 ? count(failing, 'hazard') : 'No hazards',
    notes > 0 ? `${failing > 0 ? 'and' : 'but'} ${count(notes, 'note')}` : '',
    hazards.length > 0
      ? `in ${String(files)} of ${count(migrations.length, 'migration')}`
      : `in ${count(migrations.length, 'migration')}`,
  ];
  const extra = allowed.length > 0 ? `; ${String(allowed.length)} allowed` : '';
  const open =
    problems.length > 0 ? ` ${count(problems.length, 'problem')} kept drift from looking at all of it.` : '';
  return `${parts.filter((part) => part !== '').join(' ')}${extra}.${open}`;
}

function count(number: number, word: string): string {
  return `${String(number)} ${word}${number === 1 ? '' : 's'}`;
}
