import { isNameFinal, type DrizzleColumn } from './entities.ts';

/** The `casing` of the Drizzle config. */
export type Casing = 'snake_case' | 'camelCase' | undefined;

/**
 * The name of a column in the database. `casing` changes only names that the user left out, and only in 0.x and the first
 * betas of 1.0: later a table decides when it is made (`snakeCase.table`), and drizzle-kit has no such option any more.
 */
export function nameColumn(
  column: Pick<DrizzleColumn, 'name' | 'keyAsName'> & Partial<DrizzleColumn>,
  casing: Casing,
): string {
  if (casing === undefined || column.keyAsName !== true || isNameFinal(column as DrizzleColumn)) {
    return column.name;
  }
  const cache = converted[casing];
  let name = cache.get(column.name);
  if (name === undefined) {
    name = casing === 'snake_case' ? toSnakeCase(column.name) : toCamelCase(column.name);
    cache.set(column.name, name);
  }
  return name;
}

/** Each key is met many times: at its column, in indexes, at both ends of references. */
const converted = { snake_case: new Map<string, string>(), camelCase: new Map<string, string>() } as const;

/** Words as drizzle-orm 0.x finds them: letters outside ASCII separate words and are lost. */
function splitWords(key: string): readonly string[] {
  return key.replace(/['\u2019]/g, '').match(/[\da-z]+|[A-Z]+(?![a-z])|[A-Z][\da-z]+/g) ?? [];
}

function toSnakeCase(key: string): string {
  return splitWords(key)
    .map((word) => word.toLowerCase())
    .join('_');
}

function toCamelCase(key: string): string {
  return splitWords(key)
    .map((word, index) => (index === 0 ? word.toLowerCase() : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('');
}
