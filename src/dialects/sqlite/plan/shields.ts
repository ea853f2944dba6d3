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

/** What has to surround `DROP TABLE` of this table, given all tables as they are at that moment. */
export function planShields(
  dropped: TableParts,
  tables: ReadonlyMap<string, TableParts>,
  names: ScratchNames,
): Shielding {
  const keys = findReferencing(tables.values(), dropped.name);
  const others = keys.filter((key) => !sameName(key.address.table ?? '', dropped.name));
  const shields = unique(
    others.flatMap((key) => shieldAgainst(key, names)),
    (shield) => shield.name,
  );
  const indexes = unique(
    keys.flatMap((key) => indexFor(key, tables, names)),
    (index) => index.name,
  );
  const silenced = shields.map((shield) => shield.table);
  const cascadesIntoItself = keys.some((key) => !others.includes(key) && actsOnRows(key));
  return {
    before: [
      ...indexes.map((index) => makeStep({ type: 'createTemporaryIndex', index })),
      ...shields.map((shield) => makeStep({ type: 'shieldRows', shield })),
    ],
    after: [
      ...shields.map((shield) => makeStep({ type: 'unshieldRows', shield })),
      // The one on the dropped table went with it.
      ...indexes
        .filter((index) => !sameName(index.table, dropped.name))
        .map((index) => makeStep({ type: 'dropTemporaryIndex', index })),
    ],
    silenced: [...new Set([...silenced, ...(cascadesIntoItself ? [dropped.name] : [])])],
  };
}

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
