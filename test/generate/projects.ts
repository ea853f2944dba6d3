/** Projects in temporary folders, with the real packages beside them. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { runGenerate, type GenerateRequest, type GenerateResult } from '../../src/stages/generate.ts';

export const repository = path.resolve(import.meta.dirname, '../..');

export type DrizzleMajor = 'v0' | 'v1';

const modules: Readonly<Record<DrizzleMajor, string>> = {
  v0: path.join(repository, 'node_modules'),
  v1: path.join(repository, 'test/peers/drizzle-v1/node_modules'),
};

export interface TestProject {
  readonly root: string;
  readonly major: DrizzleMajor;
  write(file: string, text: string): void;
  remove(): void;
}

export function makeProject(major: DrizzleMajor, models: string): TestProject {
  const root = mkdtempSync(path.join(tmpdir(), 'drift-generate-'));
  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  linkModules(root, major);
  write('package.json', JSON.stringify({ type: 'module', dependencies: { 'better-sqlite3': '*' } }));
  write(
    'drizzle.config.ts',
    `export default { dialect: 'sqlite', schema: './schema.ts', out: './drizzle', dbCredentials: { url: 'app.db' } };`,
  );
  write('schema.ts', models);
  return { root, major, write, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** Copies the sample application of the repository. */
export function copySample(): TestProject {
  const root = mkdtempSync(path.join(tmpdir(), 'drift-generate-'));
  for (const name of ['schema', 'migrations', 'drizzle.config.ts', 'package.json']) {
    cpSync(path.join(repository, name), path.join(root, name), { recursive: true });
  }
  linkModules(root, 'v0');
  const write = (file: string, text: string): void => writeFileSync(path.join(root, file), text);
  return { root, major: 'v0', write, remove: () => rmSync(root, { recursive: true, force: true }) };
}

function linkModules(root: string, major: DrizzleMajor): void {
  mkdirSync(path.join(root, 'node_modules'), { recursive: true });
  for (const name of ['drizzle-orm', 'drizzle-kit']) {
    symlinkSync(path.join(modules[major], name), path.join(root, 'node_modules', name));
  }
  symlinkSync(path.join(modules.v0, 'better-sqlite3'), path.join(root, 'node_modules/better-sqlite3'));
}

let count = 0;

/** Runs `drift generate` with a clock and ids that tests can rely on. */
export function generate(
  project: TestProject,
  options: Partial<GenerateRequest> = {},
): Promise<GenerateResult> {
  count += 1;
  const id = (n: number): string => `00000000-0000-4000-8000-${String(count * 100 + n).padStart(12, '0')}`;
  let next = 0;
  return runGenerate({
    cwd: project.root,
    env: { XDG_CACHE_HOME: path.join(project.root, '.cache') },
    renames: [],
    backfills: [],
    allowDataLoss: false,
    now: () => Date.UTC(2030, 0, 1, 0, 0, count),
    randomId: () => id((next += 1)),
    pid: process.pid,
    ...options,
  });
}

/** Runs the project's drizzle-kit; its output, of both streams. */
export async function runKit(project: TestProject, ...args: readonly string[]): Promise<string> {
  const bin = path.join(project.root, 'node_modules/drizzle-kit/bin.cjs');
  const options = { cwd: project.root, env: { ...process.env, NO_COLOR: '1', CI: '1' } };
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [bin, ...args], options);
    return stdout + stderr;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    return `exit code is not 0: ${stdout}${stderr}`;
  }
}
