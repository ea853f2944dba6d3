import fc from 'fast-check';
import type { CatalogObject, Column, ColumnValue, Expression } from '../../../src/catalog/objects.ts';
import { createSchema, type Schema } from '../../../src/catalog/schema.ts';
import { nameCheck, nameForeignKey, namePrimaryKey, nameUnique } from '../../../src/dialects/sqlite/names.ts';
import { quote } from '../../../src/dialects/sqlite/quote.ts';

const columnNames = ['id', 'a', 'B', 'select', 'two words', 'a"b', 'a`b', '[x]', 'naïve', '1st', 'true'];
const tableNames = ['t', 'Users', 'order', 'my table', 'quo"te', 'größe'];
const types = [
  'integer',
  'text',
  'real',
  'blob',
  'numeric(10,2)',
  'varchar(20)',
  '',
  'double precision',
  'int',
];
const strictTypes = ['integer', 'text', 'real', 'blob', 'int', 'any'];

const written = (text: string): Expression => ({ text, canonical: text });

const constant = fc.constantFrom(
  '0',
  '1',
  '-5',
  '1.5',
  "'x'",
  "'it''s'",
  "''",
  'true',
  "x'AB'",
  'CURRENT_TIMESTAMP',
  '(1 + 2)',
  "(lower('X'))",
  "'NULL'",
);

const predicate = (column: string): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom('>', '<>', '=', 'IS NOT', 'IS'), fc.constantFrom('1', "'x'", 'NULL', 'TRUE', '-2'))
    .map(([operator, value]) => `${quote(column)} ${operator} ${value}`);

const conflict = fc.constantFrom(null, null, null, 'replace', 'ignore', 'fail', 'rollback') as fc.Arbitrary<
  null | 'replace' | 'ignore' | 'fail' | 'rollback'
>;
const action = fc.constantFrom('no action', 'restrict', 'cascade', 'set null', 'set default') as fc.Arbitrary<
  'no action' | 'restrict' | 'cascade' | 'set null' | 'set default'
>;

interface Shape {
  readonly name: string;
  readonly columns: readonly string[];
  readonly strict: boolean;
}

const shape = (name: string): fc.Arbitrary<Shape> =>
  fc.record({
    name: fc.constant(name),
    columns: fc.uniqueArray(fc.constantFrom(...columnNames), {
      minLength: 1,
      maxLength: 6,
      selector: (text) => text.toLowerCase(),
    }),
    strict: fc.boolean(),
  });

function columnValue(columns: readonly string[], place: number): fc.Arbitrary<ColumnValue> {
  const none = fc.constant<ColumnValue>({ kind: 'none' });
  const given = constant.map((text): ColumnValue => ({ kind: 'default', expression: written(text) }));
  const first = columns[0] ?? '';
  const generated = fc
    .constantFrom<'stored' | 'virtual'>('stored', 'virtual')
    .map((storage): ColumnValue => ({
      kind: 'generated',
      storage,
      expression: written(`length(${quote(first)}) + 1`),
    }));
  return place === 0 ? fc.oneof(none, given) : fc.oneof(none, none, given, generated);
}

function column({ name, columns, strict }: Shape, place: number): fc.Arbitrary<Column> {
  return fc
    .record({
      type: fc.constantFrom(...(strict ? strictTypes : types)),
      nullable: fc.boolean(),
      value: columnValue(columns, place),
      collation: fc.constantFrom(null, null, 'NOCASE', 'RTRIM'),
      notNullOnConflict: conflict,
    })
    .map((column) => ({
      kind: 'column' as const,
      address: { namespace: 'main', table: name, name: columns[place] ?? '' },
      position: place + 1,
      ...column,
      notNullOnConflict: column.nullable ? null : column.notNullOnConflict,
    }));
}

function terms(columns: readonly string[]) {
  return fc
    .subarray([...columns], { minLength: 1, maxLength: Math.min(3, columns.length) })
    .chain((chosen) => fc.record({ columns: fc.constant(chosen), descending: fc.subarray([...chosen]) }));
}

