/**
 * What the comparison does to a database. Each scenario is a set of models, the first migration that the tool makes of
 * them, rows, and a change of the models.
 *
 * @typedef {object} Scenario
 * @property {string} name
 * @property {string} models  source of the models; the builders are imported
 * @property {[from: string, to: string][]} change  edits of that source
 * @property {[from: RegExp, to: string][]} [edited]  what was written by hand into the tool's first migration
 * @property {string[]} [custom]  statements added to it by hand
 * @property {string} rows  statements that fill the database
 * @property {string} done  query that gives 1 once the change is made
 * @property {string[]} [values]  columns whose values get another type by the change, `table.column`; compared as text
 * @property {Record<string, string>} [renamed]  `table` or `table.column` to its new name
 * @property {Record<string, string[]>} [keeps]  statements, run in turn and rolled back, whose outcome stays as it was
 * @property {Answer} [answer]  what a person answers where a tool asks
 *
 * @typedef {object} Answer
 * @property {string} said  flags of drift, as the page shows them
 * @property {Record<string, string[]>} drift  the same for its `generate`
 * @property {object[]} [kit]  hints for drizzle-kit 1.0
 */

const users =
  "export const users = sqliteTable('users', {\n  id: integer('id').primaryKey(),\n  phone: integer('phone'),\n});\n";
const toText = [["phone: integer('phone')", "phone: text('phone')"]];
const typeOf = (table, column, type) =>
  `SELECT lower(type) = '${type}' FROM pragma_table_xinfo('${table}') WHERE name = '${column}'`;
const isText = typeOf('users', 'phone', 'text');
const notNull = (table, column) =>
  `SELECT "notnull" FROM pragma_table_xinfo('${table}') WHERE name = '${column}'`;
const threeUsers = 'INSERT INTO users (id, phone) VALUES (1, 100), (2, 200), (7, 700);';

const posts = (action) =>
  `export const posts = sqliteTable('posts', {
  id: integer('id').primaryKey(),
  userId: integer('user_id').default(1).references(() => users.id${action === '' ? '' : `, { onDelete: '${action}' }`}),
});
`;
const threePosts = 'INSERT INTO posts (id, user_id) VALUES (1, 1), (2, 2), (3, 7);';

const parent = (action) => ({
  models: users + posts(action),
  change: toText,
  rows: threeUsers + threePosts,
  done: isText,
  values: ['users.phone'],
});

/** A table for triggers to write to. */
const log = "export const log = sqliteTable('log', { x: text('x') });\n";

/** A table of its own, of which `v` becomes NOT NULL. */
const single = (rest = '', after = '') =>
  `export const t = sqliteTable('t', {\n  id: integer('id').primaryKey(),\n  v: text('v'),\n${rest}}${after});\n`;
const required = [["v: text('v')", "v: text('v').notNull()"]];
const threeRows = "INSERT INTO t (id, v) VALUES (1, 'a'), (2, 'b'), (9, 'c');";
const requiring = { models: single(), change: required, rows: threeRows, done: notNull('t', 'v') };

