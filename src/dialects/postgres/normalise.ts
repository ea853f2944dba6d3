/** Brings two schemas to a form in which equal meaning is equal text: canonical tokens first, then the server's word. */
import { addressKey, tableAddress } from '../../catalog/address.ts';
import type { CatalogObject, MaterializedView, Sequence, Unique } from '../../catalog/objects.ts';
import {
  createSchema,
  indexObjects,
  mapObjects,
  objectKey,
  objectsOf,
  type Schema,
} from '../../catalog/schema.ts';
import { havePlacesAlike } from '../../diff/column-order.ts';
import { matchObjects, type Matching } from '../../diff/match.ts';
import type { NormalisedPair, SchemaPair, Session, Undetermined } from '../dialect.ts';
import { acceptSessionRoles } from './session-roles.ts';
import { DriftError } from '../../errors.ts';
import { canonicalise, createExpression } from './syntax/canonical.ts';
import { quoteLiteral } from './quote.ts';
import type { Connection } from './drivers/connection.ts';
import { askServer, type Answer } from './referee/batch.ts';
import { askIds, contexts, planGroups } from './referee/contexts.ts';
import { findQuestions, type Question } from './referee/questions.ts';
import { takeSlot } from './referee/slots.ts';
import { openStandIn } from './referee/stand-in.ts';
import { isPostgresSession } from './session.ts';
import { settleObject } from './settle.ts';

/** {@link Dialect.normalise} of PostgreSQL. */
export async function normalise(pair: SchemaPair, referee: Session | null): Promise<NormalisedPair> {
  const settle = hasNotNullNames(referee) ? settleSchema : settleWithoutNames;
  const both = addPublic({ database: settle(pair.database), expected: settle(pair.expected) });
  const settled = pair.exact === true ? both : reconcile(both.database, both.expected);
  const matching = matchObjects(settled.database, settled.expected);
  if (isClean(matching) && havePlacesAlike(settled.database, settled.expected)) {
    // Whoever compares them next need not look again.
    return { database: settled.expected, expected: settled.expected, undetermined: [] };
  }
  const questions = findQuestions(matching);
  const verdicts = new Map<string, Verdict>();
  const hear = async (connection: Connection, standIn: boolean): Promise<void> => {
    const open = questions.filter(({ id }) => isOpen(verdicts.get(id)));
    const answers = await askServer(connection, planGroups(settled.database, settled.expected, open));
    for (const question of open) verdicts.set(question.id, judge(question, answers, standIn));
  };
  let reason = 'there is no database to ask';
  if (questions.length > 0 && isPostgresSession(referee)) {
    const { noTemporary } = referee.connection.server;
    if (noTemporary === null) await hear(referee.connection, false);
    else reason = noTemporary;
  }
  if (questions.some(({ id, tentative }) => !tentative && isOpen(verdicts.get(id)))) {
    const problem = await hearStandIn(settled, (connection) => hear(connection, true));
    if (problem !== null) reason = `${reason}, and PGlite cannot stand in: ${problem}`;
  }
  return applyAnswers(settled, questions, ({ id }) => verdicts.get(id) ?? { unknown: reason });
}

function settleSchema(schema: Schema): Schema {
  return mapObjects(schema, settleObject);
}

/** The schema `public` is told of only where something is said of it; the other side has it without a word. */
function addPublic<P extends Pick<SchemaPair, 'database' | 'expected'>>(pair: P): P {
  const isPublic = ({ kind, address }: CatalogObject): boolean =>
    kind === 'schema' && address.name === 'public';
  const [has, wants] = [pair.database.objects.some(isPublic), pair.expected.objects.some(isPublic)];
  if (has === wants) return pair;
  const bare: CatalogObject = { kind: 'schema', address: { namespace: '', name: 'public' } };
  const add = (schema: Schema): Schema => createSchema('postgres', [...schema.objects, bare]);
  return has ? { ...pair, expected: add(pair.expected) } : { ...pair, database: add(pair.database) };
}

