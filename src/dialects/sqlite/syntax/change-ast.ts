/** Syntax trees of the statements that change a schema without creating anything. sqlite.org/lang_altertable.html */
import type { ColumnDefinition, ConflictAction, Name, Span, SqlText } from './ast.ts';

export type TableAlteration =
  | { readonly type: 'rename-table'; readonly to: Name }
  | { readonly type: 'rename-column'; readonly column: Name; readonly to: Name }
  | { readonly type: 'add-column'; readonly column: ColumnDefinition }
  | { readonly type: 'drop-column'; readonly column: Name }
  /** Since SQLite 3.53, as are the next three. */
  | { readonly type: 'set-not-null'; readonly column: Name; readonly conflict: ConflictAction | undefined }
  | { readonly type: 'drop-not-null'; readonly column: Name }
  | {
      readonly type: 'add-check';
      readonly name: Name | undefined;
      readonly expression: SqlText;
      readonly conflict: ConflictAction | undefined;
    }
  | { readonly type: 'drop-constraint'; readonly name: Name }
  /** libSQL only: `ALTER COLUMN c TO c text NOT NULL`. */
  | { readonly type: 'redefine-column'; readonly column: Name; readonly to: ColumnDefinition };

export interface AlterTable extends Span {
  readonly kind: 'alter-table';
  readonly schema: Name | undefined;
  readonly table: Name;
  readonly alteration: TableAlteration;
}

export interface DropObject extends Span {
  readonly kind: 'drop';
  readonly object: 'table' | 'index' | 'view' | 'trigger';
  readonly ifExists: boolean;
  readonly schema: Name | undefined;
  readonly name: Name;
}

/** `PRAGMA name`, `PRAGMA name = value` or `PRAGMA name(value)`. */
export interface Pragma extends Span {
  readonly kind: 'pragma';
  readonly schema: Name | undefined;
  readonly name: Name;
  readonly value: SqlText | undefined;
}

export type ChangeStatement = AlterTable | DropObject | Pragma;
