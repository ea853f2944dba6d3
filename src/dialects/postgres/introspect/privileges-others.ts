/** Owners and grants of functions, sequences and types; the rule is the one of {@link findUsualPrivileges}, in docs/decisions. */
import { compareText } from '../../../catalog/address.ts';
import type { AclItem } from './rows.ts';
import { showItem, showItems, type UsualPrivileges } from './privileges.ts';

/** What somebody owns and others may use. */
export interface Owned {
  readonly namespace: string;
  readonly owner: string;
  readonly acl: readonly AclItem[] | null;
}

/** What is part of the schema of an object's owner and grants. */
export interface Privileges {
  readonly owner: string | null;
  readonly grants: readonly string[];
}

/** Tells what is part of the schema of an object's owner and grants. */
export type ReadPrivileges = (object: Owned) => Privileges;

/** Letter of pg_default_acl (none for what has no default privileges), and what everybody may do with a new object of that kind. */
const kinds = {
  function: { letter: 'f', initial: [['PUBLIC', 'EXECUTE', false]] },
  sequence: { letter: 'S', initial: [] },
  type: { letter: 'T', initial: [['PUBLIC', 'USAGE', false]] },
  other: { letter: '-', initial: [] },
} as const satisfies Record<string, { letter: string; initial: readonly AclItem[] }>;

/** Makes the reader of owner and grants for all functions, all sequences, all types or all of another kind. */
export function createPrivilegesReader(
  kind: keyof typeof kinds,
  all: readonly Owned[],
  usual: UsualPrivileges,
): ReadPrivileges {
  const { letter, initial }: { readonly letter: string; readonly initial: readonly AclItem[] } = kinds[kind];
  const owners = new Set(
    (usual.isLiteral
      ? [usual.owner]
      : [usual.owner, findMajority(all.map(({ owner }) => owner)), usual.databaseOwner]
    ).filter((owner) => owner !== null),
  );
  const itemsOf = ({ acl, owner }: Owned): readonly AclItem[] =>
    (acl ?? initial).filter(([grantee]) => grantee !== owner && grantee !== usual.reader);
  const habits = new Map<string, ReadonlySet<string>>();
  for (const namespace of new Set(all.map((one) => one.namespace))) {
    const members = all.filter((one) => one.namespace === namespace);
    habits.set(namespace, findHabits(members.map(itemsOf), initial, usual.isLiteral));
  }
  return (object) => {
    const expected = habits.get(object.namespace) ?? new Set();
    const items = itemsOf(object);
    const held = new Set(items.map(showItem));
    const isUsual = (one: AclItem): boolean => {
      const item = showItem(one);
      return (
        expected.has(item) ||
        usual.defaults.has(`${letter} ${object.owner} ${object.namespace} ${item}`) ||
        usual.defaults.has(`${letter} ${object.owner}  ${item}`)
      );
    };
    const isInitial = (one: AclItem): boolean => initial.some((other) => showItem(other) === showItem(one));
    const missing = initial.map(showItem).filter((item) => !held.has(item));
    return {
      owner: owners.has(object.owner) || owners.size === 0 ? null : object.owner,
      grants: [
        ...showItems(items.filter((item) => !isUsual(item) && !isInitial(item))),
        ...showItems(items.filter((item) => isUsual(item) && !isInitial(item))).map((item) => `~${item}`),
        ...missing.map((item) => `${expected.has(item) ? '' : '~'}not ${item}`),
      ].sort(compareText),
    };
  };
}

/**
 * The grants that an object of a schema is expected to have: those of more than half of the others, and what everybody has
 * initially, unless it was taken from all of them.
 */
function findHabits(
  members: readonly (readonly AclItem[])[],
  initial: readonly AclItem[],
  isLiteral: boolean,
): ReadonlySet<string> {
  const start = initial.map(showItem);
  if (isLiteral) return new Set(start);
  const counts = new Map<string, number>();
  for (const item of members.flat().map(showItem)) counts.set(item, (counts.get(item) ?? 0) + 1);
  const common = [...counts].filter(
    ([item, count]) => !start.includes(item) && count > 1 && count * 2 > members.length,
  );
  const kept = start.filter((item) => counts.has(item) || members.length === 1);
  return new Set([...common.map(([item]) => item), ...kept]);
}

function findMajority(values: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].find(([, count]) => count * 2 > values.length)?.[0] ?? null;
}
