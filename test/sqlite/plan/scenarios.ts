/** What can happen to a schema, with data in every table. */
export interface Scenario {
  readonly name: string;
  /** Statements that make the schema and fill it. */
  readonly before: string;
  /** Statements that make the schema that is wanted. */
  readonly after: string;
  readonly renames?: readonly string[];
  readonly backfills?: readonly string[];
  /** Where the data breaks a new rule: nothing may change, and the error says this. */
  readonly refused?: RegExp;
  /** Queries and the rows they have to give afterwards, beside all that has to stay as it was. */
  readonly then?: Readonly<Record<string, readonly unknown[]>>;
  /** Columns whose values change on purpose: `table.column`. */
  readonly changed?: readonly string[];
  /** Statements of which none, or at least one, has to be in the migration. */
  readonly never?: RegExp;
  readonly always?: RegExp;
}

const users = (column: string, rest = ''): string =>
  `CREATE TABLE users (id integer PRIMARY KEY AUTOINCREMENT, ${column}${rest});`;

const child = (action: string, extra = ''): string =>
  `CREATE TABLE posts (id integer PRIMARY KEY, user_id integer DEFAULT 1 REFERENCES users(id) ON DELETE ${action} ${extra}, title text);`;

const grandchild =
  'CREATE TABLE likes (id integer PRIMARY KEY, post_id integer REFERENCES posts(id) ON DELETE CASCADE);';

const people = "INSERT INTO users (id, v) VALUES (1, 'a'), (2, 'b'), (7, 'c');";
const family = `${people} INSERT INTO posts VALUES (1, 1, 'x'), (2, 2, 'y'), (3, 7, 'z'), (4, NULL, 'none'); INSERT INTO likes VALUES (1, 1), (2, 3);`;

const actions = ['NO ACTION', 'RESTRICT', 'CASCADE', 'SET NULL', 'SET DEFAULT'];

const t = (columns: string, options = ''): string => `CREATE TABLE t (${columns}) ${options};`;
const rows = "INSERT INTO t (id, a, b) VALUES (1, 'x', 1), (2, 'y', 2), (9, 'z', 3);";

