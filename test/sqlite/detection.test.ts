import { describe, expect, test } from 'vitest';
import { edit } from './detection/cases.ts';
import { checks } from './detection/checks.ts';
import { columns } from './detection/columns.ts';
import { foreignKeys } from './detection/foreign-keys.ts';
import { indexes } from './detection/indexes.ts';
import { keys } from './detection/keys.ts';
import { tables } from './detection/tables.ts';
import { triggers } from './detection/triggers.ts';
import { wholes } from './detection/views-and-virtual-tables.ts';
import { buildSchema, compare, summarise } from './support/databases.ts';
import { library } from './support/library.ts';

const base = buildSchema(library);

const groups = {
  tables,
  columns,
  keys,
  foreignKeys,
  checks,
  indexes,
  wholes,
  triggers,
};

test('an inline UNIQUE made a unique index of another name is the same constraint, renamed', () => {
  const changed = [
    ...edit('varchar(13) UNIQUE', 'varchar(13)'),
    'CREATE UNIQUE INDEX isbn_once ON books (isbn)',
  ];
  expect(summarise(compare(buildSchema(changed), base))).toEqual([
    ['unique.rename', 'books.isbn_once', { name: ['isbn_once', 'books_isbn_unique'] }],
  ]);
  // An index was made to be one: a constraint in its place is another thing.
  expect(summarise(compare(base, buildSchema(changed)))).toEqual([
    ['unique.drop', 'books.books_isbn_unique'],
    ['index.create', 'books.isbn_once'],
  ]);
});

describe('an index of the name of an inline UNIQUE is meant to be the constraint', () => {
  test.each<[made: string, fields: Readonly<Record<string, unknown>>]>([
    ['INDEX books_isbn_unique ON books (isbn)', { unique: [false, true] }],
    ["UNIQUE INDEX books_isbn_unique ON books (isbn) WHERE isbn <> ''", { where: ["isbn <> ''", null] }],
    ['UNIQUE INDEX books_isbn_unique ON books (lower(isbn))', { columns: [['lower(isbn)'], ['isbn']] }],
    [
      'INDEX books_isbn_unique ON books (isbn, price DESC) WHERE price > 5',
      {
        unique: [false, true],
        columns: [['isbn', 'price'], ['isbn']],
        where: ['price > 5', null],
        descending: [['price'], null],
      },
    ],
  ])('%s', (made, fields) => {
    const changed = [...edit('varchar(13) UNIQUE', 'varchar(13)'), `CREATE ${made}`];
    expect(summarise(compare(buildSchema(changed), base))).toEqual([
      ['unique.alter', 'books.books_isbn_unique', fields],
    ]);
  });
});

test('the library differs from itself in nothing', () => {
  expect(compare(buildSchema(library), base)).toEqual([]);
});

const opposite = { create: 'drop', drop: 'create', alter: 'alter', rename: 'rename' } as const;

function reverse(change: string): string {
  const [kind = '', type = ''] = change.split('.');
  return `${kind}.${opposite[type as keyof typeof opposite]}`;
}

describe.each(Object.entries(groups))('one change by hand is reported as what it is: %s', (_group, list) => {
  const cases = list.map(([name, changed, ...reported]) => ({ name, changed, reported }));

  test.each(cases)('$name', ({ changed, reported }) => {
    expect(summarise(compare(buildSchema(changed), base))).toEqual(reported);
  });

  // The other way round: what was drift is now what is expected, and must be noticed as well.
  test.each(cases)('$name, taken back', ({ changed, reported }) => {
    const back = compare(base, buildSchema(changed)).map(({ kind, type }) => `${kind}.${type}`);
    expect(back.sort()).toEqual(reported.map(([change]) => reverse(change)).sort());
  });
});
