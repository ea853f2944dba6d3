/** How a tool is run in a project: by a script of its package.json, or by what its package manager runs tools with. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ancestors, findPackageDirectory } from './paths.ts';

type PackageManager = 'npm' | 'pnpm' | 'yarn' | 'bun';

const runners: Readonly<Record<PackageManager, string>> = {
  npm: 'npx',
  pnpm: 'pnpm exec',
  yarn: 'yarn',
  bun: 'bunx',
};

const lockFiles: readonly (readonly [file: string, manager: PackageManager])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['package-lock.json', 'npm'],
];

/** Where drizzle-kit is run, and with which config. */
export interface KitRun {
  /** The working directory, absolute. */
  readonly root: string;
  /** Absolute. */
  readonly configFile: string;
}

/** The command that runs `drizzle-kit generate` or `drizzle-kit migrate` in a project, with the config that is used. */
export function nameKitCommand(command: 'generate' | 'migrate', { root, configFile }: KitRun): string {
  const directory = findPackageDirectory(root);
  const manifest = directory === undefined ? {} : readManifest(path.join(directory, 'package.json'));
  const manager = findPackageManager(root, manifest);
  const isOwn = directory === root;
  const script = isOwn ? findScript(manifest, command, { root, configFile }) : undefined;
  if (script !== undefined) return `${manager} run ${script}`;
  const isDefault = /^drizzle\.config\.(?:ts|js|json)$/.test(path.relative(root, configFile));
  const config = isDefault ? '' : ` --config ${path.relative(root, configFile).split(path.sep).join('/')}`;
  return `${runners[manager]} drizzle-kit ${command}${config}`;
}

type Manifest = Readonly<Record<string, unknown>>;

/** What cannot be read says nothing: npm itself will say what is wrong with it. */
function readManifest(file: string): Manifest {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

function findPackageManager(root: string, manifest: Manifest): PackageManager {
  const { packageManager } = manifest;
  const named =
    typeof packageManager === 'string' ? /^(npm|pnpm|yarn|bun)@/.exec(packageManager)?.[1] : undefined;
  if (named !== undefined) return named as PackageManager;
  for (const directory of ancestors(root)) {
    const found = lockFiles.find(([file]) => existsSync(path.join(directory, file)));
    if (found) return found[1];
  }
  return 'npm';
}

/** The first script that runs this command of drizzle-kit with this config. */
function findScript(manifest: Manifest, command: string, { root, configFile }: KitRun): string | undefined {
  const { scripts } = manifest;
  if (!isRecord(scripts)) return undefined;
  const isDefault = /^drizzle\.config\.(?:ts|js|json)$/.test(path.relative(root, configFile));
  const call = new RegExp(`\\bdrizzle-kit\\s+${command}(?![\\w:-])([^&|;]*)`);
  return Object.entries(scripts).find(([name, text]) => {
    const options = typeof text === 'string' && /^[\w:.-]+$/.test(name) ? call.exec(text)?.[1] : undefined;
    // A custom migration is another thing.
    if (options === undefined || options.includes('--custom')) return false;
    const named = /--config[= ]\s*(["']?)([^"'\s]+)\1/.exec(options)?.[2];
    return named === undefined ? isDefault : path.resolve(root, named) === configFile;
  })?.[0];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
