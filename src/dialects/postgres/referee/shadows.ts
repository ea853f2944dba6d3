/** Temporary copies of the tables and views that a text mentions, as one of the two schemas has them. */
import { addressKey, tableAddress, type Address } from '../../../catalog/address.ts';
import type { Column, Enum, MaterializedView, PrimaryKey, View } from '../../../catalog/objects.ts';
import { objectsOf, type Schema } from '../../../catalog/schema.ts';
import { quoteLiteral, quoteName } from '../quote.ts';
import { printName } from '../syntax/canonical.ts';
import { collectNames, rewriteNames, type Replacement } from '../syntax/rewrite.ts';
import type { SetupStep } from './batch.ts';
import { makeTable } from './carriers.ts';

/** What one schema can lend to the surroundings of a text. */
export interface Side {
  /** By the key of the table's address. */
  readonly columns: ReadonlyMap<string, readonly Column[]>;
  readonly keys: ReadonlyMap<string, PrimaryKey>;
  readonly views: readonly (View | MaterializedView)[];
  readonly enums: readonly Enum[];
}

export function readSide(schema: Schema): Side {
  const columns = new Map<string, Column[]>();
  for (const column of objectsOf(schema, 'column')) {
    const key = addressKey(tableAddress(column.address));
    const group = columns.get(key);
    if (group) group.push(column);
    else columns.set(key, [column]);
  }
  for (const group of columns.values()) group.sort((a, b) => a.position - b.position);
  return {
    columns,
    keys: new Map(objectsOf(schema, 'primaryKey').map((key) => [addressKey(tableAddress(key.address)), key])),
    views: [...objectsOf(schema, 'view'), ...objectsOf(schema, 'materializedView')],
    enums: objectsOf(schema, 'enum'),
  };
}

/** Something that a temporary copy is made of. */
export interface Shadow {
  readonly address: Address;
  readonly view: View | MaterializedView | null;
}

/** Every table and view that the texts mention, and that the views among them mention, in an order that works. */
export function collectShadows(texts: readonly string[], side: Side): readonly Shadow[] {
  const found = new Map<string, Shadow>();
  const visit = (text: string, path: ReadonlySet<string>): void => {
    const names = collectNames(text);
    for (const [key, [column]] of side.columns) {
      if (!column || !names.has(column.address.table ?? '')) continue;
      if (!found.has(key)) found.set(key, { address: tableAddress(column.address), view: null });
    }
    for (const view of side.views) {
      const key = addressKey(view.address);
      if (found.has(key) || path.has(key) || !names.has(view.address.name)) continue;
      visit(view.definition.text, new Set([...path, key]));
      found.set(key, { address: view.address, view });
    }
  };
  for (const text of texts) visit(text, new Set());
  return [...found.values()];
}

/** Unqualified names lead to `public`, so only there the copy can have the name itself. */
function nameShadow({ namespace, name }: Address): string {
  return namespace === 'public' ? name : `${namespace}.${name}`;
}

export function replaceShadow({ address }: Shadow): Replacement {
  return { ...address, by: nameShadow(address) };
}

export function makeShadow(shadow: Shadow, side: Side, replacements: readonly Replacement[]): SetupStep {
  const name = nameShadow(shadow.address);
  if (shadow.view) {
    const text = rewriteNames(shadow.view.definition.text, replacements);
    return { sql: `CREATE TEMP VIEW ${quoteName(name)} AS ${text}` };
  }
  const key = addressKey(shadow.address);
  // GROUP BY a primary key lets a query select the other columns too.
  return makeTable(name, side.columns.get(key) ?? [], side.keys.get(key)?.columns);
}

/** Enums that a column is of, where the server does not have them (yet). */
export function makeEnums(columns: readonly Column[], side: Side): readonly SetupStep[] {
  const mentioned = new Set(columns.flatMap(({ type }) => [...collectNames(type)]));
  return side.enums
    .filter(({ address }) => address.namespace === 'public' && mentioned.has(address.name))
    .map(({ address, values }) => {
      const create = `CREATE TYPE pg_temp.${quoteName(address.name)} AS ENUM (${values.map(quoteLiteral).join(', ')})`;
      const program = `BEGIN IF to_regtype(${quoteLiteral(printName(address.name))}) IS NULL THEN ${create}; END IF; END`;
      return { sql: `DO ${quoteLiteral(program)}` };
    });
}
