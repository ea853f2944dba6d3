/** What the models leave without a name keeps the one that the migrations gave it, through every rename. */
import { index, integer, pgTable, text, unique } from 'drizzle-orm/pg-core';
import { describe, expect, it } from 'vitest';
import type { ShortMigration } from '../migrations/folders.ts';
import { postgresMajors } from '../support/postgres-servers.ts';
import { tellPostgres, type Story } from './story.ts';

const major = postgresMajors.at(-1) ?? 18;
const tell = async (story: Story): Promise<readonly string[]> => (await tellPostgres(story, major)).lines;

const init: ShortMigration = [
  '0000_init',
  `CREATE TABLE "owners" ("id" integer PRIMARY KEY NOT NULL);
--> statement-breakpoint
CREATE TABLE "pets_old" ("id" integer PRIMARY KEY NOT NULL, "keeper" integer, "tag" text,
  CONSTRAINT "pets_old_tag_unique" UNIQUE("tag"),
  CONSTRAINT "pets_old_keeper_owners_id_fk" FOREIGN KEY ("keeper") REFERENCES "owners"("id"));
--> statement-breakpoint
CREATE INDEX "pets_old_keeper_index" ON "pets_old" USING btree ("keeper");`,
];
const rename: ShortMigration = [
  '0001_rename',
  `ALTER TABLE "pets_old" RENAME TO "pets";
--> statement-breakpoint
ALTER TABLE "pets" RENAME COLUMN "keeper" TO "owner";`,
];

const owners = pgTable('owners', { id: integer().primaryKey() });
const columns = { id: integer().primaryKey(), owner: integer().references(() => owners.id) };
const unnamed = {
  owners,
  pets: pgTable('pets', { ...columns, tag: text().unique() }, (t) => [index().on(t.owner)]),
};
const named = {
  owners,
  pets: pgTable('pets', { ...columns, tag: text() }, (t) => [
    index('by_owner').on(t.owner),
    unique('one_tag').on(t.tag),
  ]),
};

describe('a renamed table', () => {
  it('keeps the names of its keys and indexes', async () => {
    expect(await tell({ models: unnamed, migrations: [init, rename] })).toEqual([]);
  });

  it('is held to the names that the models give', async () => {
    expect(await tell({ models: named, migrations: [init, rename] })).toEqual([
      'index.rename pets.pets_old_keeper_index name pets_old_keeper_index→by_owner ungenerated',
      'unique.rename pets.pets_old_tag_unique name pets_old_tag_unique→one_tag ungenerated',
    ]);
  });

  it('has no other names than the migrations made', async () => {
    const byHand = `ALTER TABLE pets RENAME CONSTRAINT pets_old_pkey TO something;
      ALTER INDEX pets_old_keeper_index RENAME TO other`;
    expect(await tell({ models: unnamed, migrations: [init, rename], byHand })).toEqual([
      'index.rename pets.other name other→pets_owner_index out-of-band',
      'primaryKey.rename pets.something name something→pets_pkey out-of-band',
    ]);
  });

  it('says nothing of an index that is alike and has a name in the models', async () => {
    const pets = pgTable('pets', { ...columns, tag: text().unique() }, (t) => [
      index().on(t.owner),
      index('pets_old_keeper_index').on(t.owner),
    ]);
    expect(await tell({ models: { owners, pets }, migrations: [init, rename] })).toEqual([
      'index.create pets.pets_owner_index ungenerated',
    ]);
  });
});
