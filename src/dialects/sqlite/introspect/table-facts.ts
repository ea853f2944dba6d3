/** What others need to know of a table: its indexes, and the foreign keys that point at it. */
import type { CatalogObject, ForeignKey } from '../../../catalog/objects.ts';
import { nameForeignKey } from '../names.ts';
import { foldName } from '../syntax/names.ts';
import type { TableDefinitions } from '../syntax/table-definitions.ts';
import { describeColumn } from './describe-column.ts';
import { findFact, readKeyTerms, type ColumnFacts } from './read-terms.ts';

export interface TableFacts {
  readonly name: string;
  readonly columns: ColumnFacts;
  /** Columns of the primary key; what a foreign key without columns points at. */
  readonly key: readonly string[];
}

export function collectTableFacts(name: string, table: TableDefinitions): TableFacts {
  const columns = table.columns.map(describeColumn);
  const own = columns.findLast(({ isPrimaryKey }) => isPrimaryKey);
  let key: readonly string[] = own ? [own.name] : [];
  for (const constraint of table.constraints) {
    if (constraint.kind === 'primary-key') key = readKeyTerms(constraint.columns, columns).columns;
  }
  return { name, columns, key };
}

/** A column's name as its definition has it. */
export function spellColumn(columns: ColumnFacts, name: string): string {
  return findFact(columns, name)?.name ?? name;
}

/** A foreign key with the names of its target as the target's own definition has them, and with columns. */
export function resolveReferences(
  object: CatalogObject,
  tables: ReadonlyMap<string, TableFacts>,
): CatalogObject {
  if (object.kind !== 'foreignKey') return object;
  const { references, address } = object;
  const target = tables.get(foldName(references.table));
  if (target === undefined) return object;
  // A key of another number of columns is no target, though SQLite only says so when the table is written to.
  const isImplicit = references.columns.length === 0 && target.key.length === object.columns.length;
  const columns = isImplicit ? target.key : references.columns;
  const resolved: ForeignKey = {
    ...object,
    references: {
      namespace: references.namespace,
      table: target.name,
      columns: columns.map((column) => spellColumn(target.columns, column)),
    },
  };
  const { table = '', name } = address;
  if (name !== nameForeignKey(table, object)) return resolved;
  return { ...resolved, address: { ...address, name: nameForeignKey(table, resolved) } };
}
