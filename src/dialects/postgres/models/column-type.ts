import { readKinds, type DrizzleColumn } from '../../drizzle/entities.ts';
import type { TableContext } from '../../drizzle/table-parts.ts';
import { qualifyName } from './names.ts';
import { splitTypeClauses } from './type-clauses.ts';
import { formatType } from './types.ts';

/** The type as the server prints it, with arrays of any dimension as one `[]`. */
export function describeType(context: TableContext, column: DrizzleColumn): string {
  const { element, dimensions } = unwrapArray(column);
  const own = readEnum(element) ?? formatType(splitTypeClauses(element.getSQLType()).type, !context.one);
  return dimensions > 0 && !own.endsWith('[]') ? `${own}[]` : own;
}

/** The element of an array and its dimensions: nested columns in 0.x, a number in 1.0. */
export function unwrapArray(column: DrizzleColumn): {
  readonly element: DrizzleColumn;
  readonly dimensions: number;
} {
  let element = column;
  let dimensions = 0;
  while ('baseColumn' in element && readKinds(element).has('PgArray')) {
    element = element.baseColumn as DrizzleColumn;
    dimensions += 1;
  }
  const own = 'dimensions' in element && isArrayDimensions(element) ? Number(element.dimensions) : 0;
  return { element, dimensions: dimensions + own };
}

/** In 0.x vectors and bits have a field of the same name with another meaning. */
function isArrayDimensions(column: DrizzleColumn): boolean {
  return 'isAlias' in column;
}

/** True for a column of an enum; not for an array of one. */
export function isEnumColumn(column: DrizzleColumn): boolean {
  const kinds = readKinds(column);
  return kinds.has('PgEnumColumn') || kinds.has('PgEnumObjectColumn');
}

function readEnum(column: DrizzleColumn): string | null {
  if (!('enum' in column) || !isEnumColumn(column)) return null;
  const type = column.enum as { readonly enumName: string; readonly schema?: string };
  return qualifyName(type.schema, type.enumName);
}
