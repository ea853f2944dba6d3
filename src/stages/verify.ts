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

/**
 * The proof in one sentence.
 * @param wanted what the result was held against
 */
export function describeProof(proof: Proof, wanted: 'models' | 'migrations before it' = 'models'): string {
  const said = `the result is what the ${wanted} ${wanted === 'models' ? 'say' : 'made'}`;
  const rows = proof.rows === 1 ? '1 row' : `${String(proof.rows)} rows`;
  const tables = proof.tables === 1 ? '1 table' : `${String(proof.tables)} tables`;
  if (proof.tables === 0) {
    return `Proven on a scratch database: ${said}, and planning again finds nothing to do.`;
  }
  // A table of the database may be empty, of which nothing follows but that no row of it was tried.
  const lack = proof.on === 'sample rows' ? 'no sample rows for' : 'there are none in';
  const without = proof.empty.length === 0 ? '' : ` (${lack} ${proof.empty.join(', ')})`;
  return `Proven on ${proof.on}: ${said}, ${rows} in ${tables} are kept${without}, and planning again finds nothing to do.`;
}
