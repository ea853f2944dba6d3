import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import type { Column, VirtualTable } from '../../src/catalog/objects.ts';
import { createSchema, objectsOf, type Schema } from '../../src/catalog/schema.ts';
import { completeExpected } from '../../src/diff/expected.ts';
import { readSchema } from '../../src/dialects/sqlite/introspect/read-schema.ts';
import { sqlite } from '../../src/dialects/sqlite/sqlite.ts';
import { buildSchema, compare, summarise, wholeDatabase } from './support/databases.ts';

const names = (schema: Schema): readonly string[] =>
  schema.objects.filter(({ address }) => address.table === undefined).map(({ address }) => address.name);

/** Puts an entry into sqlite_schema that this SQLite would not make itself. */
const insertEntry = (
  type: string,
  name: string,
  table: string,
  root: number,
  sql: string,
): readonly string[] => [
  'PRAGMA writable_schema = ON',
  `INSERT INTO sqlite_schema VALUES ('${type}', '${name}', '${table}', ${String(root)}, '${sql.replaceAll("'", "''")}')`,
  'PRAGMA writable_schema = OFF',
];

describe('what is not the user’s is not in the schema', () => {
  test('tables of SQLite itself', () => {
    const schema = buildSchema([
      'CREATE TABLE t (id integer PRIMARY KEY AUTOINCREMENT, a text UNIQUE)',
      "INSERT INTO t (a) VALUES ('x')",
      'ANALYZE',
    ]);
    expect(names(schema)).toEqual(['t']);
  });

  test('tables of tools', () => {
    const tools = [
      '_cf_KV',
      '_cf_METADATA',
      'd1_migrations',
      '_litestream_seq',
      '_litestream_lock',
      'libsql_wasm_func_table',
    ];
    expect(names(buildSchema(tools.map((name) => `CREATE TABLE "${name}" (a)`)))).toEqual([]);
  });

  test('a table that only looks like one of a tool is the user’s', () => {
    const own = ['_config', 'cf_kv', 'd1_migrations_log', 'libsql_notes', 'sqliteman'];
    expect(names(buildSchema(own.map((name) => `CREATE TABLE "${name}" (a)`)))).toEqual([...own].sort());
  });

  test('Drizzle’s table of migrations, under whatever name it has', () => {
    const tables = [
      'CREATE TABLE __drizzle_migrations (a)',
      'CREATE TABLE my_log (a)',
      'CREATE INDEX i ON my_log (a)',
    ];
    expect(names(buildSchema(tables))).toEqual(['my_log']);
    const scope = { ...wholeDatabase, migrationsTable: { schema: '', table: 'My_Log' } };
    expect(names(buildSchema(tables, scope))).toEqual(['__drizzle_migrations']);
  });

  test.each([
    ['fts5', 'fts5(title, body)', 5],
    ['fts4', 'fts4(title, body)', 5],
    ['fts3', 'fts3(title)', 3],
    ['fts5 without content', "fts5(title, content='')", 4],
    ['rtree', 'rtree(id, x0, x1)', 3],
    ['rtree_i32', 'rtree_i32(id, x0, x1)', 3],
    ['geopoly', 'geopoly(label)', 3],
  ])('shadow tables of %s are part of their virtual table', (_name, definition, count) => {
    const schema = buildSchema(`CREATE VIRTUAL TABLE docs USING ${definition}`);
    expect(schema.objects).toHaveLength(1);
    expect(objectsOf(schema, 'virtualTable')[0]?.shadowTables).toHaveLength(count);
  });

  test('a table named like a shadow table of another suffix is the user’s', () => {
    const schema = buildSchema(['CREATE VIRTUAL TABLE docs USING fts5(a)', 'CREATE TABLE docs_archive (a)']);
    expect(names(schema)).toEqual(['docs', 'docs_archive']);
  });

  test('the closest virtual table owns a shadow table', () => {
    const schema = buildSchema([
      'CREATE VIRTUAL TABLE docs USING fts5(a)',
      'CREATE VIRTUAL TABLE docs_fts USING fts5(a)',
    ]);
    const shadows = (table: VirtualTable | undefined): readonly string[] => table?.shadowTables ?? [];
    const [docs, fts] = objectsOf(schema, 'virtualTable');
    expect(shadows(docs).every((name) => !name.startsWith('docs_fts_'))).toBe(true);
    expect(shadows(fts)).toHaveLength(5);
  });

  test('a module that is not loaded: the table is read, and its shadow tables are known by name', () => {
    const schema = buildSchema([
      'CREATE TABLE vectors_chunks (a)',
      'CREATE TABLE vectors_vector_chunks00 (a)',
      ...insertEntry(
        'table',
        'vectors',
        'vectors',
        0,
        'CREATE VIRTUAL TABLE vectors USING vec0(embedding float[768])',
      ),
    ]);
    expect(schema.objects).toMatchObject([
      {
        kind: 'virtualTable',
        module: 'vec0',
        arguments: ['embedding float[768]'],
        shadowTables: ['vectors_chunks', 'vectors_vector_chunks00'],
      },
    ]);
  });

  test('a schema with a function that this SQLite does not have is read all the same', () => {
    const made = new Database(':memory:');
    made.unsafeMode(true).pragma('writable_schema = ON');
    made.exec(`CREATE TABLE films (id integer PRIMARY KEY, embedding F32_BLOB(3));
      CREATE INDEX films_idx ON films (embedding);
      CREATE TABLE films_idx_shadow (a);
      UPDATE sqlite_schema SET sql = 'CREATE INDEX films_idx ON films (libsql_vector_idx(embedding))' WHERE name = 'films_idx'`);
    const found = new Database(made.serialize());
    const schema = readSchema(found, wholeDatabase);
    expect(names(schema)).toEqual(['films']);
    expect(objectsOf(schema, 'index')[0]?.parts).toMatchObject([
      { on: { expression: { text: 'libsql_vector_idx(embedding)' } } },
    ]);
    found.close();
    made.close();
  });
});

