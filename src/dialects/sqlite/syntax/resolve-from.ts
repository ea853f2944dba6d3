import type { Name } from './ast.ts';
import type { CommonTables, Outputs, Resolver } from './mentions.ts';
import { foldName } from './names.ts';
import type { Expression, FromClause, Join, Source, TableSource } from './query-ast.ts';
import { findCommon } from './resolve-expression.ts';
import { hasTwins, type KnownColumn, type Origin, type Scope, type ScopeSource } from './scope.ts';

/** The sources of a FROM clause, and what is left to resolve once all of them are in scope. */
export interface ResolvedFrom {
  readonly sources: readonly ScopeSource[];
  readonly merged: ReadonlyMap<string, readonly Origin[]>;
  /** ON conditions and arguments of table-valued functions. */
  readonly conditions: readonly Expression[];
}

interface Growing {
  readonly sources: ScopeSource[];
  readonly merged: Map<string, readonly Origin[]>;
  readonly conditions: Expression[];
}

/** Mentions the tables of a FROM clause and the columns its joins name. */
export function resolveFrom(
  resolver: Resolver,
  from: FromClause,
  outer: Scope | undefined,
  common: CommonTables | undefined,
): ResolvedFrom {
  const growing: Growing = { sources: [], merged: new Map(), conditions: [] };
  growing.sources.push(...resolveSource(resolver, from.first, growing, outer, common));
  for (const join of from.joins) {
    const right = resolveSource(resolver, join.source, growing, outer, common);
    mergeColumns(resolver, join, growing, right);
    growing.sources.push(...right);
    if (join.on !== undefined) growing.conditions.push(join.on);
  }
  return growing;
}

function resolveSource(
  resolver: Resolver,
  source: Source,
  growing: Growing,
  outer: Scope | undefined,
  common: CommonTables | undefined,
): ScopeSource[] {
  const alias = source.alias === undefined ? undefined : foldName(source.alias.value);
  if (source.type === 'table') return [resolveTable(resolver, source, alias, growing, common)];
  if (source.type === 'select') return [derived(alias, resolver.select(source.select, outer, common))];
  const inner = resolveFrom(resolver, source.from, outer, common);
  growing.conditions.push(...inner.conditions);
  if (alias !== undefined) return [derived(alias, starOf(inner))];
  for (const [name, origins] of inner.merged) growing.merged.set(name, origins);
  return [...inner.sources];
}

function derived(label: string | undefined, columns: Outputs): ScopeSource {
  return { label, table: undefined, ownName: false, columns, qualifiedOnly: false };
}

function resolveTable(
  resolver: Resolver,
  source: TableSource,
  alias: string | undefined,
  growing: Growing,
  common: CommonTables | undefined,
): ScopeSource {
  const table = foldName(source.name.value);
  const label = alias ?? table;
  const schema = source.schema === undefined ? undefined : foldName(source.schema.value);
  if (source.args !== undefined) {
    growing.conditions.push(...source.args);
    return derived(label, undefined);
  }
  const outputs = schema === undefined ? findCommon(common, table) : undefined;
  if (outputs !== undefined) return derived(label, outputs());
  // A table of another database: nothing is known of it, and it is none of ours.
  if (schema !== undefined && schema !== 'main') return derived(label, undefined);
  resolver.mention({ kind: 'table', name: source.name, table });
  const columns = resolver.columnsOf(table);
  return { label, table, ownName: alias === undefined, columns, qualifiedOnly: false };
}

/** USING names the columns it joins by; NATURAL joins by those that both sides have. */
function mergeColumns(resolver: Resolver, join: Join, growing: Growing, right: readonly ScopeSource[]): void {
  for (const name of join.using) mergeNamed(resolver, name, growing, right);
  if (!join.natural) return;
  const left = starOf(growing);
  const other = starOf({ sources: right, merged: new Map(), conditions: [] });
  const shared = left?.filter((column) => other?.some((candidate) => candidate.name === column.name));
  const columns = other === undefined ? undefined : shared?.map((column) => joinOrigins(column, other));
  const { start } = join.source;
  resolver.mention({ kind: 'natural', name: { value: '', quote: '', start, end: start }, columns });
  for (const column of columns ?? []) growing.merged.set(column.name, column.origins);
}

function joinOrigins(column: KnownColumn, other: readonly KnownColumn[]): KnownColumn {
  const match = other.find((candidate) => candidate.name === column.name);
  return { name: column.name, origins: [...column.origins, ...(match?.origins ?? [])] };
}

function mergeNamed(resolver: Resolver, name: Name, growing: Growing, right: readonly ScopeSource[]): void {
  const column = foldName(name.value);
  const sides = [growing.sources, right].map((sources) => findOrigins(column, sources));
  const before = growing.merged.get(column);
  const origins = [...(before ?? sides[0] ?? []), ...(sides[1] ?? [])];
  const all = [...growing.sources, ...right];
  const certain = sides.every((side) => side !== undefined);
  const candidates = certain
    ? []
    : all.flatMap((source) => (source.table === undefined ? [] : [source.table]));
  resolver.mention({ kind: 'column', name, origins, certain, candidates });
  growing.merged.set(column, origins);
}

/** Where the sources have a column from; undefined when none is known to have it. */
function findOrigins(column: string, sources: readonly ScopeSource[]): readonly Origin[] | undefined {
  for (const source of sources) {
    const found = source.columns?.find((known) => known.name === column);
    if (found !== undefined) return found.origins;
  }
  const [only] = sources;
  if (sources.length !== 1 || only?.table === undefined || only.columns !== undefined) return undefined;
  return [{ table: only.table, column }];
}

/** The columns `*` stands for: a joined column once, where its left table has it. */
export function starOf(from: ResolvedFrom): Outputs {
  if (hasTwins(from.sources)) return undefined;
  const columns: KnownColumn[] = [];
  const seen = new Set<string>();
  for (const source of from.sources) {
    if (source.qualifiedOnly) continue;
    if (source.columns === undefined) return undefined;
    for (const column of source.columns) {
      const merged = from.merged.get(column.name);
      if (merged !== undefined && seen.has(column.name)) continue;
      seen.add(column.name);
      columns.push(merged === undefined ? column : { name: column.name, origins: merged });
    }
  }
  return columns;
}
