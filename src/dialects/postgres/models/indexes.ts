import type { Index, IndexPart } from '../../../catalog/objects.ts';
import { nameColumn } from '../../drizzle/casing.ts';
import { isRecord, readKinds, type DrizzleColumn } from '../../drizzle/entities.ts';
import { readIndexTerms, type IndexTerm } from '../../drizzle/index-terms.ts';
import { refuseTable, renderOf, type TableContext } from '../../drizzle/table-parts.ts';
import { describeType, isEnumColumn } from './column-type.ts';
import { asWritten, columnName } from './columns.ts';
import { namePart, namePartOpenly, type PartName } from './constraints.ts';
import { truncateName, quoteWhereNeeded } from './names.ts';
import { isDefaultOpclass } from './opclasses.ts';

/**
 * What `index().on()` holds. There is an `only` too, but `.using()` sets it always and no drizzle-kit writes it.
 */
export interface DrizzleIndexConfig {
  readonly name?: string;
  readonly columns: readonly unknown[];
  readonly unique?: boolean;
  readonly method?: string;
  readonly where?: unknown;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface IndexedColumn {
  readonly name: string;
  readonly keyAsName?: boolean;
  readonly indexConfig?: {
    readonly order?: 'asc' | 'desc';
    readonly nulls?: 'first' | 'last';
    readonly opClass?: string;
  };
}

export function makeIndex(context: TableContext, config: DrizzleIndexConfig): Index {
  const method = (config.method ?? 'btree').toLowerCase();
  const shown = config.name ?? 'without a name';
  const parts = config.columns.flatMap((column) => readParts(context, method, shown, column));
  if (parts.length === 0) return refuseTable(context, `the index '${shown}' has no columns`);
  const storage = readStorage(config.with);
  return {
    kind: 'index',
    ...nameIndex(context, config),
    unique: config.unique === true,
    parts,
    where: config.where === undefined ? null : readPredicate(context, shown, config.where),
    method,
    ...(Object.keys(storage).length > 0 && { storage }),
  };
}

/** 0.x and 1.0 end the names they make with `_index`; the server would with `_idx`. */
function nameIndex(context: TableContext, config: DrizzleIndexConfig): PartName {
  if (config.name) return namePart(context, [config.name]);
  const names = config.columns.map((column) => {
    if (!isRecord(column) || typeof column['name'] !== 'string') {
      return refuseTable(context, 'an index on an expression has no name, and drizzle-kit cannot make one');
    }
    return nameOf(context, column as unknown as IndexedColumn);
  });
  const stem = [context.name, ...names].join('_');
  return namePartOpenly(context, [`${stem}_index`, `${stem}_idx`]);
}

function nameOf(context: TableContext, column: IndexedColumn): string {
  return nameColumn(column, context.casing);
}

/** 1.0 drops a predicate that is always true. */
function readPredicate(context: TableContext, index: string, where: unknown): Index['where'] {
  const columns = context.one ? 'bare' : 'qualified';
  const text = renderOf(context, where, columns, () => `the predicate of index '${index}'`);
  return text === '' || (context.one && text === 'true') ? null : asWritten(text);
}

function readStorage(options: DrizzleIndexConfig['with']): Readonly<Record<string, string>> {
  const entries = Object.entries(options ?? {}).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]).sort());
}

function readParts(
  context: TableContext,
  method: string,
  index: string,
  value: unknown,
): readonly IndexPart[] {
  const kinds = readKinds(value);
  if (kinds.has('IndexedColumn') || kinds.has('Column')) {
    return [readColumnPart(context, method, value as IndexedColumn)];
  }
  if (!isRecord(value)) return refuseTable(context, `the index '${index}' names a column that is not there`);
  const text = renderOf(context, value, 'bare', () => `the index '${index}'`);
  return readIndexTerms(text, 'postgres').map((term) => readTermPart(context, method, term));
}

function readColumnPart(context: TableContext, method: string, column: IndexedColumn): IndexPart {
  const name = truncateName(nameOf(context, column));
  const { order, nulls, opClass } = column.indexConfig ?? {};
  // Where a class is given, drizzle-kit 0.x writes neither order nor nulls.
  const plain = opClass !== undefined && !context.one;
  const descends = order === 'desc' && !plain;
  const nullsShown = plain ? undefined : nulls;
  return {
    on: { column: name },
    ...orderOf(method, descends ? 'desc' : 'asc', nullsShown ?? null),
    collation: null,
    opclass: keepOpclass(context, method, name, opClass ?? null),
  };
}

function readTermPart(context: TableContext, method: string, term: IndexTerm): IndexPart {
  const known = context.columns.some(([, column]) => columnName(context, column) === term.column);
  const column = known ? term.column : null;
  return {
    on: column === null ? { expression: asWritten(term.text) } : { column },
    ...orderOf(method, term.order ?? 'asc', term.nulls),
    // As the server prints it: "C" is another collation than c.
    collation: term.collation === null ? null : quoteWhereNeeded(term.collation),
    opclass: keepOpclass(context, method, column, term.opclass),
  };
}

/** Only btree has an order. Nulls come first in a descending one, unless said otherwise. */
function orderOf(
  method: string,
  order: IndexPart['order'],
  nulls: 'first' | 'last' | null,
): Pick<IndexPart, 'order' | 'nulls'> {
  if (method !== 'btree') return { order: 'asc' };
  return { order, nulls: nulls ?? (order === 'desc' ? 'first' : 'last') };
}

function keepOpclass(
  context: TableContext,
  method: string,
  name: string | null,
  opclass: string | null,
): string | null {
  if (opclass === null || name === null) return opclass;
  const column = context.columns.find(([, candidate]) => columnName(context, candidate) === name)?.[1];
  return column && isDefault(context, method, column, opclass) ? null : opclass;
}

function isDefault(context: TableContext, method: string, column: DrizzleColumn, opclass: string): boolean {
  return isDefaultOpclass(opclass, method, describeType(context, column), isEnumColumn(column));
}
