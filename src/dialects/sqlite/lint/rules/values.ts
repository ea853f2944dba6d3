/** Values and rows that the new definition of a table treats otherwise, or refuses. */
import type { Column } from '../../../../catalog/objects.ts';
import type { AlterChange, Change, CreateChange } from '../../../../diff/changes.ts';
import { showReference } from '../../../../diff/show-parts.ts';
import type { Hazard } from '../../../../plan/hazards.ts';
import { findCastRisk, type CastRisk } from '../../plan/hazards.ts';
import { findColumn, isGenerated, type TableParts } from '../../plan/parts.ts';
import { isAlreadyUnique, type UniqueKey } from '../../plan/unique-keys.ts';
import { quote } from '../../quote.ts';
import { affinity } from '../../syntax/affinity.ts';
import { foldName, sameName } from '../../syntax/names.ts';
import { findCopiedTerm, findCopy, type DroppedTable, type Examination, type Found } from '../examination.ts';

export function findValueHazards(examination: Examination): readonly Found[] {
  return examination.changes.flatMap((change) => judge(examination, change));
}

function judge(examination: Examination, change: Change): readonly Found[] {
  const { table } = change.address;
  const before = table === undefined ? undefined : examination.before.get(foldName(table));
  const after = table === undefined ? undefined : examination.after.get(foldName(table));
  if (change.kind === 'table' && change.type === 'alter') return judgeStrict(examination, change);
  if (before === undefined || after === undefined) return [];
  const sides = { before, after };
  if (change.kind === 'column' && change.type === 'alter') return judgeColumn(examination, change, sides);
  if (change.kind === 'column' && change.type === 'create') return judgeNewColumn(examination, change, sides);
  if (change.type === 'create' || change.type === 'alter') return judgeRule(examination, change, sides);
  return [];
}

interface Sides {
  readonly before: TableParts;
  readonly after: TableParts;
}

function findDrop({ dropped }: Examination, table: TableParts): DroppedTable | undefined {
  return dropped.find(({ before, after }) => after !== null && sameName(before.name, table.name));
}

function judgeColumn(examination: Examination, change: AlterChange, sides: Sides): readonly Found[] {
  if (change.expected.kind !== 'column' || change.database.kind !== 'column') return [];
  const fields = new Set(change.fields.map(({ field }) => field));
  const drop = findDrop(examination, sides.before);
  return [
    ...(fields.has('type') && drop !== undefined
      ? judgeCast(examination, change.database, change.expected, sides, drop)
      : []),
    ...(fields.has('nullable') && !change.expected.nullable
      ? judgeNotNull(examination, change.expected, sides, drop)
      : []),
  ];
}

function judgeCast(
  examination: Examination,
  old: Column,
  column: Column,
  { before, after }: Sides,
  drop: DroppedTable,
): readonly Found[] {
  const [from, to] = [
    affinity(old.type, before.table.strict === true),
    affinity(column.type, after.table.strict === true),
  ];
  const risk = findCastRisk(from, to);
  if (risk === 'none' || isGenerated(column) || isConverted(drop, after, column)) return [];
  const { name } = column.address;
  const own = quote(old.address.name);
  const table = quote(before.name);
  // One row alone, since the column may be unique.
  const update = (value: string): string =>
    `UPDATE ${table} SET ${own} = ${value} WHERE ${own} = (SELECT max(${own}) FROM ${table})`;
  // A migration that stops at such a value keeps it. The value must be one that the old table takes.
  const isGuarded = lossyValues[risk].every((value) => stopsAt(examination, update(value)));
  if (isGuarded && risk === 'textsToNumbers') return [];
  const isWhole = from === 'integer' && risk === 'numbersToText';
  const message = `The values of ${before.name}.${name} go from ${old.type || 'no type'} to ${column.type || 'no type'}: ${castMessages[risk]}.`;
  const hazard: Hazard = {
    code: 'lossy-cast',
    severity: isWhole || isGuarded ? 'info' : 'warning',
    message,
    instead: 'Look at the values with typeof() first, and write the conversion into the SELECT of the copy.',
  };
  return [{ at: findCopy(examination, drop), table: before.name, name, hazard }];
}

/** Values that would change. */
const lossyValues: Readonly<Record<Exclude<CastRisk, 'none'>, readonly string[]>> = {
  // Newer SQLite writes every number so that it can be read again, but the infinite one.
  numbersToText: ['9e999'],
  wholeToReal: ['9007199254740993'],
  textsToNumbers: ["'007'", "'abc'"],
};

