/** Pages for the words that reports use of migrations and of rows. Mapped types: a new word does not compile without a page. */
import type { FindingCode } from '../dialects/migrator.ts';
import type { HazardCode } from '../plan/hazards.ts';
import type { ProblemCode, ReportStatus } from '../report/report.ts';
import type { DatabaseStanding, MigrationStanding } from '../report/status-report.ts';

/** The title and the text of a page. */
export type PageText = readonly [title: string, page: string];

/** What is wrong with the migrations: `problems` in the reports. */
export const problemPages: { readonly [C in ProblemCode]: PageText } = {
  'journal-missing': [
    'There are .sql files and no journal',
    'The migrator of Drizzle 0.x runs what meta/_journal.json lists, and nothing else. Restore the journal from version control.',
  ],
  'missing-file': [
    'A migration is named, and its file is gone',
    'The journal (or, in the layout of 1.0, a folder) names a migration whose .sql file is not there. Drizzle stops at it, and what it made cannot be replayed. Restore the file from version control.',
  ],
  'file-without-entry': [
    'A .sql file that Drizzle never runs',
    'The file lies in the folder, and neither the journal nor a folder of its own makes a migration of it. Give it an entry in meta/_journal.json, or move it elsewhere.',
  ],
  'duplicate-index': [
    'Two migrations have one number',
    'Usually two branches each generated a migration, and both were merged. Drizzle runs both, in the order of the journal. Generate the later one again, so that its snapshot knows of the other.',
  ],
  'duplicate-tag': [
    'Two entries of the journal have one name',
    'Both entries mean the same file, so that Drizzle would run it twice. Remove one of them.',
  ],
  'when-not-increasing': [
    'The times in the journal do not grow',
    'drizzle-orm 0.x applies only what is newer than the newest applied migration. An entry whose "when" is not after that of the one before it is passed over on databases that have the one before. Give it a time that fits its place.',
  ],
  'conflict-markers': [
    'A merge was not finished',
    'The file still has the lines with <<<<<<< and >>>>>>> that git puts in. Decide for one side, or keep both, and remove the markers.',
  ],
  'byte-order-mark': [
    'The file begins with a byte order mark',
    'An editor put an invisible character (U+FEFF) before the first letter. Some databases refuse it as a syntax error. Save the file as UTF-8 without it; the hash of an applied migration changes by that.',
  ],
  'mixed-layouts': [
    'The folder has migrations of Drizzle 0.x and of 1.0',
    'Each version of Drizzle sees only its own: 0.x the files of the journal, 1.0 the dated folders. Bring all of them into one layout: drizzle-kit up does so.',
  ],
  'other-dialect': [
    'The journal is of another dialect',
    'meta/_journal.json says another dialect than drizzle.config. Most likely `out` names the folder of another project.',
  ],
  'name-without-time': [
    'A migration folder has no time in its name',
    'Drizzle 1.0 orders migrations by the time that their folders begin with (20250131120000_name). Without one the order is not known.',
  ],
  'two-branches': [
    'Two migrations begin at one state of the models',
    'Both snapshots name the same one before them: two branches each generated a migration. Generate the later one again, so that it begins where the other ends.',
  ],
  'broken-chain': [
    'A snapshot names one before it that is not there',
    'drizzle-kit compares the models with the last snapshot; where the chain is broken it may generate the same change again. Restore the snapshot from version control.',
  ],
  'snapshot-invalid': [
    'A snapshot cannot be read',
    'drizzle-kit stops at it. drift does not trust snapshots and goes on. Restore the file from version control.',
  ],
  'snapshot-version': [
    'A snapshot is of another version of drizzle-kit',
    'The drizzle-kit that is installed may refuse it: drizzle-kit up brings older ones up to date. drift does not depend on it.',
  ],
  'replay-failed': [
    'A migration could not be replayed on the scratch database',
    'To know what the migrations make, drift runs them on an empty scratch database. There the statement failed: either it fails on every new database, or the scratch database lacks something that yours has, such as an extension. What follows from that statement is not known; the rest of the check is made all the same.',
  ],
  skipped: [
    'Drizzle passes over a pending migration in silence',
    'The migration is not applied, and its "when" is not after that of the newest applied one, so that drizzle-orm 0.x never runs it. drift migrate --allow out-of-order does; if it depends on what came after it, generate it again instead.',
  ],
  'would-run-again': [
    'Drizzle would run an applied migration once more',
    'The database has the migration under another name or time, by which Drizzle tells what is applied. Give the migration its old name or time back.',
  ],
  'already-in-database': [
    'The database has all that a pending migration makes',
    'The migration was run by hand, or the models were pushed. Running it would fail, since its tables or columns are there already. Mark it as applied: drift stamp TAG.',
  ],
  'partly-applied': [
    'The database has a part of what a pending migration makes',
    'The migration was cut short, or somebody did a part of it by hand. Running it would fail at what is there already. Undo that part; or do the rest by hand and mark the migration as applied: drift stamp TAG.',
  ],
  'duplicate-row': [
    'A migration is written down twice as applied',
    'The table of applied migrations has the same migration in two rows. That does no harm.',
  ],
};

