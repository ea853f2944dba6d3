import { sql } from 'drizzle-orm';
import {
  check,
  index,
  integer,
  pgEnum,
  pgPolicy,
  pgTable,
  serial,
  text,
  timestamp,
  varchar,
} from 'drizzle-orm/pg-core';
import { describe, expect, it } from 'vitest';
import type { ShortMigration } from '../migrations/folders.ts';
import { postgresMajors } from '../support/postgres-servers.ts';
import { tellPostgres, type Story, type Told } from './story.ts';

const major = postgresMajors.at(-1) ?? 18;
const tell = (story: Story): Promise<Told> => tellPostgres(story, major);

const init: ShortMigration = [
  '0000_init',
  'CREATE TABLE "users" (\n\t"id" serial PRIMARY KEY NOT NULL,\n\t"name" varchar(255) NOT NULL\n);',
];
const addEmail: ShortMigration = ['0001_email', 'ALTER TABLE "users" ADD COLUMN "email" text;'];
const addPosts: ShortMigration = [
  '0002_posts',
  'CREATE TABLE "posts" ("id" serial PRIMARY KEY NOT NULL, "title" text);\n--> statement-breakpoint\nCREATE INDEX "posts_title" ON "posts" USING btree ("title");',
];
const base = { id: serial().primaryKey(), name: varchar({ length: 255 }).notNull() };
const users = pgTable('users', base);
const usersWithEmail = pgTable('users', { ...base, email: text() });
const posts = pgTable('posts', { id: serial().primaryKey(), title: text() }, (t) => [
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
const clean = { ...quiet, status: 'up-to-date', lines: [] };

/** All of it but the drifts in full. */
function short(told: Told) {
  return Object.fromEntries(Object.entries(told).filter(([key]) => key !== 'drifts' && key !== 'messages'));
}

const touch =
  'CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := upper(NEW.name); RETURN NEW; END $$;\n--> statement-breakpoint\nCREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();';

describe('a PostgreSQL database as it should be', () => {
  it('is up to date', async () => {
    expect(short(await tell({ models: { users }, migrations: [init] }))).toEqual(clean);
  });

  it('is up to date with a function and a trigger of a custom migration', async () => {
    expect(short(await tell({ models: { users }, migrations: [init, ['0001_touch', touch]] }))).toEqual(
      clean,
    );
  });

  it('is up to date with what only runs by itself: CONCURRENTLY, and a new enum value used at once', async () => {
    const mood = pgEnum('mood', ['sad', 'glad']);
    const told = await tell({
      models: {
        mood,
        users: pgTable('users', { ...base, mood: mood().default('glad') }, (t) => [
          index('by_name').on(t.name).concurrently(),
        ]),
      },
      migrations: [
        init,
        [
          '0001_mood',
          "CREATE TYPE mood AS ENUM ('sad');\nALTER TABLE users ADD COLUMN mood mood;\nALTER TYPE mood ADD VALUE 'glad';\nALTER TABLE users ALTER COLUMN mood SET DEFAULT 'glad';\nCREATE INDEX CONCURRENTLY by_name ON users (name);",
        ],
      ],
    });
    expect(short(told)).toEqual(clean);
  });

  it('is up to date where server and models spell a check and a default otherwise', async () => {
    const told = await tell({
      models: {
        users: pgTable('users', { ...base, at: timestamp().default(sql`now() + interval '1 day'`) }, (t) => [
          check('known', sql`${t.name} in ('a', 'b')`),
        ]),
      },
      migrations: [
        init,
        [
          '0001_check',
          `ALTER TABLE users ADD COLUMN at timestamp DEFAULT now() + interval '1 day';
ALTER TABLE users ADD CONSTRAINT known CHECK ("users"."name" in ('a', 'b'));`,
        ],
      ],
    });
    expect(short(told)).toEqual(clean);
  });
});

describe('what the models have no word for', () => {
  it('is taken from the migration where another drizzle-kit named the constraint', async () => {
    const reference =
      'ALTER TABLE posts ADD COLUMN by integer CONSTRAINT posts_by_users_id_fkey REFERENCES users(id) DEFERRABLE INITIALLY DEFERRED;';
    const told = await tell({
      models: {
        users,
        posts: pgTable(
          'posts',
          { id: serial().primaryKey(), title: text(), by: integer().references(() => users.id) },
          (t) => [index('posts_title').on(t.title)],
        ),
      },
      migrations: [init, addPosts, ['0003_by', reference]],
    });
    expect(told.lines).toEqual([]);
  });
});

describe('what moved in PostgreSQL', () => {
  it('a pending migration', async () => {
    const told = await tell({
      models: { usersWithEmail, posts },
      migrations: [init, addEmail, addPosts],
      applied: ['0000_init'],
    });
    expect(told.lines).toEqual([
      'table.create posts unapplied 0002_posts',
      'column.create users.email unapplied 0001_email',
    ]);
    expect(told.messages[1]).toBe(
      'users.email (text) is missing in the database; the models have it. Pending migration 0001_email creates it.',
    );
  });

  it('the models', async () => {
    const told = await tell({ models: { usersWithEmail }, migrations: [init] });
    expect(told.lines).toEqual(['column.create users.email ungenerated']);
  });

  it('the database: an index as a hot-fix', async () => {
    const told = await tell({
      models: { users },
      migrations: [init],
      byHand: 'CREATE INDEX hot ON users (name)',
    });
    expect(told.lines).toEqual(['index.drop users.hot out-of-band']);
  });

  it('all three, in one column', async () => {
    const told = await tell({
      models: { u: pgTable('users', { id: serial().primaryKey(), name: text().default('x') }) },
      migrations: [init, ['0001_text', 'ALTER TABLE users ALTER COLUMN name SET DATA TYPE text;']],
      applied: ['0000_init'],
      byHand:
        'ALTER TABLE users ALTER COLUMN name DROP NOT NULL; ALTER TABLE users ALTER COLUMN name SET STORAGE plain;',
    });
    expect(told.lines).toEqual([
      'column.alter users.name storageMode plain→null out-of-band (migrations)',
      'column.alter users.name type character varying(255)→text unapplied 0001_text',
      "column.alter users.name default null→'x' ungenerated",
      // The models allow NULL and so does the database; the migrations still say NOT NULL.
      'column.alter users.name nullable true→true ungenerated (done)',
    ]);
  });

  it('all three, in one field', async () => {
    const told = await tell({
      models: { u: pgTable('users', { id: serial().primaryKey(), name: varchar({ length: 50 }).notNull() }) },
      migrations: [init, ['0001_text', 'ALTER TABLE users ALTER COLUMN name SET DATA TYPE text;']],
      applied: ['0000_init'],
      byHand: 'ALTER TABLE users ALTER COLUMN name TYPE varchar(99)',
    });
    expect(told.lines).toEqual([
      'column.alter users.name type character varying(99)→character varying(255) out-of-band (migrations)',
      'column.alter users.name type character varying(99)→text unapplied 0001_text (migrations)',
      'column.alter users.name type character varying(99)→character varying(50) ungenerated',
    ]);
  });

  it('the models alone, where a check is printed otherwise than it was written', async () => {
    const constraint = `ALTER TABLE users ADD CONSTRAINT known CHECK ("users"."name" in ('a', 'b'));`;
    const told = await tell({
      models: { u: pgTable('users', base, (t) => [check('known', sql`${t.name} in ('a', 'b', 'c')`)]) },
      migrations: [init, ['0001_check', constraint]],
    });
    expect(told.drifts).toMatchObject([{ kind: 'check.alter', cause: 'ungenerated' }]);
  });

  it('a trigger changed, and one dropped', async () => {
    const changed = await tell({
      models: { users },
      migrations: [init, ['0001_touch', touch]],
      byHand: 'ALTER TABLE users DISABLE TRIGGER touch',
    });
    expect(changed.lines).toEqual([
      'trigger.alter users.touch enabled disabled→origin out-of-band (migrations)',
    ]);
    const dropped = await tell({
      models: { users },
      migrations: [init, ['0001_touch', touch]],
      byHand: 'DROP TRIGGER touch ON users; DROP FUNCTION touch();',
    });
    expect(
      dropped.drifts.map(({ kind, cause, expectedBy }) => `${kind} ${cause} ${expectedBy}`).sort(),
    ).toEqual(['function.create out-of-band migrations', 'trigger.create out-of-band migrations']);
  });

  it('a constraint that a migration made DEFERRABLE, and that is so no more', async () => {
    const reference =
      'ALTER TABLE posts ADD COLUMN by integer CONSTRAINT posts_by_users_id_fk REFERENCES users(id) DEFERRABLE INITIALLY DEFERRED;';
    const told = await tell({
      models: {
        users,
        posts: pgTable(
          'posts',
          { id: serial().primaryKey(), title: text(), by: integer().references(() => users.id) },
          (t) => [index('posts_title').on(t.title)],
        ),
      },
      migrations: [init, addPosts, ['0003_by', reference]],
      byHand: 'ALTER TABLE posts ALTER CONSTRAINT posts_by_users_id_fk NOT DEFERRABLE',
    });
    expect(told.lines).toEqual([
      'foreignKey.alter posts.posts_by_users_id_fk deferral immediate→deferred out-of-band (migrations)',
    ]);
  });

  it('a policy that drizzle-kit 0.31 wrote without its USING: models and migrations differ', async () => {
    const told = await tell({
      models: { u: pgTable('users', base, () => [pgPolicy('own', { for: 'select', using: sql`true` })]) },
      migrations: [
        init,
        [
          '0001_policy',
          'ALTER TABLE users ENABLE ROW LEVEL SECURITY;\n--> statement-breakpoint\nCREATE POLICY "own" ON "users" AS PERMISSIVE FOR SELECT TO public;',
        ],
      ],
    });
    expect(told.drifts).toMatchObject([
      { kind: 'policy.alter', cause: 'ungenerated', address: { name: 'own' } },
    ]);
  });

  it('pushed by hand', async () => {
    const told = await tell({ models: { usersWithEmail }, migrations: [init], byHand: addEmail[1] });
    expect(told.lines).toEqual(['column.create users.email ungenerated (done)']);
  });

  it('nobody, where the table of applied migrations was dropped: all is pending and there already', async () => {
    const told = await tell({ models: { usersWithEmail }, migrations: [init, addEmail], rows: null });
    expect(told.lines).toEqual([]);
    expect(told.pending).toEqual(['0000_init', '0001_email']);
    expect(told.evidence).toEqual([expect.stringMatching(/^0000_init \+\d+ -0$/), '0001_email +1 -0']);
  });

  it('nobody, of a pending migration that ran half and makes what the models do not have', async () => {
    const told = await tell({
      models: { users },
      migrations: [
        init,
        ['0001_two', 'CREATE TABLE aa (a int);\n--> statement-breakpoint\nCREATE TABLE bb (b int);'],
      ],
      applied: ['0000_init'],
      byHand: 'CREATE TABLE aa (a int)',
    });
    expect(told.evidence).toEqual(['0001_two +1 -1']);
    expect(told.lines).toEqual(['table.drop aa ungenerated', 'table.drop bb ungenerated (done)']);
  });

  it('an extension that the scratch database lacks is no fault of the database', async () => {
    const told = await tell({
      models: { usersWithEmail },
      migrations: [
        init,
        ['0001_email', `CREATE EXTENSION nowhere;\n--> statement-breakpoint\n${addEmail[1]}`],
      ],
      applied: [init, addEmail],
    });
    expect(told.failures).toEqual([
      expect.stringMatching(/^0001_email:1 extension "nowhere" is not available$/),
    ]);
    expect(told.lines).toEqual([]);
  });

  it('nothing that can be told: there are no migrations', async () => {
    const told = await tell({ models: { usersWithEmail }, migrations: null, byHand: init[1] });
    expect(told.lines).toEqual(['column.create users.email ungenerated']);
  });
});
