import type { Expression, Policy } from '../../../catalog/objects.ts';
import { isRecord, readKinds } from '../../drizzle/entities.ts';
import { isSql } from '../../drizzle/sql-text.ts';
import { refuseTable, renderOf, type TableContext } from '../../drizzle/table-parts.ts';
import { asWritten } from './columns.ts';
import { namePart } from './constraints.ts';

export interface DrizzlePolicy {
  readonly name: string;
  readonly as?: string;
  readonly for?: string;
  readonly to?: unknown;
  readonly using?: unknown;
  readonly withCheck?: unknown;
}

const commands: ReadonlySet<string> = new Set<Policy['for']>(['all', 'select', 'insert', 'update', 'delete']);

export function makePolicy(context: TableContext, policy: DrizzlePolicy): Policy {
  const command = (policy.for ?? 'all').toLowerCase();
  if (!commands.has(command)) {
    return refuseTable(context, `policy '${policy.name}' is for '${command}', which is no command`);
  }
  return {
    kind: 'policy',
    ...namePart(context, [policy.name]),
    as: policy.as?.toLowerCase() === 'restrictive' ? 'restrictive' : 'permissive',
    for: command as Policy['for'],
    to: readRoles(policy.to),
    using: readExpression(context, policy, 'using'),
    withCheck: readExpression(context, policy, 'withCheck'),
  };
}

/** Roles by name, sorted; a policy without any is for everybody. */
function readRoles(to: unknown): readonly string[] {
  const names = [to].flat().flatMap((role) => {
    if (typeof role === 'string') return [role];
    return isRecord(role) && readKinds(role).has('PgRole') ? [String(role['name'])] : [];
  });
  return names.length === 0 ? ['public'] : [...new Set(names)].sort();
}

function readExpression(
  context: TableContext,
  policy: DrizzlePolicy,
  field: 'using' | 'withCheck',
): Expression | null {
  const value = policy[field];
  if (!isSql(value)) return null;
  return asWritten(renderOf(context, value, 'qualified', () => `${field} of policy '${policy.name}'`));
}
