/** What of a pending migration is there already says nothing of this database where the whole server shares it. */
import { expect, it } from 'vitest';
import type { CatalogObject } from '../../src/catalog/objects.ts';
import { countPending } from '../../src/diff/causes-pending.ts';
import type { Trace } from '../../src/diff/causes-trace.ts';

const role: CatalogObject = {
  kind: 'role',
  address: { namespace: '', name: 'reader' },
  createDb: false,
  createRole: false,
  inherit: true,
};
const table: CatalogObject = { kind: 'table', address: { namespace: 'public', name: 'users' } };

/** All of it is made by a pending migration, and there. */
function traceOf(objects: readonly CatalogObject[]): Trace {
  const keys = objects.map((_, at) => String(at));
  const schema = { dialect: 'postgres' as const, objects: [] };
  const pair = { database: schema, expected: schema };
  return {
    subjects: keys.map((key) => ({ actual: key, all: key, expected: key })),
    beyond: { kinds: new Set(), fields: {} },
    history: {
      appliedToExpected: pair,
      allToExpected: pair,
      complete: true,
      findMigration: () => '0000_init',
      findEdited: () => undefined,
    },
    compare: () => [],
    objectOf: (_, subject) => objects[Number(subject.all)],
  };
}

it('a role of the server is no sign that a migration was cut short', () => {
  expect(countPending(traceOf([role]))).toEqual([]);
  expect(countPending(traceOf([role, table]))).toEqual([{ migration: '0000_init', present: 1, missing: 0 }]);
});
