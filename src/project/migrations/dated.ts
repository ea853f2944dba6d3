/** The folder of Drizzle 1.0: one folder for each migration, in the order of their names. */
import path from 'node:path';
import { isFile } from '../paths.ts';
import { readMigrationText } from './files.ts';
import type { FolderContents, FolderProblem, Migration } from './migration.ts';
import { hashMigration } from './hash.ts';
import { inspectText } from './text.ts';

/** Reads the migrations in `folders`; `names` is all that lies in the directory. */
export async function readDatedFolders(
  directory: string,
  names: readonly string[],
  folders: readonly string[],
): Promise<FolderContents> {
  // drizzle-orm 1.0 sorts with localeCompare in the locale of the process; a fixed one makes the order the same
  // everywhere, and differs from it only for names of one second in unusual locales. Made here: it takes milliseconds.
  const order = new Intl.Collator('en');
  const read = await Promise.all(
    [...folders]
      .sort((a, b) => order.compare(a, b))
      .map((folder) => readDatedFolder(path.join(directory, folder), folder)),
  );
  return {
    migrations: read.flatMap((one) => (one.migration ? [one.migration] : [])),
    problems: [...findStray(directory, names), ...read.flatMap((one) => one.problems)],
  };
}

async function readDatedFolder(
  directory: string,
  tag: string,
): Promise<{ readonly migration: Migration | null; readonly problems: readonly FolderProblem[] }> {
  const file = path.join(directory, 'migration.sql');
  if (!isFile(file)) return { migration: null, problems: [describeMissing(directory, tag)] };
  const sql = await readMigrationText(file);
  const migration: Migration = {
    tag,
    file,
    when: timeOfName(tag),
    hash: hashMigration(sql),
    sql,
    snapshotFile: path.join(directory, 'snapshot.json'),
  };
  const problems = inspectText(migration);
  return {
    migration,
    problems: Number.isNaN(migration.when) ? [describeName(file, tag), ...problems] : problems,
  };
}

/** The time that drizzle-orm 1.0 reads from the first 14 digits, in UTC; NaN where they are none. */
export function timeOfName(name: string): number {
  const parts = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})/.exec(name);
  if (!parts) return NaN;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function describeMissing(directory: string, tag: string): FolderProblem {
  return {
    code: 'missing-file',
    severity: 'error',
    tags: [tag],
    // The file itself is not there to be pointed at.
    file: path.join(directory, 'snapshot.json'),
    when: timeOfName(tag),
    message: `${tag} has a snapshot.json but no migration.sql, so Drizzle does not run it, yet drizzle-kit builds on it.`,
    next: `Restore ${tag}/migration.sql from version control, or delete the folder.`,
  };
}

function describeName(file: string, tag: string): FolderProblem {
  return {
    code: 'name-without-time',
    severity: 'warning',
    tags: [tag],
    file,
    message: `The name ${tag} does not begin with a time (YYYYMMDDHHMMSS), so Drizzle cannot tell when it was made.`,
    next: 'Give the folder a name as drizzle-kit does: 20250131120000_name.',
  };
}

function findStray(directory: string, names: readonly string[]): FolderProblem[] {
  return names
    .filter((name) => name.endsWith('.sql') && isFile(path.join(directory, name)))
    .map((name) => ({
      code: 'file-without-entry',
      severity: 'warning',
      tags: [name.slice(0, -'.sql'.length)],
      file: path.join(directory, name),
      message: `${name} lies beside the folders of the migrations, so Drizzle 1.0 never runs it.`,
      next: `Move it into a folder of its own as migration.sql, or elsewhere.`,
    }));
}
