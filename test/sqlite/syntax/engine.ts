import type Database from 'better-sqlite3';
import { expect } from 'vitest';
import { canonicalDefault } from '../../../src/dialects/sqlite/syntax/canonical.ts';
import { canonicalType } from '../../../src/dialects/sqlite/syntax/affinity.ts';
import { foldName, sameName } from '../../../src/dialects/sqlite/syntax/names.ts';
import { parseCreate, parseCreateTable } from '../../../src/dialects/sqlite/syntax/parse-create.ts';
import type { CreateTable, ForeignReference, IndexedTerm } from '../../../src/dialects/sqlite/syntax/ast.ts';

export type Engine = Database.Database;

interface ColumnRow {
  name: string;
  type: string;
  notnull: number;
  dflt_value: string | null;
  pk: number;
  hidden: number;
}

/** What SQLite says of a table's columns must be what the parser read from its text. */
export function expectAgreement(engine: Engine, sql: string): void {
  const table = parseCreateTable(sql);
  expectColumns(engine, table);
  expectKeys(engine, table);
  expectReferences(engine, table);
  const { strict, wr } = engine
    .prepare('select strict, wr from pragma_table_list(?) where schema = ?')
    .get(table.name.value, 'main') as { strict: number; wr: number };
  expect({ strict: table.strict, withoutRowid: table.withoutRowid }).toEqual({
    strict: strict === 1,
    withoutRowid: wr === 1,
  });
}

function expectColumns(engine: Engine, table: CreateTable): void {
  const rows = engine
    .prepare('select name, type, "notnull", dflt_value, pk, hidden from pragma_table_xinfo(?)')
    .all(table.name.value) as ColumnRow[];
  const keyed = keyColumns(table);
  const parsed = table.columns.map((column) => {
    const find = (kind: string): boolean => column.constraints.some((constraint) => constraint.kind === kind);
    const generated = column.constraints.findLast((constraint) => constraint.kind === 'generated');
    const value = column.constraints.findLast((constraint) => constraint.kind === 'default')?.value;
    const pk = keyed.findIndex((name) => sameName(name, column.name.value)) + 1;
    return {
      name: column.name.value,
      type: canonicalType(column.type),
      notnull: find('not-null') || (table.withoutRowid && pk > 0) ? 1 : 0,
      default: value === undefined ? undefined : canonicalDefault(value),
      pk,
      hidden: generated === undefined ? 0 : generated.storage === 'virtual' ? 2 : 3,
    };
  });
  const engineColumns = rows.map((row) => ({
    name: row.name,
    type: canonicalType(row.type),
    notnull: row.notnull,
    default: row.dflt_value === null ? undefined : canonicalDefault(row.dflt_value),
    pk: row.pk,
    hidden: row.hidden,
  }));
  expect(parsed).toEqual(engineColumns);
}

function keyColumns(table: CreateTable): string[] {
  for (const column of table.columns) {
    if (column.constraints.some((constraint) => constraint.kind === 'primary-key'))
      return [column.name.value];
  }
  const key = table.constraints.find((constraint) => constraint.kind === 'primary-key');
  return key?.columns.map((term) => term.column?.value ?? '') ?? [];
}

interface Key {
  name: string | undefined;
  coll: string | undefined;
  desc: number;
}

/** Every index SQLite made for a constraint is one the parser read. */
function expectKeys(engine: Engine, table: CreateTable): void {
  const parsed = new Set(constraintKeys(table).map((key) => JSON.stringify(key)));
  const indexes = engine
    .prepare("select name from pragma_index_list(?) where origin in ('u', 'pk')")
    .pluck()
    .all(table.name.value) as string[];
  for (const name of indexes) expect(parsed).toContain(JSON.stringify(indexKey(engine, name)));
}

export function indexKey(engine: Engine, index: string): Key[] {
  const rows = engine
    .prepare('select name, coll, "desc" from pragma_index_xinfo(?) where key = 1')
    .all(index) as { name: string | null; coll: string; desc: number }[];
  return rows.map(({ name, coll, desc }) => ({
    name: name === null ? undefined : foldName(name),
    coll: coll.toUpperCase(),
    desc,
  }));
}

function constraintKeys(table: CreateTable): Key[][] {
  const keys: Key[][] = [];
  for (const column of table.columns) {
    for (const constraint of column.constraints) {
      if (constraint.kind !== 'unique' && constraint.kind !== 'primary-key') continue;
      const desc = constraint.kind === 'primary-key' && constraint.order === 'desc' ? 1 : 0;
      keys.push([{ name: foldName(column.name.value), coll: collationOf(table, column.name.value), desc }]);
    }
  }
  for (const constraint of table.constraints) {
    if (constraint.kind === 'unique' || constraint.kind === 'primary-key') {
      keys.push(constraint.columns.map((term) => termKey(table, term)));
    }
  }
  return keys;
}

export function termKey(table: CreateTable, term: IndexedTerm): Key {
  const name = term.column?.value;
  return {
    name: name === undefined ? undefined : foldName(name),
    coll: term.collation?.value.toUpperCase() ?? (name === undefined ? 'BINARY' : collationOf(table, name)),
    desc: term.order === 'desc' ? 1 : 0,
  };
}

function collationOf(table: CreateTable, name: string): string {
  const column = table.columns.find((candidate) => sameName(candidate.name.value, name));
  const collate = column?.constraints.findLast((constraint) => constraint.kind === 'collate');
  return collate?.collation.value.toUpperCase() ?? 'BINARY';
}

function expectReferences(engine: Engine, table: CreateTable): void {
  const rows = engine
    .prepare(
      'select "table", "from", "to", on_update, on_delete from pragma_foreign_key_list(?) order by id desc, seq',
    )
    .all(table.name.value);
  const parsed: unknown[] = [];
  const add = (from: readonly string[], reference: ForeignReference): void => {
    for (const [at, column] of from.entries()) {
      parsed.push({
        table: reference.table.value,
        from: column,
        to: reference.columns[at]?.value ?? null,
        on_update: (reference.onUpdate ?? 'no action').toUpperCase(),
        on_delete: (reference.onDelete ?? 'no action').toUpperCase(),
      });
    }
  };
  for (const column of table.columns) {
    for (const constraint of column.constraints) {
      if (constraint.kind === 'references') add([column.name.value], constraint.references);
    }
  }
  for (const constraint of table.constraints) {
    if (constraint.kind !== 'foreign-key') continue;
    // The pragma spells the column as its definition does.
    const names = constraint.columns.map(
      (name) => table.columns.find((column) => sameName(column.name.value, name.value))?.name.value ?? '',
    );
    add(names, constraint.references);
  }
  expect(parsed).toEqual(rows);
}

/** Asserts that an index's terms are what SQLite made of them. */
export function expectIndexAgreement(engine: Engine, table: CreateTable, sql: string): void {
  const index = parseCreate(sql);
  if (index.kind !== 'index') throw new Error('not an index');
  const keys = index.terms.map((term) => termKey(table, term));
  expect(keys).toEqual(indexKey(engine, index.name.value));
  const { unique, partial } = engine
    .prepare('select "unique", partial from pragma_index_list(?) where name = ?')
    .get(index.table.value, index.name.value) as { unique: number; partial: number };
  expect([index.unique, index.where !== undefined]).toEqual([unique === 1, partial === 1]);
}
