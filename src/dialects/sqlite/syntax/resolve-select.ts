import type { CommonTables, Outputs, Resolver } from './mentions.ts';
import { foldName } from './names.ts';
import type {
  CommonTable,
  OrderingTerm,
  ResultColumn,
  Select,
  SelectCore,
  ValuesCore,
  WithClause,
} from './query-ast.ts';
import { resolveFrom, starOf, type ResolvedFrom } from './resolve-from.ts';
import { resolveColumn, type KnownColumn, type Scope } from './scope.ts';
import { visitWindow } from './walk.ts';

/** A SELECT core with the scope its expressions were resolved in. */
interface ResolvedCore {
  readonly outputs: Outputs;
  readonly scope: Scope | undefined;
}

/** Mentions every name in a SELECT, and tells its columns. */
export function resolveSelectWith(
  resolver: Resolver,
  select: Select,
  outer: Scope | undefined,
  common: CommonTables | undefined,
  setEarly: (outputs: Outputs) => void = () => undefined,
): Outputs {
  const inner = resolveCommonTables(resolver, select.with, outer, common);
  const first = resolveCore(resolver, select.first, outer, inner);
  setEarly(first.outputs);
  const cores = [first];
  for (const { core } of select.compounds) cores.push(resolveCore(resolver, core, outer, inner));
  for (const term of select.orderBy) resolveOrder(resolver, term, cores, inner);
  for (const limit of [select.limit, select.offset]) {
    if (limit !== undefined) resolver.expression(limit, outer, inner);
  }
  return first.outputs;
}

/** Brings the tables of a WITH into scope, and resolves each of them. */
export function resolveCommonTables(
  resolver: Resolver,
  clause: WithClause | undefined,
  outer: Scope | undefined,
  common: CommonTables | undefined,
): CommonTables | undefined {
  if (clause === undefined) return common;
  const outputs = new Map<string, () => Outputs>();
  const inner: CommonTables = { outputs, parent: common };
  for (const table of clause.tables) {
    outputs.set(
      foldName(table.name.value),
      once((setEarly) => resolveCommon(resolver, table, outer, inner, setEarly)),
    );
  }
  for (const resolve of outputs.values()) resolve();
  return inner;
}

/** Runs a resolution once; while it runs, it answers with what it has set so far: a recursive table names itself. */
function once(resolve: (setEarly: (outputs: Outputs) => void) => Outputs): () => Outputs {
  let known: Outputs;
  let started = false;
  return () => {
    if (started) return known;
    started = true;
    known = resolve((early) => {
      known = early;
    });
    return known;
  };
}

function resolveCommon(
  resolver: Resolver,
  table: CommonTable,
  outer: Scope | undefined,
  common: CommonTables,
  setEarly: (outputs: Outputs) => void,
): Outputs {
  const named = table.columns.map((column): KnownColumn => ({ name: foldName(column.value), origins: [] }));
  if (named.length > 0) {
    setEarly(named);
    resolver.select(table.select, outer, common);
    return named;
  }
  // The first part of a recursive table says what columns the others find in it.
  return resolveSelectWith(resolver, table.select, outer, common, setEarly);
}

function resolveCore(
  resolver: Resolver,
  core: SelectCore | ValuesCore,
  outer: Scope | undefined,
  common: CommonTables | undefined,
): ResolvedCore {
  if (core.type === 'values') {
    for (const row of core.rows) for (const item of row) resolver.expression(item, outer, common);
    const outputs = core.rows[0]?.map((_, at): KnownColumn => ({
      name: `column${String(at + 1)}`,
      origins: [],
    }));
    return { outputs, scope: outer };
  }
  const from: ResolvedFrom =
    core.from === undefined
      ? { sources: [], merged: new Map(), conditions: [] }
      : resolveFrom(resolver, core.from, outer, common);
  const plain: Scope = { sources: from.sources, merged: from.merged, aliases: new Set(), parent: outer };
  const outputs = resolveResults(resolver, core.columns, from, plain, common);
  const scope: Scope = { ...plain, aliases: aliasesOf(core.columns) };
  const rest = [...from.conditions, core.where, ...core.groupBy, core.having];
  for (const part of rest) if (part !== undefined) resolver.expression(part, scope, common);
  for (const { definition } of core.windows) {
    visitWindow(definition, {
      expression: (part) => {
        resolver.expression(part, scope, common);
      },
      select: (part) => {
        resolver.select(part, scope, common);
      },
    });
  }
  return { outputs, scope };
}

function aliasesOf(columns: readonly ResultColumn[]): ReadonlySet<string> {
  const aliases = new Set<string>();
  for (const column of columns) {
    if (column.type === 'expression' && column.alias !== undefined) aliases.add(foldName(column.alias.value));
  }
  return aliases;
}

/** Mentions the names in a list of result columns, and tells the columns that come out. */
export function resolveResults(
  resolver: Resolver,
  columns: readonly ResultColumn[],
  from: ResolvedFrom,
  scope: Scope,
  common: CommonTables | undefined,
): Outputs {
  const outputs: KnownColumn[] = [];
  let known = true;
  for (const column of columns) {
    if (column.type === 'expression') {
      resolver.expression(column.expression, scope, common);
      outputs.push(outputOf(column, scope));
      continue;
    }
    const star = column.table === undefined ? starOf(from) : resolveTableStar(resolver, column.table, scope);
    const { start, end } = column;
    resolver.mention({ kind: 'star', name: { value: '*', quote: '', start, end }, columns: star });
    if (star === undefined) known = false;
    else outputs.push(...star);
  }
  return known ? outputs : undefined;
}

function resolveTableStar(
  resolver: Resolver,
  name: NonNullable<Extract<ResultColumn, { type: 'star' }>['table']>,
  scope: Scope,
): Outputs {
  const label = foldName(name.value);
  const [source, ...others] = scope.sources.filter((candidate) => candidate.label === label);
  if (others.length > 0) return undefined;
  if (source?.ownName === true && source.table !== undefined) {
    resolver.mention({ kind: 'table', name, table: source.table });
  }
  return source?.columns;
}

function outputOf(column: Extract<ResultColumn, { type: 'expression' }>, scope: Scope): KnownColumn {
  if (column.alias !== undefined) return { name: foldName(column.alias.value), origins: [] };
  const { expression } = column;
  // SQLite names any other expression by its text, which nothing can rely on. sqlite.org/c3ref/column_name.html
  if (expression.type !== 'column') return { name: '', origins: [] };
  const origins = resolveColumn(expression, scope)?.origins ?? [];
  return { name: foldName(expression.column.value), origins };
}

/**
 * A bare name in ORDER BY is an alias of a result column first. After a compound SELECT it has to be a result column
 * of one of its parts, the first that has it.
 */
function resolveOrder(
  resolver: Resolver,
  term: OrderingTerm,
  cores: readonly ResolvedCore[],
  common: CommonTables | undefined,
): void {
  const { expression } = term;
  const [first] = cores;
  if (expression.type !== 'column' || expression.table !== undefined) {
    resolver.expression(expression, first?.scope, common);
    return;
  }
  const name = foldName(expression.column.value);
  for (const { outputs, scope } of cores) {
    if (scope?.aliases.has(name) === true) {
      resolver.mention({
        kind: 'column',
        name: expression.column,
        origins: [],
        certain: true,
        candidates: [],
      });
      return;
    }
    if (cores.length > 1 && outputs?.some((output) => output.name === name) === true) {
      resolver.expression(expression, scope, common);
      return;
    }
  }
  resolver.expression(expression, first?.scope, common);
}
