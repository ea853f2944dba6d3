/**
 * Plans a SQLite migration. The order: guard, renames, views and triggers out of the way, the tables in the order of
 * their foreign keys (new ones, changed ones, dropped ones, where nothing else is needed), views and triggers, and at
 * the end the proof that no row has lost its parent.
 */
import type { Address } from '../../../catalog/address.ts';
import { fingerprintSchema } from '../../../catalog/fingerprint.ts';
import type { Schema } from '../../../catalog/schema.ts';
import type { Change } from '../../../diff/changes.ts';
import { diffSchemas } from '../../../diff/compare.ts';
import type { Step } from '../../../plan/plan.ts';
import type { Refusal } from '../../../plan/refusals.ts';
import type { Planning, PlanRequest } from '../../planner.ts';
import { normalise } from '../normalise.ts';
import { sameName } from '../syntax/names.ts';
import { refuseDrop } from './data-loss.ts';
import { makeStep, planDependents } from './dependents.ts';
import { findFaultyKeys } from './faulty-keys.ts';
import { createGuardBook, selectCheckable } from './guard.ts';
import { hazardOfDrop } from './hazards.ts';
import { waitForIndexNames } from './index-names.ts';
import { collectTables } from './parts.ts';
import { prepareTables } from './prepare.ts';
import { planRenames } from './rename-steps.ts';
import { createScratchNames } from './scratch-names.ts';
import { contextOf, TablePlanner, type PlanContext, type TableWork } from './table-planner.ts';
import { treatChange } from './treat.ts';

/** @throws DriftError PLAN_UNSUPPORTED */
export function planMigration(request: PlanRequest): Planning {
  const comparable = normalise({
    database: request.renamed,
    expected: request.to,
    exact: request.exact === true,
  });
  const changes = diffSchemas(comparable.database, comparable.expected);
  const work = new MigrationPlanner(request, comparable.expected, changes);
  const steps = work.plan();
  const plan = {
    dialect: 'sqlite',
    runner: request.runner,
    from: fingerprintOf(request.from),
    to: fingerprintSchema(comparable.expected),
    batches: steps.length === 0 ? [] : [{ transaction: true, steps }],
  } as const;
  return { plan, refusals: work.refusals, changes };
}

/** Fingerprint of a schema as it was read, whatever it is compared with. */
export function fingerprintOf(schema: Schema): string {
  return fingerprintSchema(normalise({ database: schema, expected: schema }).expected);
}

class MigrationPlanner {
  readonly refusals: Refusal[] = [];
  private readonly context: PlanContext;

  constructor(request: PlanRequest, comparable: Schema, changes: readonly Change[]) {
    const before = collectTables(request.renamed);
    const names = createScratchNames([request.from, request.renamed, request.to]);
    this.context = {
      request,
      changes,
      before,
      after: prepareTables(request, comparable, before),
      names,
      guard: createGuardBook(request.runner !== 'd1', names),
    };
  }

  plan(): readonly Step[] {
    const renames = planRenames(this.context.request, this.context.names);
    if (this.context.changes.length === 0 && renames.length === 0) return [];
    const tables = new TablePlanner(this.context);
    const rebuilt = findNames(tables.works, (work) => work.rebuilt);
    const dropped = findNames(tables.works, ({ move }) => move.does === 'drop');
    const opening = this.openGuard(rebuilt, dropped);
    const changed = tables.plan();
    const virtual = this.planVirtualTables();
    this.refusals.push(...tables.refusals, ...virtual.refusals);
    const dependents = planDependents({
      before: this.context.request.renamed,
      after: this.context.request.to,
      away: [...rebuilt, ...dropped, ...virtual.dropped],
      silenced: [...tables.silenced],
      touched: this.findTouched(),
    });
    const closing = this.checkOrphans(opening.checked);
    const steps = [
      ...opening.steps,
      ...this.hideBroken(renames),
      ...renames,
      ...opening.afterRenames,
      ...dependents.before.filter((step) => !this.isHidden(step, renames)),
      // Their names may be those of new tables.
      ...virtual.drops,
      ...changed,
      ...virtual.creates,
      ...dependents.after,
      ...closing,
    ];
    return this.context.guard.wrap(this.warnOfKeys(waitForIndexNames(steps, this.context.before)));
  }

