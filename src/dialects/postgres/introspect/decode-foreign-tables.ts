/** Foreign tables, each as one object with its columns. */
import { compareText } from '../../../catalog/address.ts';
import type { Opaque } from '../../../catalog/objects.ts';
import { printName } from '../syntax/canonical.ts';
import { canonicaliseType } from '../syntax/types.ts';
import { opaque } from './decode-objects.ts';
import { decodeCollation, leaveOutUnsaid } from './decode-tables.ts';
import { printOptions, printValues } from './describe.ts';
import { readColumnGrants, readGrants, readOwner, type UsualPrivileges } from './privileges.ts';
import type { ColumnRow, ConstraintRow, RelationRow } from './rows.ts';

/** @param rows the columns of the table, in any order; `constraints` likewise */
export function decodeForeignTable(
  row: RelationRow,
  rows: readonly ColumnRow[],
  constraints: readonly ConstraintRow[],
  usual: UsualPrivileges,
): Opaque {
  const { comment = null } = row.unusual ?? {};
  const columns = [...rows].sort((a, b) => a.position - b.position);
  const checks = constraints
    .filter(({ type }) => type === 'c')
    .map(
      ({ name, expression, unusual }) =>
        `CONSTRAINT ${printName(name)} CHECK (${expression ?? ''})${unusual?.noInherit ? ' NO INHERIT' : ''}${unusual?.invalid ? ' NOT VALID' : ''}`,
    )
    .sort(compareText);
  const show = (print: typeof printOptions): string => {
    const { foreign } = row.unusual ?? {};
    const server = `SERVER ${printName(foreign?.server ?? '')}${print(foreign?.options ?? null)}`;
    return `${describeBody(row, [...columns.map((column) => describeColumn(column, print)), ...checks])} ${server}`;
  };
  return {
    ...opaque(
      'foreignTable',
      { namespace: row.namespace, name: row.name },
      show(printOptions),
      comment,
      show(printValues),
    ),
    owner: readOwner(row, usual),
    grants: readGrants(row, usual),
    ...leaveOutUnsaid({
      partComments: collectComments(columns),
      columnGrants: collectGrants(row, columns, usual),
    }),
  };
}

/** What it holds, or whose partition it is. */
function describeBody({ unusual }: RelationRow, parts: readonly string[]): string {
  const parents = (unusual?.parents ?? []).map((parent) => parent.map(printName).join('.'));
  if (unusual?.isPartition) return `PARTITION OF ${parents[0] ?? ''} ${unusual.bound ?? ''}`;
  const heritage = parents.length === 0 ? '' : ` INHERITS (${parents.join(', ')})`;
  return `(${parts.join(', ')})${heritage}`;
}

function describeColumn(column: ColumnRow, print: typeof printOptions): string {
  const { unusual } = column;
  const collation = decodeCollation(unusual?.collation);
  const value =
    column.default === null
      ? ''
      : unusual?.generated === undefined
        ? `DEFAULT ${column.default}`
        : `GENERATED ALWAYS AS (${column.default}) STORED`;
  return [
    printName(column.name),
    canonicaliseType(column.type),
    print(unusual?.foreignOptions ?? null).trimStart(),
    collation === null ? '' : `COLLATE ${collation}`,
    value,
    column.notNull ? 'NOT NULL' : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function collectComments(columns: readonly ColumnRow[]): Readonly<Record<string, string>> | undefined {
  const entries = columns.flatMap(({ name, unusual }) =>
    unusual?.comment === undefined ? [] : [[name, unusual.comment] as const],
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function collectGrants(
  { owner }: RelationRow,
  columns: readonly ColumnRow[],
  usual: UsualPrivileges,
): readonly string[] | undefined {
  const grants = columns.flatMap(({ name, unusual }) =>
    readColumnGrants(unusual?.acl ?? null, owner, usual).map((item) => `${printName(name)} ${item}`),
  );
  return grants.length === 0 ? undefined : grants.sort(compareText);
}
