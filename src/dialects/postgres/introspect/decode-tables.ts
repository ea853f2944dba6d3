/** Tables, columns and constraints, from catalogue rows to catalogue objects. What is usual is left out. */
import type { Address } from '../../../catalog/address.ts';
import { noValue } from '../../../catalog/no-value.ts';
import type {
  CatalogObject,
  Column,
  ColumnValue,
  Deferral,
  ForeignKey,
  ReferentialAction,
  SequenceOptions,
  Table,
} from '../../../catalog/objects.ts';
import { createExpression, printName } from '../syntax/canonical.ts';
import { createCondition } from '../syntax/conditions.ts';
import { createDefault } from '../syntax/defaults.ts';
import { canonicaliseType } from '../syntax/types.ts';
import { readColumnGrants, readGrants, readOwner, type UsualPrivileges } from './privileges.ts';
import type {
  CollationName,
  ColumnRow,
  ConstraintRow,
  Options,
  RelationRow,
  SequenceValues,
} from './rows.ts';

/** Who is meant by the numbers in the rows. */
export interface Names {
  /** Every relation that was read, by oid, also of those out of scope. */
  readonly relations: ReadonlyMap<number, RelationRow>;
  /** Names of columns by their numbers, by the oid of their table. */
  readonly columns: ReadonlyMap<number, readonly string[]>;
}

/** The names of the columns of a table with these numbers. */
export function nameColumns(names: Names, relation: number, numbers: readonly number[]): readonly string[] {
  const known = names.columns.get(relation);
  return numbers.map((number) => known?.[number] ?? '');
}

const nothing: Readonly<Record<string, undefined>> = {};

export function decodeTable(row: RelationRow, usual: UsualPrivileges): Table {
  const unusual: NonNullable<RelationRow['unusual']> = row.unusual ?? nothing;
  const owner = readOwner(row, usual);
  const grants = readGrants(row, usual);
  const base = {
    kind: 'table',
    address: { namespace: row.namespace, name: row.name },
    rowSecurity: unusual.rowSecurity ?? false,
    ...(owner === null ? {} : { owner }),
    ...(grants.length === 0 ? {} : { grants }),
  } as const;
  if (row.unusual === null) return base;
  const { parents, isPartition, comment, partitionBy, accessMethod, tablespace } = unusual;
  const ancestors = (parents ?? []).map(([namespace, name]) => ({ namespace, name }));
  const parent = isPartition ? ancestors[0] : undefined;
  return {
    ...base,
    unlogged: unusual.persistence === 'u',
    forceRowSecurity: unusual.forceRowSecurity ?? false,
    storage: {
      ...decodeOptions(unusual.options),
      ...Object.fromEntries(
        Object.entries(decodeOptions(unusual.toastOptions)).map(([name, value]) => [`toast.${name}`, value]),
      ),
    },
    partitionBy: partitionBy ?? null,
    partitionOf: parent ? { parent, bound: unusual.bound ?? '' } : null,
    inherits: isPartition ? [] : ancestors,
    ...decodeReplicaIdentity(unusual),
    accessMethod: accessMethod ?? null,
    tablespace: tablespace ?? null,
    comment: comment ?? null,
  };
}

/** Nothing for the default, which is the primary key. */
function decodeReplicaIdentity({
  replicaIdentity,
  replicaIndex,
}: NonNullable<RelationRow['unusual']>): Pick<Table, 'replicaIdentity'> {
  switch (replicaIdentity) {
    case 'n':
      return { replicaIdentity: 'nothing' };
    case 'f':
      return { replicaIdentity: 'full' };
    case 'i':
      return { replicaIdentity: `index ${replicaIndex ?? ''}` };
    default:
      return {};
  }
}

const noOptions: Readonly<Record<string, string>> = {};

export function decodeOptions(options: Options | undefined): Readonly<Record<string, string>> {
  if (options === undefined || options === null) return noOptions;
  return Object.fromEntries(options.map(([name, value]) => [name, value ?? '']));
}

