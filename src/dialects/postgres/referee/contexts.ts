/**
 * Where a text is tried: among the columns and views that are expected, and, where these differ, among the ones that the
 * other schema has. Two texts can mean the same in one and not be possible in the other.
 */
import { addressKey, tableAddress } from '../../../catalog/address.ts';
import type { Column } from '../../../catalog/objects.ts';
import type { Schema } from '../../../catalog/schema.ts';
import { rewriteNames, type Replacement } from '../syntax/rewrite.ts';
import { quoteAddress } from '../quote.ts';
import type { Ask, Group, SetupStep } from './batch.ts';
import { askTable, askType, askView, makeTable, makeTableOf, type TableText } from './carriers.ts';
import type { Question } from './questions.ts';
import { collectShadows, makeEnums, makeShadow, readSide, replaceShadow, type Side } from './shadows.ts';
import type { Slot } from './slots.ts';

/** Ids of the asks for one question in one context: the database's text and the expected one. */
export function askIds(
  question: Question,
  context: Context,
): { readonly database: string; readonly expected: string } {
  return { database: `${question.id}${context}d`, expected: `${question.id}${context}e` };
}

/** `E` among what is expected, `L` among what the other schema has, `R` among what the asked server really has. */
export type Context = 'E' | 'L' | 'R';
export const contexts: readonly Context[] = ['E', 'L', 'R'];

/** Everything that has to be asked to answer the questions. */
export function planGroups(
  database: Schema,
  expected: Schema,
  questions: readonly Question[],
): readonly Group[] {
  const sides: Sides = { L: readSide(database), E: readSide(expected) };
  return [
    ...planTypes(
      questions.filter(({ field }) => field === 'type'),
      sides,
    ),
    ...planTables(questions.filter(isAboutTable), sides),
    ...planViews(
      questions.filter(({ databaseSlot }) => databaseSlot.carrier.carrier === 'view'),
      sides,
    ),
  ];
}

type Sides = Readonly<Record<'E' | 'L', Side>>;

/** Whether two tables would give the same meaning to every text. */
function haveSameColumns(sides: Sides, key: string): boolean {
  return describeColumns(sides.E.columns.get(key)) === describeColumns(sides.L.columns.get(key));
}

function describeColumns(columns: readonly Column[] = []): string {
  return columns
    .map(({ address, type, collation }) => JSON.stringify([address.name, type, collation]))
    .sort()
    .join();
}

function planTypes(questions: readonly Question[], sides: Sides): readonly Group[] {
  if (questions.length === 0) return [];
  const asks = questions.flatMap((question) => {
    const ids = askIds(question, 'E');
    return [
      askSlotType(ids.database, question.databaseSlot),
      askSlotType(ids.expected, question.expectedSlot),
    ];
  });
  const columns = questions.flatMap(({ database, expected }) =>
    [database, expected].filter((object): object is Column => object.kind === 'column'),
  );
  return [
    {
      setup: [...makeEnums(columns, sides.E), ...makeEnums(columns, sides.L)],
      asks: asks.filter((ask) => ask !== null),
    },
  ];
}

function askSlotType(id: string, slot: Slot): Ask | null {
  return slot.carrier.carrier === 'type' ? askType(id, slot.carrier.type) : null;
}

function isAboutTable({ databaseSlot: { carrier } }: Question): boolean {
  return carrier.carrier !== 'type' && carrier.carrier !== 'view';
}

function planTables(questions: readonly Question[], sides: Sides): readonly Group[] {
  const byTable = new Map<string, Question[]>();
  for (const question of questions) {
    const key = addressKey(tableAddress(question.database.address));
    const members = byTable.get(key);
    if (members) members.push(question);
    else byTable.set(key, [question]);
  }
  return [...byTable].flatMap(([key, members]) => {
    const wanted = haveSameColumns(sides, key) ? (['E'] as const) : (['E', 'L'] as const);
    return wanted.map((context) => planTable(members, context, sides[context], key));
  });
}

