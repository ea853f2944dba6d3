/** The steps that make a table anew with all its rows: sqlite.org/lang_altertable.html#otheralter */
import type { Address } from '../../../catalog/address.ts';
import type { CatalogObject, Expression, ForeignKey } from '../../../catalog/objects.ts';
import type { Hazard } from '../../../plan/hazards.ts';
import type { Assertion, Step, TableDefinition, TemporaryIndex } from '../../../plan/plan.ts';
import type { Refusal } from '../../../plan/refusals.ts';
import { foldName, sameName } from '../syntax/names.ts';
import { planCopy } from './copy.ts';
import { makeStep } from './dependents.ts';
import { hazardOfRebuild } from './hazards.ts';
import {
  definitionOf,
  findColumn,
  isGenerated,
  findParentKey,
  findReferencing,
  type TableParts,
} from './parts.ts';
import type { Backfill, PlanRequest } from '../../planner.ts';
import { forgetDerivedName } from './prepare.ts';
import type { ScratchNames } from './scratch-names.ts';
import { planShields } from './shields.ts';
import { unqualify } from './unqualify.ts';

/** A table that is made anew. */
export interface RebuiltTable {
  readonly before: TableParts;
  readonly after: TableParts;
  /** What for; one line each. */
  readonly why: readonly string[];
  readonly risks: RebuildRisks;
}

/** Hazards, each of the step in which rows meet it. */
export interface RebuildRisks {
  /** Of the whole. */
  readonly hazards: readonly Hazard[];
  /** What rows may have against rules of the new table, which they meet when they are copied. */
  readonly ruleHazards: readonly Hazard[];
  /** The same of its unique indexes, by folded name. */
  readonly indexHazards: ReadonlyMap<string, readonly Hazard[]>;
  /** Indexes of the old table that are given up. */
  readonly lostIndexes: readonly Address[];
}

/** Of a table that is made anew only to make room. */
export const noRisks: RebuildRisks = {
  hazards: [],
  ruleHazards: [],
  indexHazards: new Map(),
  lostIndexes: [],
};

export interface RebuildRequest {
  /** All tables as they are at this moment of the migration. */
  readonly tables: ReadonlyMap<string, TableParts>;
  readonly backfills: readonly Backfill[];
  readonly runner: PlanRequest['runner'];
  readonly names: ScratchNames;
  readonly assert: (assertion: Assertion) => Step;
}

export interface Rebuild {
  readonly steps: readonly Step[];
  readonly refusals: readonly Refusal[];
  readonly silenced: readonly string[];
}

/** The old table is never renamed away first: the foreign keys of its children would follow it. */
export function planRebuild(
  { before, after, why, risks }: RebuiltTable,
  { tables, backfills, runner, names, assert }: RebuildRequest,
): Rebuild {
  const to = names.name('new', after.name);
  const copying = planCopy(before, after, to, backfills);
  const keepsForeignKeysOn = runner !== 'drift';
  const keys = keepsForeignKeysOn ? planOwnKeys(after, to, names) : [];
  const shielding = keepsForeignKeysOn ? planShields(before, tables, names) : noShields;
  const defer = keepsForeignKeysOn && touchesForeignKeys(before, after, tables);
  const table = { namespace: 'main', name: to };
  const definition = defineCopy(after, to, keepsForeignKeysOn);
  const steps: Step[] = [
    ...(defer ? [makeStep({ type: 'deferForeignKeys', deferred: true })] : []),
    makeStep({ type: 'createTable', table, definition }, why, [
      hazardOfRebuild(after.name),
      ...risks.hazards,
    ]),
    ...keys.map((index) => makeStep({ type: 'createTemporaryIndex', index })),
    ...copying.assertions.map(assert),
    makeStep(copying.copy, [], [...risks.ruleHazards, ...copying.hazards]),
    ...carrySequence(before, after, to),
    assert({ is: 'sameRowCount', table: before.name, copy: to }),
    ...shielding.before,
    makeStep({
      type: 'dropTable',
      table: before.table.address,
      leaving: findLeaving(before, after),
      indexes: risks.lostIndexes,
    }),
    makeStep({ type: 'renameTable', table, to: after.name }),
    ...shielding.after,
    ...after.indexes.map((index) =>
      makeStep({ type: 'createIndex', index }, [], risks.indexHazards.get(foldName(index.address.name))),
    ),
    ...keys.map((index) => makeStep({ type: 'dropTemporaryIndex', index: { ...index, table: after.name } })),
    ...(defer ? [makeStep({ type: 'deferForeignKeys', deferred: false })] : []),
  ];
  return { steps, refusals: copying.refusals, silenced: shielding.silenced };
}