/** Before 18 the server forgets what a NOT NULL constraint is called: then what another server kept is no difference. */
function hasNotNullNames(referee: Session | null): boolean {
  return !isPostgresSession(referee) || referee.connection.server.version >= 18;
}

function settleWithoutNames(schema: Schema): Schema {
  return mapObjects(schema, (object) => {
    const settled = settleObject(object);
    if (settled.kind !== 'column' || settled.notNullOptions === undefined) return settled;
    const { notNullOptions, ...column } = settled;
    const rest = notNullOptions.replace(/^CONSTRAINT (?:"(?:[^"]|"")*"|\S+) ?/, '');
    return rest === '' ? column : { ...column, notNullOptions: rest };
  });
}

function isClean({ unequal, onlyDatabase, onlyExpected }: Matching): boolean {
  return unequal.length === 0 && onlyDatabase.length === 0 && onlyExpected.length === 0;
}

function isOpen(verdict: Verdict | undefined): boolean {
  return verdict === undefined || typeof verdict === 'object';
}

/** Asks a PGlite that was built like both schemas; says why not where that is not possible. */
async function hearStandIn(
  { database, expected }: SchemaPair,
  ask: (connection: Connection) => Promise<void>,
): Promise<string | null> {
  const known = indexObjects(database);
  const others = expected.objects.filter((object) => !known.has(objectKey(object)));
  try {
    const standIn = await openStandIn(createSchema('postgres', [...database.objects, ...others]));
    try {
      await ask(standIn);
      return null;
    } finally {
      await standIn.close();
    }
  } catch (error) {
    if (error instanceof DriftError) return error.message;
    throw error;
  }
}

/** What came out of a question: equal, different, or a reason why nobody can say. */
type Verdict = 'equal' | 'different' | { readonly unknown: string };

function judge(question: Question, answers: ReadonlyMap<string, Answer>, standIn: boolean): Verdict {
  const heard = contexts.map((context) => {
    const ids = askIds(question, context);
    return { database: answers.get(ids.database), expected: answers.get(ids.expected) };
  });
  const both = heard.filter(({ database, expected }) => isPrinted(database) && isPrinted(expected));
  if (both.some(({ database, expected }) => haveCommonPrint(database, expected))) return 'equal';
  if (both.length > 0) return 'different';
  const failures = heard.flatMap(({ database, expected }) => [database, expected]).filter(isFailure);
  const denied = failures.find(({ code }) => !isDefinite(code));
  if (denied) return { unknown: denied.problem };
  // Of a text that is impossible where the other one is possible, it is sure that they differ.
  const none = heard.every(({ database, expected }) => !isPrinted(database) && !isPrinted(expected));
  if (none) {
    return { unknown: failures[0]?.problem ?? 'the server gave no answer' };
  }
  // A stand-in may lack what the real server has: an extension, a function.
  if (standIn && heard.every(({ expected }) => !isPrinted(expected))) {
    return { unknown: failures.at(-1)?.problem ?? 'the server gave no answer' };
  }
  return 'different';
}

/**
 * Whether an error says that the text is impossible here, and so cannot be what the database has: syntax errors and missing
 * names (class 42), bad values (22), wrong definitions (class 0A and 23 never occur on empty tables). Missing privileges
 * say nothing.
 */
function isDefinite(code: string): boolean {
  return (
    (code.startsWith('42') && code !== '42501') ||
    code.startsWith('22') ||
    code.startsWith('0A') ||
    code.startsWith('2B') ||
    code === '3F000'
  );
}

type Failure = Extract<Answer, { readonly code: string }>;

function isFailure(answer: Answer | undefined): answer is Failure {
  return answer !== undefined && 'code' in answer;
}

function isPrinted(answer: Answer | undefined): boolean {
  return answer !== undefined && 'printed' in answer;
}

