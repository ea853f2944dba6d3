/** `drift diff a.sql b.sql --sql`: the plan leads from one script to the very other, with every row. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { DiffChange } from '../../../src/report/diff-report.ts';
import { runDiff } from '../../../src/stages/compare-two.ts';
import { splitAtSemicolons } from '../../../src/project/migrations/statements.ts';
import { runners } from './runners.ts';

/** Statements before, rows that are there, statements after. */
type Pair = readonly [what: string, from: string, rows: string, to: string];

const pairs: readonly Pair[] = [
  [
    'a UNIQUE that comes is a UNIQUE',
    'CREATE TABLE t (id integer PRIMARY KEY, email text);',
    "INSERT INTO t VALUES (1, 'a'), (2, 'b')",
    'CREATE TABLE t (id integer PRIMARY KEY, email text UNIQUE);',
  ],
  [
    'a unique index becomes a UNIQUE of the same columns',
    'CREATE TABLE t (id integer PRIMARY KEY, email text); CREATE UNIQUE INDEX t_email_unique ON t (email);',
    "INSERT INTO t VALUES (1, 'a'), (2, 'b')",
    'CREATE TABLE t (id integer PRIMARY KEY, email text UNIQUE);',
  ],
  [
    'a UNIQUE becomes a unique index of the same columns',
    'CREATE TABLE t (id integer PRIMARY KEY, email text UNIQUE);',
    "INSERT INTO t VALUES (1, 'a'), (2, 'b')",
    'CREATE TABLE t (id integer PRIMARY KEY, email text); CREATE UNIQUE INDEX t_email_unique ON t (email);',
  ],
  [
    'a UNIQUE goes, and a unique index of the name it would have stays',
    'CREATE TABLE t (id integer, email text UNIQUE); CREATE UNIQUE INDEX t_email_unique ON t (email);',
    "INSERT INTO t VALUES (1, 'a'), (2, 'b')",
    'CREATE TABLE t (id integer, email text); CREATE UNIQUE INDEX t_email_unique ON t (email);',
  ],
  [
    'no column of the table stays',
    'CREATE TABLE t (id integer PRIMARY KEY);',
    'INSERT INTO t VALUES (1), (2), (5)',
    'CREATE TABLE t (code integer PRIMARY KEY, name text);',
  ],
  [
    'an index goes from a table that is dropped to one that comes',
    'CREATE TABLE people (name text); CREATE INDEX by_name ON people (name); CREATE TABLE kept (id);',
    'INSERT INTO kept VALUES (1)',
    'CREATE TABLE persons (name text); CREATE INDEX by_name ON persons (name); CREATE TABLE kept (id);',
  ],
  [
    'an index goes from one table to another',
    'CREATE TABLE a (x integer); CREATE TABLE b (x integer); CREATE INDEX i ON b (x);',
    'INSERT INTO a VALUES (1); INSERT INTO b VALUES (2)',
    'CREATE TABLE a (x integer); CREATE TABLE b (x integer); CREATE INDEX I ON a (x);',
  ],
  [
    'two tables swap the names of their indexes, and one of them is made anew',
    'CREATE TABLE a (x integer, y); CREATE TABLE b (x integer); CREATE INDEX i ON a (x); CREATE INDEX j ON b (x);',
    'INSERT INTO a VALUES (1, 2); INSERT INTO b VALUES (2)',
    'CREATE TABLE a (x integer, y NOT NULL); CREATE TABLE b (x integer); CREATE INDEX j ON a (x); CREATE INDEX i ON b (x);',
  ],
  [
    'a column goes in whose definition a CHECK of another column is written',
    'CREATE TABLE t (a integer CHECK (a < 100), b integer CHECK (a > 0), c text CONSTRAINT low CHECK (a < 50));',
    "INSERT INTO t VALUES (1, 2, 'x')",
    'CREATE TABLE t (a integer CHECK (a < 100) CHECK (a > 0) CONSTRAINT low CHECK (a < 50));',
  ],
  [
    'the dropped column has one of two CHECKs that are the same',
    'CREATE TABLE t (a integer CHECK (a > 0), b integer CHECK (a  >  0));',
    'INSERT INTO t VALUES (1, 2)',
    'CREATE TABLE t (a integer CHECK (a > 0));',
  ],
  [
    'a view of what is not there is wanted',
    'CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t;',
    'INSERT INTO t VALUES (1)',
    'CREATE TABLE t (b NOT NULL DEFAULT 2); CREATE VIEW v AS SELECT a FROM t;',
  ],
  [
    'a trigger that writes to what is not there is wanted',
    'CREATE TABLE t (a); CREATE TABLE log (a); CREATE TRIGGER r AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.a); END;',
    'INSERT INTO t VALUES (1)',
    'CREATE TABLE t (a); CREATE TRIGGER r AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.a); END;',
  ],
  [
    'a virtual table gives its name to a table, and another table its own to a virtual one',
    'CREATE VIRTUAL TABLE a USING fts5 (x); CREATE TABLE b (x); CREATE TABLE c (x);',
    'INSERT INTO c VALUES (1)',
    'CREATE TABLE a (x); CREATE VIRTUAL TABLE b USING fts5 (x); CREATE TABLE c (x NOT NULL);',
  ],
  [
    'a foreign key to a whole primary key has another number of columns',
    'CREATE TABLE p (a, b, PRIMARY KEY (a, b)); CREATE TABLE c (a REFERENCES p);',
    'INSERT INTO p VALUES (1, 2)',
    'CREATE TABLE p (a, b, PRIMARY KEY (a, b)); CREATE TABLE c (a REFERENCES p, n);',
  ],
  [
    'tables that point at each other are made anew more than once, and are spelt otherwise',
    'CREATE TABLE Item (id int PRIMARY KEY, shop int); CREATE TABLE price (id int PRIMARY KEY, item int REFERENCES item (id));',
    'INSERT INTO Item VALUES (1, 2); INSERT INTO price VALUES (1, 1)',
    'CREATE TABLE item (id int NOT NULL, shop int NOT NULL, PRIMARY KEY (shop, id)); CREATE TABLE PRICE (id int PRIMARY KEY, item int, shop int, FOREIGN KEY (shop, item) REFERENCES Item (shop, id));',
  ],
  [
    'a column of any text becomes the rowid',
    'CREATE TABLE t (x text, a text AS (x));',
    "INSERT INTO t VALUES ('5')",
    'CREATE TABLE t (a integer PRIMARY KEY);',
  ],
  [
    'a type with empty brackets gets more of them',
    'CREATE TABLE t (tags text[]);',
    "INSERT INTO t VALUES ('x')",
    'CREATE TABLE t (tags text[][]);',
  ],
];

