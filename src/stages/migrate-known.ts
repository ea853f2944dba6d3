import type { AppliedRow } from '../dialects/dialect.ts';
import type { InspectedMigration, KnownSchema } from '../dialects/migrator.ts';
import type { MigrationsFolder } from '../project/migrations/migration.ts';
import { matchApplied } from '../project/migrations/state.ts';
import { replayOptions } from './migrations.ts';
import type { Project } from './project.ts';
import { replayMigrations } from './recorded.ts';

/** What the migrations make that some rows say are applied; null where nobody needs to know. */
export type Knower = (rows: readonly AppliedRow[] | null) => Promise<KnownSchema | null>;

/**
 * Replays the applied migrations once, and again only where the rows are others by then. Whatever the database has
 * beyond what they make was made by hand; that is at stake only where a table is dropped.
 */
export function createKnower(
  project: Project,
  folder: MigrationsFolder,
  inspected: readonly Pick<InspectedMigration, 'dropsTables'>[],
): Knower {
  if (!inspected.some(({ dropsTables }) => dropsTables)) return () => Promise.resolve(null);
  let asked: { readonly rows: number; readonly known: KnownSchema } | null = null;
  return async (rows) => {
    const count = rows?.length ?? 0;
    if (asked?.rows !== count) {
      asked = { rows: count, known: await replayApplied(project, folder, rows) };
    }
    return asked.known;
  };
}

async function replayApplied(
  project: Project,
  folder: MigrationsFolder,
  rows: readonly AppliedRow[] | null,
): Promise<KnownSchema> {
  const state = { ...matchApplied(folder, rows), pending: [] };
  const options = await replayOptions(project, null);
  const scope = { ...project.scope, tables: undefined };
  const { applied, complete } = await project.step('replaying the migrations', () =>
    replayMigrations(folder, state, { ...options, scope }),
  );
  const texts = complete ? [] : state.applied.map(({ migration }) => migration.sql);
  return { schema: applied, mentioned: new Set(texts.flatMap(collectWords)) };
}

/** Everything in a text that may be a name, in small letters. */
function collectWords(sql: string): readonly string[] {
  const text = sql.toLowerCase();
  const quoted = [...text.matchAll(/["`[]([^"`\]]+)["`\]]/g)].map(([, name = '']) => name);
  return [...quoted, ...(text.match(/[\p{L}\p{N}_$]+/gu) ?? [])];
}
