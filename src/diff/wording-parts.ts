/** What the words for fields are made of, and the words that several kinds of objects share. */
import type { SequenceOptions } from '../catalog/objects.ts';

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

/** A property with two states. */
export function flag(label: string, yes: string, no: string, has = 'is'): Wording {
  return {
    label,
    has: (value) => `${has} ${value === true ? yes : no}`,
    says: (value) => (value === true ? yes : no),
  };
}

/** A clause of SQL with its value: `DEFAULT 0`; `none` is what its absence is called. */
export function clause(
  label: string,
  none: string,
  show: (text: string) => string = (text) => `${label.toUpperCase()} ${text}`,
): Wording {
  const says = (value: Word): string => (value === null ? none : show(String(value)));
  return { label, has: (value) => `has ${says(value)}`, says };
}

/** A property that the object is: `is text`. */
export function being(label: string, none: string, show: (text: string) => string = String): Wording {
  const says = (value: Word): string => (value === null ? none : show(String(value)));
  return { label, has: (value) => `is ${says(value)}`, says };
}

/** A property with a name of its own: `tablespace fast`. */
export function named(noun: string, none = `no ${noun}`): Wording {
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

export const inClause =
  (keyword: string) =>
  (text: string): string =>
    `${keyword} ${parenthesise(text)}`;
export const upper =
  (keyword: string) =>
  (text: string): string =>
    `${keyword} ${text.toUpperCase()}`;

export const comment = clause('comment', 'no comment', (text) => `the comment '${text}'`);
export const columnComments = clause('column comments', 'no comments on its columns');
export const columnGrants = clause('column grants', 'no grants on its columns');
export const owner = named('owner', 'the usual owner');
export const grants = named('grants');
export const tablespace = named('tablespace', 'the default tablespace');
export const accessMethod = clause(
  'access method',
  'the default access method',
  (text) => `access method ${text}`,
);
export const storage = clause('storage parameters', 'no storage parameters', inClause('WITH'));
export const options = clause('options', 'no options', inClause('WITH'));
export const columns: Wording = {
  label: 'columns',
  has: (value) => (value === null ? 'has no columns' : `is on ${parenthesise(String(value))}`),
  says: (value) => (value === null ? 'no columns' : parenthesise(String(value))),
};
export const onConflict = clause('on conflict', 'no ON CONFLICT', upper('ON CONFLICT'));
export const include = clause('include', 'no INCLUDE', inClause('INCLUDE'));
export const collations = clause('collation', 'no collation of its own', (text) => `the collation ${text}`);
export const descending = clause('order', 'no DESC column', (text) => `DESC on ${text}`);
export const nullsNotDistinct = flag('nulls', 'NULLS NOT DISTINCT', 'NULLS DISTINCT');
export const withoutOverlaps = flag('without overlaps', 'WITHOUT OVERLAPS', 'without WITHOUT OVERLAPS');
export const clustered = flag(
  'clustered',
  'the one the table is clustered on',
  'not the one the table is clustered on',
);
export const indexComment = clause(
  'index comment',
  'no comment on its index',
  (text) => `the comment '${text}' on its index`,
);
export const ownTriggers = clause(
  'triggers',
  'its own triggers enabled',
  (text) => `triggers of its own ${text}`,
);
export const validated = flag('validated', 'validated', 'NOT VALID');
export const enforced = flag('enforced', 'ENFORCED', 'NOT ENFORCED');
const deferralNames: Readonly<Record<string, string>> = {
  immediate: 'NOT DEFERRABLE',
  deferrable: 'DEFERRABLE INITIALLY IMMEDIATE',
  deferred: 'DEFERRABLE INITIALLY DEFERRED',
};
export const deferral = being('deferral', 'NOT DEFERRABLE', (text) => deferralNames[text] ?? text);
export const definition: Wording = {
  label: 'definition',
  has: (value) => (value === null ? 'has no definition' : `is defined as ${String(value)}`),
  says: (value) => (value === null ? 'no definition' : String(value)),
};
export const query: Wording = {
  label: 'query',
  has: (value) => (value === null ? 'has no query of its own' : `reads ${String(value)}`),
  says: (value) => (value === null ? 'no query of its own' : String(value)),
};

export function sequenceFields<P extends string>(
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

export const opaque = {
  definition,
  owner,
  grants,
  partComments: clause('comments on its parts', 'no comments on its parts'),
  columnGrants,
  comment,
};
