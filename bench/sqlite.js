/** `drift check` on SQLite beside its floor and beside drizzle-kit, with nothing to report. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { measure, printResults } from './measure.js';
import { writeProject } from './shop.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const drizzleV1 = join(root, 'test/peers/drizzle-v1/node_modules');
const preload = ['--import', new URL('./peak.js', import.meta.url).href];

/** @param {number[]} sizes numbers of tables */
export function benchSqliteCheck(sizes) {
  const folder = mkdtempSync(join(tmpdir(), 'drift-bench-'));
  try {
    printResults('drift --version', [
      ...measure([
        { name: 'node -e 0', command: ['node', '-e', '0'] },
        { name: 'drift --version', command: ['node', join(root, 'bin/drift.js'), '--version'] },
      ]),
    ]);
    for (const tables of sizes) printResults(`SQLite, ${tables} tables`, benchSize(folder, tables));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function benchSize(parent, tables) {
  const v0 = join(parent, `v0-${tables}`);
  const v1 = join(parent, `v1-${tables}`);
  const project = { dialect: 'sqlite', tables, url: 'shop.db' };
  writeProject({ ...project, folder: v0, nodeModules: join(root, 'node_modules') });
  writeProject({ ...project, folder: v1, nodeModules: drizzleV1, url: join(v0, 'shop.db') });
  const database = join(v0, 'shop.db');
  const kitV0 = ['node', join(root, 'node_modules/drizzle-kit/bin.cjs'), 'push', '--force'];
  const kitV1 = ['node', join(drizzleV1, 'drizzle-kit/bin.cjs'), 'push', '--explain'];
  // Built by drift's own DDL, so that the start is the same for everybody.
  const built = spawnSync('node', [join(root, 'bench/build-database.js'), v0, database], {
    stdio: 'inherit',
  });
  if (built.status !== 0) throw new Error('the database could not be built');
  const slow = tables >= 1000;
  const kits = [
    // It proposes to make again what is there, and fails at that; its time until then counts.
    { name: 'drizzle-kit 0.31 push', command: kitV0, cwd: v0, exits: [0, 1], once: slow, timeout: 300_000 },
    { name: 'drizzle-kit 1.0-rc push --explain', command: kitV1, cwd: v1, once: slow, timeout: 300_000 },
  ];
  return measure([
    {
      name: 'floor',
      command: ['node', ...preload, join(root, 'bench/floor-sqlite.js'), join(v0, 'schema.ts'), database],
    },
    { name: 'drift check', command: ['node', ...preload, join(root, 'bin/drift.js'), 'check'], cwd: v0 },
    ...(process.env.BENCH_KIT === '0' ? [] : kits),
  ]);
}
