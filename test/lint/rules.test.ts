import { describe, expect, it } from 'vitest';
import { brief, lintSql, withBreakpoints, type LintCase } from './linting.ts';

const b = withBreakpoints;

const parent = 'CREATE TABLE `p` (`id` integer PRIMARY KEY NOT NULL, `name` text, `n` text);';
const cascade =
  'CREATE TABLE `c` (`id` integer PRIMARY KEY, `pid` integer REFERENCES `p`(`id`) ON DELETE CASCADE);';
const body = `
CREATE TABLE \`__new_p\` (\`id\` integer PRIMARY KEY NOT NULL, \`name\` text DEFAULT 'x', \`n\` text);

INSERT INTO \`__new_p\`("id", "name", "n") SELECT "id", "name", "n" FROM \`p\`;

DROP TABLE \`p\`;

ALTER TABLE \`__new_p\` RENAME TO \`p\`;`;
const recreate = b(`PRAGMA foreign_keys=OFF;\n${body}\n\nPRAGMA foreign_keys=ON;`);

interface Case extends LintCase {
  readonly says: string;
  readonly sql: string;
  readonly expect: readonly string[];
}

const referenced: readonly Case[] = [
  {
    says: 'a recreate of a table that nobody references is silent',
    before: [parent],
    sql: recreate,
    expect: [],
  },
  {
    says: 'a recreate of a child is silent, since nobody references it',
    before: [parent, cascade],
    sql: b(`
CREATE TABLE __new_c (id integer PRIMARY KEY, pid integer REFERENCES p(id) ON DELETE CASCADE, x text);

INSERT INTO __new_c(id, pid) SELECT id, pid FROM c;

DROP TABLE c;

ALTER TABLE __new_c RENAME TO c;`),
    expect: [],
  },
  {
    says: 'a recreate of a parent with CASCADE children deletes them',
    before: [parent, cascade],
    sql: recreate,
    expect: ['info pragma-without-effect:1', 'danger drop-cascades p:7'],
  },
  {
    says: 'SET NULL children lose their parents',
    before: [parent, cascade.replace('CASCADE', 'SET NULL')],
    sql: recreate,
    expect: ['info pragma-without-effect:1', 'danger drop-cascades p:7'],
  },
  {
    says: 'NO ACTION children make it fail',
    before: [parent, cascade.replace(' ON DELETE CASCADE', '')],
    sql: recreate,
    expect: ['info pragma-without-effect:1', 'warning drop-refused p:7'],
  },
  {
    says: 'RESTRICT children make it fail, and where they are empty CASCADE children are deleted',
    before: [parent, cascade, cascade.replace('`c`', '`d`').replace('CASCADE', 'RESTRICT')],
    sql: recreate,
    expect: ['info pragma-without-effect:1', 'danger drop-cascades p:7', 'warning drop-refused p:7'],
  },
  {
    says: 'a table that references itself deletes its own copy',
    before: [
      'CREATE TABLE p (id integer PRIMARY KEY, name text, up integer REFERENCES p(id) ON DELETE CASCADE);',
    ],
    sql: b(`
CREATE TABLE __new_p (id integer PRIMARY KEY, name text NOT NULL DEFAULT '', up integer REFERENCES p(id) ON DELETE CASCADE);

INSERT INTO __new_p(id, name, up) SELECT id, coalesce(name, ''), up FROM p;

DROP TABLE p;

ALTER TABLE __new_p RENAME TO p;`),
    expect: ['danger drop-cascades p:5'],
  },
  {
    says: 'a guard that stops where foreign keys are on is safe',
    before: [parent, cascade],
    sql: b(`
CREATE TEMP TABLE g (fk CHECK (fk = 0));

INSERT INTO temp.g SELECT foreign_keys FROM pragma_foreign_keys;

DROP TABLE temp.g;

${body}`),
    expect: [],
  },
  {
    says: 'children that are put back from a copy are safe',
    before: [parent, cascade],
    sql: b(`
CREATE TEMPORARY TABLE kept AS SELECT * FROM c;

CREATE TABLE __new_p (id integer PRIMARY KEY NOT NULL, name text, n text);

INSERT INTO __new_p SELECT id, name, n FROM p;

DROP TABLE p;

ALTER TABLE __new_p RENAME TO p;

DELETE FROM c;

INSERT INTO c SELECT * FROM kept;

DROP TABLE kept;`),
    expect: [],
  },
  {
    says: 'a shield that keeps the children is safe',
    before: [parent, cascade],
    sql: b(`
CREATE TABLE __new_p (id integer PRIMARY KEY NOT NULL, name text, n text);

INSERT INTO __new_p SELECT id, name, n FROM p;

PRAGMA defer_foreign_keys=ON;

CREATE TRIGGER keep BEFORE DELETE ON c BEGIN SELECT RAISE(IGNORE); END;

DROP TABLE p;

DROP TRIGGER keep;

ALTER TABLE __new_p RENAME TO p;

PRAGMA defer_foreign_keys=OFF;`),
    expect: [],
  },
  {
    says: 'defer_foreign_keys alone saves nothing',
    before: [parent, cascade],
    sql: b(`PRAGMA defer_foreign_keys=ON;\n${body}`),
    expect: ['danger drop-cascades p:7'],
  },
  {
    says: 'foreign keys that are really off, after a COMMIT, are safe, and the COMMIT is not',
    before: [parent, cascade],
    sql: b(`COMMIT;\n\nPRAGMA foreign_keys=OFF;\n\nBEGIN;\n${body}`),
    expect: ['warning not-in-transaction:1'],
  },
  {
    says: 'a parent that is dropped for good takes the children along',
    before: [parent, cascade],
    sql: b('DROP TABLE p;'),
    expect: ['danger data-loss p:1', 'danger destructive-order c:1', 'danger drop-cascades p:1'],
  },
  {
    says: 'parent and child dropped together, the child first',
    before: [parent, cascade],
    sql: b('DROP TABLE c;\n\nDROP TABLE p;'),
    expect: ['danger data-loss c:1', 'danger data-loss p:3'],
  },
  {
    says: 'the parent first, while rows without an action point at it',
    before: [parent, cascade.replace(' ON DELETE CASCADE', '')],
    sql: b('DROP TABLE p;\n\nDROP TABLE c;'),
    expect: ['danger data-loss p:1', 'warning drop-refused p:1', 'danger data-loss c:3'],
  },
  {
    says: 'the old table renamed away first takes the foreign keys with it',
    before: [parent, cascade],
    sql: b(`
ALTER TABLE p RENAME TO p_old;

CREATE TABLE p (id integer PRIMARY KEY NOT NULL, name text, n text);

INSERT INTO p SELECT * FROM p_old;

DROP TABLE p_old;`),
    expect: ['danger destructive-order c:1', 'danger drop-cascades p:7'],
  },
  {
    says: 'the old table dropped before the copy',
    before: [parent],
    sql: b(`
CREATE TABLE __new_p (id integer PRIMARY KEY NOT NULL, name text, n text);

DROP TABLE p;

INSERT INTO __new_p SELECT * FROM p;

ALTER TABLE __new_p RENAME TO p;`),
    expect: ['danger data-loss p:3', 'danger destructive-order p:3'],
  },
];

