/**
 * Writes a migration into the folder in its own layout. Each file appears as a whole or not at all, and what makes
 * Drizzle see the migration (the journal's entry in 0.x, the folder in 1.0) comes last: a process killed in between
 * leaves files that nothing names.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DriftError } from '../errors.ts';
import type { MigrationPrefix } from './config.ts';
import { makePrefix, timeAfter, writeTimestamp } from './migration-names.ts';
import { parseJournal } from './migrations/journal.ts';
import type { Migration, MigrationsFolder } from './migrations/migration.ts';

/** Nothing that Drizzle looks at ends so. */
const temporaryEnd = '.drift-tmp';

export type WritableLayout = 'journal' | 'dated';

/** How the way back from a migration is called: beside `<tag>.sql` in 0.x, beside `migration.sql` in 1.0. */
const downEnd = '.down.sql';
const downName = 'down.sql';

/** Where the way back from a migration is, or would be; absolute. */
export function nameDownFile(
  { layout, directory }: Pick<MigrationsFolder, 'layout' | 'directory'>,
  { tag, file }: Pick<Migration, 'tag' | 'file'>,
): string {
  return layout === 'dated'
    ? path.join(path.dirname(file), downName)
    : path.join(directory, `${tag}${downEnd}`);
}

/** Writes a way back as a whole or not at all. */
export function writeDownFile(file: string, sql: string, unique: string): void {
  publish([[file, sql]], unique, new Set());
}

export interface NewMigration {
  /** Without prefix; see `cleanName`. */
  readonly name: string;
  readonly sql: string;
  /** The reverse; null where there is none. */
  readonly down: string | null;
  /** What drizzle-kit compares the models with the next time; null where none can be made. */
  readonly snapshot: object | null;
  readonly breakpoints: boolean;
}

export interface WritePlace {
  readonly folder: MigrationsFolder;
  readonly layout: WritableLayout;
  readonly prefix: MigrationPrefix;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** A word that no other writer has, for temporary files. */
  readonly unique: string;
}

export interface WrittenMigration {
  readonly tag: string;
  /** Absolute paths of what was written. */
  readonly files: readonly string[];
}

/** @throws DriftError MIGRATION_EXISTS */
export function writeMigration(place: WritePlace, migration: NewMigration): WrittenMigration {
  return place.layout === 'journal' ? writeJournaled(place, migration) : writeDated(place, migration);
}

interface JournalFile {
  version: string;
  dialect: string;
  entries: { idx: number; version: string; when: number; tag: string; breakpoints: boolean }[];
}

function writeJournaled(place: WritePlace, migration: NewMigration): WrittenMigration {
  const { directory } = place.folder;
  const meta = path.join(directory, 'meta');
  const journalFile = path.join(meta, '_journal.json');
  const journal = readJournal(journalFile);
  const last = journal.entries.at(-1);
  const prefix = makePrefix(place.prefix, last === undefined ? 0 : last.idx + 1, place.now);
  const tag = `${prefix}_${migration.name}`;
  if (journal.entries.some((entry) => entry.tag === tag)) {
    throw new DriftError('MIGRATION_EXISTS', { path: path.join(directory, `${tag}.sql`) });
  }
  const when = Math.max(place.now, ...journal.entries.map((entry) => entry.when + 1));
  const entry = {
    idx: last === undefined ? 0 : last.idx + 1,
    version: last?.version ?? '6',
    when,
    tag,
    breakpoints: migration.breakpoints,
  };
  const files: (readonly [string, string])[] = [[path.join(directory, `${tag}.sql`), migration.sql]];
  if (migration.down !== null) files.push([path.join(directory, `${tag}${downEnd}`), migration.down]);
  if (migration.snapshot !== null) {
    files.push([path.join(meta, `${prefix}_snapshot.json`), writeJson(migration.snapshot)]);
  }
  files.push([journalFile, writeJson({ ...journal, entries: [...journal.entries, entry] })]);
  mkdirSync(meta, { recursive: true });
  removeLeftovers([directory, meta]);
  // Only the .sql file can be somebody's work; the others without an entry are what a killed process left.
  publish(files, place.unique, new Set(files.slice(1).map(([file]) => file)));
  return { tag, files: files.map(([file]) => file) };
}

/** Half-written files of a process that was killed; the lock makes sure that nobody is still writing them. */
function removeLeftovers(directories: readonly string[]): void {
  for (const directory of directories) {
    for (const name of readdirSync(directory)) {
      if (name.endsWith(temporaryEnd)) rmSync(path.join(directory, name), { recursive: true, force: true });
    }
  }
}

function readJournal(file: string): JournalFile {
  if (!existsSync(file)) return { version: '7', dialect: 'sqlite', entries: [] };
  const text = readFileSync(file, 'utf8');
  // Checked by the reader of the folder; here every key is kept as it is.
  parseJournal(file, text);
  return JSON.parse(text.replace(/^\uFEFF/, '')) as JournalFile;
}

/** drizzle-kit's own way of writing JSON: no newline at the end. */
function writeJson(value: object): string {
  return JSON.stringify(value, writeBigInt, 2);
}

/** drizzle-kit 0.x puts a BigInt that is a default into its snapshot, and then cannot write it. */
function writeBigInt(_key: string, value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

/** All texts are on disk before the first of them gets its name. */
function publish(
  files: readonly (readonly [string, string])[],
  unique: string,
  replaced: ReadonlySet<string>,
): void {
  for (const [file, text] of files) {
    if (replaced.has(file) || !existsSync(file) || readFileSync(file, 'utf8') === text) continue;
    throw new DriftError('MIGRATION_EXISTS', { path: file });
  }
  const temporary = files.map(([file]) => `${file}.${unique}${temporaryEnd}`);
  try {
    files.forEach(([, text], index) => {
      writeFileSync(temporary[index] ?? '', text, { flush: true });
    });
    files.forEach(([file], index) => {
      renameSync(temporary[index] ?? '', file);
    });
  } finally {
    for (const file of temporary) rmSync(file, { force: true });
  }
}

/** The folder is put together beside the migrations folder, where Drizzle does not look, and moved in whole. */
function writeDated(place: WritePlace, migration: NewMigration): WrittenMigration {
  const { directory } = place.folder;
  const tag = `${writeTimestamp(timeAfter(place.folder, place.now))}_${migration.name}`;
  const target = path.join(directory, tag);
  if (existsSync(target)) throw new DriftError('MIGRATION_EXISTS', { path: target });
  const files: (readonly [string, string])[] = [['migration.sql', migration.sql]];
  if (migration.down !== null) files.push([downName, migration.down]);
  if (migration.snapshot !== null) files.push(['snapshot.json', writeJson(migration.snapshot)]);
  mkdirSync(directory, { recursive: true });
  const making = path.join(
    path.dirname(directory),
    `.${path.basename(directory)}-${place.unique}${temporaryEnd}`,
  );
  try {
    mkdirSync(making);
    for (const [name, text] of files) writeFileSync(path.join(making, name), text, { flush: true });
    renameSync(making, target);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  return { tag, files: files.map(([name]) => path.join(target, name)) };
}
