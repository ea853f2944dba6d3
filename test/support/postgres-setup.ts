/**
 * vitest's global setup for PostgreSQL: the tests ask it for a server of a major version, it starts each one once per run,
 * when it is first asked for, and stops all of them in the end.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createSocket, connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { findServerUser, makeFolder, openCache, stageBinaries } from './postgres-binaries.ts';

/** Where a started server is and how to log in as its superuser. */
export interface ServerAddress {
  readonly major: number;
  readonly port: number;
  /** Folder of the unix socket. */
  readonly socket: string;
  readonly user: string;
  readonly password: string;
  /** What the server logs; lines start with the time, the process and the database in brackets. */
  readonly log: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    postgresControl: string;
  }
}

const password = 'drift-test';

/**
 * Runs a server until its own standard input closes: that happens when the test run ends in whatever way, a crash and
 * kill -9 included. Then it stops the server with the signal given and, if told so, removes its folder.
 */
const supervise = `
"$1" -D "$2/data" >>"$2/server.log" 2>&1 &
server=$!
while read -r _; do :; done
kill -"$3" $server
wait $server
if [ "$4" = remove ]; then rm -rf "$2"; fi
`;

interface Running {
  readonly address: ServerAddress;
  readonly supervisor: ChildProcess;
}

const user = findServerUser();
const running = new Map<string, Promise<Running>>();

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const control = createServer((request, response) => {
    const [, major = '', role = 'primary', ...rest] = (request.url ?? '').split('/');
    const key = request.url ?? '';
    const started = running.get(key) ?? startServer(Number(major), role, rest);
    running.set(key, started);
    started.then(
      ({ address }) => response.end(JSON.stringify(address)),
      (error: unknown) => {
        response.statusCode = 500;
        response.end(String(error));
      },
    );
  });
  await listen(control);
  project.provide('postgresControl', `http://127.0.0.1:${String((control.address() as AddressInfo).port)}`);
  return async () => {
    control.close();
    control.closeAllConnections();
    await Promise.allSettled([...running.values()].map(async (server) => stop((await server).supervisor)));
  };
}

async function listen(server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}

async function stop(supervisor: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => supervisor.once('exit', resolve));
  supervisor.stdin?.end();
  await ended;
}

/**
 * Starts a server: `primary`; `standby`, which is first started as a primary on which the SQL (URL-encoded) is run; or `tls`,
 * which takes encrypted connections only.
 */
