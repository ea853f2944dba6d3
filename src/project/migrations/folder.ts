/**
 * The migrations folder as both versions of Drizzle keep it.
 *
 * Drizzle 0.x: `NNNN_tag.sql`, `meta/_journal.json`, `meta/NNNN_snapshot.json`; the journal alone says what there is
 * and in which order. Drizzle 1.0: `<YYYYMMDDHHMMSS>_name/{migration.sql,snapshot.json}`; the names say so.
 */
import path from 'node:path';
import type { DialectName } from '../../catalog/schema.ts';
import { isDirectory, isFile } from '../paths.ts';
import { readDatedFolders } from './dated.ts';
import { listFolder } from './files.ts';
import { readJournalFolder } from './journal.ts';
import type { FolderProblem, MigrationsFolder } from './migration.ts';

/**
 * Reads the folder; null where there is none. Snapshots are not read: see `inspectSnapshots`.
 * @throws DriftError MIGRATIONS_UNREADABLE, JOURNAL_INVALID, JOURNAL_CONFLICT, JOURNAL_VERSION
 */
export async function readMigrationsFolder(
  directory: string,
  dialect: DialectName,
): Promise<MigrationsFolder | null> {
  const names = await listFolder(directory);
  if (names === null) return null;
  const journal = path.join(directory, 'meta', '_journal.json');
  if (isFile(journal)) {
    return { layout: 'journal', directory, ...(await readJournalFolder(directory, names, dialect)) };
  }
  const dated = names.filter((name) => isDatedFolder(directory, name));
  if (dated.length > 0) {
    return { layout: 'dated', directory, ...(await readDatedFolders(directory, names, dated)) };
  }
  return { layout: 'empty', directory, migrations: [], problems: findOrphans(directory, names) };
}

function isDatedFolder(directory: string, name: string): boolean {
  const inside = path.join(directory, name);
  if (!isDirectory(inside)) return false;
  return isFile(path.join(inside, 'migration.sql')) || isFile(path.join(inside, 'snapshot.json'));
}

/** .sql files that nothing names: the journal was deleted, or another tool made them. Drizzle runs none of them. */
function findOrphans(directory: string, names: readonly string[]): FolderProblem[] {
  const files = names.filter((name) => name.endsWith('.sql') && isFile(path.join(directory, name)));
  if (files.length === 0) return [];
  const shown = `${files.slice(0, 3).join(', ')}${files.length > 3 ? ' …' : ''}`;
  return [
    {
      code: 'journal-missing',
      severity: 'error',
      tags: files.map((file) => file.slice(0, -'.sql'.length)),
      file: path.join(directory, 'meta', '_journal.json'),
      message: `meta/_journal.json is missing, so Drizzle knows none of the ${String(files.length)} .sql files here (${shown}).`,
      next: 'Restore meta/_journal.json from version control.',
    },
  ];
}
