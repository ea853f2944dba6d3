/** What is wrong with a command line, its files, or the run as a whole. */
import { entry, type ErrorEntry } from './entry.ts';

export const commandErrors = {
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
    next: (d) =>
      d.option.includes('=')
        ? `Give it one, as in ${d.option}.`
        : `Give it one, or leave ${d.option} out; the help of the command shows what it takes.`,
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
  CLI_OPTIONS_CONFLICT: entry<{ option: string; other: string }>({
    title: 'Two options exclude each other',
    message: (d) => `${d.option} and ${d.other} exclude each other.`,
    next: (d) => `Leave out ${d.option} or ${d.other}.`,
    page: 'The two ask for opposite things, and drift does not choose between them.',
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
    page: 'drift explain knows every word that a report prints as a code: of errors, hazards, problems with migrations, findings about rows, states, causes, objects, and kinds of changes such as column.alter.',
  }),
  TIMEOUT: entry<{ seconds: string; stage: string }>({
    title: 'The command did not finish in time',
    message: (d) => `Not finished within ${d.seconds} s; it stopped while ${d.stage}.`,
    next: () => 'Try again, or give it longer with --timeout SECONDS (or timeouts.command in drift.config).',
    page: 'Every command has a deadline, so that a build never hangs on a database that does not answer or on models that never finish loading; the sentence names what was running. One thing no deadline can end: a loop in the config or in a model that never gives way (while (true) {}) keeps Node itself from looking at the clock. Stop drift with Ctrl+C, or let the timeout of the build do it.',
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
    message: (d) =>
      `drift lint knows the hazards of SQLite migrations only; this project is for ${d.dialect}.`,
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
    message: (d) =>
      `'${d.word}' is no migration of ${d.directory}, no .sql file and no pattern that matches one.`,
    next: (d) =>
      d.nearest === undefined
        ? 'Give a tag (0003_add_users), the path of a .sql file, or a pattern in quotes.'
        : `Did you mean ${d.nearest}?`,
    page: 'drift lint takes tags, paths and patterns with * and ?. Without any it looks at every migration of the folder.',
  }),
  PROMPT_CANCELLED: entry<Record<never, never>>({
    title: 'A question was not answered',
    message: () => 'Stopped at a question; nothing was written.',
    next: () => 'Run the command again when the answer is known; --help names the flags that answer.',
    page: 'On a terminal drift asks what it must not guess. Ctrl-C, the end of the input or the choice to stop end the command with nothing done.',
  }),
  WAIT_GAVE_UP: entry<{ seconds: string; code: string; problem: string; next: string }>({
    title: 'The database could not be looked at before the deadline',
    message: (d) => `Gave up after ${d.seconds} s. ${d.code}: ${d.problem}`,
    next: (d) => d.next,
    page: 'drift wait goes on trying while a database is starting, locked or not there yet. If no look at it has succeeded until the deadline (--timeout), it says why the last one did not.',
  }),
} as const satisfies Record<string, ErrorEntry<never>>;
