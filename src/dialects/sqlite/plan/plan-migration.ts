/**
 * Plans a SQLite migration. The order: guard, renames, views and triggers out of the way, new tables, then table by
 * table (parents before children) its rebuild or its ALTERs and its indexes, dropped tables, views and triggers,
 * and at the end the proof that no row has lost its parent.
 */
import type { Address } from '../../../catalog/address.ts';
import { fingerprintSchema } from '../../../catalog/fingerprint.ts';
import type { Change } from '../../../diff/changes.ts';
import type { Schema } from '../../../catalog/schema.ts';
import { diffSchemas } from '../../../diff/compare.ts';
import { findRenameCandidates, writeRename, type Rename } from '../../../diff/renames.ts';
import type { Hazard } from '../../../plan/hazards.ts';
import { sortByDependency } from '../../../plan/order.ts';
import type { Step } from '../../../plan/plan.ts';
import type { Refusal } from '../../../plan/refusals.ts';
import { normalise } from '../normalise.ts';
import { foldName, sameName } from '../syntax/names.ts';
import { makeStep, planDependents } from './dependents.ts';
import { createGuardBook, selectCheckable, type GuardBook } from './guard.ts';
import { hazardOfDrop, hazardsOfChange } from './hazards.ts';
import { collectTables, isGenerated, parentsOf, type TableParts, type Tables } from './parts.ts';
import { prepareTables } from './prepare.ts';
import {
  createTable,
  findHolding,
  planRebuild,
  touchesForeignKeys,
  withoutHazards,
  type RebuiltTable,
} from './rebuild.ts';
import { planRenames } from './rename-steps.ts';
import type { Planning, PlanRequest } from '../../planner.ts';
import { createScratchNames, type ScratchNames } from './scratch-names.ts';
import { planShields } from './shields.ts';
import { findLate, sortTables, withoutLostKeys } from './sort-tables.ts';
import { hazardsOfUnkeyed } from './unkeyed.ts';
import { treatChange, type TreatContext, type Treatment } from './treat.ts';

