/** What migrations written by hand made, the models could say, and do not. */
import { readFileSync } from 'node:fs';
import { isFile } from '../project/paths.ts';
import type { MigrationsFolder } from '../project/migrations/migration.ts';
import type { Planning, PlanRequest } from '../dialects/planner.ts';
import type { Refusal } from '../plan/refusals.ts';

/**
 * Views and indexes that would be dropped though the models never had them: drizzle-kit's newest snapshot, which lists
 * what the models said then, does not name them. Without a snapshot nobody can tell, and nothing is asked.
 */
export function findHandWritten(
  folder: MigrationsFolder,
  { changes }: Planning,
  { to }: Pick<PlanRequest, 'to'>,
): readonly Refusal[] {
  const dropped = changes.filter(
    ({ type, kind }) => type === 'drop' && (kind === 'view' || kind === 'index'),
  );
  const names = dropped.length === 0 ? null : readSnapshotNames(folder);
  if (names === null) return [];
  // An index of a table that goes, goes with it.
  const tables = new Set(
    to.objects.filter(({ kind }) => kind === 'table').map(({ address }) => address.name),
  );
  return dropped.flatMap(({ kind, address }): readonly Refusal[] => {
    const hasPlace = address.table === undefined || tables.has(address.table);
    if (!hasPlace || address.name === '' || names.has(address.name)) return [];
    const word = kind === 'view' ? 'view' : 'index';
    return [{ code: 'hand-written', address, kind: word, flag: '--allow hand-made' }];
  });
}

/** Every word in the newest snapshot that may be a name: a name too many asks nothing, one too few asks in vain. */
function readSnapshotNames(folder: MigrationsFolder): ReadonlySet<string> | null {
  const file = folder.migrations.findLast(({ snapshotFile }) => isFile(snapshotFile))?.snapshotFile;
  if (file === undefined) return null;
  try {
    const names = new Set<string>();
    collectNames(JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, '')), names);
    return names;
  } catch (error) {
    // drift status says what is wrong with it.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function collectNames(value: unknown, names: Set<string>): void {
  if (typeof value === 'string') names.add(value);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    names.add(key);
    collectNames(inner, names);
  }
}
