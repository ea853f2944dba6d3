/** SQLite has one name for one index, whatever table it is on: a name comes free before it is taken again. */
import type { Step } from '../../../plan/plan.ts';
import { foldName } from '../syntax/names.ts';
import type { Tables } from './parts.ts';

/**
 * The same steps, where an index waits for another table to give its name up: where that table is dropped or made anew
 * without it, or drops the index itself.
 */
export function waitForIndexNames(steps: readonly Step[], before: Tables): readonly Step[] {
  const taken = new Map(
    [...before.values()].flatMap((parts) =>
      parts.indexes.map((index): [string, string] => [foldName(index.address.name), foldName(parts.name)]),
    ),
  );
  const sorted: Step[] = [];
  let waiting: readonly Step[] = [];
  for (const step of steps) {
    if (isTaken(step, taken)) {
      waiting = [...waiting, step];
      continue;
    }
    follow(step, taken);
    sorted.push(step);
    const free = waiting.filter((other) => !isTaken(other, taken));
    for (const other of free) follow(other, taken);
    sorted.push(...free);
    waiting = waiting.filter((other) => !free.includes(other));
  }
  return [...sorted, ...waiting];
}

function isTaken({ action }: Step, taken: ReadonlyMap<string, string>): boolean {
  return action.type === 'createIndex' && taken.has(foldName(action.index.address.name));
}

/** What a step does to the names, by index the table it is on. */
function follow({ action }: Step, taken: Map<string, string>): void {
  switch (action.type) {
    case 'createIndex':
      taken.set(foldName(action.index.address.name), foldName(action.index.address.table ?? ''));
      return;
    case 'dropIndex':
      taken.delete(foldName(action.index.name));
      return;
    case 'dropTable':
      for (const [index, table] of taken) if (table === foldName(action.table.name)) taken.delete(index);
      return;
    default:
      // A table is only renamed where its indexes keep their names.
      return;
  }
}
