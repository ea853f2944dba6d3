/** Indexes, from catalogue rows to catalogue objects. */
import type { Index, IndexPart } from '../../../catalog/objects.ts';
import { createExpression, printName } from '../syntax/canonical.ts';
import { decodeCollation, decodeOptions } from './decode-tables.ts';
import type { IndexPartRow, IndexRow, RelationRow } from './rows.ts';

export function decodeIndex(row: IndexRow, table: RelationRow): Index {
  // The index of a partitioned table is invalid as long as a partition lacks it: that is what ON ONLY makes.
  const only = row.kind === 'I' && !row.valid;
  return {
    kind: 'index',
    address: { namespace: table.namespace, table: table.name, name: row.name },
    unique: row.isUnique,
    parts: row.parts.map(decodeIndexPart),
    where: row.predicate === null ? null : createExpression(row.predicate),
    method: row.method,
    include: row.include ?? [],
    storage: decodeOptions(row.options),
    nullsNotDistinct: row.nullsNotDistinct,
    valid: row.valid || only,
    tablespace: row.tablespace,
    only,
    clustered: row.clustered,
    comment: row.comment,
  };
}

export function decodeIndexPart(row: IndexPartRow): IndexPart {
  const order = (row.option & 1) === 1 ? 'desc' : 'asc';
  const base = {
    on: row.column === null ? { expression: createExpression(row.expression ?? '') } : { column: row.column },
    order,
    collation: decodeCollation(row.collation),
    opclass: decodeOpclass(row),
  } as const;
  return row.ordered ? { ...base, nulls: (row.option & 2) === 2 ? 'first' : 'last' } : base;
}

function decodeOpclass(row: IndexPartRow): string | null {
  const options = Object.entries(decodeOptions(row.opclassOptions));
  const parameters = options.map(([name, value]) => `${name}=${value}`).join(', ');
  if (row.opclass === null) return null;
  return `${printName(row.opclass)}${parameters === '' ? '' : `(${parameters})`}`;
}
