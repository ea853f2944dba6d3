import type { Index, IndexPart } from '../../../catalog/objects.ts';
import type { IndexedTerm } from '../syntax/ast.ts';
import type { IndexDefinition } from '../syntax/index-definition.ts';
import { findFact, readTermCollation, type ColumnFacts } from './read-terms.ts';
import type { TableFacts } from './table-facts.ts';

/** @param on the indexed table; undefined where it is not among the readable ones (a view, a virtual table) */
export function readIndex(
  table: string,
  name: string,
  statement: IndexDefinition,
  on: TableFacts | undefined,
): Index {
  const facts: ColumnFacts = on?.columns ?? [];
  const where = statement.where?.text;
  return {
    kind: 'index',
    address: { namespace: 'main', table, name },
    unique: statement.unique,
    parts: statement.terms.map((term) => readIndexPart(term, facts)),
    where: where === undefined ? null : { text: where, canonical: where },
  };
}

/** One term of an index; a name that is no column of the table is an expression (a string, to older SQLite). */
export function readIndexPart(term: IndexedTerm, facts: ColumnFacts): IndexPart {
  const column = term.column === undefined ? undefined : findFact(facts, term.column.value);
  const { text } = term.expression;
  return {
    on: column === undefined ? { expression: { text, canonical: text } } : { column: column.name },
    order: term.order ?? 'asc',
    collation: readTermCollation(term, column?.collation ?? null),
  };
}
