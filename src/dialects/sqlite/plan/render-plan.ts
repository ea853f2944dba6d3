/** A plan as statements, each with the comment that a reviewer reads before it. */
import type { Address } from '../../../catalog/address.ts';
import { writeAddress } from '../../../plan/refusals.ts';
import type { Plan, Step } from '../../../plan/plan.ts';
import type { HazardCode } from '../../../plan/hazards.ts';
import type { PlannedStatement } from '../../planner.ts';
import { renderAction } from './render-action.ts';

const nothingSettled: ReadonlySet<HazardCode> = new Set();

export function renderPlan(
  plan: Plan,
  settled: ReadonlySet<HazardCode> = nothingSettled,
): readonly PlannedStatement[] {
  return plan.batches.flatMap((batch) => batch.steps.flatMap((step) => renderStep(step, settled)));
}

function renderStep(step: Step, settled: ReadonlySet<HazardCode>): readonly PlannedStatement[] {
  return renderAction(step.action).map((sql, index) => ({
    sql,
    comment: index === 0 ? [...describeStep(step), ...describeSettled(step, settled)].map(sanitise) : [],
  }));
}

/** What drift lint would ask about, where the rows have been looked at. */
function describeSettled({ hazards }: Step, settled: ReadonlySet<HazardCode>): readonly string[] {
  const codes = new Set(hazards.map(({ code }) => code).filter((code) => settled.has(code)));
  if (codes.size === 0) return [];
  return [`drift: allow ${[...codes].sort().join(', ')}: no row was against it when this was generated`];
}

/** A name can hold anything, and a comment ends at the end of its line. */
function sanitise(line: string): string {
  // eslint-disable-next-line no-control-regex
  return line.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ').replaceAll('--> statement-breakpoint', '');
}

/** What drift lint looks for: without somebody's word the migration would not have been written. */
const allowance = 'drift: allow data-loss: agreed to when this was generated';

function losesData({ hazards }: Pick<Step, 'hazards'>): boolean {
  return hazards.some((hazard) => hazard.code === 'data-loss');
}

function describeStep({ action, why, hazards }: Step): readonly string[] {
  const reasons = why.map((reason) => `  ${reason}`);
  switch (action.type) {
    case 'createTable': {
      if (why.length === 0) return [];
      return [...titleOfRebuild(hazards), ...reasons];
    }
    case 'openGuard':
      return ['Stops the migration, with nothing changed, where something is not as it has to be.'];
    case 'shieldRows':
      return [`Keeps the rows of ${action.shield.table} as they are while their parent is made anew.`];
    case 'dropTable':
      if (losesData({ hazards })) {
        return [`Deletes the table ${writeAddress(action.table)} with all its rows.`, allowance];
      }
      return [...describeLeaving(action.leaving), ...describeLostIndexes(action.indexes)];
    case 'dropColumn':
      return [
        `Deletes the column ${writeAddress(action.column)} with its values.`,
        ...(losesData({ hazards }) ? [allowance] : []),
      ];
    case 'carrySequence':
      return ['AUTOINCREMENT goes on where it was.'];
    default:
      return reasons;
  }
}

function describeLeaving(columns: readonly Address[]): readonly string[] {
  if (columns.length === 0) return [];
  return [`The values of ${columns.map(writeAddress).join(', ')} go with it.`, allowance];
}

function describeLostIndexes(indexes: readonly Address[]): readonly string[] {
  if (indexes.length === 0) return [];
  const names = indexes.map(({ name }) => name).join(', ');
  return [
    `${indexes.length === 1 ? 'The index' : 'The indexes'} ${names} ${indexes.length === 1 ? 'goes' : 'go'} with it.`,
    'drift: allow dropped-index: not in the models when this was generated',
  ];
}

function titleOfRebuild(hazards: Step['hazards']): readonly string[] {
  const rebuild = hazards.find((hazard) => hazard.code === 'table-rebuild');
  return rebuild === undefined ? [] : [rebuild.message];
}