const rows: readonly Case[] = [
  {
    says: 'DROP COLUMN',
    before: [parent],
    sql: 'ALTER TABLE p DROP COLUMN name;',
    expect: ['danger data-loss p.name:1'],
  },
  {
    says: 'DROP COLUMN after its values were taken along is only said',
    before: [parent],
    sql: b('UPDATE p SET n = name;\n\nALTER TABLE p DROP COLUMN name;'),
    expect: ['info data-loss p.name:3'],
  },
  {
    says: 'a column that the same migration has made holds nothing',
    before: [parent],
    sql: b('ALTER TABLE p ADD x text;\n\nALTER TABLE p DROP COLUMN x;'),
    expect: [],
  },
  {
    says: 'a generated column holds nothing of its own',
    before: ['CREATE TABLE p (id integer PRIMARY KEY, a int, g int AS (a + 1));'],
    sql: 'ALTER TABLE p DROP COLUMN g;',
    expect: [],
  },
  {
    says: 'a recreate that leaves a column out',
    before: [parent],
    sql: b(`
CREATE TABLE __new_p (id integer PRIMARY KEY NOT NULL, name text);

INSERT INTO __new_p(id, name) SELECT id, name FROM p;

DROP TABLE p;

ALTER TABLE __new_p RENAME TO p;`),
    expect: ['danger data-loss p.n:5'],
  },
  {
    says: 'a recreate that copies a column to another name loses nothing',
    before: [parent],
    sql: b(`
CREATE TABLE __new_p (id integer PRIMARY KEY NOT NULL, name text, number text);

INSERT INTO __new_p(id, name, number) SELECT id, name, n FROM p;

DROP TABLE p;

ALTER TABLE __new_p RENAME TO p;`),
    expect: [],
  },
  {
    says: 'a table made anew without its rows',
    before: [parent],
    sql: b('DROP TABLE p;\n\nCREATE TABLE p (id integer PRIMARY KEY NOT NULL, name text, n text);'),
    expect: ['danger data-loss p:1'],
  },
  {
    says: 'rows kept by way of a table that stands in meanwhile',
    before: [parent],
    sql: b(`
CREATE TABLE kept AS SELECT * FROM p;

DROP TABLE p;

CREATE TABLE p (id integer PRIMARY KEY NOT NULL, name text, n text);

INSERT INTO p SELECT * FROM kept;

DROP TABLE kept;`),
    expect: [],
  },
  {
    says: 'a table dropped after its rows were copied elsewhere is only said',
    before: [parent],
    sql: b('CREATE TABLE q AS SELECT * FROM p;\n\nDROP TABLE p;'),
    expect: ['info data-loss p:3'],
  },
  {
    says: 'INSERT OR IGNORE into the new table leaves rows out',
    before: [parent],
    sql: recreate.replace('INSERT INTO', 'INSERT OR IGNORE INTO'),
    expect: ['warning data-loss p:5'],
  },
  {
    says: 'DELETE without WHERE, not the one with it',
    before: [parent],
    sql: b("DELETE FROM p WHERE name = 'x';\n\nDELETE FROM p;"),
    expect: ['warning data-loss p:3'],
  },
  {
    says: 'a table renamed is kept with all that belongs to it',
    before: [
      b(
        `${parent}\n\nCREATE INDEX pn ON p(name);\n\nCREATE TRIGGER pt AFTER INSERT ON p BEGIN SELECT 1; END;`,
      ),
      cascade,
    ],
    sql: 'ALTER TABLE p RENAME TO q;',
    expect: [],
  },
  {
    says: 'a full text index that is made anew and filled',
    before: [
      b(
        "CREATE TABLE notes (id integer PRIMARY KEY, body text);\n\nCREATE VIRTUAL TABLE notes_fts USING fts5(body, content='notes', content_rowid='id');",
      ),
    ],
    sql: b(
      "DROP TABLE notes_fts;\n\nCREATE VIRTUAL TABLE notes_fts USING fts5(body, content='notes', content_rowid='id', tokenize='trigram');\n\nINSERT INTO notes_fts(notes_fts) VALUES ('rebuild');",
    ),
    expect: [],
  },
  {
    says: 'a full text index that is dropped',
    before: ['CREATE VIRTUAL TABLE f USING fts5(body);'],
    sql: 'DROP TABLE f;',
    expect: ['warning data-loss f:1'],
  },
];

