/**
 * Drizzle has no word for virtual tables. A project that queries one through Drizzle declares an ordinary table of
 * the same name in its models and makes the virtual one in a migration by hand.
 */
import type { CatalogObject, VirtualTable } from '../../../catalog/objects.ts';
import { tokenizeSignificant } from '../syntax/tokenize.ts';
import { foldName } from '../syntax/names.ts';

/** Columns that the modules give to every virtual table, beside those named in the arguments. */
const hiddenColumns: ReadonlySet<string> = new Set([
  'rowid',
  'oid',
  '_rowid_',
  'docid',
  'rank',
  'distance',
  'k',
]);

/** The expected objects without the tables that only stand for a virtual table of the database. */
export function leaveOutStandIns(
  expected: readonly CatalogObject[],
  database: readonly CatalogObject[],
): readonly CatalogObject[] {
  const virtual = new Map(
    database
      .filter((object) => object.kind === 'virtualTable')
      .map((table) => [foldName(table.address.name), collectColumns(table)]),
  );
  if (virtual.size === 0) return expected;
  const columns = new Map<string, string[]>();
  for (const { kind, address } of expected) {
    const table = foldName(address.table ?? '');
    if (kind !== 'column' || !virtual.has(table)) continue;
    columns.set(table, [...(columns.get(table) ?? []), foldName(address.name)]);
  }
  const standIns = new Set(
    [...columns]
      .filter(([table, names]) => names.every((name) => virtual.get(table)?.has(name)))
      .map(([table]) => table),
  );
  return expected.filter(({ kind, address }) => {
    if (kind === 'virtualTable' || kind === 'view') return true;
    return !standIns.has(foldName(address.table ?? address.name));
  });
}

/** The first word of each argument: modules take columns and options in one list. */
function collectColumns(table: VirtualTable): ReadonlySet<string> {
  const named = table.arguments.flatMap((argument) => {
    const [first] = tokenizeSignificant(argument);
    return first === undefined ? [] : [foldName(first.value.replace(/^\+/, ''))];
  });
  return new Set([...named, ...hiddenColumns, foldName(table.address.name)]);
}
