/**
 * The main job on the embedded default: builds the sample shop on SQLite in a temporary folder with drizzle-orm's own
 * migrator, changes it by hand, and shows what `drift check` says before and after. Leaves nothing behind.
 */
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'drift-demo-'));

/** What people do at night on a live database. */
const byHand = [
  'ALTER TABLE users ADD COLUMN nickname text',
  'DROP INDEX products_price',
  `DROP INDEX one_cart_per_user`,
  `CREATE UNIQUE INDEX one_cart_per_user ON orders (user_id)`,
  'DROP TRIGGER orders_touch',
];

/** Widens a CHECK in place, as a quick fix for a bad import would. */
const widenCheck = `UPDATE sqlite_schema SET sql = replace(sql, 'between 1 and 5', 'between 0 and 5') WHERE name = 'reviews'`;

try {
  for (const part of ['schema', 'migrations', 'drizzle.config.ts']) {
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');

  const database = new Database(join(folder, 'shop.db'));
  migrate(drizzle(database), { migrationsFolder: join(folder, 'migrations') });
  say('The sample shop, as its migrations make it');
  check(0);

  for (const statement of byHand) database.exec(statement);
  database.unsafeMode();
  database.pragma('writable_schema = on');
  database.exec(widenCheck);
  database.pragma('writable_schema = reset');
  database.close();
  say('The same shop after five changes by hand');
  check(1);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function say(text) {
  console.log(`\n# ${text}`);
}

/** Runs `drift check` in the shop's folder and shows its report and its exit code. */
function check(expected) {
  console.log('$ drift check');
  const { status } = spawnSync(process.execPath, [join(root, 'bin/drift.js'), 'check'], {
    cwd: folder,
    stdio: 'inherit',
  });
  console.log(`exit code ${status}`);
  if (status !== expected) {
    throw new Error(`the demo expected exit code ${expected}`);
  }
}
