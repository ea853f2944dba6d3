import type { Name } from './ast.ts';
import type { Expression, Select } from './query-ast.ts';
import type { KnownColumn, Origin, Scope } from './scope.ts';

/**
 * The columns of a table or a view, in order and spelled in any case; undefined where they are not known. Called with
 * the name in lower case (ASCII).
 */
export type ColumnLookup = (table: string) => readonly string[] | undefined;

/** A token that names a table or a view of the schema, as a source, a target or a qualifier. */
export interface TableMention {
  readonly kind: 'table';
  readonly name: Name;
  /** Folded. */
  readonly table: string;
}
/** A token that names a column, or something that could be one. */
export interface ColumnMention {
  readonly kind: 'column';
  readonly name: Name;
  /** The columns of the schema the name comes from; none for an alias or a column of a common table. */
  readonly origins: readonly Origin[];
  readonly certain: boolean;
  /** The tables it might belong to where that is not certain; folded. */
  readonly candidates: readonly string[];
}
/** A NATURAL JOIN or a star, which name columns without a token of their own. */
export interface ImpliedMention {
  readonly kind: 'natural' | 'star';
  readonly name: Name;
  /** The columns both sides have, or the star stands for; undefined where that is not known. */
  readonly columns: readonly KnownColumn[] | undefined;
}
/** A piece of text that was not understood; it may mean any of its words. All are folded. */
export interface OpaqueMention {
  readonly kind: 'opaque';
  readonly name: Name;
  readonly words: ReadonlySet<string>;
}
export type Mention = TableMention | ColumnMention | ImpliedMention | OpaqueMention;

/** The columns of a query, undefined where a star stands for columns that are not known. */
export type Outputs = readonly KnownColumn[] | undefined;

/** The common tables a WITH brings in, each resolved when it is first named. */
export interface CommonTables {
  readonly outputs: ReadonlyMap<string, () => Outputs>;
  readonly parent: CommonTables | undefined;
}

/** The parts of the resolver, tied together in resolve.ts, since each of them contains the others. */
export interface Resolver {
  columnsOf(table: string): readonly KnownColumn[] | undefined;
  mention(mention: Mention): void;
  expression(expression: Expression, scope: Scope | undefined, common: CommonTables | undefined): void;
  select(select: Select, scope: Scope | undefined, common: CommonTables | undefined): Outputs;
}