const noShields = { before: [], after: [], silenced: [] } as const;

/** A new table with its indexes. */
export function createTable(parts: TableParts): readonly Step[] {
  return [
    makeStep({ type: 'createTable', table: parts.table.address, definition: definitionOf(parts) }),
    ...parts.indexes.map((index) => makeStep({ type: 'createIndex', index })),
  ];
}

export function touchesForeignKeys(
  before: TableParts,
  after: TableParts | null,
  tables: ReadonlyMap<string, TableParts>,
): boolean {
  const referenced = findReferencing(tables.values(), before.name).length > 0;
  return referenced || before.foreignKeys.length > 0 || (after?.foreignKeys.length ?? 0) > 0;
}

/**
 * The definition under the copy's name. A foreign key to the table itself: with foreign keys on it must not point at
 * the old table, whose rows are about to be deleted, and RENAME takes it along. With foreign keys off it keeps the
 * final name, since RENAME does not take it along where legacy_alter_table is on.
 */
function defineCopy(after: TableParts, to: string, followsCopy: boolean): TableDefinition {
  return definitionOf(after).map((object) => {
    const moved = moveTo(unqualifyObject(forgetDerivedName(object), after.name), to);
    const isOwn = moved.kind === 'foreignKey' && sameName(moved.references.table, after.name);
    return isOwn && followsCopy ? pointAt(moved, to) : moved;
  });
}

/** Columns that hold values and are not in the new table. */
function findLeaving(before: TableParts, after: TableParts): readonly Address[] {
  return before.columns
    .filter((column) => !isGenerated(column) && findColumn(after, column.address.name) === undefined)
    .map((column) => column.address);
}

function moveTo(object: CatalogObject, table: string): CatalogObject {
  const { address } = object;
  return object.kind === 'table'
    ? { ...object, address: { ...address, name: table } }
    : { ...object, address: { ...address, table } };
}

function unqualifyObject(object: CatalogObject, table: string): CatalogObject {
  const bare = (expression: Expression): Expression => ({
    ...expression,
    text: unqualify(expression.text, table),
  });
  if (object.kind === 'check') return { ...object, expression: bare(object.expression) };
  if (object.kind !== 'column' || !('expression' in object.value)) return object;
  return { ...object, value: { ...object.value, expression: bare(object.value.expression) } };
}

function pointAt(key: ForeignKey, table: string): ForeignKey {
  return { ...key, references: { ...key.references, table } };
}

/** Unique indexes that the table's foreign keys to itself need while rows are copied. */
function planOwnKeys(after: TableParts, to: string, names: ScratchNames): readonly TemporaryIndex[] {
  const keys = findReferencing([after], after.name)
    .filter((key) => findParentKey(after, key.references.columns) === 'index')
    .map((key) => ({
      name: names.name('key', `${after.name}_${key.references.columns.join('_')}`),
      table: to,
      columns: key.references.columns,
      unique: true,
    }));
  return [...new Map(keys.map((index) => [index.name, index])).values()];
}

/** AUTOINCREMENT goes on where it was, also in a table that is empty now. It must happen before the drop. */
function carrySequence(before: TableParts, after: TableParts, to: string): readonly Step[] {
  const counts = (parts: TableParts): boolean => parts.primaryKey?.autoincrement === true;
  if (!counts(before) || !counts(after)) return [];
  return [makeStep({ type: 'carrySequence', from: before.name, to })];
}
