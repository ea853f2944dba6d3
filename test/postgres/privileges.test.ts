import { expect, test } from 'vitest';
import type { CatalogObject } from '../../src/catalog/objects.ts';
import { createSchema, type Schema } from '../../src/catalog/schema.ts';
import { compare, wholeDatabase, withSession } from '../support/postgres-sessions.ts';
import {
  createDatabase,
  databaseUrl,
  findStandby,
  postgresMajors,
  readLog,
  runOnce,
} from '../support/postgres-servers.ts';
import { writeShop } from './shop.ts';

/** How a model writes what the database has, by name: only a server can tell that it means the same. */
const spellings: Readonly<Record<string, string>> = {
  users_age_check: '"users"."age" > 0 and "users"."age" < 150',
  users_name_check: `"users"."name" in ('a', 'b') or "users"."name" is null`,
  adults: 'select "id", "name", "age" from "users" where "users"."age" >= 18',
  totals: 'select "user_id", sum("amount") as "amount" from "sales"."orders" group by "orders"."user_id"',
  full_name: `coalesce("name", '') || '!'`,
  standby_check: 'n > 0 and (n < 150 or n is null)',
  standby_view: 'select "id" from "things" where "n" >= 18',
};

function respell(schema: Schema): Schema {
  return createSchema(
    'postgres',
    schema.objects.map((object): CatalogObject => {
      const text = spellings[object.address.name];
      if (text === undefined) return object;
      const expression = { text, canonical: text };
      if (object.kind === 'check') return { ...object, expression };
      if (object.kind === 'column' && object.value.kind === 'generated') {
        return { ...object, value: { ...object.value, expression } };
      }
      const isView = object.kind === 'view' || object.kind === 'materializedView';
      return isView ? { ...object, definition: expression } : object;
    }),
  );
}

const major = postgresMajors.at(-1) ?? 18;

test.each(postgresMajors)(
  'on %i, roles that may only read, or not even that, can check; nothing is written',
  async (version) => {
    const database = await createDatabase(version);
    try {
      await database.run(writeShop(version));
      const schema = await withSession(database.url, (session) => session.introspect(wholeDatabase));
      for (const [role, grants] of [
        [`reader_${database.name}`, true],
        [`outsider_${database.name}`, false],
      ] as const) {
        await database.run(`create role ${role} login password 'secret'; grant usage on schema sales, attic to ${role};
        ${grants ? `grant select on all tables in schema public, sales to ${role}` : ''}`);
        await database.run(`alter role ${role} set log_statement = 'all'`);
        const url = databaseUrl(database.server, database.name, { user: role, password: 'secret' });
        const log = await readLog(database, async () => {
          await withSession(url, async (session) => {
            const actual = await session.introspect(wholeDatabase);
            expect(await compare(actual, respell(schema), session)).toEqual([]);
          });
        });
        const statements = log
          .map((line) => /LOG: {2}statement: ([\s\S]*)$/.exec(line)?.[1])
          .filter((text) => text !== undefined);
        expect(statements.length).toBeGreaterThan(2);
        for (const message of statements) {
          // Everything but the question about the server is one transaction that is rolled back.
          expect(message.trim()).toMatch(/^(?:BEGIN [\s\S]*; ROLLBACK|SELECT[\s\S]*)$/);
        }
        await database.run(`drop owned by ${role}; drop role ${role}`);
      }
    } finally {
      await database.drop();
    }
  },
);

test('a server that is read-only by default is checked with PGlite as stand-in', async () => {
  const database = await createDatabase(major);
  try {
    await database.run(writeShop(major));
    await database.run(`alter database ${database.name} set default_transaction_read_only = on`);
    await withSession(database.url, async (session) => {
      expect(session.connection.server.noTemporary).toBe('the server is read-only');
      const actual = await session.introspect(wholeDatabase);
      expect(await compare(actual, respell(actual), session)).toEqual([]);
    });
  } finally {
    await database.drop();
  }
});

test('a role without TEMP is checked with PGlite as stand-in', async () => {
  const database = await createDatabase(major);
  const role = `bare_${database.name}`;
  try {
    await database.run(writeShop(major));
    await database.run(
      `create role ${role} login password 'secret'; revoke temp on database ${database.name} from public`,
    );
    const url = databaseUrl(database.server, database.name, { user: role, password: 'secret' });
    await withSession(url, async (session) => {
      expect(session.connection.server.noTemporary).toBe('the role may not make temporary objects');
      const actual = await session.introspect(wholeDatabase);
      const changed = createSchema(
        'postgres',
        actual.objects.map((object) =>
          object.address.name === 'users_age_check' && object.kind === 'check'
            ? { ...object, expression: { text: 'age > 0 and age < 151', canonical: '' } }
            : object,
        ),
      );
      expect(await compare(actual, changed, session)).toEqual([
        'check.alter users.users_age_check expression',
      ]);
    });
  } finally {
    await database.drop();
    await runOnce(database.server, `drop role ${role}`);
  }
});

test('a hot standby is checked', async () => {
  const standby = await findStandby(major, [
    'create table things (id integer primary key, n integer, constraint standby_check check (n > 0 and (n < 150 or n is null)))',
    'create view standby_view as select id from things where n >= 18',
  ]);
  await withSession(databaseUrl(standby, 'postgres'), async (session) => {
    expect(session.connection.server.noTemporary).toBe('the server is a standby');
    const actual = await session.introspect(wholeDatabase);
    expect(actual.objects.map(({ kind }) => kind)).toContain('view');
    expect(await compare(actual, respell(actual), session)).toEqual([]);
  });
});
