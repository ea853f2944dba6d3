import type { ConflictAction } from './ast.ts';
import type { Cursor } from './cursor.ts';

const ACTIONS = ['ROLLBACK', 'ABORT', 'FAIL', 'IGNORE', 'REPLACE'] as const;

/** ROLLBACK, ABORT, FAIL, IGNORE or REPLACE. */
export function parseConflictAction(cursor: Cursor): ConflictAction {
  const action = ACTIONS.find((keyword) => cursor.accept(keyword));
  if (action === undefined) return cursor.fail('ROLLBACK, ABORT, FAIL, IGNORE or REPLACE');
  return action.toLowerCase() as ConflictAction;
}

/** `ON CONFLICT action`, or undefined when none comes next. */
export function parseConflictClause(cursor: Cursor): ConflictAction | undefined {
  return cursor.accept('ON', 'CONFLICT') ? parseConflictAction(cursor) : undefined;
}