async function startServer(major: number, role: string, sql: readonly string[]): Promise<Running> {
  const cache = openCache(user);
  const native = stageBinaries(major, user, cache);
  const folder = makeFolder(join(tmpdir(), 'drift-pg-'), user);
  try {
    const data = join(folder, 'data');
    execFileSync('cp', ['-a', initialiseCluster(native, major, cache), data], { ...user });
    const port = await findFreePort();
    const more = role === 'tls' ? demandTls(folder) : {};
    writeFileSync(join(data, 'postgresql.auto.conf'), settings(folder, port, more));
    const log = join(folder, 'server.log');
    closeSync(openSync(log, 'a', 0o644));
    if (user) chownSync(log, user.uid, user.gid);
    if (role === 'standby') await runBefore(native, folder, port, sql.map(decodeURIComponent));
    const supervisor = await startSupervised(native, folder, port, ['QUIT', 'remove']);
    return { address: { major, port, socket: folder, user: 'postgres', password, log }, supervisor };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

async function startSupervised(
  native: string,
  folder: string,
  port: number,
  ending: readonly [signal: string, folder: 'keep' | 'remove'],
): Promise<ChildProcess> {
  const before = statSync(join(folder, 'server.log')).size;
  const script = ['-c', supervise, 'sh', join(native, 'bin', 'postgres'), folder, ...ending];
  const supervisor = spawn('/bin/sh', script, {
    ...user,
    cwd: folder,
    stdio: ['pipe', 'ignore', 'ignore'],
    // Its own group, so that an interrupt of the test run reaches it only as the closed pipe.
    detached: true,
  });
  supervisor.unref();
  await waitUntilReady(port, join(folder, 'server.log'), before);
  return supervisor;
}

/** The output of initdb, made once per machine and version. */
function initialiseCluster(native: string, major: number, cache: string): string {
  const version = execFileSync(join(native, 'bin', 'postgres'), ['--version'], { ...user, cwd: cache })
    .toString()
    .replace(/[^0-9.]/g, '');
  const cluster = join(cache, `cluster-${String(major)}-${version}`);
  if (existsSync(cluster)) return cluster;
  const partial = makeFolder(`${cluster}-`, user);
  const secret = join(partial, 'password');
  writeFileSync(secret, password, { mode: 0o644 });
  const options = ['-U', 'postgres', '-E', 'UTF8', '--locale=C', '-A', 'scram-sha-256', `--pwfile=${secret}`];
  execFileSync(join(native, 'bin', 'initdb'), ['-D', join(partial, 'data'), '--no-sync', ...options], {
    ...user,
    cwd: cache,
    stdio: 'pipe',
  });
  try {
    renameSync(join(partial, 'data'), cluster);
  } catch {
    // Another run was quicker; its cluster is as good.
  }
  rmSync(partial, { recursive: true, force: true });
  return cluster;
}

/** Brings the certificate for tests, and lets in nobody without encryption. */
function demandTls(folder: string): Readonly<Record<string, string>> {
  for (const ending of ['crt', 'key']) {
    const file = join(folder, `localhost.${ending}`);
    copyFileSync(new URL(`tls/localhost.${ending}`, import.meta.url), file);
    if (user) chownSync(file, user.uid, user.gid);
    chmodSync(file, 0o600);
  }
  writeFileSync(join(folder, 'data', 'pg_hba.conf'), 'hostssl all all all scram-sha-256\n');
  return {
    ssl: 'on',
    ssl_cert_file: join(folder, 'localhost.crt'),
    ssl_key_file: join(folder, 'localhost.key'),
  };
}

function settings(folder: string, port: number, more: Readonly<Record<string, string>>): string {
  const values: Readonly<Record<string, string>> = {
    ...more,
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: folder,
    max_connections: '60',
    shared_buffers: '32MB',
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    autovacuum: 'off',
    wal_level: 'replica',
    max_wal_senders: '4',
    log_line_prefix: '%m [%p] [%d] [%u] ',
    log_checkpoints: 'off',
    log_min_messages: 'warning',
    log_min_error_statement: 'panic',
    timezone: 'UTC',
    lc_messages: 'C',
  };
  return Object.entries(values)
    .map(([name, value]) => `${name} = '${value}'\n`)
    .join('');
}

/** Runs SQL on a primary that is stopped again in good order, so that a standby can begin where it ended. */
async function runBefore(
  native: string,
  folder: string,
  port: number,
  statements: readonly string[],
): Promise<void> {
  const supervisor = await startSupervised(native, folder, port, ['INT', 'keep']);
  try {
    const client = new pg.Client({
      host: '127.0.0.1',
      port,
      user: 'postgres',
      password,
      database: 'postgres',
    });
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
  } finally {
    await stop(supervisor);
  }
  const signal = join(folder, 'data', 'standby.signal');
  writeFileSync(signal, '');
}

async function findFreePort(): Promise<number> {
  const socket = createSocket();
  await new Promise<void>((resolve) => socket.listen(0, '127.0.0.1', resolve));
  const { port } = socket.address() as AddressInfo;
  await new Promise((resolve) => socket.close(resolve));
  return port;
}

/** The log counts from `before` on: an earlier server may have written to it. */
async function waitUntilReady(port: number, log: string, before: number): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if ((await accepts(port)) && readFileSync(log).subarray(before).includes('ready to accept')) return;
    await sleep(50);
  }
  throw new Error(`PostgreSQL did not start within 30 seconds:\n${readFileSync(log, 'utf8')}`);
}

async function accepts(port: number): Promise<boolean> {
  return await new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
