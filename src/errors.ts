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
    next: () => 'Run drift where drizzle.config.ts is, or name it: drift check --config path/to/drizzle.config.ts',
    page: 'drift reads the same drizzle.config file as drizzle-kit. It looks only in the working directory (or the one given with --cwd), never in a parent.',
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
