import type { DialectName } from '../../catalog/schema.ts';
import { DriftError } from '../../errors.ts';
import type { ModelModule } from '../dialect.ts';
import { isRecord, readKinds } from './entities.ts';

/** One Drizzle object with the first place that exports it. */
export interface Exported<T = unknown> {
  readonly value: T;
  readonly kinds: ReadonlySet<string>;
  readonly file: string;
  readonly exportName: string;
}

const pgEnumMark = Symbol.for('drizzle:isPgEnum');

/** True for what `pgEnum` makes: a function with a mark, not an object with a brand. */
export function isPgEnum(value: unknown): boolean {
  return typeof value === 'function' && Reflect.get(value, pgEnumMark) === true;
}

/**
 * Every Drizzle object that the model files export, each once, in the order of the files. What is only reachable
 * through an exported object is left out, as drizzle-kit does.
 */
export function collectExports(modules: readonly ModelModule[]): readonly Exported[] {
  const seen = new Set<unknown>();
  const found: Exported[] = [];
  for (const { file, exports } of modules) {
    for (const [exportName, value] of Object.entries(exports)) {
      if (!isRecord(value) && typeof value !== 'function') continue;
      if (seen.has(value)) continue;
      seen.add(value);
      const kinds = isPgEnum(value) ? new Set(['PgEnum']) : readKinds(value);
      if (kinds.size > 0) found.push({ value, kinds, file, exportName });
    }
  }
  return found;
}

/** The exports that carry a brand. */
export function selectKind<T>(exported: readonly Exported[], kind: string): readonly Exported<T>[] {
  return exported.filter((entry): entry is Exported<T> => entry.kinds.has(kind));
}

const tableBuilders: Readonly<Record<string, string>> = {
  PgTable: 'pgTable',
  SQLiteTable: 'sqliteTable',
  MySqlTable: 'mysqlTable',
  SingleStoreTable: 'singlestoreTable',
  MsSqlTable: 'mssqlTable',
  CockroachTable: 'cockroachTable',
  GelTable: 'gelTable',
};

/** Which table builders of other dialects made tables that are exported. */
function findForeignBuilders(exported: readonly Exported[]): readonly string[] {
  const builders = exported.flatMap((entry) =>
    Object.entries(tableBuilders)
      .filter(([kind]) => entry.kinds.has(kind))
      .map(([, builder]) => builder),
  );
  return [...new Set(builders)];
}

/** @throws DriftError MODELS_EMPTY: nothing of the dialect was found in the files */
export function refuseEmpty(
  dialect: DialectName,
  modules: readonly ModelModule[],
  exported: readonly Exported[],
): never {
  throw new DriftError('MODELS_EMPTY', {
    dialect,
    files: modules.map((module) => module.file),
    found: findForeignBuilders(exported),
  });
}
