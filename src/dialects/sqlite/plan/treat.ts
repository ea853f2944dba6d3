/**
 * What each change needs: a native ALTER where SQLite can do it exactly and safely, a rebuild of the table otherwise.
 * The table of deciders is total over the kinds of objects: a new kind does not compile until it is said here.
 */
import type { Column, ForeignKey, Index, ObjectKind, Unique } from '../../../catalog/objects.ts';
import { forOpaqueKinds } from '../../../catalog/opaque-kinds.ts';
import type { Change, FieldChange } from '../../../diff/changes.ts';
import type { Action } from '../../../plan/plan.ts';
import { writeAddress } from '../../../plan/refusals.ts';
import { DriftError } from '../../../errors.ts';
import { affinity } from '../syntax/affinity.ts';
import { foldName, sameName } from '../syntax/names.ts';
import { mentions } from './mentions.ts';
import { findUniqueIndex } from './prepare.ts';
import { isGenerated, type TableParts, type Tables } from './parts.ts';
import type { EngineVersion, PlanRequest } from '../../planner.ts';
import { isAtLeast } from './request.ts';

/** How one change is carried out. */
export type Treatment =
  | { readonly by: 'alter'; readonly action: Action; readonly why: string }
  | { readonly by: 'rebuild'; readonly why: string }
  /** Apart from the table: an index goes, comes, or both. */
  | { readonly by: 'index'; readonly drop: Index | null; readonly create: Index | null }
  /** It has a statement of its own: tables, indexes, views, triggers. */
  | { readonly by: 'itself' };

export interface TreatContext {
  readonly request: PlanRequest;
  readonly before: Tables;
  readonly after: Tables;
  readonly changes: readonly Change[];
  /** Texts of all views and triggers that are there, which DROP COLUMN must not cut. */
  readonly bodies: readonly string[];
}

type Decider = (change: Change, context: TreatContext) => Treatment;

const itself: Decider = () => ({ by: 'itself' });

const rebuild: Decider = (change) => ({ by: 'rebuild', why: describeChange(change) });

const unknown: Decider = (change) => {
  throw new DriftError('PLAN_UNSUPPORTED', { what: `${change.kind} ${writeAddress(change.address)}` });
};

const deciders: Readonly<Record<ObjectKind, Decider>> = {
  table: (change, context) => (change.type === 'alter' ? rebuild(change, context) : { by: 'itself' }),
  column: treatColumn,
  primaryKey: rebuild,
  unique: treatUnique,
  foreignKey: treatForeignKey,
  check: treatCheck,
  index: treatIndex,
  view: itself,
  trigger: itself,
  virtualTable: treatVirtualTable,
  exclusion: unknown,
  enum: unknown,
  sequence: unknown,
  materializedView: unknown,
  policy: unknown,
  role: unknown,
  schema: unknown,
  ...forOpaqueKinds(unknown),
};

/** @throws DriftError PLAN_UNSUPPORTED for what SQLite does not have, and for a virtual table made otherwise */
export function treatChange(change: Change, context: TreatContext): Treatment {
  return deciders[change.kind](change, context);
}

function treatVirtualTable(change: Change): Treatment {
  if (change.type === 'create' || change.type === 'drop') return { by: 'itself' };
  // Only the module knows what its tables hold.
  const what = `a change of the virtual table ${writeAddress(change.address)}`;
  throw new DriftError('PLAN_UNSUPPORTED', { what });
}

function treatColumn(change: Change, context: TreatContext): Treatment {
  const why = describeChange(change);
  const native = alterColumn(change, context);
  return native === null ? { by: 'rebuild', why } : { by: 'alter', action: native, why };
}

function alterColumn(change: Change, context: TreatContext): Action | null {
  if (change.type === 'create' && change.expected.kind === 'column')
    return addColumn(change.expected, context);
  if (change.type === 'drop' && change.database.kind === 'column')
    return dropColumn(change.database, context);
  if (change.type === 'alter') return setNullable(change, context.request.engine);
  return null;
}

