import type { CreateIndex, IndexedTerm } from './ast.ts';
import { Cursor } from './cursor.ts';
import { cutList } from './cut-list.ts';
import { parseIndexedTerms } from './parse-term.ts';
import { SqliteSyntaxError } from './syntax-error.ts';

/** What a CREATE INDEX says. The offsets in it are those in the text of each term. */
export type IndexDefinition = Pick<CreateIndex, 'unique' | 'terms' | 'where'>;

/** Terms that were read before, by their texts: many tables have an index on a column of the same name. */
export type KnownTerms = Map<string, IndexedTerm>;

/** Undefined where it takes the whole parser to read the text, or to say what is wrong with it. */
export function readIndexDefinition(sql: string, known: KnownTerms): IndexDefinition | undefined {
  const cut = cutList(sql, head);
  if (cut === undefined) return undefined;
  try {
    const terms: IndexedTerm[] = [];
    for (const text of cut.texts) {
      const term = known.get(text) ?? readTerm(text);
      if (term === undefined) return undefined;
      known.set(text, term);
      terms.push(term);
    }
    return { unique: sql.startsWith('CREATE UNIQUE'), terms, where: readWhere(cut.rest) };
  } catch (error) {
    if (error instanceof SqliteSyntaxError) return undefined;
    throw error;
  }
}

const head = /^CREATE (?:UNIQUE )?INDEX (?:\w+|`[^`]+`|"[^"]+") ON (?:\w+|`[^`]+`|"[^"]+") *\(/;

function readTerm(text: string): IndexedTerm | undefined {
  // Only before the end of the list are ASC and DESC no names.
  const cursor = new Cursor(`${text})`);
  const [term, ...others] = parseIndexedTerms(cursor);
  cursor.expectOperator(')');
  return cursor.atEnd() && others.length === 0 ? term : undefined;
}

function readWhere(text: string): IndexDefinition['where'] {
  if (text === '') return undefined;
  const cursor = new Cursor(text);
  cursor.expect('WHERE');
  const where = cursor.statementText();
  cursor.finish();
  return where;
}
