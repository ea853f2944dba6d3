/**
 * Which risks of a change are left where a pending migration makes it: what its statements answer (a rename, a copy, a
 * backfill, USING, CONCURRENTLY, NOT VALID) is none any more, and what they do in another way is not known.
 */
import type { Change } from '../../diff/changes.ts';
import type { Hazard, HazardCode } from '../../plan/hazards.ts';
import { assessChange } from './hazards.ts';
import { tokenize, type Token } from './syntax/lexer.ts';

/** {@link Dialect.assessPending} of PostgreSQL. */
export function assessPending(change: Change, statements: readonly string[]): readonly Hazard[] {
  const hazards = assessChange(change);
  if (hazards.length === 0) return [];
  const deeds = statements.flatMap(readDeeds);
  const left = hazards.filter(({ code }) => isLeft(code, change, deeds));
  const isConcurrent = deeds.some((deed) => isAbout(deed, change) && deed.words.includes('concurrently'));
  return isConcurrent ? [...left, outsideOnly] : left;
}

/** postgresql.org: CREATE INDEX, Building Indexes Concurrently. */
const outsideOnly: Hazard = {
  code: 'not-in-transaction',
  severity: 'warning',
  message: "CONCURRENTLY fails inside a transaction, and Drizzle's migrators run every file in one.",
  instead: 'Run the statement by itself, then mark the migration as applied with drift stamp.',
};

/** What a statement, or one action of an ALTER TABLE, does. */
interface Deed {
  readonly does: 'add' | 'alter' | 'drop' | 'create' | 'write' | 'other';
  /** Last part of the table's name, where it is an action on one. */
  readonly table?: string;
  /** All that it says: words in lower case, names and strings as they are. */
  readonly words: readonly string[];
  /** Those of the words that can be names. */
  readonly names: readonly string[];
}

/** Words that stand in many statements and are hardly ever names. */
const keywords: ReadonlySet<string> = new Set(
  'add alter and as by check column constraint create data default delete drop exists from if in index insert into is key not null on or primary references select set table text to type unique update using values where with'.split(
    ' ',
  ),
);

function createDeed(does: Deed['does'], tokens: readonly Token[], table?: string): Deed {
  const names = tokens.filter(
    ({ kind, text }) => kind === 'quoted' || (kind === 'word' && !keywords.has(text)),
  );
  return {
    does,
    ...(table === undefined ? {} : { table }),
    words: tokens.map(({ text }) => text),
    names: names.map(({ text }) => text),
  };
}

function readDeeds(statement: string): readonly Deed[] {
  const tokens = tokenize(statement);
  const words = tokens.map(({ text }) => text);
  const [first = ''] = words;
  if (first === 'alter' && words[1] === 'table') return readAlterTable(tokens);
  if (first === 'create' || first === 'drop') return [createDeed(first, tokens)];
  const writes = ['insert', 'update', 'delete', 'merge', 'with', 'truncate', 'do', 'select', 'copy'];
  return [createDeed(writes.includes(first) ? 'write' : 'other', tokens)];
}

/** `ALTER TABLE [IF EXISTS] [ONLY] name action, action …` */
function readAlterTable(tokens: readonly Token[]): readonly Deed[] {
  let at = 2;
  while (['if', 'exists', 'only'].includes(tokens[at]?.text ?? '') && tokens[at]?.kind === 'word') at++;
  while (tokens[at + 1]?.text === '.') at += 2;
  const table = tokens[at]?.text ?? '';
  return splitAtCommas(tokens.slice(at + 1)).map((action) => {
    const first = action[0]?.text;
    const does = first === 'add' || first === 'alter' || first === 'drop' ? first : 'other';
    return createDeed(does, action, table);
  });
}

function splitAtCommas(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    const { text, kind } = token;
    if (kind === 'punctuation') depth += text === '(' ? 1 : text === ')' ? -1 : 0;
    if (depth === 0 && kind === 'punctuation' && text === ',') parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

function isLeft(code: HazardCode, change: Change, deeds: readonly Deed[]): boolean {
  const { name } = change.address;
  const made = deeds.filter((deed) => isAbout(deed, change));
  const says = (...words: readonly string[]): boolean => made.some((deed) => includesRun(deed.words, words));
  switch (code) {
    case 'data-loss':
      return made.some(({ does }) => does === 'drop') && !isKept(deeds, name);
    case 'not-null-without-default':
      return made.some(isBare) && !isPrepared(deeds, change, []);
    case 'lossy-cast':
      return says('type') && !says('using');
    case 'constraint-validation':
      return made.length > 0 && !isPrepared(deeds, change, made);
    case 'blocks-writes':
    case 'blocks-reads':
      return made.length > 0 && !says('concurrently') && !says('not', 'valid') && !says('using', 'index');
    default:
      return made.length > 0;
  }
}

/** Somebody writes it elsewhere before it is dropped: INSERT … SELECT, UPDATE, CREATE TABLE … AS. */
function isKept(deeds: readonly Deed[], name: string): boolean {
  return deeds.some(
    ({ does, words }) =>
      (does === 'write' || (does === 'create' && words.includes('as'))) && words.includes(name),
  );
}

/** ADD COLUMN … NOT NULL and nothing that gives the rows a value. */
function isBare({ does, words }: Deed): boolean {
  const isFilled = words.includes('default') || words.includes('generated');
  return does === 'add' && includesRun(words, ['not', 'null']) && !isFilled;
}

/** The rows are taken away beforehand, or what they hold is changed in the columns that it is about. */
function isPrepared(deeds: readonly Deed[], { address }: Change, made: readonly Deed[]): boolean {
  const table = address.table ?? address.name;
  const names = new Set(made.flatMap(({ names: own }) => own).filter((name) => name !== table));
  return deeds.some(({ does, words, names: written }) => {
    if (does !== 'write' || !words.includes(table)) return false;
    const isRemoval = words.includes('delete') || words.includes('truncate') || words.includes('do');
    return isRemoval || written.some((name) => names.has(name));
  });
}

/** Whether it makes the change, or a part of it: by the name of the object, and the table where it is a column. */
function isAbout({ does, table, words }: Deed, { kind, address, type }: Change): boolean {
  if (does === 'write' || does === 'other') return false;
  const isOfTable = table === undefined || table === (address.table ?? address.name);
  if (!isOfTable) return false;
  if (kind === 'table' && type === 'alter') return table !== undefined || words.includes(address.name);
  return words.includes(address.name) && (kind !== 'column' || table !== undefined);
}

function includesRun(words: readonly string[], run: readonly string[]): boolean {
  return words.some((_, at) => run.every((word, ahead) => words[at + ahead] === word));
}