/** @type {Scenario[]} */
const children = [
  { name: 'Type of a column changed, children with ON DELETE CASCADE', ...parent('cascade') },
  { name: 'Type of a column changed, children with SET NULL', ...parent('set null') },
  { name: 'Type of a column changed, children with SET DEFAULT', ...parent('set default') },
  { name: 'Type of a column changed, children with NO ACTION', ...parent('') },
  {
    name: 'Type of a column changed, children and grandchildren with CASCADE',
    ...parent('cascade'),
    models:
      users +
      posts('cascade') +
      "export const likes = sqliteTable('likes', {\n  id: integer('id').primaryKey(),\n  postId: integer('post_id').references(() => posts.id, { onDelete: 'cascade' }),\n});\n",
    rows: `${threeUsers}${threePosts} INSERT INTO likes (id, post_id) VALUES (1, 1), (2, 3);`,
  },
  {
    name: 'A table that points at itself, CASCADE',
    ...requiring,
    models: single("  up: integer('up').references(() => t.id, { onDelete: 'cascade' }),\n"),
    rows: "INSERT INTO t (id, v, up) VALUES (1, 'a', NULL), (2, 'b', 1), (3, 'c', 2);",
    keeps: { 'the foreign key': ['SELECT "table" FROM pragma_foreign_key_list(\'t\')'] },
  },
  {
    name: 'Composite foreign key, CASCADE',
    models: `export const p = sqliteTable('p', {
  a: integer('a').notNull(),
  b: text('b').notNull(),
  v: text('v'),
}, (t) => [primaryKey({ columns: [t.a, t.b] })]);
export const c = sqliteTable('c', {
  id: integer('id').primaryKey(),
  x: integer('x'),
  y: text('y'),
}, (t) => [foreignKey({ columns: [t.x, t.y], foreignColumns: [p.a, p.b] }).onDelete('cascade')]);
`,
    change: required,
    rows: "INSERT INTO p VALUES (1, 'k', 'v'), (2, 'l', 'w'); INSERT INTO c VALUES (1, 1, 'k'), (2, 2, 'l'), (3, NULL, 'k');",
    done: notNull('p', 'v'),
  },
  {
    name: 'Two tables that point at each other, both changed',
    models: `export const a = sqliteTable('a', {
  id: integer('id').primaryKey(),
  bId: integer('b_id').references(() => b.id, { onDelete: 'cascade' }),
  v: text('v'),
});
export const b = sqliteTable('b', {
  id: integer('id').primaryKey(),
  aId: integer('a_id').references(() => a.id, { onDelete: 'cascade' }),
  v: text('v'),
});
`,
    change: [
      ["v: text('v'),\n});\nexport const b", "v: text('v').notNull(),\n});\nexport const b"],
      [
        "a.id, { onDelete: 'cascade' }),\n  v: text('v')",
        "a.id, { onDelete: 'cascade' }),\n  v: text('v').notNull()",
      ],
    ],
    rows: "INSERT INTO a VALUES (1, NULL, 'x'), (2, NULL, 'y'); INSERT INTO b VALUES (1, 2, 'x'), (2, 1, 'y'); UPDATE a SET b_id = id;",
    done: `SELECT (${notNull('a', 'v')}) AND (${notNull('b', 'v')})`,
  },
  {
    name: 'ON DELETE of a foreign key changed, with grandchildren',
    models:
      parent('cascade').models +
      "export const likes = sqliteTable('likes', {\n  id: integer('id').primaryKey(),\n  postId: integer('post_id').references(() => posts.id, { onDelete: 'cascade' }),\n});\n",
    change: [["users.id, { onDelete: 'cascade' }", "users.id, { onDelete: 'set null' }"]],
    rows: `${threeUsers}${threePosts} INSERT INTO likes (id, post_id) VALUES (1, 1), (2, 3);`,
    done: "SELECT on_delete = 'SET NULL' FROM pragma_foreign_key_list('posts')",
  },
  {
    name: 'Foreign key made DEFERRABLE by hand',
    models: users + posts('cascade').replace('default(1).', 'notNull().'),
    change: [["integer('user_id').notNull()", "integer('user_id')"]],
    edited: [[/(ON DELETE cascade)/i, '$1 DEFERRABLE INITIALLY DEFERRED']],
    rows: threeUsers + threePosts,
    done: `SELECT "notnull" = 0 FROM pragma_table_xinfo('posts') WHERE name = 'user_id'`,
    keeps: { DEFERRABLE: ['INSERT INTO posts (id, user_id) VALUES (9, 99)'] },
  },
];

