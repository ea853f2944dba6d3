/** Foreign keys that point at no key. SQLite takes them, and then refuses every write to the child. */
import type { ForeignKey } from '../../../catalog/objects.ts';
import type { Hazard } from '../../../plan/hazards.ts';
import { foldName, sameName } from '../syntax/names.ts';
import { findColumn, type TableParts, type Tables } from './parts.ts';

/** One hazard for each key that a migration leaves without a parent key and that had one before, or was not there. */
export function hazardsOfUnkeyed(before: Tables, after: Tables): readonly Hazard[] {
  const old = new Set(listUnkeyed(before).map(({ child, key }) => keyOf(child, key)));
  return listUnkeyed(after)
    .filter(({ child, key }) => !old.has(keyOf(child, key)))
    .map(({ child, key }) => describe(child, key));
}

interface Unkeyed {
  readonly child: string;
  readonly key: ForeignKey;
}

function listUnkeyed(tables: Tables): readonly Unkeyed[] {
  return [...tables.values()].flatMap((parts) =>
    parts.foreignKeys
      .filter(({ references }) => {
        const parent = tables.get(foldName(references.table));
        return parent !== undefined && !isParentKey(parent, references.columns);
      })
      .map((key) => ({ child: parts.name, key })),
  );
}

function keyOf(child: string, { columns, references }: ForeignKey): string {
  const names = [columns.map(foldName), foldName(references.table), references.columns.map(foldName)];
  return JSON.stringify([foldName(child), ...names]);
}

/** A primary key, a UNIQUE or a unique index over all rows, with the columns' own collations: sqlite.org/foreignkeys.html#fk_indexes */
function isParentKey(parent: TableParts, columns: readonly string[]): boolean {
  const matches = (names: readonly (string | null)[]): boolean =>
    names.length === columns.length &&
    columns.every((name) => names.some((other) => other !== null && sameName(name, other)));
  // Without columns it points at the primary key, whichever that is.
  if (parent.primaryKey !== null && (columns.length === 0 || matches(parent.primaryKey.columns))) return true;
  return (
    parent.uniques.some((unique) => matches(unique.columns)) ||
    parent.indexes.some(
      (index) =>
        index.unique &&
        index.where === null &&
        matches(
          index.parts.map(({ on, collation }) =>
            'column' in on && isOwnCollation(parent, on.column, collation) ? on.column : null,
          ),
        ),
    )
  );
}

function isOwnCollation(parent: TableParts, column: string, collation: string | null): boolean {
  return collation === null || sameName(collation, findColumn(parent, column)?.collation ?? 'BINARY');
}

function describe(child: string, { columns, references }: ForeignKey): Hazard {
  const target = `${references.table} (${references.columns.join(', ')})`;
  return {
    code: 'foreign-key-mismatch',
    severity: 'danger',
    message: `The foreign key ${child} (${columns.join(', ')}) points at ${target}, which is no key: SQLite then refuses every write to ${child} where foreign keys are on.`,
    instead: `Make ${target} the primary key, UNIQUE, or a unique index without WHERE and with the collations of its columns.`,
  };
}
