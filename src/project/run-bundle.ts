/** Runs a bundle of the user's code inside this process, at arm's length. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';

/** What a bundle gave: the namespaces of its entries, or what it threw together with the URL it ran under. */
export type RunResult =
  | { readonly modules: readonly Readonly<Record<string, unknown>>[] }
  | { readonly error: unknown; readonly url: string };

/** Thrown in place of the end of the process when the user's code calls `process.exit`. */
export class ProcessExitError extends Error {
  override readonly name = 'ProcessExit';
  constructor(code: unknown) {
    super(`the code called process.exit(${typeof code === 'number' ? String(code) : ''})`);
  }
}

interface BundleModule {
  readonly modules: readonly Readonly<Record<string, unknown>>[];
}

/** In bytes: from here on there is more to compile in the bundle than in most packages that it may import. */
const large = 100_000;

/**
 * V8 looks through a function for its end, and compiles it when it is first called. Of models every function is called,
 * once: callbacks of references, third arguments of tables. So they are compiled at once, and looked through once.
 */
async function compileAtOnce<T>(length: number, load: () => Promise<T>): Promise<T> {
  if (length < large) return load();
  setFlagsFromString('--no-lazy');
  try {
    return await load();
  } finally {
    setFlagsFromString('--lazy');
  }
}

/** Imports the bundle. Nothing is ever written into the project: the file is put where temporary files go. */
export async function runBundle(code: Uint8Array): Promise<RunResult> {
  const folder = makeTemporaryFolder();
  const url =
    folder === undefined
      ? // Neither /tmp nor $TMPDIR can be written. Node runs a data: URL too, only its stack traces are long.
        `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`
      : pathToFileURL(path.join(folder, 'bundle.mjs')).href;
  try {
    if (folder !== undefined) writeFileSync(path.join(folder, 'bundle.mjs'), code);
    return await guardProcess(async () => {
      const loaded = await compileAtOnce(code.length, () => import(url) as Promise<BundleModule>);
      for (const exported of loaded.modules) expectRejections(exported);
      return { modules: loaded.modules };
    });
  } catch (error) {
    return { error, url };
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

/** Whoever asks for a promise that was exported hears that it failed; nobody else needs to. */
function expectRejections(exported: Readonly<Record<string, unknown>>): void {
  for (const value of Object.values(exported)) {
    if (value instanceof Promise) value.catch(() => undefined);
  }
}

function makeTemporaryFolder(): string | undefined {
  try {
    return mkdtempSync(path.join(tmpdir(), 'drizzle-drift-'));
  } catch {
    return undefined;
  }
}

/**
 * Keeps the user's code from ending the process (env validators like to; exit code 1 would mean drift) and from
 * writing to stdout, which carries the report alone (dotenv 17 greets with console.log).
 */
async function guardProcess<T>(run: () => Promise<T>): Promise<T> {
  const { exit } = process;
  // The console that the user's code finds, which is held away from stdout; drift itself prints nothing here.
  const shared = globalThis.console;
  const { log, info, debug, error } = shared;
  process.exit = (code) => {
    throw new ProcessExitError(code);
  };
  Object.assign(shared, { log: error, info: error, debug: error });
  try {
    return await run();
  } finally {
    process.exit = exit;
    Object.assign(shared, { log, info, debug });
  }
}
