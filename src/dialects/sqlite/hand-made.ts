/**
 * What somebody made by hand in the database, so that neither the migrations before nor the one that runs knows of it. A
 * migration that drops a table and makes it anew would take it along without a word. Indexes, triggers and views are
 * made again afterwards; columns and constraints cannot be, and are named instead.
 */
import { addressKey, type Address } from '../../catalog/address.ts';
import type { CatalogObject } from '../../catalog/objects.ts';
import { objectsOf, type Schema } from '../../catalog/schema.ts';
import { diffSchemas } from '../../diff/compare.ts';
import type { KnownSchema } from '../migrator.ts';
import type { Connection } from './drivers/load.ts';
import { normalise } from './normalise.ts';
import { collectNames } from './plan/mentions.ts';
import { dropBroken, introspect } from './plan/workbench.ts';
import { reasonOf } from './run-failures.ts';
import type { Script, ScriptLine } from './run-script.ts';
import { foldName, quoteIdentifier } from './syntax/names.ts';

export interface HandMade {
  readonly object: CatalogObject;
  /** Its statement, for what has one of its own; null for columns and constraints. */
  readonly sql: string | null;
}

const kinds: ReadonlySet<string> = new Set([
  'column',
  'unique',
  'foreignKey',
  'check',
  'index',
  'view',
  'trigger',
]);

/** What stands inside CREATE TABLE in any case; a UNIQUE may be an index of its own. */
const inside: ReadonlySet<string> = new Set(['column', 'foreignKey', 'check']);

/** What is in the database and not in what the applied migrations make. */
export function findHandMade(connection: Connection, known: KnownSchema): readonly HandMade[] {
  const live = introspect(connection);
  const pair = normalise({ database: live, expected: known.schema });
  const texts = readTexts(connection);
  const tables = new Set(known.schema.objects.flatMap(({ address }) => tableOf(address) ?? []));
  const found = diffSchemas(pair.database, pair.expected).flatMap((change): readonly HandMade[] => {
    if (change.type !== 'drop' || !kinds.has(change.kind)) return [];
    const { address } = change;
    if (known.mentioned.has(foldName(address.name))) return [];
    // The columns of a table that is hand-made as a whole are part of it, and it is not made anew by anybody.
    if (change.kind === 'column' && !tables.has(tableOf(address) ?? '')) return [];
    const sql = inside.has(change.kind) ? null : (texts.get(foldName(address.name)) ?? null);
    return [{ object: change.database, sql }];
  });
  // The triggers of a view are part of it for whoever compares schemas.
  const views = new Set(
    found.filter(({ object }) => object.kind === 'view').map(({ object }) => foldName(object.address.name)),
  );
  const listed = new Set(found.map(({ object }) => addressKey(object.address)));
  const triggers = objectsOf(live, 'trigger').filter(
    ({ address }) => views.has(tableOf(address) ?? '') && !listed.has(addressKey(address)),
  );
  return [...found, ...triggers.map((object) => ({ object, sql: object.definition.text }))];
}

function tableOf({ table }: Address): string | null {
  return table === undefined ? null : foldName(table);
}

/** Texts of indexes, views and triggers by folded name. */
function readTexts(connection: Connection): ReadonlyMap<string, string> {
  const rows = connection
    .prepare(
      "SELECT name, sql FROM sqlite_schema WHERE type IN ('index', 'view', 'trigger') AND sql IS NOT NULL",
    )
    .all() as readonly { readonly name: string; readonly sql: string }[];
  return new Map(rows.map(({ name, sql }) => [foldName(name), sql]));
}

/** What is at stake while one migration runs. */
export interface Custody {
  /** On tables that the migration drops, or over them. */
  readonly atStake: readonly HandMade[];
  /** Views and triggers that did not work before. */
  readonly broken: ReadonlySet<string>;
  /** What the columns hold. */
  readonly values: ReadonlyMap<CatalogObject, HeldValues>;
}

export interface HeldValues {
  /** Rows that hold one. */
  readonly count: number;
  readonly samples: readonly string[];
}

/** A thing that is gone after a migration, or would not work. */
export interface LostThing {
  readonly object: CatalogObject;
  /** The engine's words; null where the migration leaves no place for it. */
  readonly reason: string | null;
  /** For a column. */
  readonly values: HeldValues | null;
}

export interface Kept {
  readonly kept: readonly CatalogObject[];
  readonly lost: readonly LostThing[];
}

/** Whether a migration can take anything along at all. */
export function dropsTables(script: Pick<Script, 'statements'>): boolean {
  return script.statements.some((statement) => droppedName(statement, 'TABLE') !== null);
}

