/** Sentences about changes that a reviewer can act on. */
import { tableAddress, type Address } from '../catalog/address.ts';
import type { ObjectKind } from '../catalog/objects.ts';
import type { Hazard } from '../plan/hazards.ts';
import type { Change, ChangeType, CreateChange, DropChange, FieldChange, RenameChange } from './changes.ts';
import type { Cause, Drift, SourceLocation } from './drift.ts';
import { describeObject, kindNames, nameObject, printAddress } from './naming.ts';
import { excerptPair, makePrintable } from './printable.ts';
import { wordingOf, wordOf } from './wording.ts';
import type { Word } from './wording-parts.ts';

/** What is known about a change besides the change. */
export interface Circumstances {
  readonly cause: Cause;
  /** Tag of the pending migration, with cause `unapplied`. */
  readonly migration?: string | undefined;
  /** With cause `unapplied`: what the migration renames it to, or makes it of by renaming. */
  readonly renamed?: Address | undefined;
  /** Where the models say what is expected. */
  readonly source?: SourceLocation | undefined;
  readonly expectedBy: Drift['expectedBy'];
  /** Who tells which side moved: nobody where there is no migrations folder (`two-way`) or it was not replayed. */
  readonly witness: Witnessed;
  /** What is held against the expectation: the database, or with `--offline` the migrations. */
  readonly observed?: 'database' | 'migrations' | undefined;
  /** Where any two schemas are compared: what they are called, in place of the database and of who expects it. */
  readonly sides?: SideNames | undefined;
}

/** Where the migrations are the third witness, and where they are not. */
export type Witnessed = 'three-way' | 'two-way' | 'unreplayed';

/** Two schemas by name: `the database` and `the models`, `old.sql` and `new.sql`. */
export interface SideNames {
  readonly from: string;
  readonly to: string;
}

type Context = Pick<Circumstances, 'source' | 'expectedBy' | 'observed' | 'sides'>;

/** A drift out of a change: the one place where the sentence and the data of the report come together. */
export function createDrift(
  change: Change,
  circumstances: Circumstances,
  hazards: readonly Hazard[] = [],
): Drift {
  const { cause, migration, source, expectedBy } = circumstances;
  const definition = describeDefinition(change);
  return {
    kind: `${change.kind}.${change.type}`,
    address: change.address,
    fields: 'fields' in change ? change.fields : [],
    cause,
    ...(migration === undefined ? {} : { migration }),
    ...(circumstances.renamed === undefined ? {} : { renamed: circumstances.renamed }),
    expectedBy,
    ...(circumstances.observed === 'migrations' ? { observed: 'migrations' } : {}),
    message: describeDrift(change, circumstances),
    ...(definition === null ? {} : { definition }),
    ...(source === undefined ? {} : { source }),
    hazards,
  };
}

/** What differs, and why: "users.email allows NULL in the database; schema/users.ts:12 says NOT NULL. Changed by hand…". */
export function describeDrift(change: Change, circumstances: Circumstances): string {
  return `${describeChange(change, circumstances)} ${describeCause(change.type, circumstances)}`;
}

/** What differs, as one sentence, without the cause. */
export function describeChange(change: Change, context: Context): string {
  switch (change.type) {
    case 'create':
      return describeCreate(change, context);
    case 'drop':
      return describeDrop(change, context);
    case 'alter':
      return describeFields(beginWith(change), change.kind, change.fields, context);
    case 'rename':
      return describeRename(change, context);
  }
}

function describeCreate(change: CreateChange, context: Context): string {
  return `${beginWithDefinition(change)} is missing ${placeOf(context)}; ${authorSays(context, 'has', 'have')} it.`;
}

function describeDrop(change: DropChange, context: Context): string {
  if (context.sides) {
    return `${beginWithDefinition(change)} is ${placeOf(context)} and not in ${makePrintable(context.sides.to)}.`;
  }
  const unwanted =
    placeOfAuthor(context) !== undefined
      ? `; ${authorOf(context)} does not have it`
      : context.expectedBy === 'models'
        ? ' and not in the models'
        : ' and not expected by the migrations';
  return `${beginWithDefinition(change)} is ${placeOf(context)}${unwanted}.`;
}

function describeRename(change: RenameChange, context: Context): string {
  const { kind, address, to } = change;
  const table = address.table === undefined ? '' : ` of ${printAddress(tableAddress(address))}`;
  const before = makePrintable(address.name);
  const after = to.namespace === address.namespace ? makePrintable(to.name) : printAddress(to);
  const name = `The ${kindNames[kind][0]}${table} is called ${before} ${placeOf(context)}; ${authorSays(context, 'calls', 'call')} it ${after}.`;
  const others = change.fields.filter((field) => field.field !== 'name');
  return others.length === 0 ? name : `${name} ${describeFields('It', kind, others, context)}`;
}

