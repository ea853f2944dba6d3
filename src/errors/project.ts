/** What is wrong with the config, the models or the code they import. */
import { entry, type ErrorEntry } from './entry.ts';

export const projectErrors = {
  CONFIG_NOT_FOUND: entry<{
    searched: readonly string[];
    directory: string;
    nearest?: string | undefined;
  }>({
    title: 'No Drizzle config found',
    message: (d) => `No drizzle.config file in ${d.directory} (searched: ${d.searched.join(', ')}).`,
    next: (d) =>
      d.nearest === undefined
        ? 'Run drift where drizzle.config.ts is, or name it with --config path/to/drizzle.config.ts.'
        : `There is one in ${d.nearest}: add --cwd ${d.nearest}.`,
    page: 'drift reads the same drizzle.config file as drizzle-kit. It looks only in the working directory (or the one given with --cwd), never in a parent.',
  }),
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
    message: (d) =>
      d.received === 'missing'
        ? `${d.file}: ${d.key} is missing; it must be ${d.expected}.`
        : `${d.file}: ${d.key} must be ${d.expected}, not ${d.received}.`,
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
  DATABASE_URL_FOREIGN: entry<{ scheme: string; dialect: string }>({
    title: 'A database URL of another engine',
    message: (d) => `The URL begins with ${d.scheme}://, and drizzle.config says dialect '${d.dialect}'.`,
    next: () => 'Give a database of the same dialect with --url, or name the config that fits: --config FILE',
    page: 'A project has one dialect. For SQLite, --url takes a path or file:…; for PostgreSQL, postgres://… or the folder of a PGlite database.',
  }),
  DATABASE_NOT_CONFIGURED: entry<{ file: string; missing: readonly string[] }>({
    title: 'The config does not say where the database is',
    message: (d) =>
      `${d.file} does not say where the database is: ${d.missing.join(' and ')} ${d.missing.length === 1 ? 'is' : 'are'} missing or empty.`,
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
    /** The pattern names that folder itself. */
    isEmpty?: boolean;
  }>({
    title: 'No model files found',
    message: (d) =>
      `No model file matches ${d.patterns.map((pattern) => `'${pattern}'`).join(', ')} in ${d.directory}.`,
    next: (d) =>
      d.nearest === undefined
        ? 'Correct schema in drizzle.config; paths are relative to the working directory, not to the config.'
        : d.isEmpty === true
          ? `The folder ${d.nearest} has no .ts or .js file directly in it. Write the models there, or correct schema in drizzle.config; for folders in it write ${d.nearest}/**/*.ts.`
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
  MODELS_OUT_OF_SCOPE: entry<{ file: string; names: readonly string[] }>({
    title: 'No model is within the filters of the config',
    message: (d) =>
      `tablesFilter and schemaFilter in ${d.file} leave out every model: ${d.names.slice(0, 5).join(', ')}${d.names.length > 5 ? ' …' : ''}.`,
    next: () => 'Correct tablesFilter and schemaFilter so that they let the models in.',
    page: 'What the filters leave out is looked at neither in the database nor in the models. Where they leave out every model there is nothing to compare, and drift does not take that for a database that is up to date.',
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
} as const satisfies Record<string, ErrorEntry<never>>;
