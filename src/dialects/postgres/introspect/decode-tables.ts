/** Tables, columns and constraints, from catalogue rows to catalogue objects. */
import type { Address } from '../../../catalog/address.ts';
import { noValue } from '../../../catalog/no-value.ts';
import type {
  CatalogObject,
  Column,
  ColumnValue,
  Deferral,
  ReferentialAction,
  SequenceOptions,
  Table,
} from '../../../catalog/objects.ts';
import { createExpression, printName } from '../syntax/canonical.ts';
import { canonicaliseType } from '../syntax/types.ts';
import { readColumnGrants, readGrants, readOwner, type UsualPrivileges } from './privileges.ts';
import type { CollationName, ColumnRow, ConstraintRow, RelationRow, SequenceValues } from './rows.ts';

export function decodeTable(row: RelationRow, usual: UsualPrivileges): Table {
  const parents = (row.parents ?? []).map(([namespace, name]) => ({ namespace, name }));
  const parent = row.isPartition ? parents[0] : undefined;
  return {
    kind: 'table',
    address: { namespace: row.namespace, name: row.name },
    unlogged: row.persistence === 'u',
    rowSecurity: row.rowSecurity,
    forceRowSecurity: row.forceRowSecurity,
    storage: {
      ...decodeOptions(row.options),
      ...Object.fromEntries(
        Object.entries(decodeOptions(row.toastOptions)).map(([name, value]) => [`toast.${name}`, value]),
      ),
    },
    partitionBy: row.partitionBy,
    partitionOf: parent ? { parent, bound: row.bound ?? '' } : null,
    inherits: row.isPartition ? [] : parents,
    ...decodeReplicaIdentity(row),
    accessMethod: row.accessMethod,
    tablespace: row.tablespace,
    owner: readOwner(row, usual),
    grants: readGrants(row, usual),
    comment: row.comment,
  };
}

/** Nothing for the default, which is the primary key. */
function decodeReplicaIdentity(row: RelationRow): { readonly replicaIdentity?: string } {
  switch (row.replicaIdentity) {
    case 'n':
      return { replicaIdentity: 'nothing' };
    case 'f':
      return { replicaIdentity: 'full' };
    case 'i':
      return { replicaIdentity: `index ${row.replicaIndex ?? ''}` };
    default:
      return {};
  }
}

export function decodeOptions(
  options: readonly (readonly [string, string | null])[] | null,
): Readonly<Record<string, string>> {
  return Object.fromEntries((options ?? []).map(([name, value]) => [name, value ?? '']));
}

/** A collation's name; its schema is left out where everybody sees it. */
export function decodeCollation(name: CollationName | null): string | null {
  if (name === null) return null;
  const [namespace, collation] = name;
  return namespace === 'pg_catalog' || namespace === 'public'
    ? printName(collation)
    : `${printName(namespace)}.${printName(collation)}`;
}

const storageModes: Readonly<Record<string, string>> = {
  p: 'plain',
  e: 'external',
  m: 'main',
  x: 'extended',
};

const compressions: Readonly<Record<string, string>> = { p: 'pglz', l: 'lz4' };

export function decodeColumn(row: ColumnRow, table: RelationRow, usual: UsualPrivileges): Column {
  return {
    kind: 'column',
    address: { namespace: table.namespace, table: table.name, name: row.name },
    type: canonicaliseType(row.type),
    nullable: !row.notNull,
    ...(row.notNullOptions === null ? {} : { notNullOptions: row.notNullOptions }),
    value: decodeValue(row),
    collation: decodeCollation(row.collation),
    position: row.position,
    storageMode: row.storage === null ? null : (storageModes[row.storage] ?? row.storage),
    compression: row.compression === null ? null : (compressions[row.compression] ?? row.compression),
    statisticsTarget: row.statistics,
    options: decodeOptions(row.options),
    grants: readColumnGrants(row.acl, table.owner, usual),
    comment: row.comment,
  };
}

function decodeValue(row: ColumnRow): ColumnValue {
  const { sequence } = row;
  if (row.identity !== '' && sequence) {
    const generation = row.identity === 'a' ? 'always' : 'byDefault';
    return {
      kind: 'identity',
      generation,
      sequence: decodeSequence(sequence),
      sequenceName: sequence.name,
    };
  }
  if (row.default === null) return noValue;
  const expression = createExpression(row.default);
  if (row.generated !== '') {
    return { kind: 'generated', expression, storage: row.generated === 's' ? 'stored' : 'virtual' };
  }
  if (sequence?.isDefault && sequence.deptype === 'a' && /^nextval\('[^']*'::regclass\)$/.test(row.default)) {
    return { kind: 'serial', sequence: decodeSequence(sequence), sequenceName: sequence.name };
  }
  return { kind: 'default', expression };
}

export function decodeSequence(values: SequenceValues): SequenceOptions {
  return {
    startWith: values.start,
    increment: values.increment,
    minValue: values.min,
    maxValue: values.max,
    cache: values.cache,
    cycle: values.cycle,
  };
}

const actions: Readonly<Record<string, ReferentialAction>> = {
  a: 'no action',
  r: 'restrict',
  c: 'cascade',
  n: 'set null',
  d: 'set default',
};

const matches: Readonly<Record<string, 'simple' | 'full' | 'partial'>> = {
  s: 'simple',
  f: 'full',
  p: 'partial',
};

export function decodeConstraint(row: ConstraintRow, table: RelationRow): CatalogObject {
  const address: Address = { namespace: table.namespace, table: table.name, name: row.name };
  const base = { address, comment: row.comment };
  const columns = row.columns ?? [];
  switch (row.type) {
    case 'p':
    case 'u': {
      const key = {
        ...base,
        columns,
        deferral: decodeDeferral(row),
        include: row.include ?? [],
        withoutOverlaps: row.period,
        storage: decodeOptions(row.options),
        tablespace: row.tablespace,
        clustered: row.clustered ?? false,
      };
      return row.type === 'p'
        ? { kind: 'primaryKey', ...key }
        : { kind: 'unique', ...key, nullsNotDistinct: row.nullsNotDistinct };
    }
    case 'f':
      return {
        kind: 'foreignKey',
        ...base,
        columns,
        references: {
          namespace: row.foreignNamespace ?? '',
          table: row.foreignTable ?? '',
          columns: row.foreignColumns ?? [],
        },
        onDelete: actions[row.onDelete] ?? 'no action',
        onUpdate: actions[row.onUpdate] ?? 'no action',
        onDeleteColumns: row.onDeleteColumns ?? [],
        match: matches[row.match] ?? 'simple',
        deferral: decodeDeferral(row),
        validated: row.validated,
        enforced: row.enforced,
        period: row.period,
      };
    case 'c':
      return {
        kind: 'check',
        ...base,
        expression: createExpression(row.expression ?? ''),
        validated: row.validated,
        noInherit: row.noInherit,
        enforced: row.enforced,
      };
    case 'x':
      return { kind: 'exclusion', ...base, definition: createExpression(row.definition ?? '') };
  }
}

function decodeDeferral(row: ConstraintRow): Deferral {
  if (!row.deferrable) return 'immediate';
  return row.deferred ? 'deferred' : 'deferrable';
}