const castMessages: Readonly<Record<Exclude<CastRisk, 'none'>, string>> = {
  numbersToText: 'numbers become texts, which sort and compare in another way',
  wholeToReal: 'whole numbers become real ones, which hold 53 bits',
  textsToNumbers: "'007' becomes 7, and 'abc' stays a text in a column of numbers",
};

/** The SELECT of the copy says how the value is converted. */
function isConverted(drop: DroppedTable, after: TableParts, column: Column): boolean {
  return drop.copies.some((copy) => {
    const term = findCopiedTerm(copy, after, column.address.name);
    return term?.type === 'expression' && term.expression.type !== 'column';
  });
}

/** Whether the migration fails, and nothing is changed, with data like that; false where it cannot be tried. */
function stopsAt(examination: Examination, prepare: string): boolean {
  return countFailures(examination, prepare) > 0;
}

/** Whether the migration goes well with data like that; false where it cannot be tried. */
function passesWith(examination: Examination, prepare: string): boolean {
  return countFailures(examination, prepare) === 0;
}

/** Statements that fail with data like that and do not fail anyway; NaN where it cannot be tried. */
function countFailures(examination: Examination, prepare: string): number {
  const plain = examination.rehearse({ foreignKeys: false });
  const rehearsal = examination.rehearse({ foreignKeys: false, prepare: [prepare] });
  if (plain === null || rehearsal === null) return NaN;
  return [...rehearsal.failures.keys()].filter((at) => !plain.failures.has(at)).length;
}

function judgeNotNull(
  examination: Examination,
  column: Column,
  { before, after }: Sides,
  drop: DroppedTable | undefined,
): readonly Found[] {
  const { name } = column.address;
  const prepare = `UPDATE ${quote(before.name)} SET ${quote(name)} = NULL`;
  const alters = examination.statements.findIndex(
    ({ tree }) =>
      tree?.kind === 'alter-table' &&
      (tree.alteration.type === 'set-not-null' || tree.alteration.type === 'redefine-column') &&
      sameName(tree.alteration.column.value, name),
  );
  const at = drop === undefined ? alters : findCopy(examination, drop);
  if (at === -1 || passesWith(examination, prepare)) return [];
  // A primary key of rowids is never NULL, whatever the definition says.
  const isKey = after.primaryKey?.columns.length === 1 && sameName(after.primaryKey.columns[0] ?? '', name);
  if (isKey) return [];
  return [{ at, table: before.name, name, hazard: missingValue(`${before.name}.${name}`) }];
}

function judgeNewColumn(
  examination: Examination,
  change: CreateChange,
  { before, after }: Sides,
): readonly Found[] {
  if (change.expected.kind !== 'column') return [];
  const { expected: column } = change;
  if (column.nullable || column.value.kind !== 'none') return [];
  const { name } = column.address;
  const adds = examination.statements.findIndex(
    ({ tree }) =>
      tree?.kind === 'alter-table' &&
      tree.alteration.type === 'add-column' &&
      sameName(tree.alteration.column.name.value, name) &&
      sameName(tree.table.value, before.name),
  );
  if (adds !== -1) {
    // SQLite minds only where there are rows, so a table that is emptied first is no matter.
    const rehearsal = examination.rehearse({ foreignKeys: false });
    const hasRows = (examination.sample()?.counts.get(foldName(before.name)) ?? 0) > 0;
    if (rehearsal !== null && hasRows && !rehearsal.failures.has(adds)) return [];
    return [{ at: adds, table: before.name, name, hazard: missingValue(`${before.name}.${name}`) }];
  }
  const drop = findDrop(examination, before);
  if (drop === undefined || isFilled(examination, drop, after, name)) return [];
  return [
    {
      at: findCopy(examination, drop),
      table: before.name,
      name,
      hazard: missingValue(`${before.name}.${name}`),
    },
  ];
}

function isFilled(examination: Examination, drop: DroppedTable, after: TableParts, column: string): boolean {
  const rehearsal = examination.rehearse({ foreignKeys: false });
  if (rehearsal !== null && rehearsal.failures.size === 0) return true;
  return drop.copies.some((copy) => findCopiedTerm(copy, after, column) !== undefined);
}

function missingValue(where: string): Hazard {
  return {
    code: 'not-null-without-default',
    severity: 'danger',
    message: `${where} becomes NOT NULL, and rows that have no value for it make the migration fail.`,
    instead:
      'Give it a default, or fill it first (UPDATE, or coalesce() in the copy); drift generate takes --backfill table.column=SQL.',
  };
}