const kept: readonly Case[] = [
  {
    says: 'a trigger of the table',
    before: [
      b(
        `${parent}\n\nCREATE TABLE log (x);\n\nCREATE TRIGGER audit AFTER INSERT ON p BEGIN INSERT INTO log VALUES (new.id); END;`,
      ),
    ],
    sql: recreate,
    expect: ['warning dropped-trigger p.audit:7'],
  },
  {
    says: 'a trigger made again is kept',
    before: [b(`${parent}\n\nCREATE TRIGGER audit AFTER INSERT ON p BEGIN SELECT new.id; END;`)],
    sql: `${recreate}\n--> statement-breakpoint\nCREATE TRIGGER audit AFTER INSERT ON p BEGIN SELECT new.id; SELECT 2; END;`,
    expect: [],
  },
  {
    says: 'a trigger dropped on purpose is only said',
    before: [b(`${parent}\n\nCREATE TRIGGER audit AFTER INSERT ON p BEGIN SELECT new.id; END;`)],
    sql: 'DROP TRIGGER audit;',
    expect: ['info dropped-trigger p.audit:1'],
  },
  {
    says: 'a view dropped on purpose is only said',
    before: [b(`${parent}\n\nCREATE VIEW v AS SELECT name FROM p;`)],
    sql: 'DROP VIEW v;',
    expect: ['info dropped-view v.v:1'],
  },
  {
    says: 'a view over the table makes RENAME fail',
    before: [b(`${parent}\n\nCREATE VIEW v AS SELECT name FROM p;`)],
    sql: recreate,
    expect: ['danger statement-fails:9'],
  },
  {
    says: 'a view dropped first and made again is kept',
    before: [b(`${parent}\n\nCREATE VIEW v AS SELECT name FROM p;`)],
    sql: `DROP VIEW v;\n--> statement-breakpoint\n${recreate}\n--> statement-breakpoint\nCREATE VIEW v AS SELECT name FROM p;`,
    expect: [],
  },
  {
    says: 'a view over a table that is gone',
    before: [b(`${parent}\n\nCREATE VIEW v AS SELECT name FROM p;`)],
    sql: 'DROP TABLE p;',
    expect: ['danger data-loss p:1', 'warning broken-dependent v:1'],
  },
  {
    says: 'a view that was broken before is nobody’s fault',
    before: [b(`${parent}\n\nCREATE VIEW v AS SELECT name FROM nowhere;`)],
    sql: 'DROP TABLE p;',
    expect: ['danger data-loss p:1'],
  },
  {
    says: 'an index that drizzle-kit did not know',
    before: [b(`${parent}\n\nCREATE INDEX by_hand ON p(lower(name));`)],
    snapshots: { before: '{}', after: '{}' },
    sql: recreate,
    expect: ['warning dropped-index p.by_hand:7'],
  },
  {
    says: 'an index that the models gave up',
    before: [b(`${parent}\n\nCREATE INDEX p_name ON p(name);`)],
    snapshots: { before: '{"indexes":{"p_name":{}}}', after: '{"indexes":{}}' },
    sql: recreate,
    expect: [],
  },
  {
    says: 'an index that is made again',
    before: [b(`${parent}\n\nCREATE INDEX p_name ON p(name);`)],
    sql: `${recreate}\n--> statement-breakpoint\nCREATE INDEX p_name ON p(name);`,
    expect: [],
  },
  {
    says: 'COLLATE, STRICT and a CHECK',
    before: [
      'CREATE TABLE p (id integer PRIMARY KEY NOT NULL, name text COLLATE NOCASE, n text, CONSTRAINT short CHECK (length(n) < 9)) STRICT;',
    ],
    sql: recreate,
    expect: [
      'warning lost-attribute p.name:7',
      'warning lost-attribute p.p:7',
      'info dropped-constraint p.short:7',
    ],
  },
  {
    says: 'the sequence of AUTOINCREMENT is only said',
    before: ['CREATE TABLE p (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, name text, n text);'],
    sql: recreate.replace('PRIMARY KEY NOT', 'PRIMARY KEY AUTOINCREMENT NOT'),
    expect: ['info lost-sequence p:7'],
  },
  {
    says: 'the sequence carried over',
    before: ['CREATE TABLE p (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, name text, n text);'],
    sql: b(`
CREATE TABLE __new_p (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, name text, n text);

INSERT INTO __new_p SELECT * FROM p;

UPDATE sqlite_sequence SET seq = (SELECT seq FROM sqlite_sequence WHERE name = 'p') WHERE name = '__new_p';

DROP TABLE p;

ALTER TABLE __new_p RENAME TO p;`),
    expect: [],
  },
  {
    says: 'rowids that a text search relies on',
    before: [
      b(
        "CREATE TABLE notes (key text PRIMARY KEY, body text);\n\nCREATE VIRTUAL TABLE f USING fts5(body, content='notes');",
      ),
    ],
    sql: b(`
CREATE TABLE n2 (key text PRIMARY KEY, body text DEFAULT '');

INSERT INTO n2(key, body) SELECT key, body FROM notes;

DROP TABLE notes;

ALTER TABLE n2 RENAME TO notes;`),
    expect: ['warning lost-rowids notes:5'],
  },
];

