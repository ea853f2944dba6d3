import { findConflictMarker } from './conflict.ts';
import type { FolderProblem, Migration } from './migration.ts';

/** What can be wrong with the text of a migration, whatever it says. */
export function inspectText(migration: Pick<Migration, 'tag' | 'file' | 'sql'>): readonly FolderProblem[] {
  const problems: FolderProblem[] = [];
  const about = { tags: [migration.tag], file: migration.file };
  if (migration.sql.startsWith('\uFEFF')) {
    problems.push({
      code: 'byte-order-mark',
      severity: 'warning',
      ...about,
      line: 1,
      message: `${migration.tag} begins with a byte order mark, which Drizzle hands on to the database and PostgreSQL refuses.`,
      next: 'Save the file as UTF-8 without BOM.',
    });
  }
  const line = findConflictMarker(migration.sql);
  if (line !== null) {
    problems.push({
      code: 'conflict-markers',
      severity: 'error',
      ...about,
      line,
      message: `${migration.tag} has conflict markers of git on line ${String(line)}.`,
      next: 'Resolve the conflict in the file.',
    });
  }
  return problems;
}
