/** `drift migrate` as a process that can be killed, on a bundle of its own that nobody else rebuilds meanwhile. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '../..');
// Below node_modules, so that the packages are found.
const folder = path.join(root, `node_modules/.cache/drift-faults-${String(process.pid)}`);
// Its package.json lies beside the folder of the built files, as in the package.
const built = path.join(folder, 'dist');
const script = path.join(built, 'drift.js');

export async function bundleDrift(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: { cli: 'src/cli/main.ts' },
    outdir: built,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'warning',
  });
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module", "version": "0.0.0" }');
  writeFileSync(script, "import { main } from './cli.js';\nawait main('0.0.0');\n");
}

export function removeBundle(): void {
  rmSync(folder, { recursive: true, force: true });
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
}

export function startDrift(
  words: readonly string[],
  cwd: string,
  user?: { readonly uid: number; readonly gid: number },
): Running {
  const child = spawn(process.execPath, [script, ...words], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: cwd, TMPDIR: process.env['TMPDIR'] ?? '/tmp' },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...user,
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({ code, signal, stdout, stderr });
    });
  });
  return { process: child, ended };
}
