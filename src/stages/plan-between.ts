/** The SQL that leads from one schema to another, for `drift diff --sql`. */
import type { Schema } from '../catalog/schema.ts';
import { hazardsOf, type RunnerForm } from '../plan/plan.ts';
import { describeRefusal, flagsOf } from '../plan/refusals.ts';
import type { PlannedStatement, PlanRequest } from '../dialects/planner.ts';
import { loadPlanner } from '../dialects/registry.ts';
import type { Hazard } from '../plan/hazards.ts';
import { DriftError } from '../errors.ts';
import { readBackfill, readRename } from './generate-answers.ts';
import type { Side, Surroundings } from './open-endpoint.ts';

/** What a plan may need a person's word for. */
export interface PlanAnswers {
  /** Values of `--rename`. */
  readonly renames?: readonly string[] | undefined;
  /** Values of `--backfill`. */
  readonly backfills?: readonly string[] | undefined;
  /** `--allow data-loss` */
  readonly allowDataLoss?: boolean | undefined;
  /** `--runner` */
  readonly runner?: RunnerForm | undefined;
}

export interface PlannedSql {
  readonly statements: readonly PlannedStatement[];
  readonly hazards: readonly Hazard[];
}

/**
 * Plans the way from one schema to the other and proves it on sample rows.
 * @throws DriftError DIFF_SQL_UNSUPPORTED, GENERATE_UNANSWERED, GENERATE_ANSWER_UNKNOWN, VERIFY_FAILED, and those of the planner
 */
export async function planBetween(
  from: Schema,
  to: Side,
  { dialect }: Pick<Surroundings, 'dialect'>,
  answers: PlanAnswers,
): Promise<PlannedSql> {
  const planner = await loadPlanner(dialect.name);
  if (planner === null) throw new DriftError('DIFF_SQL_UNSUPPORTED', { dialect: 'PostgreSQL' });
  const renames = (answers.renames ?? []).map((text) => readRename(text, from, to.schema));
  const { schema: renamed, broken } = planner.renameSchema(from, renames);
  const request: PlanRequest = {
    from,
    renamed,
    // What models cannot say is left as it is; any other side says all that there is to be.
    to: to.desired ? planner.completeDesired(to.desired.schema, renamed) : to.schema,
    renames,
    backfills: (answers.backfills ?? []).map((text) => readBackfill(text, to.schema)),
    runner: answers.runner ?? 'drift',
    engine: null,
    allowDataLoss: answers.allowDataLoss ?? false,
    newUniques: 'constraint',
    broken,
  };
  const planning = planner.plan(request);
  if (planning.refusals.length > 0) {
    throw new DriftError('GENERATE_UNANSWERED', {
      questions: planning.refusals.map(describeRefusal),
      flags: [...new Set(planning.refusals.flatMap(flagsOf))],
    });
  }
  if (planning.changes.length + renames.length > 0) {
    const proof = planner.prove(request, planning);
    if (!proof.ok) throw new DriftError('VERIFY_FAILED', { problems: proof.problems, on: proof.on });
  }
  return { statements: planner.render(planning.plan), hazards: hazardsOf(planning.plan) };
}
