import { edit, type Case } from './cases.ts';

export const keys: readonly Case[] = [
  [
    'primary key dropped',
    edit('code text PRIMARY KEY NOT NULL', 'code text NOT NULL').map((text) =>
      text.replace(') WITHOUT ROWID', ')'),
    ),
    ['table.alter', 'countries', { withoutRowid: [false, true] }],
    ['primaryKey.create', 'countries.countries_pk'],
  ],
  [
    'integer primary key dropped',
    edit('  id integer PRIMARY KEY,', '  id integer,'),
    ['primaryKey.create', 'books.books_pk'],
  ],
  [
    'composite primary key dropped',
    edit('  PRIMARY KEY (book_id, number),\n', ''),
    ['primaryKey.create', 'copies.copies_pk'],
  ],
  [
    'primary key added',
    edit('  due text NOT NULL,', '  due text NOT NULL,\n  PRIMARY KEY (book_id, number),'),
    ['primaryKey.drop', 'loans.loans_pk'],
  ],
  [
    'primary key order',
    edit('PRIMARY KEY (book_id, number)', 'PRIMARY KEY (number, book_id)'),
    [
      'primaryKey.alter',
      'copies.copies_pk',
      {
        columns: [
          ['number', 'book_id'],
          ['book_id', 'number'],
        ],
      },
    ],
  ],
  [
    'primary key column added',
    edit('PRIMARY KEY (book_id, number)', 'PRIMARY KEY (book_id, number, shelf)'),
    [
      'primaryKey.alter',
      'copies.copies_pk',
      {
        columns: [
          ['book_id', 'number', 'shelf'],
          ['book_id', 'number'],
        ],
      },
    ],
  ],
  [
    'primary key column removed',
    edit('PRIMARY KEY (book_id, number)', 'PRIMARY KEY (book_id)'),
    ['primaryKey.alter', 'copies.copies_pk', { columns: [['book_id'], ['book_id', 'number']] }],
  ],
  [
    'AUTOINCREMENT dropped',
    edit(' AUTOINCREMENT', ''),
    ['primaryKey.alter', 'users.users_pk', { autoincrement: [false, true] }],
  ],
  [
    'AUTOINCREMENT added',
    edit('  id integer PRIMARY KEY,', '  id integer PRIMARY KEY AUTOINCREMENT,'),
    ['primaryKey.alter', 'books.books_pk', { autoincrement: [true, false] }],
  ],
  [
    'primary key DESC dropped',
    edit('at DESC)', 'at)'),
    ['primaryKey.alter', 'readings.readings_pk', { descending: [null, ['at']] }],
  ],
  [
    'primary key DESC added',
    edit('PRIMARY KEY (book_id, number)', 'PRIMARY KEY (book_id DESC, number)'),
    ['primaryKey.alter', 'copies.copies_pk', { descending: [['book_id'], null] }],
  ],
  [
    'primary key conflict added',
    edit('  id integer PRIMARY KEY,', '  id integer PRIMARY KEY ON CONFLICT REPLACE,'),
    ['primaryKey.alter', 'books.books_pk', { onConflict: ['replace', null] }],
  ],
  [
    'primary key collation added',
    edit('PRIMARY KEY (sensor,', 'PRIMARY KEY (sensor COLLATE NOCASE,'),
    ['primaryKey.alter', 'readings.readings_pk', { collations: [['sensor COLLATE NOCASE'], null] }],
  ],
  [
    'inline unique dropped',
    edit('varchar(13) UNIQUE', 'varchar(13)'),
    ['unique.create', 'books.books_isbn_unique'],
  ],
  [
    'inline unique added',
    edit('  shelf text,', '  shelf text UNIQUE,'),
    ['unique.drop', 'copies.copies_shelf_unique'],
  ],
  [
    'named unique dropped',
    edit('  CONSTRAINT users_nick_unique UNIQUE (nick),\n', ''),
    ['unique.create', 'users.users_nick_unique'],
  ],
  [
    'named unique renamed',
    edit('users_nick_unique', 'nick_once'),
    ['unique.rename', 'users.nick_once', { name: ['nick_once', 'users_nick_unique'] }],
  ],
  [
    'unique column added',
    edit('UNIQUE (nick)', 'UNIQUE (nick, role)'),
    ['unique.alter', 'users.users_nick_unique', { columns: [['nick', 'role'], ['nick']] }],
  ],
  [
    'table unique dropped',
    edit('  UNIQUE (owner_id, title) ON CONFLICT REPLACE,\n', ''),
    ['unique.create', 'books.books_owner_id_title_unique'],
  ],
  [
    'unique conflict dropped',
    edit(' ON CONFLICT REPLACE', ''),
    ['unique.alter', 'books.books_owner_id_title_unique', { onConflict: [null, 'replace'] }],
  ],
  [
    'unique conflict changed',
    edit('ON CONFLICT REPLACE', 'ON CONFLICT ROLLBACK'),
    ['unique.alter', 'books.books_owner_id_title_unique', { onConflict: ['rollback', 'replace'] }],
  ],
  [
    'unique conflict added',
    edit('UNIQUE (nick)', 'UNIQUE (nick) ON CONFLICT IGNORE'),
    ['unique.alter', 'users.users_nick_unique', { onConflict: ['ignore', null] }],
  ],
  [
    'unique DESC added',
    edit('UNIQUE (nick)', 'UNIQUE (nick DESC)'),
    ['unique.alter', 'users.users_nick_unique', { descending: [['nick'], null] }],
  ],
  [
    'unique collation added',
    edit('UNIQUE (nick)', 'UNIQUE (nick COLLATE BINARY)'),
    ['unique.alter', 'users.users_nick_unique', { collations: [['nick COLLATE BINARY'], null] }],
  ],
];
