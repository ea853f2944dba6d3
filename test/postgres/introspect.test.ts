import { expect, test } from 'vitest';
import { createDatabase, postgresMajors } from '../support/postgres-servers.ts';
import { connectPg } from '../../src/dialects/postgres/drivers/pg.ts';
import { createSession } from '../../src/dialects/postgres/session.ts';

test.each(postgresMajors)('the catalogue query runs on %i', async (major) => {
  const database = await createDatabase(major);
  try {
    await database.run(`create table t (id serial primary key, a text collate "C" default 'x', b int generated always as identity);
     create index on t (lower(a) desc, id); create view v as select * from t`);
    const c = await connectPg({ url: database.url }, { command: 5000, connect: 2000, statement: 4000, lock: 1000 });
    const s = createSession(c);
    const schema = await s.introspect({ tables: undefined, schemas: undefined, extensions: undefined, migrationsTable: { schema: 'drizzle', table: '__drizzle_migrations' } });
    if (major === 18) console.log(JSON.stringify(schema, null, 1));
    await s.close();
    expect(schema.objects.length).toBe(7);
  } finally {
    await database.drop();
  }
});
