/** `drift diff` on SQLite: scripts, files and the parts of a project, each way round. */
import Database from 'better-sqlite3';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { journalFolder } from '../migrations/folders.ts';
import { compare, compareScripts, drift, makeDatabase, makeFolder } from './sides.ts';

const users = 'create table users (id integer primary key, name text not null, age int);';

describe('two .sql files', () => {
  it('are equal to themselves, also with comments, quotes and statements in another order', async () => {
    const other = '-- the same\nCREATE INDEX IF NOT EXISTS by_name ON "users" (`name`);\n/* nothing; here */';
    const one = `${users} create index by_name on users (name);`;
    const found = await compareScripts('sqlite', one, `${users}\n${other}`);
    expect(found).toMatchObject({ code: 0, status: 'equal', changes: [] });
  });

  it('tell what leads from the first to the second, and the reverse back', async () => {
    const to =
      'create table users (id integer primary key, name text, age bigint, email text); create view v as select 1;';
    const there = await compareScripts('sqlite', users, to);
    expect(there.code).toBe(1);
    expect(there.changes).toEqual([
      'column.alter users.age type int→bigint',
      'column.create users.email',
      'column.alter users.name nullable false→true',
      'view.create v',
    ]);
    const back = await compareScripts('sqlite', to, users);
    expect(back.changes).toEqual([
      'column.alter users.age type bigint→int',
      'column.drop users.email',
      'column.alter users.name nullable true→false',
      'view.drop v',
    ]);
  });

  it('are named in the sentences, and never "the database"', async () => {
    const { document } = await compareScripts(
      'sqlite',
      users,
      'create table users (id integer primary key);',
    );
    expect(document.changes.map(({ message }) => message)).toEqual([
      'users.age (int) is in a.sql and not in b.sql.',
      'users.name (text NOT NULL) is in a.sql and not in b.sql.',
    ]);
    const created = await compareScripts('sqlite', '', users);
    expect(created.document.changes[0]?.message).toBe('Table users is missing in a.sql; b.sql has it.');
  });

  it('are held against each other to the letter, where models would leave it open', async () => {
    const constraint = 'create table t (a text unique); create virtual table d using fts5 (body);';
    const index =
      'create table t (a text); create unique index t_a_unique on t (a); create table d (body text);';
    const there = await compareScripts('sqlite', constraint, index);
    expect(there.changes).toEqual([
      'table.create d',
      'virtualTable.drop d',
      'index.create t.t_a_unique',
      'unique.drop t.t_a_unique',
    ]);
    const back = await compareScripts('sqlite', index, constraint);
    expect(back.changes).toEqual([
      'table.drop d',
      'virtualTable.create d',
      'index.drop t.t_a_unique',
      'unique.create t.t_a_unique',
    ]);
  });

  it('may hold triggers with bodies, a transaction and rows', async () => {
    const script = `BEGIN TRANSACTION;
${users}
INSERT INTO users VALUES (1, 'a;b', 3);
CREATE TRIGGER t AFTER INSERT ON users BEGIN
  UPDATE users SET age = CASE WHEN age > 1 THEN 1 ELSE 2 END;
  SELECT 1;
END;
COMMIT;`;
    expect(await compareScripts('sqlite', script, script)).toMatchObject({ code: 0, changes: [] });
    const { changes } = await compareScripts('sqlite', users, script);
    expect(changes).toEqual(['trigger.create users.t']);
  });

  it('may be what .dump of the sqlite3 shell prints, its own tables among them', async () => {
    const dump = `PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT);
INSERT INTO users VALUES(1,'x');
CREATE TABLE sqlite_sequence(name,seq);
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 VALUES('users',NULL,'1');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('users',1);
COMMIT;`;
    const made = 'create table users (id integer primary key autoincrement, name text);';
    expect(await compareScripts('sqlite', dump, made)).toMatchObject({ code: 0, changes: [] });
  });

  it('may be what .schema prints of a full-text table with its shadow tables', async () => {
    const schema = `CREATE VIRTUAL TABLE docs USING fts5(body)
/* docs(body) */;
CREATE TABLE IF NOT EXISTS 'docs_data'(id INTEGER PRIMARY KEY, block BLOB);
CREATE TABLE IF NOT EXISTS 'docs_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS 'docs_content'(id INTEGER PRIMARY KEY, c0);
CREATE TABLE IF NOT EXISTS 'docs_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
CREATE TABLE IF NOT EXISTS 'docs_config'(k PRIMARY KEY, v) WITHOUT ROWID;`;
    const made = 'create virtual table docs using fts5(body);';
    expect(await compareScripts('sqlite', schema, made)).toMatchObject({ code: 0, changes: [] });
  });

  it('without a statement stand for an empty database', async () => {
    expect(await compareScripts('sqlite', '', '-- nothing\n')).toMatchObject({ code: 0, changes: [] });
    expect((await compareScripts('sqlite', '', users)).changes).toEqual(['table.create users']);
    const folder = makeFolder({ 'a.sql': '', 'b.sql': '' });
    const { stdout } = await drift(folder, 'diff a.sql b.sql --dialect sqlite');
    expect(stdout).toBe('No differences: a.sql and b.sql have the same schema (sqlite, 0 tables).\n');
  });

  it('fail at a statement with file, line and the words of SQLite', async () => {
    const script = `${users}\n\n-- what is\n-- wrong here\ncreate index i on users (nam);\n`;
    const folder = makeFolder({ 'sub/a.sql': script, 'b.sql': users });
    const { code, stderr, stdout } = await drift(folder, 'diff sub/a.sql b.sql --dialect sqlite');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(
      'error SCRIPT_FAILED: sub/a.sql:5: no such column: nam: create index i on users (nam)',
    );
  });

  it('cannot reach other files', async () => {
    const folder = makeFolder({ 'a.sql': "attach 'other.db' as o; create table o.t (a);", 'b.sql': '' });
    const { code, stderr } = await drift(folder, 'diff a.sql b.sql --dialect sqlite');
    expect(code).toBe(2);
    expect(stderr).toContain('a.sql:1');
  });

  it('that are no UTF-8 are refused', async () => {
    const folder = makeFolder({ 'a.sql': new Uint8Array([0xff, 0xfe, 0x41, 0x00]), 'b.sql': '' });
    const { code, stderr } = await drift(folder, 'diff a.sql b.sql --dialect sqlite');
    expect(code).toBe(2);
    expect(stderr).toContain('SCRIPT_UNREADABLE');
  });
});

