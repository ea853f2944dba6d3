/** What is said of things made by hand that a migration takes along. */
import type { CatalogObject } from '../../catalog/objects.ts';
import { nameObject } from '../../diff/naming.ts';
import type { Finding } from '../migrator.ts';
import type { LostThing } from './hand-made.ts';

/** One sentence, with what is at stake. */
export function describeLost({ object, reason, values }: LostThing): string {
  const what = nameObject(object);
  if (reason !== null) return `${what} was made by hand and cannot be made again: ${reason}.`;
  const { table = '' } = object.address;
  const holding = values === null ? '' : `, and ${showCount(values.count)}`;
  return `${what} was made by hand, and ${table} is made anew without it${holding}.`;
}

function showCount(count: number): string {
  if (count === 0) return 'no row holds a value';
  return count === 1 ? '1 row holds a value' : `${String(count)} rows hold a value`;
}

export function findingOfLost(lost: LostThing): Finding {
  return {
    code: 'hand-made',
    severity: 'error',
    address: lost.object.address,
    count: lost.values?.count ?? 0,
    samples: lost.values?.samples ?? [],
    message: describeLost(lost),
    answer:
      'Take it into the models, or into a migration before this one (drift generate --custom); or let it go: --allow hand-made',
    allow: 'hand-made',
  };
}

export function findingOfKept(object: CatalogObject, tag: string): Finding {
  return {
    code: 'hand-made',
    severity: 'warning',
    address: object.address,
    count: 0,
    samples: [],
    message: `${nameObject(object)} was made by hand: ${tag} takes it along, and it is made again after that.`,
    answer: 'Take it into the models or into a migration, so that every database has it.',
    allow: null,
  };
}
