/** The steps that make a table anew with all its rows: sqlite.org/lang_altertable.html#otheralter */
import type { CatalogObject, Expression, ForeignKey } from '../../../catalog/objects.ts';
import type { Hazard } from '../../../plan/hazards.ts';
import type { Assertion, Step, TableDefinition, TemporaryIndex } from '../../../plan/plan.ts';
import type { Refusal } from '../../../plan/refusals.ts';
import { sameName } from '../syntax/names.ts';
import { planCopy } from './copy.ts';
import { makeStep } from './dependents.ts';
import { hazardOfRebuild } from './hazards.ts';
import { definitionOf, findParentKey, type TableParts } from './parts.ts';
import type { Backfill, PlanRequest } from '../../planner.ts';
import { forgetDerivedName } from './prepare.ts';
import type { ScratchNames } from './scratch-names.ts';
import { planShields } from './shields.ts';
import { unqualify } from './unqualify.ts';

export interface RebuildRequest {
  readonly before: TableParts;
  readonly after: TableParts;
  /** All tables as they are at this moment of the migration. */
  readonly tables: ReadonlyMap<string, TableParts>;
  readonly why: readonly string[];
  readonly hazards: readonly Hazard[];
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
 */
export function planRebuild(request: RebuildRequest): Rebuild {
  const { before, after, names, runner, assert } = request;
  const keepsForeignKeysOn = runner !== 'drift';
  const to = names.name('new', after.name);
  const copying = planCopy(before, after, to, request.backfills);
  const shielding = keepsForeignKeysOn ? planShields(before, request.tables, names) : noShields;
  const ownKeys = keepsForeignKeysOn ? planOwnKeys(after, to, names) : [];
  const defer = keepsForeignKeysOn && touchesForeignKeys(before, after, request.tables);
  const steps: Step[] = [
    ...(defer ? [makeStep({ type: 'deferForeignKeys', deferred: true })] : []),
    makeStep(
      {
        type: 'createTable',
        table: { namespace: 'main', name: to },
        definition: defineCopy(after, to, keepsForeignKeysOn),
      },
      request.why,
      [hazardOfRebuild(after.name), ...request.hazards, ...copying.hazards],
    ),
    ...ownKeys.map((index) => makeStep({ type: 'createTemporaryIndex', index })),
    ...copying.assertions.map(assert),
    makeStep(copying.copy),
    ...carrySequence(before, after, to),
    assert({ is: 'sameRowCount', table: before.name, copy: to }),
    ...shielding.before,
    makeStep({ type: 'dropTable', table: before.table.address }),
    makeStep({ type: 'renameTable', table: { namespace: 'main', name: to }, to: after.name }),
    ...shielding.after,
    ...after.indexes.map((index) => makeStep({ type: 'createIndex', index })),
    ...ownKeys.map((index) =>
      makeStep({ type: 'dropTemporaryIndex', index: { ...index, table: after.name } }),
    ),
    ...(defer ? [makeStep({ type: 'deferForeignKeys', deferred: false })] : []),
  ];
  return { steps, refusals: copying.refusals, silenced: shielding.silenced };
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
 * The definition under the copy's name. Foreign keys of the table to itself: with foreign keys on they must not point
 * at the old table, whose rows are about to be deleted, and RENAME takes them along. With foreign keys off they keep
 * the final name, since RENAME does not take them along where legacy_alter_table is on.
 */
function defineCopy(after: TableParts, to: string, followsCopy: boolean): TableDefinition {
  return definitionOf(after).map((object) => {
    const moved = moveTo(unqualifyObject(forgetDerivedName(object), after.name), to);
    if (!followsCopy || moved.kind !== 'foreignKey') return moved;
    return sameName(moved.references.table, after.name) ? pointAt(moved, to) : moved;
  });
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

/** Unique indexes that the table's foreign keys to itself need to be there while rows are copied. */
function planOwnKeys(after: TableParts, to: string, names: ScratchNames): readonly TemporaryIndex[] {
  const keys = after.foreignKeys
    .filter((key) => sameName(key.references.table, after.name))
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