describe('a database file', () => {
  it('is known by its ending or its first bytes, tells the dialect of a script, and is not changed', async () => {
    const folder = makeFolder({ 'a.sql': `${users} create index i on users (age);` });
    for (const name of ['x.db', 'x.sqlite', 'x.sqlite3', 'x.data', 'plain'])
      makeDatabase(folder, name, users);
    const before = readFileSync(path.join(folder, 'x.db'));
    for (const name of ['x.db', 'x.sqlite', 'x.sqlite3', 'x.data', './plain', 'file:x.db', 'file:./plain']) {
      const { code, changes } = await compare(folder, name, 'a.sql');
      expect([name, code, changes]).toEqual([name, 1, ['index.create users.i']]);
    }
    expect(readFileSync(path.join(folder, 'x.db')).equals(before)).toBe(true);
  });

  it('is compared with another one in full, whatever tablesFilter a config beside them has', async () => {
    const folder = makeFolder({
      'drizzle.config.json': JSON.stringify({ dialect: 'sqlite', tablesFilter: ['other'] }),
    });
    makeDatabase(folder, 'a.db', users);
    makeDatabase(folder, 'b.db', `${users} create table t (a);`);
    expect((await compare(folder, 'a.db', 'b.db')).changes).toEqual(['table.create t']);
  });

  it('of no bytes is an empty database to SQLite and to drift', async () => {
    const folder = makeFolder({ 'a.db': '' });
    makeDatabase(folder, 'b.db', users);
    expect((await compare(folder, 'a.db', 'b.db')).changes).toEqual(['table.create users']);
  });
});

