/**
 * One comparator for every field of every object. {@link comparators} is a mapped type over the catalogue, so a new
 * field or a new kind of object does not compile until somebody has said here how it is compared.
 */
import type { Address } from '../catalog/address.ts';
import type {
  CatalogObject,
  ColumnValue,
  Expression,
  ForeignKey,
  IdentityFields,
  IndexPart,
  ObjectKind,
  ObjectOf,
  Opaque,
  SequenceOptions,
  Table,
} from '../catalog/objects.ts';
import { forOpaqueKinds } from '../catalog/opaque-kinds.ts';
import type { FieldChange, FieldValue } from './changes.ts';
import { areSameGrants, listTold } from './grants.ts';

/** Compares one field; an empty list says that both values mean the same. */
type Comparator<V> = (
  field: string,
  database: V | undefined,
  expected: V | undefined,
) => readonly FieldChange[];

type ComparatorsOf<O> = {
  readonly [F in Exclude<keyof O, IdentityFields>]-?: Comparator<Exclude<O[F], undefined>>;
};

type Comparators = { readonly [K in ObjectKind]: ComparatorsOf<ObjectOf<K>> };

const none: readonly FieldChange[] = [];

/** Makes a comparator from the meaning of a value and the way it is shown. Absent, null and nothing are one. */
function compareBy<V>(
  meaning: (value: V) => unknown,
  show: (value: V) => FieldValue,
  isSame?: (database: NonNullable<V>, expected: NonNullable<V>) => boolean,
): Comparator<V> {
  return (field, database, expected) => {
    if (database === expected) return none;
    const own = database ?? null;
    const other = expected ?? null;
    // A look that needs no JSON, where there is one: most of what is compared is the same.
    if (own !== null && other !== null && isSame?.(own, other)) return none;
    // A meaning of null (an empty list) is the same as no value at all; JSON would make a text of it.
    const before = own === null ? 'null' : JSON.stringify(meaning(own));
    const after = other === null ? 'null' : JSON.stringify(meaning(other));
    if (before === after) return none;
    return [
      {
        field,
        database: own === null ? null : show(own),
        expected: other === null ? null : show(other),
      },
    ];
  };
}

/** A field renamed in reports, because the catalogue's name is about structure and not about the user's words. */
function shownAs<V>(name: string, comparator: Comparator<V>): Comparator<V> {
  return (_field, database, expected) => comparator(name, database, expected);
}

const plain: Comparator<string | number | boolean | null> = (field, database, expected) => {
  const before = database ?? null;
  const after = expected ?? null;
  return before === after ? none : [{ field, database: before, expected: after }];
};

/** True is the engine's default, so that an absent field and `true` are equal. */
const trueByDefault: Comparator<boolean> = (field, database, expected) =>
  plain(field, database ?? true, expected ?? true);

/** False is the engine's default. */
const falseByDefault: Comparator<boolean> = (field, database, expected) =>
  plain(field, database ?? false, expected ?? false);

/** Names in an order that means something. */
const list: Comparator<readonly string[]> = compareBy(
  (value) => (value.length === 0 ? null : value),
  (value) => (value.length === 0 ? null : value),
  haveSameItems,
);

function haveSameItems(database: readonly string[], expected: readonly string[]): boolean {
  return database.length === expected.length && database.every((item, place) => item === expected[place]);
}

/** Names in no order. */
const set: Comparator<readonly string[]> = compareBy(
  (value) => (value.length === 0 ? null : [...value].sort()),
  (value) => (value.length === 0 ? null : [...value].sort()),
  haveSameItems,
);

const grants: Comparator<readonly string[]> = (field, database = [], expected = []) => {
  if (areSameGrants(database, expected)) return none;
  return [{ field, database: listTold(database), expected: listTold(expected) }];
};

const record: Comparator<Readonly<Record<string, string>>> = compareBy(
  (value) => {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return entries.length === 0 ? null : entries;
  },
  (value) => (Object.keys(value).length === 0 ? null : value),
  (database, expected) => isEmpty(database) && isEmpty(expected),
);

function isEmpty(value: Readonly<Record<string, string>>): boolean {
  for (const _name in value) return false;
  return true;
}

const expression: Comparator<Expression | null> = compareBy(
  (value) => value?.canonical,
  (value) => value?.text ?? null,
  (database, expected) => database.canonical === expected.canonical,
);

/** Expressions by name. */
const expressions: Comparator<Readonly<Record<string, Expression>>> = compareBy(
  (value) => Object.entries(value).map(([name, { canonical }]) => [name, canonical]),
  (value) => Object.fromEntries(Object.entries(value).map(([name, { text }]) => [name, text])),
);

const addresses: Comparator<readonly Address[]> = compareBy(
  (value) => (value.length === 0 ? null : value),
  (value) => value.map(showAddress),
);

/** Place of a column: no difference of meaning, and neither engine can change it in place. */
const position: Comparator<number> = () => none;