/** sqlite.org/lang_altertable.html#alter_table_add_column */
function addColumn(column: Column, context: TreatContext): Action | null {
  const { table = '', name } = column.address;
  const after = findTable(context.after, table);
  if (after === undefined || hasBackfill(context, table, name)) return null;
  if (isInKey(after, name)) return null;
  if (isGenerated(column)) return addGenerated(column);
  const keys = after.foreignKeys.filter((key) => key.columns.some((own) => sameName(own, name)));
  const foreignKey = keys[0] ?? null;
  // With foreign keys on, a column with a reference has to begin with NULL.
  if (keys.length > 1 || (foreignKey && (foreignKey.columns.length > 1 || column.value.kind !== 'none')))
    return null;
  if (!isConstantOrNull(column) || (after.table.strict === true && !fitsStrictly(column))) return null;
  return { type: 'addColumn', column, foreignKey };
}

function addGenerated(column: Column): Action | null {
  const virtual = column.value.kind === 'generated' && column.value.storage === 'virtual';
  // NOT NULL on it is tested against the rows that are there, but only since 3.39.
  return virtual && column.nullable ? { type: 'addColumn', column, foreignKey: null } : null;
}

function findTable(tables: Tables, name: string): TableParts | undefined {
  return tables.get(foldName(name));
}

function hasBackfill(context: TreatContext, table: string, column: string): boolean {
  return context.request.backfills.some(
    (backfill) => sameName(backfill.table, table) && sameName(backfill.column, column),
  );
}

function isInKey(parts: TableParts, column: string): boolean {
  const constraints = [...(parts.primaryKey ? [parts.primaryKey] : []), ...parts.uniques];
  return constraints.some((constraint) => constraint.columns.some((own) => sameName(own, column)));
}

/** A number, string, blob, TRUE, FALSE or NULL as it stands; anything else may be computed anew for each row. */
const constant =
  /^\s*(?:[+-]?\s*(?:\d[\d_]*(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?|0x[0-9a-f]+)|'(?:[^']|'')*'|x'[0-9a-f]*'|true|false)\s*$/i;

function isConstantOrNull(column: Column): boolean {
  if (column.value.kind === 'none') return column.nullable;
  if (column.value.kind !== 'default') return false;
  const { text } = column.value.expression;
  return constant.test(text) || (column.nullable && /^\s*null\s*$/i.test(text));
}

/** ADD COLUMN puts the default into the rows that are there, and a STRICT table takes none of another type. */
function fitsStrictly(column: Column): boolean {
  if (column.value.kind !== 'default') return true;
  const { text } = column.value.expression;
  switch (affinity(column.type, true)) {
    case 'integer':
      return /^\s*(?:[+-]?\s*\d+|true|false)\s*$/i.test(text);
    case 'real':
      return /^\s*[+-]?\s*[\d.]/.test(text);
    case 'text':
      return /^\s*'/.test(text);
    case 'blob':
      return column.type.toUpperCase() === 'ANY' || /^\s*x'/i.test(text);
    case 'numeric':
      return false;
  }
}

/** sqlite.org/lang_altertable.html#alter_table_drop_column */
function dropColumn(column: Column, context: TreatContext): Action | null {
  const { table = '', name } = column.address;
  const before = findTable(context.before, table);
  if (before === undefined || !isAtLeast(context.request.engine, [3, 35, 0])) return null;
  const usedInKey =
    isInKey(before, name) || before.foreignKeys.some((key) => key.columns.some((own) => sameName(own, name)));
  const texts = [...textsOf(before, name), ...context.bodies.filter((body) => mentions(body, table))];
  const left = before.columns.filter((other) => !isGenerated(other));
  const takesCheck = before.checks.some(
    ({ writtenAt }) => writtenAt !== undefined && sameName(writtenAt, name),
  );
  if (usedInKey || takesCheck || left.length < 2 || texts.some((text) => mentions(text, name))) return null;
  return isReferenced(context.before, table, name) ? null : { type: 'dropColumn', column: column.address };
}

/** Expressions of the table apart from the column's own; its plain indexes go before it does. */
function textsOf(parts: TableParts, name: string): readonly string[] {
  const others = parts.columns.filter((column) => !sameName(column.address.name, name));
  return [
    ...parts.checks.map((check) => check.expression.text),
    ...others.flatMap((column) => (column.value.kind === 'generated' ? [column.value.expression.text] : [])),
  ];
}

function isReferenced(tables: Tables, table: string, column: string): boolean {
  return [...tables.values()].some((parts) =>
    parts.foreignKeys.some(
      (key) =>
        sameName(key.references.table, table) &&
        key.references.columns.some((other) => sameName(other, column)),
    ),
  );
}

/** sqlite.org/releaselog/3_53_0.html: ALTER COLUMN … SET NOT NULL, ADD CONSTRAINT … CHECK, DROP CONSTRAINT. */
const alteringConstraints: EngineVersion = [3, 53, 0];

