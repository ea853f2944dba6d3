import { expect, test } from 'vitest';
import { createSchema } from '../../src/catalog/schema.ts';
import { completeExpected } from '../../src/diff/expected.ts';
import type { Scope } from '../../src/dialects/dialect.ts';
import { beyondModels } from '../../src/dialects/postgres/beyond-models.ts';
import { renderSchema } from '../../src/dialects/postgres/render.ts';
import { compare, wholeDatabase, withSession } from '../support/postgres-sessions.ts';
import { createDatabase, postgresMajors } from '../support/postgres-servers.ts';

const literal: Scope = { ...wholeDatabase, privileges: 'literal' };

test.each(postgresMajors)(
  'on %i, what is said of the schema public is told, and it is never made',
  async (major) => {
    const database = await createDatabase(major);
    try {
      await withSession(database.url, async (session) => {
        const bare = await session.introspect(literal);
        expect(bare.objects).toEqual([]);
        await database.run("comment on schema public is 'ours'; grant create on schema public to pg_monitor");
        const told = await session.introspect(literal);
        expect(await compare(told, bare, session)).toEqual(['schema.alter public grants,comment']);
        expect(await compare(bare, told, session)).toEqual(['schema.alter public grants,comment']);
        expect(renderSchema(told).join('\n')).not.toContain('CREATE SCHEMA');
        // In a database that is in use, who may use it is nobody's doing, and a comment is.
        const used = await session.introspect(wholeDatabase);
        expect(await compare(used, bare, session)).toEqual(['schema.alter public comment']);
        await database.run('revoke usage on schema public from public; comment on schema public is null');
        const closed = await session.introspect(literal);
        expect(await compare(closed, bare, session)).toEqual(['schema.alter public grants']);
      });
    } finally {
      await database.drop();
    }
  },
);

test('what a migration says of it is expected, though no model can say it', async () => {
  const database = await createDatabase(postgresMajors.at(-1) ?? 18);
  try {
    await database.run("comment on schema public is 'ours'");
    await withSession(database.url, async (session) => {
      const actual = await session.introspect(wholeDatabase);
      const expected = completeExpected(createSchema('postgres', []), actual, beyondModels);
      expect(await compare(actual, expected, session)).toEqual([]);
    });
  } finally {
    await database.drop();
  }
});
