import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CatalogObject } from '../../src/catalog/objects.ts';
import { createSchema, objectKey, type Schema } from '../../src/catalog/schema.ts';
import { explainChanges, type ExplainedChange } from '../../src/diff/causes.ts';
import { diffSchemas } from '../../src/diff/compare.ts';
import type { BeyondModels } from '../../src/diff/expected.ts';

// The same cases at every run: a failure must be there again tomorrow.
fc.configureGlobal({
  seed: Number(process.env['DRIFT_SEED'] ?? 20250101),
  numRuns: Number(process.env['DRIFT_RUNS'] ?? 300),
});

/** Small enough that objects often meet: two tables of three columns, two indexes, one trigger each. */
const tableNames = ['a', 'b'] as const;

function optional<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.option(arbitrary, { freq: 3 });
}

function columnOf(table: string, name: string): fc.Arbitrary<CatalogObject> {
  return fc.record({
    kind: fc.constant('column' as const),
    address: fc.constant({ namespace: 'main', table, name }),
    type: fc.constantFrom('text', 'integer', 'real'),
    nullable: fc.boolean(),
    value: fc.constant({ kind: 'none' as const }),
    collation: fc.constantFrom(null, 'NOCASE'),
    position: fc.constant(1),
  });
}

function indexOf(table: string, name: string): fc.Arbitrary<CatalogObject> {
  return fc.record({
    kind: fc.constant('index' as const),
    address: fc.constant({ namespace: 'main', table, name }),
    unique: fc.boolean(),
    parts: fc
      .constantFrom('x', 'y')
      .map((column) => [{ on: { column }, order: 'asc' as const, collation: null }]),
    where: fc.constant(null),
  });
}

function tableOf(name: string): fc.Arbitrary<readonly CatalogObject[]> {
  const table: CatalogObject = { kind: 'table', address: { namespace: 'main', name } };
  return fc
    .tuple(
      ...['x', 'y', 'z'].map((column) => optional(columnOf(name, column))),
      ...['i', 'j'].map((index) => optional(indexOf(name, `${name}_${index}`))),
    )
    .map((parts) => [table, ...parts.filter((part) => part !== null)]);
}

const schema: fc.Arbitrary<Schema> = fc
  .tuple(...tableNames.map((name) => optional(tableOf(name))))
  .map((tables) =>
    createSchema(
      'sqlite',
      tables.flatMap((table) => table ?? []),
    ),
  );

const beyond: BeyondModels = { kinds: new Set(['trigger']), fields: { column: ['collation'] } };

function explain(actual: Schema, applied: Schema, all: Schema, expected: Schema): readonly ExplainedChange[] {
  const explanation = explainChanges({
    actualToExpected: { database: actual, expected },
    beyond,
    history: {
      appliedToExpected: { database: applied, expected },
      allToExpected: { database: all, expected },
      complete: true,
      findMigration: () => '0001_pending',
      findEdited: () => undefined,
    },
  });
  return explanation.changes;
}

const same = (one: Schema, other: Schema): boolean => diffSchemas(one, other).length === 0;
const inDatabase = (changes: readonly ExplainedChange[]): readonly ExplainedChange[] =>
  changes.filter(({ observed }) => observed === 'database');

/** Which objects are spoken of, once each: fields that the models cannot say are a drift of their own. */
function places(changes: readonly { readonly change: ExplainedChange['change'] }[]): readonly string[] {
  return [...new Set(changes.map(({ change }) => `${change.type} ${objectKey(change)}`))];
}

