import type { Assertion, Guard, Step } from '../../../plan/plan.ts';
import { foldName } from '../syntax/names.ts';
import { makeStep } from './dependents.ts';
import { hasParentKey, type Tables } from './parts.ts';
import type { ScratchNames } from './scratch-names.ts';

/** A guard that is put together while the steps are planned. */
export interface GuardBook {
  /** The step that looks at it. */
  assert(assertion: Assertion): Step;
  /** The same steps between the ones that make the guard and take it away; no guard where nothing is asserted. */
  wrap(steps: readonly Step[]): readonly Step[];
}

export function createGuardBook(temporary: boolean, names: ScratchNames): GuardBook {
  const assertions: Assertion[] = [];
  const guard: Guard = { name: names.name('guard', ''), temporary, assertions };
  return {
    assert(assertion) {
      assertions.push(assertion);
      return makeStep({ type: 'assert', guard, assertion });
    },
    wrap(steps) {
      if (assertions.length === 0) return steps;
      return [makeStep({ type: 'openGuard', guard }), ...steps, makeStep({ type: 'closeGuard', guard })];
    },
  };
}

/**
 * Those of the tables whose foreign keys can be checked at all: SQLite fails where one points at columns that are no
 * key, and a migration may be there to mend just that.
 */
export function selectCheckable(tables: Tables, names: Iterable<string>): readonly string[] {
  const folded = new Set([...names].map(foldName));
  return [...tables.entries()]
    .filter(([key, parts]) => folded.has(key) && parts.foreignKeys.length > 0)
    .filter(([, parts]) =>
      parts.foreignKeys.every(
        (key) => !tables.has(foldName(key.references.table)) || hasParentKey(key, tables),
      ),
    )
    .map(([, parts]) => parts.name);
}
