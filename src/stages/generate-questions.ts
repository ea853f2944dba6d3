/** From what is open to a plan without a question. */
import { DriftError } from '../errors.ts';
import { questionOf, type Refusal } from '../plan/refusals.ts';
import type { Context, GenerateAnswers, Planned } from './generate.ts';

/**
 * Plans, asks a person what is open, and plans again.
 * @param inspect what is open though the plan itself has no question
 * @throws DriftError GENERATE_UNANSWERED where nobody answers
 */
export async function untilAnswered(
  { request }: Pick<Context, 'request'>,
  given: GenerateAnswers,
  planOnce: (answers: GenerateAnswers) => Planned,
  inspect: (planned: Planned) => Promise<readonly Refusal[]> = () => Promise.resolve([]),
): Promise<Planned> {
  let answers = given;
  for (;;) {
    const planned = planOnce(answers);
    const { refusals } = planned.planning;
    const open = refusals.length > 0 ? refusals : await inspect(planned);
    if (open.length === 0) return planned;
    const next = (await request.ask?.(open)) ?? null;
    if (next === null) {
      throw new DriftError('GENERATE_UNANSWERED', { questions: open.map(questionOf) });
    }
    answers = next;
  }
}
