/**
 * The main job on the embedded default, as `npm run demo` shows it: the sample shop on SQLite, changed by hand, and what
 * `drift check` says before and after.
 */
import { spawnSync } from 'node:child_process';
import { drift, withSampleShop } from './sample.js';

/** What people do at night on a live database. */
const byHand = [
  'ALTER TABLE users ADD COLUMN nickname text',
  'DROP INDEX products_price',
  'DROP INDEX one_cart_per_user',
  'CREATE UNIQUE INDEX one_cart_per_user ON orders (user_id)',
  'DROP TRIGGER orders_touch',
];

/** Widens a CHECK in place, as a quick fix for a bad import would. */
const widenCheck = `UPDATE sqlite_schema SET sql = replace(sql, 'between 1 and 5', 'between 0 and 5') WHERE name = 'reviews'`;

await withSampleShop(({ folder, database }) => {
  say('The sample shop, as its migrations make it');
  check(folder, 0);

  for (const statement of byHand) database.exec(statement);
  database.unsafeMode();
  database.pragma('writable_schema = on');
  database.exec(widenCheck);
  database.pragma('writable_schema = reset');
  say('The same shop after five changes by hand');
  check(folder, 1);
});

function say(text) {
  console.log(`\n# ${text}`);
}

/** Runs `drift check` in the shop's folder and shows its report and its exit code. */
function check(folder, expected) {
  console.log('$ drift check');
  const { status } = spawnSync(process.execPath, [drift, 'check'], { cwd: folder, stdio: 'inherit' });
  console.log(`exit code ${status}`);
  if (status !== expected) throw new Error(`the demo expected exit code ${expected}`);
}