/** @type {Scenario[]} */
const dependents = [
  {
    name: 'Trigger on the table',
    ...requiring,
    models: single() + log,
    custom: ['CREATE TRIGGER t_log AFTER UPDATE ON t BEGIN INSERT INTO log VALUES (NEW.v); END'],
    keeps: { 'trigger t_log': ["UPDATE t SET v = 'z' WHERE id = 1", 'SELECT x FROM log'] },
  },
  {
    name: 'Trigger on a child, which a deleted row fires',
    models: users + posts('cascade') + log,
    change: toText,
    custom: ['CREATE TRIGGER posts_log AFTER DELETE ON posts BEGIN INSERT INTO log VALUES (OLD.id); END'],
    rows: threeUsers + threePosts,
    done: isText,
    values: ['users.phone'],
  },
  {
    name: 'Trigger on another table that writes to it',
    ...requiring,
    models: single() + log,
    custom: [
      "CREATE TRIGGER other_t AFTER INSERT ON log BEGIN UPDATE t SET v = 'seen' WHERE id = NEW.x; END",
    ],
    keeps: { 'trigger other_t': ['INSERT INTO log VALUES (1)', 'SELECT v FROM t WHERE id = 1'] },
  },
  {
    name: 'View over it, in the models',
    ...requiring,
    models: `${single()}export const names = sqliteView('names').as((qb) => qb.select({ v: t.v }).from(t));\n`,
    keeps: { 'view names': ['SELECT count(*) FROM names'] },
  },
  {
    name: 'View over it, hand-made (`.existing()` in the models)',
    ...requiring,
    models: `${single()}export const names = sqliteView('names', { v: text('v') }).existing();\n`,
    custom: ['CREATE VIEW names AS SELECT v FROM t'],
    keeps: { 'view names': ['SELECT count(*) FROM names'] },
  },
  {
    name: 'A broken view that has nothing to do with it',
    ...requiring,
    models: `${single()}export const broken = sqliteView('broken', { x: text('x') }).existing();\n`,
    custom: ['CREATE VIEW broken AS SELECT x FROM nowhere'],
  },
  {
    name: 'Partial index',
    ...requiring,
    models: single('', ", (t) => [uniqueIndex('t_v').on(t.v).where(sql`v <> ''`)]"),
    keeps: {
      'index t_v': [
        "INSERT INTO t (id, v) VALUES (20, ''), (21, '')",
        "INSERT INTO t (id, v) VALUES (22, 'a')",
      ],
    },
  },
  {
    name: 'Expression index and descending index',
    ...requiring,
    models: single('', ", (t) => [uniqueIndex('t_v').on(sql`lower(v)`), index('t_d').on(sql`v desc`)]"),
    keeps: { 'index t_v': ["INSERT INTO t (id, v) VALUES (20, 'A')"] },
  },
  {
    name: 'Trigger made in the database, in no migration',
    ...requiring,
    models: single() + log,
    rows: `${threeRows} CREATE TRIGGER t_log AFTER UPDATE ON t BEGIN INSERT INTO log VALUES (NEW.v); END;`,
  },
  {
    name: 'FTS5 index that triggers keep up to date',
    ...requiring,
    custom: [
      "CREATE VIRTUAL TABLE t_fts USING fts5(v, content='t', content_rowid='id')",
      'CREATE TRIGGER t_fts_insert AFTER INSERT ON t BEGIN INSERT INTO t_fts (rowid, v) VALUES (NEW.id, NEW.v); END',
      "CREATE TRIGGER t_fts_delete AFTER DELETE ON t BEGIN INSERT INTO t_fts (t_fts, rowid, v) VALUES ('delete', OLD.id, OLD.v); END",
    ],
    keeps: {
      'rows of t_fts': ["SELECT rowid FROM t_fts WHERE t_fts MATCH 'b'"],
      'trigger t_fts_insert': [
        "INSERT INTO t (id, v) VALUES (20, 'new')",
        "SELECT rowid FROM t_fts WHERE t_fts MATCH 'new'",
      ],
    },
  },
];