async function diff(
  from: string,
  to: string,
  plan: Parameters<typeof runDiff>[0]['plan'] = null,
): Promise<{ readonly changes: readonly DiffChange[]; readonly sql: string }> {
  const cwd = mkdtempSync(path.join(tmpdir(), 'drift-exact-'));
  try {
    writeFileSync(path.join(cwd, 'from.sql'), from);
    writeFileSync(path.join(cwd, 'to.sql'), to);
    const request = { cwd, env: { XDG_CACHE_HOME: cwd }, dialect: 'sqlite', plan } as const;
    const { report, sql } = await runDiff({ ...request, from: 'from.sql', to: 'to.sql' });
    return { changes: report.changes, sql: sql ?? '' };
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

function open(sql: string): Database.Database {
  const db = new Database(':memory:');
  onTestFinished(() => void db.close());
  db.pragma('foreign_keys = OFF');
  db.exec(sql);
  return db;
}

/** The database as a script. */
function dump(db: Database.Database): string {
  const texts = db.prepare('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL').pluck().all() as string[];
  return texts.map((text) => `${text};`).join('\n');
}

function countRows(db: Database.Database): readonly (readonly [string, unknown])[] {
  const names = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all() as string[];
  return names.map((name) => [name, db.prepare(`SELECT count(*) FROM "${name}"`).pluck().get()] as const);
}

/** With foreign keys on, SQLite lets nobody write to such a table, whatever the plan is. */
const unkeyed: Pair = [
  'a foreign key points at no key before and after',
  'CREATE TABLE p (id integer PRIMARY KEY, code); CREATE TABLE c (code REFERENCES p (code), n);',
  'INSERT INTO p VALUES (1, 2); INSERT INTO c VALUES (2, 3)',
  'CREATE TABLE p (id integer PRIMARY KEY, code, more); CREATE TABLE c (code REFERENCES p (code), n NOT NULL);',
];

describe('the plan between two scripts leads to the very other', () => {
  it.each([...pairs, unkeyed])('%s', async (what, from, rows, to) => {
    for (const { form, run } of runners) {
      if (what === unkeyed[0] && form !== 'drift') continue;
      const { sql } = await diff(from, to, { runner: form, allowDataLoss: true });
      const db = open(from);
      // What is fired by a row is not what is looked at.
      const triggers = db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all() as {
        readonly name: string;
        readonly sql: string;
      }[];
      for (const { name } of triggers) db.exec(`DROP TRIGGER "${name}"`);
      db.exec(rows);
      for (const trigger of triggers) db.exec(trigger.sql);
      const before = new Map(countRows(db));
      const statements = splitAtSemicolons({ text: sql, line: 1 }).map(({ text }) => text);
      run(db, statements.join('\n--> statement-breakpoint\n'));
      const after = countRows(db).filter(([name]) => before.has(name));
      expect(after).toEqual(after.map(([name]) => [name, before.get(name)]));
      db.exec('DROP TABLE IF EXISTS __drizzle_migrations');
      expect((await diff(dump(db), to)).changes).toEqual([]);
    }
  });
});

describe('what a script says of two', () => {
  it('an index on a term that SQLite itself cannot read again is an error with a code', async () => {
    const broken = 'CREATE TABLE s (a); CREATE INDEX k ON s ((WITH x AS (SELECT *) VALUES (2)) IN ());';
    await expect(diff(broken, 'CREATE TABLE s (a, b);', {})).rejects.toMatchObject({
      code: 'SCHEMA_NOT_BUILDABLE',
    });
  });

  it('a statement that is no SQL is named, whatever words are in it', async () => {
    const odd = 'CREATE TABLE t (a);\nFETCH NEXT FROM cur INTO @@code;';
    await expect(diff(odd, '')).rejects.toMatchObject({ code: 'SCRIPT_FAILED', details: { line: 2 } });
  });
});
