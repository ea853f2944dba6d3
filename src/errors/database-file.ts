/** What is wrong with a SQLite file or its driver. */
import { entry, type ErrorEntry } from './entry.ts';
import { describeLock, type LockDetails } from './lock.ts';

/** What each driver is needed for. */
const driverUses: Readonly<Record<string, string>> = {
  'better-sqlite3': 'read a SQLite database, and to run migrations on a scratch one in memory',
  pg: 'connect to a PostgreSQL server',
  '@electric-sql/pglite':
    'run migrations on a scratch PostgreSQL database (unless scratch.url in drift.config names a server), or to read one of PGlite',
};

export const databaseFileErrors = {
  DRIVER_NOT_INSTALLED: entry<{ package: string; database: string }>({
    title: 'The database driver is not installed',
    message: (d) =>
      `drift needs the package ${d.package} to ${driverUses[d.package] ?? `read a ${d.database} database`}; it is not installed.`,
    next: (d) => `Install it: npm install --save-dev ${d.package}`,
    page: 'drift brings no database driver of its own. It uses the one of the project, and looks for it from the working directory first. SQLite: better-sqlite3 for everything, also for drift check --offline and drift lint, which run the migrations on a scratch database in memory. PostgreSQL: pg to connect to a server; @electric-sql/pglite to run the migrations on a scratch database, unless scratch.url in drift.config names a server for that, and for databases of PGlite. Where pg alone is installed, drift check compares models and database without the migrations, and a note says so; whatever needs to know what the migrations make (--offline, drift diff migrations …, drift generate) ends with this error.',
  }),
  DRIVER_BROKEN: entry<{ package: string; problem: string }>({
    title: 'The database driver cannot be loaded',
    message: (d) => `The package ${d.package} is installed but cannot be loaded: ${d.problem}`,
    next: (d) => `Build it for this version of Node: npm rebuild ${d.package}`,
    page: 'The usual reasons are a change of the Node version after the installation, and install scripts that npm did not run.',
  }),
  DATABASE_IN_MEMORY: entry<{ target: string }>({
    title: 'A database in memory cannot be checked',
    message: (d) =>
      `The database is '${d.target}', which lives in the memory of one process: there is nothing to compare with.`,
    next: () => 'Give the path of a database file with --url, or compare without a database: --offline.',
    page: 'A database in memory exists only inside the program that opened it, so drift would look at an empty one of its own.',
  }),
  DATABASE_NOT_LOCAL: entry<{ target: string }>({
    title: 'The SQLite database is not a local file',
    message: (d) => `${d.target} is not a local file; drift reads SQLite databases from files.`,
    next: () => 'Give the path of a local copy with --url, or compare without a database: --offline.',
    page: 'Remote libSQL, Turso and D1 databases are not reached over the network. A local replica, a dump loaded into a file, or the local file of wrangler can be checked.',
  }),
  DATABASE_FILE_MISSING: entry<{ file: string }>({
    title: 'The database file is not there',
    message: (d) => `There is no database file ${d.file}.`,
    next: () => 'Correct the path in dbCredentials (or --url), or create the database with drift migrate.',
    page: 'A check never creates a database: a wrong path would otherwise look like an empty one. Relative paths start at the working directory.',
  }),
  DATABASE_NOT_A_FILE: entry<{ file: string; is: string }>({
    title: 'The path of the database is not that of a file',
    message: (d) => `${d.file} is ${d.is}, not a database file.`,
    next: () => 'Give the path of the database file itself.',
    page: 'dbCredentials.url (or --url) must lead to the file that SQLite keeps the database in.',
  }),
  DATABASE_PERMISSION: entry<{ file: string; reason: string }>({
    title: 'The database file may not be read',
    message: (d) => `${d.file} cannot be read: ${d.reason}.`,
    next: () =>
      'Let this user read the file, its -wal file and the folders above them; drift needs no right to write.',
    page: 'A check needs the right to read the database file, the -wal file beside it where there is one, and to pass through the folders above.',
  }),
  DATABASE_NOT_SQLITE: entry<{ file: string }>({
    title: 'The file is not an SQLite database',
    message: (d) => `${d.file} is not an SQLite database, or it is encrypted.`,
    next: () =>
      'Give the path of the database file; an encrypted database must be decrypted into a copy first.',
    page: "Every SQLite database begins with the words 'SQLite format 3'. Encrypted ones (SQLCipher and others) do not, and cannot be told from other files.",
  }),
  DATABASE_CORRUPT: entry<{ file: string; reason: string }>({
    title: 'The database file is damaged',
    message: (d) => `${d.file} is damaged: ${d.reason}.`,
    next: (d) => `Look at it with: sqlite3 '${d.file}' 'PRAGMA integrity_check'`,
    page: 'SQLite found pages or schema entries in the file that cannot be. A copy made while the database was in use is a common reason.',
  }),
  DATABASE_LOCKED: entry<LockDetails>({
    title: 'The database is locked by another process',
    message: describeLock,
    next: () =>
      'Let that process end its transaction, or wait longer: --timeout SECONDS, and timeouts.lock in drift.config.',
    page: 'Another process holds a lock that keeps readers away. It is waited for as long as timeouts.lock in drift.config says (5 s), and never longer than --timeout allows. On Linux the process is named; a process in another container cannot be.',
  }),
  SCHEMA_TEXT_UNREADABLE: entry<{ kind: string; name: string; reason: string }>({
    title: 'A definition in the database could not be read',
    message: (d) =>
      `The definition of the ${d.kind} ${d.name} in sqlite_schema could not be read: ${d.reason}`,
    next: () =>
      'Please report this with the text of that definition; a tablesFilter can leave it out meanwhile.',
    page: 'SQLite keeps every definition as the text of its CREATE statement, and drift reads these texts. What it cannot read it does not pass over in silence.',
  }),
  DATABASE_UNREADABLE: entry<{ file: string; reason: string }>({
    title: 'The database could not be read',
    message: (d) => `${d.file} could not be read: ${d.reason}.`,
    next: () => 'Run with --verbose to see where it failed.',
    page: 'The operating system or SQLite refused in a way that is none of the usual ones; the reason is given in their own words.',
  }),
  DATABASE_READ_ONLY: entry<{ file: string; reason: string }>({
    title: 'The database cannot be written to',
    message: (d) => `${d.file} cannot be written to: ${d.reason}.`,
    next: () => 'Let this user write the file and its folder, where SQLite keeps its journal.',
    page: 'To run a migration drift needs the right to write the database file, and to make files in its folder: the journal that undoes a transaction after a crash is there.',
  }),
  DATABASE_FULL: entry<{ file: string; tag: string; applied: readonly string[] }>({
    title: 'There is no room for the migration',
    message: (d) =>
      `There is no room left while ${d.tag} runs on ${d.file} (the disk is full, or max_page_count is reached). It was rolled back: nothing of it is in the database.${d.applied.length === 0 ? '' : ` Before it were applied ${d.applied.join(', ')}.`}`,
    next: () =>
      'Make room (about twice the size of the tables that are rebuilt) and run drift migrate again.',
    page: 'A table that is rebuilt is there twice until the migration ends, and the journal holds what was there before. SQLite undoes all of it when the disk is full.',
  }),
} as const satisfies Record<string, ErrorEntry<never>>;