describe('explainChanges', () => {
  it('finds nothing where all agree', () => {
    fc.assert(
      fc.property(schema, (one) => {
        expect(explain(one, one, one, one)).toEqual([]);
      }),
    );
  });

  it('calls everything unapplied where only the database is behind', () => {
    fc.assert(
      fc.property(schema, schema, (old, now) => {
        const changes = explain(old, old, now, now);
        expect(
          changes.every(({ cause, migration }) => cause === 'unapplied' && migration === '0001_pending'),
        ).toBe(true);
        expect(changes.length > 0).toBe(!same(old, now));
      }),
    );
  });

  it('calls everything ungenerated where only the models moved', () => {
    fc.assert(
      fc.property(schema, schema, (old, now) => {
        const changes = explain(old, old, old, now);
        expect(changes.every(({ cause }) => cause === 'ungenerated')).toBe(true);
        expect(changes.every(({ observed }) => observed === 'database')).toBe(true);
        expect(places(changes)).toEqual(places(diffSchemas(old, now).map((change) => ({ change }))));
      }),
    );
  });

  it('calls everything out-of-band where only the database moved', () => {
    fc.assert(
      fc.property(schema, schema, (database, rest) => {
        const changes = explain(database, rest, rest, rest);
        expect(changes.every(({ cause }) => cause === 'out-of-band')).toBe(true);
        expect(places(changes)).toEqual(places(diffSchemas(database, rest).map((change) => ({ change }))));
      }),
    );
  });

  it('calls everything ungenerated, and done, where only the migrations stayed behind', () => {
    fc.assert(
      fc.property(schema, schema, (recorded, now) => {
        const changes = explain(now, recorded, recorded, now);
        expect(
          changes.every(({ cause, observed }) => cause === 'ungenerated' && observed === 'migrations'),
        ).toBe(true);
        expect(changes.length > 0).toBe(!same(recorded, now));
      }),
    );
  });

  it('never calls anything unapplied where nothing is pending', () => {
    fc.assert(
      fc.property(schema, schema, schema, (actual, recorded, expected) => {
        const changes = explain(actual, recorded, recorded, expected);
        expect(changes.some(({ cause }) => cause === 'unapplied')).toBe(false);
      }),
    );
  });

  it('explains every difference between the database and what is expected, and none where there is none', () => {
    fc.assert(
      fc.property(schema, schema, schema, schema, (actual, applied, all, expected) => {
        const changes = explain(actual, applied, all, expected);
        const told = inDatabase(changes).map(({ change }) => change);
        const found = new Set(told.map((change) => `${change.type} ${objectKey(change)}`));
        // What the pair by itself takes for two things, another witness may know to be one, and the other way round.
        const renamed = new Set(
          told.flatMap((change) =>
            change.type === 'rename' ? [objectKey(change), objectKey({ ...change, address: change.to })] : [],
          ),
        );
        for (const change of diffSchemas(actual, expected)) {
          const key = objectKey(change);
          const asTwo =
            change.type === 'rename' &&
            found.has(`drop ${key}`) &&
            found.has(`create ${objectKey({ ...change, address: change.to })}`);
          expect(asTwo || found.has(`${change.type} ${key}`) || renamed.has(key)).toBe(true);
        }
        expect(changes.length > 0).toBe(!same(actual, expected) || !same(all, expected));
      }),
    );
  });

  it('leads every field, at the last of its causes, to what is expected', () => {
    fc.assert(
      fc.property(schema, schema, schema, schema, (actual, applied, all, expected) => {
        const changes = inDatabase(explain(actual, applied, all, expected));
        for (const wanted of diffSchemas(actual, expected)) {
          if (wanted.type !== 'alter') continue;
          for (const field of wanted.fields) {
            const told = changes
              .filter(({ change }) => objectKey(change) === objectKey(wanted))
              .flatMap(({ change }) => ('fields' in change ? change.fields : []))
              .filter((one) => one.field === field.field);
            expect(told.length).toBeGreaterThan(0);
            expect(
              told.every(({ database }) => JSON.stringify(database) === JSON.stringify(field.database)),
            ).toBe(true);
            expect(told.some((one) => JSON.stringify(one.expected) === JSON.stringify(field.expected))).toBe(
              true,
            );
          }
        }
      }),
    );
  });
});
