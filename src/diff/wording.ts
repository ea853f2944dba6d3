/**
 * How every field of every kind of object is put into words. A mapped type over the catalogue: a new field does not
 * compile until somebody has said here what it is called.
 */
import type { IdentityFields, ObjectKind, ObjectOf, SequenceOptions } from '../catalog/objects.ts';
import { forOpaqueKinds } from '../catalog/opaque-kinds.ts';
import type { FieldValue } from './changes.ts';

/** A value as it stands in a sentence: lists and records are already text. */
export type Word = string | number | boolean | null;

/** The words for one field, with any value it can have. */
export interface Wording {
  /** What it is called in a list: `on delete`. */
  readonly label: string;
  /** What the object does, after its name: `allows NULL`, `is text`, `has no default`. */
  readonly has: (value: Word) => string;
  /** The value by itself, after "says" or on one side of an arrow: `NOT NULL`, `text`, `no default`. */
  readonly says: (value: Word) => string;
}

type Sequenced<P extends string> = `${P}.${keyof SequenceOptions}`;

/** Names under which the comparators report what the catalogue keeps in one structured field. */
interface Reported {
  column: 'default' | 'generated' | 'generatedStorage' | 'identity' | Sequenced<'identity' | 'serial'>;
  index: 'columns';
  sequence: keyof SequenceOptions;
}

/** Fields of the catalogue that are reported under the names above, or never. */
type Unreported = IdentityFields | 'value' | 'position' | 'parts' | 'options';

type FieldOf<K extends ObjectKind> =
  | (K extends keyof Reported ? Reported[K] : never)
  | Exclude<keyof ObjectOf<K>, K extends keyof Reported ? Unreported : IdentityFields>;

type Wordings = { readonly [K in ObjectKind]: { readonly [F in FieldOf<K> & string]: Wording } };

/** A property with two states. */
function flag(label: string, yes: string, no: string, has = 'is'): Wording {
  return {
    label,
    has: (value) => `${has} ${value === true ? yes : no}`,
    says: (value) => (value === true ? yes : no),
  };
}

/** A clause of SQL with its value: `DEFAULT 0`; `none` is what its absence is called. */
function clause(
  label: string,
  none: string,
  show: (text: string) => string = (text) => `${label.toUpperCase()} ${text}`,
): Wording {
  const says = (value: Word): string => (value === null ? none : show(String(value)));
  return { label, has: (value) => `has ${says(value)}`, says };
}

/** A property that the object is: `is text`. */
function being(label: string, none: string, show: (text: string) => string = String): Wording {
  const says = (value: Word): string => (value === null ? none : show(String(value)));
  return { label, has: (value) => `is ${says(value)}`, says };
}

/** A property with a name of its own: `tablespace fast`. */
function named(noun: string, none = `no ${noun}`): Wording {
  return clause(noun, none, (text) => `${noun} ${text}`);
}

export function parenthesise(text: string): string {
  return wrapsWhole(text) ? text : `(${text})`;
}

/** True where the first parenthesis closes with the last character. Quoted parentheses only make it say no. */
function wrapsWhole(text: string): boolean {
  if (!text.startsWith('(') || !text.endsWith(')')) return false;
  let depth = 0;
  for (const [at, character] of [...text].entries()) {
    if (character === '(') depth++;
    else if (character === ')' && --depth === 0) return at === [...text].length - 1;
  }
  return false;
}

const inClause =
  (keyword: string) =>
  (text: string): string =>
    `${keyword} ${parenthesise(text)}`;
const upper =
  (keyword: string) =>
  (text: string): string =>
    `${keyword} ${text.toUpperCase()}`;

