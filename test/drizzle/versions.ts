/**
 * The three copies of drizzle-orm and the two of drizzle-kit that the models are read from and held against.
 * They are loaded by path, so that TypeScript keeps out: their types differ and the tests go through all of them.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A copy's exports; what is called is up to the test. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Loose = any;

export interface DrizzleCopy {
  readonly version: '0.36' | '0.45' | '1.0';
  readonly orm: Loose;
  readonly sqlite: Loose;
  readonly pg: Loose;
  readonly casing: Loose;
}

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const folders = {
  '0.36': join(root, 'test/peers/drizzle-v036/node_modules'),
  '0.45': join(root, 'node_modules'),
  '1.0': join(root, 'test/peers/drizzle-v1/node_modules'),
} as const;

async function load(...path: readonly string[]): Promise<Loose> {
  return import(/* @vite-ignore */ join(...path));
}

export async function loadDrizzle(version: DrizzleCopy['version']): Promise<DrizzleCopy> {
  const orm = join(folders[version], 'drizzle-orm');
  return {
    version,
    orm: await load(orm, 'index.js'),
    sqlite: await load(orm, 'sqlite-core/index.js'),
    pg: await load(orm, 'pg-core/index.js'),
    casing: await load(orm, 'casing.js'),
  };
}

export type Casing = 'snake_case' | 'camelCase' | undefined;

/** The statements that drizzle-kit generates for models in an empty database. */
export type Generate = (
  exports: Readonly<Record<string, unknown>>,
  casing?: Casing,
) => Promise<readonly string[]>;

/** drizzle-kit 0.31 for 0.45, 1.0 for 1.0; 0.36 has none of its own. */
export async function loadGenerator(
  version: '0.45' | '1.0',
  dialect: 'sqlite' | 'postgres',
): Promise<Generate> {
  if (version === '1.0') {
    const kit = await load(folders[version], `drizzle-kit/payload-${dialect}.mjs`);
    return async (exports) =>
      kit.generateMigration(await kit.generateDrizzleJson({}), await kit.generateDrizzleJson(exports));
  }
  const kit = await load(folders[version], 'drizzle-kit/api.mjs');
  if (dialect === 'sqlite') {
    return async (exports, casing) =>
      kit.generateSQLiteMigration(
        await kit.generateSQLiteDrizzleJson({}),
        await kit.generateSQLiteDrizzleJson(exports, undefined, casing),
      );
  }
  return async (exports, casing) =>
    kit.generateMigration(
      kit.generateDrizzleJson({}),
      kit.generateDrizzleJson(exports, undefined, undefined, casing),
    );
}
