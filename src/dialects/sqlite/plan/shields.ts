/**
 * Dropping a table while foreign keys are on deletes its rows first, and their children do what their foreign keys
 * say (sqlite.org/foreignkeys.html#fk_schemacommands). What is planned here keeps the children as they are: the
 * checks wait (`defer_foreign_keys`), and a trigger on each child turns the delete or update down. Indexes on the
 * children's columns keep the drop from looking at every child for every parent.
 */
import type { ForeignKey } from '../../../catalog/objects.ts';
import type { Shield, Step, TemporaryIndex } from '../../../plan/plan.ts';
import { foldName, sameName } from '../syntax/names.ts';
import { makeStep } from './dependents.ts';
import { findReferencing, isIndexed, type TableParts } from './parts.ts';
import type { ScratchNames } from './scratch-names.ts';

export interface Shielding {
  readonly before: readonly Step[];
  readonly after: readonly Step[];
  /** Tables whose own triggers must not be there meanwhile: foreign keys would fire them. */
  readonly silenced: readonly string[];
}

/** What has to surround `DROP TABLE` of the table, given all tables as they are at that moment. */
export function planShields(
  dropped: TableParts,
  tables: ReadonlyMap<string, TableParts>,
  names: ScratchNames,
): Shielding {
  const isDropped = (table: string): boolean => sameName(table, dropped.name);
  const keys = findReferencing(tables.values(), dropped.name);
  // The dropped table's own rows too: what a foreign key would write into them may break a rule of theirs, and a long
  // chain of rows is more than SQLite follows (SQLITE_MAX_TRIGGER_DEPTH).
  const shields = unique(
    keys.flatMap((key) => shieldAgainst(key, names)),
    (shield) => shield.name,
  );
  const indexes = unique(
    keys.flatMap((key) => indexFor(key, tables, names)),
    (index) => index.name,
  );
  // What is on the dropped table goes with it.
  return {
    before: [
      ...indexes.map((index) => makeStep({ type: 'createTemporaryIndex', index })),
      ...shields.map((shield) => makeStep({ type: 'shieldRows', shield })),
    ],
    after: [
      ...shields
        .filter((shield) => !isDropped(shield.table))
        .map((shield) => makeStep({ type: 'unshieldRows', shield })),
      ...indexes
        .filter((index) => !isDropped(index.table))
        .map((index) => makeStep({ type: 'dropTemporaryIndex', index })),
    ],
    silenced: [...new Set(shields.map((shield) => shield.table))],
  };
}

/** True where deleting a row of the parent changes rows of the child. */
function actsOnRows(key: ForeignKey): boolean {
  return key.onDelete === 'cascade' || key.onDelete === 'set null' || key.onDelete === 'set default';
}

function shieldAgainst(key: ForeignKey, names: ScratchNames): readonly Shield[] {
  // NO ACTION and RESTRICT leave the row alone, and with deferred checks they wait.
  if (!actsOnRows(key)) return [];
  const against = key.onDelete === 'cascade' ? 'delete' : 'update';
  const { table = '' } = key.address;
  return [{ name: names.name(`keep_${against}`, table), table, against }];
}

function indexFor(
  key: ForeignKey,
  tables: ReadonlyMap<string, TableParts>,
  names: ScratchNames,
): readonly TemporaryIndex[] {
  const { table = '' } = key.address;
  const parts = tables.get(foldName(table));
  if (parts === undefined || isIndexed(parts, key.columns)) return [];
  return [
    {
      name: names.name('fk', `${table}_${key.columns.join('_')}`),
      table,
      columns: key.columns,
      unique: false,
    },
  ];
}

function unique<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}
