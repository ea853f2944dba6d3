import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Schema } from '../../src/catalog/schema.ts';
import type { Change } from '../../src/diff/changes.ts';
import { diffSchemas } from '../../src/diff/compare.ts';
import type { Scope } from '../../src/dialects/dialect.ts';
import { normalise } from '../../src/dialects/postgres/normalise.ts';
import { lastRow, type Row } from '../../src/dialects/postgres/drivers/connection.ts';
import { connectPg } from '../../src/dialects/postgres/drivers/pg.ts';
import {
  createSession,
  decodeAnswer,
  printSettings,
  readCatalogueSql,
  type PostgresSession,
} from '../../src/dialects/postgres/session.ts';
import { createDatabase, postgresMajors, type TestDatabase } from '../support/postgres-servers.ts';
import { changes } from './changes.ts';
import { writeShop } from './shop.ts';

const scope: Scope = {
  tables: undefined,
  schemas: ['*'],
  extensions: undefined,
  migrationsTable: { schema: 'drizzle', table: '__drizzle_migrations' },
};
const limits = { command: 60_000, connect: 10_000, statement: 30_000, lock: 5_000 };

function describeChange(change: Change): string {
  const { namespace, table, name } = change.address;
  const path = [namespace === 'public' || namespace === '' ? [] : namespace, table ?? [], name].flat();
  const address = change.kind === 'defaultPrivileges' ? `${namespace}.${name}` : path.join('.');
  const fields = 'fields' in change ? ` ${change.fields.map(({ field }) => field).join(',')}` : '';
  return `${change.kind}.${change.type} ${address}${fields}`;
}

describe.each(postgresMajors)('on PostgreSQL %i', (major) => {
  let database: TestDatabase;
  let session: PostgresSession;
  let base: Schema;

  beforeAll(async () => {
    database = await createDatabase(major);
    await database.run(
      `do $$ begin
         if to_regrole('shop_reader') is null then create role shop_reader; end if;
         if to_regrole('shop_other') is null then create role shop_other; end if;
       end $$`,
    );
    await database.run(writeShop(major));
    session = createSession(await connectPg({ url: database.url }, limits));
    base = await session.introspect(scope);
  });

  afterAll(async () => {
    await session.close();
    await database.drop();
  });

  /** Makes a change in a transaction that is rolled back, and compares with what was before. */
  async function detect(sql: string): Promise<readonly string[]> {
    try {
      await database.run(`begin; ${sql}`);
      const results = await database.run(`${printSettings}${readCatalogueSql(session.connection, scope)}`);
      const rows = (results as unknown as { rows: Row[] }[]).map((result) => result.rows);
      const actual = decodeAnswer(lastRow(rows), scope, session.connection);
      const pair = await normalise({ database: actual, expected: base }, session);
      expect(pair.undetermined).toEqual([]);
      return diffSchemas(pair.database, pair.expected).map(describeChange);
    } finally {
      await database.run('rollback');
    }
  }

  test('nothing is found where nothing was changed', async () => {
    expect(await detect('select 1')).toEqual([]);
  });

  for (const { sql, expected, from = 0 } of changes) {
    test.runIf(major >= from)(sql, async () => {
      const setup = sql.includes('watch()')
        ? "create function watch() returns event_trigger language plpgsql as 'begin end'; "
        : '';
      const found = await detect(`${setup}${sql}`);
      const rest = setup === '' ? found : found.filter((line) => line !== 'function.drop watch()');
      expect([...rest].sort()).toEqual([...expected].sort());
    });
  }
});
