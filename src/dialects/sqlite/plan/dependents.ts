/** Views and triggers that stand in the way: SQLite refuses a RENAME while one of them names a table that is away. */
import { addressKey, type Address } from '../../../catalog/address.ts';
import type { Trigger, View } from '../../../catalog/objects.ts';
import { objectsOf, type Schema } from '../../../catalog/schema.ts';
import type { Step } from '../../../plan/plan.ts';
import { foldName, sameName } from '../syntax/names.ts';
import { collectNames } from './mentions.ts';
import { sortByDependency } from '../../../plan/order.ts';

export interface DependentsRequest {
  readonly before: Schema;
  readonly after: Schema;
  /** Tables that are dropped, with or without being made anew. */
  readonly away: readonly string[];
  /** Tables whose triggers must be gone before anything happens, as foreign keys would fire them. */
  readonly silenced: readonly string[];
  /** Views and triggers that are changed, dropped or broken. */
  readonly touched: readonly Address[];
}

/** Steps that take them away before, and put back (or make) what is wanted after. */
export interface Dependents {
  readonly before: readonly Step[];
  readonly after: readonly Step[];
}

export function planDependents(request: DependentsRequest): Dependents {
  const views = findViews(request);
  const gone = new Set([...request.away, ...views.map((view) => view.address.name)].map(foldName));
  const triggers = objectsOf(request.before, 'trigger').filter((trigger) =>
    isInTheWay(trigger, request, gone),
  );
  return {
    before: [
      ...triggers.filter((trigger) => !hangsOn(trigger, views)).map(dropTrigger),
      ...[...sortViews(views)].reverse().map(dropView),
    ],
    after: [...recreateViews(request, views), ...recreateTriggers(request, triggers, gone)],
  };
}

function isTouched(request: DependentsRequest, address: Address): boolean {
  return request.touched.some((touched) => addressKey(touched) === addressKey(address));
}

/** Views that are touched or name something that goes away, and the views that name those. */
function findViews(request: DependentsRequest): readonly View[] {
  const gone = new Set(request.away.map(foldName));
  const found = new Set<View>();
  const all = objectsOf(request.before, 'view');
  for (let size = -1; size !== found.size;) {
    size = found.size;
    for (const view of all) {
      if (found.has(view) || !(isTouched(request, view.address) || namesAny(view.definition.text, gone)))
        continue;
      found.add(view);
      gone.add(foldName(view.address.name));
    }
  }
  return all.filter((view) => found.has(view));
}

function namesAny(sql: string, names: ReadonlySet<string>): boolean {
  const found = collectNames(sql);
  return found === null || [...found].some((name) => names.has(name));
}

function isInTheWay(trigger: Trigger, request: DependentsRequest, gone: ReadonlySet<string>): boolean {
  const { table = '', name } = trigger.address;
  if (isTouched(request, trigger.address)) return true;
  if (request.silenced.some((silenced) => sameName(silenced, table))) return true;
  // It always names its own table, and goes with it when that is dropped.
  const others = new Set([...gone].filter((other) => other !== foldName(table) && other !== foldName(name)));
  return namesAny(trigger.definition.text, others);
}

/** True for a trigger that its view takes along. */
function hangsOn(trigger: Trigger, views: readonly View[]): boolean {
  return views.some((view) => sameName(view.address.name, trigger.address.table ?? ''));
}

function recreateViews(request: DependentsRequest, taken: readonly View[]): readonly Step[] {
  const before = new Set(objectsOf(request.before, 'view').map((view) => foldName(view.address.name)));
  const isTaken = (view: View): boolean =>
    taken.some((other) => sameName(other.address.name, view.address.name));
  const wanted = objectsOf(request.after, 'view').filter(
    (view) => isTaken(view) || !before.has(foldName(view.address.name)),
  );
  return sortViews(wanted).map((view) => makeStep({ type: 'createView', view }));
}

function recreateTriggers(
  request: DependentsRequest,
  taken: readonly Trigger[],
  gone: ReadonlySet<string>,
): readonly Step[] {
  const takenKeys = new Set(taken.map((trigger) => addressKey(trigger.address)));
  const before = new Set(objectsOf(request.before, 'trigger').map((trigger) => addressKey(trigger.address)));
  return objectsOf(request.after, 'trigger')
    .filter((trigger) => {
      const key = addressKey(trigger.address);
      return takenKeys.has(key) || !before.has(key) || gone.has(foldName(trigger.address.table ?? ''));
    })
    .map((trigger) => makeStep({ type: 'createTrigger', trigger }));
}

function sortViews(views: readonly View[]): readonly View[] {
  return [
    ...sortByDependency(
      views,
      (view) => foldName(view.address.name),
      (view) => collectNames(view.definition.text) ?? new Set(),
    ),
  ];
}

function dropView(view: View): Step {
  return makeStep({ type: 'dropView', view: view.address });
}

function dropTrigger(trigger: Trigger): Step {
  return makeStep({ type: 'dropTrigger', trigger: trigger.address });
}

export function makeStep(
  action: Step['action'],
  why: readonly string[] = [],
  hazards: Step['hazards'] = [],
): Step {
  return { action, why, hazards };
}
