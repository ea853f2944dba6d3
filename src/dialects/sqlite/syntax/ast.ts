/**
 * Syntax trees of SQLite's CREATE statements. Grammar: sqlite.org/lang_createtable.html and its siblings.
 *
 * Every node carries the place it was read from, so that a caller can edit the user's own text at the exact spot.
 * Offsets are UTF-16 indexes into the text that was parsed. Expressions and bodies are kept as text here and are
 * parsed on demand (`parseExpression`, `parseSelect`, `parseTriggerBody`), so a table is readable even where an
 * expression in it is not.
 */

/** A piece of the source text: `start` inclusive, `end` exclusive. Nodes made by hand have `start: -1, end: -1`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** How a name was quoted in the source; `''` for a bare word. SQLite takes `'x'` for a name where only names may stand. */
export type QuoteStyle = '' | '"' | '`' | '[' | "'";

/** An identifier. `value` is without quotes and in the user's own case; compare with `sameName`, never with `===`. */
export interface Name extends Span {
  readonly value: string;
  readonly quote: QuoteStyle;
}

/** A piece of SQL from its first to its last significant token; surrounding parentheses are not part of it. */
export interface SqlText extends Span {
  readonly text: string;
}

/** A declared type such as `VARCHAR(255)`. */
export interface TypeName extends Span {
  /** As written, with its whitespace. */
  readonly text: string;
  /** The words, unquoted, joined by one space, in the user's case: `double precision`. */
  readonly name: string;
  /** The signed numbers in parentheses, as written without inner whitespace: `['10', '-2']`. */
  readonly args: readonly string[];
}

export type ConflictAction = 'rollback' | 'abort' | 'fail' | 'ignore' | 'replace';
export type SortOrder = 'asc' | 'desc';
export type NullsOrder = 'first' | 'last';
export type ReferenceAction = 'set null' | 'set default' | 'cascade' | 'restrict' | 'no action';

/** `[NOT] DEFERRABLE [INITIALLY …]`. A constraint is deferred only with `deferrable` and `initially: 'deferred'`. */
export interface Deferral {
  readonly deferrable: boolean;
  readonly initially: 'deferred' | 'immediate' | undefined;
}

/** `REFERENCES table (columns) …`. Where a clause was written twice, the last one counts, as in SQLite. */
export interface ForeignReference extends Span {
  readonly table: Name;
  /** Empty when the reference names no columns (the parent's primary key is meant). */
  readonly columns: readonly Name[];
  readonly onDelete: ReferenceAction | undefined;
  readonly onUpdate: ReferenceAction | undefined;
  readonly match: Name | undefined;
  /** SQLite applies a DEFERRABLE clause to the reference read last, even if other constraints stand between. */
  readonly deferral: Deferral | undefined;
}

/**
 * The value of a DEFAULT clause.
 * - `literal`: number, string, blob, NULL, CURRENT_*; `text` is the literal;
 * - `signed`: a literal after + or -; `text` has the sign;
 * - `word`: an identifier, bare or quoted: TRUE and FALSE when bare, otherwise a string of that very spelling;
 * - `expression`: in parentheses; `text` is what stands between them.
 */
export interface DefaultValue extends SqlText {
  readonly form: 'literal' | 'signed' | 'word' | 'expression';
}

interface NamedConstraint extends Span {
  /** From `CONSTRAINT name`. */
  readonly name: Name | undefined;
}

export interface ColumnPrimaryKey extends NamedConstraint {
  readonly kind: 'primary-key';
  readonly order: SortOrder | undefined;
  readonly conflict: ConflictAction | undefined;
  readonly autoincrement: boolean;
}
export interface ColumnNotNull extends NamedConstraint {
  readonly kind: 'not-null';
  readonly conflict: ConflictAction | undefined;
}
/** `NULL` written out: it means nothing to SQLite. */
export interface ColumnNull extends NamedConstraint {
  readonly kind: 'null';
  readonly conflict: ConflictAction | undefined;
}
export interface ColumnUnique extends NamedConstraint {
  readonly kind: 'unique';
  readonly conflict: ConflictAction | undefined;
}
export interface CheckConstraint extends NamedConstraint {
  readonly kind: 'check';
  readonly expression: SqlText;
  /** Accepted on table constraints, and ignored by SQLite. */
  readonly conflict: ConflictAction | undefined;
}
export interface ColumnDefault extends NamedConstraint {
  readonly kind: 'default';
  readonly value: DefaultValue;
}
export interface ColumnCollate extends NamedConstraint {
  readonly kind: 'collate';
  readonly collation: Name;
}
export interface ColumnReferences extends NamedConstraint {
  readonly kind: 'references';
  readonly references: ForeignReference;
}
export interface ColumnGenerated extends NamedConstraint {
  readonly kind: 'generated';
  readonly expression: SqlText;
  /** `virtual` when not said. */
  readonly storage: 'virtual' | 'stored';
}
/** `CONSTRAINT name` with no constraint after it, which SQLite accepts. */
export interface DanglingName extends Span {
  readonly kind: 'name-only';
  readonly name: Name;
}

