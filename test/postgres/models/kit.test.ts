import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readModels } from '../../../src/dialects/postgres/models/read.ts';
import { loadDrizzle, loadGenerator, type DrizzleCopy, type Generate } from '../../drizzle/versions.ts';
import { createDatabase, type TestDatabase } from '../../support/postgres-servers.ts';
import { features } from './features.ts';
import { probe } from './probe.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase(18);
  // A zone of its own shows where a zone was left out.
  await database.run(`set timezone to 'Asia/Tokyo'`);
});

afterAll(async () => {
  await database.drop();
});

describe.each(['0.36', '0.45', '1.0'] as const)(
  'models of drizzle-orm %s are what drizzle-kit builds',
  (version) => {
    let copy: DrizzleCopy;
    let generate: Generate;

    beforeAll(async () => {
      copy = await loadDrizzle(version);
      // 0.36 has no drizzle-kit of its own here; 0.31 of drizzle-kit reads its models like those of 0.45.
      generate = await loadGenerator(version === '1.0' ? '1.0' : '0.45', 'postgres');
    });

    test.each(features.filter((feature) => !feature.merged && feature.skip?.includes(version) !== true))(
      '$name',
      async (feature) => {
        const exports = feature.model(copy);
        const statements = await generate(exports, feature.casing);
        const { schema } = readModels([{ file: '/models.ts', exports }], { casing: feature.casing });
        await database.run('begin');
        try {
          if (feature.before !== undefined) await database.run(feature.before);
          for (const statement of statements) await database.run(statement);
          const { server, read } = await probe(database.client, schema.objects);
          expect(read).toEqual(server);
        } finally {
          await database.run('rollback');
        }
      },
    );
  },
);
