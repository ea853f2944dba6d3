import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fingerprintSchema } from '../../src/catalog/fingerprint.ts';
import { createSchema, type Schema } from '../../src/catalog/schema.ts';
import { diffSchemas } from '../../src/diff/compare.ts';
import { normalise } from '../../src/dialects/sqlite/normalise.ts';
import { renderSchema } from '../../src/dialects/sqlite/render.ts';
import { arbitrarySchema } from './support/arbitrary-schema.ts';
import { buildSchema, compare, summarise } from './support/databases.ts';
import { library } from './support/library.ts';

const runs = { numRuns: 200, seed: 20260101 };

test('a schema differs from itself in nothing', () => {
  fc.assert(
    fc.property(arbitrarySchema, (schema) => {
      expect(compare(schema, schema)).toEqual([]);
    }),
    runs,
  );
});

test('what is built from a schema has that schema', () => {
  fc.assert(
    fc.property(arbitrarySchema, (schema) => {
      expect(summarise(compare(buildSchema(renderSchema(schema)), schema))).toEqual([]);
    }),
    runs,
  );
});

test('rendering what was read gives the same database again', () => {
  fc.assert(
    fc.property(arbitrarySchema, (schema) => {
      const once = buildSchema(renderSchema(schema));
      expect(buildSchema(renderSchema(once))).toEqual(once);
    }),
    runs,
  );
  const base = buildSchema(library);
  expect(summarise(compare(buildSchema(renderSchema(base)), base))).toEqual([]);
});

test('normalising twice is normalising once', () => {
  fc.assert(
    fc.property(arbitrarySchema, arbitrarySchema, (database, expected) => {
      const once = normalise({ database, expected });
      expect(normalise({ database: once.database, expected: once.expected })).toEqual(once);
    }),
    runs,
  );
});

test('what is compared alone is compared as everything else', () => {
  fc.assert(
    fc.property(arbitrarySchema, arbitrarySchema, fc.boolean(), (database, other, same) => {
      const pair = { database, expected: same ? structuredClone(database) : other };
      const [alone, among] = [normalise({ ...pair, alone: true }), normalise(pair)];
      expect(summarise(diffSchemas(alone.database, alone.expected))).toEqual(
        summarise(diffSchemas(among.database, among.expected)),
      );
    }),
    runs,
  );
});

const shuffle = (schema: Schema, order: readonly number[]): Schema => ({
  dialect: schema.dialect,
  objects: schema.objects
    .map((object, index) => ({ object, key: order[index % order.length] ?? 0 }))
    .sort((a, b) => a.key - b.key)
    .map(({ object }) => object),
});

test('the order in which objects come is irrelevant', () => {
  const order = fc.array(fc.nat(), { minLength: 5, maxLength: 30 });
  fc.assert(
    fc.property(arbitrarySchema, arbitrarySchema, order, (database, expected, keys) => {
      const shuffled = compare(shuffle(database, keys), shuffle(expected, keys));
      expect(summarise(shuffled)).toEqual(summarise(compare(database, expected)));
    }),
    runs,
  );
});

test('two schemas have one fingerprint exactly when nothing differs', () => {
  fc.assert(
    fc.property(arbitrarySchema, fc.nat(), fc.boolean(), (schema, pick, drop) => {
      const kept = drop
        ? schema.objects.filter((_, index) => index !== pick % schema.objects.length)
        : schema.objects;
      const pair = normalise({ database: createSchema('sqlite', kept), expected: schema });
      const same = fingerprintSchema(pair.database) === fingerprintSchema(pair.expected);
      expect(same).toBe(diffSchemas(pair.database, pair.expected).length === 0);
    }),
    runs,
  );
});
