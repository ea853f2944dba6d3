/** SQLite's identifiers know no case. The database's are respelt as the expected schema has them. */
import type { Address } from '../../../catalog/address.ts';
import type { CatalogObject, IndexPart } from '../../../catalog/objects.ts';
import { foldName } from '../syntax/names.ts';

interface Spelling {
  readonly table: (name: string) => string;
  readonly column: (table: string, name: string) => string;
  readonly own: (object: CatalogObject) => string;
}

/** The objects with every name as `expected` spells it; names that are not there stay as they are. */
export function respell(
  objects: readonly CatalogObject[],
  expected: readonly CatalogObject[],
): readonly CatalogObject[] {
  const spelling = collectSpelling(expected);
  return objects.map((object) => respellObject(object, spelling));
}

function collectSpelling(expected: readonly CatalogObject[]): Spelling {
  const names = new Map<string, string>();
  const tables = new Map<string, string>();
  for (const { kind, address } of expected) {
    names.set(keyOf(kind, address.table ?? '', address.name), address.name);
    if (kind === 'table' || kind === 'view' || kind === 'virtualTable') {
      tables.set(foldName(address.name), address.name);
    }
  }
  return {
    table: (name) => tables.get(foldName(name)) ?? name,
    column: (table, name) => names.get(keyOf('column', table, name)) ?? name,
    own: ({ kind, address }) => names.get(keyOf(kind, address.table ?? '', address.name)) ?? address.name,
  };
}

function keyOf(kind: string, table: string, name: string): string {
  return `${kind}\0${foldName(table)}\0${foldName(name)}`;
}

function respellObject(object: CatalogObject, spelling: Spelling): CatalogObject {
  const address = respellAddress(object, spelling);
  const renamed = address === object.address ? object : { ...object, address };
  const column = (name: string): string => spelling.column(address.table ?? '', name);
  switch (renamed.kind) {
    case 'primaryKey':
    case 'unique':
      return { ...renamed, ...respellKey(renamed, column) };
    case 'foreignKey': {
      const { namespace, table, columns } = renamed.references;
      const references = {
        namespace,
        table: spelling.table(table),
        columns: columns.map((name) => spelling.column(table, name)),
      };
      return { ...renamed, columns: renamed.columns.map(column), references };
    }
    case 'index':
      return { ...renamed, parts: renamed.parts.map((part) => respellPart(part, column)) };
    default:
      return renamed;
  }
}

function respellAddress(object: CatalogObject, spelling: Spelling): Address {
  const { address } = object;
  const name = spelling.own(object);
  const table = address.table === undefined ? undefined : spelling.table(address.table);
  if (name === address.name && table === address.table) return address;
  return { namespace: address.namespace, ...(table === undefined ? {} : { table }), name };
}

interface KeyTerms {
  readonly columns: readonly string[];
  readonly descending?: readonly string[];
  readonly collations?: readonly string[];
}

function respellKey(key: KeyTerms, column: (name: string) => string): KeyTerms {
  return {
    columns: key.columns.map(column),
    ...(key.descending === undefined ? {} : { descending: key.descending.map(column) }),
    ...(key.collations === undefined
      ? {}
      : { collations: key.collations.map((term) => respellTerm(term, column)) }),
  };
}

/** `name COLLATE NOCASE`, where the name may have spaces in it. */
function respellTerm(term: string, column: (name: string) => string): string {
  const at = term.lastIndexOf(' COLLATE ');
  return column(term.slice(0, at)) + term.slice(at);
}

function respellPart(part: IndexPart, column: (name: string) => string): IndexPart {
  return 'column' in part.on ? { ...part, on: { column: column(part.on.column) } } : part;
}