function judgeRule(
  examination: Examination,
  change: AlterChange | CreateChange,
  { before, after }: Sides,
): readonly Found[] {
  const { expected } = change;
  const name = expected.address.name;
  const found = (at: number, message: string): readonly Found[] => [
    { at, table: before.name, name, hazard: newRule(message) },
  ];
  const drop = findDrop(examination, before);
  const inside = drop === undefined ? findAddition(examination, before.name) : findCopy(examination, drop);
  switch (expected.kind) {
    case 'index':
    case 'unique':
    case 'primaryKey': {
      if (expected.kind === 'index' && !expected.unique) return [];
      if (change.type === 'alter' && !changesKey(change)) return [];
      const columns = keyColumns(expected);
      if (isAlreadyUnique(expected, before, after)) return [];
      if (!mayRepeat(examination, before, columns)) return [];
      const at = findIndexStatement(examination, name) ?? inside;
      if (at === undefined) return [];
      return found(
        at,
        `Rows of ${before.name} that hold the same ${columns.join(', ') || 'values'} twice make the migration fail: ${name === '' ? 'they' : name} must be unique.`,
      );
    }
    case 'check':
      if (
        inside === undefined ||
        (change.type === 'alter' && !change.fields.some(({ field }) => field === 'expression'))
      )
        return [];
      return found(
        inside,
        `Rows of ${before.name} that fail CHECK (${expected.expression.text}) make the migration fail.`,
      );
    case 'foreignKey': {
      const isNew = expected.columns.some((column) => findColumn(before, column) === undefined);
      if (isNew || inside === undefined) return [];
      if (change.type === 'alter' && !change.fields.some(({ field }) => field === 'references')) return [];
      return found(
        inside,
        `Rows of ${before.name} whose ${expected.columns.join(', ')} points at no row of ${showReference(expected.references)} make the migration fail, or stay as they are where foreign keys are off.`,
      );
    }
    default:
      return [];
  }
}

function changesKey(change: AlterChange): boolean {
  return change.fields.some(({ field }) =>
    ['unique', 'columns', 'parts', 'where', 'collations'].includes(field),
  );
}

/** None for an index over an expression, about which nothing can be told from the columns. */
function keyColumns(key: UniqueKey): readonly string[] {
  if (key.kind !== 'index') return key.columns;
  const columns = key.parts.flatMap((part) => ('column' in part.on ? [part.on.column] : []));
  return columns.length === key.parts.length ? columns : [];
}

/** Asks the engine: duplicates may be removed first, and a new column without a default holds NULL, which may repeat. */
function mayRepeat(examination: Examination, before: TableParts, columns: readonly string[]): boolean {
  if (columns.length === 0) return true;
  const table = quote(before.name);
  const isNew = columns.some((column) => findColumn(before, column) === undefined);
  if (isNew) {
    const plain = examination.rehearse({ foreignKeys: false });
    return (
      plain === null || [...plain.failures.values()].some((error) => /^UNIQUE constraint failed/.test(error))
    );
  }
  const set = columns
    .map((column) => `${quote(column)} = (SELECT ${quote(column)} FROM ${table} ORDER BY 1 LIMIT 1)`)
    .join(', ');
  return !passesWith(examination, `UPDATE ${table} SET ${set}`);
}

function findIndexStatement({ statements }: Examination, name: string): number | undefined {
  const at = statements.findIndex(({ tree }) => tree?.kind === 'index' && sameName(tree.name.value, name));
  return at === -1 ? undefined : at;
}

/** ALTER TABLE … ADD of the table. */
function findAddition({ statements }: Examination, table: string): number | undefined {
  const at = statements.findIndex(
    ({ tree }) =>
      tree?.kind === 'alter-table' &&
      sameName(tree.table.value, table) &&
      (tree.alteration.type === 'add-check' || tree.alteration.type === 'redefine-column'),
  );
  return at === -1 ? undefined : at;
}

function judgeStrict(examination: Examination, change: AlterChange): readonly Found[] {
  const { expected } = change;
  const becomesStrict =
    expected.kind === 'table' &&
    expected.strict === true &&
    change.fields.some(({ field }) => field === 'strict');
  const before = examination.before.get(foldName(expected.address.name));
  const drop = before && findDrop(examination, before);
  if (!becomesStrict || drop === undefined) return [];
  const message = `Values of ${expected.address.name} that are not of the declared types make the migration fail: the new table is STRICT.`;
  return [{ at: findCopy(examination, drop), table: expected.address.name, hazard: newRule(message) }];
}

function newRule(message: string): Hazard {
  return {
    code: 'constraint-validation',
    severity: 'warning',
    message,
    instead: 'Look for such rows first, and settle them in a statement before this one.',
  };
}