/**
 * Takes what is at stake into custody, before the first statement: views, and triggers of other tables, that name a
 * table which is dropped would make its renaming fail, and are taken away until the end.
 */
export function takeCustody(connection: Connection, script: Script, handMade: readonly HandMade[]): Custody {
  const dropped = new Set(namesOf(script, 'TABLE'));
  const spokenOf = new Set([
    ...namesOf(script, 'INDEX'),
    ...namesOf(script, 'VIEW'),
    ...namesOf(script, 'TRIGGER'),
  ]);
  // What the migration drops by name it knows of.
  const silent = handMade
    .filter(({ object, sql }) => sql === null || !spokenOf.has(foldName(object.address.name)))
    .flatMap((one) => findNow(connection, one) ?? []);
  const atStake = collectAtStake(silent, new Set([...dropped, ...namesOf(script, 'VIEW')]));
  if (atStake.length === 0) return { atStake, broken: new Set(), values: new Map() };
  const columns = atStake.filter(({ object }) => object.kind === 'column');
  const values = new Map(columns.map(({ object }) => [object, countValues(connection, object)]));
  const broken = new Set(findBroken(connection).map(addressKey));
  const views = new Set(
    atStake.filter(({ object }) => object.kind === 'view').map(({ object }) => foldName(object.address.name)),
  );
  for (const { object } of atStake) {
    const owner = tableOf(object.address) ?? '';
    const goesAnyway = dropped.has(owner) || views.has(owner);
    if (object.kind === 'trigger' && !goesAnyway)
      connection.exec(`DROP TRIGGER ${quoteIdentifier(object.address.name)}`);
  }
  for (const name of views) connection.exec(`DROP VIEW ${quoteIdentifier(name)}`);
  return { atStake, broken, values };
}

/** Where it is now: an earlier migration may have renamed its table, or dropped it. */
function findNow(connection: Connection, one: HandMade): HandMade | null {
  if (one.sql === null) return countNamed(connection, one.object.address.table ?? '') > 0 ? one : null;
  const row = connection
    .prepare(
      'SELECT tbl_name AS owner, sql FROM sqlite_schema WHERE name = ? COLLATE NOCASE AND sql IS NOT NULL',
    )
    .get(one.object.address.name) as { readonly owner: string; readonly sql: string } | undefined;
  if (row === undefined) return null;
  const { address } = one.object;
  const moved = address.table === undefined ? address : { ...address, table: row.owner };
  return { object: { ...one.object, address: moved }, sql: row.sql };
}

/** The same things after a migration that renamed their tables. */
export function followRenames(handMade: readonly HandMade[], script: Script): readonly HandMade[] {
  return script.statements.reduce((list, { tokens }) => {
    const words = tokens.map(({ keyword }) => keyword);
    const [from, to] = [tokens[2], tokens[5]];
    const isRename = words[0] === 'ALTER' && words[3] === 'RENAME' && words[4] === 'TO';
    if (!isRename || from === undefined || to === undefined) return list;
    return list.map((one): HandMade => {
      const { address } = one.object;
      if (one.sql !== null || tableOf(address) !== foldName(from.value)) return one;
      return { ...one, object: { ...one.object, address: { ...address, table: to.value } } };
    });
  }, handMade);
}

function namesOf(script: Script, kind: 'TABLE' | 'INDEX' | 'VIEW' | 'TRIGGER'): readonly string[] {
  return script.statements.flatMap((statement) => droppedName(statement, kind) ?? []);
}

/** The folded name in `DROP TABLE IF EXISTS main.t`; null for every other statement. */
function droppedName({ tokens }: ScriptLine, kind: string): string | null {
  if (tokens[0]?.keyword !== 'DROP' || tokens[1]?.keyword !== kind) return null;
  const name = tokens.at(-1);
  return name === undefined ? null : foldName(name.value);
}

/** What is on the tables and views that are dropped, and what names one of them or a view that does. */
function collectAtStake(silent: readonly HandMade[], dropped: ReadonlySet<string>): readonly HandMade[] {
  const gone = new Set(dropped);
  const found = new Set<HandMade>();
  for (let size = -1; size !== found.size;) {
    size = found.size;
    for (const one of silent) {
      const { object, sql } = one;
      const isOn = gone.has(tableOf(object.address) ?? '');
      const names = object.kind === 'view' || object.kind === 'trigger' ? collectNames(sql ?? '') : new Set();
      if (!isOn && names !== null && ![...names].some((name) => gone.has(String(name)))) continue;
      found.add(one);
      if (object.kind === 'view') gone.add(foldName(object.address.name));
    }
  }
  return silent.filter((one) => found.has(one));
}

