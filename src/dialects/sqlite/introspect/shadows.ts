/** Tables that modules and libSQL keep their data in; no user's. */
import type { Connection } from '../drivers/load.ts';
import { foldName } from '../syntax/names.ts';
import { isShadowOf } from './classify.ts';
import { readStatement, type Entry } from './entries.ts';

/** Shadow tables by folded name, each with its virtual table. */
export type Shadows = ReadonlyMap<string, { readonly name: string; readonly owner: string }>;

const query = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow'";

/** @throws DriftError SCHEMA_TEXT_UNREADABLE */
export function findShadows(connection: Connection, entries: readonly Entry[]): Shadows {
  const owners = entries
    .filter((entry) => entry.is === 'virtual table')
    .map((entry) => ({ name: entry.name, module: readModule(entry) }))
    // A longer name is the closer owner: `docs_fts_data` belongs to `docs_fts` even where a `docs` is virtual too.
    .sort((a, b) => b.name.length - a.name.length);
  if (owners.length === 0) return new Map();
  // SQLite tells by name alone which tables are shadows, and only of the modules it has loaded.
  const known = new Set((connection.prepare(query).pluck().all() as string[]).map(foldName));
  const shadows = new Map<string, { name: string; owner: string }>();
  for (const { is, name } of entries) {
    if (is !== 'table') continue;
    const folded = foldName(name);
    const owner = owners.find(
      (table) =>
        isShadowOf(name, table.name, table.module) ||
        (known.has(folded) && folded.startsWith(`${foldName(table.name)}_`)),
    );
    if (owner !== undefined) shadows.set(folded, { name, owner: owner.name });
  }
  return shadows;
}

function readModule(entry: Entry): string {
  const statement = readStatement(entry);
  return statement.kind === 'virtual-table' ? statement.module.value : '';
}

/** libSQL keeps the vectors of an index `i` in a table `i_shadow`. By folded name. */
export function findVectorTables(entries: readonly Entry[]): ReadonlySet<string> {
  return new Set(
    entries
      .filter(({ is, sql }) => is === 'index' && /\blibsql_vector_idx\s*\(/i.test(sql))
      .map(({ name }) => `${foldName(name)}_shadow`),
  );
}