describe('the parts of a project', () => {
  const models = `import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
export const users = sqliteTable('users', {
  id: integer().primaryKey(),
  name: text().notNull(),
  email: text().unique(),
});
`;
  const migrations = journalFolder([
    [
      '0000_users',
      'CREATE TABLE `users` (`id` integer PRIMARY KEY NOT NULL, `name` text NOT NULL);\n--> statement-breakpoint\nCREATE TRIGGER `tr` AFTER INSERT ON `users` BEGIN SELECT 1; END;',
    ],
  ]);

  function makeProject(withMigrations = true): string {
    const folder = makeFolder({
      'drizzle.config.json': JSON.stringify({
        dialect: 'sqlite',
        schema: './schema.ts',
        out: './drizzle',
        dbCredentials: { url: './app.db' },
      }),
      'schema.ts': models,
      ...(withMigrations
        ? Object.fromEntries(Object.entries(migrations).map(([name, text]) => [`drizzle/${name}`, text]))
        : {}),
    });
    makeDatabase(
      folder,
      'app.db',
      'create table users (id integer primary key not null, name text); create table extra (a); create trigger tr after insert on users begin select 1; end;',
    );
    return folder;
  }

  it('are compared in any pair and any direction', async () => {
    const folder = makeProject();
    const pairs: readonly (readonly [string, string, readonly string[]])[] = [
      [
        'database',
        'models',
        [
          'table.drop extra',
          'column.create users.email',
          'column.alter users.name nullable true→false',
          'unique.create users.users_email_unique',
        ],
      ],
      [
        'models',
        'database',
        [
          'table.create extra',
          'column.drop users.email',
          'column.alter users.name nullable false→true',
          'unique.drop users.users_email_unique',
        ],
      ],
      ['migrations', 'models', ['column.create users.email', 'unique.create users.users_email_unique']],
      ['database', 'migrations', ['table.drop extra', 'column.alter users.name nullable true→false']],
      ['migrations', 'app.db', ['table.create extra', 'column.alter users.name nullable false→true']],
      ['models', 'models', []],
      ['database', 'app.db', []],
    ];
    for (const [from, to, expected] of pairs) {
      const { code, changes } = await compare(folder, from, to);
      expect([from, to, code, changes]).toEqual([from, to, expected.length === 0 ? 0 : 1, expected]);
    }
  });

  it('say in which line of the models what is expected stands', async () => {
    const folder = makeProject();
    const { document } = await compare(folder, 'database', 'models');
    const messages = document.changes.map(({ message }) => message);
    expect(messages).toContain('users.email (text) is missing in the database; schema.ts:5 has it.');
    expect(messages).toContain('users.name allows NULL in the database; schema.ts:4 says NOT NULL.');
    const turned = await compare(folder, 'models', 'database');
    expect(turned.document.changes.map(({ message }) => message)).toContain(
      'users.name is NOT NULL in the models; the database says NULL is allowed.',
    );
  });

  it('list what models have no word for where no migration tells', async () => {
    const folder = makeProject(false);
    for (const [from, to] of [
      ['models', 'database'],
      ['database', 'models'],
    ] as const) {
      const { document } = await compare(folder, from, to);
      expect(document.unmanaged).toMatchObject([{ kind: 'trigger', address: { name: 'tr' } }]);
      expect(document.changes.map(({ kind }) => kind)).not.toContain('trigger.drop');
    }
  });

  it('do without migrations only where nobody asks for them', async () => {
    const folder = makeProject(false);
    const { code, document } = await compare(folder, 'migrations', 'database');
    expect([code, document.error?.code]).toEqual([2, 'DIFF_NO_MIGRATIONS']);
  });

  it('take the database of --url, and leave out what drift.config ignores', async () => {
    const folder = makeProject();
    makeDatabase(folder, 'other.db', 'create table users (id integer primary key not null);');
    const other = await compare(folder, 'database', 'migrations', '--url', 'other.db');
    expect(other.changes).toEqual(['column.create users.name', 'trigger.create users.tr']);
    writeFileSync(
      path.join(folder, 'drift.config.json'),
      JSON.stringify({ ignore: [{ kind: 'table', name: 'extra' }] }),
    );
    const ignoring = await compare(folder, 'migrations', 'app.db');
    expect(ignoring.changes).toEqual(['column.alter users.name nullable false→true']);
  });

  it('give the dialect to scripts', async () => {
    const folder = makeProject();
    writeFileSync(path.join(folder, 'a.sql'), users);
    expect((await compare(folder, 'a.sql', 'a.sql')).document.dialect).toBe('sqlite');
  });
});

describe('--sql', () => {
  it('prints statements that lead from one to the other, and proves it', async () => {
    const to =
      'create table users (id integer primary key, name text not null, age bigint not null default 0);';
    const folder = makeFolder({ 'a.sql': users, 'b.sql': to });
    const { code, stdout } = await drift(folder, 'diff a.sql b.sql --sql --dialect sqlite');
    expect(code).toBe(1);
    const database = new Database(path.join(folder, 'c.db'));
    database.exec(users);
    database.pragma('foreign_keys = OFF');
    database.exec(stdout);
    database.close();
    expect(await compare(folder, 'c.db', 'b.sql')).toMatchObject({ code: 0, changes: [] });
  });

  it('says so where there is nothing to do', async () => {
    const folder = makeFolder({ 'a.sql': users });
    const { code, stdout } = await drift(folder, 'diff a.sql a.sql --sql --dialect sqlite');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '-- From a.sql to a.sql: nothing to do.\n' });
  });

  it('drops nothing without a word, and takes the answers that it asks for', async () => {
    const to = 'create table people (id integer primary key, name text not null, age int);';
    const folder = makeFolder({ 'a.sql': users, 'b.sql': to });
    const refused = await drift(folder, 'diff a.sql b.sql --sql --dialect sqlite');
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('--rename table:users=people');
    const line = 'diff a.sql b.sql --sql --dialect sqlite --rename table:users=people';
    const { stdout } = await drift(folder, line);
    expect(stdout).toContain('ALTER TABLE `users` RENAME TO `people`;');
    const dropped = await drift(folder, 'diff a.sql b.sql --sql --dialect sqlite --allow data-loss');
    expect(dropped.stdout).toContain('DROP TABLE `users`;');
  });

  it('plans from a database to the models', async () => {
    const folder = makeFolder({
      'drizzle.config.json': JSON.stringify({ dialect: 'sqlite', schema: './schema.ts' }),
      'schema.ts': `import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
export const users = sqliteTable('users', { id: integer().primaryKey(), name: text().notNull(), age: integer() });
`,
    });
    makeDatabase(
      folder,
      'a.db',
      `create table users (id integer primary key not null, name text not null); create trigger t after insert on users begin select 1; end;`,
    );
    const { stdout } = await drift(folder, 'diff a.db models --sql');
    expect(stdout).toContain('ALTER TABLE `users` ADD COLUMN `age` integer;');
    expect(stdout).not.toContain('TRIGGER');
  });
});
