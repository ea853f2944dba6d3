/** Renames, by SQLite's own RENAME: it follows through indexes, checks, triggers, views and foreign keys. */
import type { Rename } from '../../../diff/renames.ts';
import type { Step } from '../../../plan/plan.ts';
import { foldName, sameName } from '../syntax/names.ts';
import { makeStep } from './dependents.ts';
import type { PlanRequest } from '../../planner.ts';
import type { ScratchNames } from './scratch-names.ts';

/** Columns first, while their tables still go by the names that the answers use. */
export function planRenames(
  request: Pick<PlanRequest, 'from' | 'renames'>,
  names: ScratchNames,
): readonly Step[] {
  const columns = request.renames.filter((rename) => rename.kind === 'column');
  const tables = request.renames.filter((rename) => rename.kind === 'table');
  const byTable = new Map<string, Rename[]>();
  for (const rename of columns) {
    const key = foldName(rename.from.table ?? '');
    byTable.set(key, [...(byTable.get(key) ?? []), rename]);
  }
  return [
    ...[...byTable.values()].flatMap((group) => inSafeOrder(group, names)),
    ...inSafeOrder(tables, names),
  ];
}

/**
 * Where names are swapped (a to b and b to a), the ones whose new name is still taken by another one that moves too
 * go by way of a name that nobody has.
 */
function inSafeOrder(renames: readonly Rename[], names: ScratchNames): readonly Step[] {
  const first: Step[] = [];
  const last: Step[] = [];
  const pending = new Set(renames);
  for (const rename of renames) {
    const taken = [...pending].some((other) => other !== rename && sameName(other.from.name, rename.to));
    pending.delete(rename);
    if (!taken) {
      first.push(renameStep(rename, rename.from.name, rename.to));
      continue;
    }
    const between = names.name('rename', rename.from.name);
    first.push(renameStep(rename, rename.from.name, between));
    last.push(renameStep(rename, between, rename.to));
  }
  return [...first, ...last];
}

function renameStep({ kind, from }: Rename, name: string, to: string): Step {
  const { namespace, table } = from;
  return kind === 'table'
    ? makeStep({ type: 'renameTable', table: { namespace, name }, to })
    : makeStep({ type: 'renameColumn', column: { namespace, table: table ?? '', name }, to });
}
