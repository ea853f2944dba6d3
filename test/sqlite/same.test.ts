import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CatalogObject } from '../../src/catalog/objects.ts';
import { createSchema } from '../../src/catalog/schema.ts';
import { diffSchemas } from '../../src/diff/compare.ts';
import { canonicaliseTable, Memory } from '../../src/dialects/sqlite/normalise/canonicalise.ts';
import { groupByTable } from '../../src/dialects/sqlite/normalise/groups.ts';
import { alignTable } from '../../src/dialects/sqlite/normalise/pairing.ts';
import { respellTable } from '../../src/dialects/sqlite/normalise/respell.ts';
import { areSaidAlike } from '../../src/dialects/sqlite/normalise/same.ts';
import { collectFacts } from '../../src/dialects/sqlite/normalise/tables.ts';
import { arbitrarySchema } from './support/arbitrary-schema.ts';

type Objects = readonly CatalogObject[];

/** What the long way finds between the objects of one table. */
function compareThoroughly(database: Objects, expected: Objects, all: Objects) {
  const respelt = respellTable(database, expected, groupByTable(createSchema('sqlite', all)));
  const [databaseFacts, expectedFacts] = [collectFacts(respelt), collectFacts(expected)];
  const general = new Memory();
  const sides = {
    database: canonicaliseTable(respelt, databaseFacts, general, new Memory()),
    expected: canonicaliseTable(expected, expectedFacts, general, new Memory()),
  };
  const aligned = alignTable({ ...sides, databaseFacts, expectedFacts, exact: false });
  return diffSchemas(createSchema('sqlite', aligned), createSchema('sqlite', sides.expected));
}

/** Another value of the same kind. */
function alter(value: unknown): unknown {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'string') return value === 'asc' ? 'desc' : `${value}x`;
  if (typeof value === 'number') return value + 1;
  if (Array.isArray(value)) return value.length === 0 ? ['x'] : value.slice(1);
  if (typeof value !== 'object' || value === null) return value;
  if ('kind' in value && value.kind === 'none') {
    return { kind: 'default', expression: { text: '1', canonical: '1' } };
  }
  const [first] = Object.entries(value).toReversed();
  return first ? { ...value, [first[0]]: alter(first[1]) } : value;
}

test('tables said alike are alike by the long way too, and one altered field is never overlooked', () => {
  let alike = 0;
  let altered = 0;
  fc.assert(
    fc.property(arbitrarySchema, fc.nat(), fc.nat(), ({ objects }, which, field) => {
      for (const [, table] of groupByTable(createSchema('sqlite', objects))) {
        expect(areSaidAlike(table, structuredClone(table))).toBe(true);
        expect(compareThoroughly(table, structuredClone(table), objects)).toEqual([]);
        const at = which % table.length;
        const object = table[at] as unknown as Readonly<Record<string, unknown>>;
        const fields = Object.keys(object).filter((name) => name !== 'kind' && name !== 'address');
        const name = fields[field % fields.length];
        if (name === undefined) continue;
        const other = { ...object, [name]: alter(object[name]) } as unknown as CatalogObject;
        const changed = table.with(at, other);
        if (compareThoroughly(changed, table, objects).length > 0) {
          altered++;
          expect(areSaidAlike(changed, table)).toBe(false);
        } else if (areSaidAlike(changed, table)) alike++;
      }
    }),
    { numRuns: 300, seed: 20260101 },
  );
  expect(altered).toBeGreaterThan(100);
  expect(alike).toBeGreaterThan(0);
});
