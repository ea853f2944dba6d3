/** The folder of Drizzle 0.x: what `meta/_journal.json` lists, in its order. */
import path from 'node:path';
import type { DialectName } from '../../catalog/schema.ts';
import { DriftError } from '../../errors.ts';
import { isDirectory, isFile } from '../paths.ts';
import { findConflictMarker } from './conflict.ts';
import { readMigrationText } from './files.ts';
import type { FolderContents, FolderProblem, Migration } from './migration.ts';
import { hashMigration } from './hash.ts';
import { findJsonProblem, locate } from './json-error.ts';
import { inspectText } from './text.ts';

/** The last version of the journal that Drizzle 0.x wrote; 1.0 writes none. */
const lastJournalVersion = 7;

export interface JournalEntry {
  readonly idx: number;
  readonly version: string;
  readonly when: number;
  readonly tag: string;
  readonly breakpoints: boolean;
}

export interface Journal {
  readonly version: string;
  readonly dialect: string;
  readonly entries: readonly JournalEntry[];
}

/** Reads what the journal lists. `names` is what lies in the folder. */
export async function readJournalFolder(
  directory: string,
  names: readonly string[],
  dialect: DialectName,
): Promise<FolderContents> {
  const file = path.join(directory, 'meta', '_journal.json');
  const text = await readMigrationText(file);
  const journal = parseJournal(file, text);
  const problems = [
    ...(text.startsWith('\uFEFF') ? [describeJournalMark(file)] : []),
    ...inspectDialect(file, journal.dialect, dialect),
    ...inspectEntries({ file, text }, journal.entries),
    ...findUnlisted(directory, names, journal.entries),
    ...findDatedFolders(directory, names),
  ];
  const read = await Promise.all(journal.entries.map((entry) => readEntry(directory, entry, { file, text })));
  return {
    migrations: read.flatMap((one) => (one.migration ? [one.migration] : [])),
    problems: [...problems, ...read.flatMap((one) => one.problems)],
  };
}

/** @throws DriftError JOURNAL_INVALID, JOURNAL_CONFLICT, JOURNAL_VERSION */
export function parseJournal(file: string, text: string): Journal {
  const body = text.replace(/^\uFEFF/, '');
  const marker = findConflictMarker(body);
  if (marker !== null) throw new DriftError('JOURNAL_CONFLICT', { file, line: marker });
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (cause) {
    const found = findJsonProblem(body) ?? { line: 1, column: 1, problem: String(cause) };
    throw new DriftError('JOURNAL_INVALID', { file, ...found }, { cause });
  }
  return decodeJournal(file, body, value);
}

