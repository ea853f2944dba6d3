import { expect, test } from 'vitest';
import { createSchema } from '../../src/catalog/schema.ts';
import { connectPg } from '../../src/dialects/postgres/drivers/pg.ts';
import { createSession } from '../../src/dialects/postgres/session.ts';
import { compare, limits, wholeDatabase } from '../support/postgres-sessions.ts';
import { createDatabase, postgresMajors, readLog } from '../support/postgres-servers.ts';

/** How many messages a check sends to a database of so many tables. */
async function countMessages(major: number, tables: number): Promise<number> {
  const database = await createDatabase(major);
  try {
    await database.run(`do $$ begin for i in 1..${String(tables)} loop
      execute format('create table t%s (id serial primary key, n integer check (n > 0), name text default ''x'')', i);
      execute format('create index on t%s (lower(name))', i);
      end loop; end $$`);
    await database.run(`alter database ${database.name} set log_statement = 'all'`);
    const log = await readLog(database, async () => {
      // A query that takes half of the lock deadline is looked after on a second connection, which is no part of this.
      const patient = { ...limits, statement: 120_000, lock: 120_000 };
      const session = createSession(await connectPg({ url: database.url }, patient));
      try {
        const actual = await session.introspect(wholeDatabase);
        await session.readAppliedMigrations(wholeDatabase);
        const expected = createSchema(
          'postgres',
          actual.objects.map((object) =>
            object.kind === 'check'
              ? { ...object, expression: { text: '(n > (0)) and true', canonical: '' } }
              : object,
          ),
        );
        expect((await compare(actual, expected, session)).length).toBe(tables);
      } finally {
        await session.close();
      }
    });
    return log.filter((line) => line.includes('statement: ')).length;
  } finally {
    await database.drop();
  }
}

test('a check sends the same few messages however many tables there are', async () => {
  const major = postgresMajors.at(-1) ?? 18;
  const few = await countMessages(major, 5);
  expect(few).toBeLessThanOrEqual(12);
  expect(await countMessages(major, 500)).toBe(few);
});

test('a check leaves nothing behind in the catalogues but the room of its temporary objects', async () => {
  const database = await createDatabase(postgresMajors.at(-1) ?? 18);
  const sizeOfCatalogues = async (): Promise<unknown> =>
    (
      await database.run(
        `select sum(pg_total_relation_size(oid)) as size, count(*) as relations from pg_class
         where relnamespace in ('pg_catalog'::regnamespace, 'pg_toast'::regnamespace) or relpersistence = 't'`,
      )
    ).rows;
  try {
    await database.run(`do $$ begin for i in 1..1000 loop
      execute format('create table t%s (id integer primary key, n integer check (n > 0))', i); end loop; end $$`);
    await database.run('vacuum analyze');
    const patient = { ...limits, statement: 120_000, lock: 120_000 };
    const session = createSession(await connectPg({ url: database.url }, patient));
    try {
      const actual = await session.introspect(wholeDatabase);
      const before = await sizeOfCatalogues();
      expect(await compare(actual, actual, session)).toEqual([]);
      expect(await sizeOfCatalogues()).toEqual(before);
      // One question for the server: its temporary objects are rolled back.
      const asked = createSchema(
        'postgres',
        actual.objects.map((object) =>
          object.kind === 'check' && object.address.table === 't7'
            ? { ...object, expression: { text: '(n) > (0)', canonical: '' } }
            : object,
        ),
      );
      expect(await compare(actual, asked, session)).toEqual([]);
      const left = await database.run("select relname from pg_class where relpersistence = 't'");
      expect(left.rows).toEqual([]);
    } finally {
      await session.close();
    }
  } finally {
    await database.drop();
  }
});
