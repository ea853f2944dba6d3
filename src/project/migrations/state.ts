/** The folder against the rows of Drizzle's table: what is applied, what is not, and what does not fit together. */
import type { AppliedRow } from '../../dialects/dialect.ts';
import { hashVariants } from './hash.ts';
import type { Migration, MigrationsFolder } from './migration.ts';

/** A migration of the folder that the database says it has. */
export interface AppliedMigration {
  readonly migration: Migration;
  readonly row: AppliedRow;
}

/** A row whose migration the folder names and does not have. */
export interface MissingMigration {
  readonly tag: string;
  readonly row: AppliedRow;
}

/** The state of a database with respect to a folder. */
export interface AppliedState {
  /** False where the database has no table of applied migrations at all. */
  readonly tableExists: boolean;
  /** In the order in which they were applied. */
  readonly applied: readonly AppliedMigration[];
  /** In the order in which they would run, with those that Drizzle would skip. */
  readonly pending: readonly Migration[];
  /** Rows of migrations that the folder does not have: the database is ahead of the code. */
  readonly unknown: readonly AppliedRow[];
  /** Rows of migrations that the folder names, but whose file is gone: the problem `missing-file`. */
  readonly missing: readonly MissingMigration[];
  /** Applied, but the file is not the one that was applied. Line endings and final newlines do not count. */
  readonly edited: readonly AppliedMigration[];
  /** Pending, though a migration that comes after them is applied. */
  readonly outOfOrder: readonly Migration[];
  /** Those of the pending ones that drizzle-orm 0.x will never run: their `when` is not after the newest row's. */
  readonly skipped: readonly Migration[];
  /** Applied under another name or time; Drizzle would take the file for a new migration and run it again. */
  readonly renamed: readonly AppliedMigration[];
  /** Rows that say again what another row says. */
  readonly duplicates: readonly AppliedRow[];
}

/** Matches rows and migrations as both versions of Drizzle do. `rows` is null where there is no such table. */
export function matchApplied(folder: MigrationsFolder, rows: readonly AppliedRow[] | null): AppliedState {
  const matching = matchRows(folder, rows ?? []);
  const applied = [...matching.found.entries()].map(([row, migration]) => ({ row, migration }));
  const order = new Map(rows?.map((row, at) => [row, at]));
  applied.sort((a, b) => (order.get(a.row) ?? 0) - (order.get(b.row) ?? 0));
  const taken = new Set(applied.map((one) => one.migration));
  const pending = folder.migrations.filter((migration) => !taken.has(migration));
  const lastApplied = folder.migrations.findLastIndex((migration) => taken.has(migration));
  const skipped = findSkipped(folder, pending, rows ?? []);
  const missing = matchMissing(folder, matching.unknown);
  return {
    tableExists: rows !== null,
    applied,
    pending,
    unknown: matching.unknown.filter((row) => !missing.some((one) => one.row === row)),
    missing,
    edited: applied.filter(({ migration, row }) => isEdited(migration, row)),
    outOfOrder: pending.filter(
      (migration) => folder.migrations.indexOf(migration) < lastApplied || skipped.includes(migration),
    ),
    skipped,
    renamed: applied.filter((one) => isToBeRunAgain(one, folder, rows ?? [])),
    duplicates: matching.duplicates,
  };
}

/** True where every migration of the folder is applied as it is, once, and nothing else is. */
export function isUpToDate(state: AppliedState): boolean {
  return [state.pending, state.unknown, state.edited, state.renamed].every((list) => list.length === 0);
}

interface RowMatching {
  readonly found: ReadonlyMap<AppliedRow, Migration>;
  readonly unknown: readonly AppliedRow[];
  readonly duplicates: readonly AppliedRow[];
}

type Rule = (row: AppliedRow, migration: Migration) => boolean;