const values: readonly Case[] = [
  {
    says: 'ADD COLUMN NOT NULL without a default',
    before: [parent],
    sql: 'ALTER TABLE p ADD x text NOT NULL;',
    expect: ['danger not-null-without-default p.x:1'],
  },
  {
    says: 'the same on a table that the migration has made',
    sql: b(`${parent}\n\nALTER TABLE p ADD x text NOT NULL;`),
    expect: [],
  },
  {
    says: 'ADD COLUMN that is nullable, or has a default',
    before: [parent],
    sql: b(
      "ALTER TABLE p ADD x text;\n\nALTER TABLE p ADD y text DEFAULT 'y' NOT NULL;\n\nALTER TABLE p ADD z integer REFERENCES p(id);",
    ),
    expect: [],
  },
  {
    says: 'ADD COLUMN with a computed default',
    before: [parent],
    sql: 'ALTER TABLE p ADD at text DEFAULT CURRENT_TIMESTAMP;',
    expect: ['danger statement-fails p.at:1'],
  },
  {
    says: 'ADD COLUMN that references with a default',
    before: [parent],
    sql: 'ALTER TABLE p ADD up integer DEFAULT 1 REFERENCES p(id);',
    expect: ['danger statement-fails p.up:1'],
  },
  {
    says: 'NOT NULL in a recreate',
    before: [parent],
    sql: recreate.replace("`name` text DEFAULT 'x'", '`name` text NOT NULL'),
    expect: ['danger not-null-without-default p.name:5'],
  },
  {
    says: 'NOT NULL in a recreate whose copy fills the column',
    before: [parent],
    sql: recreate
      .replace("`name` text DEFAULT 'x'", '`name` text NOT NULL')
      .replace('SELECT "id", "name"', 'SELECT "id", coalesce("name", \'\')'),
    expect: [],
  },
  {
    says: 'NOT NULL in a recreate after an UPDATE that fills it',
    before: [parent],
    sql: `UPDATE p SET name = '' WHERE name IS NULL;\n--> statement-breakpoint\n${recreate.replace("`name` text DEFAULT 'x'", '`name` text NOT NULL')}`,
    expect: [],
  },
  {
    says: 'a text that becomes a number',
    before: [parent],
    sql: recreate.replace('`n` text', '`n` integer'),
    expect: ['warning lossy-cast p.n:5'],
  },
  {
    says: 'a text that the copy converts',
    before: [parent],
    sql: recreate.replace('`n` text', '`n` integer').replace('"n" FROM', 'CAST("n" AS INTEGER) FROM'),
    expect: [],
  },
  {
    says: 'a type of the same affinity',
    before: [parent],
    sql: recreate.replace('`n` text', '`n` varchar(20)'),
    expect: [],
  },
  {
    says: 'a unique index over values that may repeat',
    before: [parent],
    sql: 'CREATE UNIQUE INDEX p_name ON p(name);',
    expect: ['warning constraint-validation p.p_name:1'],
  },
  {
    says: 'a unique index over duplicates that are removed first',
    before: [parent],
    sql: b(
      'DELETE FROM p WHERE id NOT IN (SELECT min(id) FROM p GROUP BY name);\n\nCREATE UNIQUE INDEX p_name ON p(name);',
    ),
    expect: [],
  },
  {
    says: 'a unique index over a key, or over a new column of NULLs, or on a new table',
    before: [parent],
    sql: b(
      'CREATE UNIQUE INDEX p_both ON p(id, name);\n\nALTER TABLE p ADD slug text;\n\nCREATE UNIQUE INDEX p_slug ON p(slug);\n\nCREATE TABLE q (x text);\n\nCREATE UNIQUE INDEX q_x ON q(x);\n\nCREATE INDEX p_plain ON p(name);',
    ),
    expect: [],
  },
  {
    says: 'a unique index over a new column that is the same everywhere',
    before: [parent],
    sql: b("ALTER TABLE p ADD slug text DEFAULT '';\n\nCREATE UNIQUE INDEX p_slug ON p(slug);"),
    expect: ['warning constraint-validation p.p_slug:3'],
  },
  {
    says: 'a unique index made anew as it was',
    before: [b(`${parent}\n\nCREATE UNIQUE INDEX p_name ON p(name);`)],
    sql: `${recreate}\n--> statement-breakpoint\nCREATE UNIQUE INDEX p_name ON p(name);`,
    expect: [],
  },
  {
    says: 'a new CHECK and a new foreign key',
    before: [parent, 'CREATE TABLE q (id integer PRIMARY KEY);'],
    sql: recreate
      .replace("DEFAULT 'x'", "DEFAULT 'x' CHECK (name <> '')")
      .replace('`n` text)', '`n` text REFERENCES q(id))'),
    expect: [
      "warning constraint-validation p.check (name <> ''):5",
      'warning constraint-validation p.p_n_q_id_fk:5',
    ],
  },
];

