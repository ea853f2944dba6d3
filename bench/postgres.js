/**
 * `drift check` on PostgreSQL beside its floor and beside drizzle-kit, with nothing to report. BENCH_KIT=0 leaves
 * drizzle-kit out: at 1,000 tables it runs for minutes.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { measure, printResults } from './measure.js';
import { startServer } from './postgres-server.js';
import { writeProject } from './shop.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const drizzleV1 = join(root, 'test/peers/drizzle-v1/node_modules');
const preload = ['--import', new URL('./peak.js', import.meta.url).href];

/** @param {number[]} sizes numbers of tables */
export async function benchPostgresCheck(sizes) {
  const folder = mkdtempSync(join(tmpdir(), 'drift-bench-'));
  const server = await startServer();
  try {
    for (const tables of sizes) {
      printResults(`PostgreSQL, ${tables} tables`, await benchSize(folder, server, tables));
    }
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function benchSize(parent, server, tables) {
  const v0 = join(parent, `v0-${tables}`);
  const v1 = join(parent, `v1-${tables}`);
  const url = server.url(`shop_${tables}`);
  const project = { dialect: 'postgresql', tables, url };
  writeProject({ ...project, folder: v0, nodeModules: join(root, 'node_modules') });
  writeProject({ ...project, folder: v1, nodeModules: drizzleV1 });
  await buildDatabase(server, `shop_${tables}`, v0);
  const kitV0 = ['node', join(root, 'node_modules/drizzle-kit/bin.cjs'), 'push', '--force'];
  const kitV1 = ['node', join(drizzleV1, 'drizzle-kit/bin.cjs'), 'push', '--explain'];
  const slow = { once: tables >= 1000, timeout: 300_000 };
  const kits = [
    { name: 'drizzle-kit 0.31 push', command: kitV0, cwd: v0, exits: [0, 1], ...slow },
    { name: 'drizzle-kit 1.0-rc push --explain', command: kitV1, cwd: v1, ...slow },
  ];
  return measure([
    {
      name: 'floor',
      command: ['node', ...preload, join(root, 'bench/floor-postgres.js'), join(v0, 'schema.ts'), url],
    },
    { name: 'drift check', command: ['node', ...preload, join(root, 'bin/drift.js'), 'check'], cwd: v0 },
    ...(process.env.BENCH_KIT === '0' ? [] : kits),
  ]);
}

/** By drift's own DDL, so that the start is the same for everybody. */
async function buildDatabase(server, name, folder) {
  const { status, stdout } = spawnSync('node', [join(root, 'bench/print-ddl.js'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error('the DDL could not be made');
  await withClient(server.url('postgres'), (client) => client.query(`CREATE DATABASE ${name}`));
  await withClient(server.url(name), async (client) => {
    for (const statement of JSON.parse(stdout)) await client.query(statement);
    await client.query('ANALYZE');
  });
}

async function withClient(url, use) {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}