function constraints(
  { name, columns }: Shape,
  all: readonly Shape[],
): fc.Arbitrary<readonly CatalogObject[]> {
  const at = (own: string) => ({ namespace: 'main', table: name, name: own });
  const unique = fc
    .tuple(terms(columns), conflict, fc.constantFrom(null, 'once', 'my unique'))
    .map(([key, onConflict, own]): CatalogObject => ({
      kind: 'unique',
      address: at(own ?? nameUnique(name, key.columns)),
      ...key,
      onConflict,
    }));
  const check = fc.constantFrom(...columns).chain((on) =>
    fc
      .tuple(predicate(on), fc.constantFrom(null, 'positive', 'a check'))
      .map(([text, own]): CatalogObject => ({
        kind: 'check',
        address: at(own ?? nameCheck(text)),
        expression: written(text),
        onConflict: null,
      })),
  );
  const foreignKey = fc
    .record({
      column: fc.constantFrom(...columns),
      target: fc.constantFrom(...all),
      onDelete: action,
      onUpdate: action,
      match: fc.constantFrom<'simple' | 'full'>('simple', 'full'),
      deferral: fc.constantFrom<'immediate' | 'deferrable' | 'deferred'>(
        'immediate',
        'deferrable',
        'deferred',
      ),
    })
    .map(({ column: from, target, ...rest }): CatalogObject => {
      const key = {
        columns: [from],
        references: { namespace: 'main', table: target.name, columns: target.columns.slice(0, 1) },
      };
      return { kind: 'foreignKey', address: at(nameForeignKey(name, key)), ...key, ...rest };
    });
  const index = fc
    .record({
      own: fc.constantFrom(`${name}_idx`, `${name} idx 2`),
      unique: fc.boolean(),
      on: fc.subarray([...columns], { minLength: 1, maxLength: Math.min(2, columns.length) }),
      order: fc.constantFrom<'asc' | 'desc'>('asc', 'desc'),
      expression: fc.boolean(),
      partial: fc.boolean(),
    })
    .map(({ own, on, order, expression, partial, ...rest }): CatalogObject => ({
      kind: 'index',
      address: at(own),
      unique: rest.unique,
      parts: [
        ...on.map((part) => ({ on: { column: part }, order, collation: null })),
        ...(expression
          ? [{ on: { expression: written(`upper(${quote(on[0] ?? '')})`) }, order, collation: null }]
          : []),
      ],
      where: partial ? written(`${quote(columns[0] ?? '')} IS NOT NULL`) : null,
    }));
  const trigger = fc.constantFrom('INSERT', 'DELETE').map((event): CatalogObject => {
    const text = `CREATE TRIGGER ${quote(`${name} log`)} AFTER ${event} ON ${quote(name)} BEGIN SELECT 1; END`;
    return { kind: 'trigger', address: at(`${name} log`), definition: written(text) };
  });
  return fc
    .array(fc.oneof(unique, check, foreignKey, index, trigger), { maxLength: 5 })
    .map((list) => keepFirst(list));
}

function keepFirst(objects: readonly CatalogObject[]): readonly CatalogObject[] {
  const seen = new Set<string>();
  return objects.filter((object) => {
    // A constraint that is said twice is one.
    const like = object.kind === 'unique' ? `unique ${object.columns.join(',')}` : '';
    const keys = [`${object.kind} ${object.address.name}`, like].filter((key) => key !== '');
    if (keys.some((key) => seen.has(key))) return false;
    for (const key of keys) seen.add(key);
    return true;
  });
}

function primaryKey({ name, columns }: Shape): fc.Arbitrary<CatalogObject | null> {
  const key = fc.tuple(terms(columns), conflict).map(([own, onConflict]): CatalogObject => ({
    kind: 'primaryKey',
    address: { namespace: 'main', table: name, name: namePrimaryKey(name) },
    autoincrement: false,
    ...own,
    onConflict,
  }));
  return fc.option(key);
}

function table(own: Shape, all: readonly Shape[]): fc.Arbitrary<readonly CatalogObject[]> {
  return fc
    .tuple(
      fc.tuple(...own.columns.map((_, place) => column(own, place))),
      primaryKey(own),
      constraints(own, all),
      fc.boolean(),
    )
    .map(([columns, key, rest, withoutRowid]) => {
      const keyColumns: readonly string[] = key?.kind === 'primaryKey' ? key.columns : [];
      const fits = columns.map((each): Column => {
        const isKey = keyColumns.includes(each.address.name);
        // A generated column is no key.
        return isKey && each.value.kind === 'generated' ? { ...each, value: { kind: 'none' } } : each;
      });
      return [
        {
          kind: 'table',
          address: { namespace: 'main', name: own.name },
          strict: own.strict,
          withoutRowid: withoutRowid && key !== null,
        },
        ...fits,
        ...(key === null ? [] : [key]),
        // SQLite makes one index of a key and a UNIQUE over the same columns, and their conflict clauses must agree.
        ...rest.filter((object) => object.kind !== 'unique' || object.columns.join() !== keyColumns.join()),
      ];
    });
}

/** Schemas that SQLite can hold, with odd names and every kind of object. */
export const arbitrarySchema: fc.Arbitrary<Schema> = fc
  .uniqueArray(fc.constantFrom(...tableNames), { minLength: 1, maxLength: 3 })
  .chain((names) => fc.tuple(...names.map(shape)))
  .chain((shapes) => fc.tuple(...shapes.map((own) => table(own, shapes)), fc.boolean()))
  .map((parts) => {
    const withView = parts.at(-1) === true;
    const objects = parts.flatMap((part) => (typeof part === 'boolean' ? [] : part));
    const view: CatalogObject = {
      kind: 'view',
      address: { namespace: 'main', name: 'a view' },
      definition: written('SELECT 1 AS one, 2 AS two'),
      columns: ['x', 'Y'],
    };
    return createSchema('sqlite', withView ? [...objects, view] : objects);
  });
