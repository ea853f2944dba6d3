import { beforeAll, describe, expect, test } from 'vitest';
import { readModels } from '../../../src/dialects/sqlite/models/read.ts';
import { loadDrizzle, loadGenerator, type DrizzleCopy, type Generate } from '../../drizzle/versions.ts';
import { features } from './features.ts';
import { printLikeKit, splitKitStatements } from './print-like-kit.ts';

describe.each(['0.36', '0.45', '1.0'] as const)(
  'models of drizzle-orm %s say what drizzle-kit writes',
  (version) => {
    const one = version === '1.0';
    let copy: DrizzleCopy;
    let generate: Generate;

    beforeAll(async () => {
      copy = await loadDrizzle(version);
      // 0.36 has no drizzle-kit of its own here; 0.31 of drizzle-kit reads its models like those of 0.45.
      generate = await loadGenerator(one ? '1.0' : '0.45', 'sqlite');
    });

    test.each(features.filter((feature) => feature.skip?.includes(version) !== true))(
      '$name',
      async (feature) => {
        const exports = feature.model(copy);
        const written = splitKitStatements(await generate(exports, feature.casing));
        const { schema } = readModels([{ file: '/models.ts', exports }], { casing: feature.casing });
        const expected = [...printLikeKit(schema, one)];
        const unmatched = written.filter((line) => {
          const at = expected.findIndex((forms) => forms.includes(line));
          if (at >= 0) expected.splice(at, 1);
          return at < 0;
        });
        expect({ written: unmatched, read: expected }).toEqual({ written: [], read: [] });
      },
    );
  },
);
