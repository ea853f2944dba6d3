/** Loads the user's TypeScript or JavaScript: bundle, run, and tell in the user's own terms what went wrong. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import type { BuildFailure, Message } from 'esbuild';
import { DriftError } from '../errors.ts';
import { bundleFiles, type Bundle, type BundleOptions, type ImportGraph } from './bundle.ts';
import { formatPlace, frameBefore, frameLine, framePlace } from './code-frame.ts';
import { findInstalledPackage } from './paths.ts';
import { redactSecrets } from './redact.ts';
import { ProcessExitError, runBundle } from './run-bundle.ts';
import { traceError } from './trace.ts';

export interface LoadOptions {
  /** The working directory, absolute. */
  readonly root: string;
  /** What is being loaded, for messages: 'The models'. */
  readonly loading: string;
  /** Absolute paths, loaded in this order. */
  readonly entries: readonly string[];
  /** Whether something stands in for database clients, also where they are installed. */
  readonly idleClients: boolean;
}

export interface LoadedCode {
  /** The exports of each entry, in the order of the entries. */
  readonly modules: readonly Readonly<Record<string, unknown>>[];
  readonly imports: ImportGraph;
  /** Whether something stands in for a module that could not be had. */
  readonly standIns: boolean;
}

/** A bundle that was begun before anybody asked for it. */
let begun: { readonly key: string; readonly bundle: Promise<Bundle> } | undefined;

/**
 * Begins to bundle what will probably be loaded: another process does it, and nothing of it is run. Where it is not
 * asked for, or was not to be bundled, nobody hears of it. What was begun earlier is forgotten.
 */
export function beginBundle(options: LoadOptions | undefined): void {
  begun = undefined;
  if (options === undefined) return;
  const bundle = bundleFiles({ ...options, inlined: new Set<string>() });
  bundle.catch(() => undefined);
  begun = { key: keyOf(options), bundle };
}

function takeBegun(options: BundleOptions): Promise<Bundle> | undefined {
  if (begun?.key !== keyOf(options)) return undefined;
  const { bundle } = begun;
  begun = undefined;
  return options.inlined.size === 0 ? bundle : undefined;
}

function keyOf({ root, loading, entries, idleClients }: LoadOptions): string {
  return JSON.stringify([root, loading, entries, idleClients]);
}

/**
 * Loads files as one bundle, so that what two of them share is one object.
 * @throws DriftError CODE_SYNTAX, CODE_THREW, IMPORT_NOT_FOUND, PACKAGE_NOT_INSTALLED
 */
export async function loadCode(options: LoadOptions): Promise<LoadedCode> {
  const inlined = new Set<string>();
  for (;;) {
    const bundle = await makeBundle({ ...options, inlined });
    const result = await runBundle(bundle.code);
    if ('modules' in result)
      return { modules: result.modules, imports: bundle.imports, standIns: bundle.standIns };
    if (result.error instanceof DriftError) throw result.error;
    // Some packages only a bundler can import (import paths without endings, styles, names that Node does not see in
    // CommonJS). Node says so before it runs any code of the user's, so a second try does nothing twice.
    const culprit = findUnimportable(result.error);
    if (culprit === undefined || inlined.has(culprit)) throw await describeThrown(options, bundle, result);
    inlined.add(culprit);
  }
}

async function makeBundle(options: BundleOptions): Promise<Bundle> {
  try {
    return await (takeBegun(options) ?? bundleFiles(options));
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    throw describeFailure(options, error);
  }
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors);
}

function describeFailure(options: LoadOptions, failure: BuildFailure): DriftError {
  const first = failure.errors[0];
  if (first === undefined)
    return new DriftError('CODE_THREW', { ...empty(options), problem: failure.message });
  const { where, frame } = describeLocation(options, first);
  const missing = /^Could not resolve "(.*)"/.exec(first.text)?.[1];
  if (missing !== undefined) {
    const reason = redactSecrets(first.notes.map((note) => note.text).join(' ')).replace(/\.$/, '');
    return new DriftError(
      'IMPORT_NOT_FOUND',
      { specifier: missing, where, frame, reason },
      { cause: failure },
    );
  }
  const problem = redactSecrets(first.text).replace(/\.$/, '');
  const others = failure.errors.length - 1;
  return new DriftError('CODE_SYNTAX', { where, problem, frame, others }, { cause: failure });
}

function describeLocation(options: LoadOptions, message: Message): { where: string; frame: string } {
  const { location } = message;
  if (location === null) return { where: options.loading, frame: '' };
  const file = path.resolve(options.root, location.file);
  // esbuild counts columns in bytes of UTF-8, from 0.
  const column = Buffer.from(location.lineText).subarray(0, location.column).toString().length + 1;
  const place = { file, line: location.line, column };
  const frame = frameLine(location.line, column, location.lineText);
  // Where the file ends too early there is nothing on the line: what was there last is shown.
  return { where: formatPlace(options.root, place), frame: frame === '' ? frameBefore(place) : frame };
}

