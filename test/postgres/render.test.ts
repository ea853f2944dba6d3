import { expect, test } from 'vitest';
import { renderSchema } from '../../src/dialects/postgres/render.ts';
import { compare, wholeDatabase, withSession } from '../support/postgres-sessions.ts';
import { createDatabase, postgresMajors } from '../support/postgres-servers.ts';
import { writeShop } from './shop.ts';

test.each(postgresMajors)('what is rendered builds the same database again on %i', async (major) => {
  const original = await createDatabase(major);
  const copy = await createDatabase(major);
  try {
    await original.run(writeShop(major));
    const schema = await withSession(original.url, (session) => session.introspect(wholeDatabase));
    for (const statement of renderSchema(schema)) {
      await copy.run(statement).catch((error: unknown) => {
        throw new Error(`${statement}\n${String(error)}`);
      });
    }
    await withSession(copy.url, async (session) => {
      const again = await session.introspect(wholeDatabase);
      expect(await compare(again, schema, session)).toEqual([]);
      expect(renderSchema(again).length).toBe(renderSchema(schema).length);
    });
  } finally {
    await original.drop();
    await copy.drop();
  }
});
