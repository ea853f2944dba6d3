import type { CatalogObject, Column, Index, PrimaryKey, Unique } from '../../catalog/objects.ts';
import { showAddress, showReference } from '../../diff/show-parts.ts';
import type { AlterChange, Change, CreateChange, DropChange, RenameChange } from '../../diff/changes.ts';
import type { Hazard } from '../../plan/hazards.ts';
import { affinity } from './syntax/affinity.ts';
import { isAsFine } from './plan/unique-keys.ts';
import { foldName } from './syntax/names.ts';
import { renderDefault } from './render-table.ts';

/** The risks of bringing the database to what is expected. sqlite.org/lang_altertable.html says what needs a rebuild. */
export function assessChange(change: Change): readonly Hazard[] {
  switch (change.type) {
    case 'create':
      return assessCreate(change);
    case 'drop':
      return assessDrop(change);
    case 'alter':
    case 'rename':
      return assessAlter(change);
  }
}

function assessCreate({ expected }: CreateChange): readonly Hazard[] {
  const where = showAddress(expected.address);
  switch (expected.kind) {
    case 'column':
      return assessNewColumn(expected);
    case 'primaryKey':
      return [
        rebuild(expected, 'a primary key cannot be added'),
        validation(`Rows of ${expected.address.table ?? ''} may hold the same key twice, or none.`),
      ];
    case 'unique':
      return [
        validation(`Rows of ${expected.address.table ?? ''} may hold the same values twice (${where}).`),
      ];
    case 'index':
      return expected.unique
        ? [validation(`Rows of ${expected.address.table ?? ''} may hold the same values twice (${where}).`)]
        : [];
    case 'foreignKey':
      return [
        rebuild(expected, 'a foreign key cannot be added'),
        validation(
          `Rows of ${expected.address.table ?? ''} may point at no row of ${showReference(expected.references)}.`,
        ),
      ];
    case 'check':
      return [
        rebuild(expected, 'before SQLite 3.53 a CHECK cannot be added'),
        validation(`Rows of ${expected.address.table ?? ''} may fail the check ${where}.`),
      ];
    default:
      return [];
  }
}

function assessNewColumn(column: Column): readonly Hazard[] {
  const where = showAddress(column.address);
  if (column.value.kind === 'generated') {
    return column.value.storage === 'stored'
      ? [rebuild(column, 'a stored generated column cannot be added')]
      : [];
  }
  if (column.value.kind === 'none' && !column.nullable) return [missingDefault(where)];
  if (column.value.kind === 'default' && !isConstant(column.value.expression.text)) {
    return [rebuild(column, 'a column with a computed default cannot be added to a table with rows')];
  }
  return [];
}

