/**
 * Syntax trees of expressions (sqlite.org/lang_expr.html), of SELECT, and of the statements a trigger runs.
 *
 * Parentheses leave no trace, as in SQLite's own parser: they only decide the shape of the tree. Operators that are
 * two spellings of one thing have one form here: `==` is `=`, `!=` is `<>`, `IS DISTINCT FROM` is `IS NOT`.
 */
import type { ConflictAction, Name, NullsOrder, SortOrder, Span, TypeName } from './ast.ts';

/**
 * `true` and `false` are never read: to SQLite's grammar they are identifiers, which are columns where such a column
 * exists. The canonical form makes them.
 */
export type LiteralKind =
  | 'true'
  | 'false'
  | 'null'
  | 'integer'
  | 'real'
  | 'string'
  | 'blob'
  | 'current-time'
  | 'current-date'
  | 'current-timestamp';

export interface Literal extends Span {
  readonly type: 'literal';
  readonly literal: LiteralKind;
  /** The unquoted value of a string, the hex digits of a blob, otherwise the text as written. */
  readonly value: string;
}
export interface ColumnReference extends Span {
  readonly type: 'column';
  readonly schema: Name | undefined;
  readonly table: Name | undefined;
  readonly column: Name;
}
export interface Parameter extends Span {
  readonly type: 'parameter';
  readonly text: string;
}
export type UnaryOperator = '-' | '+' | '~' | 'NOT';
export interface Unary extends Span {
  readonly type: 'unary';
  readonly operator: UnaryOperator;
  readonly operand: Expression;
}
export type BinaryOperator =
  | 'OR'
  | 'AND'
  | '='
  | '<>'
  | 'IS'
  | 'IS NOT'
  | '<'
  | '<='
  | '>'
  | '>='
  | '&'
  | '|'
  | '<<'
  | '>>'
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '||'
  | '->'
  | '->>';
export interface Binary extends Span {
  readonly type: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}
/** LIKE and its kin. */
export interface Matching extends Span {
  readonly type: 'matching';
  readonly operator: 'LIKE' | 'GLOB' | 'REGEXP' | 'MATCH';
  readonly negated: boolean;
  readonly left: Expression;
  readonly right: Expression;
  readonly escape: Expression | undefined;
}
export interface Between extends Span {
  readonly type: 'between';
  readonly negated: boolean;
  readonly operand: Expression;
  readonly low: Expression;
  readonly high: Expression;
}
/** `IS NULL`, `ISNULL`, `NOT NULL`, `NOTNULL`, `IS NOT NULL`. */
export interface NullTest extends Span {
  readonly type: 'null-test';
  readonly negated: boolean;
  readonly operand: Expression;
}
export type InSet =
  | { readonly type: 'list'; readonly items: readonly Expression[] }
  | { readonly type: 'select'; readonly select: Select }
  | { readonly type: 'table'; readonly schema: Name | undefined; readonly table: Name }
  /** A table-valued function. */
  | {
      readonly type: 'function';
      readonly schema: Name | undefined;
      readonly table: Name;
      readonly args: readonly Expression[];
    };
export interface InTest extends Span {
  readonly type: 'in';
  readonly negated: boolean;
  readonly operand: Expression;
  readonly set: InSet;
}
export interface Collate extends Span {
  readonly type: 'collate';
  readonly operand: Expression;
  readonly collation: Name;
}
export interface Cast extends Span {
  readonly type: 'cast';
  readonly operand: Expression;
  readonly to: TypeName | undefined;
}
export interface Case extends Span {
  readonly type: 'case';
  readonly operand: Expression | undefined;
  readonly branches: readonly { readonly when: Expression; readonly then: Expression }[];
  readonly otherwise: Expression | undefined;
}
export interface Call extends Span {
  readonly type: 'call';
  readonly name: Name;
  readonly distinct: boolean;
  /** `'*'` for `count(*)`. */
  readonly args: readonly Expression[] | '*';
  readonly orderBy: readonly OrderingTerm[];
  /** `WITHIN GROUP (ORDER BY …)`. */
  readonly withinGroup: OrderingTerm | undefined;
  readonly filter: Expression | undefined;
  readonly over: Name | WindowDefinition | undefined;
}
export interface Exists extends Span {
  readonly type: 'exists';
  readonly select: Select;
}
export interface ScalarSubquery extends Span {
  readonly type: 'subquery';
  readonly select: Select;
}
export interface RowValue extends Span {
  readonly type: 'row';
  readonly items: readonly Expression[];
}
export interface Raise extends Span {
  readonly type: 'raise';
  readonly action: 'ignore' | 'rollback' | 'abort' | 'fail';
  readonly message: Expression | undefined;
}

export type Expression =
  | Literal
  | ColumnReference
  | Parameter
  | Unary
  | Binary
  | Matching
  | Between
  | NullTest
  | InTest
  | Collate
  | Cast
  | Case
  | Call
  | Exists
  | ScalarSubquery
  | RowValue
  | Raise;

export interface OrderingTerm extends Span {
  readonly expression: Expression;
  readonly order: SortOrder | undefined;
  readonly nulls: NullsOrder | undefined;
}

export type FrameBound =
  | { readonly type: 'unbounded preceding' | 'current row' | 'unbounded following' }
  | { readonly type: 'preceding' | 'following'; readonly offset: Expression };
