/** Everything a command knows of the process it runs in. */
export interface Environment {
  /** The words after `drift`. */
  readonly words: readonly string[];
  /** Environment variables. The config may read a `.env` file into them, as drizzle-kit does. */
  readonly variables: Record<string, string | undefined>;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Version of drift. */
  readonly version: string;
  readonly processId: number;
  readonly workingDirectory: () => string;
  readonly changeDirectory: (directory: string) => void;
  /** Milliseconds from some fixed moment on, for measuring only. */
  readonly now: () => number;
  /** Asks the person at the terminal; left out where there is none. */
  readonly prompt?: Prompt | undefined;
  /** Is told what is being done, for whoever must say where the process was when it ended. */
  readonly onStage?: (stages: string) => void;
}

export interface Output {
  /**
   * Resolves when the text has left the process, also where nobody reads any more. SQL is meant to be run, so nothing is
   * taken out of it.
   */
  readonly write: (text: string, is?: 'sql') => Promise<void>;
  readonly isTerminal: boolean;
  /** Columns of the terminal. */
  readonly columns: number | undefined;
}

/** Somebody who answers. */
export interface Prompt {
  /**
   * Prints the words and waits for a line.
   * @throws DriftError PROMPT_CANCELLED
   */
  readonly ask: (words: string) => Promise<string>;
}
