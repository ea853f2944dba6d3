/** What was there before a table is made anew, and is gone afterwards though nobody said so. */
import type { CatalogObject, ObjectKind } from '../../../../catalog/objects.ts';
import type { Schema } from '../../../../catalog/schema.ts';
import type { DropChange } from '../../../../diff/changes.ts';
import { nameWithinTable, printAddress } from '../../../../diff/naming.ts';
import type { Hazard, HazardCode } from '../../../../plan/hazards.ts';
import { findRowidAlias, nameRowid, type TableParts } from '../../plan/parts.ts';
import { dropBroken } from '../../plan/workbench.ts';
import { quote } from '../../quote.ts';
import { foldName, quoteString, sameName } from '../../syntax/names.ts';
import { tokenizeSignificant } from '../../syntax/tokenize.ts';
import { copyDatabase } from '../execute.ts';
import type { DroppedTable, Examination, Found } from '../examination.ts';

export function findLostObjects(examination: Examination): readonly Found[] {
  return examination.changes.flatMap((change) =>
    change.type === 'drop' ? judgeDrop(examination, change) : [],
  );
}

function judgeDrop(examination: Examination, change: DropChange): readonly Found[] {
  const { database } = change;
  const { name, table } = database.address;
  const isThere = examination.schemas.after.objects.some(
    (object) =>
      isOwnName(object.kind) && object.kind === database.kind && sameName(object.address.name, name),
  );
  if (isThere) return [];
  const explicit = findExplicitDrop(examination, database);
  if (database.kind === 'view' || database.kind === 'trigger') {
    return explicit === -1 ? judgeSilent(examination, change) : judgeExplicit(database, explicit);
  }
  if (explicit !== -1 || table === undefined) return [];
  return judgeSilent(examination, change);
}

/** Names that are unique in a whole database, so that the object may have moved to a renamed table. */
function isOwnName(kind: ObjectKind): boolean {
  return kind === 'index' || kind === 'trigger' || kind === 'view';
}

function findExplicitDrop({ statements }: Examination, object: CatalogObject): number {
  return statements.findIndex(
    ({ tree }) =>
      tree?.kind === 'drop' && tree.object !== 'table' && sameName(tree.name.value, object.address.name),
  );
}

function judgeExplicit(object: CatalogObject, at: number): readonly Found[] {
  const { table, name } = object.address;
  const code: HazardCode = object.kind === 'view' ? 'dropped-view' : 'dropped-trigger';
  const message = `The ${object.kind} ${name} is dropped and not made again.`;
  return [{ at, table: table ?? name, name, hazard: { code, severity: 'info', message } }];
}

function judgeSilent(examination: Examination, { database }: DropChange): readonly Found[] {
  const { table, name } = database.address;
  const drop = examination.dropped.find(
    ({ after, before }) => after !== null && sameName(before.name, table ?? ''),
  );
  if (drop === undefined || isIntended(examination, name)) return [];
  const hazard = describeLostObject(drop, database);
  return hazard === null ? [] : [{ at: drop.at, table: drop.before.name, name, hazard }];
}

/** drizzle-kit knew it, and its next snapshot does not have it any more: the models gave it up. */
function isIntended({ migration }: Examination, name: string): boolean {
  const { before, after } = migration.snapshots;
  const word = JSON.stringify(name);
  return before !== null && after !== null && before.includes(word) && !after.includes(word);
}

function describeLostObject(drop: DroppedTable, object: CatalogObject): Hazard | null {
  const { name } = object.address;
  const table = drop.before.name;
  const start = `${table} is made anew, and`;
  switch (object.kind) {
    case 'trigger':
      return {
        code: 'dropped-trigger',
        severity: 'warning',
        message: `${start} its trigger ${name} goes with the old table: nothing makes it again.`,
        instead: `Create the trigger again after the rename, or drop it with DROP TRIGGER where that is meant.`,
      };
    case 'index':
      return lostIndex(start, name, object.unique);
    case 'unique':
      if (drop.before.indexes.some((index) => sameName(index.address.name, name)))
        return lostIndex(start, name, true);
      return lostConstraint(start, drop, object);
    case 'check':
    case 'foreignKey':
    case 'primaryKey':
      return lostConstraint(start, drop, object);
    default:
      return null;
  }
}

function lostIndex(start: string, name: string, unique: boolean): Hazard {
  return {
    code: 'dropped-index',
    severity: 'warning',
    message: `${start} its ${unique ? 'unique ' : ''}index ${name} goes with the old table: nothing makes it again.`,
    instead: 'Create the index again after the rename, or drop it with DROP INDEX where that is meant.',
  };
}

