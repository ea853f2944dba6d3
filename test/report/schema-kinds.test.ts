import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { kindNames } from '../../src/diff/naming.ts';

/** Patterns that kinds of changes are held against, and lists of kinds of objects, wherever they stand in a JSON Schema. */
function findVocabularies(node: unknown): readonly ((kind: string) => boolean)[] {
  if (typeof node !== 'object' || node === null) return [];
  const { pattern, enum: list } = node as { readonly pattern?: unknown; readonly enum?: unknown };
  return [
    ...(typeof pattern === 'string' && pattern.includes('materializedView')
      ? [(kind: string) => new RegExp(pattern, 'u').test(`${kind}.alter`)]
      : []),
    ...(Array.isArray(list) && list.includes('materializedView')
      ? [(kind: string) => list.includes(kind)]
      : []),
    ...Object.values(node).flatMap(findVocabularies),
  ];
}

test.each(['report', 'diff', 'generate'])('the JSON Schema of %s knows every kind of object', (name) => {
  const url = new URL(`../../src/report/${name}.schema.json`, import.meta.url);
  const vocabularies = findVocabularies(JSON.parse(readFileSync(url, 'utf8')));
  expect(vocabularies.length).toBeGreaterThan(0);
  for (const knows of vocabularies) {
    expect(Object.keys(kindNames).filter((kind) => !knows(kind))).toEqual([]);
  }
});
