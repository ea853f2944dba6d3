/** The words that drifts are made of, as rules and pages name them. */
import type { ObjectKind } from '../catalog/objects.ts';
import type { ChangeType } from './changes.ts';
import { kindNames } from './naming.ts';
import { wordings } from './wording.ts';

export const objectKinds = Object.keys(kindNames) as readonly ObjectKind[];

const isChangeType: { readonly [T in ChangeType]: true } = {
  create: true,
  drop: true,
  alter: true,
  rename: true,
};

export const changeTypes = Object.keys(isChangeType) as readonly ChangeType[];

/** Object words, and object words with a change: `index`, `index.drop`. */
export function listKindWords(): readonly string[] {
  return objectKinds.flatMap((kind) => [kind, ...changeTypes.map((type) => `${kind}.${type}`)]);
}

/** The fields that objects of these kinds can differ in (words as of {@link listKindWords}); of any kind where undefined. */
export function listFieldWords(kinds: readonly string[] | undefined): readonly string[] {
  const objects = kinds?.map((word) => word.split('.')[0]);
  const meant = objectKinds.filter((kind) => objects?.includes(kind) ?? true);
  return [...new Set(meant.flatMap((kind) => Object.keys(wordings[kind])))];
}
