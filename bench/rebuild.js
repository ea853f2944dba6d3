/**
 * The rebuild of one table with three indexes (100 MB at 1,000,000 rows): `drift migrate` beside the same statements in a
 * plain script and beside drizzle-kit's recreate under drizzle-orm's migrator.
 */
import {
  closeSync,
  copyFileSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate as migrateWithDrizzle } from 'drizzle-orm/better-sqlite3/migrator';
import { loadStages } from '../tooling/stages.js';
import { measure, printResults } from './measure.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const preload = ['--import', new URL('./peak.js', import.meta.url).href];

const models = (note, reference) => `
import { index, integer, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
export const customers = sqliteTable('customers', { id: integer('id').primaryKey(), name: text('name') });
export const orders = sqliteTable('orders', {
  id: integer('id').primaryKey(),
  customerId: integer('customer_id')${reference},
  code: text('code').notNull(),
  amount: real('amount').notNull(),
  createdAt: integer('created_at').notNull(),
  note: ${note},
}, (t) => [
  uniqueIndex('orders_code').on(t.code),
  index('orders_customer').on(t.customerId, t.createdAt),
  index('orders_created').on(t.createdAt),
]);
`;

const variants = [
  { name: 'no foreign key', reference: '' },
  {
    name: 'a foreign key to another table',
    reference: ".references(() => customers.id, { onDelete: 'cascade' })",
  },
];

/** @param {number[]} sizes numbers of rows */
export async function benchRebuild(sizes) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'drift-rebuild-')));
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const stages = await loadStages(folder);
    for (const { name, reference } of variants) {
      for (const rows of sizes)
        await benchSize(stages, join(folder, `${rows}-${reference === ''}`), name, reference, rows);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function benchSize(stages, folder, name, reference, rows) {
  const start = join(folder, 'start.db');
  const drift = await prepare(join(folder, 'drift'), reference, async (project) => {
    fillDatabase(project, start, rows);
    await generateWithDrift(stages, project);
  });
  const kit = await prepare(join(folder, 'kit'), reference, generateWithKit);
  const database = join(drift.directory, 'app.db');
  const before = () => renew(start, database);
  const migrate = ['node', ...preload, join(root, 'bin/drift.js'), 'migrate', '--url', database];
  const results = measure([
    {
      name: 'plain script',
      command: [
        'node',
        ...preload,
        join(root, 'bench/rebuild-plain.js'),
        database,
        join(drift.directory, 'drizzle/0001_change.sql'),
      ],
      before,
    },
    {
      name: 'drift migrate --no-preflight --no-check',
      command: [...migrate, '--no-preflight', '--no-check'],
      cwd: drift.directory,
      before,
    },
    { name: 'drift migrate', command: migrate, cwd: drift.directory, before },
    // On the database that the run before has left: what does not depend on the rows.
    { name: 'drift migrate, nothing to apply', command: migrate, cwd: drift.directory },
    {
      name: 'drizzle-kit 0.31, drizzle-orm migrator',
      command: [
        'node',
        ...preload,
        join(root, 'bench/rebuild-drizzle.js'),
        database,
        join(kit.directory, 'drizzle'),
      ],
      before,
    },
  ]);
  const megabytes = Math.round(statSync(start).size / 1024 / 1024);
  printResults(`SQLite, rebuild of ${rows} rows, 3 indexes, ${megabytes} MB, ${name}`, results);
}

/** A project with its first migration, and the change of the models as its second. */
async function prepare(directory, reference, generate) {
  mkdirSync(join(directory, 'drizzle/meta'), { recursive: true });
  const kit = await import('drizzle-kit/api');
  const write = (file, text) => writeFileSync(join(directory, file), text);
  write('package.json', '{ "type": "module" }');
  write(
    'drizzle.config.json',
    JSON.stringify({
      dialect: 'sqlite',
      schema: './schema.ts',
      out: './drizzle',
      dbCredentials: { url: './none.db' },
    }),
  );
  const describe = async (name, text) => {
    write(`${name}.mjs`, text);
    return kit.generateSQLiteDrizzleJson(await import(join(directory, `${name}.mjs`)));
  };
  const empty = await kit.generateSQLiteDrizzleJson({});
  const first = await describe('first', models("text('note')", reference));
  const second = await describe('second', models("text('note').notNull()", reference));
  write('schema.ts', models("text('note').notNull()", reference));
  const project = { directory, write, entries: [], kit, snapshots: [first, second] };
  addMigration(project, '0000_first', await kit.generateSQLiteMigration(empty, first), first);
  await generate(project);
  return project;
}

function addMigration({ write, entries }, tag, statements, snapshot) {
  entries.push({
    idx: entries.length,
    version: '6',
    when: Date.UTC(2030, 0, 1) + entries.length,
    tag,
    breakpoints: true,
  });
  write(`drizzle/${tag}.sql`, statements.join('\n--> statement-breakpoint\n'));
  write(`drizzle/meta/${tag.slice(0, 4)}_snapshot.json`, JSON.stringify(snapshot));
  write('drizzle/meta/_journal.json', JSON.stringify({ version: '7', dialect: 'sqlite', entries }));
}

async function generateWithKit(project) {
  addMigration(
    project,
    '0001_change',
    await project.kit.generateSQLiteMigration(...project.snapshots),
    project.snapshots[1],
  );
}

async function generateWithDrift({ runGenerate }, { directory }) {
  await runGenerate({
    cwd: directory,
    env: {},
    renames: [],
    backfills: [],
    allowDataLoss: false,
    preflight: false,
    runner: 'drift',
    name: 'change',
    now: () => Date.UTC(2030, 0, 2),
    randomId: () => '00000000-0000-4000-8000-000000000001',
    pid: process.pid,
  });
}

/** The first migration applied, and rows whose values are in no order. */
function fillDatabase({ directory }, file, rows) {
  const client = new Database(file);
  migrateWithDrizzle(drizzle({ client }), { migrationsFolder: join(directory, 'drizzle') });
  // Multiplying by a prime modulo a larger one: every code is another, and no two runs differ.
  client.exec(`
    PRAGMA foreign_keys = OFF;
    PRAGMA synchronous = OFF;
    BEGIN;
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
    INSERT INTO customers SELECT i, 'customer ' || i FROM n;
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
    INSERT INTO orders SELECT i, i * 7919 % 1000 + 1, printf('%08x', i * 1299709 % 4294967291), i % 997 / 7.0,
      1700000000 + i * 104729 % 31536000, 'note of ' || i FROM n;
    COMMIT;
  `);
  client.close();
}

/** Puts the database back to its start, on the disk before anything is timed. */
function renew(start, database) {
  for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(database + suffix, { force: true });
  copyFileSync(start, database);
  const descriptor = openSync(database, 'r+');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
