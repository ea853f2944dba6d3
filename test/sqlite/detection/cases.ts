import type { Summary } from '../support/databases.ts';
import { editLibrary, library } from '../support/library.ts';

/** What was done by hand, the statements that build the changed database, and what must be reported. */
export type Case = readonly [name: string, changed: readonly string[], ...reported: Summary[]];

/** The library with one statement edited, as a rebuild of that table leaves it. */
export const edit = editLibrary;
/** Statements run on the finished library. */
export const run = (...statements: readonly string[]): readonly string[] => [...library, ...statements];
/** An edit of the text that SQLite keeps, as done with PRAGMA writable_schema. */
export const rewrite = (name: string, find: string, replacement: string): readonly string[] =>
  run(
    'PRAGMA writable_schema = ON',
    `UPDATE sqlite_schema SET sql = replace(sql, '${find.replaceAll("'", "''")}', '${replacement.replaceAll("'", "''")}') WHERE name = '${name}'`,
    'PRAGMA writable_schema = RESET',
  );
