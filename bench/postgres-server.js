/** A PostgreSQL 18 server of its own for a benchmark, from the package `postgres-18-linux-x64`. */
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  existsSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const installed = fileURLToPath(new URL('../node_modules/postgres-18-linux-x64/native', import.meta.url));

/**
 * Starts the server on a free port.
 * @returns {Promise<{ url: (database: string) => string, stop: () => Promise<void> }>}
 */
export async function startServer() {
  const user = findServerUser();
  const folder = mkdtempSync(join(tmpdir(), 'drift-bench-postgres-'));
  own(folder, user);
  // As another user, who may not be able to read a checkout in a private folder.
  const native = user ? stage(folder) : installed;
  const data = join(folder, 'data');
  const options = { ...user, cwd: folder, stdio: 'ignore' };
  execFileSync(
    join(native, 'bin/initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-N', '-E', 'UTF8'],
    options,
  );
  const port = await findFreePort();
  const settings = ['fsync=off', 'max_locks_per_transaction=1024', `unix_socket_directories=${folder}`];
  const server = spawn(
    join(native, 'bin/postgres'),
    ['-D', data, '-p', String(port), '-h', '127.0.0.1', ...settings.flatMap((one) => ['-c', one])],
    options,
  );
  const url = (database) => `postgres://postgres@127.0.0.1:${port}/${database}`;
  const stop = async () => {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    if (server.exitCode === null && server.kill('SIGINT')) await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await waitForServer(url('postgres'), server);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}

/** A server refuses to run as root. */
function findServerUser() {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const account =
    accounts.find(([name]) => name === 'postgres') ?? accounts.find(([name]) => name === 'nobody');
  if (!account)
    throw new Error('PostgreSQL does not run as root, and there is no account postgres or nobody here.');
  return { uid: Number(account[2]), gid: Number(account[3]) };
}

function own(folder, user) {
  if (user) chownSync(folder, user.uid, user.gid);
}

function stage(folder) {
  const native = join(folder, 'native');
  cpSync(installed, native, { recursive: true, verbatimSymlinks: true });
  chmodSync(native, 0o755);
  // npm packages hold no symbolic links; the package lists them, for a script that npm may not have run.
  const list = join(native, 'pg-symlinks.json');
  for (const { source, target } of existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : []) {
    const path = join(native, relative('native', target));
    if (!existsSync(path)) symlinkSync(relative(dirname(target), source), path);
  }
  return native;
}

function findFreePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function waitForServer(url, server) {
  const { default: pg } = await import('pg');
  for (let attempt = 0; ; attempt++) {
    const client = new pg.Client(url);
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (attempt > 150 || server.exitCode !== null) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
