/**
 * The one error type of drift and the catalogue of its codes.
 *
 * A catalogue entry holds everything a person is told about a code: the sentence, the next step and the page
 * that `drift explain CODE` prints. Where an error is thrown only the facts are passed. The entries lie in `errors/`.
 */
import { commandErrors } from './errors/command.ts';
import { databaseFileErrors } from './errors/database-file.ts';
import { databaseServerErrors } from './errors/database-server.ts';
import { migrationErrors } from './errors/migrations.ts';
import { planErrors } from './errors/plan.ts';
import { projectErrors } from './errors/project.ts';
import type { ErrorEntry } from './errors/entry.ts';

export const errorCatalogue = {
  ...projectErrors,
  ...databaseFileErrors,
  ...databaseServerErrors,
  ...migrationErrors,
  ...planErrors,
  ...commandErrors,
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