function planTable(questions: readonly Question[], context: 'E' | 'L', side: Side, key: string): Group {
  const first = questions[0];
  const { namespace, name } = tableAddress(first?.database.address ?? { namespace: '', name: '' });
  const columns = side.columns.get(key);
  const view = side.views.find(({ address }) => addressKey(address) === key);
  const others = collectNeighbours(questions, side).filter(({ address }) => addressKey(address) !== key);
  const replacements: readonly Replacement[] = [{ namespace, name, by: name }, ...others.map(replaceShadow)];
  const ask = (id: string, slot: Slot): Ask =>
    askTable(id, name, rewriteText(slot.carrier as TableText, replacements));
  return {
    setup: [
      ...makeEnums(columns ?? [], side),
      makeSubject(name, columns, view?.definition.text, { namespace, name }),
      ...others.map((shadow) => makeShadow(shadow, side, replacements)),
    ],
    asks: questions.flatMap((question) => {
      const ids = askIds(question, context);
      return [ask(ids.database, question.databaseSlot), ask(ids.expected, question.expectedSlot)];
    }),
  };
}

/** The table that the texts are about. */
function makeSubject(
  name: string,
  columns: readonly Column[] | undefined,
  query: string | undefined,
  address: { readonly namespace: string; readonly name: string },
): SetupStep {
  if (columns) return makeTable(name, columns);
  // An index may be on a materialized view, whose columns only its query tells.
  if (query !== undefined) return makeTableOf(name, query);
  // Neither schema has it: it is somebody else's, as the table of a host that a policy is put on.
  const real = makeTableOf(name, `SELECT * FROM ${quoteAddress(address)}`);
  return { ...real, otherwise: [makeTable(name, []).sql] };
}

/** Other tables that the texts look at: only policies can. */
function collectNeighbours(questions: readonly Question[], side: Side): ReturnType<typeof collectShadows> {
  const policies = questions.filter(({ databaseSlot: { carrier } }) => carrier.carrier === 'policy');
  return collectShadows(
    policies.flatMap(({ databaseSlot, expectedSlot }) => [databaseSlot.text, expectedSlot.text]),
    side,
  );
}

function rewriteText(text: TableText, replacements: readonly Replacement[]): TableText {
  if (text.carrier !== 'index') return { ...text, text: rewriteNames(text.text, replacements) };
  const parts = text.index.parts.map((part) => {
    if ('column' in part.on) return part;
    const { expression } = part.on;
    return {
      ...part,
      on: { expression: { ...expression, text: rewriteNames(expression.text, replacements) } },
    };
  });
  return { carrier: 'index', index: { ...text.index, parts } };
}

/**
 * Views are tried among temporary copies of the tables and views that they mention, and on the real ones: a function may
 * take the rows of a real table, and of no copy.
 */
function planViews(questions: readonly Question[], sides: Sides): readonly Group[] {
  if (questions.length === 0) return [];
  const texts = questions.flatMap(({ databaseSlot, expectedSlot }) => [databaseSlot.text, expectedSlot.text]);
  const expected = planViewGroup(questions, 'E', sides.E, texts);
  const other = planViewGroup(questions, 'L', sides.L, texts);
  const real: Group = { setup: [], asks: askViews(questions, 'R', []) };
  const same = JSON.stringify(expected.setup) === JSON.stringify(other.setup);
  return same ? [expected, real] : [expected, other, real];
}

function planViewGroup(
  questions: readonly Question[],
  context: 'E' | 'L',
  side: Side,
  texts: readonly string[],
): Group {
  const shadows = collectShadows(texts, side);
  const replacements = shadows.map(replaceShadow);
  const columns = shadows.flatMap(({ address }) => side.columns.get(addressKey(address)) ?? []);
  return {
    setup: [...makeEnums(columns, side), ...shadows.map((shadow) => makeShadow(shadow, side, replacements))],
    asks: askViews(questions, context, replacements),
  };
}

function askViews(
  questions: readonly Question[],
  context: Context,
  replacements: readonly Replacement[],
): readonly Ask[] {
  return questions.flatMap((question) => {
    const ids = askIds(question, context);
    return [
      askView(ids.database, rewriteNames(question.databaseSlot.text, replacements)),
      askView(ids.expected, rewriteNames(question.expectedSlot.text, replacements)),
    ];
  });
}
