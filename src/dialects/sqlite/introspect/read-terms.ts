/** Terms of indexes and keys: columns with an order and a collation. */
import type { IndexedTerm } from '../syntax/ast.ts';
import { foldName } from '../syntax/names.ts';

/** What is known of a column. */
export interface ColumnFact {
  readonly name: string;
  readonly foldedName: string;
  readonly collation: string | null;
}

/** What is known of a table's columns. They are few, so that a search takes less time than making a map would. */
export type ColumnFacts = readonly ColumnFact[];

export function findFact(facts: ColumnFacts, name: string): ColumnFact | undefined {
  const folded = foldName(name);
  return facts.find(({ foldedName }) => foldedName === folded);
}

/** Names of collations know no case. BINARY is what a column has that names none. */
export function readCollation(name: string): string | null {
  const upper = name.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
  return upper === 'BINARY' ? null : upper;
}

/** The collation of a term where it is another one than the column's own; BINARY has to be said aloud then. */
export function readTermCollation(term: IndexedTerm, own: string | null): string | null {
  if (term.collation === undefined) return null;
  const collation = readCollation(term.collation.value);
  return collation === own ? null : (collation ?? 'BINARY');
}

/** The terms of a PRIMARY KEY or UNIQUE constraint, which are columns. */
export function readKeyTerms(terms: readonly IndexedTerm[], facts: ColumnFacts) {
  const columns = terms.map((term) => {
    const name = term.column?.value ?? term.expression.text;
    const fact = findFact(facts, name);
    return { name: fact?.name ?? name, term, collation: readTermCollation(term, fact?.collation ?? null) };
  });
  const descending = columns.filter(({ term }) => term.order === 'desc').map(({ name }) => name);
  const collations = columns.flatMap(({ name, collation }) =>
    collation === null ? [] : [`${name} COLLATE ${collation}`],
  );
  return {
    columns: columns.map(({ name }) => name),
    ...(descending.length === 0 ? {} : { descending }),
    ...(collations.length === 0 ? {} : { collations }),
  };
}