const comment = clause('comment', 'no comment', (text) => `the comment '${text}'`);
const columnComments = clause('column comments', 'no comments on its columns');
const columnGrants = clause('column grants', 'no grants on its columns');
const owner = named('owner', 'the usual owner');
const grants = named('grants');
const tablespace = named('tablespace', 'the default tablespace');
const accessMethod = clause('access method', 'the default access method', (text) => `access method ${text}`);
const storage = clause('storage parameters', 'no storage parameters', inClause('WITH'));
const options = clause('options', 'no options', inClause('WITH'));
const columns: Wording = {
  label: 'columns',
  has: (value) => (value === null ? 'has no columns' : `is on ${parenthesise(String(value))}`),
  says: (value) => (value === null ? 'no columns' : parenthesise(String(value))),
};
const onConflict = clause('on conflict', 'no ON CONFLICT', upper('ON CONFLICT'));
const include = clause('include', 'no INCLUDE', inClause('INCLUDE'));
const collations = clause('collation', 'no collation of its own', (text) => `the collation ${text}`);
const descending = clause('order', 'no DESC column', (text) => `DESC on ${text}`);
const nullsNotDistinct = flag('nulls', 'NULLS NOT DISTINCT', 'NULLS DISTINCT');
const withoutOverlaps = flag('without overlaps', 'WITHOUT OVERLAPS', 'without WITHOUT OVERLAPS');
const clustered = flag(
  'clustered',
  'the one the table is clustered on',
  'not the one the table is clustered on',
);
const indexComment = clause(
  'index comment',
  'no comment on its index',
  (text) => `the comment '${text}' on its index`,
);
const ownTriggers = clause('triggers', 'its own triggers enabled', (text) => `triggers of its own ${text}`);
const validated = flag('validated', 'validated', 'NOT VALID');
const enforced = flag('enforced', 'ENFORCED', 'NOT ENFORCED');
const deferralNames: Readonly<Record<string, string>> = {
  immediate: 'NOT DEFERRABLE',
  deferrable: 'DEFERRABLE INITIALLY IMMEDIATE',
  deferred: 'DEFERRABLE INITIALLY DEFERRED',
};
const deferral = being('deferral', 'NOT DEFERRABLE', (text) => deferralNames[text] ?? text);
const definition: Wording = {
  label: 'definition',
  has: (value) => (value === null ? 'has no definition' : `is defined as ${String(value)}`),
  says: (value) => (value === null ? 'no definition' : String(value)),
};
const query: Wording = {
  label: 'query',
  has: (value) => (value === null ? 'has no query of its own' : `reads ${String(value)}`),
  says: (value) => (value === null ? 'no query of its own' : String(value)),
};

function sequenceFields<P extends string>(
  subject: string,
  prefix: P,
): Readonly<Record<`${P}${keyof SequenceOptions}`, Wording>> {
  const option = (label: string): Wording =>
    clause(`${subject} ${label}`, `no ${label.toUpperCase()}`, upper(label.toUpperCase()));
  const all: Record<keyof SequenceOptions, Wording> = {
    startWith: option('start with'),
    increment: option('increment by'),
    minValue: option('minvalue'),
    maxValue: option('maxvalue'),
    cache: option('cache'),
    cycle: flag(`${subject} cycle`, 'CYCLE', 'NO CYCLE', 'has'),
  };
  // The keys are those of `all` with the prefix before them; Object.fromEntries forgets that.
  return Object.fromEntries(
    Object.entries(all).map(([field, wording]) => [`${prefix}${field}`, wording]),
  ) as Record<`${P}${keyof SequenceOptions}`, Wording>;
}

const opaque = {
  definition,
  owner,
  grants,
  partComments: clause('comments on its parts', 'no comments on its parts'),
  columnGrants,
  comment,
};