function decodeJournal(file: string, text: string, value: unknown): Journal {
  const refuse = (problem: string, near?: string): never => {
    const offset = near === undefined ? 0 : Math.max(text.indexOf(near), 0);
    const line = text.slice(0, offset).split('\n').length;
    throw new DriftError('JOURNAL_INVALID', { file, line, column: 1, problem });
  };
  if (!isRecord(value)) return refuse('the journal must be an object');
  const version = String(value['version'] ?? '');
  if (Number(version) > lastJournalVersion) throw new DriftError('JOURNAL_VERSION', { file, version });
  const entries = value['entries'];
  if (!Array.isArray(entries)) return refuse('the list "entries" is missing');
  return {
    version,
    dialect: String(value['dialect'] ?? ''),
    entries: entries.map((entry: unknown, at) => {
      const place = `entry ${String(at)} of "entries"`;
      if (!isRecord(entry)) return refuse(`${place} must be an object`, '"entries"');
      const { idx, when, tag } = entry;
      if (typeof tag !== 'string' || tag === '') return refuse(`${place} has no "tag"`, '"entries"');
      if (typeof when !== 'number') return refuse(`${place} has no number "when"`, JSON.stringify(tag));
      return {
        idx: typeof idx === 'number' ? idx : at,
        version: String(entry['version'] ?? version),
        when,
        tag,
        breakpoints: entry['breakpoints'] !== false,
      };
    }),
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface ReadEntry {
  readonly migration: Migration | null;
  readonly problems: readonly FolderProblem[];
}

async function readEntry(directory: string, entry: JournalEntry, journal: JournalText): Promise<ReadEntry> {
  const file = path.join(directory, `${entry.tag}.sql`);
  if (!isFile(file)) return { migration: null, problems: [describeMissing(journal, entry)] };
  const sql = await readMigrationText(file);
  const migration: Migration = {
    tag: entry.tag,
    file,
    when: entry.when,
    hash: hashMigration(sql),
    sql,
    snapshotFile: snapshotFileOf(directory, entry.tag),
  };
  return { migration, problems: inspectText(migration) };
}

/** drizzle-kit names the snapshot after what stands before the first `_` of the tag, whatever the prefix style. */
function snapshotFileOf(directory: string, tag: string): string {
  return path.join(directory, 'meta', `${tag.split('_')[0] ?? ''}_snapshot.json`);
}

/** Where the journal is, and what is in it, for the lines of its entries. */
interface JournalText {
  readonly file: string;
  readonly text: string;
}

/** The line of an entry is the one of its tag; of two with one tag, the last one's. */
function locateEntry({ file, text }: JournalText, tag: string): Pick<FolderProblem, 'file' | 'line'> {
  const at = text.lastIndexOf(JSON.stringify(tag));
  return at === -1 ? { file } : { file, line: locate(text, at).line };
}

function describeMissing(journal: JournalText, { tag, when }: JournalEntry): FolderProblem {
  return {
    code: 'missing-file',
    severity: 'error',
    tags: [tag],
    // The file itself is not there to be pointed at.
    ...locateEntry(journal, tag),
    when,
    message: `${tag}.sql is listed in meta/_journal.json, but the file is not there: drizzle-orm's migrate stops at it.`,
    next: `Restore ${tag}.sql from version control, or take its entry out of meta/_journal.json.`,
  };
}

function describeJournalMark(file: string): FolderProblem {
  return {
    code: 'byte-order-mark',
    severity: 'error',
    tags: [],
    file,
    line: 1,
    message: 'meta/_journal.json begins with a byte order mark, which Drizzle cannot parse.',
    next: 'Save the file as UTF-8 without BOM.',
  };
}

/** The names that versions of drizzle-kit write for the dialects that drift knows. */
const journalDialects: Readonly<Record<DialectName, readonly string[]>> = {
  postgres: ['postgresql', 'pg', ''],
  sqlite: ['sqlite', 'turso', 'libsql', ''],
};

function inspectDialect(file: string, written: string, dialect: DialectName): FolderProblem[] {
  if (journalDialects[dialect].includes(written)) return [];
  return [
    {
      code: 'other-dialect',
      severity: 'warning',
      tags: [],
      file,
      message: `meta/_journal.json says that these migrations are for ${written}, but the config's dialect is ${dialect}.`,
      next: 'Point `out` in drizzle.config at the folder of this dialect.',
    },
  ];
}

function inspectEntries(journal: JournalText, entries: readonly JournalEntry[]): FolderProblem[] {
  const problems: FolderProblem[] = [];
  const byIndex = new Map<number, JournalEntry>();
  const tags = new Set<string>();
  let latest: JournalEntry | undefined;
  for (const entry of entries) {
    const sameIndex = byIndex.get(entry.idx);
    if (tags.has(entry.tag)) {
      problems.push({
        code: 'duplicate-tag',
        severity: 'error',
        tags: [entry.tag],
        ...locateEntry(journal, entry.tag),
        message: `meta/_journal.json lists ${entry.tag} twice, so Drizzle would run it twice.`,
        next: 'Take one of the two entries out of meta/_journal.json.',
      });
    } else if (sameIndex) {
      problems.push({
        code: 'duplicate-index',
        severity: 'error',
        tags: [sameIndex.tag, entry.tag],
        ...locateEntry(journal, entry.tag),
        message: `${sameIndex.tag} and ${entry.tag} both have index ${String(entry.idx)} in meta/_journal.json: two branches were merged.`,
        next: `Number ${entry.tag} anew: drop it and generate it again on top of ${sameIndex.tag}.`,
      });
    }
    if (latest && entry.when <= latest.when) {
      problems.push({
        code: 'when-not-increasing',
        severity: 'warning',
        tags: [entry.tag],
        ...locateEntry(journal, entry.tag),
        message: `${entry.tag} follows ${latest.tag} in meta/_journal.json, but its "when" is not greater: where ${latest.tag} is applied already, drizzle-orm 0.x skips it in silence.`,
        next: `Give ${entry.tag} a "when" greater than ${String(latest.when)}.`,
      });
    } else latest = entry;
    byIndex.set(entry.idx, sameIndex ?? entry);
    tags.add(entry.tag);
  }
  return problems;
}

function findUnlisted(
  directory: string,
  names: readonly string[],
  entries: readonly JournalEntry[],
): FolderProblem[] {
  // The way back of a migration lies beside it, and no migrator takes it for one.
  const listed = new Set(entries.flatMap(({ tag }) => [`${tag}.sql`, `${tag}.down.sql`]));
  return names
    .filter((name) => name.endsWith('.sql') && !listed.has(name) && isFile(path.join(directory, name)))
    .map((name) => ({
      code: 'file-without-entry',
      severity: 'warning',
      tags: [name.slice(0, -'.sql'.length)],
      file: path.join(directory, name),
      message: `${name} has no entry in meta/_journal.json, so Drizzle never runs it.`,
      next: `Add an entry for ${name} to meta/_journal.json, or move the file elsewhere.`,
    }));
}

function findDatedFolders(directory: string, names: readonly string[]): FolderProblem[] {
  const dated = names.filter(
    (name) => isDirectory(path.join(directory, name)) && isFile(path.join(directory, name, 'migration.sql')),
  );
  if (dated.length === 0) return [];
  return [
    {
      code: 'mixed-layouts',
      severity: 'error',
      tags: dated,
      message: `The folder has both meta/_journal.json (Drizzle 0.x) and migrations of Drizzle 1.0 (${dated.slice(0, 3).join(', ')}): 0.x does not see the latter, and 1.0 refuses the folder.`,
      next: 'With Drizzle 1.0 run drizzle-kit up; with 0.x remove the folders.',
    },
  ];
}
