/** Views with what is said of their columns, from catalogue rows to catalogue objects. */
import { compareText } from '../../../catalog/address.ts';
import type { MaterializedView, View } from '../../../catalog/objects.ts';
import { createExpression, printName } from '../syntax/canonical.ts';
import { createDefault } from '../syntax/defaults.ts';
import { canonicaliseType } from '../syntax/types.ts';
import { compressions, decodeOptions, leaveOutUnsaid, storageModes } from './decode-tables.ts';
import { readColumnGrants, readGrants, readOwner, type UsualPrivileges } from './privileges.ts';
import type { RelationRow, ViewColumnRow } from './rows.ts';

/** @param columns those of which something is said */
export function decodeView(
  row: RelationRow,
  columns: readonly ViewColumnRow[],
  usual: UsualPrivileges,
): View | MaterializedView {
  const base = {
    address: { namespace: row.namespace, name: row.name },
    definition: createExpression((row.unusual?.definition ?? '').trim().replace(/;$/, '')),
    options: decodeOptions(row.unusual?.options) ?? {},
    owner: readOwner(row, usual),
    grants: readGrants(row, usual),
    comment: row.unusual?.comment ?? null,
    ...leaveOutUnsaid({
      columnComments: collect(columns, ({ unusual }) => unusual.comment),
      columnGrants: collectGrants(row, columns, usual),
    }),
  };
  if (row.kind === 'v') {
    const columnDefaults = collect(columns, ({ unusual, type }) =>
      unusual.default === undefined ? undefined : createDefault(unusual.default, canonicaliseType(type)),
    );
    return { kind: 'view', ...base, ...leaveOutUnsaid({ columnDefaults }) };
  }
  return {
    kind: 'materializedView',
    ...base,
    accessMethod: row.unusual?.accessMethod ?? null,
    tablespace: row.unusual?.tablespace ?? null,
    populated: !row.unusual?.unpopulated,
    ...leaveOutUnsaid({ columnSettings: collect(columns, describeSettings) }),
  };
}

/** What there is to say of the columns, by their names in one order; nothing where nothing is said of any. */
function collect<V>(
  columns: readonly ViewColumnRow[],
  read: (column: ViewColumnRow) => V | undefined,
): Readonly<Record<string, V>> | undefined {
  const entries = columns.flatMap((column): readonly (readonly [string, V])[] => {
    const value = read(column);
    return value === undefined ? [] : [[column.name, value]];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries.sort(([a], [b]) => compareText(a, b)));
}

function collectGrants(
  row: RelationRow,
  columns: readonly ViewColumnRow[],
  usual: UsualPrivileges,
): readonly string[] | undefined {
  const grants = columns.flatMap(({ name, unusual }) =>
    readColumnGrants(unusual.acl ?? null, row.owner, usual).map((item) => `${printName(name)} ${item}`),
  );
  return grants.length === 0 ? undefined : grants.sort(compareText);
}

function describeSettings({ unusual }: ViewColumnRow): string | undefined {
  const { storage, compression, statistics } = unusual;
  const options = Object.entries(decodeOptions(unusual.options) ?? {});
  const settings = [
    ...(statistics === undefined ? [] : [`SET STATISTICS ${String(statistics)}`]),
    ...(storage === undefined ? [] : [`SET STORAGE ${storageModes[storage] ?? storage}`]),
    ...(compression === undefined ? [] : [`SET COMPRESSION ${compressions[compression] ?? compression}`]),
    ...(options.length === 0 ? [] : [`SET (${options.map((option) => option.join(' = ')).join(', ')})`]),
  ];
  return settings.length === 0 ? undefined : settings.join('; ');
}
