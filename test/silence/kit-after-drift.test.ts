/** What drift makes of models, drizzle-kit's push finds to be what the models say: nobody has to stay with drift. */
import Database from 'better-sqlite3';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Planning, PlanRequest } from '../../src/dialects/planner.ts';
import { completeDesired } from '../../src/dialects/sqlite/plan/complete-desired.ts';
import { planMigration } from '../../src/dialects/sqlite/plan/plan-migration.ts';
import { provePlan } from '../../src/dialects/sqlite/plan/prove.ts';
import { renderPlan } from '../../src/dialects/sqlite/plan/render-plan.ts';
import { introspect } from '../../src/dialects/sqlite/plan/workbench.ts';
import { readModels } from '../../src/dialects/sqlite/models/read.ts';
import { loadDrizzle, type DrizzleCopy, type Loose } from '../drizzle/versions.ts';
import { compare, summarise } from '../sqlite/support/databases.ts';

type Version = '0.45' | '1.0';
type Db = Database.Database;

const root = path.resolve(import.meta.dirname, '../..');
const folders: Readonly<Record<Version, string>> = {
  '0.45': path.join(root, 'node_modules'),
  '1.0': path.join(root, 'test/peers/drizzle-v1/node_modules'),
};

async function loadPush(version: Version): Promise<(db: Db, models: object) => Promise<readonly string[]>> {
  if (version === '1.0') {
    const kit: Loose = await import(path.join(folders[version], 'drizzle-kit/payload-sqlite.mjs'));
    return async (db, models) => {
      const client = {
        query: (sql: string) => Promise.resolve(db.prepare(sql).all()),
        run: (sql: string) => Promise.resolve(void db.exec(sql)),
      };
      return (await kit.pushSchema(models, client)).sqlStatements;
    };
  }
  const kit: Loose = await import(path.join(folders[version], 'drizzle-kit/api.mjs'));
  const { drizzle }: Loose = await import(path.join(folders[version], 'drizzle-orm/better-sqlite3/index.js'));
  return async (db, models) => {
    const { write } = process.stdout;
    // Its progress line would stand among the figures of the tests.
    process.stdout.write = () => true;
    try {
      return (await kit.pushSQLiteSchema(models, drizzle(db))).statementsToExecute;
    } finally {
      process.stdout.write = write;
    }
  };
}

interface Case {
  readonly what: string;
  readonly only?: Version;
  /** Null for nothing. */
  readonly from: ((c: Loose, orm: Loose) => object) | null;
  readonly to: (c: Loose, orm: Loose) => object;
}