/** @throws DriftError PLAN_UNSUPPORTED */
export function planMigration(request: PlanRequest): Planning {
  const comparable = normalise({ database: request.renamed, expected: request.to });
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

/** What is done to one table that stays. */
interface TableWork {
  readonly before: TableParts;
  readonly after: TableParts;
  readonly changes: readonly Change[];
  readonly treatments: readonly Treatment[];
  readonly rebuilt: boolean;
}

/** Tables that are changed together, and new ones among them. */
interface TableGroup {
  readonly works: readonly TableWork[];
  readonly created: readonly TableParts[];
  /** At most one, alone. */
  readonly dropped: readonly TableParts[];
}

class MigrationPlanner {
  readonly refusals: Refusal[] = [];
  private readonly request: PlanRequest;
  private readonly changes: readonly Change[];
  private readonly before: Tables;
  private readonly after: Tables;
  /** The tables as they are at the moment that is being planned. */
  private readonly current: Map<string, TableParts>;
  private readonly names: ScratchNames;
  private readonly guard: GuardBook;
  private readonly silenced = new Set<string>();

  constructor(request: PlanRequest, comparable: Schema, changes: readonly Change[]) {
    this.request = request;
    this.changes = changes;
    this.before = collectTables(request.renamed);
    this.after = prepareTables(request.to, comparable, this.before, request.newUniques);
    this.current = new Map(this.before);
    this.names = createScratchNames([request.from, request.renamed, request.to]);
    this.guard = createGuardBook(request.runner !== 'd1', this.names);
  }

  plan(): readonly Step[] {
    const renames = planRenames(this.request, this.names);
    if (this.changes.length === 0 && renames.length === 0) return [];
    const groups = this.sortTables().map((names) => this.considerTables(names));
    const works = groups.flatMap((group) => group.works);
    const dropped = this.findDropped();
    const opening = this.openGuard(works, dropped);
    const created = this.createTables();
    const early = new Set(groups.flatMap((group) => group.dropped));
    const lettingGo = dropped.filter((parts) => !early.has(parts)).flatMap((parts) => this.letGo(parts));
    const altered = groups.flatMap((group) => this.changeTables(group));
    const removed = dropped.filter((parts) => !early.has(parts)).flatMap((parts) => this.dropTable(parts));
    const virtual = this.planVirtualTables();
    const away = [
      ...works.filter((work) => work.rebuilt).map((work) => work.before.name),
      ...dropped.map((parts) => parts.name),
      ...virtual.dropped,
    ];
    const dependents = planDependents({
      before: this.request.renamed,
      after: this.request.to,
      away,
      silenced: [...this.silenced],
      touched: this.findTouched(),
    });
    const closing = this.checkOrphans(opening.checked);
    return this.guard.wrap(
      this.warnOfUnkeyed([
        ...opening.steps,
        ...this.hideBroken(renames),
        ...renames,
        ...opening.afterRenames,
        ...dependents.before.filter((step) => !this.isHidden(step, renames)),
        ...created,
        ...lettingGo,
        ...altered,
        ...removed,
        ...virtual.steps,
        ...dependents.after,
        ...closing,
      ]),
    );
  }

  /** A key may be lost by what is done to the parent as well, so that no step of the child's has to be there. */
  private warnOfUnkeyed([first, ...rest]: readonly Step[]): readonly Step[] {
    if (first === undefined) return [];
    const hazards = hazardsOfUnkeyed(this.before, this.after);
    return [{ ...first, hazards: [...first.hazards, ...hazards] }, ...rest];
  }

  /** Tables that stay and have changes. */
  private sortTables(): readonly (readonly string[])[] {
    const changed = new Set(
      this.changes.map((change) => foldName(change.address.table ?? change.address.name)),
    );
    const names = [...this.after.keys()].filter((name) => changed.has(name) && this.before.has(name));
    return sortTables(names, this.before, this.after, this.request.runner !== 'drift');
  }

  /** What belongs together is rebuilt together. */
  private considerTables(names: readonly string[]): TableGroup {
    const isNew = (name: string): boolean => !this.before.has(name);
    const stays = (name: string): boolean => this.before.has(name) && this.after.has(name);
    const works = names.filter(stays).map((name) => this.considerTable(name));
    return {
      works: names.length === 1 ? works : works.map((work) => ({ ...work, rebuilt: true })),
      created: names.filter(isNew).flatMap((name) => this.after.get(name) ?? []),
      dropped: names.filter((name) => !this.after.has(name)).flatMap((name) => this.before.get(name) ?? []),
    };
  }

  private changeTables({ works, created, dropped }: TableGroup): readonly Step[] {
    if (works.length === 0) {
      return [
        ...created.flatMap((parts) => createTable(parts)),
        ...dropped.flatMap((parts) => this.dropTable(parts)),
      ];
    }
    return works.every((work) => work.rebuilt)
      ? this.rebuildTables(works, created)
      : works.flatMap((work) => this.alterTable(work));
  }

  private considerTable(name: string): TableWork {
    const before = this.before.get(name);
    const after = this.after.get(name);
    if (before === undefined || after === undefined) throw new Error(`table ${name} is not on both sides`);
    const changes = this.changes.filter((change) => isOfTable(change, name));
    const context = this.contextOf();
    const treatments = changes.map((change) => treatChange(change, context));
    for (const change of changes) this.considerDrop(change);
    return { before, after, changes, treatments, rebuilt: treatments.some(({ by }) => by === 'rebuild') };
  }

  private contextOf(): TreatContext {
    const { before, after, changes, request } = this;
    const bodies = request.renamed.objects.flatMap((object) =>
      object.kind === 'view' || object.kind === 'trigger' ? [object.definition.text] : [],
    );
    return { request, before, after, changes, bodies };
  }

  private considerDrop(change: Change): void {
    if (change.type !== 'drop') return;
    const { kind, address } = change;
    const holdsData =
      kind === 'table' ||
      kind === 'virtualTable' ||
      (change.database.kind === 'column' && !isGenerated(change.database));
    if (!holdsData || this.request.allowDataLoss) return;
    const renames = findRenameCandidates(this.request.renamed, this.request.to)
      .filter((candidate) => candidate.from.name === address.name && candidate.from.table === address.table)
      .map((candidate) => writeRename(this.underNamesBefore(candidate)));
    const code = 'data-loss';
    this.refusals.push({
      code,
      address,
      kind: kind as 'table' | 'column',
      renames,
      flag: '--allow data-loss',
    });
  }

  /** Columns of a renamed table are asked for by the name the table has now, before any rename. */
  private underNamesBefore(rename: Rename): Rename {
    const { from } = rename;
    const stated = this.request.renames.find(({ kind, to }) => kind === 'table' && to === from.table);
    return stated === undefined ? rename : { ...rename, from: { ...from, table: stated.from.name } };
  }

  private openGuard(works: readonly TableWork[], dropped: readonly TableParts[]) {
    const rebuilt = works.filter((work) => work.rebuilt);
    const away = [...rebuilt.map((work) => work.before), ...dropped];
    const children = [...this.before.values()].filter((parts) =>
      parts.foreignKeys.some((key) => away.some((table) => sameName(table.name, key.references.table))),
    );
    const checked = [...rebuilt.map((work) => work.after.name), ...children.map((parts) => parts.name)];
    const needsForeignKeysOff = this.request.runner === 'drift' && children.length > 0;
    const before = selectCheckable(this.before, checked);
    return {
      checked,
      steps: needsForeignKeysOff ? [this.guard.assert({ is: 'foreignKeysOff' })] : [],
      afterRenames: before.length === 0 ? [] : [this.guard.assert({ is: 'orphansBefore', tables: before })],
    };
  }

  private checkOrphans(checked: readonly string[]): readonly Step[] {
    const names = new Set(checked.map(foldName));
    const tables = [...this.after.values()]
      .filter((parts) => names.has(foldName(parts.name)) && parts.foreignKeys.length > 0)
      .map((parts) => parts.name);
    return tables.length === 0 ? [] : [this.guard.assert({ is: 'noNewOrphans', tables })];
  }

  private createTables(): readonly Step[] {
    const late = this.request.runner === 'drift' ? new Set() : findLate(this.before, this.after);
    const created = [...this.after.keys()].filter((name) => !this.before.has(name) && !late.has(name));
    const sorted = sortByDependency(
      created,
      (name) => name,
      (name) => parentsOf(this.after.get(name)),
    );
    return sorted.flatMap((name) => this.after.get(name) ?? []).flatMap((parts) => createTable(parts));
  }

  private rebuildTables(group: readonly TableWork[], created: readonly TableParts[]): readonly Step[] {
    const tables = group.map((work) => ({
      before: work.before,
      after: work.after,
      why: work.treatments.flatMap((treatment) => ('why' in treatment ? [treatment.why] : [])),
      hazards: this.hazardsOfDrops(work),
      ...sortHazards(work),
    }));
    const holding = findHolding(tables);
    const first = holding.flatMap((table) => this.rebuild([table], []));
    const current = (table: RebuiltTable): TableParts =>
      holding.find(({ after }) => after.name === table.before.name)?.after ?? table.before;
    const now = tables.map((table) => ({ ...table, before: current(table) }));
    return [...first, ...this.rebuild(now, created)];
  }

  private rebuild(tables: readonly RebuiltTable[], created: readonly TableParts[]): readonly Step[] {
    const rebuild = planRebuild(tables, {
      created,
      tables: this.current,
      backfills: this.request.backfills,
      runner: this.request.runner,
      names: this.names,
      assert: (assertion) => this.guard.assert(assertion),
    });
    this.refusals.push(...rebuild.refusals);
    for (const table of rebuild.silenced) this.silenced.add(table);
    for (const { after } of tables) this.current.set(foldName(after.name), after);
    return rebuild.steps;
  }

  /** A table that is dropped at the end, though its parent loses the key before, and though nothing of it is kept. */
  private letGo(before: TableParts): readonly Step[] {
    const after = this.request.runner === 'drift' ? null : withoutLostKeys(before, this.after);
    if (after === null) return [];
    const why = ['lets go of a key that goes, before it is dropped itself'];
    return this.rebuild([withoutHazards({ before, after, why })], []);
  }

  private hazardsOfDrops(work: TableWork): readonly Hazard[] {
    return work.changes.flatMap((change) =>
      change.type === 'drop' && change.database.kind === 'column' && !isGenerated(change.database)
        ? [hazardOfDrop('column', change.address)]
        : [],
    );
  }

  /** Indexes go before the columns they are on and come after them; new columns come before old ones go. */
  private alterTable(work: TableWork): readonly Step[] {
    this.current.set(foldName(work.after.name), work.after);
    const indexes = work.changes.flatMap((change, index) => {
      const treatment = work.treatments[index];
      return treatment?.by === 'index' ? [{ ...treatment, hazards: hazardsOfChange(change) }] : [];
    });
    const alters = work.changes.flatMap((change, index): readonly Step[] => {
      const treatment = work.treatments[index];
      if (treatment?.by !== 'alter') return [];
      const drops = this.hazardsOfDrops({ ...work, changes: [change] });
      return [makeStep(treatment.action, [], [...hazardsOfChange(change), ...drops])];
    });
    const isDrop = (step: Step): boolean => step.action.type === 'dropColumn';
    return [
      ...indexes.flatMap(({ drop }) =>
        drop === null ? [] : [makeStep({ type: 'dropIndex', index: drop.address })],
      ),
      ...alters.filter((step) => !isDrop(step)),
      ...alters.filter(isDrop),
      ...indexes.flatMap(({ create, hazards }) =>
        create === null ? [] : [makeStep({ type: 'createIndex', index: create }, [], hazards)],
      ),
    ];
  }

  /** Children before their parents. */
  private findDropped(): readonly TableParts[] {
    const names = [...this.before.keys()].filter((name) => !this.after.has(name));
    const sorted = sortByDependency(
      names,
      (name) => name,
      (name) => parentsOf(this.before.get(name)),
    );
    return [...sorted].reverse().flatMap((name) => {
      const parts = this.before.get(name);
      return parts === undefined ? [] : [parts];
    });
  }

  private dropTable(parts: TableParts): readonly Step[] {
    this.considerDrop({ type: 'drop', kind: 'table', address: parts.table.address, database: parts.table });
    const drop = makeStep(
      { type: 'dropTable', table: parts.table.address, leaving: [], indexes: [] },
      [],
      [hazardOfDrop('table', parts.table.address)],
    );
    if (this.request.runner === 'drift' || !touchesForeignKeys(parts, null, this.current)) {
      this.current.delete(foldName(parts.name));
      return [drop];
    }
    const shielding = planShields([parts], this.current, this.names);
    for (const table of shielding.silenced) this.silenced.add(table);
    this.current.delete(foldName(parts.name));
    return [
      makeStep({ type: 'deferForeignKeys', deferred: true }),
      ...shielding.before,
      drop,
      ...shielding.after,
      makeStep({ type: 'deferForeignKeys', deferred: false }),
    ];
  }

  private planVirtualTables() {
    const changes = this.changes.filter((change) => change.kind === 'virtualTable');
    for (const change of changes) {
      treatChange(change, this.contextOf());
      this.considerDrop(change);
    }
    const steps = changes.flatMap((change) => {
      if (change.type === 'create' && change.expected.kind === 'virtualTable') {
        return [makeStep({ type: 'createVirtualTable', table: change.expected })];
      }
      const hazards = [hazardOfDrop('virtualTable', change.address)];
      return [makeStep({ type: 'dropTable', table: change.address, leaving: [], indexes: [] }, [], hazards)];
    });
    return {
      steps,
      dropped: changes.filter(({ type }) => type === 'drop').map(({ address }) => address.name),
    };
  }

  /** Views and triggers that change, that go, or that do not work as it is. */
  private findTouched(): readonly Address[] {
    const changed = this.changes
      .filter((change) => (change.kind === 'view' || change.kind === 'trigger') && change.type !== 'create')
      .map((change) => change.address);
    return this.renamesAnything() ? [...changed, ...this.request.broken] : changed;
  }

  private renamesAnything(): boolean {
    return (
      this.request.renames.length > 0 ||
      this.changes.some((change) => change.kind !== 'view' && change.kind !== 'trigger')
    );
  }

  /** SQLite renames nothing while a view or trigger is broken, so these go before the renames. */
  private hideBroken(renames: readonly Step[]): readonly Step[] {
    if (renames.length === 0) return [];
    return this.request.broken.map((address) =>
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
    return address !== null && this.request.broken.some((broken) => broken.name === address.name);
  }
}

/** Rows meet a new rule when they are copied, and that of a unique index when it is made. */
function sortHazards({
  changes,
  treatments,
}: TableWork): Pick<RebuiltTable, 'ruleHazards' | 'indexHazards' | 'lostIndexes'> {
  const lostIndexes = treatments.flatMap((one) =>
    one.by === 'index' && one.create === null && one.drop !== null ? [one.drop.address] : [],
  );
  const ruleHazards: Hazard[] = [];
  const indexHazards = new Map<string, readonly Hazard[]>();
  for (const [at, change] of changes.entries()) {
    const treatment = treatments[at];
    const index = treatment?.by === 'index' ? treatment.create : null;
    if (index === null) ruleHazards.push(...hazardsOfChange(change));
    else indexHazards.set(foldName(index.address.name), hazardsOfChange(change));
  }
  return { ruleHazards, indexHazards, lostIndexes };
}

function isOfTable(change: Change, name: string): boolean {
  const { table } = change.address;
  return change.kind === 'table'
    ? foldName(change.address.name) === name
    : table !== undefined && foldName(table) === name;
}
