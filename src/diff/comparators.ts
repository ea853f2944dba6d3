/**
 * One comparator for every field of every object. {@link comparators} is a mapped type over the catalogue, so a new
 * field or a new kind of object does not compile until somebody has said here how it is compared.
 */
import type { CatalogObject, IdentityFields, ObjectKind, ObjectOf, Opaque } from '../catalog/objects.ts';
import { forOpaqueKinds } from '../catalog/opaque-kinds.ts';
import type { FieldChange } from './changes.ts';
import {
  addresses,
  expression,
  expressions,
  falseByDefault,
  grants,
  list,
  none,
  plain,
  position,
  record,
  set,
  trueByDefault,
  type Comparator,
} from './comparator.ts';
import { columnValue, indexParts, partitionOf, references, sequenceOptions } from './comparator-parts.ts';

type ComparatorsOf<O> = {
  readonly [F in Exclude<keyof O, IdentityFields>]-?: Comparator<Exclude<O[F], undefined>>;
};

type Comparators = { readonly [K in ObjectKind]: ComparatorsOf<ObjectOf<K>> };

const opaque: ComparatorsOf<Opaque> = {
  definition: expression,
  owner: plain,
  grants,
  partComments: record,
  columnGrants: set,
  comment: plain,
};

const comparators: Comparators = {
  table: {
    strict: falseByDefault,
    withoutRowid: falseByDefault,
    unlogged: falseByDefault,
    rowSecurity: falseByDefault,
    forceRowSecurity: falseByDefault,
    storage: record,
    partitionBy: plain,
    partitionOf,
    inherits: addresses,
    ofType: plain,
    replicaIdentity: plain,
    accessMethod: plain,
    tablespace: plain,
    owner: plain,
    grants,
    comment: plain,
  },
  column: {
    type: plain,
    nullable: plain,
    value: columnValue,
    collation: plain,
    position,
    notNullOnConflict: plain,
    notNullOptions: plain,
    notNullComment: plain,
    sequenceComment: plain,
    sequenceGrants: grants,
    storageMode: plain,
    compression: plain,
    statisticsTarget: plain,
    options: record,
    grants,
    comment: plain,
  },
  primaryKey: {
    columns: list,
    autoincrement: falseByDefault,
    descending: set,
    collations: set,
    onConflict: plain,
    deferral: plain,
    include: list,
    withoutOverlaps: falseByDefault,
    storage: record,
    tablespace: plain,
    clustered: falseByDefault,
    indexComment: plain,
    ownTriggers: set,
    comment: plain,
  },
  unique: {
    unique: trueByDefault,
    columns: list,
    where: expression,
    descending: set,
    collations: set,
    onConflict: plain,
    nullsNotDistinct: falseByDefault,
    deferral: plain,
    include: list,
    withoutOverlaps: falseByDefault,
    storage: record,
    tablespace: plain,
    clustered: falseByDefault,
    indexComment: plain,
    ownTriggers: set,
    comment: plain,
  },
  foreignKey: {
    columns: list,
    references,
    onDelete: plain,
    onUpdate: plain,
    onDeleteColumns: list,
    match: plain,
    deferral: plain,
    validated: trueByDefault,
    enforced: trueByDefault,
    period: falseByDefault,
    ownTriggers: set,
    comment: plain,
  },
  check: {
    expression,
    onConflict: plain,
    validated: trueByDefault,
    noInherit: falseByDefault,
    enforced: trueByDefault,
    comment: plain,
  },
  exclusion: { definition: expression, ownTriggers: set, comment: plain },
  index: {
    unique: plain,
    parts: indexParts,
    where: expression,
    method: plain,
    include: list,
    storage: record,
    nullsNotDistinct: falseByDefault,
    valid: trueByDefault,
    tablespace: plain,
    only: falseByDefault,
    clustered: falseByDefault,
    columnStatistics: record,
    comment: plain,
  },
  enum: { values: list, owner: plain, grants, comment: plain },
  sequence: {
    type: plain,
    options: sequenceOptions,
    unlogged: falseByDefault,
    ownedBy: plain,
    owner: plain,
    grants,
    comment: plain,
  },
  view: {
    definition: expression,
    columns: list,
    options: record,
    columnDefaults: expressions,
    columnComments: record,
    columnGrants: set,
    owner: plain,
    grants,
    comment: plain,
  },
  materializedView: {
    definition: expression,
    options: record,
    accessMethod: plain,
    tablespace: plain,
    populated: trueByDefault,
    columnSettings: record,
    columnComments: record,
    columnGrants: set,
    owner: plain,
    grants,
    comment: plain,
  },
  policy: {
    as: plain,
    for: plain,
    to: set,
    using: expression,
    withCheck: expression,
    comment: plain,
  },
  role: { createDb: plain, createRole: plain, inherit: plain, comment: plain },
  schema: { owner: plain, grants, comment: plain },
  trigger: { definition: expression, inherited: falseByDefault, enabled: plain, comment: plain },
  virtualTable: { module: plain, arguments: list, shadowTables: set, comment: plain },
  ...forOpaqueKinds(opaque),
};

type AnyComparator = Comparator<unknown>;

interface FieldComparator {
  readonly field: string;
  readonly compare: AnyComparator;
}

/** The comparators as lists, made once: this is where a check spends its time on large schemas. */
const comparatorLists = new Map<string, readonly FieldComparator[]>(
  Object.entries(comparators).map(([kind, fields]) => [
    kind,
    Object.entries(fields).map(([field, compare]) => ({ field, compare: compare as AnyComparator })),
  ]),
);

/** Every field in which two objects of one kind differ, in the catalogue's order; empty where they mean the same. */
export function compareFields(database: CatalogObject, expected: CatalogObject): readonly FieldChange[] {
  if (database === expected) return none;
  const before = database as unknown as Readonly<Record<string, unknown>>;
  const after = expected as unknown as Readonly<Record<string, unknown>>;
  let changes = none;
  for (const { field, compare } of comparatorLists.get(database.kind) ?? []) {
    if (before[field] === after[field]) continue;
    const found = compare(field, before[field], after[field]);
    if (found.length > 0) changes = changes.length === 0 ? found : [...changes, ...found];
  }
  return changes;
}
