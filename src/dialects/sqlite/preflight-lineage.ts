/** Which rows and values go where in a migration, as far as its statements tell. */
import { readBareCopy } from './run-copy.ts';
import type { Script, ScriptLine } from './run-script.ts';
import { foldName, quoteIdentifier } from './syntax/names.ts';
import { tokenizeSignificant, type Token } from './syntax/tokenize.ts';

/** Where the rows of a table come from. */
export interface Lineage {
  /** The table of the database as it is. */
  readonly origin: string;
  /** By folded name of the column: a column of the origin, or an expression over its columns. */
  readonly columns: ReadonlyMap<string, ColumnSource>;
  /** Folded names of columns that are filled, with what cannot be told. */
  readonly unknown: ReadonlySet<string>;
  /** Whether the rows were copied into a table that was made for them. */
  readonly copied: boolean;
  /** False where other statements may have changed the rows or the values on the way. */
  readonly certain: boolean;
  /** Whether every column still has the name it has in the origin. */
  readonly sameNames: boolean;
}

export type ColumnSource = { readonly column: string } | { readonly expression: string };

/** By folded name of the table. */
export type Lineages = ReadonlyMap<string, Lineage>;

/** A table of the database as it is. */
export interface OriginTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly hasForeignKeys: boolean;
}

/** What becomes of the rows. */
export interface Trace {
  readonly lineages: Lineages;
  /** Tables of the database as it is that are copied as a whole, also where nobody can tell what goes where. */
  readonly copied: ReadonlySet<string>;
}

/** Follows the rows of every table through the statements of some migrations. */
export function traceRows(
  tables: readonly OriginTable[],
  hasTriggers: boolean,
  scripts: readonly Pick<Script, 'statements'>[],
): Trace {
  const tracer = new Tracer(tables, hasTriggers);
  for (const { statements } of scripts) for (const statement of statements) tracer.follow(statement);
  return tracer;
}

class Tracer implements Trace {
  readonly lineages = new Map<string, Lineage>();
  readonly copied = new Set<string>();
  readonly #dependents: ReadonlySet<string>;
  readonly #hasTriggers: boolean;

  constructor(tables: readonly OriginTable[], hasTriggers: boolean) {
    this.#hasTriggers = hasTriggers;
    this.#dependents = new Set(
      tables.filter((table) => table.hasForeignKeys).map(({ name }) => foldName(name)),
    );
    for (const { name, columns } of tables) {
      this.lineages.set(foldName(name), {
        origin: name,
        columns: new Map(columns.map((column) => [foldName(column), { column }])),
        unknown: new Set(),
        copied: false,
        certain: true,
        sameNames: true,
      });
    }
  }

  follow(statement: ScriptLine): void {
    const { tokens } = statement;
    if (writesOutside(tokens)) return;
    switch (tokens[0]?.keyword) {
      case 'ALTER':
        this.#alter(statement);
        return;
      case 'DROP':
        if (tokens[1]?.keyword === 'TABLE')
          this.lineages.delete(foldName(nameAfter(tokens, ['TABLE', 'EXISTS'])));
        return;
      case 'INSERT':
      case 'REPLACE':
        this.#insert(statement);
        return;
      case 'UPDATE':
      case 'DELETE':
        this.#doubt(tokens, true);
        return;
      case 'WITH':
        this.#doubt(tokens, true);
        return;
      default:
        return;
    }
  }

  #insert(statement: ScriptLine): void {
    const copy = readBareCopy(statement.sql, statement.tokens);
    const read = this.lineages.get(foldName(copy?.from ?? nameOfAllCopied(statement.tokens)));
    if (read) this.copied.add(read.origin);
    const source = copy && this.lineages.get(foldName(copy.from));
    // Into a table that is there already rows are added to others.
    if (!copy || !source || copy.columns === null || this.lineages.has(foldName(copy.to))) {
      const { tokens } = statement;
      const replaces = tokens[0]?.keyword === 'REPLACE' || tokens[2]?.keyword === 'REPLACE';
      // What it reads stays as it is.
      this.#doubtTables(new Set([foldName(nameAfter(tokens, ['INTO']))]), replaces);
      return;
    }
    const columns = new Map<string, ColumnSource>();
    copy.columns.forEach((column, at) => {
      const value = copy.values[at];
      const from = value && resolve(source, value);
      if (from) columns.set(foldName(column), from);
    });
    const sameNames = [...columns].every(
      ([name, from]) => 'column' in from && foldName(from.column) === name,
    );
    const unknown = copy.columns.map(foldName).filter((column) => !columns.has(column) && !isRowid(column));
    this.lineages.set(foldName(copy.to), {
      origin: source.origin,
      columns,
      unknown: new Set(unknown),
      copied: true,
      certain: source.certain && unknown.length === 0,
      sameNames,
    });
  }

  #alter({ sql, tokens }: ScriptLine): void {
    const name = foldName(nameAfter(tokens, ['TABLE']));
    const lineage = this.lineages.get(name);
    if (!lineage) return;
    const at = tokens.findIndex(
      ({ keyword }, index) => index > 2 && ['RENAME', 'DROP', 'ADD'].includes(keyword),
    );
    const rest = tokens.slice(at).filter(({ keyword }) => keyword !== 'COLUMN');
    const [verb, first, second, third] = rest;
    if (verb?.keyword === 'RENAME' && first?.keyword === 'TO') {
      this.lineages.delete(name);
      this.lineages.set(foldName(second?.value ?? ''), lineage);
    } else if (verb?.keyword === 'RENAME' && second?.keyword === 'TO') {
      this.#renameColumn(name, lineage, foldName(first?.value ?? ''), foldName(third?.value ?? ''));
    } else if (verb?.keyword === 'DROP' && first !== undefined) {
      const columns = new Map(lineage.columns);
      columns.delete(foldName(first.value));
      this.lineages.set(name, { ...lineage, columns });
    } else if (verb?.keyword === 'ADD' && first !== undefined) {
      this.#addColumn(name, lineage, foldName(first.value), readDefault(sql, rest));
    }
  }

  #addColumn(table: string, lineage: Lineage, column: string, value: string | null): void {
    const columns = new Map(lineage.columns);
    const unknown = new Set(lineage.unknown);
    if (value === null) unknown.add(column);
    else columns.set(column, { expression: value });
    this.lineages.set(table, { ...lineage, columns, unknown });
  }

  #renameColumn(table: string, lineage: Lineage, from: string, to: string): void {
    const columns = new Map(lineage.columns);
    const source = columns.get(from);
    columns.delete(from);
    if (source) columns.set(to, source);
    this.lineages.set(table, { ...lineage, columns, sameNames: false });
  }

  /** After other statements have been at the rows, what the rows of today say is no longer certain. */
  #doubt(tokens: readonly Token[], reachesOthers: boolean): void {
    const named = new Set(
      tokens.filter(({ kind }) => kind === 'word' || kind === 'quoted').map(({ value }) => foldName(value)),
    );
    this.#doubtTables(named, reachesOthers);
  }

  #doubtTables(named: ReadonlySet<string>, reachesOthers: boolean): void {
    for (const [name, lineage] of this.lineages) {
      const isDependent = reachesOthers && this.#dependents.has(foldName(lineage.origin));
      if (this.#hasTriggers || isDependent || named.has(name)) {
        this.lineages.set(name, { ...lineage, certain: false });
      }
    }
  }
}

