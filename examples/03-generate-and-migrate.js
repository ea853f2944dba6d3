/**
 * From a change of the models to a database that has it, without losing a row: the sample shop with orders in it gets a
 * renamed column, a column that becomes NOT NULL, and a CHECK less on a table that others hang on with ON DELETE
 * CASCADE.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drift, withSampleShop } from './sample.js';

const rows = `
INSERT INTO users (id, email, name) VALUES (1, 'ann@example.org', 'Ann'), (2, 'bob@example.org', 'Bob');
INSERT INTO addresses (id, user_id, street, city, postcode) VALUES (1, 1, 'Main Street 1', 'Kiel', '24103');
INSERT INTO sessions (token, user_id, expires_at) VALUES ('t1', 1, 2000000000), ('t2', 2, 2000000000);
INSERT INTO favourites (user_id, product_sku, note) VALUES (1, 'tea', 'for mornings'), (2, 'tea', NULL);
INSERT INTO products (sku, name, price) VALUES ('tea', 'Tea', 450);
INSERT INTO reviews (sku, user_id, stars) VALUES ('tea', 2, 5);
INSERT INTO orders (id, user_id, status, placed_at) VALUES (1, 1, 'placed', 1700000000);
INSERT INTO order_lines (order_id, line, sku, quantity, unit_price) VALUES (1, 1, 'tea', 2, 450);
`;

/** What the team changes in schema/accounts.ts. */
const edits = [
  ["name: text('name').notNull()", "fullName: text('full_name').notNull()"],
  ['.on(table.name)', '.on(table.fullName)'],
  ["note: text('note')", "note: text('note').notNull()"],
  ["    check('users_role', sql`${table.role} in ('customer', 'staff', 'admin')`),\n", ''],
];

await withSampleShop(({ folder, database }) => {
  database.exec(rows);
  const before = countRows(database);

  say(
    'The models change: users.name is called full_name, favourites.note is NOT NULL, users has a CHECK less',
  );
  editModels(join(folder, 'schema/accounts.ts'));

  say('What must not be guessed is asked; where nobody can answer, the refusal names the flags');
  run(folder, ['generate'], 2);

  say('With the answers, the migration is proven on sample rows and held against the rows of the shop');
  const rename = ['--rename', 'column:users.name=full_name'];
  const backfill = ['--backfill', "favourites.note=''"];
  run(folder, ['generate', ...rename, ...backfill, '--down'], 0);

  say('It is applied');
  run(folder, ['migrate'], 0);

  say('Every row is there, also those that ON DELETE CASCADE would have taken along');
  const after = countRows(database);
  console.table(
    Object.fromEntries(Object.keys(before).map((table) => [table, compare(before, after, table)])),
  );
  if (JSON.stringify(before) !== JSON.stringify(after)) throw new Error('rows were lost');
  console.log(database.prepare('SELECT id, email, full_name FROM users').all());

  say('The database is up to date');
  run(folder, ['check'], 0);
});

function editModels(file) {
  let text = readFileSync(file, 'utf8');
  for (const [from, to] of edits) {
    if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
    text = text.replace(from, to);
  }
  writeFileSync(file, text);
}

function countRows(database) {
  const tables = ['users', 'addresses', 'sessions', 'favourites', 'reviews', 'orders', 'order_lines'];
  const count = (table) => database.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
  return Object.fromEntries(tables.map((table) => [table, count(table)]));
}

function compare(before, after, table) {
  return { before: before[table], after: after[table] };
}

function say(text) {
  console.log(`\n# ${text}`);
}

/** Runs drift in the shop's folder and shows what it says and its exit code. */
function run(folder, words, expected) {
  console.log(`$ drift ${words.map((word) => (/[^\w:.=-]/.test(word) ? `"${word}"` : word)).join(' ')}`);
  const stdio = ['ignore', 'inherit', 'inherit'];
  const { status } = spawnSync(process.execPath, [drift, ...words], { cwd: folder, stdio });
  console.log(`exit code ${status}`);
  if (status !== expected) throw new Error(`the example expected exit code ${expected}`);
}