const cases: readonly Case[] = [
  {
    what: 'a unique column of a new table',
    from: null,
    to: (c) => ({ t: c.sqliteTable('t', { id: c.integer('id').primaryKey(), e: c.text('e').unique() }) }),
  },
  {
    what: 'a unique constraint of two columns of a new table',
    from: null,
    to: (c) => ({
      t: c.sqliteTable('t', { a: c.text('a'), b: c.text('b') }, (t: Loose) => [c.unique().on(t.a, t.b)]),
    }),
  },
  {
    what: 'the same of a table that is made anew',
    from: (c) => ({
      t: c.sqliteTable('t', { a: c.text('a'), b: c.text('b') }, (t: Loose) => [c.unique().on(t.a, t.b)]),
    }),
    to: (c) => ({
      t: c.sqliteTable('t', { a: c.text('a').notNull(), b: c.text('b') }, (t: Loose) => [
        c.unique().on(t.a, t.b),
      ]),
    }),
  },
  {
    what: 'a unique column of a table that is made anew',
    from: (c) => ({ t: c.sqliteTable('t', { a: c.text('a').unique(), b: c.text('b') }) }),
    to: (c) => ({ t: c.sqliteTable('t', { a: c.text('a').unique(), b: c.text('b').notNull() }) }),
  },
  {
    what: 'a unique constraint and a unique index of one name',
    from: null,
    to: (c) => ({
      t: c.sqliteTable('t', { a: c.text('a').unique() }, (t: Loose) => [c.uniqueIndex('t_a_unique').on(t.a)]),
    }),
  },
  {
    what: 'a primary key with a name',
    from: null,
    to: (c) => ({
      t: c.sqliteTable('t', { a: c.text('a').notNull(), b: c.text('b').notNull() }, (t: Loose) => [
        c.primaryKey({ name: 'the_key', columns: [t.a, t.b] }),
      ]),
    }),
  },
  {
    what: 'a primary key of one column that gets a name',
    from: (c) => ({ t: c.sqliteTable('t', { a: c.text('a').notNull(), b: c.text('b') }) }),
    to: (c) => ({
      t: c.sqliteTable('t', { a: c.text('a').notNull(), b: c.text('b') }, (t: Loose) => [
        c.primaryKey({ name: 'the_key', columns: [t.a] }),
      ]),
    }),
  },
  {
    what: 'a generated column that is NOT NULL',
    from: (c) => ({ t: c.sqliteTable('t', { a: c.text('a') }) }),
    to: (c, { sql }) => ({
      t: c.sqliteTable('t', {
        a: c.text('a'),
        g: c
          .text('g')
          .notNull()
          .generatedAlwaysAs(sql`'x' || "a"`, { mode: 'stored' }),
      }),
    }),
  },
  {
    what: 'a check of a new table',
    from: null,
    to: (c, { sql }) => ({
      t: c.sqliteTable('t', { a: c.integer('a') }, (t: Loose) => [c.check('low', sql`${t.a} > 21`)]),
    }),
  },
  {
    // 0.31 would have it NOT NULL too, which a key of SQLite need not be.
    only: '1.0',
    what: 'a column that becomes the rowid',
    from: (c) => ({ t: c.sqliteTable('t', { a: c.integer('a') }) }),
    to: (c) => ({ t: c.sqliteTable('t', { a: c.integer('a').primaryKey({ autoIncrement: true }) }) }),
  },
];

function plan(db: Db, models: object | null, isOld: boolean): { request: PlanRequest; planning: Planning } {
  const from = introspect(db);
  const desired = readModels([{ file: '/models.ts', exports: { ...models } }], { casing: undefined }).schema;
  const request: PlanRequest = {
    from,
    renamed: from,
    to: completeDesired(desired, from),
    renames: [],
    backfills: [],
    runner: 'drift',
    engine: null,
    allowDataLoss: true,
    newUniques: isOld ? 'index' : 'constraint',
    broken: [],
  };
  return { request, planning: planMigration(request) };
}

describe.each<Version>(['0.45', '1.0'])('drizzle-orm %s', (version) => {
  let copy: DrizzleCopy;
  let push: Awaited<ReturnType<typeof loadPush>>;
  beforeAll(async () => {
    copy = await loadDrizzle(version);
    push = await loadPush(version);
  });

  it.each(cases.filter(({ only = version }) => only === version))('$what', async ({ from, to }) => {
    const db = new Database(':memory:');
    try {
      if (from !== null)
        for (const statement of await push(db, from(copy.sqlite, copy.orm))) db.exec(statement);
      const models = to(copy.sqlite, copy.orm);
      const { request, planning } = plan(db, models, version === '0.45');
      expect(provePlan(request, planning).problems).toEqual([]);
      for (const { sql } of renderPlan(planning.plan)) db.exec(sql);
      expect(await push(db, models)).toEqual([]);
      expect(summarise(compare(introspect(db), request.to))).toEqual([]);
    } finally {
      db.close();
    }
  });

  it('a generated column whose expression names its table, which drizzle-kit cannot make', () => {
    const { sqlite, orm } = copy;
    const t = sqlite.sqliteTable('t', { a: sqlite.text('a') });
    const models = {
      t: sqlite.sqliteTable('t', {
        a: sqlite.text('a'),
        g: sqlite.text('g').generatedAlwaysAs(orm.sql`${t.a} || 'x'`),
      }),
    };
    const db = new Database(':memory:');
    try {
      const { request, planning } = plan(db, models, version === '0.45');
      expect(provePlan(request, planning).problems).toEqual([]);
    } finally {
      db.close();
    }
  });
});
