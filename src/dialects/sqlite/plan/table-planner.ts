/** What is done to the tables, one after the other: each is made, altered in place, made anew or dropped. */
import type { Change } from '../../../diff/changes.ts';
import type { Hazard } from '../../../plan/hazards.ts';
import type { Step } from '../../../plan/plan.ts';
import type { Refusal } from '../../../plan/refusals.ts';
import type { PlanRequest } from '../../planner.ts';
import { foldName, sameName } from '../syntax/names.ts';
import { refuseDrop } from './data-loss.ts';
import { makeStep } from './dependents.ts';
import type { GuardBook } from './guard.ts';
import { hazardOfDrop, hazardsOfChange, hazardsOfRule } from './hazards.ts';
import { mentions } from './mentions.ts';
import { isGenerated, type TableParts, type Tables } from './parts.ts';
import { createTable, noRisks, planRebuild, touchesForeignKeys, type RebuildRisks } from './rebuild.ts';
import type { ScratchNames } from './scratch-names.ts';
import { sequenceTables, type Move } from './sequence.ts';
import { planShields } from './shields.ts';
import { treatChange, type TreatContext, type Treatment } from './treat.ts';
import { findStayingKeys, identify, isAlreadyUnique, isUniqueKey, type UniqueKey } from './unique-keys.ts';

/** A move with what it takes to make it. */
export interface TableWork {
  readonly move: Move;
  readonly changes: readonly TreatedChange[];
  /** Unique keys that stay, though their columns no longer tell values apart as they did. */
  readonly tightened: readonly UniqueKey[];
  readonly rebuilt: boolean;
}

type Changing = Extract<Move, { does: 'change' }>;

interface TreatedChange {
  readonly change: Change;
  readonly treatment: Treatment;
  /** What rows may have against it. */
  readonly hazards: readonly Hazard[];
}

/** What a plan is made from, for all who plan a part of it. */
export interface PlanContext {
  readonly request: PlanRequest;
  readonly changes: readonly Change[];
  readonly before: Tables;
  readonly after: Tables;
  readonly names: ScratchNames;
  readonly guard: GuardBook;
}

export class TablePlanner {
  readonly works: readonly TableWork[];
  readonly refusals: Refusal[] = [];
  /** Tables whose own triggers must not be there meanwhile. */
  readonly silenced = new Set<string>();
  private readonly context: PlanContext;
  /** The tables as they are at the moment that is being planned. */
  private readonly current: Map<string, TableParts>;

  constructor(context: PlanContext) {
    this.context = context;
    this.current = new Map(context.before);
    this.works = this.sequence().map((move) => this.consider(move));
  }

  plan(): readonly Step[] {
    return this.works.flatMap((work) => this.carryOut(work));
  }

  private sequence(): readonly Move[] {
    const { request, changes, before, after } = this.context;
    return sequenceTables({
      before,
      after,
      changed: new Set(changes.map(({ address }) => foldName(address.table ?? address.name))),
      keepsForeignKeysOn: request.runner !== 'drift',
      isRead: ({ name }) => request.backfills.some(({ expression }) => mentions(expression, name)),
    });
  }

  /** @throws DriftError PLAN_UNSUPPORTED */
  private consider(move: Move): TableWork {
    if (move.does !== 'change') {
      const rebuilt = move.does === 'letGo' || move.does === 'takeOn';
      return { move, changes: [], tightened: [], rebuilt };
    }
    const name = foldName(move.after.name);
    const context = contextOf(this.context);
    const changes = this.context.changes
      .filter((change) => isOfTable(change, name))
      .map((change) => ({
        change,
        treatment: treatChange(change, context),
        hazards: this.isHarmless(change, move) ? [] : hazardsOfChange(change),
      }));
    // What is altered in place is altered into what is wanted, and not into a form on the way there.
    const isWhole = move.after === this.context.after.get(name);
    return {
      move,
      changes,
      tightened: this.findTightened(changes, move),
      rebuilt: !isWhole || changes.some(({ treatment }) => treatment.by === 'rebuild'),
    };
  }

  /** True for a unique key that no row can break. */
  private isHarmless(change: Change, move: Changing): boolean {
    return change.type !== 'drop' && isUniqueKey(change.expected) && this.isUnique(change.expected, move);
  }

  private findTightened(changes: readonly TreatedChange[], move: Changing): readonly UniqueKey[] {
    const { before, after } = move;
    const told = changes.flatMap(({ change }) =>
      change.type !== 'drop' && isUniqueKey(change.expected) ? [identify(change.expected, after)] : [],
    );
    return findStayingKeys(before, after).filter(
      (key) => !told.includes(identify(key, after)) && !this.isUnique(key, move),
    );
  }

  private isUnique(key: UniqueKey, { before, after }: Changing): boolean {
    const { backfills } = this.context.request;
    return isAlreadyUnique(key, before, after, (column) =>
      backfills.some((one) => sameName(one.table, after.name) && sameName(one.column, column)),
    );
  }