const statements: readonly Case[] = [
  {
    says: 'two statements without a breakpoint',
    sql: 'CREATE TABLE a (x);\nCREATE TABLE b (x);',
    expect: ['warning several-statements:2'],
  },
  {
    says: 'the body of a trigger is one statement',
    before: [parent],
    sql: 'CREATE TRIGGER t AFTER INSERT ON p BEGIN\n  UPDATE p SET n = 1;\n  SELECT CASE WHEN 1 THEN 2 END;\nEND;',
    expect: [],
  },
  {
    says: 'only comments',
    sql: '-- nothing to do for now',
    expect: ['warning no-statement:1'],
  },
  {
    says: 'a breakpoint at the end',
    sql: 'CREATE TABLE a (x);\n--> statement-breakpoint\n',
    expect: ['warning no-statement:3'],
  },
  {
    says: 'BEGIN',
    sql: 'BEGIN;\n--> statement-breakpoint\nCREATE TABLE a (x);',
    expect: ['warning not-in-transaction:1'],
  },
  {
    says: 'COMMIT',
    sql: 'CREATE TABLE a (x);\n--> statement-breakpoint\nCOMMIT;',
    expect: ['danger not-in-transaction:3'],
  },
  { says: 'VACUUM', sql: 'VACUUM;', expect: ['warning not-in-transaction:1'] },
  { says: 'PRAGMA journal_mode', sql: 'PRAGMA journal_mode=WAL;', expect: ['warning not-in-transaction:1'] },
  {
    says: 'savepoints are in order',
    sql: b('SAVEPOINT a;\n\nCREATE TABLE x (y);\n\nROLLBACK TO a;\n\nRELEASE a;'),
    expect: [],
  },
  {
    says: 'a text in double quotes',
    before: [parent],
    sql: 'UPDATE p SET name = "nobody";',
    expect: ['warning double-quoted-string nobody:1'],
  },
  {
    says: 'a column in double quotes that only the new table has',
    before: [parent],
    sql: recreate
      .replace('`n` text)', "`n` text, `extra` text DEFAULT 'x')")
      .replaceAll('"n"', '"n", "extra"')
      .replace('"extra")', '"extra")'),
    expect: ['danger double-quoted-string p.extra:5'],
  },
  {
    says: 'ALTER COLUMN … TO of libSQL',
    before: [parent],
    sql: 'ALTER TABLE p ALTER COLUMN name TO name text NOT NULL;',
    expect: ['warning libsql-only:1'],
  },
  {
    says: 'the same where the database is libSQL',
    before: [parent],
    isLibsql: true,
    sql: 'ALTER TABLE p ALTER COLUMN name TO name text NOT NULL;',
    expect: [],
  },
  {
    says: 'a custom migration that nobody has filled yet',
    sql: '-- Custom SQL migration file, put your code below! --\n-- the rows of p\n',
    expect: [],
  },
  { says: 'a syntax error', sql: 'CREATE TABEL a (x);', expect: ['danger statement-fails:1'] },
  { says: 'an unclosed quote', sql: "CREATE TABLE a (x DEFAULT 'y);", expect: ['danger statement-fails:1'] },
  {
    says: 'a table that the folder has dropped',
    before: [parent, 'DROP TABLE p;'],
    sql: 'ALTER TABLE p ADD x text;',
    expect: ['danger statement-fails p:1'],
  },
  {
    says: 'a table that was there before the folder cannot be judged',
    sql: 'ALTER TABLE elsewhere ADD x text;',
    expect: ['info not-replayed:1'],
  },
  {
    says: 'what deletes or fails in a table that was there before the folder is told by its words',
    sql: b(
      'ALTER TABLE elsewhere DROP COLUMN x;\n\nALTER TABLE elsewhere ADD y text NOT NULL;\n\nDROP INDEX some_index;\n\nDROP TABLE elsewhere;',
    ),
    expect: [
      'info not-replayed:1',
      'danger data-loss elsewhere:1',
      'danger not-null-without-default elsewhere:3',
      'danger data-loss elsewhere:7',
    ],
  },
  {
    says: 'a table whose name is nearly that of another is a slip of the pen',
    before: ['CREATE TABLE customers (id integer PRIMARY KEY);'],
    sql: 'ALTER TABLE custmers ADD x text;',
    expect: ['danger statement-fails custmers:1'],
  },
  {
    says: 'an index that nobody has made',
    before: [parent],
    sql: 'DROP INDEX p_nmae;',
    expect: ['danger statement-fails:1'],
  },
  {
    says: 'the migrator for libSQL turns foreign keys off',
    before: [parent, cascade],
    isLibsql: true,
    sql: recreate,
    expect: [],
  },
  {
    says: 'a module that is not here cannot be judged',
    sql: 'CREATE VIRTUAL TABLE v USING vec0(embedding float[3]);',
    expect: ['info not-replayed:1'],
  },
  {
    says: 'what drizzle-kit pull has written into a comment is known',
    before: [
      `-- Current sql file was generated after introspecting the database\n/*\n${parent}\n--> statement-breakpoint\n${cascade}\n*/`,
    ],
    sql: recreate,
    expect: ['info pragma-without-effect:1', 'danger drop-cascades p:7'],
  },
  {
    says: 'ATTACH is not run, and reaches no file',
    sql: b("ATTACH '/nowhere/else.db' AS other;\n\nCREATE TABLE a (x);"),
    expect: [],
  },
];

