import type { Index, IndexPart } from '../../../catalog/objects.ts';
import { nameColumn } from '../../drizzle/casing.ts';
import { readKinds, type DrizzleColumn } from '../../drizzle/entities.ts';
import { readIndexTerms, type IndexTerm } from '../../drizzle/index-terms.ts';
import { refuseTable, renderOf, type TableContext } from '../../drizzle/table-parts.ts';
import { asWritten } from './columns.ts';

/** What `index().on()` holds. */
export interface DrizzleIndexConfig {
  readonly name?: string;
  readonly columns: readonly unknown[];
  readonly unique?: boolean;
  readonly where?: unknown;
}

export function makeIndex(context: TableContext, config: DrizzleIndexConfig): Index {
  const { name } = config;
  if (name === undefined || name === '') return refuseTable(context, 'an index has no name');
  const parts = config.columns.flatMap((column) => readParts(context, name, column));
  if (parts.length === 0) return refuseTable(context, `the index '${name}' has no columns`);
  return {
    kind: 'index',
    address: { namespace: 'main', table: context.name, name },
    unique: config.unique === true,
    parts,
    where: config.where === undefined ? null : asWritten(renderPredicate(context, name, config.where)),
  };
}

function renderPredicate(context: TableContext, name: string, where: unknown): string {
  return renderOf(context, where, 'qualified', () => `the predicate of index '${name}'`);
}

function readParts(context: TableContext, index: string, value: unknown): readonly IndexPart[] {
  if (readKinds(value).has('Column')) {
    const column = nameColumn(value as DrizzleColumn, context.casing);
    return [{ on: { column }, order: 'asc', collation: null }];
  }
  if (value === undefined)
    return refuseTable(context, `the index '${index}' names a column that is not there`);
  const text = renderOf(context, value, 'bare', () => `the index '${index}'`);
  return readIndexTerms(text, 'sqlite').map((term) => toPart(context, term));
}

function toPart(context: TableContext, term: IndexTerm): IndexPart {
  const column = findColumn(context, term.column);
  return {
    on: column === null ? { expression: asWritten(term.text) } : { column },
    order: term.order ?? 'asc',
    collation: term.collation,
  };
}

/** SQLite compares names without regard to case, but only in ASCII. */
function findColumn(context: TableContext, name: string | null): string | null {
  if (name === null) return null;
  const names = context.columns.map(([, column]) => nameColumn(column, context.casing));
  return names.find((candidate) => foldName(candidate) === foldName(name)) ?? null;
}

function foldName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
