import type { Name } from './ast.ts';
import type { ColumnLookup, Mention, Outputs } from './mentions.ts';
import { foldName, quoteLike, sameName } from './names.ts';
import { parseCreate } from './parse-create.ts';
import { resolveCreate, tableScope, type ResolvedDefinition } from './resolve-create.ts';
import { NameResolver } from './resolve.ts';
import type { Origin } from './scope.ts';
import { SqliteSyntaxError } from './syntax-error.ts';

/** What gets another name. A view counts as a table. */
export type Rename =
  | { readonly kind: 'table'; readonly from: string; readonly to: string }
  | { readonly kind: 'column'; readonly table: string; readonly from: string; readonly to: string };

/** One replaced token. Offsets count in the text before the rename. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Why a text cannot be rewritten by its tokens alone.
 * - `not-understood`: a part does not parse, or is a module's own language, and has the old name in it;
 * - `ambiguous`: it cannot be told whether a token means the column, as the columns of some source are not known;
 * - `shared-column`: USING or a compound joins the column with one that keeps its name;
 * - `natural-join`: a NATURAL JOIN may join by other columns afterwards;
 * - `taken`: the table has a column, or the schema a table, of the new name;
 * - `changes-meaning`: some name in the text would mean something else afterwards.
 */
export type RenameObstacle =
  'not-understood' | 'ambiguous' | 'shared-column' | 'natural-join' | 'taken' | 'changes-meaning';

export type RenameResult =
  | {
      readonly ok: true;
      readonly text: string;
      readonly edits: readonly Edit[];
      /** Columns of a view or query that get another name by this: what reads it needs a rename as well. */
      readonly outputs: readonly { readonly from: string; readonly to: string }[];
    }
  | { readonly ok: false; readonly reason: RenameObstacle; readonly offset: number };

type Resolve = (sql: string, lookup: ColumnLookup) => ResolvedDefinition;

/**
 * Rewrites a whole CREATE TABLE, INDEX, VIEW or TRIGGER: only the tokens that mean the renamed thing change.
 * @param lookup the columns of every table and view as they are before the rename
 */
export function renameInDefinition(sql: string, rename: Rename, lookup: ColumnLookup): RenameResult {
  return renameIn(sql, rename, lookup, (text, columns) => resolveCreate(parseCreate(text), columns));
}

/** Rewrites a SELECT, as `renameInDefinition` does. */
export function renameInSelect(sql: string, rename: Rename, lookup: ColumnLookup): RenameResult {
  return renameIn(sql, rename, lookup, (text, columns) => {
    const resolver = new NameResolver(columns);
    const outputs = resolver.select({ text, start: 0, end: text.length });
    return { mentions: resolver.mentions, outputs };
  });
}

/** Rewrites an expression of one table: a CHECK, a generated column, a term or the condition of an index. */
export function renameInExpression(
  sql: string,
  rename: Rename,
  owner: { readonly table: string; readonly columns: readonly string[] },
): RenameResult {
  const lookup: ColumnLookup = (table) => (sameName(table, owner.table) ? owner.columns : undefined);
  return renameIn(sql, rename, lookup, (text, columns) => {
    const resolver = new NameResolver(columns);
    const table = rename.kind === 'table' ? ownerAfter(owner.table, rename, columns) : owner.table;
    resolver.expression(
      { text, start: 0, end: text.length },
      tableScope(table, resolver.columnsOf(foldName(table))),
    );
    return { mentions: resolver.mentions, outputs: undefined };
  });
}

/** The name of the expression's table at the time a lookup tells of. */
function ownerAfter(table: string, rename: Rename, lookup: ColumnLookup): string {
  return lookup(foldName(table)) === undefined && sameName(table, rename.from) ? rename.to : table;
}

function renameIn(sql: string, rename: Rename, lookup: ColumnLookup, resolve: Resolve): RenameResult {
  try {
    const before = resolve(sql, lookup);
    const taken = findTaken(before.mentions, rename, lookup);
    if (taken !== undefined) return taken;
    const edits: Edit[] = [];
    for (const mention of before.mentions) {
      const reason = findObstacle(mention, rename, before.mentions);
      if (reason !== undefined) return { ok: false, reason, offset: mention.name.start };
      if (isRenamed(mention, rename)) edits.push(makeEdit(mention.name, rename.to));
    }
    const text = applyEdits(sql, edits);
    const after = resolve(text, renameLookup(lookup, rename));
    const changed = findChange(before, after, rename);
    if (changed !== undefined) return { ok: false, reason: 'changes-meaning', offset: changed };
    return { ok: true, text, edits, outputs: renamedOutputs(before.outputs, rename) };
  } catch (error) {
    if (!(error instanceof SqliteSyntaxError)) throw error;
    return { ok: false, reason: 'not-understood', offset: error.offset };
  }
}

function findTaken(
  mentions: readonly Mention[],
  rename: Rename,
  lookup: ColumnLookup,
): RenameResult | undefined {
  if (sameName(rename.from, rename.to)) return undefined;
  if (rename.kind === 'table') {
    const taken = lookup(foldName(rename.to)) !== undefined;
    return taken ? { ok: false, reason: 'taken', offset: 0 } : undefined;
  }
  // In the text of the table itself, its own columns tell.
  const own = mentions.find((mention) => isOrigin(mention, { table: rename.table, column: rename.to }));
  const known = lookup(foldName(rename.table))?.some((column) => sameName(column, rename.to)) ?? false;
  return own !== undefined || known
    ? { ok: false, reason: 'taken', offset: own?.name.start ?? 0 }
    : undefined;
}

