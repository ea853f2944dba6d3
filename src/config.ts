/**
 * The public entry `drizzle-drift/config`: the type of `drift.config.{ts,js,json}`. Everything in it is optional, and
 * so is the file. What drizzle.config already says is not repeated here.
 *
 * ```ts
 * import { defineConfig } from 'drizzle-drift/config';
 *
 * export default defineConfig({
 *   ignore: [{ kind: 'index', name: 'tmp_*' }],
 * });
 * ```
 */

/** What becomes of a hazard: `allow` says nothing, `warn` shows it, `error` fails the command. */
export type HazardPolicy = 'allow' | 'warn' | 'error';

/**
 * Differences that drift does not report. All that a rule names must match; what it leaves out matches anything.
 * A rule must name something: an empty rule would hide all drift.
 *
 * Globs know `*` (any letters) and `?` (one letter), and match whole names with their exact case.
 */
export interface IgnoreRule {
  /**
   * Object words (`table`, `column`, `index`, `trigger`, `policy` …), or an object word with the change:
   * `index.drop`, `column.alter`.
   */
  readonly kind?: string | readonly string[];
  /** Glob for the object's own name. */
  readonly name?: string;
  /** Glob for the table that the object belongs to. */
  readonly table?: string;
  /** Glob for the PostgreSQL schema (`main` in SQLite). */
  readonly namespace?: string;
  /** Only these fields of the object: `default`, `comment` … Other differences of it are still reported. */
  readonly field?: string | readonly string[];
}

/** The scratch database on which migrations are replayed and plans are proven. */
export interface ScratchConfig {
  /** A PostgreSQL server for scratch databases. Without it, PGlite or the project's own server is used. */
  readonly url?: string;
  /** Whether drift may create (and drop) a database of its own on that server. */
  readonly createDatabase?: boolean;
}

/** Deadlines in seconds; fractions are allowed, zero is not. */
export interface TimeoutsConfig {
  /** For the whole command. */
  readonly command?: number;
  /** For opening a connection. */
  readonly connect?: number;
  /** For one statement. */
  readonly statement?: number;
  /** For waiting on somebody else's lock. */
  readonly lock?: number;
}

/** The shape of drift.config. An unknown key is an error that names the nearest valid one. */
export interface DriftConfig {
  readonly ignore?: readonly IgnoreRule[];
  /** File of accepted drift, relative to the working directory; `drift.baseline.json` beside drizzle.config where left out. */
  readonly baseline?: string;
  readonly scratch?: ScratchConfig;
  readonly timeouts?: TimeoutsConfig;
  /** Policy by hazard code, as in `{ 'table-rewrite': 'error' }`. */
  readonly hazards?: Readonly<Record<string, HazardPolicy>>;
}

/** Returns its argument; it is there for the types and the completion in an editor. */
export function defineConfig(config: DriftConfig): DriftConfig {
  return config;
}