describe('tablesFilter lets in what drizzle-kit lets in', () => {
  const tables = ['users', 'user_roles', 'posts', 'post_tags', 'Log'].map(
    (name) => `CREATE TABLE ${name} (a)`,
  );
  const filtered = (...patterns: readonly string[]): readonly string[] =>
    names(
      buildSchema([...tables, 'CREATE VIEW user_view AS SELECT 1', 'CREATE INDEX i ON posts (a)'], {
        ...wholeDatabase,
        tables: patterns,
      }),
    );

  test.each<[patterns: readonly string[], expected: readonly string[]]>([
    [[], ['Log', 'post_tags', 'posts', 'user_roles', 'user_view', 'users']],
    [['user*'], ['user_roles', 'user_view', 'users']],
    [
      ['users', 'posts'],
      ['posts', 'users'],
    ],
    [['!post*'], ['Log', 'user_roles', 'user_view', 'users']],
    [
      ['user*', '!user_roles'],
      ['Log', 'post_tags', 'posts', 'user_view', 'users'],
    ],
    [['post?'], ['posts']],
    [['{users,posts}'], ['posts', 'users']],
    [['[up]*s'], ['post_tags', 'posts', 'user_roles', 'users']],
    [['log'], []],
    [['nothing'], []],
  ])('%j', (patterns, expected) => {
    expect(filtered(...patterns)).toEqual(expected);
  });

  test('what a foreign key points at is known though it is filtered out', () => {
    const schema = buildSchema(
      ['CREATE TABLE Parent (Id integer PRIMARY KEY)', 'CREATE TABLE child (p integer REFERENCES parent)'],
      {
        ...wholeDatabase,
        tables: ['child'],
      },
    );
    expect(objectsOf(schema, 'foreignKey')[0]?.references).toEqual({
      namespace: 'main',
      table: 'Parent',
      columns: ['Id'],
    });
  });
});

describe('odd definitions', () => {
  test('a table made AS SELECT, renamed tables and columns, a temporary table', () => {
    const schema = buildSchema([
      'CREATE TABLE a AS SELECT 1 AS x, \'y\' AS "two words"',
      'ALTER TABLE a RENAME TO b',
      'ALTER TABLE b RENAME COLUMN x TO "new ""name"""',
      'CREATE TEMP TABLE t (a)',
    ]);
    expect(names(schema)).toEqual(['b']);
    expect(objectsOf(schema, 'column').map(({ address }) => address.name)).toEqual([
      'new "name"',
      'two words',
    ]);
  });

  test('constraints without names have names of their own', () => {
    const schema = buildSchema(
      'CREATE TABLE t (a int UNIQUE CHECK (a > 1), b int, UNIQUE (b, a), CHECK (a > b), CHECK (a > b), CONSTRAINT c CHECK (a <> 3), CONSTRAINT c CHECK (a <> 4))',
    );
    const constraints = schema.objects.filter(({ kind }) => kind === 'check' || kind === 'unique');
    expect(constraints.map(({ address }) => address.name)).toEqual([
      'c',
      'c_2',
      'check (a > 1)',
      'check (a > b)',
      't_a_unique',
      't_b_a_unique',
    ]);
  });

  test('a virtual table that the models declare as an ordinary one', () => {
    const database = buildSchema([
      'CREATE TABLE posts (id integer PRIMARY KEY, title text)',
      'CREATE VIRTUAL TABLE posts_fts USING fts5(title, body)',
    ]);
    const models = buildSchema([
      'CREATE TABLE posts (id integer PRIMARY KEY, title text)',
      'CREATE TABLE posts_fts (rowid integer, title text, body text)',
    ]);
    expect(summarise(compare(database, models))).toEqual([['virtualTable.drop', 'posts_fts']]);
    const others = buildSchema([
      'CREATE TABLE posts (id integer PRIMARY KEY, title text)',
      'CREATE TABLE posts_fts (author text)',
    ]);
    expect(summarise(compare(database, others))).toContainEqual(['table.create', 'posts_fts']);
  });
});

describe('whether a key says NOT NULL is the tool’s affair, unless a migration says', () => {
  const build = (key: string): Schema => buildSchema(`CREATE TABLE t (code ${key})`);
  const open = (schema: Schema): Schema =>
    createSchema(
      'sqlite',
      schema.objects.map((object) =>
        object.kind === 'column' ? ({ ...object, nullabilityOpen: true } satisfies Column) : object,
      ),
    );
  const models = open(build('text PRIMARY KEY NOT NULL'));
  const without = build('text PRIMARY KEY');

  test('models alone', () => {
    expect(compare(without, models)).toEqual([]);
    expect(compare(build('text PRIMARY KEY NOT NULL'), open(without))).toEqual([]);
  });

  test('models and migrations', () => {
    const expected = completeExpected(models, build('text PRIMARY KEY NOT NULL'), sqlite.beyondModels);
    expect(summarise(compare(without, expected))).toEqual([
      ['column.alter', 't.code', { nullable: [true, false] }],
    ]);
  });
});