/** A collation's name; its schema is left out where everybody sees it. */
export function decodeCollation(name: CollationName | null | undefined): string | null {
  if (name === null || name === undefined) return null;
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
  const { unusual } = row;
  const type = canonicaliseType(row.type);
  const base = {
    kind: 'column',
    address: { namespace: table.namespace, table: table.name, name: row.name },
    type,
    nullable: !row.notNull,
    value: decodeValue(row, type, table.name),
    collation: unusual === null ? null : decodeCollation(unusual.collation),
    position: row.position,
  } as const;
  if (unusual === null) return base;
  const { storage, compression, statistics, options, acl, comment } = unusual;
  return {
    ...base,
    storageMode: storage === undefined ? null : (storageModes[storage] ?? storage),
    compression: compression === undefined ? null : (compressions[compression] ?? compression),
    statisticsTarget: statistics ?? null,
    options: decodeOptions(options),
    grants: readColumnGrants(acl ?? null, table.owner, usual),
    comment: comment ?? null,
  };
}

function decodeValue(row: ColumnRow, type: string, table: string): ColumnValue {
  const { identity, generated, sequence }: NonNullable<ColumnRow['unusual']> = row.unusual ?? nothing;
  if (identity !== undefined && sequence) {
    const generation = identity === 'a' ? 'always' : 'byDefault';
    return {
      kind: 'identity',
      generation,
      sequence: decodeSequence(sequence),
      sequenceName: sequence.name,
    };
  }
  if (row.default === null) return noValue;
  if (generated !== undefined) {
    const storage = generated === 's' ? 'stored' : 'virtual';
    return { kind: 'generated', expression: createCondition(row.default, table), storage };
  }
  if (sequence?.isDefault && sequence.deptype === 'a' && /^nextval\('[^']*'::regclass\)$/.test(row.default)) {
    return { kind: 'serial', sequence: decodeSequence(sequence), sequenceName: sequence.name };
  }
  return { kind: 'default', expression: createDefault(row.default, type) };
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

export function decodeConstraint(row: ConstraintRow, table: RelationRow, names: Names): CatalogObject {
  const unusual: NonNullable<ConstraintRow['unusual']> = row.unusual ?? nothing;
  const address: Address = { namespace: table.namespace, table: table.name, name: row.name };
  const { comment = null } = unusual;
  switch (row.type) {
    case 'p':
    case 'u': {
      const key = {
        address,
        columns: nameColumns(names, row.relation, row.columns ?? []),
        deferral: decodeDeferral(unusual),
        ...(row.unusual === null
          ? {}
          : {
              include: unusual.include ?? [],
              withoutOverlaps: unusual.period ?? false,
              storage: decodeOptions(unusual.options),
              tablespace: unusual.tablespace ?? null,
              clustered: unusual.clustered ?? false,
              comment,
            }),
      };
      return row.type === 'p'
        ? { kind: 'primaryKey', ...key }
        : { kind: 'unique', ...key, nullsNotDistinct: unusual.nullsNotDistinct ?? false };
    }
    case 'f':
      return decodeForeignKey(row, address, names);
    case 'c':
      return {
        kind: 'check',
        address,
        expression: createCondition(row.expression ?? '', table.name),
        validated: !unusual.invalid,
        noInherit: unusual.noInherit ?? false,
        enforced: !unusual.notEnforced,
        comment,
      };
    case 'x':
      return { kind: 'exclusion', address, definition: createExpression(row.expression ?? ''), comment };
  }
}

function decodeForeignKey(row: ConstraintRow, address: Address, names: Names): ForeignKey {
  const unusual: NonNullable<ConstraintRow['unusual']> = row.unusual ?? nothing;
  const [relation, numbers, onDelete, onUpdate] = row.reference ?? [0, [], '', ''];
  const target = names.relations.get(relation);
  const [namespace, table, columns] =
    unusual.foreign ??
    ([target?.namespace ?? '', target?.name ?? '', nameColumns(names, relation, numbers)] as const);
  return {
    kind: 'foreignKey',
    address,
    columns: nameColumns(names, row.relation, row.columns ?? []),
    references: { namespace, table, columns },
    onDelete: actions[onDelete] ?? 'no action',
    onUpdate: actions[onUpdate] ?? 'no action',
    match: matches[unusual.match ?? 's'] ?? 'simple',
    deferral: decodeDeferral(unusual),
    ...(row.unusual === null
      ? {}
      : {
          onDeleteColumns: nameColumns(names, row.relation, unusual.onDeleteColumns ?? []),
          validated: !unusual.invalid,
          enforced: !unusual.notEnforced,
          comment: unusual.comment ?? null,
        }),
  };
}

function decodeDeferral({ deferrable, deferred }: NonNullable<ConstraintRow['unusual']>): Deferral {
  if (!deferrable) return 'immediate';
  return deferred ? 'deferred' : 'deferrable';
}
