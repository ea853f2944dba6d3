/** Tables, columns and constraints, from catalogue rows to catalogue objects. What is usual is left out. */
import { compareText, type Address } from '../../../catalog/address.ts';
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
import type { ReadPrivileges } from './privileges-others.ts';
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
  const { parents, isPartition, persistence, replicaIdentity, replicaIndex } = unusual;
  const ancestors = parents?.map(([namespace, name]) => ({ namespace, name }));
  const parent = isPartition ? ancestors?.[0] : undefined;
  return {
    ...base,
    ...leaveOutUnsaid({
      unlogged: persistence === 'u' || undefined,
      forceRowSecurity: unusual.forceRowSecurity,
      storage: decodeStorage(unusual),
      partitionBy: unusual.partitionBy,
      partitionOf: parent && { parent, bound: unusual.bound ?? '' },
      inherits: isPartition ? undefined : ancestors,
      replicaIdentity:
        replicaIdentity === 'i' ? `index ${replicaIndex ?? ''}` : replicaIdentities[replicaIdentity ?? ''],
      ofType: unusual.ofType,
      accessMethod: unusual.accessMethod,
      tablespace: unusual.tablespace,
      comment: unusual.comment,
    }),
  };
}

/** The values that there are. */
export function leaveOutUnsaid<T extends object>(
  values: T,
): { readonly [F in keyof T]?: Exclude<T[F], undefined> } {
  const said = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said) as { readonly [F in keyof T]?: Exclude<T[F], undefined> };
}

function decodeStorage({
  options,
  toastOptions,
}: NonNullable<RelationRow['unusual']>): Readonly<Record<string, string>> | undefined {
  if (options === undefined && toastOptions === undefined) return undefined;
  const toast = Object.entries(decodeOptions(toastOptions) ?? {});
  return {
    ...decodeOptions(options),
    ...Object.fromEntries(toast.map(([name, value]) => [`toast.${name}`, value])),
  };
}

/** The default is the primary key. */
const replicaIdentities: Readonly<Record<string, string>> = { n: 'nothing', f: 'full' };

export function decodeOptions(options: Options | undefined): Readonly<Record<string, string>> | undefined {
  if (options === undefined || options === null) return undefined;
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

export const storageModes: Readonly<Record<string, string>> = {
  p: 'plain',
  e: 'external',
  m: 'main',
  x: 'extended',
};

export const compressions: Readonly<Record<string, string>> = { p: 'pglz', l: 'lz4' };

/** @param readSequence tells what is part of the schema of the privileges on the sequence behind a column */
export function decodeColumn(
  row: ColumnRow,
  table: RelationRow,
  usual: UsualPrivileges,
  readSequence: ReadPrivileges,
): Column {
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
  const { storage, compression, acl } = unusual;
  return {
    ...base,
    ...leaveOutUnsaid({
      notNullOptions: unusual.notNullOptions,
      notNullComment: unusual.notNullComment,
      sequenceComment: unusual.sequenceComment,
      sequenceGrants: unusual.sequence && readSequenceGrants(unusual, table, readSequence),
      storageMode: storage === undefined ? undefined : (storageModes[storage] ?? storage),
      compression: compression === undefined ? undefined : (compressions[compression] ?? compression),
      statisticsTarget: unusual.statistics,
      options: decodeOptions(unusual.options),
      grants: acl && readColumnGrants(acl, table.owner, usual),
      comment: unusual.comment,
    }),
  };
}

/** Nothing where there is nothing to tell: most sequences are nobody's concern. */
function readSequenceGrants(
  { sequenceAcl }: NonNullable<ColumnRow['unusual']>,
  { namespace, owner }: RelationRow,
  readSequence: ReadPrivileges,
): readonly string[] | undefined {
  const { grants } = readSequence({ namespace, owner, acl: sequenceAcl ?? null });
  return grants.length === 0 ? undefined : grants;
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
          : leaveOutUnsaid({
              include: unusual.include,
              withoutOverlaps: unusual.period,
              storage: decodeOptions(unusual.options),
              tablespace: unusual.tablespace,
              clustered: unusual.clustered,
              indexComment: unusual.indexComment,
              ownTriggers: decodeOwnTriggers(unusual),
              comment: unusual.comment,
            })),
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
      return {
        kind: 'exclusion',
        address,
        definition: createExpression(row.expression ?? ''),
        ...leaveOutUnsaid({ ownTriggers: decodeOwnTriggers(unusual) }),
        comment,
      };
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
      : leaveOutUnsaid({
          onDeleteColumns:
            unusual.onDeleteColumns && nameColumns(names, row.relation, unusual.onDeleteColumns),
          validated: unusual.invalid && false,
          enforced: unusual.notEnforced && false,
          period: unusual.period,
          ownTriggers: decodeOwnTriggers(unusual),
          comment: unusual.comment,
        })),
  };
}

/** What ALTER TABLE says of the triggers that keep a constraint. */
const triggerStates: Readonly<Record<string, string>> = {
  D: 'disabled',
  R: 'enabled for replica',
  A: 'enabled for always',
};

function decodeOwnTriggers({
  ownTriggers,
}: NonNullable<ConstraintRow['unusual']>): readonly string[] | undefined {
  return ownTriggers
    ?.map(([state, namespace, table]) => {
      const name = [...(namespace === 'public' ? [] : [namespace]), table].map(printName).join('.');
      return `${triggerStates[state] ?? state} on ${name}`;
    })
    .sort(compareText);
}

function decodeDeferral({ deferrable, deferred }: NonNullable<ConstraintRow['unusual']>): Deferral {
  if (!deferrable) return 'immediate';
  return deferred ? 'deferred' : 'deferrable';
}
