/** Which objects of the witnesses are one and the same thing, whatever each of them calls it. */
import { indexObjects, objectKey, type Schema } from '../catalog/schema.ts';
import { matchObjects } from './match.ts';

/** The schemas that a difference is traced through, in the order in which a change travels backwards. */
export const witnesses = ['actual', 'applied', 'all', 'expected'] as const;

/** `applied` is what the applied migrations make, `all` what all of them make. */
export type Witness = (typeof witnesses)[number];

/** Two schemas brought to comparable form. */
export interface ComparablePair {
  readonly database: Schema;
  readonly expected: Schema;
}

/** What one of the witnesses knows, against what is expected. */
export interface WitnessPair extends ComparablePair {
  readonly witness: Exclude<Witness, 'expected'>;
}

/** One thing: its `objectKey` with each witness that has it. */
export type Subject = Readonly<Partial<Record<Witness, string>>>;

/**
 * Every thing that any of the schemas has. Objects of one address are one thing; others are where they are matched with
 * what is expected by another name or by structure, unless a witness would then have the thing twice.
 */
export function alignObjects(pairs: readonly WitnessPair[]): readonly Subject[] {
  const groups = new Map<string, Partial<Record<Witness, string>>>();
  for (const pair of pairs) {
    for (const key of indexObjects(pair.database).keys()) join(groups, key)[pair.witness] = key;
    for (const key of indexObjects(pair.expected).keys()) join(groups, key).expected = key;
  }
  for (const pair of pairs) {
    for (const match of matchObjects(pair.database, pair.expected).unequal) {
      const one = groups.get(objectKey(match.database));
      const other = groups.get(objectKey(match.expected));
      if (one && other && one !== other && areDisjoint(one, other)) merge(groups, one, other);
    }
  }
  return [...new Set(groups.values())];
}

function join<V>(groups: Map<string, Partial<Record<Witness, V>>>, key: string): Partial<Record<Witness, V>> {
  const known = groups.get(key);
  if (known) return known;
  const made: Partial<Record<Witness, V>> = {};
  groups.set(key, made);
  return made;
}

function areDisjoint(one: Subject, other: Subject): boolean {
  return witnesses.every((witness) => one[witness] === undefined || other[witness] === undefined);
}

function merge(
  groups: Map<string, Partial<Record<Witness, string>>>,
  one: Partial<Record<Witness, string>>,
  other: Subject,
): void {
  Object.assign(one, other);
  for (const key of Object.values(other)) groups.set(key, one);
}