/** `BETWEEN` always: the short form means `AND CURRENT ROW`. */
export interface WindowFrame {
  readonly unit: 'range' | 'rows' | 'groups';
  readonly from: FrameBound;
  readonly to: FrameBound;
  /** Absent for EXCLUDE NO OTHERS too, which is the default. */
  readonly exclude: 'current row' | 'group' | 'ties' | undefined;
}
export interface WindowDefinition extends Span {
  readonly type: 'window';
  readonly base: Name | undefined;
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly OrderingTerm[];
  readonly frame: WindowFrame | undefined;
}

export type ResultColumn =
  | ({
      readonly type: 'expression';
      readonly expression: Expression;
      readonly alias: Name | undefined;
    } & Span)
  | ({ readonly type: 'star'; readonly table: Name | undefined } & Span);

export interface TableSource extends Span {
  readonly type: 'table';
  readonly schema: Name | undefined;
  readonly name: Name;
  /** Arguments of a table-valued function. */
  readonly args: readonly Expression[] | undefined;
  readonly alias: Name | undefined;
  readonly indexedBy: Name | 'not indexed' | undefined;
}
export interface SelectSource extends Span {
  readonly type: 'select';
  readonly select: Select;
  readonly alias: Name | undefined;
}
/** A parenthesized join. */
export interface JoinSource extends Span {
  readonly type: 'join';
  readonly from: FromClause;
  readonly alias: Name | undefined;
}
export type Source = TableSource | SelectSource | JoinSource;

export interface Join {
  /**
   * `inner` for a comma, JOIN and INNER JOIN, which SQLite does not tell apart; CROSS JOIN differs in that it
   * fixes the order of the loops.
   */
  readonly kind: 'inner' | 'cross' | 'left' | 'right' | 'full';
  readonly natural: boolean;
  readonly source: Source;
  readonly on: Expression | undefined;
  readonly using: readonly Name[];
}
export interface FromClause {
  readonly first: Source;
  readonly joins: readonly Join[];
}

export interface SelectCore extends Span {
  readonly type: 'select';
  readonly distinct: boolean;
  readonly columns: readonly ResultColumn[];
  readonly from: FromClause | undefined;
  readonly where: Expression | undefined;
  readonly groupBy: readonly Expression[];
  readonly having: Expression | undefined;
  readonly windows: readonly { readonly name: Name; readonly definition: WindowDefinition }[];
}
export interface ValuesCore extends Span {
  readonly type: 'values';
  readonly rows: readonly (readonly Expression[])[];
}
export type CompoundOperator = 'UNION' | 'UNION ALL' | 'EXCEPT' | 'INTERSECT';

export interface CommonTable extends Span {
  readonly name: Name;
  readonly columns: readonly Name[];
  readonly materialized: boolean | undefined;
  readonly select: Select;
}
export interface WithClause {
  readonly recursive: boolean;
  readonly tables: readonly CommonTable[];
}
export interface Select extends Span {
  readonly with: WithClause | undefined;
  readonly first: SelectCore | ValuesCore;
  readonly compounds: readonly {
    readonly operator: CompoundOperator;
    readonly core: SelectCore | ValuesCore;
  }[];
  readonly orderBy: readonly OrderingTerm[];
  readonly limit: Expression | undefined;
  readonly offset: Expression | undefined;
}

export interface Assignment {
  /** One column, or several with a row value on the right. */
  readonly columns: readonly Name[];
  readonly row: boolean;
  readonly value: Expression;
}
export interface UpsertClause {
  readonly target: readonly OrderingTerm[];
  readonly targetWhere: Expression | undefined;
  /** Absent for DO NOTHING. */
  readonly set: readonly Assignment[] | undefined;
  readonly where: Expression | undefined;
}
/** The table a statement writes to. */
export interface WriteTarget {
  readonly schema: Name | undefined;
  readonly name: Name;
  readonly alias: Name | undefined;
  readonly indexedBy: Name | 'not indexed' | undefined;
}
export interface SelectStatement extends Span {
  readonly kind: 'select';
  readonly select: Select;
}
export interface InsertStatement extends Span {
  readonly kind: 'insert';
  readonly with: WithClause | undefined;
  /** `INSERT OR …`; REPLACE INTO is `replace`. */
  readonly conflict: ConflictAction | undefined;
  readonly target: WriteTarget;
  readonly columns: readonly Name[];
  /** Absent for DEFAULT VALUES. */
  readonly source: Select | undefined;
  readonly upserts: readonly UpsertClause[];
  readonly returning: readonly ResultColumn[];
}
export interface UpdateStatement extends Span {
  readonly kind: 'update';
  readonly with: WithClause | undefined;
  readonly conflict: ConflictAction | undefined;
  readonly target: WriteTarget;
  readonly set: readonly Assignment[];
  readonly from: FromClause | undefined;
  readonly where: Expression | undefined;
  readonly returning: readonly ResultColumn[];
}
export interface DeleteStatement extends Span {
  readonly kind: 'delete';
  readonly with: WithClause | undefined;
  readonly target: WriteTarget;
  readonly where: Expression | undefined;
  readonly returning: readonly ResultColumn[];
}
export type DataStatement = SelectStatement | InsertStatement | UpdateStatement | DeleteStatement;