export type ColumnConstraint =
  | ColumnPrimaryKey
  | ColumnNotNull
  | ColumnNull
  | ColumnUnique
  | CheckConstraint
  | ColumnDefault
  | ColumnCollate
  | ColumnReferences
  | ColumnGenerated
  | DanglingName;

/** One column; the span runs from its name to the last token of its last constraint. */
export interface ColumnDefinition extends Span {
  readonly name: Name;
  readonly type: TypeName | undefined;
  readonly constraints: readonly ColumnConstraint[];
}

/** One term of an index, a PRIMARY KEY or a UNIQUE constraint. */
export interface IndexedTerm extends Span {
  /** The term without its outermost COLLATE, order and NULLS clause. */
  readonly expression: SqlText;
  /** The column, when the term is nothing but a name (`'a'` and `(a)` are names here too). */
  readonly column: Name | undefined;
  readonly collation: Name | undefined;
  readonly order: SortOrder | undefined;
  readonly nulls: NullsOrder | undefined;
}

export interface TablePrimaryKey extends NamedConstraint {
  readonly kind: 'primary-key';
  readonly columns: readonly IndexedTerm[];
  readonly conflict: ConflictAction | undefined;
  readonly autoincrement: boolean;
}
export interface TableUnique extends NamedConstraint {
  readonly kind: 'unique';
  readonly columns: readonly IndexedTerm[];
  readonly conflict: ConflictAction | undefined;
}
export interface TableForeignKey extends NamedConstraint {
  readonly kind: 'foreign-key';
  readonly columns: readonly Name[];
  readonly references: ForeignReference;
}

export type TableConstraint =
  TablePrimaryKey | TableUnique | CheckConstraint | TableForeignKey | DanglingName;

interface CreateStatement extends Span {
  readonly ifNotExists: boolean;
  /** The schema before the dot: `main`, `temp` or an attached one. */
  readonly schema: Name | undefined;
  readonly name: Name;
}

export interface CreateTable extends CreateStatement {
  readonly kind: 'table';
  readonly temporary: boolean;
  readonly columns: readonly ColumnDefinition[];
  readonly constraints: readonly TableConstraint[];
  readonly strict: boolean;
  readonly withoutRowid: boolean;
  /** The parentheses around columns and constraints, both included. */
  readonly body: Span;
}

/** `CREATE TABLE … AS SELECT`. Never found in sqlite_schema: SQLite stores a column list instead. */
export interface CreateTableAs extends CreateStatement {
  readonly kind: 'table-as';
  readonly temporary: boolean;
  readonly select: SqlText;
}

export interface CreateIndex extends CreateStatement {
  readonly kind: 'index';
  readonly unique: boolean;
  readonly table: Name;
  readonly terms: readonly IndexedTerm[];
  readonly where: SqlText | undefined;
}

export interface CreateView extends CreateStatement {
  readonly kind: 'view';
  readonly temporary: boolean;
  /** Empty when the view names no columns. */
  readonly columns: readonly Name[];
  readonly select: SqlText;
}

export type TriggerEvent =
  | { readonly type: 'delete' }
  | { readonly type: 'insert' }
  /** `columns` is empty for a plain UPDATE. */
  | { readonly type: 'update'; readonly columns: readonly Name[] };

export interface CreateTrigger extends CreateStatement {
  readonly kind: 'trigger';
  readonly temporary: boolean;
  /** `before` when not said. */
  readonly timing: 'before' | 'after' | 'instead of';
  readonly event: TriggerEvent;
  readonly tableSchema: Name | undefined;
  readonly table: Name;
  /** Whether FOR EACH ROW is written; it means nothing, as SQLite has no other kind. */
  readonly forEachRow: boolean;
  readonly when: SqlText | undefined;
  /** Between BEGIN and END. */
  readonly body: SqlText;
  /** The statements of the body, each without its semicolon. */
  readonly statements: readonly SqlText[];
}

export interface CreateVirtualTable extends CreateStatement {
  readonly kind: 'virtual-table';
  readonly module: Name;
  /** Each argument as written, from its first to its last significant token. */
  readonly args: readonly SqlText[];
}

export type CreateSchemaObject =
  CreateTable | CreateTableAs | CreateIndex | CreateView | CreateTrigger | CreateVirtualTable;
