import { findRenameCandidates, writeRename, type Rename } from '../../../diff/renames.ts';
import type { Change } from '../../../diff/changes.ts';
import type { Refusal } from '../../../plan/refusals.ts';
import type { PlanRequest } from '../../planner.ts';
import { isGenerated } from './parts.ts';

/** The refusal of a change that deletes values, with the renames that may be meant; none where it was agreed to. */
export function refuseDrop(change: Change, request: PlanRequest): readonly Refusal[] {
  if (change.type !== 'drop' || request.allowDataLoss) return [];
  const { kind, address } = change;
  const holdsData =
    kind === 'table' ||
    kind === 'virtualTable' ||
    (change.database.kind === 'column' && !isGenerated(change.database));
  if (!holdsData) return [];
  const renames = findRenameCandidates(request.renamed, request.to)
    .filter((candidate) => candidate.from.name === address.name && candidate.from.table === address.table)
    .map((candidate) => writeRename(underNamesBefore(candidate, request)));
  const flag = '--allow data-loss';
  return [{ code: 'data-loss', address, kind: kind as 'table' | 'column', renames, flag }];
}

/** Columns of a renamed table are asked for by the name the table has now, before any rename. */
function underNamesBefore(rename: Rename, request: PlanRequest): Rename {
  const { from } = rename;
  const stated = request.renames.find(({ kind, to }) => kind === 'table' && to === from.table);
  return stated === undefined ? rename : { ...rename, from: { ...from, table: stated.from.name } };
}
