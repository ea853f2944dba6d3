/**
 * One-feature PostgreSQL models, each built by drift and by both versions of drizzle-kit on several servers, must be
 * found up to date: with models of every version of drizzle-orm, whichever version's tool built the database.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Schema } from '../../src/catalog/schema.ts';
import { diffSchemas } from '../../src/diff/compare.ts';
import { completeExpected, findUnmanaged } from '../../src/diff/expected.ts';
import type { Limits, Scope, Session } from '../../src/dialects/dialect.ts';
import { postgres } from '../../src/dialects/postgres/postgres.ts';
import { loadGenerator, type DrizzleCopy, type Generate } from '../drizzle/versions.ts';
import { features, type Feature } from '../postgres/models/features.ts';
import { summarise } from '../sqlite/support/databases.ts';
import { createDatabase, postgresMajors, type TestDatabase } from '../support/postgres-servers.ts';
import { loadCopies } from './builders.ts';

const limits: Limits = { command: 60_000, connect: 10_000, statement: 30_000, lock: 5_000 };
const scope: Scope = {
  tables: undefined,
  schemas: ['*'],
  extensions: undefined,
  migrationsTable: { schema: 'drizzle', table: '__drizzle_migrations' },
};

let copies: ReadonlyMap<DrizzleCopy['version'], DrizzleCopy>;
let generators: Readonly<Record<'drizzle-kit 0.31' | 'drizzle-kit 1.0-rc', Generate>>;

beforeAll(async () => {
  copies = await loadCopies();
  generators = {
    'drizzle-kit 0.31': await loadGenerator('0.45', 'postgres'),
    'drizzle-kit 1.0-rc': await loadGenerator('1.0', 'postgres'),
  };
});

test('there are at least 150 of them', () => {
  expect(features.length).toBeGreaterThanOrEqual(150);
});

describe.each(postgresMajors)('models of one feature on PostgreSQL %i', (major) => {
  let database: TestDatabase;
  let session: Session;

  beforeAll(async () => {
    database = await createDatabase(major);
    session = await postgres.connect({ driver: 'pg', url: database.url }, limits);
  });
  afterAll(async () => {
    await session.close();
    await database.drop();
  });

  test.each(features)('$name', async (feature) => {
    const found: Record<string, unknown> = {};
    if (major < 15 && since15.has(feature.name)) return;
    for (const [builder, version] of builders) {
      const maker = copies.get(version);
      if (maker === undefined || feature.skip?.includes(version)) continue;
      const statements = await writeStatements(builder, feature, maker);
      await clear(database);
      if (feature.before !== undefined) await database.run(feature.before);
      for (const statement of statements) await database.run(statement);
      const actual = await session.introspect(scope);
      for (const [reader, copy] of copies) {
        if (feature.skip?.includes(reader)) continue;
        const sameMajor = (reader === '1.0') === (version === '1.0');
        if (!sameMajor && differentInOne.has(feature.name)) continue;
        const changes = await compareWith(actual, feature, copy, session);
        if (changes.length > 0) found[`${builder}, models of ${reader}`] = changes;
      }
    }
    expect(found).toEqual({});
  });
});

/** What older servers have no word for. */
const since15: ReadonlySet<string> = new Set([
  'unique nulls not distinct',
  'unique of two columns nulls not distinct',
  'view with options',
]);

const builders = [
  ['drift', '0.45'],
  ['drizzle-kit 0.31', '0.45'],
  ['drizzle-kit 1.0-rc', '1.0'],
] as const;

/**
 * What the two versions of drizzle-kit make different things of: 1.0 doubles backslashes, cuts the cast off the end of a
 * default and has no option for casing; 0.31 drops DESC beside an operator class.
 */
const differentInOne: ReadonlySet<string> = new Set([
  'array with a backslash as default',
  'default text with a backslash',
  'sql default extract, cast',
  'index with an operator class and an order',
  'references, with casing',
  'casing snake_case',
  'casing camelCase',
]);

function readFeature(feature: Feature, copy: DrizzleCopy): Schema {
  const modules = [{ file: '/models.ts', exports: feature.model(copy) }];
  return postgres.readModels(modules, { casing: feature.casing }).schema;
}

async function writeStatements(
  builder: (typeof builders)[number][0],
  feature: Feature,
  copy: DrizzleCopy,
): Promise<readonly string[]> {
  if (builder !== 'drift') return generators[builder](feature.model(copy), feature.casing);
  return postgres.renderSchema(readFeature(feature, copy));
}

async function compareWith(actual: Schema, feature: Feature, copy: DrizzleCopy, referee: Session) {
  const modules = [{ file: '/models.ts', exports: feature.model(copy) }];
  const { schema, existing } = postgres.readModels(modules, { casing: feature.casing });
  const expected = completeExpected(schema, null, postgres.beyondModels);
  const unmanaged = new Set(findUnmanaged(actual, null, postgres.beyondModels));
  const borrowed = new Set(existing.map(({ name }) => name));
  const objects = actual.objects.filter(
    (object) =>
      !unmanaged.has(object) &&
      !borrowed.has(object.address.namespace) &&
      !borrowed.has(object.address.table ?? object.address.name),
  );
  const database = { ...actual, objects };
  const pair = await postgres.normalise({ database, expected }, referee);
  return [...summarise(diffSchemas(pair.database, pair.expected)), ...pair.undetermined];
}

/** Everything but what the server itself brings. */
async function clear(database: TestDatabase): Promise<void> {
  await database.run(`do $$ declare s text; begin
    for s in select nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema' loop
      execute format('drop schema %I cascade', s);
    end loop;
    for s in select extname from pg_extension where extname <> 'plpgsql' loop
      execute format('drop extension %I cascade', s);
    end loop;
    create schema public;
  end $$`);
}
