/**
 * One-feature models, each built by everybody who can build it, must be found up to date: with models of every version
 * of drizzle-orm, whichever version's tool built the database.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { readModels } from '../../src/dialects/sqlite/models/read.ts';
import type { DrizzleCopy } from '../drizzle/versions.ts';
import { compare, summarise } from '../sqlite/support/databases.ts';
import { features } from '../sqlite/models/features.ts';
import { buildWith, loadBuilders, loadCopies, type Builder } from './builders.ts';

/**
 * What drizzle-kit 0.31 writes otherwise than 1.0, so that a database of the one is not what the other's models say:
 * values that 0.31 quotes as JSON, casing that 1.0 has no option for, and a name that only one of them gives.
 */
const differentInOne: ReadonlySet<string> = new Set([
  'default date in seconds',
  'default date in milliseconds',
  'default text with a backslash',
  'default buffer',
  'default null of an integer',
  'references, with casing',
  'casing snake_case',
  'casing camelCase',
  'view of a subquery',
  'unique beside a unique index on the same column',
  'unique and a unique index of the same name on the same column',
]);

let builders: readonly Builder[];
let copies: ReadonlyMap<DrizzleCopy['version'], DrizzleCopy>;

beforeAll(async () => {
  [builders, copies] = [await loadBuilders(), await loadCopies()];
});

test('the exceptions are features that there are', () => {
  const names = new Set(features.map(({ name }) => name));
  expect([...differentInOne].filter((name) => !names.has(name))).toEqual([]);
});

test('there are at least a hundred of them', () => {
  expect(features.length).toBeGreaterThanOrEqual(100);
});

describe('models of one feature, built by drift and by drizzle-kit, are up to date', () => {
  test.each(features)('$name', async (feature) => {
    const found: Record<string, unknown> = {};
    for (const builder of builders) {
      const maker = copies.get(builder.version);
      if (maker === undefined || feature.skip?.includes(builder.version)) continue;
      const database = await buildWith(builder, feature.model(maker), feature.casing);
      for (const [version, copy] of copies) {
        if (feature.skip?.includes(version)) continue;
        const sameMajor = (version === '1.0') === (builder.version === '1.0');
        if (!sameMajor && differentInOne.has(feature.name)) continue;
        const exports = feature.model(copy);
        const { schema } = readModels([{ file: '/models.ts', exports }], { casing: feature.casing });
        const changes = summarise(compare(database, schema));
        if (changes.length > 0) found[`${builder.name}, models of ${version}`] = changes;
      }
    }
    expect(found).toEqual({});
  });
});