function lostConstraint(start: string, { after }: DroppedTable, object: CatalogObject): Hazard | null {
  if ('columns' in object && Array.isArray(object.columns)) {
    const columns = object.columns as readonly string[];
    const isGone = columns.some(
      (column) => !after?.columns.some((other) => sameName(other.address.name, column)),
    );
    // It goes with its column.
    if (isGone) return null;
  }
  return {
    code: 'dropped-constraint',
    severity: 'info',
    message: `${start} the new table is without its ${nameWithinTable(object)}.`,
    instead: 'Write it into the new table unless that is meant.',
  };
}

/** Attributes that the models of Drizzle cannot say, so that drizzle-kit leaves them out, with the values of "none". */
const attributes: Readonly<Partial<Record<ObjectKind, readonly string[]>>> = {
  table: ['strict', 'withoutRowid'],
  column: ['collation', 'notNullOnConflict'],
  primaryKey: ['onConflict', 'collations', 'descending'],
  unique: ['onConflict', 'collations', 'descending'],
  foreignKey: ['deferral', 'match'],
};
const nothing: ReadonlySet<unknown> = new Set([null, false, 'immediate', 'simple', '']);

export function findLostAttributes({ changes, dropped }: Examination): readonly Found[] {
  return changes.flatMap((change): readonly Found[] => {
    if (change.type !== 'alter') return [];
    const { address } = change;
    const drop = dropped.find(
      ({ after, before }) => after !== null && sameName(before.name, address.table ?? address.name),
    );
    if (drop === undefined) return [];
    const lost = change.fields.filter(
      ({ field, expected }) => attributes[change.kind]?.includes(field) === true && isNothing(expected),
    );
    return lost.map(({ field, database }) => ({
      at: drop.at,
      table: drop.before.name,
      name: address.name,
      hazard: {
        code: 'lost-attribute',
        severity: 'warning',
        message: `${drop.before.name} is made anew without ${describeAttribute(field, database)} of ${address.table === undefined ? printAddress(address) : nameAttributed(change.database)}.`,
        instead: 'Write it into the new table unless that is meant.',
      } as const,
    }));
  });
}

function isNothing(value: unknown): boolean {
  return nothing.has(value) || (Array.isArray(value) && value.length === 0);
}

function nameAttributed(object: CatalogObject): string {
  return object.kind === 'column' ? printAddress(object.address) : `its ${nameWithinTable(object)}`;
}

const attributeWords: Readonly<Record<string, string>> = {
  strict: 'STRICT',
  withoutRowid: 'WITHOUT ROWID',
  onConflict: 'ON CONFLICT',
  notNullOnConflict: 'the ON CONFLICT of NOT NULL',
  descending: 'the order DESC',
  collations: 'the collation',
  deferral: 'DEFERRABLE',
  match: 'MATCH',
};

function describeAttribute(field: string, value: unknown): string {
  if (field === 'collation') return `COLLATE ${String(value)}`;
  return attributeWords[field] ?? field;
}

/** Views and triggers that work before the migration and not after it; SQLite itself says which. */
export function findBrokenDependents(examination: Examination): readonly Found[] {
  const { schemas, databases, statements } = examination;
  const mayBreak = schemas.after.objects.some(({ kind }) => kind === 'view' || kind === 'trigger');
  const isHarmless = statements.every(({ tree }) => tree?.kind !== 'drop' && tree?.kind !== 'alter-table');
  if (!mayBreak || isHarmless) return [];
  const before = listBroken(databases.before);
  const after = listBroken(databases.after);
  if (before === null || after === null) return [];
  const made = new Set(
    statements.flatMap(({ tree }) =>
      tree?.kind === 'view' || tree?.kind === 'trigger' ? [foldName(tree.name.value)] : [],
    ),
  );
  const broken = [...after].filter(([name]) => !before.has(name) && !made.has(name));
  const causes = new Set([...examination.missing.made, ...broken.map(([name]) => name)]);
  return broken
    .filter(([name]) => !isFollowing(examination, name, causes))
    .map(([name, kind]) => ({
      at: findCulprit(examination, name),
      name,
      hazard: {
        code: 'broken-dependent',
        severity: 'warning',
        message: `The ${kind} ${name} works before this migration and not after it: it names something that is gone.`,
        instead: `Drop the ${kind} first and create it anew for the tables as they are afterwards.`,
      },
    }));
}

/** By folded name. Null where SQLite gives up for another reason. */
function listBroken(database: Examination['databases']['before']): ReadonlyMap<string, string> | null {
  const copy = copyDatabase(database);
  try {
    return new Map(
      dropBroken(copy).map(({ name, table }) => [foldName(name), table === undefined ? 'view' : 'trigger']),
    );
  } catch {
    return null;
  } finally {
    copy.close();
  }
}

/** Whether it names what only a failed statement would have made, or a view that is broken itself, or made one fail. */
function isFollowing(
  { schemas, executions }: Examination,
  name: string,
  causes: ReadonlySet<string>,
): boolean {
  const words = readWords(schemas.after, name);
  const isSaid = executions.some(({ error }) => {
    const dependent = /^error in (?:view|trigger) (.+?) after drop column: /s.exec(error ?? '')?.[1];
    return dependent !== undefined && sameName(dependent, name);
  });
  return isSaid || [...causes].some((cause) => cause !== name && words.has(cause));
}