const viewed = [
  b(
    `${parent}\n\n${cascade}\n\nCREATE VIEW v AS SELECT id, name FROM p;\n\nCREATE VIEW w AS SELECT id FROM v;\n\nCREATE TRIGGER t AFTER INSERT ON c BEGIN UPDATE p SET name = 1; END;\n\nCREATE INDEX p_n ON p (n);`,
  ),
];
const withIndex = `${recreate}\n--> statement-breakpoint\nCREATE INDEX p_n ON p (n);`;
const cascades = ['info pragma-without-effect:1', 'danger drop-cascades p:7'];

/** One cause each: what follows from it is not said again. */
const echoes: readonly Case[] = [
  {
    says: 'a recreate beside a view is refused at the rename, and nothing else comes of that',
    before: viewed,
    sql: withIndex,
    expect: [...cascades, 'danger statement-fails:9'],
  },
  {
    says: 'a recreate whose new table cannot be made has lost nothing by that',
    before: viewed,
    sql: withIndex.replace("DEFAULT 'x'", 'DEFAULT x y'),
    expect: ['info pragma-without-effect:1', 'danger statement-fails:3', 'danger drop-cascades p:7'],
  },
  {
    says: 'a recreate that copies from a table which is not there',
    before: viewed,
    sql: withIndex.replace('FROM `p`', 'FROM `pp`'),
    expect: [...cascades, 'danger statement-fails pp:5', 'danger statement-fails:9'],
  },
  {
    says: 'a recreate whose copy cannot be read',
    before: viewed,
    sql: withIndex.replace('"n") SELECT', '"n" SELECT'),
    expect: [...cascades, 'danger statement-fails:5', 'danger statement-fails:9'],
  },
  {
    says: 'a recreate that drops another name',
    before: viewed,
    sql: withIndex.replace('DROP TABLE `p`', 'DROP TABLE `pq`'),
    expect: ['danger statement-fails pq:7'],
  },
  {
    says: 'a recreate that renames another table',
    before: viewed,
    sql: withIndex.replace('ALTER TABLE `__new_p`', 'ALTER TABLE `_new_p`'),
    expect: [...cascades, 'danger statement-fails _new_p:9'],
  },
  {
    says: 'a mistake elsewhere says nothing of NULLs and duplicates',
    before: [parent],
    sql: b(
      `CREATE TABLE x (y z, );\n\nCREATE TABLE __new_p (id integer PRIMARY KEY NOT NULL, name text NOT NULL DEFAULT '', n text);\n\nINSERT INTO __new_p SELECT id, coalesce(name, ''), n FROM p;\n\nDROP TABLE p;\n\nALTER TABLE __new_p RENAME TO p;\n\nDELETE FROM p WHERE id NOT IN (SELECT min(id) FROM p GROUP BY n);\n\nCREATE UNIQUE INDEX p_n ON p (n);`,
    ),
    expect: ['danger statement-fails:1'],
  },
  {
    says: 'NULLs are said beside a mistake elsewhere',
    before: [parent],
    sql: b(
      'CREATE TABLE x (y z, );\n\nCREATE TABLE __new_p (id integer PRIMARY KEY NOT NULL, name text NOT NULL, n text);\n\nINSERT INTO __new_p SELECT id, name, n FROM p;\n\nDROP TABLE p;\n\nALTER TABLE __new_p RENAME TO p;',
    ),
    expect: ['danger statement-fails:1', 'danger not-null-without-default p.name:5'],
  },
  {
    says: 'a column that a view names is refused to go, which does not break the view',
    before: viewed,
    sql: 'ALTER TABLE p DROP COLUMN name;',
    expect: ['danger data-loss p.name:1', 'danger statement-fails:1'],
  },
  {
    says: 'a second statement that a view refuses has a cause of its own',
    before: viewed,
    sql: b('ALTER TABLE p DROP COLUMN none;\n\nALTER TABLE p DROP COLUMN name;'),
    expect: ['danger statement-fails:1', 'danger data-loss p.name:3', 'danger statement-fails:3'],
  },
  {
    says: 'a view over a view that is broken is broken by that one',
    before: viewed,
    sql: b('DROP TRIGGER t;\n\nDROP TABLE c;\n\nDROP TABLE p;'),
    expect: ['danger data-loss c:3', 'danger data-loss p:5', 'warning broken-dependent v:5'],
  },
  {
    says: 'a column that could not be added is missed by the copy, which is not said again',
    before: [parent],
    sql: b(
      'ALTER TABLE p ADD z text PRIMARY KEY;\n\nCREATE TABLE __new_p (id integer PRIMARY KEY NOT NULL, name text, n text, z text);\n\nINSERT INTO __new_p("id", "name", "n", "z") SELECT "id", "name", "n", "z" FROM p;\n\nDROP TABLE p;\n\nALTER TABLE __new_p RENAME TO p;',
    ),
    expect: ['danger statement-fails:1'],
  },
];

