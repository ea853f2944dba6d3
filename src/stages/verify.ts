import { DriftError } from '../errors.ts';
import type { Planner, Planning, PlanRequest, Proof } from '../dialects/planner.ts';

/**
 * Proves a plan before anything of it is written: on sample rows, and on a copy of a database where one is given.
 * @param file a database file to try on, absolute; null for none
 * @throws DriftError VERIFY_FAILED, VERIFY_OTHER_SCHEMA
 */
export async function verifyPlan(
  planner: Planner,
  request: PlanRequest,
  planning: Planning,
  file: string | null,
): Promise<readonly Proof[]> {
  const proofs = [planner.prove(request, planning)];
  if (file !== null) proofs.push(await planner.proveOn(file, request, planning));
  for (const proof of proofs) {
    if (!proof.ok) throw new DriftError('VERIFY_FAILED', { problems: proof.problems, on: proof.on });
  }
  return proofs;
}

/** The proof in one sentence. */
export function describeProof(proof: Proof): string {
  const rows = proof.rows === 1 ? '1 row' : `${String(proof.rows)} rows`;
  const tables = proof.tables === 1 ? '1 table' : `${String(proof.tables)} tables`;
  if (proof.tables === 0) {
    return 'Proven on a scratch database: the result is what the models say, and planning again finds nothing to do.';
  }
  const without = proof.empty.length === 0 ? '' : ` (no sample rows for ${proof.empty.join(', ')})`;
  return `Proven on ${proof.on}: the result is what the models say, ${rows} in ${tables} are kept${without}, and planning again finds nothing to do.`;
}