/** Views and triggers that do not work as it is. The database is left as it was. */
function findBroken(connection: Connection): readonly Address[] {
  const isOpen = connection.inTransaction;
  connection.exec(isOpen ? 'SAVEPOINT __drift_probing' : 'BEGIN');
  try {
    return dropBroken(connection);
  } finally {
    connection.exec(isOpen ? 'ROLLBACK TO __drift_probing' : 'ROLLBACK');
    if (isOpen) connection.exec('RELEASE __drift_probing');
  }
}

/** Makes again, after the last statement, what the migration took along, and says what it could not. */
export function giveBack(connection: Connection, { atStake, broken, values }: Custody): Kept {
  if (atStake.length === 0) return { kept: [], lost: [] };
  const kept: CatalogObject[] = [];
  const lost: LostThing[] = [];
  for (const { object, sql } of inOrder(atStake)) {
    if (sql === null || !hasPlace(connection, object) || isThere(connection, object)) continue;
    try {
      connection.exec(sql);
      kept.push(object);
    } catch (error) {
      lost.push({ object, reason: reasonOf(error), values: null });
    }
  }
  const dead = new Set(kept.length === 0 ? [] : findBroken(connection).map(addressKey));
  const works = ({ address }: CatalogObject): boolean =>
    !dead.has(addressKey(address)) || broken.has(addressKey(address));
  return {
    kept: kept.filter(works),
    lost: [
      ...findLostParts(introspect(connection), atStake, values),
      ...lost,
      ...kept
        .filter((object) => !works(object))
        .map((object) => ({ object, reason: 'it names something that is no longer there', values: null })),
    ],
  };
}

/** Views before what names them; the order in which SQLite lists them says nothing. */
function inOrder(atStake: readonly HandMade[]): readonly HandMade[] {
  const rank = ({ object }: HandMade): number => ['index', 'view', 'trigger'].indexOf(object.kind);
  return [...atStake].sort((a, b) => rank(a) - rank(b));
}

/** An index or a trigger of a table that the migration drops for good goes with it. */
function hasPlace(connection: Connection, { address }: CatalogObject): boolean {
  return address.table === undefined || countNamed(connection, address.table) > 0;
}

function isThere(connection: Connection, { address }: CatalogObject): boolean {
  return countNamed(connection, address.name) > 0;
}

function countNamed(connection: Connection, name: string): number {
  return connection
    .prepare('SELECT count(*) FROM sqlite_schema WHERE name = ? COLLATE NOCASE')
    .pluck()
    .get(name) as number;
}

/** Columns and constraints that the tables have no more. */
function findLostParts(
  after: Schema,
  atStake: readonly HandMade[],
  values: Custody['values'],
): readonly LostThing[] {
  const tables = new Set(
    after.objects.filter(({ kind }) => kind === 'table').map(({ address }) => foldName(address.name)),
  );
  return atStake.flatMap(({ object, sql }) => {
    if (sql !== null || !tables.has(tableOf(object.address) ?? '')) return [];
    const stays = after.objects.some((other) => isSamePart(other, object));
    return stays ? [] : [{ object, reason: null, values: values.get(object) ?? null }];
  });
}

function isSamePart(a: CatalogObject, b: CatalogObject): boolean {
  if (a.kind !== b.kind || tableOf(a.address) !== tableOf(b.address)) return false;
  return keyOfPart(a) === keyOfPart(b);
}

function keyOfPart(object: CatalogObject): string {
  switch (object.kind) {
    case 'unique':
      return JSON.stringify(object.columns.map(foldName));
    case 'foreignKey':
      return JSON.stringify([object.columns, object.references.table, object.references.columns]);
    case 'check':
      return object.expression.canonical;
    default:
      return foldName(object.address.name);
  }
}

/** Rows that hold a value in a column, and some of the values. */
export function countValues(connection: Connection, { address }: CatalogObject): HeldValues {
  const [table, column] = [quoteIdentifier(address.table ?? ''), quoteIdentifier(address.name)];
  const count = connection
    .prepare(`SELECT count(*) FROM ${table} WHERE ${column} IS NOT NULL`)
    .pluck()
    .get() as number;
  const samples = connection
    .prepare(
      `SELECT DISTINCT substr(CAST(${column} AS TEXT), 1, 40) FROM ${table} WHERE ${column} IS NOT NULL LIMIT 3`,
    )
    .pluck()
    .all() as string[];
  return { count, samples };
}
