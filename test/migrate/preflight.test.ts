import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/dialects/migrator.ts';
import { journalFolder } from '../migrations/folders.ts';
import { hashFile, makeProject, type TestProject } from './project.ts';

const init = `
CREATE TABLE authors (id integer PRIMARY KEY, code text, name text);
CREATE TABLE books (id integer PRIMARY KEY, author_id integer, isbn text, pages text, price real);
`;
const rows = `
INSERT INTO authors VALUES (1, 'a', 'Ann'), (2, 'b', NULL), (3, 'b', NULL);
INSERT INTO books VALUES (1, 1, '007', '12', 1.5), (2, 9, '8', 'abc', 2.0), (3, NULL, '9', '3', -1);
`;

/** The rows there, and one migration pending. */
async function prepare(sql: string): Promise<TestProject> {
  const project = makeProject(
    journalFolder([
      ['0000_init', init],
      ['0001_change', sql],
    ]),
  );
  await project.drift('migrate', '--no-check', '--to', '0000_init');
  project.database((db) => db.exec(rows));
  return project;
}

async function findings(sql: string): Promise<readonly Finding[]> {
  const project = await prepare(sql);
  const hash = hashFile(project.file);
  const { stdout } = await project.drift('migrate', '--dry-run', '--format', 'json');
  expect(hashFile(project.file)).toBe(hash);
  return (JSON.parse(stdout) as { preflight: { findings: Finding[] } }).preflight.findings;
}

/** A rebuild as drizzle-kit writes it. */
function rebuild(table: string, definition: string, columns: string, values = columns): string {
  return `PRAGMA foreign_keys=OFF;
    CREATE TABLE __new_${table} (${definition});
    INSERT INTO __new_${table}(${columns}) SELECT ${values} FROM ${table};
    DROP TABLE ${table};
    ALTER TABLE __new_${table} RENAME TO ${table};
    PRAGMA foreign_keys=ON;`;
}

const author = '"id", "code", "name"';
const book = '"id", "author_id", "isbn", "pages", "price"';

describe('the data have something against', () => {
  it.each<[what: string, sql: string, code: string, count: number, samples: readonly string[]]>([
    [
      'NOT NULL',
      rebuild('authors', 'id integer PRIMARY KEY, code text, name text NOT NULL', author),
      'null-values',
      2,
      ['2', '3'],
    ],
    [
      'a new NOT NULL column without default',
      rebuild('authors', 'id integer PRIMARY KEY, code text, name text, born text NOT NULL', author),
      'no-value',
      3,
      ['1', '2', '3'],
    ],
    ['a unique index', 'CREATE UNIQUE INDEX u ON authors (code)', 'duplicates', 1, ['b']],
    [
      'a UNIQUE',
      rebuild('authors', 'id integer PRIMARY KEY, code text UNIQUE, name text', author),
      'duplicates',
      1,
      ['b'],
    ],
    [
      'a unique index on an expression',
      'CREATE UNIQUE INDEX u ON authors (upper(code))',
      'duplicates',
      1,
      ['B'],
    ],
    [
      'a foreign key',
      rebuild(
        'books',
        'id integer PRIMARY KEY, author_id integer REFERENCES authors(id), isbn text, pages text, price real',
        book,
      ),
      'orphans',
      1,
      ['2'],
    ],
    [
      'a CHECK',
      rebuild(
        'books',
        'id integer PRIMARY KEY, author_id integer, isbn text, pages text, price real CHECK (price > 0)',
        book,
      ),
      'check-violations',
      1,
      ['3'],
    ],
    [
      'an integer in place of a text',
      rebuild(
        'books',
        'id integer PRIMARY KEY, author_id integer, isbn integer, pages text, price real',
        book,
      ),
      'lossy-cast',
      1,
      ['1'],
    ],
    [
      'an integer in place of a text that is no number',
      rebuild(
        'books',
        'id integer PRIMARY KEY, author_id integer, isbn text, pages integer, price real',
        book,
      ),
      'lossy-cast',
      1,
      ['2'],
    ],
  ])('%s', async (_what, sql, code, count, samples) => {
    const found = await findings(sql);
    expect(found[0]).toMatchObject({ code, count, samples, severity: 'error' });
  });

  it('a refusal says how many rows, which, and what to do, and changes nothing', async () => {
    const project = await prepare(
      rebuild('authors', 'id integer PRIMARY KEY, code text, name text NOT NULL', author),
    );
    const hash = hashFile(project.file);
    const { code, stderr } = await project.drift('migrate', '--no-check');
    expect(code).toBe(2);
    expect(stderr).toContain(
      '2 rows of authors have NULL for authors.name, which becomes NOT NULL (such as 2; 3)',
    );
    expect(stderr).toContain('--backfill "authors.name=SQL"');
    expect(hashFile(project.file)).toBe(hash);
  });

  it('a lossy cast passes where that is allowed', async () => {
    const sql = rebuild(
      'books',
      'id integer PRIMARY KEY, author_id integer, isbn integer, pages text, price real',
      book,
    );
    const project = await prepare(sql);
    const refused = await project.drift('migrate', '--no-check');
    expect(refused.stderr).toContain('drift migrate --allow lossy-cast');
    expect(await project.drift('migrate', '--no-check', '--allow', 'lossy-cast')).toMatchObject({ code: 0 });
  });

  it('a table that is made anew in a way that cannot be followed does not count as dropped', async () => {
    const sql = rebuild('authors', 'id integer PRIMARY KEY, code text, name text', author);
    expect(await findings(sql.replace('FROM authors;', 'FROM authors WHERE true;'))).toEqual([]);
  });

  it('tables that go with their rows are named', async () => {
    expect(await findings('DROP TABLE books')).toMatchObject([
      { code: 'rows-dropped', severity: 'warning', count: 3 },
    ]);
  });
});

