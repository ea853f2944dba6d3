/** SQLite's identifiers know no case. The database's are respelt as the expected schema has them. */
import type { Address } from '../../../catalog/address.ts';
import type { CatalogObject, ForeignKey, IndexPart } from '../../../catalog/objects.ts';
import { foldName } from '../syntax/names.ts';
import { areNamedAlike, type Groups } from './groups.ts';

/** Finds the expected spelling of a name that is in the database; the name itself where it is not expected. */
type Spell = (name: string) => string;

/**
 * The objects of one table with every name as the expected schema spells it.
 * @param expected the objects of the same table there, or none
 * @param groups the whole expected schema, for what foreign keys point at
 */
export function respellTable(
  objects: readonly CatalogObject[],
  expected: readonly CatalogObject[],
  groups: Groups,
): readonly CatalogObject[] {
  if (expected.length === 0 || areNamedAlike(objects, expected)) {
    return objects.map((object) => (object.kind === 'foreignKey' ? respellTarget(object, groups) : object));
  }
  const names = new Map(expected.map(({ kind, address }) => [keyOf(kind, address.name), address.name]));
  const table = expected[0]?.address.table ?? expected[0]?.address.name ?? '';
  const column: Spell = (name) => names.get(keyOf('column', name)) ?? name;
  return objects.map((object) => {
    const { kind, address } = object;
    const own = names.get(keyOf(kind, address.name)) ?? (address.table === undefined ? table : address.name);
    const respelt = respellColumns(withAddress(object, own, table), column);
    return respelt.kind === 'foreignKey' ? respellTarget(respelt, groups) : respelt;
  });
}

function keyOf(kind: string, name: string): string {
  return `${kind} ${foldName(name)}`;
}

function withAddress(object: CatalogObject, name: string, table: string): CatalogObject {
  const { address } = object;
  const isPart = address.table !== undefined;
  if (name === address.name && (!isPart || address.table === table)) return object;
  const respelt: Address = { namespace: address.namespace, ...(isPart ? { table } : {}), name };
  return { ...object, address: respelt };
}

function respellColumns(object: CatalogObject, column: Spell): CatalogObject {
  if (object.kind === 'primaryKey' || object.kind === 'unique') {
    return { ...object, ...respellKey(object, column) };
  }
  if (object.kind === 'foreignKey') return { ...object, columns: object.columns.map(column) };
  if (object.kind !== 'index') return object;
  return { ...object, parts: object.parts.map((part) => respellPart(part, column)) };
}

function respellTarget(key: ForeignKey, groups: Groups): ForeignKey {
  const { references } = key;
  const target = groups.get(foldName(references.table));
  if (target === undefined) return key;
  const table = target[0]?.address.table ?? target[0]?.address.name ?? references.table;
  const columns = references.columns.map((name) => respellTargetColumn(name, target));
  if (table === references.table && columns.every((name, place) => name === references.columns[place]))
    return key;
  return { ...key, references: { ...references, table, columns } };
}

function respellTargetColumn(name: string, target: readonly CatalogObject[]): string {
  if (target.some(({ kind, address }) => kind === 'column' && address.name === name)) return name;
  const found = target.find(
    ({ kind, address }) => kind === 'column' && foldName(address.name) === foldName(name),
  );
  return found?.address.name ?? name;
}

interface KeyTerms {
  readonly columns: readonly string[];
  readonly descending?: readonly string[];
  readonly collations?: readonly string[];
}

function respellKey(key: KeyTerms, column: Spell): KeyTerms {
  return {
    columns: key.columns.map(column),
    ...(key.descending === undefined ? {} : { descending: key.descending.map(column) }),
    ...(key.collations === undefined
      ? {}
      : { collations: key.collations.map((term) => respellTerm(term, column)) }),
  };
}

/** `name COLLATE NOCASE`, where the name may have spaces in it. */
function respellTerm(term: string, column: Spell): string {
  const at = term.lastIndexOf(' COLLATE ');
  return column(term.slice(0, at)) + term.slice(at);
}

function respellPart(part: IndexPart, column: Spell): IndexPart {
  return 'column' in part.on ? { ...part, on: { column: column(part.on.column) } } : part;
}
