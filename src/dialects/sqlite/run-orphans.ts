/** Rows that break a foreign key, before and after a migration. */
import type { Connection } from './drivers/load.ts';
import { foldName, quoteIdentifier } from './syntax/names.ts';

/** Orphans of one table that point at one parent. */
interface OrphanGroup {
  readonly table: string;
  readonly parent: string;
  readonly count: number;
  /** Of the first ones; null where the table has none. */
  readonly rowids: readonly (bigint | null)[];
}

export interface Orphans {
  /** By folded names of child and parent. */
  readonly groups: ReadonlyMap<string, OrphanGroup>;
  /** Folded names of the tables that are there. */
  readonly tables: ReadonlySet<string>;
}

/** Of so many orphans of one group the rowids are kept, to tell new ones from old ones. */
const mostKept = 10_000;

const sampled = 5;

export interface NewOrphans {
  readonly count: number;
  /** As in `posts rowid 7 points at a row of users that is not there`. */
  readonly samples: readonly string[];
}

/**
 * Looks at every foreign key. Of a key that SQLite cannot check (it points at columns that are no key) nothing is said:
 * a migration may be there to mend just that.
 * @param proven folded names of tables that are known to have none
 */
export function findOrphans(connection: Connection, proven: ReadonlySet<string> = new Set()): Orphans {
  const tables = connection
    .prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
    .pluck()
    .all() as string[];
  const groups = new Map<string, OrphanGroup>();
  for (const table of tables) {
    if (!proven.has(foldName(table))) collectOrphans(connection, table, groups);
  }
  return { groups, tables: new Set(tables.map(foldName)) };
}

function collectOrphans(connection: Connection, table: string, groups: Map<string, OrphanGroup>): void {
  const hasKeys = connection.prepare('SELECT 1 FROM pragma_foreign_key_list(?) LIMIT 1').get(table);
  if (hasKeys === undefined) return;
  const counts = new Map<string, { parent: string; count: number; rowids: (bigint | null)[] }>();
  try {
    const rows = connection
      .prepare('SELECT parent, rowid AS id FROM pragma_foreign_key_check(?)')
      .safeIntegers(true)
      .iterate(table) as IterableIterator<{ readonly parent: string; readonly id: bigint | null }>;
    for (const { parent, id } of rows) {
      const group = counts.get(parent) ?? { parent, count: 0, rowids: [] };
      counts.set(parent, group);
      group.count++;
      if (group.rowids.length < mostKept) group.rowids.push(id);
    }
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('foreign key mismatch')) return;
    throw error;
  }
  for (const group of counts.values()) groups.set(keyOf(table, group.parent), { table, ...group });
}

function keyOf(table: string, parent: string): string {
  return JSON.stringify([foldName(table), foldName(parent)]);
}

/**
 * What a migration has orphaned; null where nothing. Rows are counted by child and parent, and orphans of a table that
 * is gone (or has another name now) are set off against those of a table that is new.
 */
export function compareOrphans(connection: Connection, before: Orphans, after: Orphans): NewOrphans | null {
  const grown = [...after.groups].flatMap(([key, group]) => {
    const old = before.groups.get(key);
    const count = group.count - (old?.count ?? 0);
    return count > 0 ? [{ group, old, count }] : [];
  });
  const gone = [...before.groups.values()]
    .filter(({ table, parent }) => !after.tables.has(foldName(table)) || !after.tables.has(foldName(parent)))
    .reduce((sum, { count }) => sum + count, 0);
  const fromNewTables = grown
    .filter(
      ({ group }) => !before.tables.has(foldName(group.table)) || !before.tables.has(foldName(group.parent)),
    )
    .reduce((sum, { count }) => sum + count, 0);
  const count = grown.reduce((sum, one) => sum + one.count, 0) - Math.min(gone, fromNewTables);
  if (count <= 0) return null;
  return {
    count,
    samples: grown.flatMap((one) => describeGroup(connection, one.group, one.old)).slice(0, sampled),
  };
}

function describeGroup(
  connection: Connection,
  group: OrphanGroup,
  old: OrphanGroup | undefined,
): readonly string[] {
  const known = new Set(old?.rowids ?? []);
  const fresh = group.rowids.filter((id) => id === null || !known.has(id));
  const ids = (fresh.length > 0 ? fresh : group.rowids).slice(0, sampled);
  const target = tableExists(connection, group.parent)
    ? `a row of ${group.parent} that is not there`
    : `the table ${group.parent}, which is not there`;
  return ids.map((id) =>
    id === null
      ? `a row of ${group.table} points at ${target}`
      : `${group.table} rowid ${String(id)} points at ${target}`,
  );
}

function tableExists(connection: Connection, table: string): boolean {
  return connection.prepare('SELECT 1 FROM pragma_table_info(?) LIMIT 1').get(table) !== undefined;
}

/** Rows of every table of the user's, by name; virtual tables and SQLite's own are left out. */
export function countRows(connection: Connection): ReadonlyMap<string, number> {
  const tables = connection
    .prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )
    .pluck()
    .all() as string[];
  return new Map(
    tables.map((table) => [
      table,
      connection
        .prepare(`SELECT count(*) FROM ${quoteIdentifier(table)}`)
        .pluck()
        .get() as number,
    ]),
  );
}
