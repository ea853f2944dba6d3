import type { Name } from './ast.ts';
import type { CommonTables, Resolver } from './mentions.ts';
import { foldName } from './names.ts';
import type {
  Assignment,
  DataStatement,
  InsertStatement,
  UpdateStatement,
  WriteTarget,
} from './query-ast.ts';
import { resolveFrom, type ResolvedFrom } from './resolve-from.ts';
import { resolveCommonTables, resolveResults } from './resolve-select.ts';
import type { Scope, ScopeSource } from './scope.ts';

/** Mentions every name in a statement. `outer` has NEW and OLD inside a trigger. */
export function resolveDataStatementWith(
  resolver: Resolver,
  statement: DataStatement,
  outer: Scope | undefined,
): void {
  if (statement.kind === 'select') {
    resolver.select(statement.select, outer, undefined);
    return;
  }
  const common = resolveCommonTables(resolver, statement.with, outer, undefined);
  const target = resolveTarget(resolver, statement.target);
  const written: ResolvedFrom = { sources: [target], merged: new Map(), conditions: [] };
  const scope: Scope = { ...written, aliases: new Set(), parent: outer };
  if (statement.kind === 'insert') resolveInsert(resolver, statement, target, scope, common);
  else if (statement.kind === 'update') resolveUpdate(resolver, statement, target, outer, common);
  else if (statement.where !== undefined) resolver.expression(statement.where, scope, common);
  resolveResults(resolver, statement.returning, written, scope, common);
}

function resolveTarget(resolver: Resolver, target: WriteTarget): ScopeSource {
  const table = foldName(target.name.value);
  const label = target.alias === undefined ? table : foldName(target.alias.value);
  if (target.schema !== undefined && foldName(target.schema.value) !== 'main') {
    return { label, table: undefined, ownName: false, columns: undefined, qualifiedOnly: false };
  }
  resolver.mention({ kind: 'table', name: target.name, table });
  const columns = resolver.columnsOf(table);
  return { label, table, ownName: target.alias === undefined, columns, qualifiedOnly: false };
}

/** A column of the table written to: nothing else can stand there. */
function mentionWritten(resolver: Resolver, name: Name, target: ScopeSource): void {
  if (target.table === undefined) return;
  const origins = [{ table: target.table, column: foldName(name.value) }];
  resolver.mention({ kind: 'column', name, origins, certain: true, candidates: [] });
}

function resolveInsert(
  resolver: Resolver,
  statement: InsertStatement,
  target: ScopeSource,
  scope: Scope,
  common: CommonTables | undefined,
): void {
  for (const column of statement.columns) mentionWritten(resolver, column, target);
  if (statement.source !== undefined) resolver.select(statement.source, scope.parent, common);
  const excluded: ScopeSource = { ...target, label: 'excluded', ownName: false, qualifiedOnly: true };
  const inUpsert: Scope = { ...scope, sources: [target, excluded] };
  for (const upsert of statement.upserts) {
    for (const term of upsert.target) resolver.expression(term.expression, scope, common);
    if (upsert.targetWhere !== undefined) resolver.expression(upsert.targetWhere, scope, common);
    resolveAssignments(resolver, upsert.set ?? [], target, inUpsert, common);
    if (upsert.where !== undefined) resolver.expression(upsert.where, inUpsert, common);
  }
}

function resolveUpdate(
  resolver: Resolver,
  statement: UpdateStatement,
  target: ScopeSource,
  outer: Scope | undefined,
  common: CommonTables | undefined,
): void {
  const from =
    statement.from === undefined ? undefined : resolveFrom(resolver, statement.from, outer, common);
  const sources = [target, ...(from?.sources ?? [])];
  const scope: Scope = { sources, merged: from?.merged ?? new Map(), aliases: new Set(), parent: outer };
  for (const condition of from?.conditions ?? []) resolver.expression(condition, scope, common);
  resolveAssignments(resolver, statement.set, target, scope, common);
  if (statement.where !== undefined) resolver.expression(statement.where, scope, common);
}

function resolveAssignments(
  resolver: Resolver,
  assignments: readonly Assignment[],
  target: ScopeSource,
  scope: Scope,
  common: CommonTables | undefined,
): void {
  for (const { columns, value } of assignments) {
    for (const column of columns) mentionWritten(resolver, column, target);
    resolver.expression(value, scope, common);
  }
}
