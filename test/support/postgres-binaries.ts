/**
 * The PostgreSQL binaries of the packages `postgres-NN-linux-x64`, made ready to be run by an unprivileged user:
 * a server refuses to run as root, and an unprivileged user may not be able to read a checkout in a private folder.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const packages = fileURLToPath(new URL('../../node_modules/', import.meta.url));

/** Whom servers run as: undefined for whoever runs the tests, else an account that exists on this machine. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** Picks the account for servers: `postgres` or `nobody` where the tests run as root. */
export function findServerUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const account = accounts.find((fields) => fields[0] === name);
    if (account) return { uid: Number(account[2]), gid: Number(account[3]) };
  }
  throw new Error('PostgreSQL does not run as root, and there is no account postgres or nobody here.');
}

/** The folder for what is kept between runs: staged binaries and the output of initdb. */
export function openCache(user: ServerUser | undefined): string {
  const folder = join(tmpdir(), `drift-test-postgres-${String(user?.uid ?? process.getuid?.() ?? 0)}`);
  mkdirSync(folder, { recursive: true });
  if (user) chownSync(folder, user.uid, user.gid);
  chmodSync(folder, 0o755);
  return folder;
}

/** Makes a folder that belongs to the server's user. */
export function makeFolder(prefix: string, user: ServerUser | undefined): string {
  const folder = mkdtempSync(prefix);
  if (user) chownSync(folder, user.uid, user.gid);
  return folder;
}

/**
 * The `native` folder of a major version, as the server's user can run it: the package itself where that works,
 * otherwise a copy in the cache.
 */
export function stageBinaries(major: number, user: ServerUser | undefined, cache: string): string {
  const installed = join(packages, `postgres-${String(major)}-linux-x64`, 'native');
  if (!existsSync(installed)) {
    throw new Error(`The package postgres-${String(major)}-linux-x64 is not installed.`);
  }
  if (canRun(installed, user)) return installed;
  const version = readVersion(installed);
  const staged = join(cache, `native-${version}`);
  if (!existsSync(staged)) {
    const partial = makeFolder(`${staged}-`, undefined);
    cpSync(installed, partial, { recursive: true, verbatimSymlinks: true });
    linkLibraries(partial);
    chmodSync(partial, 0o755);
    try {
      renameSync(partial, staged);
    } catch {
      // Another run was quicker; its copy is as good.
      rmSync(partial, { recursive: true, force: true });
    }
  }
  return staged;
}

/** True where the server's user can start the server: readable, executable, and every library is found. */
function canRun(native: string, user: ServerUser | undefined): boolean {
  try {
    for (const name of ['postgres', 'initdb']) {
      execFileSync(join(native, 'bin', name), ['--version'], { ...user, stdio: 'ignore', cwd: tmpdir() });
    }
    return true;
  } catch {
    return false;
  }
}

function readVersion(native: string): string {
  const description = JSON.parse(readFileSync(join(dirname(native), 'package.json'), 'utf8')) as {
    version: string;
  };
  return description.version;
}

/** npm packages hold no symbolic links; the package lists them, for a script that npm may not have run. */
function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(native, relative('native', target));
    if (!existsSync(path)) symlinkSync(relative(dirname(target), source), path);
  }
}