describe('no false alarm', () => {
  it.each<[what: string, sql: string]>([
    [
      'values that are filled first',
      `UPDATE authors SET name = '' WHERE name IS NULL;${rebuild('authors', 'id integer PRIMARY KEY, code text, name text NOT NULL', author)}`,
    ],
    [
      'values that are filled by the copy',
      rebuild(
        'authors',
        'id integer PRIMARY KEY, code text, name text NOT NULL',
        author,
        `"id", "code", coalesce("name", '')`,
      ),
    ],
    [
      'a column that is renamed first',
      `ALTER TABLE authors RENAME COLUMN code TO letter; ${rebuild('authors', 'id integer PRIMARY KEY, letter text NOT NULL, name text', '"id", "letter", "name"')}`,
    ],
    ['a table that is renamed', 'ALTER TABLE authors RENAME TO people; CREATE INDEX i ON people (code)'],
    [
      'duplicates that are deleted first',
      'DELETE FROM authors WHERE id = 3; CREATE UNIQUE INDEX u ON authors (code)',
    ],
    [
      'a partial index that the duplicates are not in',
      "CREATE UNIQUE INDEX u ON authors (code) WHERE code <> 'b'",
    ],
    ['a key that is unique already', 'CREATE UNIQUE INDEX u ON authors (id, code)'],
    [
      'a text in place of an integer',
      rebuild('books', 'id integer PRIMARY KEY, author_id text, isbn text, pages text, price real', book),
    ],
    [
      'the same affinity under another name',
      rebuild(
        'books',
        'id bigint PRIMARY KEY, author_id int, isbn varchar(20), pages text, price double',
        book,
      ),
    ],
    ['a new column with a default', "ALTER TABLE authors ADD born text NOT NULL DEFAULT '?'"],
  ])('%s', async (_what, sql) => {
    const found = await findings(sql);
    expect(found.filter(({ severity }) => severity === 'error')).toEqual([]);
    const project = await prepare(sql);
    expect(await project.drift('migrate', '--no-check')).toMatchObject({ code: 0, stderr: '' });
  });
});

it('a view of the database that the migration breaks is found on the schema', async () => {
  const project = await prepare('ALTER TABLE authors DROP COLUMN name');
  project.database((db) => db.exec('CREATE VIEW named AS SELECT name FROM authors'));
  const { code, stderr } = await project.drift('migrate', '--no-check');
  expect([code, stderr]).toEqual([2, expect.stringContaining('0001_change cannot be run on this schema')]);
});

it('tables that SQLite keeps for itself are there for the migrations that write to them', async () => {
  const project = await prepare(
    "INSERT INTO sqlite_stat1 SELECT 'authors', NULL, '3'; DELETE FROM sqlite_sequence; INSERT INTO found VALUES ('x')",
  );
  project.database((db) =>
    db.exec(`CREATE VIRTUAL TABLE found USING fts5 (body); CREATE TABLE n (id integer PRIMARY KEY AUTOINCREMENT);
      DROP TABLE n; ANALYZE`),
  );
  expect(await project.drift('migrate', '--no-check')).toMatchObject({ code: 0, stderr: '' });
});

it('the room for a copy is reckoned also where its columns are not listed', async () => {
  const spaceOf = async (columns: string, values: string): Promise<number> => {
    const project =
      await prepare(`CREATE TABLE __new_books (id integer PRIMARY KEY, author_id integer, isbn text, pages text, price real);
      INSERT INTO __new_books ${columns} SELECT ${values} FROM books;
      DROP TABLE books;
      ALTER TABLE __new_books RENAME TO books;`);
    const { stdout } = await project.drift('migrate', '--dry-run', '--format', 'json');
    return (JSON.parse(stdout) as { preflight: { space: number } }).preflight.space;
  };
  const listed = await spaceOf(`(${book})`, book);
  expect(listed).toBeGreaterThan(0);
  expect(await spaceOf('', book)).toBe(listed);
  expect(await spaceOf('', '*')).toBe(listed);
  // One row is no copy.
  expect(await spaceOf('', 'count(*), 1, 2, 3, 4')).toBe(0);
});
