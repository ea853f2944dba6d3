/** What a migrations folder consists of. */

/** `journal` is the layout of Drizzle 0.x, `dated` the one of 1.0; `empty` has nothing that tells. */
export type FolderLayout = 'journal' | 'dated' | 'empty';

/** One migration of the folder. */
export interface Migration {
  /** File name without `.sql` (0.x), or name of its folder (1.0). */
  readonly tag: string;
  /** Path of the .sql file, absolute. */
  readonly file: string;
  /** Milliseconds since 1970: the journal's `when`, or the time in the folder's name. NaN where that has none. */
  readonly when: number;
  /** SHA-256 (hex) of the whole text, as Drizzle computes it. */
  readonly hash: string;
  readonly sql: string;
  /** Path of the snapshot, absolute, whether it is there or not. */
  readonly snapshotFile: string;
}

export type FolderProblemCode =
  | 'journal-missing'
  | 'missing-file'
  | 'file-without-entry'
  | 'duplicate-index'
  | 'duplicate-tag'
  | 'when-not-increasing'
  | 'conflict-markers'
  | 'byte-order-mark'
  | 'mixed-layouts'
  | 'other-dialect'
  | 'name-without-time'
  | 'two-branches'
  | 'broken-chain'
  | 'snapshot-invalid'
  | 'snapshot-version';

/** Something wrong with the folder itself, whatever the database says. */
export interface FolderProblem {
  readonly code: FolderProblemCode;
  /** An error keeps Drizzle or drift from doing the right thing; a warning is worth knowing. */
  readonly severity: 'error' | 'warning';
  /** Tags of the migrations it is about. */
  readonly tags: readonly string[];
  /** Absolute path of the file it is about. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** Of a migration whose file is gone: its time as in {@link Migration}, by which its row is known. */
  readonly when?: number;
  /** One sentence; paths in it are relative to the folder. */
  readonly message: string;
  /** What to do, one sentence. */
  readonly next: string;
}

export interface MigrationsFolder {
  readonly layout: FolderLayout;
  /** Absolute. */
  readonly directory: string;
  /** In the order in which Drizzle runs them. A migration whose file is gone is not among them, but a problem. */
  readonly migrations: readonly Migration[];
  readonly problems: readonly FolderProblem[];
}

/** What reading one of the layouts gives. */
export type FolderContents = Pick<MigrationsFolder, 'migrations' | 'problems'>;