export const wordings: Wordings = {
  table: {
    strict: flag('strict', 'STRICT', 'not STRICT'),
    withoutRowid: flag('rowid', 'WITHOUT ROWID', 'a rowid table'),
    unlogged: flag('unlogged', 'UNLOGGED', 'logged'),
    rowSecurity: flag(
      'row level security',
      'row level security enabled',
      'row level security disabled',
      'has',
    ),
    forceRowSecurity: flag(
      'forced row level security',
      'row level security forced for its owner',
      'row level security not forced for its owner',
      'has',
    ),
    storage,
    partitionBy: being('partitioning', 'not partitioned', (text) => `partitioned by ${text}`),
    partitionOf: being('partition of', 'no partition', (text) => `a partition of ${text}`),
    inherits: being('inherits', 'without INHERITS', (text) => `INHERITS ${parenthesise(text)}`),
    ofType: being('of', 'of no type', (text) => `of the type ${text}`),
    replicaIdentity: clause('replica identity', 'no REPLICA IDENTITY'),
    accessMethod,
    tablespace,
    owner,
    grants,
    comment,
  },
  column: {
    type: {
      label: 'type',
      has: (value) => (value === null || value === '' ? 'has no type' : `is ${String(value)}`),
      says: (value) => (value === null || value === '' ? 'no type' : String(value)),
    },
    nullable: {
      label: 'nullability',
      has: (value) => (value === true ? 'allows NULL' : 'is NOT NULL'),
      says: (value) => (value === true ? 'NULL is allowed' : 'NOT NULL'),
    },
    default: clause('default', 'no default'),
    generated: being('generated', 'not generated', (text) => `generated as ${text}`),
    generatedStorage: being('generated storage', 'not generated', (text) => text.toUpperCase()),
    identity: being('identity', 'no identity column', (text) =>
      text === 'always' ? 'GENERATED ALWAYS AS IDENTITY' : 'GENERATED BY DEFAULT AS IDENTITY',
    ),
    ...sequenceFields('identity', 'identity.'),
    ...sequenceFields('sequence', 'serial.'),
    collation: clause('collation', 'the default collation', (text) => `COLLATE ${text}`),
    notNullOnConflict: clause(
      'not null on conflict',
      'no ON CONFLICT on its NOT NULL',
      upper('NOT NULL ON CONFLICT'),
    ),
    notNullOptions: clause('not null', 'a plain NOT NULL', (text) => `NOT NULL ${text}`),
    notNullComment: clause(
      'not null comment',
      'no comment on its NOT NULL',
      (text) => `the comment '${text}' on its NOT NULL`,
    ),
    sequenceComment: clause(
      'sequence comment',
      'no comment on its sequence',
      (text) => `the comment '${text}' on its sequence`,
    ),
    sequenceGrants: clause('sequence grants', 'no grants on its sequence'),
    storageMode: clause('storage', 'the default STORAGE', upper('STORAGE')),
    compression: clause('compression', 'the default COMPRESSION'),
    statisticsTarget: clause('statistics', 'the default STATISTICS'),
    grants,
    comment,
  },
  primaryKey: {
    columns,
    autoincrement: flag('autoincrement', 'AUTOINCREMENT', 'without AUTOINCREMENT'),
    descending,
    collations,
    onConflict,
    deferral,
    include,
    withoutOverlaps,
    storage,
    tablespace,
    clustered,
    indexComment,
    ownTriggers,
    comment,
  },
  unique: {
    unique: flag('unique', 'unique', 'not unique'),
    columns,
    where: clause('where', 'no WHERE'),
    descending,
    collations,
    onConflict,
    nullsNotDistinct,
    deferral,
    include,
    withoutOverlaps,
    storage,
    tablespace,
    clustered,
    indexComment,
    ownTriggers,
    comment,
  },
  foreignKey: {
    columns,
    references: {
      label: 'references',
      has: (value) => `references ${String(value ?? 'nothing')}`,
      says: (value) => `REFERENCES ${String(value ?? 'nothing')}`,
    },
    onDelete: clause('on delete', 'no ON DELETE', upper('ON DELETE')),
    onUpdate: clause('on update', 'no ON UPDATE', upper('ON UPDATE')),
    onDeleteColumns: clause(
      'on delete columns',
      'ON DELETE for all its columns',
      (text) => `ON DELETE for ${parenthesise(text)}`,
    ),
    match: clause('match', 'no MATCH', upper('MATCH')),
    deferral,
    validated,
    enforced,
    period: flag('period', 'PERIOD', 'without PERIOD'),
    ownTriggers,
    comment,
  },
  check: {
    expression: being('expression', 'no expression', inClause('CHECK')),
    onConflict,
    validated,
    noInherit: flag('no inherit', 'NO INHERIT', 'inherited'),
    enforced,
    comment,
  },
  exclusion: { definition, ownTriggers, comment },
  index: {
    unique: flag('unique', 'unique', 'not unique'),
    columns,
    where: clause('where', 'no WHERE'),
    method: {
      label: 'method',
      has: (value) => (value === null ? 'has no method' : `uses ${String(value)}`),
      says: (value) => (value === null ? 'no method' : `USING ${String(value)}`),
    },
    include,
    storage,
    nullsNotDistinct,
    valid: flag('valid', 'valid', 'INVALID'),
    tablespace,
    only: flag('only', 'ON ONLY the parent table', 'on the partitions too'),
    clustered,
    columnStatistics: clause('statistics', 'the default STATISTICS of its columns'),
    comment,
  },
  enum: { values: clause('values', 'no values', (text) => `the values ${text}`), owner, grants, comment },
  sequence: {
    type: being('type', 'without a type'),
    ...sequenceFields('sequence', ''),
    unlogged: flag('unlogged', 'UNLOGGED', 'logged'),
    ownedBy: being('owned by', 'owned by no column', (text) => `owned by ${text}`),
    owner,
    grants,
    comment,
  },
  view: {
    definition: query,
    columns: clause('columns', 'no column names of its own', (text) => `the columns ${parenthesise(text)}`),
    options,
    columnDefaults: clause('column defaults', 'no defaults of its columns'),
    columnComments,
    columnGrants,
    owner,
    grants,
    comment,
  },
  materializedView: {
    definition: query,
    options,
    accessMethod,
    tablespace,
    populated: flag('populated', 'populated', 'not populated'),
    columnSettings: clause('column settings', 'the default settings of its columns'),
    columnComments,
    columnGrants,
    owner,
    grants,
    comment,
  },
  policy: {
    as: being('as', 'permissive', (text) => text.toUpperCase()),
    for: clause('for', 'no FOR', upper('FOR')),
    to: clause('to', 'no role'),
    using: clause('using', 'no USING', inClause('USING')),
    withCheck: clause('with check', 'no WITH CHECK', inClause('WITH CHECK')),
    comment,
  },
  role: {
    createDb: flag('createdb', 'CREATEDB', 'NOCREATEDB'),
    createRole: flag('createrole', 'CREATEROLE', 'NOCREATEROLE'),
    inherit: flag('inherit', 'INHERIT', 'NOINHERIT'),
    comment,
  },
  schema: { owner, grants, comment },
  trigger: {
    definition,
    inherited: flag('inherited', 'the trigger of its parent', 'a trigger of its own'),
    enabled: being('enabled', 'enabled', (text) =>
      text === 'origin' ? 'enabled' : text === 'disabled' ? 'disabled' : `enabled for ${text}`,
    ),
    comment,
  },
  virtualTable: {
    module: clause('module', 'no module', (text) => `the module ${text}`),
    arguments: clause('arguments', 'no arguments', (text) => `the arguments ${parenthesise(text)}`),
    shadowTables: clause('shadow tables', 'no shadow tables', (text) => `the shadow tables ${text}`),
    comment,
  },
  ...forOpaqueKinds(opaque),
};

const renamed: Wording = {
  label: 'name',
  has: (value) => `is called ${String(value)}`,
  says: (value) => String(value),
};

/** The words for a reported field. */
export function wordingOf(kind: ObjectKind, field: string): Wording {
  if (field === 'name') return renamed;
  const fields: Readonly<Record<string, Wording>> = wordings[kind];
  // A report read from elsewhere may name a field that this version does not know.
  return fields[field] ?? named(splitWords(field));
}

/** `notNullOnConflict` as words: `not null on conflict`. */
export function splitWords(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** A reported value as one text; null stays null. */
export function wordOf(value: FieldValue): Word {
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) return value.length === 0 ? null : value.join(', ');
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? null : entries.map(([key, text]) => `${key}=${text}`).join(', ');
}

function isList(value: readonly string[] | Readonly<Record<string, string>>): value is readonly string[] {
  return Array.isArray(value);
}
