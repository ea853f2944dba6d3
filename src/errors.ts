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
