import type { CommonTables, Outputs, Resolver } from './mentions.ts';
import { foldName } from './names.ts';
import type { ColumnReference, Expression, InTest } from './query-ast.ts';
import { resolveColumn, type Scope } from './scope.ts';
import { visitParts } from './walk.ts';

/** Mentions every name in an expression. */
export function resolveExpressionWith(
  resolver: Resolver,
  node: Expression,
  scope: Scope | undefined,
  common: CommonTables | undefined,
): void {
  if (node.type === 'column') return resolveReference(resolver, node, scope);
  if (node.type === 'in') resolveInTable(resolver, node, common);
  visitParts(node, {
    expression: (part) => {
      resolver.expression(part, scope, common);
    },
    select: (part) => {
      resolver.select(part, scope, common);
    },
  });
}

function resolveReference(resolver: Resolver, node: ColumnReference, scope: Scope | undefined): void {
  const found = resolveColumn(node, scope);
  if (found === undefined) return;
  const { origins, certain, candidates, source } = found;
  if (source?.ownName === true && source.table !== undefined && node.table !== undefined) {
    resolver.mention({ kind: 'table', name: node.table, table: source.table });
  }
  resolver.mention({ kind: 'column', name: node.column, origins, certain, candidates });
}

/** `x IN table`: the table may be a common one. */
function resolveInTable(resolver: Resolver, node: InTest, common: CommonTables | undefined): void {
  if (node.set.type !== 'table') return;
  const { schema, table: name } = node.set;
  const table = foldName(name.value);
  if (schema !== undefined && foldName(schema.value) !== 'main') return;
  if (schema === undefined && findCommon(common, table) !== undefined) return;
  resolver.mention({ kind: 'table', name, table });
}

/** The common table of a folded name, if a WITH around this place brings one in. */
export function findCommon(common: CommonTables | undefined, table: string): (() => Outputs) | undefined {
  for (let at = common; at !== undefined; at = at.parent) {
    const outputs = at.outputs.get(table);
    if (outputs !== undefined) return outputs;
  }
  return undefined;
}