const keys: readonly Case[] = [
  {
    says: 'a new table whose foreign key would put NULL into NOT NULL',
    before: [parent],
    sql: b(
      'CREATE TABLE o (x integer);\n\nCREATE TABLE c (pid integer NOT NULL REFERENCES p (id) ON DELETE SET NULL);',
    ),
    expect: ['warning impossible-action c:3'],
  },
  {
    says: 'one that was there before is nobody’s business',
    before: [parent, 'CREATE TABLE c (pid integer NOT NULL REFERENCES p (id) ON DELETE SET NULL);'],
    sql: 'ALTER TABLE c ADD x text;',
    expect: [],
  },
  {
    says: 'a foreign key that is made to put NULL there, when its table is made anew',
    before: [parent, 'CREATE TABLE c (pid integer NOT NULL REFERENCES p (id));'],
    sql: b(
      'CREATE TABLE __new_c (pid integer NOT NULL REFERENCES p (id) ON DELETE SET NULL);\n\nINSERT INTO __new_c SELECT * FROM c;\n\nDROP TABLE c;\n\nALTER TABLE __new_c RENAME TO c;',
    ),
    expect: ['warning impossible-action c:1'],
  },
  {
    says: 'a foreign key to what is no key',
    before: [parent],
    sql: 'CREATE TABLE c (pid text REFERENCES p (name));',
    expect: ['danger foreign-key-mismatch c:1'],
  },
  {
    says: 'a foreign key to what becomes a key in the same migration',
    before: [parent],
    sql: b('CREATE TABLE c (pid text REFERENCES p (name));\n\nCREATE UNIQUE INDEX p_name ON p (name);'),
    expect: ['warning constraint-validation p.p_name:3'],
  },
];

describe.each([
  ['dropping a table with foreign keys', referenced],
  ['foreign keys that stand in the way', keys],
  ['rows and values', rows],
  ['what was there', kept],
  ['values in a new definition', values],
  ['statements', statements],
  ['what follows from a failure', echoes],
] as const)('lint: %s', (_title, cases) => {
  it.each(cases.map((one) => [one.says, one] as const))('%s', async (_says, one) => {
    const sorted = (list: readonly string[]): readonly string[] => [...list].sort();
    expect(sorted(brief(await lintSql(one.sql, one)))).toEqual(sorted(one.expect));
  });
});