  private carryOut(work: TableWork): readonly Step[] {
    const { move } = work;
    switch (move.does) {
      case 'create':
        return createTable(move.after);
      case 'letGo':
        return this.rebuild(move, ['lets go of a key that goes']);
      case 'takeOn':
        return this.rebuild(move, ['points at a key that was not there before']);
      case 'change':
        return this.change(move, work);
      case 'drop':
        return this.drop(move.before);
    }
  }

  private change(move: Changing, work: TableWork): readonly Step[] {
    const { changes } = work;
    this.refusals.push(...changes.flatMap(({ change }) => refuseDrop(change, this.context.request)));
    if (!work.rebuilt) {
      this.current.set(foldName(move.after.name), move.after);
      return alterTable(work);
    }
    const why = changes.flatMap(({ treatment }) => ('why' in treatment ? [treatment.why] : []));
    return this.rebuild(move, why, sortRisks(work), this.context.request.backfills);
  }

  /** @param backfills none where the values have been filled in already, or will be */
  private rebuild(
    { before, after }: { readonly before: TableParts; readonly after: TableParts },
    why: readonly string[],
    risks: RebuildRisks = noRisks,
    backfills: PlanRequest['backfills'] = [],
  ): readonly Step[] {
    const { request, names, guard } = this.context;
    const rebuild = planRebuild(
      { before, after, why, risks },
      {
        tables: this.current,
        backfills,
        runner: request.runner,
        names,
        assert: (assertion) => guard.assert(assertion),
      },
    );
    this.refusals.push(...rebuild.refusals);
    this.silence(rebuild.silenced);
    this.current.set(foldName(after.name), after);
    return rebuild.steps;
  }

  private drop(parts: TableParts): readonly Step[] {
    const { request, names } = this.context;
    const { address } = parts.table;
    const change: Change = { type: 'drop', kind: 'table', address, database: parts.table };
    this.refusals.push(...refuseDrop(change, request));
    const hazards = [hazardOfDrop('table', address)];
    const drop = makeStep({ type: 'dropTable', table: address, leaving: [], indexes: [] }, [], hazards);
    const shields = request.runner !== 'drift' && touchesForeignKeys(parts, null, this.current);
    const shielding = shields ? planShields(parts, this.current, names) : null;
    this.current.delete(foldName(parts.name));
    if (shielding === null) return [drop];
    this.silence(shielding.silenced);
    return [
      makeStep({ type: 'deferForeignKeys', deferred: true }),
      ...shielding.before,
      drop,
      ...shielding.after,
      makeStep({ type: 'deferForeignKeys', deferred: false }),
    ];
  }

  private silence(tables: readonly string[]): void {
    for (const table of tables) this.silenced.add(table);
  }
}

export function contextOf({ request, changes, before, after }: PlanContext): TreatContext {
  const bodies = request.renamed.objects.flatMap((object) =>
    object.kind === 'view' || object.kind === 'trigger' ? [object.definition.text] : [],
  );
  return { request, before, after, changes, bodies };
}

function isOfTable({ kind, address }: Change, name: string): boolean {
  const table = kind === 'table' ? address.name : address.table;
  return table !== undefined && foldName(table) === name;
}

function hazardsOfDrop(change: Change): readonly Hazard[] {
  return change.type === 'drop' && change.database.kind === 'column' && !isGenerated(change.database)
    ? [hazardOfDrop('column', change.address)]
    : [];
}

/** Rows meet a new rule when they are copied, and that of a unique index when it is made. */
function sortRisks({ changes, tightened }: TableWork): RebuildRisks {
  const lostIndexes = changes.flatMap(({ treatment }) =>
    treatment.by === 'index' && treatment.create === null && treatment.drop !== null
      ? [treatment.drop.address]
      : [],
  );
  const ruleHazards: Hazard[] = [];
  const indexHazards = new Map<string, readonly Hazard[]>();
  for (const { treatment, hazards } of changes) {
    const index = treatment.by === 'index' ? treatment.create : null;
    if (index === null) ruleHazards.push(...hazards);
    else indexHazards.set(foldName(index.address.name), hazards);
  }
  for (const key of tightened) {
    if (key.kind === 'index') indexHazards.set(foldName(key.address.name), hazardsOfRule(key));
    else ruleHazards.push(...hazardsOfRule(key));
  }
  const hazards = changes.flatMap(({ change }) => hazardsOfDrop(change));
  return { hazards, ruleHazards, indexHazards, lostIndexes };
}

/** Indexes go before the columns they are on and come after them; new columns come before old ones go. */
function alterTable({ changes }: TableWork): readonly Step[] {
  const indexes = changes.flatMap(({ treatment, hazards }) =>
    treatment.by === 'index' ? [{ ...treatment, hazards }] : [],
  );
  const alters = changes.flatMap(({ change, treatment, hazards }): readonly Step[] =>
    treatment.by === 'alter' ? [makeStep(treatment.action, [], [...hazards, ...hazardsOfDrop(change)])] : [],
  );
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
