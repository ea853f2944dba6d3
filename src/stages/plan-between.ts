/** The SQL that leads from one schema to another, for `drift diff --sql`. */
import type { Schema } from '../catalog/schema.ts';
import { hazardsOf, type RunnerForm } from '../plan/plan.ts';
import { questionOf } from '../plan/refusals.ts';
import type { SideNames } from '../diff/describe.ts';
import { excerpt } from '../diff/printable.ts';
import type { PlanRequest } from '../dialects/planner.ts';
import { loadPlanner } from '../dialects/registry.ts';
import { DriftError } from '../errors.ts';
import { writeMigrationText } from '../project/migration-text.ts';
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

/**
 * Plans the way from one schema to the other and proves it on sample rows.
 * @param names what the schemas are called, for the comment at the top
 * @returns a script of SQL; a comment alone where nothing is to be done
 * @throws DriftError DIFF_SQL_UNSUPPORTED, GENERATE_UNANSWERED, GENERATE_ANSWER_UNKNOWN, VERIFY_FAILED, and those of the planner
 */
export async function planBetween(
  from: Schema,
  to: Side,
  { dialect }: Pick<Surroundings, 'dialect'>,
  answers: PlanAnswers,
  names: SideNames,
): Promise<string> {
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
    exact: to.desired === null,
    broken,
  };
  const planning = planner.plan(request);
  if (planning.refusals.length > 0) {
    throw new DriftError('GENERATE_UNANSWERED', { questions: planning.refusals.map(questionOf) });
  }
  const statements = planner.render(planning.plan);
  const title = `From ${excerpt(names.from)} to ${excerpt(names.to)}`;
  if (statements.length === 0) return `-- ${title}: nothing to do.\n`;
  const proof = planner.prove(request, planning);
  if (!proof.ok) throw new DriftError('VERIFY_FAILED', { problems: proof.problems, on: proof.on });
  const risks = hazardsOf(planning.plan).map(({ code, message }) => `${code}: ${excerpt(message, 200)}`);
  return writeMigrationText([`${title}.`, ...new Set(risks)], statements, false);
}
