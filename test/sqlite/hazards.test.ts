import { expect, test } from 'vitest';
import { assessChange } from '../../src/dialects/sqlite/hazards.ts';
import { buildSchema, compare } from './support/databases.ts';

const parent = 'CREATE TABLE p (id integer PRIMARY KEY)';
const table = (body: string): readonly string[] => [parent, `CREATE TABLE t (a text, ${body})`];

/** What the database has, what is expected, and the hazards of getting there. */
const cases: readonly (readonly [
  name: string,
  database: readonly string[],
  expected: readonly string[],
  hazards: readonly string[],
])[] = [
  ['a table dropped', [parent, 'CREATE TABLE t (a)'], [parent], ['data-loss']],
  ['a virtual table dropped', ['CREATE VIRTUAL TABLE t USING fts5(a)'], [], ['data-loss']],
  ['a table created', [parent], [parent, 'CREATE TABLE t (a)'], []],
  ['a column dropped', table('b text'), [parent, 'CREATE TABLE t (a text)'], ['data-loss']],
  ['a generated column dropped', table('b text AS (a)'), [parent, 'CREATE TABLE t (a text)'], []],
  ['a column added', [parent, 'CREATE TABLE t (a text)'], table('b text'), []],
  [
    'a column with a constant added',
    [parent, 'CREATE TABLE t (a text)'],
    table('b text NOT NULL DEFAULT 1'),
    [],
  ],
  [
    'a column with a computed default added',
    [parent, 'CREATE TABLE t (a text)'],
    table('b text DEFAULT (random())'),
    ['table-rebuild'],
  ],
  [
    'a column with CURRENT_TIMESTAMP added',
    [parent, 'CREATE TABLE t (a text)'],
    table('b text DEFAULT CURRENT_TIMESTAMP'),
    ['table-rebuild'],
  ],
  [
    'a NOT NULL column added',
    [parent, 'CREATE TABLE t (a text)'],
    table('b text NOT NULL'),
    ['not-null-without-default'],
  ],
  [
    'a stored column added',
    [parent, 'CREATE TABLE t (a text)'],
    table('b text AS (a) STORED'),
    ['table-rebuild'],
  ],
  ['a virtual column added', [parent, 'CREATE TABLE t (a text)'], table('b text AS (a)'), []],
  ['a type with another affinity', table('b text'), table('b integer'), ['table-rebuild', 'lossy-cast']],
  ['a type with the same affinity', table('b varchar(10)'), table('b text'), ['table-rebuild']],
  ['NOT NULL', table('b text'), table('b text NOT NULL'), ['table-rebuild', 'not-null-without-default']],
  ['NULL', table('b text NOT NULL'), table('b text'), ['table-rebuild']],
  ['a default', table('b text'), table('b text DEFAULT 1'), ['table-rebuild']],
  ['a collation', table('b text'), table('b text COLLATE NOCASE'), ['table-rebuild', 'behaviour-change']],
  ['a column made generated', table('b text'), table('b text AS (a)'), ['table-rebuild', 'data-loss']],
  [
    'a primary key added',
    table('b text'),
    table('b text, PRIMARY KEY (a)'),
    ['table-rebuild', 'constraint-validation'],
  ],
  [
    'a foreign key added',
    table('b integer'),
    table('b integer REFERENCES p (id)'),
    ['table-rebuild', 'constraint-validation'],
  ],
  ['a foreign key dropped', table('b integer REFERENCES p (id)'), table('b integer'), ['table-rebuild']],
  [
    'an action',
    table('b integer REFERENCES p (id)'),
    table('b integer REFERENCES p (id) ON DELETE CASCADE'),
    ['table-rebuild', 'behaviour-change'],
  ],
  [
    'a check added',
    table('b text'),
    table('b text, CHECK (b > a)'),
    ['table-rebuild', 'constraint-validation'],
  ],
  ['a check dropped', table('b text, CHECK (b > a)'), table('b text'), ['table-rebuild']],
  [
    'a unique index added',
    table('b text'),
    [...table('b text'), 'CREATE UNIQUE INDEX i ON t (b)'],
    ['constraint-validation'],
  ],
  ['an index added', table('b text'), [...table('b text'), 'CREATE INDEX i ON t (b)'], []],
  ['an index dropped', [...table('b text'), 'CREATE INDEX i ON t (b)'], table('b text'), []],
  [
    'an index made unique',
    [...table('b text'), 'CREATE INDEX i ON t (b)'],
    [...table('b text'), 'CREATE UNIQUE INDEX i ON t (b)'],
    ['constraint-validation'],
  ],
  [
    'a unique index in another order and direction',
    [...table('b text'), 'CREATE UNIQUE INDEX i ON t (a, b DESC)'],
    [...table('b text'), 'CREATE UNIQUE INDEX i ON t (b, a)'],
    [],
  ],
  [
    'a unique index of fewer columns',
    [...table('b text'), 'CREATE UNIQUE INDEX i ON t (a, b)'],
    [...table('b text'), 'CREATE UNIQUE INDEX i ON t (b)'],
    ['constraint-validation'],
  ],
  [
    'a unique index that told upper and lower case apart, and no longer does',
    [...table('b text'), 'CREATE UNIQUE INDEX i ON t (b)'],
    [...table('b text'), 'CREATE UNIQUE INDEX i ON t (b COLLATE NOCASE)'],
    ['constraint-validation'],
  ],
  [
    'a unique index that tells upper and lower case apart now',
    [...table('b text'), 'CREATE UNIQUE INDEX i ON t (b COLLATE NOCASE)'],
    [...table('b text'), 'CREATE UNIQUE INDEX i ON t (b)'],
    [],
  ],
  [
    'a unique index that says BINARY aloud now',
    [...table('b text COLLATE NOCASE'), 'CREATE UNIQUE INDEX i ON t (b)'],
    [...table('b text COLLATE NOCASE'), 'CREATE UNIQUE INDEX i ON t (b COLLATE BINARY)'],
    [],
  ],
  [
    'a unique index without its WHERE',
    [...table('b text'), 'CREATE UNIQUE INDEX i ON t (b) WHERE b > 1'],
    [...table('b text'), 'CREATE UNIQUE INDEX i ON t (b)'],
    ['constraint-validation'],
  ],
  [
    'a primary key in another order',
    table('b text, PRIMARY KEY (a, b)'),
    table('b text, PRIMARY KEY (b, a)'),
    ['table-rebuild'],
  ],
  [
    'a unique index renamed',
    [...table('b text'), 'CREATE UNIQUE INDEX i ON t (b)'],
    [...table('b text'), 'CREATE UNIQUE INDEX j ON t (b)'],
    [],
  ],
  [
    'STRICT',
    table('b text'),
    [parent, 'CREATE TABLE t (a text, b text) STRICT'],
    ['table-rebuild', 'constraint-validation'],
  ],
  [
    'a trigger dropped',
    [...table('b text'), 'CREATE TRIGGER g DELETE ON t BEGIN SELECT 1; END'],
    table('b text'),
    ['behaviour-change'],
  ],
];

test.each(cases)('%s', (_name, database, expected, hazards) => {
  const changes = compare(buildSchema(database), buildSchema(expected));
  const found = changes.flatMap(assessChange);
  expect(changes).toHaveLength(1);
  expect(found.map(({ code }) => code)).toEqual(hazards);
  for (const { message } of found) expect(message).toMatch(/^.*\bt\b.*\.$|All rows/s);
});

test('says what becomes of the values when the type changes', () => {
  const say = (from: string, to: string): string =>
    compare(buildSchema(table(`b ${from}`)), buildSchema(table(`b ${to}`)))
      .flatMap(assessChange)
      .filter(({ code }) => code === 'lossy-cast')
      .map(({ message }) => message)
      .join();
  expect(say('text', 'integer')).toContain("'007' becomes 7");
  expect(say('integer', 'text')).toContain('numbers become texts');
  expect(say('integer', 'text')).not.toContain('007');
});