export const scenarios: readonly Scenario[] = [
  ...actions.flatMap((action): Scenario[] =>
    ['', 'DEFERRABLE INITIALLY DEFERRED'].map((extra) => ({
      name: `rebuild of a parent with ${action} ${extra} children and grandchildren`,
      before: `${users('v text')} ${child(action, extra)} ${grandchild} ${family}`,
      after: `${users('v text NOT NULL')} ${child(action, extra)} ${grandchild}`,
      then: { 'SELECT count(*) FROM posts': [4], 'SELECT count(*) FROM likes': [2] },
    })),
  ),
  ...actions.map((action): Scenario => ({
    name: `rebuild of parent and child together, ${action}`,
    before: `${users('v text')} ${child(action)} ${grandchild} ${family}`,
    after: `${users('v text NOT NULL')} ${child(action).replace('title text', 'title text NOT NULL')} ${grandchild}`,
  })),
  ...actions.map((action): Scenario => ({
    name: `change of a foreign key's action from ${action}`,
    before: `${users('v text')} ${child(action)} ${grandchild} ${family}`,
    after: `${users('v text')} ${child(action === 'CASCADE' ? 'SET NULL' : 'CASCADE')} ${grandchild}`,
  })),
  {
    name: 'a self-reference with CASCADE',
    before: `CREATE TABLE t (id integer PRIMARY KEY, up integer REFERENCES t(id) ON DELETE CASCADE, v text); INSERT INTO t VALUES (1, NULL, 'a'), (2, 1, 'b'), (3, 2, 'c'), (4, 4, 'd');`,
    after:
      'CREATE TABLE t (id integer PRIMARY KEY, up integer REFERENCES t(id) ON DELETE CASCADE, v text NOT NULL);',
    then: { 'SELECT "table" FROM pragma_foreign_key_list(\'t\')': ['t'] },
  },
  {
    name: 'a self-reference to a unique index, with SET NULL',
    before: `CREATE TABLE t (id integer PRIMARY KEY, code text, up text REFERENCES t(code) ON DELETE SET NULL, v text); CREATE UNIQUE INDEX t_code ON t(code); INSERT INTO t VALUES (1, 'a', NULL, 'x'), (2, 'b', 'a', 'y');`,
    after: `CREATE TABLE t (id integer PRIMARY KEY, code text, up text REFERENCES t(code) ON DELETE SET NULL, v text NOT NULL); CREATE UNIQUE INDEX t_code ON t(code);`,
  },
  {
    name: 'a composite foreign key',
    before: `CREATE TABLE p (a integer, b text, v text, PRIMARY KEY (a, b)); CREATE TABLE c (id integer PRIMARY KEY, x integer, y text, FOREIGN KEY (x, y) REFERENCES p(a, b) ON DELETE CASCADE); INSERT INTO p VALUES (1, 'k', 'v'), (2, 'l', 'w'); INSERT INTO c VALUES (1, 1, 'k'), (2, 2, 'l'), (3, NULL, 'k');`,
    after: `CREATE TABLE p (a integer, b text, v text NOT NULL, PRIMARY KEY (a, b)); CREATE TABLE c (id integer PRIMARY KEY, x integer, y text, FOREIGN KEY (x, y) REFERENCES p(a, b) ON DELETE CASCADE);`,
  },
  {
    name: 'a circle of two tables, both rebuilt',
    before: `CREATE TABLE a (id integer PRIMARY KEY, b_id integer REFERENCES b(id) ON DELETE CASCADE, v text); CREATE TABLE b (id integer PRIMARY KEY, a_id integer REFERENCES a(id) ON DELETE CASCADE, v text); PRAGMA foreign_keys = OFF; INSERT INTO a VALUES (1, 1, 'x'), (2, 2, 'y'); INSERT INTO b VALUES (1, 2, 'x'), (2, 1, 'y'); PRAGMA foreign_keys = ON;`,
    after: `CREATE TABLE a (id integer PRIMARY KEY, b_id integer REFERENCES b(id) ON DELETE CASCADE, v text NOT NULL); CREATE TABLE b (id integer PRIMARY KEY, a_id integer REFERENCES a(id) ON DELETE CASCADE, v text NOT NULL);`,
  },
  ...['SET NULL', 'SET DEFAULT'].map((action): Scenario => ({
    name: `a self-reference with ${action} in a column that takes neither NULL nor its default`,
    before: `CREATE TABLE t (id integer PRIMARY KEY, up integer NOT NULL DEFAULT 0 CHECK (up > 0) REFERENCES t(id) ON DELETE ${action}, v text); INSERT INTO t VALUES (1, 1, 'a'), (2, 1, 'b');`,
    after: `CREATE TABLE t (id integer PRIMARY KEY, up integer NOT NULL DEFAULT 0 CHECK (up > 0) REFERENCES t(id) ON DELETE ${action}, v text NOT NULL);`,
  })),
  {
    name: 'a chain of rows in one table that is longer than SQLite cascades',
    before: `CREATE TABLE t (id integer PRIMARY KEY, up integer REFERENCES t(id) ON DELETE CASCADE, v text); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO t SELECT i, nullif(i - 1, 0), 'x' FROM n;`,
    after: `CREATE TABLE t (id integer PRIMARY KEY, up integer REFERENCES t(id) ON DELETE CASCADE, v text NOT NULL);`,
  },
  {
    name: 'no column of the table stays',
    before: `CREATE TABLE t (k text PRIMARY KEY, a text) WITHOUT ROWID; INSERT INTO t VALUES ('x', 'y'), ('z', NULL);`,
    after: `CREATE TABLE t (b integer DEFAULT 7, c text);`,
    then: { 'SELECT b FROM t': [7, 7] },
  },
  {
    name: 'the key that a child points at moves to another column',
    before: `CREATE TABLE p (id integer NOT NULL, old integer NOT NULL UNIQUE, new integer, PRIMARY KEY (id, old)); CREATE TABLE c (id integer PRIMARY KEY, x integer REFERENCES p(old) ON DELETE CASCADE, y integer); INSERT INTO p VALUES (1, 10, 10), (2, 20, 20); INSERT INTO c VALUES (1, 10, 0), (2, 20, 0), (3, NULL, 0);`,
    after: `CREATE TABLE p (id integer NOT NULL, new integer NOT NULL UNIQUE, PRIMARY KEY (id, new)); CREATE TABLE c (id integer PRIMARY KEY, x integer REFERENCES p(new) ON DELETE CASCADE, y integer);`,
  },
  {
    name: 'the key that a child points at moves to another column, and a row points nowhere then',
    before: `CREATE TABLE p (id integer PRIMARY KEY, old integer UNIQUE, new integer); CREATE TABLE c (id integer PRIMARY KEY, x integer REFERENCES p(old)); INSERT INTO p VALUES (1, 10, 11); INSERT INTO c VALUES (1, 10);`,
    after: `CREATE TABLE p (id integer PRIMARY KEY, old integer, new integer UNIQUE); CREATE TABLE c (id integer PRIMARY KEY, x integer REFERENCES p(new));`,
    refused: /no row breaks a foreign key that it did not break before/,
  },
  {
    name: 'a circle of two tables whose keys move to columns that are new, with children and triggers beside it',
    before: `CREATE TABLE p (id integer PRIMARY KEY, old integer UNIQUE, c_id integer REFERENCES c(old) ON DELETE CASCADE); CREATE TABLE c (id integer PRIMARY KEY AUTOINCREMENT, old integer UNIQUE, p_id integer REFERENCES p(old) ON DELETE SET NULL, up integer REFERENCES c(old) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED); CREATE TABLE d (id integer PRIMARY KEY, p_id integer REFERENCES p(id) ON DELETE CASCADE, c_id integer REFERENCES c(id) ON DELETE CASCADE); CREATE TABLE log (x text); CREATE TRIGGER on_p AFTER DELETE ON p BEGIN INSERT INTO log VALUES ('p'); END; CREATE TRIGGER on_c AFTER UPDATE ON c BEGIN INSERT INTO log VALUES ('c'); END; CREATE TRIGGER on_d AFTER DELETE ON d BEGIN INSERT INTO log VALUES ('d'); END; CREATE VIEW both_ways AS SELECT p.id FROM p JOIN c ON c.p_id = p.old; PRAGMA foreign_keys = OFF; INSERT INTO p VALUES (1, 1, 2), (2, 2, 1), (3, 3, NULL); INSERT INTO c VALUES (1, 1, 1, 2), (2, 2, 2, NULL), (7, 7, NULL, 7); PRAGMA foreign_keys = ON; DELETE FROM c WHERE id = 7; INSERT INTO d VALUES (1, 1, 2), (2, 3, 1); DELETE FROM log; INSERT INTO log VALUES ('kept');`,
    after: `CREATE TABLE p (id integer PRIMARY KEY, new integer UNIQUE, c_id integer REFERENCES c(new) ON DELETE CASCADE); CREATE TABLE c (id integer PRIMARY KEY AUTOINCREMENT, new integer UNIQUE, p_id integer REFERENCES p(new) ON DELETE SET NULL, up integer REFERENCES c(new) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED); CREATE TABLE d (id integer PRIMARY KEY, p_id integer REFERENCES p(id) ON DELETE CASCADE, c_id integer REFERENCES c(id) ON DELETE CASCADE); CREATE TABLE log (x text); CREATE TRIGGER on_p AFTER DELETE ON p BEGIN INSERT INTO log VALUES ('p'); END; CREATE TRIGGER on_c AFTER UPDATE ON c BEGIN INSERT INTO log VALUES ('c'); END; CREATE TRIGGER on_d AFTER DELETE ON d BEGIN INSERT INTO log VALUES ('d'); END; CREATE VIEW both_ways AS SELECT p.id FROM p JOIN c ON c.p_id = p.new;`,
    backfills: ['p.new=id', 'c.new=id'],
    then: {
      'SELECT x FROM log': ['kept'],
      'SELECT count(*) FROM d': [2],
      'SELECT count(*) FROM both_ways': [2],
      "SELECT seq FROM sqlite_sequence WHERE name = 'c'": [7],
    },
  },
  {
    name: 'a table that points at itself is dropped, and its parent loses the key it points at',
    before: `CREATE TABLE p (id integer PRIMARY KEY, k integer UNIQUE); CREATE TABLE x (id integer PRIMARY KEY, up integer REFERENCES x(id) ON DELETE CASCADE, k integer REFERENCES p(k)); INSERT INTO p VALUES (1, 10), (2, 20); INSERT INTO x VALUES (1, NULL, 10), (2, 1, 20);`,
    after: `CREATE TABLE p (id integer PRIMARY KEY, k text);`,
    changed: ['p.k'],
  },
  {
    name: 'a table that is dropped and its parent point at each other, and the parent loses the key',
    before: `CREATE TABLE p (id integer PRIMARY KEY, k integer UNIQUE, x_id integer REFERENCES x(id)); CREATE TABLE x (id integer PRIMARY KEY, up integer REFERENCES x(id) ON DELETE CASCADE, k integer REFERENCES p(k)); PRAGMA foreign_keys = OFF; INSERT INTO p VALUES (1, 10, 1), (2, 20, 2); INSERT INTO x VALUES (1, NULL, 10), (2, 1, 20); PRAGMA foreign_keys = ON;`,
    after: `CREATE TABLE p (id integer PRIMARY KEY, k integer, x_id integer);`,
  },
  {
    name: 'a new table points at itself and at a key that is new',
    before: `CREATE TABLE p (id integer PRIMARY KEY, up integer REFERENCES p(id) ON DELETE CASCADE, k integer); INSERT INTO p VALUES (1, NULL, 10), (2, 1, 20);`,
    after: `CREATE TABLE p (id integer PRIMARY KEY, up integer REFERENCES p(id) ON DELETE CASCADE, k integer NOT NULL UNIQUE); CREATE TABLE x (id integer PRIMARY KEY, up integer REFERENCES x(id) ON DELETE CASCADE, k integer REFERENCES p(k));`,
  },
  {
    name: 'a parent WITHOUT ROWID',
    before: `CREATE TABLE p (k text PRIMARY KEY NOT NULL, v text) WITHOUT ROWID; CREATE TABLE c (id integer PRIMARY KEY, k text REFERENCES p(k) ON DELETE CASCADE); INSERT INTO p VALUES ('a', 'x'), ('b', 'y'); INSERT INTO c VALUES (1, 'a'), (2, 'b');`,
    after: `CREATE TABLE p (k text PRIMARY KEY NOT NULL, v text NOT NULL) WITHOUT ROWID; CREATE TABLE c (id integer PRIMARY KEY, k text REFERENCES p(k) ON DELETE CASCADE);`,
  },
  {
    name: "users' triggers on parent and children stay and do not fire",
    before: `${users('v text')} ${child('CASCADE')} ${grandchild} CREATE TABLE log (x text); CREATE TRIGGER on_post BEFORE DELETE ON posts BEGIN INSERT INTO log VALUES ('post'); END; CREATE TRIGGER on_user AFTER DELETE ON users BEGIN INSERT INTO log VALUES ('user'); END; CREATE TRIGGER on_new AFTER INSERT ON users BEGIN INSERT INTO log VALUES ('new'); END; ${family} DELETE FROM log; INSERT INTO log VALUES ('kept');`,
    after: `${users('v text NOT NULL')} ${child('CASCADE')} ${grandchild} CREATE TABLE log (x text); CREATE TRIGGER on_post BEFORE DELETE ON posts BEGIN INSERT INTO log VALUES ('post'); END; CREATE TRIGGER on_user AFTER DELETE ON users BEGIN INSERT INTO log VALUES ('user'); END; CREATE TRIGGER on_new AFTER INSERT ON users BEGIN INSERT INTO log VALUES ('new'); END;`,
    then: { 'SELECT x FROM log': ['kept'] },
  },
  {
    name: 'a trigger on another table that names it, and a view over it, and a view over that',
    before: `${t('id integer PRIMARY KEY, a text, b integer')} CREATE TABLE other (n integer); CREATE TRIGGER tr AFTER INSERT ON other BEGIN UPDATE t SET b = NEW.n WHERE id = 1; END; CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM v; CREATE TRIGGER tv INSTEAD OF INSERT ON v BEGIN INSERT INTO t (a) VALUES (NEW.a); END; ${rows}`,
    after: `${t('id integer PRIMARY KEY, a text NOT NULL, b integer')} CREATE TABLE other (n integer); CREATE TRIGGER tr AFTER INSERT ON other BEGIN UPDATE t SET b = NEW.n WHERE id = 1; END; CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM v; CREATE TRIGGER tv INSTEAD OF INSERT ON v BEGIN INSERT INTO t (a) VALUES (NEW.a); END;`,
    then: { 'SELECT count(*) FROM w': [3] },
  },
  {
    name: 'an unrelated broken view and a broken trigger',
    before: `${t('id integer PRIMARY KEY, a text, b integer')} CREATE TABLE other (n integer); CREATE VIEW broken AS SELECT x FROM nowhere; CREATE TRIGGER broken_too AFTER INSERT ON other BEGIN DELETE FROM nowhere; END; ${rows}`,
    after: `${t('id integer PRIMARY KEY, a text NOT NULL, b integer')} CREATE TABLE other (n integer); CREATE VIEW broken AS SELECT x FROM nowhere; CREATE TRIGGER broken_too AFTER INSERT ON other BEGIN DELETE FROM nowhere; END;`,
  },
  {
    name: "another tool's leftover table with rows in it",
    before: `${t('id integer PRIMARY KEY, a text, b integer')} ${rows} CREATE TABLE __new_t (id integer PRIMARY KEY, a text); INSERT INTO __new_t VALUES (1, 'only copy');`,
    after: `${t('id integer PRIMARY KEY, a text NOT NULL, b integer')} CREATE TABLE __new_t (id integer PRIMARY KEY, a text);`,
  },
  {
    name: 'no net change',
    before: `${t('id integer PRIMARY KEY, a text, b integer')} ${rows}`,
    after: 'create table "t" ("id" INTEGER PRIMARY KEY, [a] TEXT, `b` integer);',
    never: /./,
  },
  {
    name: 'a sequence that is ahead of its rows',
    before: `${users('v text')} ${people} INSERT INTO users (id, v) VALUES (500, 'gone'); DELETE FROM users WHERE id = 500;`,
    after: users('v text NOT NULL'),
    then: {
      "SELECT seq FROM sqlite_sequence WHERE name = 'users'": [500],
      'SELECT count(*) FROM sqlite_sequence': [1],
    },
  },
  {
    name: 'a sequence of an empty table',
    before: `${users('v text')} INSERT INTO users (id, v) VALUES (500, 'gone'); DELETE FROM users;`,
    after: users('v text NOT NULL'),
    then: { "SELECT seq FROM sqlite_sequence WHERE name = 'users'": [500] },
  },
  {
    name: 'rowids of a table without INTEGER PRIMARY KEY',
    before: `CREATE TABLE t (k text PRIMARY KEY, v text); INSERT INTO t (rowid, k, v) VALUES (5, 'a', 'x'), (90, 'b', 'y');`,
    after: 'CREATE TABLE t (k text PRIMARY KEY, v text NOT NULL);',
    then: { 'SELECT rowid FROM t ORDER BY 1': [5, 90] },
  },
  {
    name: 'rowids where a column is called rowid',
    before: `CREATE TABLE t (rowid text, v text); INSERT INTO t (_rowid_, rowid, v) VALUES (5, 'a', 'x'), (90, 'b', 'y');`,
    after: 'CREATE TABLE t (rowid text, v text NOT NULL);',
    then: { 'SELECT _rowid_ FROM t ORDER BY 1': [5, 90] },
  },
  {
    name: 'FTS5 beside it, with triggers that keep it up to date',
    before: `${t('id integer PRIMARY KEY, a text, b integer')} CREATE VIRTUAL TABLE docs USING fts5(a, content='t', content_rowid='id'); CREATE TRIGGER sync AFTER INSERT ON t BEGIN INSERT INTO docs (rowid, a) VALUES (NEW.id, NEW.a); END; ${rows}`,
    after: `${t('id integer PRIMARY KEY, a text NOT NULL, b integer')} CREATE VIRTUAL TABLE docs USING fts5(a, content='t', content_rowid='id'); CREATE TRIGGER sync AFTER INSERT ON t BEGIN INSERT INTO docs (rowid, a) VALUES (NEW.id, NEW.a); END;`,
    then: { "SELECT rowid FROM docs WHERE docs MATCH 'y'": [2] },
  },
  // Types
  {
    name: 'another type of the same affinity',
    before: `${t('id integer PRIMARY KEY, a varchar(20), b int')} INSERT INTO t VALUES (1, '007', 1), (2, 'abc', 2);`,
    after: t('id integer PRIMARY KEY, a text, b bigint'),
    then: { 'SELECT a FROM t ORDER BY id': ['007', 'abc'] },
  },
  {
    name: 'integer to text',
    before: `${t('id integer PRIMARY KEY, a integer, b integer')} INSERT INTO t VALUES (1, 7, 1), (2, 9007199254740993, 2), (3, NULL, 3);`,
    after: t('id integer PRIMARY KEY, a text, b integer'),
    changed: ['t.a'],
    then: { 'SELECT a FROM t ORDER BY id': ['7', '9007199254740993', null] },
  },
  {
    name: 'text to integer with numbers in it',
    before: `${t('id integer PRIMARY KEY, a text, b integer')} INSERT INTO t VALUES (1, '7', 1), (2, '-12', 2), (3, NULL, 3);`,
    after: t('id integer PRIMARY KEY, a integer, b integer'),
    changed: ['t.a'],
    then: { 'SELECT a FROM t ORDER BY id': [7, -12, null] },
  },
  ...["'007'", "'abc'", "'1.5'", "'1e3'", "' 1'"].map((value): Scenario => ({
    name: `text to integer with ${value} in it`,
    before: `${t('id integer PRIMARY KEY, a text, b integer')} INSERT INTO t VALUES (1, ${value}, 1);`,
    after: t('id integer PRIMARY KEY, a integer, b integer'),
    refused: /t\.a has values that would change/,
  })),
  {
    name: 'text to integer with an answer',
    before: `${t('id integer PRIMARY KEY, a text, b integer')} INSERT INTO t VALUES (1, '007', 1), (2, 'abc', 2);`,
    after: t('id integer PRIMARY KEY, a integer, b integer'),
    backfills: ['t.a=CAST(a AS INTEGER)'],
    changed: ['t.a'],
    then: { 'SELECT a FROM t ORDER BY id': [7, 0] },
  },
  {
    name: 'real to text with more digits than its text',
    before: `${t('id integer PRIMARY KEY, a real, b integer')} INSERT INTO t VALUES (1, 0.1 + 0.2, 1);`,
    after: t('id integer PRIMARY KEY, a text, b integer'),
    changed: ['t.a'],
  },
  {
    name: 'integer to real with more than 53 bits',
    before: `${t('id integer PRIMARY KEY, a integer, b integer')} INSERT INTO t VALUES (1, 9007199254740993, 1);`,
    after: t('id integer PRIMARY KEY, a real, b integer'),
    refused: /t\.a has values that would change/,
  },
  {
    name: 'STRICT, with rows that fit',
    before: `${t('id integer PRIMARY KEY, a text, b integer')} ${rows}`,
    after: t('id integer PRIMARY KEY, a text, b integer', 'STRICT'),
  },
  {
    name: 'STRICT, with a row that does not fit',
    before: `${t('id integer PRIMARY KEY, a text, b integer')} INSERT INTO t VALUES (1, 'x', 'not a number');`,
    after: t('id integer PRIMARY KEY, a text, b integer', 'STRICT'),
    refused: /cannot store TEXT value in INTEGER column/,
  },
  {
    name: 'to WITHOUT ROWID',
    before: `CREATE TABLE t (k text NOT NULL PRIMARY KEY, v text); INSERT INTO t VALUES ('a', 'x'), ('b', 'y');`,
    after: 'CREATE TABLE t (k text NOT NULL PRIMARY KEY, v text) WITHOUT ROWID;',
  },
  // Renames
  {
    name: 'rename of a column alone',
    before: `${t('id integer PRIMARY KEY, a text, b integer')} ${rows}`,
    after: t('id integer PRIMARY KEY, c text, b integer'),
    renames: ['column:t.a=c'],
    never: /INSERT|DROP/,
  },
  {
    name: 'rename of a column in plain, partial and expression indexes, a check, a trigger and a view',
    before: `${t('id integer PRIMARY KEY, a text, b integer, CONSTRAINT ck CHECK (length(a) < 9)')} CREATE INDEX i1 ON t(a); CREATE INDEX i2 ON t(b) WHERE a IS NOT NULL; CREATE INDEX i3 ON t(lower(a)); CREATE VIEW v AS SELECT id FROM t WHERE a <> ''; CREATE TRIGGER tr AFTER UPDATE OF a ON t BEGIN UPDATE t SET b = length(NEW.a) WHERE id = NEW.id; END; ${rows}`,
    after: `${t('id integer PRIMARY KEY, c text, b integer, CONSTRAINT ck CHECK (length(c) < 9)')} CREATE INDEX i1 ON t(c); CREATE INDEX i2 ON t(b) WHERE c IS NOT NULL; CREATE INDEX i3 ON t(lower(c)); CREATE VIEW v AS SELECT id FROM t WHERE c <> ''; CREATE TRIGGER tr AFTER UPDATE OF c ON t BEGIN UPDATE t SET b = length(NEW.c) WHERE id = NEW.id; END;`,
    renames: ['column:t.a=c'],
    never: /INSERT INTO/,
  },
  {
    name: 'rename of a column that a child points at, of a key and of a foreign key',
    before: `CREATE TABLE p (code text PRIMARY KEY NOT NULL, v text); CREATE TABLE c (id integer PRIMARY KEY, p text REFERENCES p(code) ON DELETE CASCADE); INSERT INTO p VALUES ('a', 'x'); INSERT INTO c VALUES (1, 'a');`,
    after: `CREATE TABLE p (sku text PRIMARY KEY NOT NULL, v text); CREATE TABLE c (id integer PRIMARY KEY, sku text REFERENCES p(sku) ON DELETE CASCADE);`,
    renames: ['column:p.code=sku', 'column:c.p=sku'],
    never: /INSERT INTO/,
  },
  {
    name: 'rename of a table with children, a trigger and a view',
    before: `${users('v text')} ${child('CASCADE')} ${grandchild} CREATE VIEW names AS SELECT v FROM users; CREATE TRIGGER tr AFTER INSERT ON posts BEGIN UPDATE users SET v = 'n' WHERE id = NEW.user_id; END; ${people} INSERT INTO posts VALUES (5, NULL, 'x');`,
    after: `${users('v text').replace('users', 'people')} ${child('CASCADE').replace('users', 'people')} ${grandchild} CREATE VIEW names AS SELECT v FROM people; CREATE TRIGGER tr AFTER INSERT ON posts BEGIN UPDATE people SET v = 'n' WHERE id = NEW.user_id; END;`,
    renames: ['table:users=people'],
    never: /INSERT INTO [`"]|DROP/,
    then: { "SELECT seq FROM sqlite_sequence WHERE name = 'people'": [7] },
  },
  {
    name: 'two columns that swap their names',
    before: `${t('id integer PRIMARY KEY, a text, b text')} INSERT INTO t VALUES (1, 'was a', 'was b');`,
    after: t('id integer PRIMARY KEY, b text, a text'),
    renames: ['column:t.a=b', 'column:t.b=a'],
    changed: ['t.a', 't.b'],
    then: { 'SELECT b FROM t': ['was a'], 'SELECT a FROM t': ['was b'] },
  },
  {
    name: 'rename of a table and a column of it, and a rebuild',
    before: `${users('v text')} ${child('CASCADE')} ${grandchild} ${family}`,
    after: `${users('w text NOT NULL').replace('users', 'people')} ${child('CASCADE').replace('users', 'people')} ${grandchild}`,
    renames: ['table:users=people', 'column:users.v=w'],
  },
  // Columns come
  {
    name: 'a new column that may be NULL',
    before: `${t('id integer PRIMARY KEY, a text, b integer')} ${rows}`,
    after: t('id integer PRIMARY KEY, a text, b integer, c text'),
    never: /INSERT/,
  },
  {
    name: 'a new NOT NULL column with a constant default',
    before: `${t('id integer PRIMARY KEY, a text, b integer')} ${rows}`,
    after: t("id integer PRIMARY KEY, a text, b integer, c text NOT NULL DEFAULT 'k'"),
    never: /INSERT/,
    then: { 'SELECT DISTINCT c FROM t': ['k'] },
  },
  {
    name: 'a new NOT NULL column without default',
    before: `${t('id integer PRIMARY KEY, a text, b integer')} ${rows}`,
    after: t('id integer PRIMARY KEY, a text, b integer, c text NOT NULL'),
    backfills: ['t.c=a || b'],
    then: { 'SELECT c FROM t ORDER BY id': ['x1', 'y2', 'z3'] },
  },
  {
    name: 'a new column with a default that is computed',
    before: `${t('id integer PRIMARY KEY, a text, b integer')} ${rows}`,
    after: t('id integer PRIMARY KEY, a text, b integer, c integer NOT NULL DEFAULT (1 + 1)'),
    then: { 'SELECT DISTINCT c FROM t': [2] },
  },
  {
    name: 'a new virtual generated column',
    before: `${t('id integer PRIMARY KEY, a text, b integer')} ${rows}`,
    after: t("id integer PRIMARY KEY, a text, b integer, c text AS (a || '!')"),
    never: /INSERT/,
    then: { 'SELECT c FROM t WHERE id = 1': ['x!'] },
  },
  {
    name: 'a new stored generated column, beside others',
    before: `${t('id integer PRIMARY KEY, a text, b integer, g text AS (a) STORED, h text AS (a)')} ${rows}`,
    after: t(
      "id integer PRIMARY KEY, a text, b integer, g text AS (a) STORED, h text AS (a), c text AS (a || '!') STORED",
    ),
    then: { 'SELECT c FROM t WHERE id = 1': ['x!'] },
  },
  {
    name: 'a new column with a foreign key',
    before: `${users('v text')} ${people} ${t('id integer PRIMARY KEY, a text, b integer')} ${rows}`,
    after: `${users('v text')} ${t('id integer PRIMARY KEY, a text, b integer, u integer REFERENCES users(id) ON DELETE SET NULL')}`,
    never: /INSERT/,
  },
  {
    name: 'NOT NULL for a column that has none',
    before: `${t('id integer PRIMARY KEY, a text, b integer')} INSERT INTO t VALUES (1, NULL, 1);`,
    after: t('id integer PRIMARY KEY, a text NOT NULL, b integer'),
    refused: /NOT NULL constraint failed/,
  },
  {
    name: 'NOT NULL with an answer for what is NULL',
    before: `${t('id integer PRIMARY KEY, a text, b integer')} INSERT INTO t VALUES (1, NULL, 1), (2, 'y', 2);`,
    after: t('id integer PRIMARY KEY, a text NOT NULL, b integer'),
    backfills: ["t.a='none'"],
    changed: ['t.a'],
    then: { 'SELECT a FROM t ORDER BY id': ['none', 'y'] },
  },
  // Columns go
  ...(
    [
      ['plain', 'c text', ''],
      ['unique', 'c text UNIQUE', ''],
      ['checked', 'c text CHECK (length(c) < 9)', ''],
      ['indexed', 'c text', 'CREATE INDEX i ON t(c);'],
      ['in an expression index', 'c text', 'CREATE INDEX i ON t(lower(c));'],
      ['in the predicate of an index', 'c text', 'CREATE INDEX i ON t(a) WHERE c IS NOT NULL;'],
      ['foreign key', 'c integer REFERENCES users(id) ON DELETE CASCADE', ''],
      ['named by a generated column', 'c text, g text AS (c)', ''],
      [
        'named by a trigger',
        'c text',
        "CREATE TRIGGER tr AFTER UPDATE OF c ON t BEGIN UPDATE t SET c = 'x' WHERE id = NEW.id; END;",
      ],
      ['named by a view', 'c text', 'CREATE VIEW v AS SELECT c FROM t;'],
    ] as const
  ).map(([what, column, extra]): Scenario => ({
    name: `drop of a column that is ${what}`,
    before: `${users('v text')} ${people} ${t(`id integer PRIMARY KEY, a text, b integer, ${column}`)} ${extra} ${rows}`,
    after: `${users('v text')} ${t('id integer PRIMARY KEY, a text, b integer')}`,
  })),
  {
    name: 'drop of a column of a composite key',
    before: `CREATE TABLE t (a integer, b integer, v text, PRIMARY KEY (a, b)); INSERT INTO t VALUES (1, 1, 'x'), (2, 1, 'y');`,
    after: 'CREATE TABLE t (a integer, v text, PRIMARY KEY (a));',
    changed: ['t.a'],
    then: { 'SELECT a FROM t ORDER BY 1': [1, 2] },
  },
  // Constraints
  ...(
    [
      ['UNIQUE', 'UNIQUE (a)'],
      ['named UNIQUE', 'CONSTRAINT u UNIQUE (a)'],
      ['CHECK', 'CHECK (b > 0)'],
      ['named CHECK', 'CONSTRAINT ck CHECK (b > 0)'],
      ['foreign key', 'FOREIGN KEY (b) REFERENCES users(id) ON DELETE CASCADE'],
      [
        'named foreign key',
        'CONSTRAINT fk FOREIGN KEY (b) REFERENCES users(id) DEFERRABLE INITIALLY DEFERRED',
      ],
    ] as const
  ).flatMap(([what, constraint]): Scenario[] => {
    const all = "INSERT INTO users VALUES (1, 'a'), (2, 'b'), (3, 'c');";
    const without = t('id integer PRIMARY KEY, a text, b integer');
    const having = t(`id integer PRIMARY KEY, a text, b integer, ${constraint}`);
    const bad = "INSERT INTO t VALUES (1, 'x', -1), (2, 'x', -2);";
    return [
      {
        name: `a new ${what}`,
        before: `${users('v text')} ${all} ${without} ${rows}`,
        after: `${users('v text')} ${having}`,
      },
      {
        name: `drop of a ${what}`,
        before: `${users('v text')} ${all} ${having} ${rows}`,
        after: `${users('v text')} ${without}`,
      },
      {
        name: `a new ${what} that rows break`,
        before: `${users('v text')} ${all} ${without} ${bad}`,
        after: `${users('v text')} ${having}`,
        refused: /constraint failed/i,
      },
    ];
  }),
  {
    name: 'ON CONFLICT REPLACE that would swallow rows',
    before: `${t('id integer PRIMARY KEY, a text, b integer')} INSERT INTO t VALUES (1, 'x', 1), (2, 'x', 2);`,
    after: t('id integer PRIMARY KEY, a text UNIQUE ON CONFLICT REPLACE, b integer'),
    refused: /UNIQUE constraint failed/,
  },
  {
    name: 'a collation, ON CONFLICT and a check that stay through a rebuild',
    before: `${t('id integer PRIMARY KEY, a text COLLATE NOCASE UNIQUE ON CONFLICT IGNORE, b integer CHECK (b < 99)')} CREATE INDEX i ON t(a COLLATE RTRIM DESC) WHERE b > 0; ${rows}`,
    after: `${t('id integer PRIMARY KEY, a text COLLATE NOCASE UNIQUE ON CONFLICT IGNORE, b integer NOT NULL CHECK (b < 99)')} CREATE INDEX i ON t(a COLLATE RTRIM DESC) WHERE b > 0;`,
  },
  {
    name: 'orphans that were there before stay, and do not stop what has nothing to do with them',
    before: `${users('v text')} ${child('CASCADE')} ${grandchild} PRAGMA foreign_keys = OFF; ${family} INSERT INTO posts VALUES (9, 99, 'orphan'); PRAGMA foreign_keys = ON;`,
    after: `${users('v text NOT NULL')} ${child('CASCADE').replace('title text', 'title text NOT NULL')} ${grandchild}`,
    then: { 'SELECT user_id FROM posts WHERE id = 9': [99] },
  },
  {
    name: 'two rebuilds, a new table, a dropped one and new indexes in one migration',
    before: `${users('v text')} ${child('CASCADE')} ${grandchild} CREATE TABLE gone (id integer PRIMARY KEY, u integer REFERENCES users(id) ON DELETE CASCADE); ${family} INSERT INTO gone VALUES (1, 1);`,
    after: `${users('v text NOT NULL')} ${child('SET NULL')} ${grandchild} CREATE TABLE fresh (id integer PRIMARY KEY, u integer REFERENCES users(id)); CREATE INDEX posts_title ON posts(title); CREATE UNIQUE INDEX users_v ON users(v);`,
  },
  {
    name: 'drop of a parent whose children stay without it',
    before: `${users('v text')} ${child('CASCADE')} ${grandchild} ${family}`,
    after: `CREATE TABLE posts (id integer PRIMARY KEY, user_id integer DEFAULT 1, title text); ${grandchild}`,
  },
  {
    name: 'odd names',
    before:
      'CREATE TABLE "a`b ""c" ("x y" text, "select" integer PRIMARY KEY); INSERT INTO "a`b ""c" VALUES (\'v\', 3); CREATE INDEX "in dex" ON "a`b ""c" ("x y");',
    after:
      'CREATE TABLE "a`b ""c" ("x y" text NOT NULL, "select" integer PRIMARY KEY); CREATE INDEX "in dex" ON "a`b ""c" ("x y");',
  },
];
