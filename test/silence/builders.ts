/** Everybody who can build a SQLite database from models: drift, and both versions of drizzle-kit in both their ways. */
import Database from 'better-sqlite3';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Schema } from '../../src/catalog/schema.ts';
import { readSchema } from '../../src/dialects/sqlite/introspect/read-schema.ts';
import { readModels } from '../../src/dialects/sqlite/models/read.ts';
import { normalise } from '../../src/dialects/sqlite/normalise.ts';
import { renderSchema } from '../../src/dialects/sqlite/render.ts';
import {
  loadDrizzle,
  loadGenerator,
  type Casing,
  type DrizzleCopy,
  type Loose,
} from '../drizzle/versions.ts';
import { wholeDatabase } from '../sqlite/support/databases.ts';

export interface Builder {
  readonly name: string;
  /** The copy of drizzle-orm that the models must be made with. */
  readonly version: DrizzleCopy['version'];
  build(database: Database.Database, models: Models, casing: Casing): Promise<void>;
}

type Models = Readonly<Record<string, unknown>>;

const root = join(fileURLToPath(import.meta.url), '../../..');

/** Loads all of them; the loading takes about a second. */
export async function loadBuilders(): Promise<readonly Builder[]> {
  const [generateV0, generateV1] = [
    await loadGenerator('0.45', 'sqlite'),
    await loadGenerator('1.0', 'sqlite'),
  ];
  const kitV0: Loose = await import(join(root, 'node_modules/drizzle-kit/api.mjs'));
  const kitV1: Loose = await import(
    join(root, 'test/peers/drizzle-v1/node_modules/drizzle-kit/payload-sqlite.mjs')
  );
  const { drizzle }: Loose = await import(join(root, 'node_modules/drizzle-orm/better-sqlite3/index.js'));
  return [
    {
      name: 'drift',
      version: '0.45',
      async build(database, exports, casing) {
        const { schema } = readModels([{ file: '/models.ts', exports }], { casing });
        const { expected } = normalise({ database: schema, expected: schema });
        runAll(database, renderSchema(expected));
      },
    },
    {
      name: 'drizzle-kit 0.31 migrate',
      version: '0.45',
      build: async (database, models, casing) => runAll(database, await generateV0(models, casing)),
    },
    {
      name: 'drizzle-kit 0.31 push',
      version: '0.45',
      async build(database, models, casing) {
        // Its push has no option for casing.
        if (casing !== undefined) return runAll(database, await generateV0(models, casing));
        const pushed = await withoutProgress(() => kitV0.pushSQLiteSchema(models, drizzle(database)));
        runAll(database, pushed.statementsToExecute);
      },
    },
    {
      name: 'drizzle-kit 1.0-rc migrate',
      version: '1.0',
      build: async (database, models, casing) => runAll(database, await generateV1(models, casing)),
    },
    {
      name: 'drizzle-kit 1.0-rc push',
      version: '1.0',
      async build(database, models) {
        const client = {
          query: async (sql: string) => database.prepare(sql).all(),
          run: async (sql: string) => void database.exec(sql),
        };
        const { sqlStatements } = await kitV1.pushSchema(models, client);
        runAll(database, sqlStatements);
      },
    },
  ];
}

/** The copies that models are read from. */
export async function loadCopies(): Promise<ReadonlyMap<DrizzleCopy['version'], DrizzleCopy>> {
  const versions = ['0.36', '0.45', '1.0'] as const;
  const copies = await Promise.all(versions.map(loadDrizzle));
  return new Map(copies.map((copy) => [copy.version, copy]));
}

/** What a builder makes of models, as drift reads it. */
export async function buildWith(builder: Builder, models: Models, casing: Casing): Promise<Schema> {
  const database = new Database(':memory:');
  try {
    await builder.build(database, models, casing);
    return readSchema(database, wholeDatabase);
  } finally {
    database.close();
  }
}

/** drizzle-kit's push writes a progress line to standard output, where the figures of the tests stand. */
async function withoutProgress(push: () => Promise<Loose>): Promise<Loose> {
  const { write } = process.stdout;
  process.stdout.write = () => true;
  try {
    return await push();
  } finally {
    process.stdout.write = write;
  }
}

function runAll(database: Database.Database, statements: readonly string[]): void {
  for (const statement of statements) database.exec(statement);
}