/** Compares a column's value as what a person would name: its default, its generation, its identity. */
const columnValue: Comparator<ColumnValue> = (_field, database, expected) => {
  const before = database ?? { kind: 'none' };
  const after = expected ?? { kind: 'none' };
  if (before.kind === after.kind) return compareSameValueKind(before, after);
  return joinSides(showValueKind(before, 'database'), showValueKind(after, 'expected'));
};

/** Two kinds of values that go by one name, as a default and a sequence of the column's own, are one difference. */
function joinSides(before: readonly FieldChange[], after: readonly FieldChange[]): readonly FieldChange[] {
  const joined = before.map((one) => {
    const other = after.find(({ field }) => field === one.field);
    return other ? { ...one, expected: other.expected } : one;
  });
  return [...joined, ...after.filter(({ field }) => !before.some((one) => one.field === field))];
}

function compareSameValueKind(before: ColumnValue, after: ColumnValue): readonly FieldChange[] {
  if (before.kind === 'default' && after.kind === 'default') {
    return expression('default', before.expression, after.expression);
  }
  if (before.kind === 'generated' && after.kind === 'generated') {
    return [
      ...expression('generated', before.expression, after.expression),
      ...plain('generatedStorage', before.storage, after.storage),
    ];
  }
  if (before.kind === 'identity' && after.kind === 'identity') {
    return [
      ...plain('identity', before.generation, after.generation),
      ...compareSequenceOptions('identity', before.sequence, after.sequence),
    ];
  }
  if (before.kind === 'serial' && after.kind === 'serial') {
    return compareSequenceOptions('serial', before.sequence, after.sequence);
  }
  return none;
}

function showValueKind(value: ColumnValue, side: 'database' | 'expected'): readonly FieldChange[] {
  const shown = (field: string, text: string): readonly FieldChange[] => [
    side === 'database'
      ? { field, database: text, expected: null }
      : { field, database: null, expected: text },
  ];
  switch (value.kind) {
    case 'none':
      return none;
    case 'default':
      return shown('default', value.expression.text);
    case 'generated':
      return shown('generated', `${value.expression.text} ${value.storage}`);
    case 'identity':
      return shown('identity', value.generation);
    case 'serial':
      return shown('default', `nextval('${value.sequenceName ?? 'a sequence of its own'}')`);
  }
}

const sequenceFields: readonly (keyof SequenceOptions)[] = [
  'startWith',
  'increment',
  'minValue',
  'maxValue',
  'cache',
  'cycle',
];

function compareSequenceOptions(
  prefix: string,
  before: SequenceOptions,
  after: SequenceOptions,
): readonly FieldChange[] {
  if (sequenceFields.every((field) => before[field] === after[field])) return none;
  return sequenceFields.flatMap((field) =>
    plain(prefix === '' ? field : `${prefix}.${field}`, before[field], after[field]),
  );
}

const sequenceOptions: Comparator<SequenceOptions> = (_field, database, expected) =>
  database && expected ? compareSequenceOptions('', database, expected) : none;

const indexParts: Comparator<readonly IndexPart[]> = shownAs(
  'columns',
  compareBy(
    (parts) => parts.map(meaningOfIndexPart),
    (parts) => parts.map(showIndexPart),
  ),
);

function meaningOfIndexPart(part: IndexPart): unknown {
  return [
    'column' in part.on ? ['column', part.on.column] : ['expression', part.on.expression.canonical],
    part.order,
    // A method without an order differs by that from no other one that has the usual order.
    part.nulls ?? usualNulls(part),
    part.collation,
    part.opclass ?? null,
  ];
}

function usualNulls({ order }: IndexPart): 'first' | 'last' {
  return order === 'desc' ? 'first' : 'last';
}

/** Prints one place of an index the way it would stand in CREATE INDEX. */
export function showIndexPart(part: IndexPart): string {
  // The order of nulls is only worth a word where it is not the one that comes with the direction.
  const usual = usualNulls(part);
  return [
    'column' in part.on ? part.on.column : part.on.expression.text,
    part.collation === null ? '' : `collate ${part.collation}`,
    part.opclass ?? '',
    part.order === 'desc' ? 'desc' : '',
    part.nulls === undefined || part.nulls === usual ? '' : `nulls ${part.nulls}`,
  ]
    .filter((word) => word !== '')
    .join(' ');
}

const references: Comparator<ForeignKey['references']> = compareBy((value) => value, showReference);

/** Prints what a foreign key points at: `users(id)`. */
export function showReference(value: ForeignKey['references']): string {
  return `${showAddress({ namespace: value.namespace, name: value.table })}(${value.columns.join(', ')})`;
}

const partitionOf: Comparator<NonNullable<Table['partitionOf']> | null> = compareBy(
  (value) => value,
  (value) => (value === null ? null : `${showAddress(value.parent)} ${value.bound}`),
);

/** Prints an address for people: the namespaces that everybody starts in are left out. */
export function showAddress(address: Address): string {
  const path = address.table === undefined ? [address.name] : [address.table, address.name];
  const hidden = address.namespace === '' || address.namespace === 'public' || address.namespace === 'main';
  return (hidden ? path : [address.namespace, ...path]).join('.');
}

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
