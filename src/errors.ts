/**
 * The one error type of drift and the catalogue of its codes.
 *
 * A catalogue entry holds everything a person is told about a code: the sentence, the next step and the page
 * that `drift explain CODE` prints. Where an error is thrown only the facts are passed.
 */

/** What a code says. `D` is the shape of the facts that the place of the throw must give. */
interface ErrorEntry<D> {
  /** A short title, used by `drift explain` and the reference. */
  readonly title: string;
  /** One sentence: what is wrong, with the subject named. */
  readonly message: (details: D) => string;
  /** One sentence or command: what to do next. */
  readonly next: (details: D) => string;
  /** Two or three sentences of background for `drift explain`. */
  readonly page: string;
}

function entry<D>(value: ErrorEntry<D>): ErrorEntry<D> {
  return value;
}

export const errorCatalogue = {
  CONFIG_NOT_FOUND: entry<{ searched: readonly string[]; directory: string }>({
    title: 'No Drizzle config found',
    message: (d) => `No drizzle.config file in ${d.directory} (searched: ${d.searched.join(', ')}).`,
    next: () =>
      'Run drift where drizzle.config.ts is, or name it: drift check --config path/to/drizzle.config.ts',
    page: 'drift reads the same drizzle.config file as drizzle-kit. It looks only in the working directory (or the one given with --cwd), never in a parent.',
  }),

  // Configuration and models: src/project
  CONFIG_FILE_MISSING: entry<{ file: string; nearest?: string | undefined }>({
    title: 'The named config file is not there',
    message: (d) => `There is no file ${d.file}.`,
    next: (d) =>
      d.nearest === undefined ? 'Check the path given with --config.' : `Did you mean --config ${d.nearest}?`,
    page: 'The path given with --config is taken relative to the working directory (or the one given with --cwd), as drizzle-kit does.',
  }),
  CONFIG_INVALID: entry<{
    file: string;
    key: string;
    expected: string;
    received: string;
    nearest?: string | undefined;
  }>({
    title: 'A value in the config is not of the right kind',
    message: (d) => `${d.file}: ${d.key} must be ${d.expected}, not ${d.received}.`,
    next: (d) => (d.nearest === undefined ? `Correct ${d.key} in ${d.file}.` : `Did you mean ${d.nearest}?`),
    page: 'Every key of drizzle.config and drift.config that drift uses is checked when it is read. Keys of drizzle.config that drift does not use are left alone, as drizzle-kit does.',
  }),
  CONFIG_UNKNOWN_KEY: entry<{
    file: string;
    key: string;
    valid: readonly string[];
    nearest?: string | undefined;
  }>({
    title: 'drift.config has a key that drift does not know',
    message: (d) => `${d.file}: ${d.key} is no key of drift.config.`,
    next: (d) =>
      d.nearest === undefined ? `Valid here: ${d.valid.join(', ')}.` : `Did you mean ${d.nearest}?`,
    page: 'An unknown key in drift.config is an error, so that a misspelt ignore rule or deadline is not passed over in silence.',
  }),
  DIALECT_UNSUPPORTED: entry<{ file: string; dialect: string }>({
    title: 'This dialect is not supported',
    message: (d) => `${d.file}: dialect '${d.dialect}' is not supported; drift knows postgresql and sqlite.`,
    next: () =>
      "Use dialect 'postgresql' or 'sqlite' ('turso' is SQLite too), or name another config with --config.",
    page: 'drift works with PostgreSQL and SQLite (with libSQL, Turso and D1). The other dialects of drizzle-kit (mysql, singlestore, gel, mssql, cockroach, duckdb) are not supported.',
  }),
  DRIVER_UNSUPPORTED: entry<{ driver: string; dialect: string }>({
    title: 'A driver that drift cannot use',
    message: (d) =>
      `The config reaches its ${d.dialect} database through ${d.driver}, which drift cannot read.`,
    next: (d) =>
      d.dialect === 'SQLite'
        ? 'Check a local copy of the database: drift check --url path/to/copy.db; or the migrations alone: drift check --offline'
        : 'Name the database by its own URL: drift check --url postgres://…; or check the migrations alone: drift check --offline',
    page: 'drift reads SQLite files through better-sqlite3, and PostgreSQL through pg or PGlite. Databases behind an HTTP API of their own (D1, Turso, AWS Data API) or inside an app cannot be read in one snapshot; export a copy, or compare models and migrations with --offline.',
  }),
  DATABASE_NOT_CONFIGURED: entry<{ file: string; missing: readonly string[] }>({
    title: 'The config does not say where the database is',
    message: (d) =>
      `${d.file} does not say where the database is: ${d.missing.join(' and ')} missing or empty.`,
    next: () =>
      'Set it (often an environment variable that is not set here), or give the database with --url, or leave it out with --offline.',
    page: 'The database is taken from dbCredentials of drizzle.config, or from --url. An empty value usually means that an environment variable is not set: drift reads .env from the working directory, as drizzle-kit does.',
  }),
  MODELS_NOT_CONFIGURED: entry<{ file: string }>({
    title: 'The config does not say where the models are',
    message: (d) => `${d.file}: schema is missing, so drift does not know where the models are.`,
    next: (d) => `Add schema: './path/to/schema.ts' to ${d.file}.`,
    page: 'The key `schema` of drizzle.config names the files with tables, views and enums: a file, a folder, a glob, or a list of them.',
  }),
  MODELS_NOT_FOUND: entry<{
    patterns: readonly string[];
    directory: string;
    nearest?: string | undefined;
  }>({
    title: 'No model files found',
    message: (d) =>
      `No model file matches ${d.patterns.map((pattern) => `'${pattern}'`).join(', ')} in ${d.directory}.`,
    next: (d) =>
      d.nearest === undefined
        ? 'Correct schema in drizzle.config; paths are relative to the working directory, not to the config.'
        : `The nearest that exists is ${d.nearest}. Paths are relative to the working directory, not to the config.`,
    page: 'The patterns in `schema` are resolved relative to the working directory (or --cwd), as drizzle-kit does. A folder means the code files directly in it, not in its subfolders: for those write schema/**/*.ts.',
  }),
  CODE_SYNTAX: entry<{ where: string; problem: string; frame: string; others: number }>({
    title: 'A file could not be read as code',
    message: (d) =>
      `${d.where}: ${d.problem}${d.others > 0 ? ` (and ${String(d.others)} more)` : ''}${d.frame === '' ? '' : `\n${d.frame}`}`,
    next: () => 'Correct the file.',
    page: 'The config or a model file (or something they import) could not be parsed or put together.',
  }),
  CODE_THREW: entry<{ loading: string; problem: string; where?: string | undefined; frame: string }>({
    title: 'The config or a model file threw an error while it was loaded',
    message: (d) =>
      `${d.loading} could not be loaded: ${d.problem}${d.where === undefined ? '' : ` (${d.where})`}${d.frame === '' ? '' : `\n${d.frame}`}`,
    next: () =>
      'If an environment variable is missing, set it or put it into .env in the working directory; otherwise correct the code at that place.',
    page: 'drift runs the config and the models as drizzle-kit does. An error thrown there is shown with the place in your own code where it came from.',
  }),
  IMPORT_NOT_FOUND: entry<{ specifier: string; where: string; frame: string; reason: string }>({
    title: 'An import leads nowhere',
    message: (d) =>
      `${d.where}: cannot resolve the import '${d.specifier}'${d.reason === '' ? '' : ` (${d.reason})`}.${d.frame === '' ? '' : `\n${d.frame}`}`,
    next: () => 'Correct the path, or the paths of tsconfig.json.',
    page: 'Imports are resolved with package.json and tsconfig.json (paths, baseUrl), and packages of a workspace from their TypeScript sources where they are not built.',
  }),
  PACKAGE_NOT_INSTALLED: entry<{ package: string; where: string; loading: string }>({
    title: 'A package that is needed is not installed',
    message: (d) =>
      `${d.loading} could not be loaded: the package '${d.package}', imported at ${d.where}, is not installed.`,
    next: (d) => `Install the dependencies of the project (${d.package} among them).`,
    page: 'A missing package does no harm as long as nothing of it is used while the models are loaded. Here something is.',
  }),
  MODELS_EMPTY: entry<{ dialect: string; files: readonly string[]; found: readonly string[] }>({
    title: 'No tables in the model files',
    message: (d) =>
      d.found.length > 0
        ? `The model files have no ${d.dialect} table: theirs are made by ${d.found.join(' and ')}. Searched: ${d.files.join(', ')}.`
        : `No table is exported from the model files. Searched: ${d.files.join(', ') || 'no file'}.`,
    next: (d) =>
      d.found.length > 0
        ? 'Set dialect in drizzle.config to the one of the models, or schema to the right files.'
        : 'Most likely schema in drizzle.config matches the wrong files; otherwise export the tables, each by its own name.',
    page: 'Only what a model file exports by name counts, as in drizzle-kit: a table inside an exported object or a default export of several tables is not seen. drift does not take an empty model for the wish to drop every table.',
  }),
  MODELS_DUPLICATE: entry<{ kind: string; namespace: string; name: string; places: readonly string[] }>({
    title: 'Two models have one name',
    message: (d) => `Two different models are the ${d.kind} '${d.name}': ${d.places.join(' and ')}.`,
    next: () =>
      'Rename or remove one of them; if both are the same file loaded twice, name it once in schema.',
    page: 'A database can hold only one object of a kind with a name in a schema, so drift does not guess which of two models is meant. The same object exported from several files is no duplicate.',
  }),
  MODEL_INVALID: entry<{ kind: string; name: string; place: string; problem: string }>({
    title: 'A model cannot be turned into a database object',
    message: (d) => `${d.place}: ${d.kind} '${d.name}': ${d.problem}.`,
    next: () => 'Correct the model.',
    page: 'The model was loaded, but what it says cannot exist in a database: an index without columns, a reference to nothing, two primary keys, a placeholder in a definition.',
  }),

  // SQLite: src/dialects/sqlite
  DRIVER_NOT_INSTALLED: entry<{ package: string; database: string }>({
    title: 'The database driver is not installed',
    message: (d) =>
      `drift needs the package ${d.package} to read a ${d.database} database; it is not installed.`,
    next: (d) => `Install it: npm install --save-dev ${d.package}`,
    page: 'drift brings no database driver of its own. It uses the one of the project, and looks for it from the working directory first.',
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
  DATABASE_LOCKED: entry<{
    file: string;
    waited: number;
    holder: { pid: number; command: string | null } | null;
  }>({
    title: 'The database is locked by another process',
    message: (d) =>
      `${d.file} is locked${
        d.holder === null
          ? ' by another process'
          : ` by process ${String(d.holder.pid)}${d.holder.command === null ? '' : ` (${d.holder.command})`}`
      }; gave up after ${String(d.waited / 1000)} s.`,
    next: () => 'Let that process end its transaction, or wait longer: timeouts.lock in drift.config.',
    page: 'Another process holds a lock that keeps readers away. On Linux the process is named; a process in another container cannot be.',
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
  // Migrations: src/project/migrations, src/stages
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

  // PostgreSQL servers: src/dialects/postgres/drivers
  DATABASE_URL_INVALID: entry<{ url: string }>({
    title: 'The database URL cannot be read',
    message: (d) => `'${d.url}' is not a URL of a PostgreSQL database.`,
    next: () =>
      'Write postgres://user:password@host:5432/database; special characters in the password must be percent-encoded (@ is %40, # is %23, / is %2F).',
    page: 'A PostgreSQL URL begins with postgres:// or postgresql://. A unix socket is given as postgres://user@/database?host=/var/run/postgresql.',
  }),
  DATABASE_UNREACHABLE: entry<{ target: string; problem: string }>({
    title: 'The database server does not take connections',
    message: (d) => `Cannot connect to ${d.target}: ${d.problem}.`,
    next: () =>
      'Start the server, or correct host and port. From inside a container, localhost is the container itself.',
    page: 'Nothing answered at the address, or the server is starting up, shutting down or out of connections. drift wait can be used where a server needs time to start.',
  }),
  DATABASE_HOST_UNKNOWN: entry<{ target: string; host: string }>({
    title: 'The host name of the database does not exist',
    message: (d) => `Cannot connect to ${d.target}: the name ${d.host} cannot be resolved.`,
    next: () => 'Correct the host name; names of containers are known only inside their network.',
    page: 'The name of the host could not be turned into an address (DNS).',
  }),
  DATABASE_LOGIN_FAILED: entry<{ target: string; problem: string }>({
    title: 'The database refused the login',
    message: (d) => `${d.target} refused the login: ${d.problem}.`,
    next: () => 'Correct user and password; a special character in a URL must be percent-encoded.',
    page: 'The server is there and refused this user, this password, or this user from this address (pg_hba.conf). The password is never shown.',
  }),
  DATABASE_UNKNOWN: entry<{ target: string; problem: string }>({
    title: 'There is no such database',
    message: (d) => `${d.target} cannot be opened: ${d.problem}.`,
    next: () => 'Correct the name of the database, or create it.',
    page: 'The server is there, the login is right, and the database named does not exist on it.',
  }),
  DATABASE_TLS: entry<{ target: string; problem: string }>({
    title: 'Client and server do not agree about TLS',
    message: (d) => `No connection to ${d.target} over TLS: ${d.problem}.`,
    next: () =>
      'Add ?sslmode=require (or verify-full) to the URL where the server wants TLS, sslmode=disable where it has none, sslmode=no-verify for a certificate that is not publicly trusted.',
    page: 'The server wants TLS and the client does not offer it, or the other way round, or the certificate of the server is not trusted.',
  }),
  DATABASE_CONNECT_TIMEOUT: entry<{ target: string; seconds: string }>({
    title: 'The database did not answer in time',
    message: (d) => `No connection to ${d.target} within ${d.seconds} s.`,
    next: () =>
      'Check that the network lets you through (firewall, VPN), or raise timeouts.connect in drift.config.',
    page: 'The address exists but nothing came back before the deadline: usually a firewall that drops packets, or a server that sleeps.',
  }),
  DATABASE_TOO_OLD: entry<{ target: string; version: string; oldest: string }>({
    title: 'The PostgreSQL server is too old',
    message: (d) => `${d.target} is PostgreSQL ${d.version}; drift needs ${d.oldest} or newer.`,
    next: () => 'Use a newer server.',
    page: 'drift reads the catalogues of PostgreSQL 13 to 18. Older versions are no longer maintained by their makers either.',
  }),
  DATABASE_PRIVILEGE: entry<{ target: string; problem: string }>({
    title: 'The database role may not do what is needed',
    message: (d) => `${d.target}: ${d.problem}.`,
    next: () =>
      'Grant the role what is missing; to check, CONNECT to the database and USAGE on its schemas is enough.',
    page: 'A check reads the catalogues, which every role may, and makes temporary objects in a transaction that is rolled back, for which TEMP (granted to everybody by default) is needed.',
  }),
  DATABASE_CONNECTION_LOST: entry<{ target: string; problem: string }>({
    title: 'The connection to the database broke',
    message: (d) => `The connection to ${d.target} broke: ${d.problem}.`,
    next: () => 'Run the command again; nothing was changed.',
    page: 'The server was stopped, an administrator ended the session, or the network failed.',
  }),
  DATABASE_STATEMENT_TIMEOUT: entry<{ target: string; seconds: string }>({
    title: 'A query took too long',
    message: (d) => `${d.target} did not answer a query within ${d.seconds} s.`,
    next: () => 'Try again when the server is less busy, or raise timeouts.statement in drift.config.',
    page: 'drift limits each statement (statement_timeout), so that it never adds to the load of a server that is in trouble.',
  }),
  SCHEMA_LOCKED: entry<{ target: string; seconds: string; blockers: string }>({
    title: 'Somebody else holds a lock on the schema',
    message: (d) =>
      `${d.target}: waited ${d.seconds} s for a lock${d.blockers === '' ? '' : ` held by ${d.blockers}`}.`,
    next: () =>
      'Wait until that transaction ends (or end it with pg_terminate_backend), or raise timeouts.lock in drift.config.',
    page: 'A transaction that alters a table keeps everybody else, readers included, away from that table until it ends. drift waits for a short time only, because others would queue behind it.',
  }),
  DATABASE_FAILED: entry<{ target: string; problem: string; code: string }>({
    title: 'The database reported an error',
    message: (d) => `${d.target}: ${d.problem}${d.code === '' ? '' : ` (${d.code})`}.`,
    next: () => 'Run the command again with --verbose for details.',
    page: 'The server reported something that drift has no better word for. Its own message is quoted.',
  }),

  // The command line: src/cli
  CLI_UNKNOWN_COMMAND: entry<{ command: string; valid: readonly string[]; nearest?: string | undefined }>({
    title: 'There is no such command',
    message: (d) => `There is no command '${d.command}'.`,
    next: (d) =>
      d.nearest === undefined
        ? `The commands are ${d.valid.join(', ')}; drift --help says what they do.`
        : `Did you mean drift ${d.nearest}?`,
    page: 'The first word after drift is the command. drift --help lists all of them.',
  }),
  CLI_COMMAND_MISSING: entry<{ valid: readonly string[] }>({
    title: 'No command given',
    message: () => 'No command was given.',
    next: (d) => `Say what to do: ${d.valid.map((name) => `drift ${name}`).join(', ')}; or drift --help.`,
    page: 'drift does nothing without a command, and says so with exit code 2, so that a script whose variable is empty does not take silence for success.',
  }),
  CLI_UNKNOWN_OPTION: entry<{ option: string; command: string; nearest?: string | undefined }>({
    title: 'There is no such option',
    message: (d) => `drift${d.command === '' ? '' : ` ${d.command}`} has no option ${d.option}.`,
    next: (d) =>
      d.nearest === undefined
        ? `See drift ${d.command === '' ? '' : `${d.command} `}--help.`
        : `Did you mean ${d.nearest}?`,
    page: 'An unknown option is an error, so that a misspelt one is not passed over in silence.',
  }),
  CLI_EXTRA_ARGUMENT: entry<{ argument: string; command: string; nearest?: string | undefined }>({
    title: 'One argument too many',
    message: (d) => `drift ${d.command} does not take the argument '${d.argument}'.`,
    next: (d) =>
      d.nearest === undefined
        ? `Leave it out, or see drift ${d.command} --help.`
        : `Did you mean ${d.nearest}?`,
    page: 'An argument that a command has no use for is an error: often it is an option without its dashes, or a name that the shell split at a blank.',
  }),
  CLI_ARGUMENT_MISSING: entry<{ argument: string; command: string }>({
    title: 'An argument is missing',
    message: (d) => `drift ${d.command} needs the argument ${d.argument}.`,
    next: (d) => `See drift ${d.command} --help.`,
    page: 'Arguments in pointed brackets in the help of a command must be given.',
  }),
  CLI_VALUE_MISSING: entry<{ option: string }>({
    title: 'An option lacks its value',
    message: (d) => `The option ${d.option} has no value.`,
    next: (d) => `Give it one, as in ${d.option}.`,
    page: 'Options whose help shows a word in capitals after them need a value: --config FILE, --url URL, --timeout SECONDS.',
  }),
  CLI_INVALID_VALUE: entry<{
    option: string;
    value: string;
    expected: string;
    nearest?: string | undefined;
  }>({
    title: 'The value of an option makes no sense',
    message: (d) => `${d.option} must be ${d.expected}, not '${d.value}'.`,
    next: (d) =>
      d.nearest === undefined ? `Correct ${d.option}.` : `Did you mean ${d.option} ${d.nearest}?`,
    page: 'Values are checked before anything is done.',
  }),
  CLI_OPTION_IDLE: entry<{ option: string; needs: string }>({
    title: 'An option has nothing to do',
    message: (d) => `${d.option} does nothing without ${d.needs}.`,
    next: (d) => `Add ${d.needs}, or leave out ${d.option}.`,
    page: 'An option that would be passed over is an error: whoever gave it expects something of it.',
  }),
  CLI_FORMAT_CONFLICT: entry<{ formats: readonly string[] }>({
    title: 'Two formats for one output',
    message: (d) => `Only one format can go to standard output, not ${d.formats.join(' and ')}.`,
    next: (d) => `Give the others a file: --format ${d.formats.at(-1) ?? 'json'}=FILE.`,
    page: '--format may be given several times, all but one of them with a file: --format github --format sarif=drift.sarif.',
  }),
  CLI_DIRECTORY_MISSING: entry<{ directory: string; nearest?: string | undefined }>({
    title: 'The directory given with --cwd is not there',
    message: (d) => `There is no directory ${d.directory}.`,
    next: (d) =>
      d.nearest === undefined ? 'Check the path given with --cwd.' : `Did you mean --cwd ${d.nearest}?`,
    page: 'With --cwd DIR everything is done as if drift had been started in DIR: relative paths, also that of --output, count from there.',
  }),
  OUTPUT_NOT_WRITTEN: entry<{ file: string; reason: string }>({
    title: 'The report could not be written',
    message: (d) => `${d.file} could not be written: ${d.reason}.`,
    next: () => 'Choose a file that can be written to with --output or --format NAME=FILE.',
    page: 'A report is written beside the file and then put in its place, so that nobody ever reads half a report. That needs the right to write in the folder.',
  }),
  EXPLAIN_UNKNOWN: entry<{ code: string; nearest?: string | undefined }>({
    title: 'There is no page for this code',
    message: (d) => `Nothing is known about '${d.code}'.`,
    next: (d) =>
      d.nearest === undefined
        ? 'drift explain without an argument lists every code.'
        : `Did you mean drift explain ${d.nearest}?`,
    page: 'drift explain knows the codes of errors, the codes of hazards, the causes of drift, and the kinds of changes such as column.alter.',
  }),
  TIMEOUT: entry<{ seconds: string; stage: string }>({
    title: 'The command did not finish in time',
    message: (d) => `Not finished within ${d.seconds} s; it stopped while ${d.stage}.`,
    next: () => 'Try again, or give it longer with --timeout SECONDS (or timeouts.command in drift.config).',
    page: 'Every command has a deadline, so that a build never hangs on a database that does not answer or on models that never finish loading.',
  }),
  PROCESS_EXITED: entry<{ code: string; stage: string }>({
    title: 'Something ended the process before drift was done',
    message: (d) => `The process was ended (exit code ${d.code}) while ${d.stage}.`,
    next: () =>
      'Look for process.exit in drizzle.config and in what the models import; often it checks environment variables that are not set here.',
    page: 'drift runs the config and the models. Code that calls process.exit there would end drift with its own exit code, so drift answers with 2 instead.',
  }),
  BACKGROUND_FAILURE: entry<{ problem: string }>({
    title: 'Something failed in the background',
    message: (d) => `While drift worked, something in the background failed: ${d.problem}.`,
    next: () =>
      'If the models or the config open connections when they are imported, let them do so only when they are used.',
    page: 'An error that nobody waited for, usually in code that the models import. drift goes on, since its own result does not depend on it.',
  }),
  INTERNAL: entry<{ problem: string }>({
    title: 'drift failed in a way it should not have',
    message: (d) => `drift failed in a way it should not have: ${d.problem}.`,
    next: () => 'Please report this, with what drift prints when it is run again with --verbose.',
    page: 'This is a mistake in drift and not in your project. Nothing is known about the database.',
  }),

  // Planning and writing migrations: src/dialects/sqlite/plan, src/stages/generate
  VERIFY_OTHER_SCHEMA: entry<{ file: string }>({
    title: 'The database to verify on is not what the migrations make',
    message: (d) => `${d.file} does not have the schema that the migrations make, so the plan is not for it.`,
    next: () => 'Run drift check on it first: apply what is pending, and settle what was changed by hand.',
    page: 'A plan starts from what the migrations folder makes. It can only be tried on a copy of a database that has just that schema.',
  }),
  VERIFY_FAILED: entry<{ problems: readonly string[]; on: string }>({
    title: 'The migration did not stand its proof',
    message: (d) =>
      `The migration was tried on ${d.on} and did not do what it has to; nothing was written. ${d.problems.join(' ')}`,
    next: () =>
      'Where the data breaks a new rule, mend it or say how with --backfill. Otherwise write the migration by hand: drift generate --custom',
    page: 'Before a migration is written it runs on a scratch copy of what the migrations make, filled with sample rows: the result must be what the models say, every row must keep its values, and planning again must find nothing to do.',
  }),
  GENERATE_UNANSWERED: entry<{ questions: readonly string[]; flags: readonly string[] }>({
    title: 'The migration needs answers',
    message: (d) => `Nothing was written: ${d.questions.join(' ')}`,
    next: (d) => `Answer with ${d.flags.join('  or  ')}`,
    page: 'drift never guesses whether a column was renamed or dropped, and never drops data without being told so. On a terminal it asks; elsewhere the flags answer.',
  }),
  GENERATE_ANSWER_UNKNOWN: entry<{ flag: string; problem: string; nearest?: string | undefined }>({
    title: 'An answer is about something that is not there',
    message: (d) => `${d.flag}: ${d.problem}.`,
    next: (d) =>
      d.nearest === undefined ? 'Correct the flag, or leave it out.' : `Did you mean ${d.nearest}?`,
    page: '--rename names what is there now and what it is to be called: table:users=people, column:users.name=full_name. --backfill names a column that is new or changes and an SQL expression: users.email="lower(name)".',
  }),
  GENERATE_RECORDED_INCOMPLETE: entry<{ problems: readonly string[] }>({
    title: 'What the migrations make is not known',
    message: (d) =>
      `The migrations folder cannot be replayed as a whole, so there is nothing to start from. ${d.problems.join(' ')}`,
    next: () =>
      'Mend the migration or restore its file; drift status shows all that is wrong with the folder.',
    page: 'drift generate compares the models with what all migrations make together. Where one of them cannot be replayed on a scratch database, the difference cannot be told.',
  }),
  GENERATE_UNSUPPORTED: entry<{ dialect: string }>({
    title: 'Migrations of this dialect cannot be generated',
    message: (d) => `drift generate does not write migrations for ${d.dialect} yet.`,
    next: () => 'Use drizzle-kit generate, and drift check after it.',
    page: 'drift checks PostgreSQL and SQLite, and writes migrations for SQLite.',
  }),
  MIGRATIONS_LOCKED: entry<{ file: string; pid: number; host: string }>({
    title: 'Somebody else is writing into the migrations folder',
    message: (d) => `Process ${String(d.pid)} on ${d.host} is writing into the migrations folder.`,
    next: (d) => `Wait for it. If it is gone for certain, delete ${d.file}.`,
    page: 'Two processes that write a migration at once would give both the same number. The lock of a process that has ended on this machine is taken over without a word.',
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
  RENAME_FAILED: entry<{ renames: readonly string[]; reason: string }>({
    title: 'A rename is not possible',
    message: (d) => `The renames ${d.renames.join(', ')} are not possible: ${d.reason}.`,
    next: () => 'Correct the --rename flags.',
    page: 'drift tries renames on a scratch database first. The reason is what SQLite said there.',
  }),
  SCHEMA_NOT_BUILDABLE: entry<{ reason: string }>({
    title: 'The schema cannot be built on a scratch database',
    message: (d) => `What the migrations make cannot be built on a scratch database: ${d.reason}.`,
    next: () => 'Run the migrations on an empty database and look at the statement that fails there.',
    page: 'Every plan is proven on a scratch database before it is written. It has the same SQLite as better-sqlite3; extensions and functions that a program registers itself are not there.',
  }),
  PLAN_UNSUPPORTED: entry<{ what: string }>({
    title: 'No plan can be made for this change',
    message: (d) => `drift cannot plan ${d.what}.`,
    next: () => 'Write it by hand in an empty migration: drift generate --custom',
    page: 'A few things can only be changed by somebody who knows what they are for: what a virtual table holds is known to its module alone. An empty migration is the place for it; drift takes what it makes as recorded.',
  }),
  // Running migrations: src/stages/migrate, src/dialects/sqlite/run
  MIGRATE_UNSUPPORTED: entry<{ dialect: string }>({
    title: 'Migrations of this dialect cannot be run',
    message: (d) => `drift migrate does not run migrations on ${d.dialect} yet.`,
    next: () => 'Use drizzle-kit migrate, or the migrator of drizzle-orm, and drift check after it.',
    page: 'drift checks PostgreSQL and SQLite, and runs migrations on SQLite.',
  }),
  MIGRATE_FOLDER_MISSING: entry<{ directory: string }>({
    title: 'There is no migrations folder',
    message: (d) => `There is no migrations folder ${d.directory}.`,
    next: () => 'Correct `out` in drizzle.config, or write the first migration with drift generate.',
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
  PREFLIGHT_FAILED: entry<{ problems: readonly string[]; others: number; allow: readonly string[] }>({
    title: 'The data stand in the way of a migration',
    message: (d) =>
      `Nothing was run, since the data stand in the way:\n${d.problems.map((line) => `  ${line}`).join('\n')}${d.others > 0 ? `\n  … and ${String(d.others)} more` : ''}`,
    next: (d) =>
      d.allow.length === 0
        ? 'Mend the rows or the migration; drift migrate --dry-run shows all findings.'
        : `Mend the rows or the migration, or let it pass: drift migrate ${d.allow.map((word) => `--allow ${word}`).join(' ')}`,
    page: 'Before anything is run, the pending migrations are tried on a copy of the schema (and, where the database is small enough, of its rows), and the rows are asked what they have against the new rules. drift never deletes rows to make them fit.',
  }),
  MIGRATE_LOCKED: entry<{
    file: string;
    waited: number;
    holder: { pid: number; command: string | null } | null;
  }>({
    title: 'Somebody else holds the lock on the database',
    message: (d) =>
      `${d.file} is locked${
        d.holder === null
          ? ' by another process'
          : ` by process ${String(d.holder.pid)}${d.holder.command === null ? '' : ` (${d.holder.command})`}`
      }; gave up after ${String(Math.round(d.waited / 100) / 10)} s.`,
    next: () => 'Let that process end its transaction, or wait longer: drift migrate --lock-timeout SECONDS',
    page: "drift migrate takes SQLite's own write lock, which the system takes back when a process dies, so that there is never a stale one. Another drift migrate, or a program with an open transaction, keeps it waiting until the deadline. On Linux the process is named.",
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
      `There is no room left while ${d.tag} runs on ${d.file} (the disk is full, or max_page_count is reached). It was rolled back: nothing of it is in the database.`,
    next: () =>
      'Make room (about twice the size of the tables that are rebuilt) and run drift migrate again.',
    page: 'A table that is rebuilt is there twice until the migration ends, and the journal holds what was there before. SQLite undoes all of it when the disk is full.',
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
  // Comparing any two schemas: src/stages/compare-two, src/stages/endpoint
  DIFF_SIDE_UNKNOWN: entry<{ word: string; valid: readonly string[]; nearest?: string | undefined }>({
    title: 'There is nothing of this name to compare',
    message: (d) =>
      `'${d.word}' is no schema: it is none of ${d.valid.join(', ')}, no database URL and no file.`,
    next: (d) =>
      d.nearest === undefined
        ? 'See drift diff --help for what can be compared.'
        : `Did you mean ${d.nearest}?`,
    page: 'drift diff compares any two of: the models, the migrations, the database, a database URL (postgres://…, file:…), a .sql file and a SQLite database file. A file that is called like one of the words is named with its path: ./models.',
  }),
  DIFF_FILE_MISSING: entry<{ file: string; nearest?: string | undefined }>({
    title: 'A file to compare is not there',
    message: (d) => `There is no file ${d.file}.`,
    next: (d) => (d.nearest === undefined ? 'Check the path.' : `Did you mean ${d.nearest}?`),
    page: 'Paths are relative to the working directory (or the one given with --cwd). Nothing is ever created for a file that is not there: a wrong path would otherwise look like an empty database.',
  }),
  DIFF_FILE_UNSUPPORTED: entry<{ file: string; is: string }>({
    title: 'A file that holds no schema',
    message: (d) => `${d.file} is ${d.is}, and cannot be compared.`,
    next: () => 'Name a .sql file, a SQLite database file, or the folder of a PGlite database.',
    page: 'A .sql file is run on a scratch database; a SQLite database is known by its first bytes or by the endings .db, .sqlite and .sqlite3; a folder is the database of PGlite if it has a file PG_VERSION.',
  }),
  DIFF_DIALECTS_DIFFER: entry<{ from: string; fromDialect: string; to: string; toDialect: string }>({
    title: 'Schemas of two database engines cannot be compared',
    message: (d) => `${d.from} is ${d.fromDialect} and ${d.to} is ${d.toDialect}.`,
    next: () => 'Compare two schemas of one engine; --dialect says which one .sql files are for.',
    page: 'Types, defaults and constraints of PostgreSQL and SQLite have no common form, so every difference between them would be a guess.',
  }),
  DIFF_DIALECT_UNKNOWN: entry<{ files: readonly string[] }>({
    title: 'Nothing says which engine the .sql files are for',
    message: (d) =>
      `Nothing says whether ${d.files.join(' and ')} ${d.files.length === 1 ? 'is' : 'are'} PostgreSQL or SQLite.`,
    next: () => 'Add --dialect postgres or --dialect sqlite.',
    page: 'Where one side is a database, a database file or part of the project, the other side is of the same engine. For two .sql files it is taken from --dialect, else from drizzle.config. drift does not guess it from the text.',
  }),
  DIFF_SQL_UNSUPPORTED: entry<{ dialect: string }>({
    title: 'No SQL can be planned for this dialect',
    message: (d) => `drift diff --sql does not plan changes for ${d.dialect} yet.`,
    next: () => 'Leave out --sql for the differences themselves.',
    page: 'drift compares PostgreSQL and SQLite, and plans the statements that lead from one schema to the other for SQLite.',
  }),
  DIFF_NO_MIGRATIONS: entry<{ folder: string }>({
    title: 'There are no migrations to compare',
    message: (d) => `There are no migrations in ${d.folder}.`,
    next: () =>
      'Correct `out` in drizzle.config, or compare the models with the database: drift diff database models',
    page: 'The schema of the migrations is what they make together on an empty scratch database. A folder that is not there is more likely a wrong path than the wish for an empty schema.',
  }),
  SCRIPT_FAILED: entry<{
    file: string;
    line: number;
    statement: string;
    reason: string;
    hint?: string | undefined;
  }>({
    title: 'A statement of a .sql file failed',
    message: (d) => `${d.file}:${String(d.line)}: ${d.reason}: ${d.statement}`,
    next: (d) => d.hint ?? 'Correct the statement; the file must run on an empty database of this engine.',
    page: 'A .sql file is run from its beginning on an empty scratch database, and what it makes is compared. If a statement fails, the schema that it would make is not known. For PostgreSQL the scratch database is PGlite unless scratch.url in drift.config names a server; pg_dump --schema-only --no-owner --no-privileges makes files that need no roles.',
  }),
  SCRIPT_UNREADABLE: entry<{ file: string; reason: string }>({
    title: 'A .sql file cannot be read',
    message: (d) => `${d.file} cannot be read: ${d.reason}.`,
    next: () => 'Name a text file in UTF-8 that this user may read.',
    page: 'A .sql file is text in UTF-8.',
  }),
  // Accepted drift: src/stages/baseline
  BASELINE_INVALID: entry<{ file: string; problem: string }>({
    title: 'The baseline cannot be read',
    message: (d) => `${d.file}: ${d.problem}.`,
    next: () => 'Restore the file from version control, or write it anew: drift check --update-baseline',
    page: 'The baseline is a file of drift that was accepted. A check never takes a broken one for an empty one, or for one that accepts everything.',
  }),
  BASELINE_MISSING: entry<{ file: string; nearest?: string | undefined }>({
    title: 'The named baseline is not there',
    message: (d) => `There is no baseline ${d.file}.`,
    next: (d) =>
      d.nearest === undefined
        ? 'Write it with drift check --update-baseline, or leave it out with --no-baseline.'
        : `Did you mean ${d.nearest}? Otherwise write it with drift check --update-baseline.`,
    page: 'A baseline that is named with --baseline or in drift.config must be there. drift.baseline.json beside drizzle.config is used where nobody names another, and need not be there.',
  }),
  BASELINE_UNDECIDED: entry<{ comparisons: readonly string[] }>({
    title: 'What could not be decided cannot be accepted',
    message: (d) =>
      `The baseline was not written, since some comparisons could not be decided: ${d.comparisons.join(', ')}.`,
    next: () => 'Run drift check for the reasons, and accept the drift when all of it is known.',
    page: 'A baseline says which differences somebody has looked at. Where it is not known whether there is a difference, there is nothing to accept.',
  }),

  // Lint: src/stages/lint, src/dialects/sqlite/lint
  HAZARD_UNKNOWN: entry<{ code: string; where: string; nearest?: string | undefined }>({
    title: 'There is no hazard of this name',
    message: (d) =>
      d.code === ''
        ? `${d.where} allows a hazard without saying which.`
        : `${d.where} names the hazard '${d.code}', which does not exist.`,
    next: (d) =>
      d.nearest === undefined ? 'drift explain lists all hazards.' : `Did you mean ${d.nearest}?`,
    page: 'The hazards policy of drift.config and the comments `-- drift: allow CODE` in migrations name hazards by their codes. A misspelt one would allow nothing, or forbid nothing, in silence.',
  }),
  LINT_UNSUPPORTED: entry<{ dialect: string }>({
    title: 'Migrations of this dialect cannot be linted',
    message: (d) => `drift lint knows the hazards of SQLite migrations only; this project is for ${d.dialect}.`,
    next: () => 'drift check names the risks of what is not applied yet.',
    page: 'drift lint tries SQLite migrations on a database in memory. For PostgreSQL it has no rules yet, and does not pretend to have looked.',
  }),
  LINT_NO_MIGRATIONS: entry<{ directory: string }>({
    title: 'There is no migrations folder to lint',
    message: (d) => `There is no migrations folder ${d.directory}.`,
    next: () => 'Correct `out` in drizzle.config, or name the files: drift lint path/to/migration.sql',
    page: 'A folder that is not there has no hazards, but most likely it lies elsewhere; drift lint does not answer 0 for what it has not looked at.',
  }),
  LINT_FILE_UNKNOWN: entry<{ word: string; directory: string; nearest?: string | undefined }>({
    title: 'A file to lint is no migration',
    message: (d) => `'${d.word}' is no migration of ${d.directory}, no .sql file and no pattern that matches one.`,
    next: (d) =>
      d.nearest === undefined
        ? 'Give a tag (0003_add_users), the path of a .sql file, or a pattern in quotes.'
        : `Did you mean ${d.nearest}?`,
    page: 'drift lint takes tags, paths and patterns with * and ?. Without any it looks at every migration of the folder.',
  }),
} as const satisfies Record<string, ErrorEntry<never>>;

export type ErrorCode = keyof typeof errorCatalogue;

export type ErrorDetails<C extends ErrorCode> =
  (typeof errorCatalogue)[C] extends ErrorEntry<infer D> ? D : never;

/**
 * An error a user can act on: a code, a sentence, a next step. The command line prints it as such and exits 2;
 * the stack is shown only with `--verbose`.
 */
export class DriftError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'DriftError';
  readonly code: C;
  readonly details: ErrorDetails<C>;
  /** What to do next, one sentence. */
  readonly next: string;

  constructor(code: C, details: ErrorDetails<C>, options: { cause?: unknown } = {}) {
    // The catalogue ties code and details together; TypeScript cannot follow that through the index.
    const entryOfCode = errorCatalogue[code] as unknown as ErrorEntry<ErrorDetails<C>>;
    super(entryOfCode.message(details), options);
    this.code = code;
    this.details = details;
    this.next = entryOfCode.next(details);
  }
}