function describeFields(
  subject: string,
  kind: ObjectKind,
  fields: readonly FieldChange[],
  context: Context,
): string {
  const phrases = fields.map((field) => phraseField(kind, field));
  const has = joinWords(phrases.map((phrase) => phrase.has));
  const says = joinWords(phrases.map((phrase) => phrase.says));
  return `${subject} ${has} ${placeOf(context)}; ${authorSays(context, 'says', 'say')} ${says}.`;
}

/** Both values of a field as words, cut to the part that differs: `length` letters at most. */
export function showField(
  kind: ObjectKind,
  field: FieldChange,
  length?: number,
): { readonly label: string; readonly database: string; readonly expected: string } {
  const wording = wordingOf(kind, field.field);
  const words = shorten(field, length);
  return {
    label: wording.label,
    database: wording.says(words.database),
    expected: wording.says(words.expected),
  };
}

function phraseField(kind: ObjectKind, field: FieldChange): { readonly has: string; readonly says: string } {
  const wording = wordingOf(kind, field.field);
  const words = shorten(field);
  return { has: wording.has(words.database), says: wording.says(words.expected) };
}

function shorten(field: FieldChange, length?: number): { readonly database: Word; readonly expected: Word } {
  const database = wordOf(field.database);
  const expected = wordOf(field.expected);
  const pair = excerptPair(textOf(database), textOf(expected), length);
  return {
    database: typeof database === 'string' ? pair.database : database,
    expected: typeof expected === 'string' ? pair.expected : expected,
  };
}

function textOf(word: Word): string {
  return typeof word === 'string' ? word : '';
}

const pendingVerbs: Readonly<Record<ChangeType, string>> = {
  create: 'creates',
  drop: 'drops',
  alter: 'changes',
  rename: 'renames',
};

const handSentences: Readonly<Record<ChangeType, string>> = {
  create: 'Dropped by hand: no migration drops it.',
  drop: 'Made by hand: no migration makes it.',
  alter: 'Changed by hand: no migration does this.',
  rename: 'Renamed by hand: no migration does this.',
};

/** Which side moved, as one sentence. */
export function describeCause(
  type: ChangeType,
  {
    cause,
    migration,
    witness,
    observed,
    renamed,
  }: Pick<Circumstances, 'cause' | 'migration' | 'witness' | 'observed' | 'renamed'>,
): string {
  if (witness === 'two-way') {
    return 'There is no migrations folder, so drift cannot tell which side moved.';
  }
  if (witness === 'unreplayed') {
    return 'The migrations were not replayed, so drift cannot tell which side moved.';
  }
  switch (cause) {
    case 'unapplied':
      return `${migration === undefined ? 'A pending migration' : `Pending migration ${makePrintable(migration)}`} ${describePending(type, renamed)}.`;
    case 'ungenerated':
      return observed === 'migrations'
        ? 'No migration has been generated for it yet.'
        : 'The models changed, and no migration has been generated for it yet.';
    case 'out-of-band':
      return handSentences[type];
  }
}

function describePending(type: ChangeType, renamed: Address | undefined): string {
  if (renamed === undefined) return `${pendingVerbs[type]} it`;
  return type === 'drop'
    ? `renames it to ${makePrintable(renamed.name)}`
    : `makes it by renaming ${printAddress(renamed)}`;
}

function placeOf({ observed, sides }: Context): string {
  if (sides) return `in ${makePrintable(sides.from)}`;
  return observed === 'migrations' ? 'in the migrations' : 'in the database';
}

/** The line of the models, where it is they that say so. */
function placeOfAuthor({ source, expectedBy, sides }: Context): SourceLocation | undefined {
  return sides === undefined && expectedBy === 'migrations' ? undefined : source;
}

/** Who expects it: the very line of the models where it is known. */
function authorOf(context: Context): string {
  const source = placeOfAuthor(context);
  const { expectedBy, sides } = context;
  if (source !== undefined) return showSource(source);
  return sides ? makePrintable(sides.to) : `the ${expectedBy}`;
}

/** "schema/users.ts:12 says", but "the models say". */
function authorSays(context: Context, one: string, many: string): string {
  const isMany =
    placeOfAuthor(context) === undefined &&
    (!context.sides || /^the (?:models|migrations)$/.test(context.sides.to));
  return `${authorOf(context)} ${isMany ? many : one}`;
}

/** `schema/users.ts:12` */
export function showSource(source: SourceLocation): string {
  return `${makePrintable(source.file)}:${String(source.line)}`;
}

function beginWithDefinition(change: CreateChange | DropChange): string {
  const definition = describeDefinition(change);
  const subject = beginWith(change);
  if (definition === null) return subject;
  return change.kind === 'column' ? `${subject} (${definition})` : `${subject}, ${definition},`;
}

/** A sentence begins with a capital, unless it begins with the name of something: `users.email`. */
function beginWith(change: Change): string {
  const name = nameObject(change);
  return change.kind === 'column' ? name : `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}

function describeDefinition(change: Change): string | null {
  switch (change.type) {
    case 'create':
      return describeObject(change.expected);
    case 'drop':
      return describeObject(change.database);
    case 'alter':
    case 'rename':
      return null;
  }
}

function joinWords(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}
