import { addressKey } from '../../catalog/address.ts';
import type { Policy } from '../../catalog/objects.ts';
import { createSchema, objectsOf, type Schema } from '../../catalog/schema.ts';

const sessionWords: ReadonlySet<string> = new Set(['current_role', 'current_user', 'session_user']);

/**
 * `TO current_user` means whoever made the policy, and the server keeps that role's name alone: what it was is not to be
 * known. Such a word therefore stands for a role of the database's policy that the models do not name.
 */
export function acceptSessionRoles(database: Schema, expected: Schema): Schema {
  const policies = objectsOf(expected, 'policy').filter(({ to }) => to.some(isSessionWord));
  if (policies.length === 0) return expected;
  const live = new Map(objectsOf(database, 'policy').map((policy) => [addressKey(policy.address), policy]));
  const accepted = new Map(
    policies.map((policy) => [policy, acceptRoles(policy, live.get(addressKey(policy.address)))]),
  );
  const objects = expected.objects.map((object) =>
    object.kind === 'policy' ? (accepted.get(object) ?? object) : object,
  );
  return createSchema(expected.dialect, objects);
}

function isSessionWord(role: string): boolean {
  return sessionWords.has(role.toLowerCase());
}

function acceptRoles(policy: Policy, live: Policy | undefined): Policy {
  const named = policy.to.filter((role) => !isSessionWord(role));
  // Everybody is nobody's role.
  const others = live?.to.filter((role) => !named.includes(role) && role !== 'public') ?? [];
  return others.length === policy.to.length - named.length
    ? { ...policy, to: [...named, ...others].sort() }
    : policy;
}
