import {
  customType,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core';
import { describe, expect, it } from 'vitest';
import type { ShortMigration } from '../migrations/folders.ts';
import { tell, type Told } from './story.ts';

const init: ShortMigration = [
  '0000_init',
  'CREATE TABLE `users` (\n\t`id` integer PRIMARY KEY NOT NULL,\n\t`name` text NOT NULL\n);',
];
const addEmail: ShortMigration = ['0001_email', 'ALTER TABLE `users` ADD `email` text;'];
const addPosts: ShortMigration = [
  '0002_posts',
  'CREATE TABLE `posts` (`id` integer PRIMARY KEY NOT NULL, `title` text);--> statement-breakpoint\nCREATE INDEX `posts_title` ON `posts` (`title`);',
];

const base = { id: integer().primaryKey(), name: text().notNull() };
const users = sqliteTable('users', base);
const usersWithEmail = sqliteTable('users', { ...base, email: text() });
const posts = sqliteTable('posts', { id: integer().primaryKey(), title: text() }, (t) => [
  index('posts_title').on(t.title),
]);

const quiet = {
  pending: [],
  unknown: [],
  edited: [],
  outOfOrder: [],
  unmanaged: [],
  failures: [],
  evidence: [],
};

/** All of it but the drifts in full. */
function short(told: Told) {
  return Object.fromEntries(Object.entries(told).filter(([key]) => key !== 'drifts' && key !== 'messages'));
}

describe('a database as it should be', () => {
  it('is up to date', async () => {
    const told = await tell({ models: { users }, migrations: [init] });
    expect(short(told)).toEqual({ ...quiet, status: 'up-to-date', lines: [] });
  });

  it('takes DEFERRABLE and ON CONFLICT from a migration made by hand, whatever it calls the keys', async () => {
    const members = sqliteTable('members', {
      id: integer().primaryKey(),
      userId: integer('user_id')
        .unique()
        .references(() => users.id),
    });
    const told = await tell({
      models: { users, members },
      migrations: [
        init,
        [
          '0001_members',
          `CREATE TABLE members (id integer PRIMARY KEY NOT NULL, user_id integer,
            CONSTRAINT one_each UNIQUE (user_id) ON CONFLICT IGNORE,
            CONSTRAINT to_user FOREIGN KEY (user_id) REFERENCES users (id) DEFERRABLE INITIALLY DEFERRED);`,
        ],
      ],
    });
    expect(told.drifts.map(({ kind, fields }) => [kind, fields])).toEqual([
      ['unique.rename', [{ field: 'name', database: 'one_each', expected: 'members_user_id_unique' }]],
    ]);
  });

  it('is up to date with a folder of Drizzle 1.0', async () => {
    const told = await tell({
      models: { usersWithEmail },
      migrations: [
        ['20250101000000_init', init[1]],
        ['20250102000000_email', addEmail[1]],
      ],
      layout: 'dated',
      rows: 'v1',
    });
    expect(short(told)).toEqual({ ...quiet, status: 'up-to-date', lines: [] });
  });

  it('is up to date where drizzle-kit up turned the folder of 0.x into one of 1.0', async () => {
    const told = await tell({
      models: { users },
      migrations: [['20250101000000_init', init[1]]],
      layout: 'dated',
      rows: 'v0',
    });
    expect(short(told)).toEqual({ ...quiet, status: 'up-to-date', lines: [] });
  });

  it('is up to date with a trigger that a custom migration made', async () => {
    const trigger = 'CREATE TRIGGER touch AFTER INSERT ON users BEGIN SELECT 1; END;';
    const told = await tell({ models: { users }, migrations: [init, ['0001_touch', trigger]] });
    expect(short(told)).toEqual({ ...quiet, status: 'up-to-date', lines: [] });
  });

  it('is up to date with STRICT, COLLATE and DEFERRABLE that a migration made', async () => {
    const sql =
      'CREATE TABLE users (id integer PRIMARY KEY NOT NULL, name text COLLATE NOCASE NOT NULL REFERENCES users(name) DEFERRABLE INITIALLY DEFERRED) STRICT;';
    const selfish = sqliteTable('users', {
      id: integer().primaryKey(),
      name: text()
        .notNull()
        .references((): never => selfish.name as never),
    });
    const told = await tell({ models: { selfish }, migrations: [['0000_init', sql]] });
    expect(short(told)).toEqual({ ...quiet, status: 'up-to-date', lines: [] });
  });
});

describe('what the models have no word for', () => {
  it('is taken from the migration whatever case the names are written in', async () => {
    const told = await tell({
      models: { users },
      migrations: [
        [
          '0000_init',
          'CREATE TABLE Users (id integer PRIMARY KEY NOT NULL, Name text COLLATE NOCASE NOT NULL) STRICT;',
        ],
      ],
    });
    expect(told.lines).toEqual([]);
  });

  it('is taken from the migration of a primary key that SQLite gives no name', async () => {
    const pairs = sqliteTable('pairs', { a: text().notNull(), b: text().notNull() }, (t) => [
      primaryKey({ name: 'own_name', columns: [t.a, t.b] }),
    ]);
    const told = await tell({
      models: { pairs },
      migrations: [
        [
          '0000_init',
          'CREATE TABLE pairs (a text NOT NULL, b text NOT NULL, PRIMARY KEY (a, b DESC) ON CONFLICT REPLACE);',
        ],
      ],
    });
    expect(told.lines).toEqual([]);
  });
});

describe('pending migrations', () => {
  it('one that adds a column', async () => {
    const told = await tell({
      models: { usersWithEmail },
      migrations: [init, addEmail],
      applied: ['0000_init'],
    });
    expect(short(told)).toEqual({
      ...quiet,
      status: 'not-up-to-date',
      pending: ['0001_email'],
      lines: ['column.create users.email unapplied 0001_email'],
      evidence: ['0001_email +0 -1'],
    });
    expect(told.messages).toEqual([
      'users.email (text) is missing in the database; the models have it. Pending migration 0001_email creates it.',
    ]);
  });

  it('two, each named with what it makes; a new table is one drift', async () => {
    const told = await tell({
      models: { usersWithEmail, posts },
      migrations: [init, addEmail, addPosts],
      applied: ['0000_init'],
    });
    expect(told.lines).toEqual([
      'table.create posts unapplied 0002_posts',
      'column.create users.email unapplied 0001_email',
    ]);
  });

  it('that drop what the models no longer have', async () => {
    const told = await tell({
      models: { users },
      migrations: [init, addEmail, ['0002_drop', 'ALTER TABLE users DROP COLUMN email;']],
      applied: ['0000_init', '0001_email'],
    });
    expect(told.lines).toEqual(['column.drop users.email unapplied 0002_drop']);
    expect(told.messages).toEqual([
      'users.email (text) is in the database and not in the models. Pending migration 0002_drop drops it.',
    ]);
  });

  it('that rebuild a table to change a type', async () => {
    const rebuild =
      'CREATE TABLE `__new_users` (`id` integer PRIMARY KEY NOT NULL, `name` integer NOT NULL);--> statement-breakpoint\nINSERT INTO `__new_users` SELECT * FROM `users`;--> statement-breakpoint\nDROP TABLE `users`;--> statement-breakpoint\nALTER TABLE `__new_users` RENAME TO `users`;';
    const told = await tell({
      models: { t: sqliteTable('users', { id: integer().primaryKey(), name: integer().notNull() }) },
      migrations: [init, ['0001_number', rebuild]],
      applied: ['0000_init'],
    });
    expect(told.lines).toEqual(['column.alter users.name type text→integer unapplied 0001_number']);
  });

  it('of which the last decides about a field that two change', async () => {
    const told = await tell({
      models: { u: sqliteTable('users', base, (t) => [uniqueIndex('by_name').on(t.name)]) },
      migrations: [
        init,
        ['0001_index', 'CREATE INDEX by_name ON users (name);'],
        ['0002_unique', 'DROP INDEX by_name; CREATE UNIQUE INDEX by_name ON users (name);'],
      ],
      applied: ['0000_init'],
    });
    expect(told.lines).toEqual(['index.create users.by_name unapplied 0001_index']);
    const half = await tell({
      models: { u: sqliteTable('users', base, (t) => [uniqueIndex('by_name').on(t.name)]) },
      migrations: [
        init,
        ['0001_index', 'CREATE INDEX by_name ON users (name);'],
        ['0002_unique', 'DROP INDEX by_name; CREATE UNIQUE INDEX by_name ON users (name);'],
      ],
      applied: ['0000_init', '0001_index'],
    });
    expect(half.lines).toEqual(['index.alter users.by_name unique false→true unapplied 0002_unique']);
  });

  it('all of them, for an empty database', async () => {
    const told = await tell({
      models: { usersWithEmail },
      migrations: [init, addEmail],
      applied: [],
      rows: null,
    });
    expect(short(told)).toEqual({
      ...quiet,
      status: 'not-up-to-date',
      pending: ['0000_init', '0001_email'],
      lines: ['table.create users unapplied 0000_init'],
      evidence: ['0000_init +0 -1', '0001_email +0 -1'],
    });
  });

  it('that only change rows', async () => {
    const told = await tell({
      models: { users },
      migrations: [init, ['0001_rows', "INSERT INTO users VALUES (1, 'a');"]],
      applied: ['0000_init'],
    });
    expect(short(told)).toEqual({ ...quiet, status: 'not-up-to-date', pending: ['0001_rows'], lines: [] });
  });

  it('that make a trigger', async () => {
    const trigger = 'CREATE TRIGGER touch AFTER INSERT ON users BEGIN SELECT 1; END;';
    const told = await tell({
      models: { users },
      migrations: [init, ['0001_touch', trigger]],
      applied: ['0000_init'],
    });
    expect(told.lines).toEqual(['trigger.create users.touch unapplied 0001_touch (migrations)']);
  });

  it('that were run by hand without a row are no drift, and the evidence says so', async () => {
    const told = await tell({
      models: { usersWithEmail },
      migrations: [init, addEmail],
      applied: ['0000_init'],
      byHand: addEmail[1],
    });
    expect(short(told)).toEqual({
      ...quiet,
      status: 'not-up-to-date',
      pending: ['0001_email'],
      lines: [],
      evidence: ['0001_email +1 -0'],
    });
  });

  it('that ran half and were cut short', async () => {
    const told = await tell({
      models: { users, posts },
      migrations: [init, addPosts],
      applied: ['0000_init'],
      byHand: 'CREATE TABLE `posts` (`id` integer PRIMARY KEY NOT NULL, `title` text);',
    });
    expect(told.lines).toEqual(['index.create posts.posts_title unapplied 0002_posts']);
    expect(told.evidence).toEqual(['0002_posts +1 -1']);
  });

  it('that the models do not ask for', async () => {
    const told = await tell({ models: { users }, migrations: [init, addEmail], applied: ['0000_init'] });
    expect(told.lines).toEqual(['column.drop users.email ungenerated (done)']);
    expect(told.messages).toEqual([
      'users.email (text) is in the migrations and not in the models. No migration has been generated for it yet. The database does not have it any more: a database built from the migrations would.',
    ]);
  });
});

describe('models ahead of the migrations', () => {
  it('a new column', async () => {
    const told = await tell({ models: { usersWithEmail }, migrations: [init] });
    expect(short(told)).toEqual({
      ...quiet,
      status: 'not-up-to-date',
      lines: ['column.create users.email ungenerated'],
    });
    expect(told.messages).toEqual([
      'users.email (text) is missing in the database; the models have it. The models changed, and no migration has been generated for it yet.',
    ]);
  });

  it('a table that is gone', async () => {
    const told = await tell({ models: { users }, migrations: [init, addPosts] });
    expect(told.lines).toEqual(['table.drop posts ungenerated']);
  });

  it('a type', async () => {
    const told = await tell({
      models: { t: sqliteTable('users', { id: integer().primaryKey(), name: integer().notNull() }) },
      migrations: [init],
    });
    expect(told.lines).toEqual(['column.alter users.name type text→integer ungenerated']);
  });

  it('and a pending migration: both are told apart', async () => {
    const told = await tell({
      models: { usersWithEmail, posts },
      migrations: [init, addEmail],
      applied: ['0000_init'],
    });
    expect(told.lines).toEqual([
      'table.create posts ungenerated',
      'column.create users.email unapplied 0001_email',
    ]);
  });

  it('on a table that a pending migration makes', async () => {
    const told = await tell({
      models: {
        users,
        posts: sqliteTable('posts', { id: integer().primaryKey(), title: text(), body: text() }, (t) => [
          index('posts_title').on(t.title),
        ]),
      },
      migrations: [init, addPosts],
      applied: ['0000_init'],
    });
    expect(told.lines).toEqual([
      'table.create posts unapplied 0002_posts',
      'column.create posts.body ungenerated',
    ]);
  });

  it('offline: the migrations are what is held against them', async () => {
    const told = await tell({ models: { usersWithEmail }, migrations: [init], offline: true });
    expect(told.lines).toEqual(['column.create users.email ungenerated (done)']);
    expect(told.messages).toEqual([
      'users.email (text) is missing in the migrations; the models have it. No migration has been generated for it yet.',
    ]);
    const clean = await tell({ models: { users }, migrations: [init], offline: true });
    expect(clean.lines).toEqual([]);
  });

  it('pushed without a migration: the database has it, the migrations cannot rebuild it', async () => {
    const told = await tell({ models: { usersWithEmail }, migrations: [init], byHand: addEmail[1] });
    expect(short(told)).toEqual({
      ...quiet,
      status: 'not-up-to-date',
      lines: ['column.create users.email ungenerated (done)'],
    });
    expect(told.messages).toEqual([
      'users.email (text) is missing in the migrations; the models have it. No migration has been generated for it yet. The database has it already: a database built from the migrations would not.',
    ]);
  });

  it('pushed without a migration: a changed field shows what the database has', async () => {
    const told = await tell({
      models: { u: sqliteTable('users', { id: integer().primaryKey(), name: text() }) },
      migrations: [init],
      byHand: 'DROP TABLE users; CREATE TABLE users (id integer PRIMARY KEY NOT NULL, name text);',
    });
    expect(told.lines).toEqual(['column.alter users.name nullable true→true ungenerated (done)']);
    expect(told.drifts[0]?.fields).toEqual([
      { field: 'nullable', database: true, expected: true, recorded: false },
    ]);
  });

  it('pushed as a whole table: one drift', async () => {
    const told = await tell({
      models: { users, posts },
      migrations: [init],
      byHand:
        'CREATE TABLE posts (id integer PRIMARY KEY NOT NULL, title text); CREATE INDEX posts_title ON posts (title);',
    });
    expect(told.lines).toEqual(['table.create posts ungenerated (done)']);
  });

  it('dropped by push: only the migrations go on making it', async () => {
    const told = await tell({ models: { users }, migrations: [init, addPosts], byHand: 'DROP TABLE posts' });
    expect(told.lines).toEqual(['table.drop posts ungenerated (done)']);
  });
});

describe('changes by hand', () => {
  it('an index as a hot-fix', async () => {
    const told = await tell({
      models: { users },
      migrations: [init],
      byHand: 'CREATE INDEX hot ON users (name)',
    });
    expect(short(told)).toEqual({
      ...quiet,
      status: 'not-up-to-date',
      lines: ['index.drop users.hot out-of-band'],
    });
    expect(told.messages).toEqual([
      'Index hot on users, (name), is in the database and not in the models. Made by hand: no migration makes it.',
    ]);
  });

  it('a column dropped', async () => {
    const told = await tell({
      models: { usersWithEmail },
      migrations: [init, addEmail],
      byHand: 'ALTER TABLE users DROP COLUMN email',
    });
    expect(told.lines).toEqual(['column.create users.email out-of-band']);
    expect(told.messages).toEqual([
      'users.email (text) is missing in the database; the models have it. Dropped by hand: no migration drops it.',
    ]);
  });

  it('a NOT NULL taken away', async () => {
    const told = await tell({
      models: { users },
      migrations: [init],
      byHand: 'DROP TABLE users; CREATE TABLE users (id integer PRIMARY KEY NOT NULL, name text);',
    });
    expect(told.lines).toEqual(['column.alter users.name nullable true→false out-of-band']);
    expect(told.messages).toEqual([
      'users.name allows NULL in the database; the models say NOT NULL. Changed by hand: no migration does this.',
    ]);
  });

  it('a table made', async () => {
    const told = await tell({ models: { users }, migrations: [init], byHand: 'CREATE TABLE notes (a, b)' });
    expect(told.lines).toEqual(['table.drop notes out-of-band']);
  });

  it('a table renamed: both halves, each naming the other', async () => {
    const told = await tell({
      models: { users },
      migrations: [init],
      byHand: 'ALTER TABLE users RENAME TO people',
    });
    expect(told.lines).toEqual(['table.drop people out-of-band', 'table.create users out-of-band']);
    expect(told.messages[0]).toMatch(/Made by hand: no migration makes it\. It looks like users, renamed\.$/);
    expect(told.messages[1]).toMatch(
      /Dropped by hand: no migration drops it\. people looks like it, renamed\.$/,
    );
  });

  it('a column renamed', async () => {
    const told = await tell({
      models: { users },
      migrations: [init],
      byHand: 'ALTER TABLE users RENAME COLUMN name TO fullname',
    });
    expect(told.lines).toEqual([
      'column.drop users.fullname out-of-band',
      'column.create users.name out-of-band',
    ]);
    expect(told.messages[0]).toMatch(/It looks like users\.name, renamed\.$/);
  });

  it('an index renamed', async () => {
    const told = await tell({
      models: { users, posts },
      migrations: [init, addPosts],
      byHand: 'DROP INDEX posts_title; CREATE INDEX other ON posts (title);',
    });
    expect(told.lines).toEqual(['index.rename posts.other name other→posts_title out-of-band']);
  });

  it('a trigger of a custom migration changed', async () => {
    const trigger = 'CREATE TRIGGER touch AFTER INSERT ON users BEGIN SELECT 1; END;';
    const told = await tell({
      models: { users },
      migrations: [init, ['0001_touch', trigger]],
      byHand: `DROP TRIGGER touch; ${trigger.replace('SELECT 1', 'SELECT 2')}`,
    });
    expect(told.drifts).toMatchObject([
      { kind: 'trigger.alter', cause: 'out-of-band', expectedBy: 'migrations', address: { name: 'touch' } },
    ]);
  });

  it('a trigger of a custom migration dropped', async () => {
    const trigger = 'CREATE TRIGGER touch AFTER INSERT ON users BEGIN SELECT 1; END;';
    const told = await tell({
      models: { users },
      migrations: [init, ['0001_touch', trigger]],
      byHand: 'DROP TRIGGER touch',
    });
    expect(told.lines).toEqual(['trigger.create users.touch out-of-band (migrations)']);
  });

  it('a trigger that no migration made', async () => {
    const told = await tell({
      models: { users },
      migrations: [init],
      byHand: 'CREATE TRIGGER touch AFTER INSERT ON users BEGIN SELECT 1; END;',
    });
    expect(told.lines).toEqual(['trigger.drop users.touch out-of-band (migrations)']);
    expect(told.messages[0]).toMatch(
      /and not expected by the migrations\. Made by hand: no migration makes it\.$/,
    );
  });

  it('a collation taken away that a migration had given', async () => {
    const told = await tell({
      models: { users },
      migrations: [['0000_init', init[1].replace('`name` text', '`name` text COLLATE NOCASE')]],
      byHand: `DROP TABLE users; ${init[1]}`,
    });
    expect(told.lines).toEqual(['column.alter users.name collation null→NOCASE out-of-band (migrations)']);
  });

  it('a virtual table dropped that a migration made', async () => {
    const told = await tell({
      models: { users },
      migrations: [init, ['0001_fts', 'CREATE VIRTUAL TABLE docs USING fts5(body);']],
      byHand: 'DROP TABLE docs',
    });
    expect(told.lines).toEqual(['virtualTable.create docs out-of-band (migrations)']);
  });

  it('a virtual table dropped that the models have a stand-in for', async () => {
    const docs = sqliteTable('docs', { body: text() });
    const told = await tell({
      models: { users, docs },
      migrations: [init, ['0001_fts', 'CREATE VIRTUAL TABLE docs USING fts5(body);']],
      byHand: 'DROP TABLE docs',
    });
    expect(told.lines).toEqual(['virtualTable.create docs out-of-band (migrations)']);
  });
});

describe('several at once', () => {
  it('a pending migration and a change by hand on the same table', async () => {
    const told = await tell({
      models: { usersWithEmail },
      migrations: [init, addEmail],
      applied: ['0000_init'],
      byHand: 'CREATE INDEX hot ON users (name)',
    });
    expect(told.lines).toEqual([
      'column.create users.email unapplied 0001_email',
      'index.drop users.hot out-of-band',
    ]);
  });

  it('one column changed in all three places, another field in each', async () => {
    const given = (definition: string): string =>
      `DROP TABLE users; CREATE TABLE users (id integer PRIMARY KEY NOT NULL, name ${definition});`;
    const told = await tell({
      models: { u: sqliteTable('users', { id: integer().primaryKey(), name: integer().default(7) }) },
      migrations: [
        ['0000_init', 'CREATE TABLE users (id integer PRIMARY KEY NOT NULL, name text NOT NULL);'],
        ['0001_number', given('integer NOT NULL')],
        ['0002_default', given('integer NOT NULL DEFAULT 7')],
      ],
      applied: ['0000_init'],
      byHand: given('text COLLATE NOCASE NOT NULL'),
    });
    expect(told.lines).toEqual([
      'column.alter users.name collation NOCASE→null out-of-band (migrations)',
      'column.alter users.name type text→integer unapplied 0001_number',
      'column.alter users.name default null→7 unapplied 0002_default',
      'column.alter users.name nullable false→true ungenerated',
    ]);
  });

  it('one field changed in all three places', async () => {
    const given = (type: string): string =>
      `DROP TABLE users; CREATE TABLE users (id integer PRIMARY KEY NOT NULL, name ${type} NOT NULL);`;
    const blob = customType<{ data: unknown }>({ dataType: () => 'blob' });
    const told = await tell({
      models: { u: sqliteTable('users', { id: integer().primaryKey(), name: blob().notNull() }) },
      migrations: [init, ['0001_number', given('integer')]],
      applied: ['0000_init'],
      byHand: given('real'),
    });
    expect(told.lines).toEqual([
      'column.alter users.name type real→text out-of-band (migrations)',
      'column.alter users.name type real→integer unapplied 0001_number (migrations)',
      'column.alter users.name type real→blob ungenerated',
    ]);
    expect(told.messages.map((message) => message.replace(/\. .*/, ''))).toEqual([
      'users.name is real in the database; the migrations say text',
      'users.name is real in the database; the migrations say integer',
      'users.name is real in the database; the models say blob',
    ]);
  });

  it('a table dropped by hand while the models gave it a new column', async () => {
    const told = await tell({ models: { usersWithEmail }, migrations: [init], byHand: 'DROP TABLE users' });
    expect(told.lines).toEqual(['table.create users out-of-band', 'column.create users.email ungenerated']);
  });
});

describe('a history that does not fit', () => {
  it('the database is ahead after the code was rolled back', async () => {
    const told = await tell({
      models: { users },
      migrations: [init],
      applied: [init, ['0001_gone', 'ALTER TABLE users ADD later text;', 1_800_000_000_000]],
    });
    expect(told.status).toBe('not-up-to-date');
    expect(told.unknown).toEqual([expect.stringMatching(/ of 2027-/)]);
    expect(told.lines).toEqual(['column.drop users.later out-of-band']);
  });

  it('an applied migration was edited', async () => {
    const told = await tell({
      models: { usersWithEmail },
      migrations: [['0000_init', init[1].replace(');', ', `email` text);')]],
      applied: [init],
    });
    expect(told.edited).toEqual(['0000_init']);
    expect(told.lines).toEqual(['column.create users.email out-of-band']);
    expect(told.messages[0]).toMatch(
      /Migration 0000_init, which says otherwise, was edited after it was applied\.$/,
    );
  });

  it('an edit of white space in an applied migration is an edit, and no drift', async () => {
    const told = await tell({
      models: { users },
      migrations: [['0000_init', `\n${init[1]}`]],
      applied: [init],
    });
    expect(short(told)).toEqual({ ...quiet, status: 'not-up-to-date', edited: ['0000_init'], lines: [] });
  });

  it('other line endings in an applied migration are nothing', async () => {
    const told = await tell({
      models: { users },
      migrations: [['0000_init', init[1].replaceAll('\n', '\r\n')]],
      applied: [init],
    });
    expect(short(told)).toEqual({ ...quiet, status: 'up-to-date', lines: [] });
  });

  it('a branch was merged out of order: Drizzle would skip it', async () => {
    const told = await tell({
      models: { usersWithEmail, posts },
      migrations: [
        init,
        [addEmail[0], addEmail[1], 1_735_689_700_000],
        ['0002_posts', addPosts[1], 1_735_689_800_000],
      ],
      applied: ['0000_init', '0002_posts'],
    });
    expect(told.outOfOrder).toEqual(['0001_email']);
    expect(told.lines).toEqual(['column.create users.email unapplied 0001_email']);
  });

  it('the table of applied migrations was dropped', async () => {
    const told = await tell({ models: { usersWithEmail }, migrations: [init, addEmail], rows: null });
    expect(short(told)).toEqual({
      ...quiet,
      status: 'not-up-to-date',
      pending: ['0000_init', '0001_email'],
      lines: [],
      evidence: ['0000_init +1 -0', '0001_email +1 -0'],
    });
  });

  it('a statement that cannot be replayed is named, and the rest is told all the same', async () => {
    const told = await tell({
      models: { usersWithEmail },
      migrations: [
        init,
        [
          '0001_email',
          'SELECT 1;\n--> statement-breakpoint\nCREATE INDEX x ON nowhere (y);\n--> statement-breakpoint\nALTER TABLE `users` ADD `email` text;',
        ],
      ],
      applied: ['0000_init'],
    });
    expect(told.failures).toEqual(['0001_email:3 no such table: main.nowhere']);
    expect(told.lines).toEqual(['column.create users.email unapplied 0001_email']);
  });

  it('of a file without breakpoints, what can be replayed is', async () => {
    const told = await tell({
      models: { usersWithEmail },
      migrations: [
        init,
        ['0001_email', 'CREATE INDEX x ON nowhere (y);\nALTER TABLE `users` ADD `email` text;'],
      ],
      applied: ['0000_init'],
    });
    expect(told.failures).toEqual(['0001_email:1 no such table: main.nowhere']);
    expect(told.lines).toEqual(['column.create users.email unapplied 0001_email']);
  });

  it('what a migration that cannot be replayed may have made is not held against the database', async () => {
    const told = await tell({
      models: { usersWithEmail },
      migrations: [
        init,
        ['0001_broken', 'CREATE TRIGGER touch AFTER INSERT ON nowhere BEGIN SELECT 1; END;'],
      ],
      byHand: 'SELECT 1',
      applied: [
        init,
        [
          '0001_broken',
          'CREATE TRIGGER touch AFTER INSERT ON users BEGIN SELECT 1; END; ALTER TABLE users ADD email text;',
        ],
      ],
    });
    expect(told.lines).toEqual([]);
    expect(told.unmanaged).toEqual(['trigger touch']);
  });
});

describe('without migrations', () => {
  it('what differs is for the models to say', async () => {
    const told = await tell({ models: { usersWithEmail }, migrations: null, byHand: init[1] });
    expect(told.lines).toEqual(['column.create users.email ungenerated']);
    expect(told.messages[0]).toMatch(
      /There is no migrations folder, so drift cannot tell which side moved\.$/,
    );
  });

  it('what no model can say is listed, or was done by hand', async () => {
    const told = await tell({
      models: { users },
      migrations: null,
      byHand: `${init[1].replace('`name` text', '`name` text COLLATE NOCASE')} CREATE TRIGGER touch AFTER INSERT ON users BEGIN SELECT 1; END;`,
    });
    expect(told.lines).toEqual(['column.alter users.name collation NOCASE→null out-of-band']);
    expect(told.unmanaged).toEqual(['trigger touch']);
  });
});