/** The error for a promise that was exported and came to nothing. */
export function describeRejection(
  options: Pick<LoadOptions, 'root' | 'loading'>,
  error: unknown,
): DriftError {
  const details = { loading: options.loading, problem: describeProblem(error, options.root) };
  return new DriftError('CODE_THREW', { ...details, where: undefined, frame: '' }, { cause: error });
}

async function describeThrown(
  options: LoadOptions,
  bundle: Bundle,
  thrown: { readonly error: unknown; readonly url: string },
): Promise<DriftError> {
  const map = await bundle.makeMap().catch(() => null);
  const place = map === null ? undefined : traceError(thrown.error, thrown.url, map, options.root);
  return new DriftError(
    'CODE_THREW',
    {
      loading: options.loading,
      problem: describeProblem(thrown.error, options.root),
      where: place === undefined ? undefined : formatPlace(options.root, place),
      frame: place === undefined ? '' : framePlace(place),
    },
    { cause: thrown.error },
  );
}

function empty(options: LoadOptions): { loading: string; where: undefined; frame: string } {
  return { loading: options.loading, where: undefined, frame: '' };
}

/** The original message, whole unless it is very long; validation issues are listed with their paths. */
function describeProblem(error: unknown, root: string): string {
  if (!(error instanceof Error))
    return `it threw ${describeValue(error)}, which is no Error and names no place`;
  const issues = 'issues' in error && Array.isArray(error.issues) ? error.issues.map(describeIssue) : [];
  const message = issues.length > 0 ? issues.join('; ') : error.message;
  const name = error.name === 'Error' || error instanceof ProcessExitError ? '' : `${error.name}: `;
  const shown = `${name}${message}`.replaceAll(root + path.sep, '');
  return redactSecrets(shown.length > 2000 ? `${shown.slice(0, 2000)} …` : shown);
}

/** What was thrown in place of an error, on one line and not too long. */
function describeValue(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'message' in value) {
    const { message } = value;
    if (typeof message === 'string' && message !== '') return redactSecrets(`an object saying '${message}'`);
  }
  const text = inspect(value, { depth: 1, breakLength: Infinity, maxArrayLength: 5, maxStringLength: 200 });
  return redactSecrets(text.length > 300 ? `${text.slice(0, 300)} …` : text);
}

/** An issue of zod, valibot, arktype: a path and a message. */
function describeIssue(issue: unknown): string {
  if (typeof issue !== 'object' || issue === null) return String(issue);
  const message = 'message' in issue ? String(issue.message) : 'invalid';
  const parts = 'path' in issue && Array.isArray(issue.path) ? issue.path.map(describeKey) : [];
  return parts.length === 0 ? message : `${parts.join('.')}: ${message}`;
}

function describeKey(key: unknown): string {
  return typeof key === 'object' && key !== null && 'key' in key ? String(key.key) : String(key);
}

/** The directory of the installed package that Node could not import, where that is what an error says. */
function findUnimportable(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error ? String(error.code) : '';
  const file = isLoaderError(error, code) ? readCulprit(error, code) : undefined;
  return file === undefined ? undefined : findInstalledPackage(file);
}

function isLoaderError(error: Error, code: string): boolean {
  if (error instanceof SyntaxError) {
    return /Named export|does not provide an export|import statement outside|Unexpected token|Cannot use 'import\.meta'/.test(
      error.message,
    );
  }
  return [
    'ERR_MODULE_NOT_FOUND',
    'ERR_UNSUPPORTED_DIR_IMPORT',
    'ERR_UNKNOWN_FILE_EXTENSION',
    'ERR_PACKAGE_PATH_NOT_EXPORTED',
    'ERR_REQUIRE_ESM',
    'ERR_IMPORT_ATTRIBUTE_MISSING',
    'ERR_UNSUPPORTED_ESM_URL_SCHEME',
    'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING',
  ].includes(code);
}

/** The file that could not be imported, or that has the import which could not. */
function readCulprit(error: Error, code: string): string | undefined {
  const { message } = error;
  const importer = / imported from (\S.*?)\s*$/m.exec(message)?.[1];
  if (importer !== undefined && findInstalledPackage(toPath(importer)) !== undefined) return toPath(importer);
  const named = /'(file:\/\/[^']+)'|"(file:\/\/[^"]+)"/.exec(message);
  const url = named?.[1] ?? named?.[2];
  if (url !== undefined) return toPath(url);
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION') return / for (.+)$/.exec(message)?.[1];
  if (code === 'ERR_REQUIRE_ESM') return /ES Module (\S+) from/.exec(message)?.[1];
  // A syntax error inside a package: the stack starts with the file.
  const first = /^(file:\/\/\S+?|\/\S+?|[A-Z]:\\\S+?):\d+/m.exec(error.stack ?? '')?.[1];
  return first === undefined ? undefined : toPath(first);
}

function toPath(file: string): string {
  return file.startsWith('file:') ? fileURLToPath(file) : file;
}
