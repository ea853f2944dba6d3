/** Runs the command as users do: `node bin/drift.js` on the built package. */
import { spawn } from 'node:child_process';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const driftScript = path.join(root, 'bin/drift.js');

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Builds the package where it was never built or its sources have changed since; several test files may ask at once. */
export async function buildOnce(): Promise<void> {
  const lock = path.join(root, 'node_modules/.drift-build-lock');
  for (;;) {
    if (await isBuilt()) return;
    try {
      await mkdir(lock);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
      if (Date.now() - (await changedAt(lock)) > 60_000) await rm(lock, { recursive: true, force: true });
      continue;
    }
    try {
      if (await isBuilt()) return;
      const { code, stderr } = await runNode([path.join(root, 'tooling/build.js'), '--no-types'], root);
      if (code !== 0) throw new Error(stderr);
    } finally {
      await rm(lock, { recursive: true, force: true });
    }
  }
}

async function isBuilt(): Promise<boolean> {
  const built = await changedAt(path.join(root, 'dist/cli.js'));
  const sources = await readdir(path.join(root, 'src'), { recursive: true, withFileTypes: true });
  const times = sources
    .filter((entry) => entry.isFile())
    .map((entry) => changedAt(path.join(entry.parentPath, entry.name)));
  return built > Math.max(...(await Promise.all(times)));
}

/** 0 for what is not there. */
async function changedAt(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

/** Runs `drift` with an environment that says nothing about colours or databases unless the test does. */
export function runDrift(
  words: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Outcome> {
  return runNode([driftScript, ...words], options.cwd ?? root, options.env);
}

function runNode(
  words: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, words, {
      cwd,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}