/** Words of the definition of a view or a trigger, folded. */
function readWords(schema: Schema, name: string): ReadonlySet<string> {
  const object = schema.objects.find(
    ({ kind, address }) => (kind === 'view' || kind === 'trigger') && sameName(address.name, name),
  );
  const text = object !== undefined && 'definition' in object ? object.definition.text : '';
  return new Set(tokenizeSignificant(text).map(({ value }) => foldName(value)));
}

/** The last statement that takes away or renames a table which the definition names. */
function findCulprit({ statements, schemas }: Examination, name: string): number {
  const words = readWords(schemas.after, name);
  const at = statements.findLastIndex(({ tree }) => {
    if (tree?.kind === 'drop') return words.has(foldName(tree.name.value));
    return tree?.kind === 'alter-table' && words.has(foldName(tree.table.value));
  });
  return Math.max(at, 0);
}

/** AUTOINCREMENT and rowids, which a plain copy does not carry over. Sample rows show it. */
export function findLostCounters(examination: Examination): readonly Found[] {
  return examination.dropped.flatMap((drop): readonly Found[] => {
    const { before, after } = drop;
    if (after === null) return [];
    return [...judgeSequence(examination, drop, after), ...judgeRowids(examination, drop, before, after)];
  });
}

function judgeSequence(examination: Examination, drop: DroppedTable, after: TableParts): readonly Found[] {
  const { before } = drop;
  if (before.primaryKey?.autoincrement !== true || after.primaryKey?.autoincrement !== true) return [];
  const query = `SELECT seq FROM sqlite_sequence WHERE name = ${quoteString(after.name)} COLLATE NOCASE`;
  const rehearsal = examination.rehearse({ foreignKeys: false }, [query]);
  // The sample's sequences are far ahead of its rows.
  const sequence = rehearsal?.after[0]?.[0];
  const isKept =
    rehearsal === null || rehearsal.failures.size > 0 || (typeof sequence === 'number' && sequence >= 500);
  if (isKept || (examination.sample()?.counts.get(foldName(before.name)) ?? 0) === 0) return [];
  return [
    {
      at: drop.at,
      table: before.name,
      hazard: {
        code: 'lost-sequence',
        severity: 'info',
        message: `AUTOINCREMENT of ${before.name} starts again after the highest id that is there, so that ids of deleted rows are given out again.`,
        instead: `Before the DROP: INSERT INTO sqlite_sequence (name, seq) SELECT '<new name>', seq FROM sqlite_sequence WHERE name = '${before.name}'; drift generate writes that.`,
      },
    },
  ];
}

/** Rowids matter only where something names them: the index of a text search, or a trigger. */
function judgeRowids(
  examination: Examination,
  drop: DroppedTable,
  before: TableParts,
  after: TableParts,
): readonly Found[] {
  const rowid = nameRowid(after);
  if (findRowidAlias(before) !== null || nameRowid(before) === null || rowid === null) return [];
  const user = findRowidUser(examination, before.name);
  if (user === null) return [];
  const query = `SELECT ${rowid} FROM ${quote(after.name)} ORDER BY 1`;
  const rehearsal = examination.rehearse({ foreignKeys: false }, [query]);
  // The sample's rowids have gaps, and begin at 3.
  if (rehearsal === null || rehearsal.failures.size > 0 || rehearsal.after[0]?.[0] !== 1) return [];
  return [
    {
      at: drop.at,
      table: before.name,
      hazard: {
        code: 'lost-rowids',
        severity: 'warning',
        message: `The rows of ${before.name} get other rowids when they are copied, and ${user} finds them by rowid.`,
        instead: 'Copy the rowid too: INSERT INTO the new table (rowid, …) SELECT rowid, …',
      },
    },
  ];
}

function findRowidUser({ schemas }: Examination, table: string): string | null {
  const user = schemas.after.objects.find((object) => {
    if (object.kind === 'virtualTable') {
      return object.arguments.some((argument) => readContent(argument) === foldName(table));
    }
    return (
      object.kind === 'trigger' &&
      sameName(object.address.table ?? '', table) &&
      /\b(?:rowid|_rowid_|oid)\b/i.test(object.definition.text)
    );
  });
  return user === undefined
    ? null
    : `${user.kind === 'trigger' ? 'the trigger' : 'the virtual table'} ${user.address.name}`;
}

/** `content='notes'` of FTS5. */
function readContent(argument: string): string | null {
  const found = /^\s*content\s*=\s*['"`[]?([^'"`\]]*)/i.exec(argument)?.[1];
  return found === undefined || found === '' ? null : foldName(found.trim());
}