  /** A key may be lost by what is done to the parent as well, so that no step of the child's has to be there. */
  private warnOfKeys([first, ...rest]: readonly Step[]): readonly Step[] {
    if (first === undefined) return [];
    const hazards = findFaultyKeys(this.context.before, this.context.after).map(({ hazard }) => hazard);
    return [{ ...first, hazards: [...first.hazards, ...hazards] }, ...rest];
  }

  private openGuard(rebuilt: readonly string[], dropped: readonly string[]) {
    const away = [...rebuilt, ...dropped];
    const children = [...this.context.before.values()].filter((parts) =>
      parts.foreignKeys.some((key) => away.some((table) => sameName(table, key.references.table))),
    );
    const checked = [...rebuilt, ...children.map((parts) => parts.name)];
    const needsForeignKeysOff = this.context.request.runner === 'drift' && children.length > 0;
    const counted = new Set(selectCheckable(this.context.after, checked));
    const before = selectCheckable(this.context.before, checked).filter((name) => counted.has(name));
    return {
      checked,
      steps: needsForeignKeysOff ? [this.context.guard.assert({ is: 'foreignKeysOff' })] : [],
      afterRenames:
        before.length === 0 ? [] : [this.context.guard.assert({ is: 'orphansBefore', tables: before })],
    };
  }

  private checkOrphans(checked: readonly string[]): readonly Step[] {
    const tables = selectCheckable(this.context.after, checked);
    return tables.length === 0 ? [] : [this.context.guard.assert({ is: 'noNewOrphans', tables })];
  }

  private planVirtualTables() {
    const changes = this.context.changes.filter((change) => change.kind === 'virtualTable');
    for (const change of changes) treatChange(change, contextOf(this.context));
    const creates = changes.flatMap((change) =>
      change.type === 'create' && change.expected.kind === 'virtualTable'
        ? [makeStep({ type: 'createVirtualTable', table: change.expected })]
        : [],
    );
    const dropped = changes.filter(({ type }) => type === 'drop').map(({ address }) => address);
    const drops = dropped.map((address) =>
      makeStep(
        { type: 'dropTable', table: address, leaving: [], indexes: [] },
        [],
        [hazardOfDrop('virtualTable', address)],
      ),
    );
    return {
      creates,
      drops,
      refusals: changes.flatMap((change) => refuseDrop(change, this.context.request)),
      dropped: dropped.map(({ name }) => name),
    };
  }

  /** Views and triggers that change, that go, or that do not work as it is. */
  private findTouched(): readonly Address[] {
    const changed = this.context.changes
      .filter((change) => (change.kind === 'view' || change.kind === 'trigger') && change.type !== 'create')
      .map((change) => change.address);
    return this.renamesAnything() ? [...changed, ...this.context.request.broken] : changed;
  }

  private renamesAnything(): boolean {
    return (
      this.context.request.renames.length > 0 ||
      this.context.changes.some((change) => change.kind !== 'view' && change.kind !== 'trigger')
    );
  }

  /** SQLite renames nothing while a view or trigger is broken, so these go before the renames. */
  private hideBroken(renames: readonly Step[]): readonly Step[] {
    if (renames.length === 0) return [];
    return this.context.request.broken.map((address) =>
      address.table === undefined
        ? makeStep({ type: 'dropView', view: address })
        : makeStep({ type: 'dropTrigger', trigger: address }),
    );
  }

  private isHidden(step: Step, renames: readonly Step[]): boolean {
    if (renames.length === 0) return false;
    const { action } = step;
    const address =
      action.type === 'dropView' ? action.view : action.type === 'dropTrigger' ? action.trigger : null;
    return address !== null && this.context.request.broken.some((broken) => broken.name === address.name);
  }
}

/** The tables of those works, each once. */
function findNames(works: readonly TableWork[], isMeant: (work: TableWork) => boolean): readonly string[] {
  const names = works.filter(isMeant).map(({ move }) => ('before' in move ? move.before : move.after).name);
  return [...new Set(names)];
}
