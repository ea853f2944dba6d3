/** Indexes, from catalogue rows to catalogue objects. */
import type { Index, IndexPart } from '../../../catalog/objects.ts';
import { createExpression, printName } from '../syntax/canonical.ts';
import { createCondition } from '../syntax/conditions.ts';
import { decodeCollation, decodeOptions, leaveOutUnsaid, nameColumns, type Names } from './decode-tables.ts';
import type { IndexPartRow, IndexRow, RelationRow } from './rows.ts';

export function decodeIndex(row: IndexRow, table: RelationRow, names: Names): Index {
  const { unusual } = row;
  const base = {
    kind: 'index',
    address: { namespace: table.namespace, table: table.name, name: row.name },
    unique: row.isUnique,
    parts: row.parts?.map(decodeIndexPart) ?? decodeColumns(row, names),
    where: unusual?.predicate === undefined ? null : createCondition(unusual.predicate, table.name),
    method: row.method,
  } as const;
  if (unusual === null) return base;
  // The index of a partitioned table is invalid as long as a partition lacks it: that is what ON ONLY makes.
  const only = unusual.isPartitioned === true && unusual.invalid === true;
  return {
    ...base,
    ...leaveOutUnsaid({
      include: unusual.include,
      storage: decodeOptions(unusual.options),
      nullsNotDistinct: unusual.nullsNotDistinct,
      valid: unusual.invalid && only,
      tablespace: unusual.tablespace,
      only: only || undefined,
      clustered: unusual.clustered,
      columnStatistics:
        unusual.statistics &&
        Object.fromEntries(
          Object.entries(unusual.statistics).map(([place, target]) => [place, String(target)]),
        ),
      comment: unusual.comment,
    }),
  };
}

/** The parts of an index that holds columns as they are. */
function decodeColumns(
  { relation, columns, ordered, unusual }: IndexRow,
  names: Names,
): readonly IndexPart[] {
  return nameColumns(names, relation, columns).map((column, place) => ({
    on: { column },
    ...decodeOrder(unusual?.directions?.[place] ?? 0, ordered),
    collation: null,
    opclass: null,
  }));
}

export function decodeIndexPart(row: IndexPartRow): IndexPart {
  return {
    on: row.column === null ? { expression: createExpression(row.expression ?? '') } : { column: row.column },
    ...decodeOrder(row.option, row.ordered),
    collation: decodeCollation(row.collation),
    opclass: decodeOpclass(row),
  };
}

/** Bit 0: descending; bit 1: nulls first. */
function decodeOrder(option: number, ordered: boolean): Pick<IndexPart, 'order' | 'nulls'> {
  const order = (option & 1) === 1 ? 'desc' : 'asc';
  return ordered ? { order, nulls: (option & 2) === 2 ? 'first' : 'last' } : { order };
}

function decodeOpclass(row: IndexPartRow): string | null {
  const options = Object.entries(decodeOptions(row.opclassOptions) ?? {});
  const parameters = options.map(([name, value]) => `${name}=${value}`).join(', ');
  if (row.opclass === null) return null;
  return `${printName(row.opclass)}${parameters === '' ? '' : `(${parameters})`}`;
}