/** The table in `INSERT INTO … SELECT * FROM t`; empty for every other statement. */
function nameOfAllCopied(tokens: readonly Token[]): string {
  const at = tokens.findIndex(({ keyword }) => keyword === 'SELECT');
  const [, star, from, ...name] = tokens.slice(at);
  if (at === -1 || star?.text !== '*' || from?.keyword !== 'FROM') return '';
  const [first, dot, second] = name;
  if (name.length === 1) return first?.value ?? '';
  return name.length === 3 && dot?.text === '.' ? (second?.value ?? '') : '';
}

/** The rowid is carried over under a name that is none of a column. */
function isRowid(column: string): boolean {
  return column === 'rowid' || column === '_rowid_' || column === 'oid';
}

function resolve(source: Lineage, value: ColumnSource): ColumnSource | null {
  if ('column' in value) return source.columns.get(foldName(value.column)) ?? null;
  return source.sameNames ? value : translate(source, value.expression);
}

/** An expression over the names that columns have by now, over those of the origin; null where that is not certain. */
function translate(source: Lineage, expression: string): ColumnSource | null {
  const tokens = tokenizeSignificant(expression);
  if (tokens.some(({ text }) => text === '.')) return null;
  let text = '';
  let done = 0;
  for (const [at, token] of tokens.entries()) {
    const isName = token.kind === 'quoted' || (token.kind === 'word' && tokens[at + 1]?.text !== '(');
    if (!isName || source.unknown.has(foldName(token.value))) {
      if (isName) return null;
      continue;
    }
    const from = source.columns.get(foldName(token.value));
    if (from === undefined) continue;
    const there = 'column' in from ? quoteIdentifier(from.column) : `(${from.expression})`;
    text += expression.slice(done, token.start) + there;
    done = token.end;
  }
  return { expression: text + expression.slice(done) };
}

/** What the rows that are there hold in a column that is added; null where it is computed. */
function readDefault(sql: string, tokens: readonly Token[]): string | null {
  if (tokens.some(({ keyword }) => keyword === 'AS' || keyword === 'GENERATED')) return null;
  const at = tokens.findIndex(({ keyword }) => keyword === 'DEFAULT');
  const first = tokens[at + 1];
  if (at === -1 || first === undefined) return 'NULL';
  if (first.text === '(') return sql.slice(first.start, closeOf(tokens, at + 1));
  const last = first.text === '-' || first.text === '+' ? tokens[at + 2] : first;
  return sql.slice(first.start, last?.end);
}

/** Where the parenthesis ends that is opened there. */
function closeOf(tokens: readonly Token[], from: number): number | undefined {
  let depth = 0;
  for (const { text, end } of tokens.slice(from)) {
    if (text === '(') depth++;
    if (text === ')' && --depth === 0) return end;
  }
  return undefined;
}

/**
 * Whether it writes to nobody's rows and wakes nobody: a guard in a temporary table, or where AUTOINCREMENT stands.
 * Triggers of the database can be on neither.
 */
function writesOutside(tokens: readonly Token[]): boolean {
  const verb = tokens[0]?.keyword;
  if (verb !== 'INSERT' && verb !== 'DELETE' && verb !== 'UPDATE') return false;
  const at =
    verb === 'UPDATE' ? 0 : tokens.findIndex(({ keyword }) => keyword === 'INTO' || keyword === 'FROM');
  const [name, dot] = tokens.slice(at + 1);
  if (at === -1 || name === undefined) return false;
  return foldName(name.value) === (dot?.text === '.' ? 'temp' : 'sqlite_sequence');
}

/** The name that follows these words, with IF EXISTS and a schema passed over. */
function nameAfter(tokens: readonly Token[], words: readonly string[]): string {
  let at = tokens.findLastIndex(({ keyword }, index) => index < 5 && words.includes(keyword)) + 1;
  if (tokens[at + 1]?.text === '.') at += 2;
  return tokens[at]?.value ?? '';
}
