import { edit, rewrite, run, type Case } from './cases.ts';

export const columns: readonly Case[] = [
  ['column added by ALTER', run('ALTER TABLE users ADD COLUMN phone text'), ['column.drop', 'users.phone']],
  [
    'column added by rebuild',
    edit('  shelf text,', '  shelf text,\n  room text,'),
    ['column.drop', 'copies.room'],
  ],
  [
    'column dropped',
    run(
      'DROP VIEW broken',
      'ALTER TABLE copies DROP COLUMN shelf',
      'CREATE VIEW broken AS SELECT * FROM gone',
    ),
    ['column.create', 'copies.shelf'],
  ],
  [
    'column renamed',
    run(
      'DROP VIEW broken',
      'ALTER TABLE copies RENAME COLUMN shelf TO place',
      'CREATE VIEW broken AS SELECT * FROM gone',
    ),
    ['column.drop', 'copies.place'],
    ['column.create', 'copies.shelf'],
  ],
  [
    'type',
    edit('  age integer,', '  age text,'),
    ['column.alter', 'users.age', { type: ['text', 'integer'] }],
  ],
  [
    'type of a column with a default number',
    edit('  balance numeric(10,2) DEFAULT -1', '  balance text DEFAULT -1'),
    ['column.alter', 'users.balance', { type: ['text', 'numeric(10,2)'] }],
  ],
  [
    'type of a column with a default, spelt as the new type has it',
    edit('  active integer DEFAULT true', "  active text DEFAULT '1'"),
    ['column.alter', 'users.active', { type: ['text', 'integer'] }],
  ],
  [
    'type and default',
    edit('  balance numeric(10,2) DEFAULT -1', "  balance text DEFAULT 'none'"),
    ['column.alter', 'users.balance', { type: ['text', 'numeric(10,2)'], default: ["'none'", '-1'] }],
  ],
  [
    'type length',
    edit('varchar(13)', 'varchar(20)'),
    ['column.alter', 'books.isbn', { type: ['varchar(20)', 'varchar(13)'] }],
  ],
  [
    'type to text',
    edit('varchar(13)', 'text'),
    ['column.alter', 'books.isbn', { type: ['text', 'varchar(13)'] }],
  ],
  [
    'type scale',
    edit('numeric(10,2)', 'numeric(10,3)'),
    ['column.alter', 'users.balance', { type: ['numeric(10,3)', 'numeric(10,2)'] }],
  ],
  [
    'type without arguments',
    edit('numeric(10,2)', 'numeric'),
    ['column.alter', 'users.balance', { type: ['numeric', 'numeric(10,2)'] }],
  ],
  [
    'INT for INTEGER',
    edit('  price integer', '  price int'),
    ['column.alter', 'books.price', { type: ['int', 'integer'] }],
  ],
  [
    'INT for INTEGER in a key',
    edit('  id integer PRIMARY KEY,', '  id int PRIMARY KEY,'),
    ['column.alter', 'books.id', { type: ['int', 'integer'] }],
  ],
  [
    'type of the untyped',
    edit('  untyped,', '  untyped blob,'),
    ['column.alter', 'users.untyped', { type: ['blob', ''] }],
  ],
  [
    'type taken away',
    edit('  avatar blob,', '  avatar,'),
    ['column.alter', 'users.avatar', { type: ['', 'blob'] }],
  ],
  [
    'type by writable_schema',
    rewrite('users', 'avatar blob', 'avatar text'),
    ['column.alter', 'users.avatar', { type: ['text', 'blob'] }],
  ],
  [
    'NOT NULL dropped',
    edit('  email text NOT NULL,', '  email text,'),
    ['column.alter', 'users.email', { nullable: [true, false] }],
  ],
  [
    'NOT NULL added',
    edit('  age integer,', '  age integer NOT NULL,'),
    ['column.alter', 'users.age', { nullable: [false, true] }],
  ],
  [
    'NOT NULL dropped by writable_schema',
    rewrite('loans', 'borrower integer NOT NULL', 'borrower integer'),
    ['column.alter', 'loans.borrower', { nullable: [true, false] }],
  ],
  [
    'NOT NULL dropped from a composite key',
    edit('  number integer NOT NULL,\n  shelf', '  number integer,\n  shelf'),
    ['column.alter', 'copies.number', { nullable: [true, false] }],
  ],
  [
    'NOT NULL conflict changed',
    edit('ON CONFLICT IGNORE', 'ON CONFLICT FAIL'),
    ['column.alter', 'books.title', { notNullOnConflict: ['fail', 'ignore'] }],
  ],
  [
    'NOT NULL conflict dropped',
    edit(' ON CONFLICT IGNORE', ''),
    ['column.alter', 'books.title', { notNullOnConflict: [null, 'ignore'] }],
  ],
  [
    'NOT NULL conflict added',
    edit('due text NOT NULL', 'due text NOT NULL ON CONFLICT REPLACE'),
    ['column.alter', 'loans.due', { notNullOnConflict: ['replace', null] }],
  ],
  [
    'default changed',
    edit("DEFAULT 'reader'", "DEFAULT 'editor'"),
    ['column.alter', 'users.role', { default: ["'editor'", "'reader'"] }],
  ],
  [
    'default differs by case',
    edit("DEFAULT 'reader'", "DEFAULT 'Reader'"),
    ['column.alter', 'users.role', { default: ["'Reader'", "'reader'"] }],
  ],
  [
    'default dropped',
    edit(" DEFAULT 'reader'", ''),
    ['column.alter', 'users.role', { default: [null, "'reader'"] }],
  ],
  [
    'default added',
    edit('  age integer,', '  age integer DEFAULT 18,'),
    ['column.alter', 'users.age', { default: ['18', null] }],
  ],
  [
    'default by writable_schema',
    rewrite('users', "'{}'", "'[]'"),
    ['column.alter', 'users.settings', { default: ["'[]'", "'{}'"] }],
  ],
  [
    'default number',
    edit('DEFAULT 0.5', 'DEFAULT 0.25'),
    ['column.alter', 'users.score', { default: ['0.25', '0.5'] }],
  ],
  [
    'default sign',
    edit('DEFAULT -1', 'DEFAULT 1'),
    ['column.alter', 'users.balance', { default: ['1', '-1'] }],
  ],
  [
    'default boolean',
    edit('DEFAULT true', 'DEFAULT false'),
    ['column.alter', 'users.active', { default: ['false', 'true'] }],
  ],
  [
    'default expression',
    edit("datetime('now')", "datetime('now', 'localtime')"),
    [
      'column.alter',
      'users.created_at',
      { default: ["(datetime('now', 'localtime'))", "(datetime('now'))"] },
    ],
  ],
  [
    'default expression to constant',
    edit("(datetime('now'))", "'now'"),
    ['column.alter', 'users.created_at', { default: ["'now'", "(datetime('now'))"] }],
  ],
  [
    'default keyword',
    edit('CURRENT_TIMESTAMP', 'CURRENT_DATE'),
    ['column.alter', 'users.updated_at', { default: ['CURRENT_DATE', 'CURRENT_TIMESTAMP'] }],
  ],
  [
    'default keyword to string',
    edit('CURRENT_TIMESTAMP', "'CURRENT_TIMESTAMP'"),
    ['column.alter', 'users.updated_at', { default: ["'CURRENT_TIMESTAMP'", 'CURRENT_TIMESTAMP'] }],
  ],
  [
    'default empty string for none',
    edit('  shelf text,', "  shelf text DEFAULT '',"),
    ['column.alter', 'copies.shelf', { default: ["''", null] }],
  ],
  [
    "default 'NULL' for none",
    edit('  shelf text,', "  shelf text DEFAULT 'NULL',"),
    ['column.alter', 'copies.shelf', { default: ["'NULL'", null] }],
  ],
  [
    'default number as text in an untyped column',
    edit('  untyped,', "  untyped DEFAULT '1',"),
    ['column.alter', 'users.untyped', { default: ["'1'", null] }],
  ],
  [
    'collation dropped',
    edit('  nick text COLLATE NOCASE,', '  nick text,'),
    ['column.alter', 'users.nick', { collation: [null, 'NOCASE'] }],
  ],
  [
    'collation changed',
    edit('  nick text COLLATE NOCASE,', '  nick text COLLATE RTRIM,'),
    ['column.alter', 'users.nick', { collation: ['RTRIM', 'NOCASE'] }],
  ],
  [
    'collation added',
    edit('  shelf text,', '  shelf text COLLATE NOCASE,'),
    ['column.alter', 'copies.shelf', { collation: ['NOCASE', null] }],
  ],
  [
    'collation of an indexed column',
    edit('due text NOT NULL', 'due text NOT NULL COLLATE NOCASE'),
    ['column.alter', 'loans.due', { collation: ['NOCASE', null] }],
  ],
  [
    'generated expression',
    edit('length(email)', 'length(nick)'),
    ['column.alter', 'users.email_length', { generated: ['length(nick)', 'length(email)'] }],
  ],
  [
    'generated string case',
    edit("' <'", "' ('"),
    [
      'column.alter',
      'users.full_name',
      { generated: ["nick || ' (' || email || '>'", "nick || ' <' || email || '>'"] },
    ],
  ],
  [
    'generated stored to virtual',
    edit('STORED', 'VIRTUAL'),
    ['column.alter', 'users.email_length', { generatedStorage: ['virtual', 'stored'] }],
  ],
  [
    'generated virtual to stored',
    edit('VIRTUAL,\n', 'STORED,\n'),
    ['column.alter', 'users.full_name', { generatedStorage: ['stored', 'virtual'] }],
  ],
  [
    'generated to plain',
    edit(' GENERATED ALWAYS AS (length(email)) STORED', ''),
    ['column.alter', 'users.email_length', { generated: [null, 'length(email) stored'] }],
  ],
  [
    'generated to default',
    edit('GENERATED ALWAYS AS (length(email)) STORED', 'DEFAULT 0'),
    [
      'column.alter',
      'users.email_length',
      { default: ['0', null], generated: [null, 'length(email) stored'] },
    ],
  ],
  [
    'plain to generated',
    edit('  shelf text,', '  shelf text AS (book_id || number),'),
    ['column.alter', 'copies.shelf', { generated: ['book_id || number virtual', null] }],
  ],
];