/** How a migration or a database stands, and what came of a command. Words that are also problems have their page there. */
export const statePages: {
  readonly [
    S in
      | Exclude<MigrationStanding | DatabaseStanding, ProblemCode>
      | ReportStatus
      | 'unmanaged'
      | 'ignored'
      | 'column-order'
  ]: PageText;
} = {
  applied: [
    'The database has had the migration',
    'Its row is in the table of applied migrations, and its text is the one that was applied.',
  ],
  edited: [
    'The migration was changed after it was applied',
    'The hash in the table of applied migrations is that of another text. What was added since has never reached this database. Put the old text back and make the change in a new migration.',
  ],
  renamed: [
    'The migration is applied under another name or time',
    'The text is the one that was applied, and Drizzle would take the migration for a new one: see would-run-again.',
  ],
  pending: [
    'The migration is not applied yet',
    'The folder has it and the database has not. Apply it: drift migrate.',
  ],
  'out-of-order': [
    'The migration is pending, and one that comes after it is applied',
    'Usually it comes from a branch that was merged late. drizzle-orm 0.x may pass over it in silence. If it does not depend on what is applied already: drift migrate --allow out-of-order; otherwise generate it again.',
  ],
  unknown: [
    'The database has a migration that the folder has not',
    'It was applied from newer code or from another branch. Deploy the code that has it, or check out that branch.',
  ],
  behind: [
    'Migrations are pending',
    'The database has nothing that the folder has not. Apply what is pending: drift migrate.',
  ],
  ahead: [
    'The database has migrations that the folder has not',
    'Older code meets a newer database, or the migration comes from another branch: see unknown.',
  ],
  diverged: [
    'Both have migrations that the other has not',
    'Some are pending, and some are only in the database. Merge the branches first.',
  ],
  'folder-broken': [
    'Something is wrong with the folder itself',
    'The rows of the database fit the folder, but files or entries of it are missing or contradict each other. The problems are listed with what to do.',
  ],
  'no-migrations': [
    'There is no migrations folder, or nothing in it',
    'Correct `out` in drizzle.config, or generate the first migration.',
  ],
  'up-to-date': ['Everything is as it is expected to be', 'Exit code 0.'],
  'not-up-to-date': [
    'Something differs',
    'There is drift, or the state of the migrations is not clean. Exit code 1.',
  ],
  undetermined: [
    'It could not be told',
    'An error, or a comparison that nobody could decide: two texts that mean the same or not, where no server could be asked. Exit code 2, never taken for up to date.',
  ],
  unmanaged: [
    'In the database, and nobody can be held responsible for it',
    "Drizzle's models have no word for such an object, and no migration makes it. It is listed, so that nothing is skipped in silence, and is no drift.",
  ],
  ignored: [
    'A difference that a rule hides',
    'A rule under ignore in drift.config matches it. It is counted, so that nothing is skipped in silence.',
  ],
  'column-order': [
    'Columns are in another order',
    'The columns are the same, and their order in the table differs. That is no drift, and is told with --verbose alone.',
  ],
};

/** What the rows or the machine have against a migration: `findings` of drift migrate and drift generate. */
export const findingPages: { readonly [C in Exclude<FindingCode, HazardCode>]: PageText } = {
  'null-values': [
    'Rows have no value in a column that becomes NOT NULL',
    'Give these rows a value first, or let the migration do so: drift generate --backfill table.column=SQL.',
  ],
  'no-value': [
    'A new column is NOT NULL, and there are rows',
    'Rows that exist would have no value for it, so that the statement fails. Give the column a default, or a value for these rows: drift generate --backfill table.column=SQL.',
  ],
  duplicates: [
    'Rows have the same values where they are to be unique',
    'The unique constraint or index cannot be made. Merge or delete such rows first.',
  ],
  orphans: [
    'Rows point at a parent that is not there',
    'They would break the new foreign key. Mend or delete them first.',
  ],
  'check-violations': [
    'Rows do not keep the new check',
    'They would be refused when the table is made anew. Mend them first.',
  ],
  'rows-dropped': [
    'A table or column with rows in it is dropped',
    'What is in it is gone afterwards. Keep a copy of what is still needed: drift migrate --backup.',
  ],
  'hand-made': [
    'Something that was made by hand would be lost',
    'The migration makes a table anew, and the database has something on it that neither the models nor the migrations know: an index, a trigger. Take it into the models or into a migration first.',
  ],
  'disk-space': [
    'There may not be room for the migration',
    'A table that is made anew is there twice until the migration ends. Make room, or let it pass: --allow disk-space.',
  ],
  fails: [
    'The migration fails on a copy of the database',
    'It was tried on throw-away copies, first of the schema alone and then with the rows, and a statement was refused. The same would happen on the database itself. What the schema alone refuses has nothing to do with rows: the statement is wrong, or the database is not what the migrations before it make.',
  ],
};
