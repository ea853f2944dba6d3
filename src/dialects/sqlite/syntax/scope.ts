import type { Name } from './ast.ts';
import { foldName } from './names.ts';
import type { ColumnReference } from './query-ast.ts';

/** A column of a table or a view of the schema. Both names are folded. */
export interface Origin {
  readonly table: string;
  readonly column: string;
}

/**
 * A column some source has. `origins` are the columns it has its *name* from: those of `SELECT a FROM t` come from t,
 * those of `SELECT a AS b FROM t` from nowhere. A column joined by USING has several.
 */
export interface KnownColumn {
  readonly name: string;
  readonly origins: readonly Origin[];
}

/** Something names can be looked up in: a table, a subquery, NEW, OLD, excluded. */
export interface ScopeSource {
  /** The alias, or the table's own name; folded. */
  readonly label: string | undefined;
  /** The table of the schema, folded. */
  readonly table: string | undefined;
  /** Whether the label is the table's own name, and follows when that is renamed. */
  readonly ownName: boolean;
  /** Undefined when they are not known. */
  readonly columns: readonly KnownColumn[] | undefined;
  /** NEW, OLD and excluded are only found by their names. */
  readonly qualifiedOnly: boolean;
}

export interface Scope {
  readonly sources: readonly ScopeSource[];
  /** Columns joined by USING or NATURAL: found unqualified, without being ambiguous. */
  readonly merged: ReadonlyMap<string, readonly Origin[]>;
  /** Aliases of the select's own result columns, folded. */
  readonly aliases: ReadonlySet<string>;
  readonly parent: Scope | undefined;
}

/** What a column's name was found to mean. */
export interface Resolution {
  readonly origins: readonly Origin[];
  /** Whether it can mean nothing else. */
  readonly certain: boolean;
  /** The tables it might belong to where that is not certain; folded. */
  readonly candidates: readonly string[];
  /** The source its qualifier names. */
  readonly source?: ScopeSource;
}

const ROWID: ReadonlySet<string> = new Set(['rowid', 'oid', '_rowid_']);
const NOTHING: Resolution = { origins: [], certain: true, candidates: [] };

const unsure = (candidates: readonly string[]): Resolution => ({ origins: [], certain: false, candidates });

/**
 * What a column reference means in a scope, by SQLite's rules: the innermost scope that has the name wins, an alias of
 * a result column after the sources of the same SELECT.
 * @returns undefined for what is no column at all: a double-quoted string, TRUE, FALSE
 */
export function resolveColumn(reference: ColumnReference, scope: Scope | undefined): Resolution | undefined {
  const { table, column } = reference;
  if (table !== undefined) return resolveQualified(foldName(table.value), foldName(column.value), scope);
  return resolveBare(column, scope);
}

/** The innermost source of that name which has the column: one that has not lets SQLite look further out. */
function resolveQualified(label: string, column: string, scope: Scope | undefined): Resolution {
  const passed: ScopeSource[] = [];
  for (let at = scope; at !== undefined; at = at.parent) {
    const [source, ...others] = at.sources.filter((candidate) => candidate.label === label);
    if (source === undefined) continue;
    passed.push(source, ...others);
    // Of two sources of one name SQLite takes the one that has the column, and refuses the text where both do.
    if (others.length > 0 || (source.columns === undefined && source.table === undefined)) continue;
    const found = resolveIn(source, column);
    if (found.certain && passed.length === 1) return { ...found, source };
  }
  return resolvePassed(passed, column);
}

/** What is left when no source alone answers: certain only if one of them has the column and all others have not. */
function resolvePassed(passed: readonly ScopeSource[], column: string): Resolution {
  const possible = passed.filter(
    (source) => source.columns === undefined || resolveIn(source, column).certain,
  );
  const [only] = possible;
  if (only?.columns !== undefined && possible.length === 1)
    return { ...resolveIn(only, column), source: only };
  return unsure(tablesOf(passed));
}

function resolveIn(source: ScopeSource, column: string): Resolution {
  const found = source.columns?.find((known) => known.name === column);
  if (found !== undefined) return { origins: found.origins, certain: true, candidates: [] };
  if (source.columns === undefined) {
    if (source.table === undefined) return unsure([]);
    return { origins: [{ table: source.table, column }], certain: true, candidates: [] };
  }
  if (ROWID.has(column)) return NOTHING;
  return unsure(source.table === undefined ? [] : [source.table]);
}

function resolveBare(name: Name, scope: Scope | undefined): Resolution | undefined {
  const column = foldName(name.value);
  /** Sources passed on the way out whose columns are not known: any of them may have the name. */
  const dark: ScopeSource[] = [];
  for (let at = scope; at !== undefined; at = at.parent) {
    const found = findInScope(column, at, dark);
    if (found === undefined) continue;
    if (dark.length === 0) return found;
    return unsure([...tablesOf(dark), ...found.origins.map((origin) => origin.table), ...found.candidates]);
  }
  return resolveNowhere(name, column, dark);
}

function findInScope(column: string, scope: Scope, dark: ScopeSource[]): Resolution | undefined {
  const merged = scope.merged.get(column);
  if (merged !== undefined) return { origins: merged, certain: true, candidates: [] };
  const open = scope.sources.filter((source) => !source.qualifiedOnly);
  const having = open.filter((source) => source.columns?.some((known) => known.name === column));
  const [only] = having;
  // Were the name in an unknown table of the same SELECT as well, SQLite would refuse the text as ambiguous.
  if (only !== undefined && having.length === 1) return resolveIn(only, column);
  if (having.length > 1) return unsure(tablesOf(having));
  const unknown = open.filter((source) => source.columns === undefined);
  dark.push(...unknown);
  if (scope.aliases.has(column)) return NOTHING;
  return ROWID.has(column) && open.length > 0 && unknown.length === 0 ? NOTHING : undefined;
}

function resolveNowhere(name: Name, column: string, dark: readonly ScopeSource[]): Resolution | undefined {
  const [only] = dark;
  if (only === undefined) return isNoColumn(name, column) ? undefined : unsure([]);
  const sure =
    dark.length === 1 && only.table !== undefined && !isNoColumn(name, column) && !ROWID.has(column);
  return sure ? resolveIn(only, column) : unsure(tablesOf(dark));
}

/** A double-quoted word that names no column is a string, and TRUE and FALSE are values. */
function isNoColumn(name: Name, column: string): boolean {
  return (
    name.quote === '"' ||
    name.quote === "'" ||
    (name.quote === '' && (column === 'true' || column === 'false'))
  );
}

/** Whether two sources have one name; then nothing they are named by is certain. */
export function hasTwins(sources: readonly ScopeSource[]): boolean {
  const labels = sources.flatMap((source) => (source.label === undefined ? [] : [source.label]));
  return new Set(labels).size < labels.length;
}

function tablesOf(sources: readonly ScopeSource[]): string[] {
  return sources.flatMap((source) => (source.table === undefined ? [] : [source.table]));
}