/** Each print means the same as the text it was made of, so one that both texts lead to is enough. */
function haveCommonPrint(database: Answer | undefined, expected: Answer | undefined): boolean {
  if (!database || !expected || !('printed' in database) || !('printed' in expected)) return false;
  if (database.printed.some((text) => expected.printed.includes(text))) return true;
  // The server has two spellings for some calls, and keeps the one that was used.
  const known = new Set(expected.printed.map(canonicalise));
  return database.printed.some((text) => known.has(canonicalise(text)));
}

function applyAnswers(
  pair: SchemaPair,
  questions: readonly Question[],
  verdictOf: (question: Question) => Verdict,
): NormalisedPair {
  const undetermined: Undetermined[] = [];
  const replaced = new Map<string, CatalogObject>();
  for (const group of groupByPair(questions)) {
    const verdicts = group.map((question) => [question, verdictOf(question)] as const);
    const first = group[0];
    if (!first) continue;
    // Objects with different names are one only if nothing at all tells them apart.
    if (first.tentative && !verdicts.every(([, verdict]) => verdict === 'equal')) continue;
    for (const [question, verdict] of verdicts) {
      const key = objectKey(question.expected);
      const current = replaced.get(key) ?? question.expected;
      if (verdict === 'equal') replaced.set(key, takeSlot(current, question.database, question.field));
      if (typeof verdict === 'object') {
        undetermined.push(describeUndetermined(question, verdict.unknown));
        // What cannot be told is reported as such, and not as a difference too.
        replaced.set(key, takeSlot(current, question.database, question.field));
      }
    }
  }
  if (replaced.size === 0) return { ...pair, undetermined };
  const expected = mapObjects(pair.expected, (object) => replaced.get(objectKey(object)) ?? object);
  return { database: pair.database, expected, undetermined };
}

function describeUndetermined(question: Question, reason: string): Undetermined {
  return {
    kind: question.database.kind,
    address: question.database.address,
    field: question.field === 'parts' ? 'columns' : question.field,
    database: question.databaseSlot.text,
    expected: question.expectedSlot.text,
    reason,
  };
}

function groupByPair(questions: readonly Question[]): readonly (readonly Question[])[] {
  const groups = new Map<string, Question[]>();
  for (const question of questions) {
    const key = `${objectKey(question.database)} ${addressKey(question.expected.address)}`;
    groups.set(key, [...(groups.get(key) ?? []), question]);
  }
  return [...groups.values()];
}

/** What depends on both sides at once. */
function reconcile(database: Schema, expected: Schema): SchemaPair {
  const withoutPartitions = dropDerivedPartitions(database, expected);
  const unbound = unbindSequences(withoutPartitions, expected);
  return {
    database: unbound,
    expected: acceptSessionRoles(unbound, mergeKeys(unbound, acceptPopulated(unbound, expected))),
  };
}

/**
 * Of a primary key and a unique constraint over the same columns in one CREATE TABLE the server makes the primary key
 * alone; one without a name takes the other's. src/backend/parser/parse_utilcmd.c, transformIndexConstraints
 */
