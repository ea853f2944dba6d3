import type { Name, TypeName } from './ast.ts';
import type { Expression, Literal, Select } from './query-ast.ts';

/** How names and values are written, and what is left out. */
export interface QueryStyle {
  name(name: Name): string;
  callName(name: Name): string;
  literal(literal: Literal): string;
  type(type: TypeName | undefined): string;
  /** Changes one node before it is printed; its parts come here later on their own. */
  rewrite(expression: Expression): Expression;
  /** Leaves out words that change nothing: ASC, RECURSIVE, NULLS FIRST where it is the default. */
  readonly terse: boolean;
  /** The style inside a SELECT: names of the outside may mean something else there. */
  readonly nested: QueryStyle;
}

/**
 * The parts of the printer, tied together in print-query.ts, since each of them contains the others: so no two of
 * their files import each other.
 */
export interface QueryPrinter {
  readonly style: QueryStyle;
  /** The expression, in parentheses where it binds more weakly than `least` (see `STRENGTH`). */
  expression(expression: Expression, least?: number): string;
  select(select: Select): string;
}