/** CURRENT_TIME and its like stand without parentheses and are computed all the same. */
function isConstant(text: string): boolean {
  return renderDefault(text) === text && !/^\(|^current_/i.test(text.trim());
}

function assessDrop({ database }: DropChange): readonly Hazard[] {
  const where = showAddress(database.address);
  switch (database.kind) {
    case 'table':
    case 'virtualTable':
      return [
        loss(
          `All rows of ${where} are deleted.`,
          `Keep the table and add it to the models, or copy its rows first.`,
        ),
      ];
    case 'column':
      return database.value.kind === 'generated'
        ? []
        : [
            loss(
              `All values of ${where} are deleted.`,
              `Keep the column and add it to the models, or copy its values first.`,
            ),
          ];
    case 'primaryKey':
      return [rebuild(database, 'a primary key cannot be dropped')];
    case 'unique':
      return [rebuild(database, 'an inline UNIQUE cannot be dropped (a unique index can)')];
    case 'foreignKey':
      return [rebuild(database, 'a foreign key cannot be dropped')];
    case 'check':
      return [rebuild(database, 'before SQLite 3.53 a CHECK cannot be dropped')];
    case 'trigger':
      return [behaviour(`What the trigger ${where} did no longer happens.`)];
    default:
      return [];
  }
}

function assessAlter(change: AlterChange | RenameChange): readonly Hazard[] {
  const { database, expected } = change;
  const fields = new Set(change.fields.map(({ field }) => field));
  const where = showAddress(expected.address);
  switch (expected.kind) {
    case 'column':
      return database.kind === 'column' ? assessColumn(database, expected, fields) : [];
    case 'table':
      return assessTable(expected, fields);
    case 'virtualTable':
      return [
        loss(
          `${where} must be dropped and made again; what it holds is deleted.`,
          'Fill it again from its source afterwards.',
        ),
      ];
    case 'index':
      return expected.unique && !isOnlyRename(fields) && !keepsUnique(database, expected)
        ? [validation(`Rows of ${expected.address.table ?? ''} may hold the same values twice (${where}).`)]
        : [];
    case 'unique':
    case 'primaryKey':
      return [
        ...(isIndex(database) ? [] : [rebuild(expected, 'a constraint cannot be altered')]),
        ...(keyFields.some((field) => fields.has(field)) && !keepsKey(database, expected)
          ? [validation(`Rows of ${expected.address.table ?? ''} may hold the same values twice.`)]
          : []),
      ];
    case 'foreignKey':
      return [
        rebuild(expected, 'a foreign key cannot be altered'),
        ...(fields.has('references')
          ? [
              validation(
                `Rows of ${expected.address.table ?? ''} may point at no row of ${showReference(expected.references)}.`,
              ),
            ]
          : []),
        ...(fields.has('onDelete') || fields.has('onUpdate')
          ? [
              behaviour(
                `Deleting or updating rows of ${expected.references.table} has other effects on ${expected.address.table ?? ''}.`,
              ),
            ]
          : []),
      ];
    case 'check':
      return [
        rebuild(expected, 'a CHECK cannot be altered'),
        ...(fields.has('expression')
          ? [validation(`Rows of ${expected.address.table ?? ''} may fail the check ${where}.`)]
          : []),
      ];
    case 'trigger':
      return [behaviour(`The trigger ${where} does something else afterwards.`)];
    default:
      return [];
  }
}

/** Whether the index that is there lets no row in that the expected one refuses: order and direction do not count. */
function keepsUnique(database: CatalogObject, expected: Index): boolean {
  if (database.kind !== 'index' || !database.unique) return false;
  if (database.where !== null && database.where.canonical !== expected.where?.canonical) return false;
  return database.parts.every((old) =>
    expected.parts.some((part) => showTerm(part) === showTerm(old) && isAsFineAs(old, part)),
  );
}

/** Without a collation it is the column's own, which is BINARY where nothing is said of it. */
function isAsFineAs(old: Index['parts'][number], wanted: Index['parts'][number]): boolean {
  if (old.collation === wanted.collation) return true;
  return wanted.collation === null
    ? old.collation === 'NOCASE' && 'column' in wanted.on
    : isAsFine(old.collation ?? '', wanted.collation);
}

function showTerm({ on }: Index['parts'][number]): string {
  const what = 'column' in on ? ['column', foldName(on.column)] : ['expression', on.expression.canonical];
  return JSON.stringify(what);
}

/** What of a key decides which rows it refuses. */
const keyFields = ['columns', 'collations', 'unique', 'where'];

/** Whether only an index can be what stands for the constraint. */
function isIndex(database: CatalogObject): boolean {
  if (database.kind !== 'unique') return false;
  return database.unique === false || (database.where ?? null) !== null;
}

/** Whether every column of the key that is there is in the expected one, under the same collations. */
function keepsKey(database: CatalogObject, expected: PrimaryKey | Unique): boolean {
  if ((database.kind !== 'primaryKey' && database.kind !== 'unique') || isIndex(database)) return false;
  if ((database.collations ?? []).join() !== (expected.collations ?? []).join()) return false;
  const columns = new Set(expected.columns.map(foldName));
  return database.columns.every((column) => columns.has(foldName(column)));
}

function isOnlyRename(fields: ReadonlySet<string>): boolean {
  return fields.size === 1 && fields.has('name');
}

function assessTable(table: CatalogObject, fields: ReadonlySet<string>): readonly Hazard[] {
  const hazards = [rebuild(table, 'the options of a table cannot be altered')];
  if (fields.has('strict') && table.kind === 'table' && table.strict) {
    hazards.push(
      validation(`Rows of ${showAddress(table.address)} may hold values of other types than declared.`),
    );
  }
  return hazards;
}

function assessColumn(database: Column, expected: Column, fields: ReadonlySet<string>): readonly Hazard[] {
  const where = showAddress(expected.address);
  const hazards = [rebuild(expected, 'a column cannot be altered in place')];
  if (fields.has('type') && affinity(database.type) !== affinity(expected.type)) {
    hazards.push({
      code: 'lossy-cast',
      severity: 'warning',
      message: `Values of ${where} are converted from ${database.type || 'no type'} to ${expected.type || 'no type'}: ${describeConversion(expected.type)}.`,
      instead: 'Look at the values with typeof() and a CAST first.',
    });
  }
  if (fields.has('nullable') && !expected.nullable) hazards.push(missingDefault(where));
  if (expected.value.kind === 'generated' && database.value.kind !== 'generated') {
    hazards.push(loss(`The values of ${where} are replaced by generated ones.`, 'Copy its values first.'));
  }
  if (fields.has('collation')) hazards.push(behaviour(`${where} is compared and sorted in another way.`));
  return hazards;
}

function describeConversion(type: string): string {
  switch (affinity(type)) {
    case 'text':
      return 'numbers become texts, which sort and compare in another way';
    case 'blob':
      return 'they stay as they are, and new ones are kept as they come';
    default:
      return "'007' becomes 7, and what cannot be converted stays as it is";
  }
}

function rebuild(object: CatalogObject, reason: string): Hazard {
  const table = object.address.table ?? object.address.name;
  return {
    code: 'table-rebuild',
    severity: 'warning',
    message: `The table ${table} is copied into a new one, since ${reason}.`,
    instead: 'Let drift generate write the rebuild: it keeps indexes, triggers, views and referencing rows.',
  };
}

function validation(message: string): Hazard {
  return {
    code: 'constraint-validation',
    severity: 'warning',
    message: `${message} The change then fails.`,
    instead: 'Find and correct such rows first.',
  };
}

function missingDefault(where: string): Hazard {
  return {
    code: 'not-null-without-default',
    severity: 'danger',
    message: `Rows without a value for ${where} make the change fail: it shall be NOT NULL.`,
    instead: 'Give a backfill value, or a default.',
  };
}

function loss(message: string, instead: string): Hazard {
  return { code: 'data-loss', severity: 'danger', message, instead };
}

function behaviour(message: string): Hazard {
  return { code: 'behaviour-change', severity: 'info', message };
}