/** @type {Scenario[]} */
const attributes = [
  {
    name: 'COLLATE NOCASE, hand-made',
    ...requiring,
    models: single("  w: text('w'),\n"),
    edited: [[/`w` text/, '`w` text COLLATE NOCASE']],
    rows: "INSERT INTO t (id, v, w) VALUES (1, 'a', 'Ada'), (2, 'b', 'Bob');",
    keeps: { 'COLLATE NOCASE': ["SELECT id FROM t WHERE w = 'ada'"] },
  },
  {
    name: 'STRICT, hand-made',
    ...requiring,
    models: single("  n: integer('n'),\n"),
    edited: [[/\n\)/, '\n) STRICT']],
    rows: "INSERT INTO t (id, v, n) VALUES (1, 'a', 1), (2, 'b', 2);",
    keeps: { STRICT: ["INSERT INTO t (id, v, n) VALUES (20, 'x', 'no number')"] },
  },
  {
    name: 'WITHOUT ROWID, hand-made',
    models: "export const t = sqliteTable('t', {\n  k: text('k').primaryKey(),\n  v: text('v'),\n});\n",
    change: required,
    edited: [[/\n\)/, '\n) WITHOUT ROWID']],
    rows: "INSERT INTO t (k, v) VALUES ('a', 'x'), ('b', 'y');",
    done: notNull('t', 'v'),
    keeps: { 'WITHOUT ROWID': ["SELECT wr FROM pragma_table_list WHERE name = 't'"] },
  },
  {
    name: 'ON CONFLICT REPLACE, hand-made',
    ...requiring,
    edited: [[/PRIMARY KEY/, 'PRIMARY KEY ON CONFLICT REPLACE']],
    keeps: { 'ON CONFLICT REPLACE': ["INSERT INTO t (id, v) VALUES (1, 'new')", 'SELECT v FROM t'] },
  },
  {
    name: 'CHECK, in the models',
    ...requiring,
    models: single('', ", (t) => [check('t_v', sql`length(v) < 5`)]"),
    keeps: { 'the CHECK': ["INSERT INTO t (id, v) VALUES (20, 'too long')"] },
  },
  {
    name: 'Generated columns, stored and virtual',
    ...requiring,
    models: single(
      "  s: text('s').generatedAlwaysAs(sql`v || '!'`, { mode: 'stored' }),\n  g: text('g').generatedAlwaysAs(sql`v || '?'`, { mode: 'virtual' }),\n",
    ),
    keeps: {
      'the generated columns': ["INSERT INTO t (id, v) VALUES (20, 'n')", 'SELECT s, g FROM t WHERE id = 20'],
    },
  },
  {
    name: 'AUTOINCREMENT, the highest id is gone',
    ...requiring,
    models: single().replace('primaryKey()', 'primaryKey({ autoIncrement: true })'),
    rows: `${threeRows} INSERT INTO t (id, v) VALUES (500, 'gone'); DELETE FROM t WHERE id = 500;`,
  },
  {
    name: 'AUTOINCREMENT, the table is empty',
    ...requiring,
    models: single().replace('primaryKey()', 'primaryKey({ autoIncrement: true })'),
    rows: "INSERT INTO t (id, v) VALUES (500, 'gone'); DELETE FROM t;",
  },
  {
    name: 'rowids of a table without INTEGER PRIMARY KEY',
    models: "export const t = sqliteTable('t', {\n  k: text('k').primaryKey(),\n  v: text('v'),\n});\n",
    change: required,
    rows: "INSERT INTO t (rowid, k, v) VALUES (5, 'a', 'x'), (90, 'b', 'y');",
    done: notNull('t', 'v'),
  },
  {
    name: 'Statistics of ANALYZE',
    ...requiring,
    models: single('', ", (t) => [index('t_v').on(t.v)]"),
    rows: `${threeRows} ANALYZE;`,
    keeps: { 'the statistics': ["SELECT count(*) FROM sqlite_stat1 WHERE tbl = 't'"] },
  },
];

/** @type {Scenario[]} */
const values = [
  {
    name: "text becomes integer, '007' is among the values",
    models: single(),
    change: [["v: text('v')", "v: integer('v')"]],
    rows: "INSERT INTO t (id, v) VALUES (1, '7'), (2, '007'), (3, 'abc');",
    done: typeOf('t', 'v', 'integer'),
    values: ['t.v'],
  },
  {
    name: 'text becomes integer, all values are numbers',
    models: single(),
    change: [["v: text('v')", "v: integer('v')"]],
    rows: "INSERT INTO t (id, v) VALUES (1, '7'), (2, '-12'), (3, NULL);",
    done: typeOf('t', 'v', 'integer'),
    values: ['t.v'],
  },
  {
    name: 'NOT NULL, rows hold NULL',
    ...requiring,
    rows: "INSERT INTO t (id, v) VALUES (1, 'a'), (2, NULL), (9, NULL);",
    answer: { said: `--backfill "t.v=''"`, drift: { backfills: ["t.v=''"] } },
    values: ['t.v'],
  },
  {
    name: 'New column that is NOT NULL and has no default',
    models: single(),
    change: [["v: text('v'),", "v: text('v'),\n  w: text('w').notNull(),"]],
    rows: threeRows,
    done: notNull('t', 'w'),
    answer: { said: `--backfill "t.w=v"`, drift: { backfills: ['t.w=v'] } },
  },
  {
    name: 'UNIQUE, rows are equal',
    models: single(),
    change: [["v: text('v')", "v: text('v').unique()"]],
    rows: "INSERT INTO t (id, v) VALUES (1, 'a'), (2, 'a');",
    done: "SELECT count(*) FROM pragma_index_list('t')",
  },
];

