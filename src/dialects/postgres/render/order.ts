import { addressKey } from '../../../catalog/address.ts';
import type { CatalogObject } from '../../../catalog/objects.ts';
import { collectNames } from '../syntax/rewrite.ts';

/**
 * Puts each object after the ones that its text mentions. A name that is mentioned by chance only adds an order that does
 * no harm; among objects that mention each other the given order stays.
 */
export function orderByMention<O extends CatalogObject>(
  objects: readonly O[],
  textOf: (object: O) => string,
): readonly O[] {
  const byName = new Map<string, O[]>();
  for (const object of objects) {
    // A routine's address holds its arguments too.
    const name = object.address.name.replace(/\(.*$/s, '').replace(/^"(.*)"$/s, '$1');
    byName.set(name, [...(byName.get(name) ?? []), object]);
  }
  const done = new Set<string>();
  const result: O[] = [];
  const visit = (object: O): void => {
    const key = `${object.kind} ${addressKey(object.address)}`;
    if (done.has(key)) return;
    done.add(key);
    for (const name of collectNames(textOf(object))) {
      for (const other of byName.get(name) ?? []) if (other !== object) visit(other);
    }
    result.push(object);
  };
  for (const object of objects) visit(object);
  return result;
}