function mergeKeys(database: Schema, expected: Schema): Schema {
  if (objectsOf(expected, 'unique').length === 0) return expected;
  const wanted = new Map(
    objectsOf(expected, 'primaryKey').map((key) => [addressKey(tableAddress(key.address)), key]),
  );
  const live = new Map(
    objectsOf(database, 'primaryKey').map((key) => [addressKey(tableAddress(key.address)), key]),
  );
  const uniques = new Set(objectsOf(database, 'unique').map((unique) => keyOfColumns(unique)));
  const merged = new Map<CatalogObject, readonly string[]>();
  const absent = new Set<CatalogObject>();
  for (const unique of objectsOf(expected, 'unique')) {
    const table = addressKey(tableAddress(unique.address));
    const key = wanted.get(table);
    const made = live.get(table);
    if (!key || !made || uniques.has(keyOfColumns(unique))) continue;
    if (String(key.columns) !== String(unique.columns) || unique.nullsNotDistinct === true) continue;
    const names = [unique.address.name, ...(unique.alsoNamed ?? [])];
    // drizzle-kit gives a key of several columns a name of its own, and 1.0 gives neither one where the model does not.
    const isNamed = unique.nameOpen !== true && key.columns.length === 1;
    if (isNamed && !names.includes(made.address.name)) continue;
    absent.add(unique);
    merged.set(key, [...(merged.get(key) ?? key.alsoNamed ?? []), ...names]);
  }
  if (absent.size === 0) return expected;
  const objects = expected.objects.filter((object) => !absent.has(object));
  return createSchema(
    'postgres',
    objects.map((object) => {
      const names = merged.get(object);
      return names ? { ...object, alsoNamed: names } : object;
    }),
  );
}

function keyOfColumns({ address, columns }: Unique): string {
  return JSON.stringify([address.namespace, address.table, columns]);
}

/**
 * Partitions follow from their parent and from whoever adds one each month. They are compared where they are expected by
 * name, and are nobody's finding otherwise.
 */
function dropDerivedPartitions(database: Schema, expected: Schema): Schema {
  const partitions = objectsOf(database, 'table').filter(({ partitionOf }) => partitionOf);
  if (partitions.length === 0) return database;
  const wanted = new Set(objectsOf(expected, 'table').map(({ address }) => addressKey(address)));
  const derived = new Set(
    partitions.map(({ address }) => addressKey(address)).filter((key) => !wanted.has(key)),
  );
  if (derived.size === 0) return database;
  return createSchema(
    'postgres',
    database.objects.filter((object) => !derived.has(addressKey(tableAddress(object.address)))),
  );
}

/**
 * A model may write as a sequence and a default of nextval() what the database holds as a serial column; then the
 * database's is told the same way.
 */
function unbindSequences(database: Schema, expected: Schema): Schema {
  if (!objectsOf(expected, 'column').some(isFilledBySequence)) return database;
  const after = indexObjects(expected);
  const sequences: Sequence[] = [];
  const objects = database.objects.map((object) => {
    const counterpart = after.get(objectKey(object));
    if (object.kind !== 'column' || object.value.kind !== 'serial') return object;
    const name = object.value.sequenceName;
    if (name === undefined || !counterpart || !isFilledBySequence(counterpart)) return object;
    const { namespace } = object.address;
    sequences.push({
      kind: 'sequence',
      address: { namespace, name },
      type: object.type,
      options: object.value.sequence,
      ownedBy: null,
    });
    const text = `nextval(${quoteLiteral(name)}::regclass)`;
    return { ...object, value: { kind: 'default', expression: createExpression(text) } } as const;
  });
  if (sequences.length === 0) return database;
  const wanted = sequences.filter((sequence) => after.has(objectKey(sequence)));
  return createSchema('postgres', [...objects, ...wanted]);
}

/** A column whose default is said to be nextval() of a sequence. */
function isFilledBySequence(object: CatalogObject): boolean {
  return (
    object.kind === 'column' &&
    object.value.kind === 'default' &&
    /^nextval\b/i.test(object.value.expression.canonical)
  );
}

/** A materialized view made WITH NO DATA is filled some day; that is its life and no drift. */
function acceptPopulated(database: Schema, expected: Schema): Schema {
  const isEmpty = (object: CatalogObject): object is MaterializedView =>
    object.kind === 'materializedView' && object.populated === false;
  if (!objectsOf(expected, 'materializedView').some(isEmpty)) return expected;
  const before = indexObjects(database);
  return mapObjects(expected, (object) => {
    if (!isEmpty(object)) return object;
    const live = before.get(objectKey(object));
    return live?.kind === 'materializedView' ? { ...object, populated: live.populated ?? true } : object;
  });
}
