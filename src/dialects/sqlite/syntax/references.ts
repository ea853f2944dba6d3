import type { ColumnLookup, Mention } from './mentions.ts';
import { foldName } from './names.ts';
import { parseCreate } from './parse-create.ts';
import { resolveCreate } from './resolve-create.ts';
import type { Origin } from './scope.ts';
import { SqliteSyntaxError } from './syntax-error.ts';
import { NameResolver } from './resolve.ts';
import type { SqlText } from './ast.ts';

/** What a definition depends on. */
export interface References {
  /** Tables and views, folded, each once; common tables and aliases are none. */
  readonly tables: readonly string[];
  /** Columns of these, folded, as far as they are certain. */
  readonly columns: readonly Origin[];
  /**
   * False where a part was not understood, or the table of some column is not certain: the definition may then
   * depend on more than is said. Any of `words` may be meant.
   */
  readonly complete: boolean;
  /** Every folded word of the parts that were not understood, and every column without a certain table. */
  readonly words: ReadonlySet<string>;
}

const UNKNOWN: ColumnLookup = () => undefined;

/**
 * The tables and columns a CREATE statement names, its own name included where it is a table's or a view's.
 * @param lookup the columns of the schema's tables; without it, columns are found only where they can be no other's
 */
export function collectReferences(sql: string, lookup: ColumnLookup = UNKNOWN): References {
  try {
    return summarise(resolveCreate(parseCreate(sql), lookup).mentions);
  } catch (error) {
    if (!(error instanceof SqliteSyntaxError)) throw error;
    return opaqueReferences({ text: sql, start: 0, end: sql.length });
  }
}

/** The tables and columns a SELECT names. */
export function collectSelectReferences(sql: string, lookup: ColumnLookup = UNKNOWN): References {
  const resolver = new NameResolver(lookup);
  resolver.select({ text: sql, start: 0, end: sql.length });
  return summarise(resolver.mentions);
}

function opaqueReferences(text: SqlText): References {
  const resolver = new NameResolver(UNKNOWN);
  resolver.opaque(text);
  return summarise(resolver.mentions);
}

function summarise(mentions: readonly Mention[]): References {
  const tables = new Set<string>();
  const columns = new Map<string, Origin>();
  const words = new Set<string>();
  let complete = true;
  for (const mention of mentions) {
    if (mention.kind === 'table') tables.add(mention.table);
    else if (mention.kind === 'opaque') {
      complete = false;
      for (const word of mention.words) words.add(word);
    } else if (mention.kind === 'column') {
      for (const origin of mention.origins) columns.set(JSON.stringify(origin), origin);
      if (mention.certain) continue;
      complete = false;
      words.add(foldName(mention.name.value));
    } else {
      complete &&= mention.columns !== undefined;
      for (const column of mention.columns ?? []) {
        for (const origin of column.origins) columns.set(JSON.stringify(origin), origin);
      }
    }
  }
  return { tables: [...tables], columns: [...columns.values()], complete, words };
}