function setNullable(change: Change, engine: EngineVersion | null): Action | null {
  if (change.type !== 'alter' || change.expected.kind !== 'column') return null;
  const only = change.fields.every(({ field }) => field === 'nullable');
  if (!only || !isAtLeast(engine, alteringConstraints)) return null;
  return { type: 'setNullable', column: change.address, nullable: change.expected.nullable };
}

function treatForeignKey(change: Change, context: TreatContext): Treatment {
  const columnComes = (key: ForeignKey): boolean => {
    const added = context.changes.find(
      (other) =>
        other.type === 'create' &&
        other.kind === 'column' &&
        sameName(other.address.table ?? '', key.address.table ?? '') &&
        sameName(other.address.name, key.columns[0] ?? ''),
    );
    return added !== undefined && treatChange(added, context).by === 'alter';
  };
  const isNew = change.type === 'create' && change.expected.kind === 'foreignKey';
  // It is declared with its column.
  if (isNew && change.expected.columns.length === 1 && columnComes(change.expected)) return { by: 'itself' };
  return rebuild(change, context);
}

function treatCheck(change: Change, context: TreatContext): Treatment {
  const why = describeChange(change);
  if (!isAtLeast(context.request.engine, alteringConstraints)) return { by: 'rebuild', why };
  if (change.type === 'create' && change.expected.kind === 'check') {
    return { by: 'alter', action: { type: 'addCheck', check: change.expected }, why };
  }
  // A constraint without a name cannot be named in DROP CONSTRAINT.
  if (change.type === 'drop' && !change.address.name.startsWith('check (')) {
    return { by: 'alter', action: { type: 'dropConstraint', constraint: change.address }, why };
  }
  return { by: 'rebuild', why };
}

/** A unique constraint may be an index in the database, and is made as one. */
function treatUnique(change: Change, context: TreatContext): Treatment {
  const { before, after } = findSides(change, context);
  if (before === undefined || after === undefined) return { by: 'itself' };
  const old = change.type === 'create' ? null : (change.database as Unique);
  const wanted = change.type === 'drop' ? null : (change.expected as Unique);
  const isExact = context.request.exact === true;
  const drop = isExact ? null : old && findUniqueIndex(before, old);
  const create = isExact ? null : wanted && findUniqueIndex(after, wanted);
  const isInside = (old !== null && drop === null) || (wanted !== null && create === null);
  return isInside ? rebuild(change, context) : { by: 'index', drop, create };
}

function treatIndex(change: Change, context: TreatContext): Treatment {
  const { before, after } = findSides(change, context);
  if (before === undefined || after === undefined) return { by: 'itself' };
  const find = (parts: TableParts, name: string): Index | null =>
    parts.indexes.find((index) => sameName(index.address.name, name)) ?? null;
  const drop = change.type === 'create' ? null : find(before, change.address.name);
  const create = change.type === 'drop' ? null : find(after, change.expected.address.name);
  // In the database it is a constraint inside of the table.
  if (change.type !== 'create' && drop === null) return rebuild(change, context);
  return { by: 'index', drop, create };
}

function findSides(change: Change, context: TreatContext) {
  const { table = '' } = change.address;
  return { before: findTable(context.before, table), after: findTable(context.after, table) };
}

const words: Readonly<Partial<Record<ObjectKind, string>>> = {
  primaryKey: 'primary key',
  foreignKey: 'foreign key',
  virtualTable: 'virtual table',
};

/** The change in a few words for a comment: `age: type text -> integer`. */
export function describeChange(change: Change): string {
  const kind = words[change.kind] ?? change.kind;
  const name = change.kind === 'column' ? change.address.name : `${kind} ${change.address.name}`;
  switch (change.type) {
    case 'create':
      return change.kind === 'column' ? `new column ${name}` : `new ${name}`;
    case 'drop':
      return change.kind === 'column' ? `without column ${name}` : `without ${name}`;
    case 'alter':
    case 'rename':
      return `${name}: ${change.fields.map(describeField).join(', ')}`;
  }
}

function describeField({ field, database, expected }: FieldChange): string {
  if (field === 'nullable') return expected === true ? 'may be NULL' : 'NOT NULL';
  return `${field} ${showValue(database)} -> ${showValue(expected)}`;
}

function showValue(value: FieldChange['database']): string {
  if (value === null) return 'none';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