function matchRows(folder: MigrationsFolder, rows: readonly AppliedRow[]): RowMatching {
  const variants = new Map(folder.migrations.map((migration) => [migration, hashVariants(migration.sql)]));
  const sameHash: Rule = (row, migration) => variants.get(migration)?.has(row.hash) ?? false;
  const sameTime: Rule = folder.layout === 'dated' ? isSameSecond : isSameTime;
  const sameName: Rule = (row, migration) => row.name !== null && row.name === migration.tag;
  // Drizzle 0.x goes by the time alone and 1.0 by the name alone; the hash tells apart what shares them.
  const certain: readonly Rule[] = [
    (row, migration) => sameName(row, migration) && sameHash(row, migration),
    sameName,
    (row, migration) => isNameless(row, folder) && sameTime(row, migration) && sameHash(row, migration),
    (row, migration) => isNameless(row, folder) && sameTime(row, migration),
    // drizzle-kit up renames `0001_name` to `<time>_name`, and going back does the reverse.
    (row, migration) => isSameSecond(row, migration) && sameHash(row, migration),
  ];
  const found = new Map<AppliedRow, Migration>();
  for (const rule of [...certain, sameHash]) take(folder.migrations, rows, found, rule);
  const rest = rows.filter((row) => !found.has(row));
  const duplicates = rest.filter((row) =>
    [...found.keys()].some((other) => other.hash === row.hash && isSameRow(other, row)),
  );
  return { found, duplicates, unknown: rest.filter((row) => !duplicates.includes(row)) };
}

/** The hash is not known of a file that is gone, so that name and time have to do. */
function matchMissing(folder: MigrationsFolder, rows: readonly AppliedRow[]): readonly MissingMigration[] {
  const gone = folder.problems.filter(({ code }) => code === 'missing-file');
  const sameTime = folder.layout === 'dated' ? isSameSecond : isSameTime;
  return rows.flatMap((row) => {
    const problem = gone.find(({ tags: [tag], when = NaN }) =>
      isNameless(row, folder) ? sameTime(row, { when }) : row.name === tag,
    );
    const tag = problem?.tags[0];
    return tag === undefined ? [] : [{ tag, row }];
  });
}

/** Gives each row that has no migration yet the first that the rule finds and that no other row has. */
function take(
  migrations: readonly Migration[],
  rows: readonly AppliedRow[],
  found: Map<AppliedRow, Migration>,
  rule: Rule,
): void {
  const taken = new Set(found.values());
  for (const row of rows) {
    if (found.has(row)) continue;
    const migration = migrations.find((candidate) => !taken.has(candidate) && rule(row, candidate));
    if (!migration) continue;
    found.set(row, migration);
    taken.add(migration);
  }
}

/** A row that must be found by its time: written by 0.x, or by 1.0 while the folder is the one of 0.x. */
function isNameless(row: AppliedRow, folder: MigrationsFolder): boolean {
  return row.name === null || folder.layout === 'journal';
}

/**
 * Drizzle 1.0 runs what has no row of its name; 0.x runs what is newer than the newest row. Rows without a name are
 * given one when 1.0 first meets the table of 0.x, which then has no names at all.
 */
function isToBeRunAgain(
  { migration, row }: AppliedMigration,
  folder: MigrationsFolder,
  rows: readonly AppliedRow[],
): boolean {
  if (folder.layout === 'journal') return migration.when > newestTime(rows);
  return row.name === null ? rows.some((other) => other.name !== null) : row.name !== migration.tag;
}

function newestTime(rows: readonly AppliedRow[]): number {
  return rows.reduce((newest, row) => Math.max(newest, row.createdAt), -Infinity);
}

function isSameTime(row: AppliedRow, migration: Pick<Migration, 'when'>): boolean {
  return row.createdAt === migration.when;
}

/** Names of 1.0 have no milliseconds, and its upgrade of the table of 0.x cuts them off. */
function isSameSecond(row: AppliedRow, migration: Pick<Migration, 'when'>): boolean {
  return Math.floor(row.createdAt / 1000) === Math.floor(migration.when / 1000);
}

function isSameRow(a: AppliedRow, b: AppliedRow): boolean {
  return a.createdAt === b.createdAt && (a.name ?? b.name) === (b.name ?? a.name);
}

function isEdited(migration: Migration, row: AppliedRow): boolean {
  return migration.hash !== row.hash && !hashVariants(migration.sql).has(row.hash);
}

/** drizzle-orm 0.x runs what is newer than the newest row, and nothing else; 1.0 runs every name it does not know. */
function findSkipped(
  folder: MigrationsFolder,
  pending: readonly Migration[],
  rows: readonly AppliedRow[],
): readonly Migration[] {
  if (folder.layout !== 'journal' || rows.length === 0) return [];
  const newest = newestTime(rows);
  return pending.filter((migration) => migration.when <= newest);
}

/** What a row is called: the name of its migration, or what it has instead. */
export function nameRow(row: AppliedRow): string {
  if (row.name !== null && row.name !== '') return row.name;
  const time = new Date(row.createdAt);
  const shown = Number.isNaN(time.getTime()) ? String(row.createdAt) : time.toISOString();
  return `${row.hash.slice(0, 12)} of ${shown}`;
}
