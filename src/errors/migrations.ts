/** What is wrong with the migrations folder, or keeps migrations from being applied. */
import { entry, type ErrorEntry } from './entry.ts';
import { describeLock, type LockDetails } from './lock.ts';

export const migrationErrors = {
  MIGRATIONS_UNREADABLE: entry<{ path: string; reason: string }>({
    title: 'The migrations folder cannot be read',
    message: (d) => `${d.path} cannot be read: ${d.reason}.`,
    next: () => 'Correct `out` in drizzle.config, or the permissions of the folder.',
    page: 'drift reads the folder that `out` in drizzle.config names (./drizzle where it names none). A folder that is not there means that there are no migrations; one that is there and cannot be read is an error.',
  }),
  JOURNAL_INVALID: entry<{ file: string; line: number; column: number; problem: string }>({
    title: 'The journal of the migrations cannot be parsed',
    message: (d) => `${d.file}:${String(d.line)}:${String(d.column)}: ${d.problem}.`,
    next: () => 'Restore meta/_journal.json from version control, or correct it at that line.',
    page: 'meta/_journal.json lists the migrations of Drizzle 0.x in the order in which they run. Without it nothing can be said about migrations, so drift stops instead of taking the folder for empty.',
  }),
  JOURNAL_CONFLICT: entry<{ file: string; line: number }>({
    title: 'The journal of the migrations has merge conflict markers',
    message: (d) => `${d.file}:${String(d.line)}: git left conflict markers in the journal.`,
    next: () =>
      'Keep the entries of both branches, give each its own idx and a `when` that grows, and remove the markers.',
    page: 'Two branches added a migration each, and the merge of meta/_journal.json was not finished. Of two migrations with one number, drop the later one with drizzle-kit drop and generate it again.',
  }),
  JOURNAL_VERSION: entry<{ file: string; version: string }>({
    title: 'The journal is of a version that drift does not know',
    message: (d) => `${d.file} is of version ${d.version}; this drift knows versions up to 7.`,
    next: () => 'Update drizzle-drift.',
    page: 'drizzle-kit raises the version of the journal when its format changes. Reading a newer one as an older one could miss migrations, so drift stops.',
  }),
  MIGRATION_NOT_FOUND: entry<{ tag: string; directory: string; nearest?: string | undefined }>({
    title: 'There is no migration of this name',
    message: (d) => `${d.directory} has no migration ${d.tag}.`,
    next: (d) => (d.nearest === undefined ? 'Run drift status for the names.' : `Did you mean ${d.nearest}?`),
    page: 'A migration is named by its tag: the name of its .sql file without the extension (Drizzle 0.x), or the name of its folder (Drizzle 1.0).',
  }),
  STAMP_REFUSED: entry<{ tag: string; differences: readonly string[]; others: number }>({
    title: 'The database is not what the migration would make it',
    message: (d) =>
      `The database does not match the migrations up to ${d.tag}:\n${d.differences.map((line) => `  ${line}`).join('\n')}${d.others > 0 ? `\n  … and ${String(d.others)} more` : ''}`,
    next: (d) => `Correct the database, or stamp in spite of that: drift stamp ${d.tag} --force`,
    page: 'To stamp is to say that migrations are applied that drift did not run. If the database is not what they make, that would be untrue, and later migrations would fail or do harm.',
  }),
  STAMP_UNSUPPORTED: entry<{ target: string }>({
    title: 'This database cannot be stamped',
    message: (d) => `drift cannot write to ${d.target} with this driver.`,
    next: () => 'Run drift stamp --dry-run for the rows, and insert them with the tool of your database.',
    page: 'drift stamp writes rows into the table in which Drizzle keeps what is applied. Not every driver of drift can write.',
  }),
  MIGRATIONS_LOCKED: entry<{ file: string; pid: number; host: string }>({
    title: 'Somebody else is writing into the migrations folder',
    message: (d) => `Process ${String(d.pid)} on ${d.host} is writing into the migrations folder.`,
    next: (d) => `Wait for it. If it is gone for certain, delete ${d.file}.`,
    page: 'Two processes that write a migration at once would give both the same number. The lock of a process that has ended on this machine is taken over without a word.',
  }),
  MIGRATIONS_NOT_WRITABLE: entry<{ path: string; reason: string }>({
    title: 'The migrations folder cannot be written to',
    message: (d) => `${d.path} cannot be written to: ${d.reason}.`,
    next: () =>
      'Give this user the right to write there, or correct `out` in drizzle.config. drift generate --dry-run shows the migration without writing it.',
    page: 'drift generate writes a migration, with its journal or snapshot, into the folder that `out` in drizzle.config names, and keeps a lock file there while it does. Where nothing is to be written the folder need not be writable.',
  }),
  MIGRATION_EXISTS: entry<{ path: string }>({
    title: 'The migration is there already',
    message: (d) => `${d.path} is there already, with something else in it.`,
    next: () =>
      'Give the migration another name with --name, or delete the file if Drizzle does not know it.',
    page: 'drift never writes over a migration.',
  }),
  SNAPSHOT_FAILED: entry<{ version: string; reason: string }>({
    title: 'drizzle-kit could not make its snapshot',
    message: (d) => `drizzle-kit ${d.version} could not make a snapshot of the models: ${d.reason}.`,
    next: () => 'drizzle-kit generate shows what it does not like about the models.',
    page: 'Beside each migration lies the snapshot that drizzle-kit compares the models with the next time. It is made by the drizzle-kit that the project has installed.',
  }),
  MIGRATE_UNSUPPORTED: entry<{ dialect: string }>({
    title: 'Migrations of this dialect cannot be run',
    message: (d) => `drift migrate does not run migrations on ${d.dialect} yet.`,
    next: () => 'Use drizzle-kit migrate, or the migrator of drizzle-orm, and drift check after it.',
    page: 'drift checks PostgreSQL and SQLite, and runs migrations on SQLite.',
  }),
  MIGRATE_ALREADY_THERE: entry<{ tag: string; message: string }>({
    title: 'The database was made without the migrations',
    message: (d) => `Nothing was run. ${d.message}`,
    next: (d) => `Mark the migrations as applied, which compares first: drift stamp ${d.tag}`,
    page: 'drizzle-kit push changes a database without a migration, and writes no row of what is applied. The first migration would make tables that are there already, and fail. drift stamp compares the database with what the migrations make, and writes the rows that are missing.',
  }),
  MIGRATE_HAND_MADE: entry<{ tag: string; problems: readonly string[]; applied: readonly string[] }>({
    title: 'A migration would take along what was made by hand',
    message: (d) =>
      `${d.tag} would take along what was made by hand:\n${d.problems.map((line) => `  ${line}`).join('\n')}\nNothing of it was applied.${d.applied.length === 0 ? '' : ` Applied before it: ${d.applied.join(', ')}.`}`,
    next: () =>
      'Take it into the models, or into a migration before this one (drift generate --custom). To let it go: --allow hand-made.',
    page: 'A migration that makes a table anew drops the old one, and with it what neither this migration nor the ones before know of. drift makes indexes, triggers and views again afterwards, in the same transaction. A column with its values, a constraint, and what no longer makes sense on the new table cannot be kept that way, and drift stops.',
  }),
  MIGRATE_FOLDER_MISSING: entry<{ directory: string; generate?: string }>({
    title: 'There is no migrations folder',
    message: (d) => `There is no migrations folder ${d.directory}.`,
    next: (d) =>
      `Correct \`out\` in drizzle.config, or write the first migration with ${d.generate ?? 'drift generate'}.`,
    page: 'drift migrate runs what lies in the folder that `out` in drizzle.config names (./drizzle where it names none). A folder that is not there is more likely a wrong path than the wish to run nothing.',
  }),
  MIGRATE_FOLDER_BROKEN: entry<{ directory: string; problems: readonly string[] }>({
    title: 'Something is wrong with the migrations folder',
    message: (d) => `Nothing was run, since something is wrong with ${d.directory}: ${d.problems.join(' ')}`,
    next: () => 'Mend the folder; drift status shows all that is wrong with it.',
    page: 'A file that is missing, a journal that was not merged, or two migrations of one name could make a migration be passed over in silence, and the ones after it run without it.',
  }),
  MIGRATE_OUT_OF_ORDER: entry<{ tags: readonly string[]; last: string }>({
    title: 'A pending migration is older than an applied one',
    message: (d) =>
      `Nothing was run: ${d.tags.join(', ')} ${d.tags.length === 1 ? 'comes' : 'come'} before ${d.last}, which is applied already.`,
    next: () =>
      'If they do not depend on each other, run them all the same: drift migrate --allow out-of-order',
    page: "Two branches each added a migration, and the later one was applied first. drizzle-orm 0.x passes over such a migration for ever and says nothing; drift never does. If the older one could not know of the newer one's changes, generate it again instead.",
  }),
  MIGRATE_UNKNOWN_APPLIED: entry<{ names: readonly string[] }>({
    title: 'The database has migrations that the folder has not',
    message: (d) =>
      `Nothing was run: the database has had ${d.names.join(', ')}, which ${d.names.length === 1 ? 'is' : 'are'} not in the folder.`,
    next: () =>
      'Deploy the code that has them; if it is certain that the pending ones fit, drift migrate --allow unknown',
    page: 'Either an older version of the code is being deployed, or the migration was applied from a branch that was not merged. What is pending was written for another schema than the one that is there.',
  }),
  MIGRATE_EDITED: entry<{ tags: readonly string[] }>({
    title: 'A migration was edited after it had been applied',
    message: (d) =>
      `Nothing was run: ${d.tags.join(', ')} ${d.tags.length === 1 ? 'is' : 'are'} not the text that was applied.`,
    next: () =>
      'Put the old text back and make the change in a new migration; if the edit means nothing, drift migrate --allow edited',
    page: 'Drizzle writes down a hash of each migration and never looks at it again. What was added to an applied migration never reaches this database, though every new one gets it, and later migrations may rely on it. Line endings and final newlines do not count.',
  }),
  MIGRATE_DOWN_MISSING: entry<{ files: readonly string[]; tags: readonly string[] }>({
    title: 'A migration has no way back',
    message: (d) => `Nothing was run: there is no ${d.files.join(', no ')}.`,
    next: (d) =>
      `Let drift write it, and read it: ${d.tags.map((tag) => `drift generate --down ${tag}`).join(' && ')}`,
    page: 'drift migrate --down runs the file that lies beside each migration: <tag>.down.sql in a folder of Drizzle 0.x, down.sql beside migration.sql in one of 1.0. drift generate --down writes it with the migration or later, where it loses nothing; what would be lost is asked for.',
  }),
  MIGRATE_DOWN_NOT_APPLIED: entry<{ tag: string }>({
    title: 'A migration that is not applied cannot be taken back',
    message: (d) => `Nothing was run: ${d.tag} is not applied.`,
    next: () => 'Run drift status for what is.',
    page: 'drift migrate --down TAG takes back TAG and all that was applied after it, the last one first.',
  }),
  MIGRATE_DOWN_NOT_LAST: entry<{ tag: string; last: string }>({
    title: 'Another migration was applied meanwhile',
    message: (d) => `${d.tag} was not taken back: ${d.last} was applied after it meanwhile.`,
    next: () => 'See drift status, and run the command again if it is still wanted.',
    page: 'Only the last migration can be taken back. Under the lock drift looks once more at what is applied, since another process may have been faster.',
  }),
  MIGRATION_SYNTAX: entry<{ where: string; reason: string }>({
    title: 'A migration cannot be taken apart',
    message: (d) => `${d.where}: ${d.reason}.`,
    next: () => 'Correct the file; nothing was run.',
    page: 'Before anything is run, every pending migration is cut into its statements. A quote or comment that is never closed makes that impossible.',
  }),
  MIGRATION_TRANSACTION: entry<{ where: string; statement: string }>({
    title: 'A migration manages the transaction itself',
    message: (d) =>
      `${d.where}: ${d.statement} would end or nest the transaction that each migration runs in.`,
    next: () =>
      'Take it out of the file; nothing was run. drift migrate runs each migration in a transaction of its own.',
    page: 'A migration and the row that says it is applied belong into one transaction, so that a crash leaves both or neither. With BEGIN, COMMIT or ROLLBACK in the file that cannot be. SAVEPOINT and RELEASE are allowed.',
  }),
  MIGRATION_NOT_TRANSACTIONAL: entry<{ where: string; statement: string }>({
    title: 'A statement cannot run in a transaction beside others',
    message: (d) =>
      `${d.where}: ${d.statement} cannot run inside a transaction, and this migration has other statements.`,
    next: () =>
      'Move it into a migration of its own, which is then run without a transaction; nothing was run.',
    page: 'SQLite refuses VACUUM inside a transaction, and ignores or refuses some PRAGMAs there, such as journal_mode. A migration that consists of nothing else is run without one: repeating it does no harm. Mixed with other statements, a crash could leave half of it.',
  }),
  MIGRATION_LEAVES_FILE: entry<{ where: string; statement: string }>({
    title: 'A migration reaches outside of the database',
    message: (d) =>
      `${d.where}: ${d.statement} reaches another file, which neither the transaction nor the backup covers.`,
    next: () => 'Do that in a script of its own; nothing was run.',
    page: 'ATTACH, DETACH and VACUUM INTO open or make other files. What they do there is not undone when the migration fails.',
  }),
  MIGRATION_FAILED: entry<{
    tag: string;
    where: string;
    statement: string;
    reason: string;
    applied: readonly string[];
  }>({
    title: 'A migration failed and was rolled back',
    message: (d) =>
      `${d.where}: ${d.reason}: ${d.statement}\n${d.tag} was rolled back: nothing of it is in the database.${d.applied.length === 0 ? '' : ` ${d.applied.join(', ')}, before it, ${d.applied.length === 1 ? 'is' : 'are'} applied.`}`,
    next: () => 'Correct the migration or the rows that stand in its way, and run drift migrate again.',
    page: 'Each migration is one transaction, so that it is there wholly or not at all. The reason is given in the words of the database.',
  }),
  MIGRATION_ORPHANS: entry<{
    tag: string;
    count: number;
    samples: readonly string[];
    applied: readonly string[];
  }>({
    title: 'A migration would leave rows without their parents',
    message: (d) =>
      `${d.tag} would leave ${String(d.count)} ${d.count === 1 ? 'row' : 'rows'} that ${d.count === 1 ? 'breaks' : 'break'} a foreign key and did not before: ${d.samples.join('; ')}${d.count > d.samples.length ? '; …' : ''}.\n${d.tag} was rolled back: nothing of it is in the database.${d.applied.length === 0 ? '' : ` ${d.applied.join(', ')}, before it, ${d.applied.length === 1 ? 'is' : 'are'} applied.`}`,
    next: () => 'Delete or mend these rows in the migration, before the statement that orphans them.',
    page: 'While tables are rebuilt foreign keys are not enforced, so they are checked before the migration is committed. Rows that broke a foreign key already before the migration do not count.',
  }),
  PREFLIGHT_FAILED: entry<{
    problems: readonly string[];
    others: number;
    allow: readonly string[];
    /** Whether rows have to do with it at all. */
    cause: 'data' | 'statement';
  }>({
    title: 'What the database holds, or the migration itself, stands in the way',
    message: (d) =>
      `Nothing was run, since ${d.cause === 'statement' ? 'SQLite refuses a statement, whatever the rows are' : 'something in the database stands in the way'}:\n${d.problems.map((line) => `  ${line}`).join('\n')}${d.others > 0 ? `\n  … and ${String(d.others)} more` : ''}`,
    next: (d) =>
      d.cause === 'statement'
        ? 'Where the statement is right, the database is not what the migrations before it make: drift check shows what differs.'
        : d.allow.length === 0
          ? 'Mend what stands in the way, or the migration; drift migrate --dry-run shows all findings.'
          : `Mend what stands in the way, or the migration, or let it pass: drift migrate ${d.allow.map((word) => `--allow ${word}`).join(' ')}`,
    page: 'Before anything is run, the pending migrations are tried on a copy of the schema (and, where the database is small enough, of its rows), and the rows are asked what they have against the new rules. drift never deletes rows to make them fit.',
  }),
  MIGRATE_LOCKED: entry<LockDetails>({
    title: 'Somebody else holds the lock on the database',
    message: describeLock,
    next: () =>
      'Let that process end its transaction, or wait longer: drift migrate --lock-timeout SECONDS, within --timeout',
    page: "drift migrate takes SQLite's own write lock, which the system takes back when a process dies, so that there is never a stale one. Another drift migrate, or a program with an open transaction, keeps it waiting until the deadline. On Linux the process is named.",
  }),
  BACKUP_FAILED: entry<{ file: string; reason: string }>({
    title: 'The backup could not be made',
    message: (d) => `The backup ${d.file} could not be made: ${d.reason}.`,
    next: () => 'Name another file with --backup FILE; nothing was run.',
    page: 'With --backup the whole database is copied before the first migration, under the lock, and the copy is checked: its integrity, and the number of rows of every table. An existing file is never written over. The way back is drift migrate --restore FILE.',
  }),
  RESTORE_FAILED: entry<{ file: string; reason: string }>({
    title: 'The database was not taken back to the backup',
    message: (d) => `${d.file} was not restored: ${d.reason}. The database is as it was.`,
    next: () => 'Name a backup that drift migrate --backup made of this database.',
    page: 'drift migrate --restore FILE writes the pages of a backup into the database in one transaction, so that it is wholly the one or the other, also when the process is killed. What is there before is kept beside it as another backup.',
  }),
} as const satisfies Record<string, ErrorEntry<never>>;