/** @type {Scenario[]} */
const changes = [
  {
    name: 'Column renamed, with an index and a trigger that name it',
    models: single('', ", (t) => [index('t_v').on(t.v)]") + log,
    change: [
      ["v: text('v')", "w: text('w')"],
      ['on(t.v)', 'on(t.w)'],
    ],
    custom: ['CREATE TRIGGER t_log AFTER INSERT ON t BEGIN INSERT INTO log VALUES (NEW.v); END'],
    rows: "INSERT INTO t (id, v) VALUES (1, 'a'), (2, 'b'); DELETE FROM log;",
    done: "SELECT count(*) FROM pragma_table_xinfo('t') WHERE name = 'w'",
    renamed: { 't.v': 'w' },
    keeps: { 'trigger t_log': ['INSERT INTO t (id) VALUES (20)', 'SELECT count(*) FROM log'] },
    answer: {
      said: '--rename column:t.v=w',
      drift: { renames: ['column:t.v=w'] },
      kit: [{ type: 'rename', kind: 'column', from: ['public', 't', 'v'], to: ['public', 't', 'w'] }],
    },
  },
  {
    name: 'Table renamed, with CASCADE children',
    models: users + posts('cascade'),
    change: [["sqliteTable('users'", "sqliteTable('people'"]],
    rows: threeUsers + threePosts,
    done: "SELECT count(*) FROM sqlite_schema WHERE name = 'people'",
    renamed: { users: 'people' },
    answer: {
      said: '--rename table:users=people',
      drift: { renames: ['table:users=people'] },
      kit: [{ type: 'rename', kind: 'table', from: ['public', 'users'], to: ['public', 'people'] }],
    },
  },
  {
    name: 'Indexed column dropped',
    models: single("  w: text('w'),\n", ", (t) => [index('t_w').on(t.w)]"),
    change: [
      ["  w: text('w'),\n", ''],
      [", (t) => [index('t_w').on(t.w)]", ''],
    ],
    rows: threeRows,
    done: "SELECT count(*) = 0 FROM pragma_table_xinfo('t') WHERE name = 'w'",
    answer: { said: '--allow data-loss', drift: { allowDataLoss: true } },
  },
  {
    name: 'Column dropped that a hand-made view reads',
    models: `${single("  w: text('w'),\n")}export const names = sqliteView('names', { id: integer('id') }).existing();\n`,
    change: [["  w: text('w'),\n", '']],
    custom: ["CREATE VIEW names AS SELECT id FROM t WHERE w <> ''"],
    rows: threeRows,
    done: "SELECT count(*) = 0 FROM pragma_table_xinfo('t') WHERE name = 'w'",
    keeps: { 'view names': ['SELECT id FROM names'] },
    answer: { said: '--allow data-loss', drift: { allowDataLoss: true } },
  },
  {
    name: 'WHERE of an index changed',
    models: single('', ", (t) => [uniqueIndex('t_v').on(t.v).where(sql`id > 5`)]"),
    change: [['id > 5', 'id > 0']],
    rows: threeRows,
    done: "SELECT sql LIKE '%id > 0%' FROM sqlite_schema WHERE name = 't_v'",
  },
  {
    name: 'CHECK changed',
    models: single('', ", (t) => [check('t_v', sql`length(v) < 5`)]"),
    change: [['< 5', '< 9']],
    rows: threeRows,
    done: "SELECT sql LIKE '%< 9%' FROM sqlite_schema WHERE name = 't'",
  },
  {
    name: 'View changed',
    models: `${single()}export const names = sqliteView('names').as((qb) => qb.select({ v: t.v }).from(t));\n`,
    change: [['select({ v: t.v })', 'select({ id: t.id, v: t.v })']],
    rows: threeRows,
    done: "SELECT count(*) = 2 FROM pragma_table_xinfo('names')",
  },
  {
    name: 'Expression of a stored generated column changed',
    models: single("  s: text('s').generatedAlwaysAs(sql`v || '!'`, { mode: 'stored' }),\n"),
    change: [["v || '!'", "v || '?'"]],
    rows: threeRows,
    done: "SELECT s = 'a?' FROM t WHERE id = 1",
    values: ['t.s'],
  },
  {
    name: 'A `__new_` table is left from an attempt that failed',
    ...requiring,
    rows: `${threeRows} CREATE TABLE __new_t (id integer PRIMARY KEY, v text); INSERT INTO __new_t VALUES (1, 'only copy');`,
  },
];

/** Headings and what is under them. */
export const groups = [
  { title: 'Rows that point at the table', scenarios: children },
  { title: 'Triggers, views, indexes', scenarios: dependents },
  { title: 'What else a table has', scenarios: attributes },
  { title: 'Values', scenarios: values },
  { title: 'Other changes', scenarios: changes },
];