function isOrigin(mention: Mention, wanted: Origin): boolean {
  if (mention.kind !== 'column') return false;
  return mention.origins.some(
    ({ table, column }) => sameName(table, wanted.table) && sameName(column, wanted.column),
  );
}

function meansRenamed(origin: Origin, rename: Rename): boolean {
  return (
    rename.kind === 'column' && sameName(origin.table, rename.table) && sameName(origin.column, rename.from)
  );
}

function isRenamed(mention: Mention, rename: Rename): boolean {
  if (mention.kind === 'table') return rename.kind === 'table' && sameName(mention.table, rename.from);
  return mention.kind === 'column' && mention.origins.some((origin) => meansRenamed(origin, rename));
}

function findObstacle(
  mention: Mention,
  rename: Rename,
  mentions: readonly Mention[],
): RenameObstacle | undefined {
  switch (mention.kind) {
    case 'table':
    case 'star':
      return undefined;
    case 'opaque':
      return mayMean(mention.words, rename, mentions) ? 'not-understood' : undefined;
    case 'natural':
      return rename.kind === 'column' && joinsRenamed(mention.columns, rename, mentions)
        ? 'natural-join'
        : undefined;
    case 'column': {
      if (rename.kind === 'table') return undefined;
      const unsure = mention.candidates.some((table) => sameName(table, rename.table));
      if (!mention.certain && unsure && sameName(mention.name.value, rename.from)) return 'ambiguous';
      const hits = mention.origins.filter((origin) => meansRenamed(origin, rename)).length;
      return hits > 0 && hits < mention.origins.length ? 'shared-column' : undefined;
    }
  }
}

/** A column is only meant where its table is named too, there or elsewhere in the text. */
function mayMean(words: ReadonlySet<string>, rename: Rename, mentions: readonly Mention[]): boolean {
  if (!words.has(foldName(rename.from))) return false;
  return rename.kind === 'table' || words.has(foldName(rename.table)) || namesTable(mentions, rename.table);
}

function namesTable(mentions: readonly Mention[], table: string): boolean {
  return mentions.some((mention) => mention.kind === 'table' && sameName(mention.table, table));
}

function joinsRenamed(
  columns: Outputs,
  rename: Extract<Rename, { kind: 'column' }>,
  mentions: readonly Mention[],
): boolean {
  if (columns !== undefined) {
    return columns.some((column) => column.origins.some((origin) => meansRenamed(origin, rename)));
  }
  return namesTable(mentions, rename.table);
}

function makeEdit(name: Name, to: string): Edit {
  return { start: name.start, end: name.end, text: quoteLike(to, name.quote) };
}

/** Replaces pieces of a text. The edits are in order and do not overlap. */
export function applyEdits(sql: string, edits: readonly Edit[]): string {
  let text = '';
  let at = 0;
  for (const edit of edits) {
    text += sql.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return text + sql.slice(at);
}

/** The columns of every table as they are after a rename. */
export function renameLookup(lookup: ColumnLookup, rename: Rename): ColumnLookup {
  return (table) => {
    if (rename.kind === 'table') {
      if (sameName(table, rename.to)) return lookup(foldName(rename.from));
      return sameName(table, rename.from) ? undefined : lookup(table);
    }
    const columns = lookup(table);
    if (!sameName(table, rename.table)) return columns;
    return columns?.map((column) => (sameName(column, rename.from) ? rename.to : column));
  };
}

/** Where a name means something else after the rename than it should; undefined where all is as before. */
function findChange(
  before: ResolvedDefinition,
  after: ResolvedDefinition,
  rename: Rename,
): number | undefined {
  const [wanted, found] = [before.mentions, after.mentions];
  for (const [at, mention] of wanted.entries()) {
    const other = found[at];
    if (other === undefined || describe(mention, rename) !== describe(other)) return mention.name.start;
  }
  if (found.length > wanted.length) return 0;
  const outputs = describeColumns(before.outputs, rename);
  return outputs === describeColumns(after.outputs) ? undefined : 0;
}

/** What a mention means, as a text; with a rename, what it has to mean afterwards. */
function describe(mention: Mention, rename?: Rename): string {
  switch (mention.kind) {
    case 'table':
      return `table ${renameTable(mention.table, rename)}`;
    case 'opaque':
      return `opaque ${[...mention.words].join(' ')}`;
    case 'natural':
    case 'star':
      return `${mention.kind} ${describeColumns(mention.columns, rename)}`;
    case 'column': {
      const candidates = mention.candidates.map((table) => renameTable(table, rename));
      return JSON.stringify([
        'column',
        mention.certain,
        candidates,
        mention.origins.map((o) => renameOrigin(o, rename)),
      ]);
    }
  }
}

function describeColumns(columns: Outputs, rename?: Rename): string {
  const described = columns?.map(({ name, origins }) => [
    rename !== undefined && origins.some((origin) => meansRenamed(origin, rename))
      ? foldName(rename.to)
      : name,
    origins.map((origin) => renameOrigin(origin, rename)),
  ]);
  return JSON.stringify(described ?? null);
}

function renameTable(table: string, rename: Rename | undefined): string {
  return rename?.kind === 'table' && sameName(table, rename.from) ? foldName(rename.to) : table;
}

function renameOrigin(origin: Origin, rename: Rename | undefined): Origin {
  if (rename === undefined) return origin;
  const column = meansRenamed(origin, rename) ? foldName(rename.to) : origin.column;
  return { table: renameTable(origin.table, rename), column };
}

function renamedOutputs(outputs: Outputs, rename: Rename): { from: string; to: string }[] {
  const renamed =
    outputs?.filter((output) => output.origins.some((origin) => meansRenamed(origin, rename))) ?? [];
  return renamed.map((output) => ({ from: output.name, to: rename.to }));
}
