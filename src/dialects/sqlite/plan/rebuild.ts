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
import { actsOnRows, planShields } from './shields.ts';
import { unqualify } from './unqualify.ts';

/** One table that is made anew. */
export interface RebuiltTable {
  readonly before: TableParts;
  readonly after: TableParts;
  readonly why: readonly string[];
  /** Of the whole. */
  readonly hazards: readonly Hazard[];
  /** What rows may have against rules of the new table, which they meet when they are copied. */
  readonly ruleHazards: readonly Hazard[];
  /** The same of its unique indexes, by folded name. */
  readonly indexHazards: ReadonlyMap<string, readonly Hazard[]>;
  /** Indexes of the old table that are given up. */
  readonly lostIndexes: readonly Address[];
}

export interface RebuildRequest {
  /** New tables that point at the ones that are made anew, which in turn need them. */
  readonly created: readonly TableParts[];
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

/**
 * The old table is never renamed away first: the foreign keys of its children would follow it.
 *
 * Several tables are made anew together where each needs a key that another gets while it still holds on to one that
 * the other loses. Foreign keys among them point at the new tables from the start, so that the old ones fit together
 * until they go, and so do the new ones.
 */
export function planRebuild(group: readonly RebuiltTable[], request: RebuildRequest): Rebuild {
  const { names, runner } = request;
  const keepsForeignKeysOn = runner !== 'drift';
  const copies = group.map((table) => planTable(table, group, request));
  const olds = group.map(({ before }) => before);
  const shielding = keepsForeignKeysOn ? planShields(olds, request.tables, names) : noShields;
  const defer =
    keepsForeignKeysOn &&
    group.some(({ before, after }) => touchesForeignKeys(before, after, request.tables));
  const steps: Step[] = [
    ...(defer ? [makeStep({ type: 'deferForeignKeys', deferred: true })] : []),
    ...copies.flatMap((copy) => copy.create),
    ...request.created.flatMap((parts) => createTable(parts, keepsForeignKeysOn ? group : [], names)),
    ...copies.flatMap((copy) => copy.fill),
    ...shielding.before,
    ...copies.flatMap((copy) => copy.replace),
    ...shielding.after,
    ...copies.flatMap((copy) => copy.finish),
    ...(defer ? [makeStep({ type: 'deferForeignKeys', deferred: false })] : []),
  ];
  return {
    steps,
    refusals: copies.flatMap((copy) => copy.refusals),
    silenced: shielding.silenced,
  };
}

/**
 * The tables of a group which have to let go of a key before the group is made anew: a DROP TABLE would reach them
 * through a foreign key's action, after the key is gone that they point at.
 */
export function findHolding(group: readonly RebuiltTable[]): readonly RebuiltTable[] {
  if (group.length === 1) return [];
  const find = (name: string): RebuiltTable | undefined =>
    group.find(({ before }) => sameName(before.name, name));
  const isLost = ({ references }: ForeignKey): boolean => {
    const parent = find(references.table);
    return parent !== undefined && findParentKey(parent.after, references.columns) === null;
  };
  return group.flatMap(({ before }) => {
    const isReached = before.foreignKeys.some((key) => actsOnRows(key) && find(key.references.table));
    const kept = before.foreignKeys.filter((key) => !isLost(key));
    if (!isReached || kept.length === before.foreignKeys.length) return [];
    const why = ['lets go of a key that goes, so that nothing is reached through it meanwhile'];
    return [withoutHazards({ before, after: { ...before, foreignKeys: kept }, why })];
  });
}

/** A table that is made anew only to make room. */
export function withoutHazards(table: Pick<RebuiltTable, 'before' | 'after' | 'why'>): RebuiltTable {
  return { ...table, hazards: [], ruleHazards: [], indexHazards: new Map(), lostIndexes: [] };
}

/** A new table with its indexes. Its foreign keys to tables of the group follow the new ones. */
export function createTable(
  parts: TableParts,
  group: readonly RebuiltTable[] = [],
  names: ScratchNames | null = null,
): readonly Step[] {
  const definition = definitionOf(parts).map((object) =>
    names === null ? object : pointAtCopy(object, group, names),
  );
  return [
    makeStep({ type: 'createTable', table: parts.table.address, definition }),
    ...parts.indexes.map((index) => makeStep({ type: 'createIndex', index })),
  ];
}

/** What is done to one table, by the moments at which it is. */
interface TableSteps {
  readonly create: readonly Step[];
  readonly fill: readonly Step[];
  readonly replace: readonly Step[];
  readonly finish: readonly Step[];
  readonly refusals: readonly Refusal[];
}

function planTable(
  { before, after, why, hazards, ruleHazards, indexHazards, lostIndexes }: RebuiltTable,
  group: readonly RebuiltTable[],
  { backfills, runner, names, assert }: RebuildRequest,
): TableSteps {
  const to = names.name('new', after.name);
  const copying = planCopy(before, after, to, backfills);
  const keepsForeignKeysOn = runner !== 'drift';
  const keys = keepsForeignKeysOn ? planInnerKeys(after, to, group, names) : [];
  const risks = [hazardOfRebuild(after.name), ...hazards];
  const definition = defineCopy(after, to, keepsForeignKeysOn ? group : [], names);
  const table = { namespace: 'main', name: to };
  return {
    create: [
      makeStep({ type: 'createTable', table, definition }, why, risks),
      ...keys.map((index) => makeStep({ type: 'createTemporaryIndex', index })),
    ],
    fill: [
      ...copying.assertions.map(assert),
      makeStep(copying.copy, [], [...ruleHazards, ...copying.hazards]),
      ...carrySequence(before, after, to),
      assert({ is: 'sameRowCount', table: before.name, copy: to }),
    ],
    // One after the other: dropping a table reaches others through their foreign keys, whose other parents have to be there.
    replace: [
      makeStep({
        type: 'dropTable',
        table: before.table.address,
        leaving: findLeaving(before, after),
        indexes: lostIndexes,
      }),
      makeStep({ type: 'renameTable', table, to: after.name }),
    ],
    finish: [
      ...after.indexes.map((index) =>
        makeStep({ type: 'createIndex', index }, [], indexHazards.get(foldName(index.address.name))),
      ),
      ...keys.map((index) =>
        makeStep({ type: 'dropTemporaryIndex', index: { ...index, table: after.name } }),
      ),
    ],
    refusals: copying.refusals,
  };
}

const noShields = { before: [], after: [], silenced: [] } as const;

export function touchesForeignKeys(
  before: TableParts,
  after: TableParts | null,
  tables: ReadonlyMap<string, TableParts>,
): boolean {
  const referenced = [...tables.values()].some((parts) =>
    parts.foreignKeys.some((key) => sameName(key.references.table, before.name)),
  );
  return referenced || before.foreignKeys.length > 0 || (after?.foreignKeys.length ?? 0) > 0;
}

/**
 * The definition under the copy's name. Foreign keys to the table itself or to one that is made anew with it: with
 * foreign keys on they must not point at the old table, whose rows are about to be deleted, and RENAME takes them
 * along. With foreign keys off they keep the final name, since RENAME does not take them along where
 * legacy_alter_table is on.
 */
function defineCopy(
  after: TableParts,
  to: string,
  following: readonly RebuiltTable[],
  names: ScratchNames,
): TableDefinition {
  return definitionOf(after).map((object) => {
    const moved = moveTo(unqualifyObject(forgetDerivedName(object), after.name), to);
    return pointAtCopy(moved, following, names);
  });
}

function pointAtCopy(
  object: CatalogObject,
  following: readonly RebuiltTable[],
  names: ScratchNames,
): CatalogObject {
  if (object.kind !== 'foreignKey') return object;
  const { table } = object.references;
  const copied = following.find((other) => sameName(other.after.name, table));
  return copied === undefined ? object : pointAt(object, names.name('new', copied.after.name));
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

/** Unique indexes that foreign keys of the group need on this table while rows are copied. */
function planInnerKeys(
  after: TableParts,
  to: string,
  group: readonly RebuiltTable[],
  names: ScratchNames,
): readonly TemporaryIndex[] {
  const keys = findReferencing(
    group.map((table) => table.after),
    after.name,
  )
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
