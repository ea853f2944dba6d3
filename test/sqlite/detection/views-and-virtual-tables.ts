import { rewrite, run, type Case } from './cases.ts';

export const wholes: readonly Case[] = [
  ['view dropped', run('DROP VIEW named'), ['view.create', 'named']],
  ['view added', run('CREATE VIEW extra AS SELECT 1 AS one'), ['view.drop', 'extra']],
  [
    'view changed',
    run(
      'DROP VIEW named',
      'CREATE VIEW named (book, price) AS SELECT title, price FROM books WHERE price > 1',
    ),
    [
      'view.alter',
      'named',
      { definition: ['SELECT title, price FROM books WHERE price > 1', 'SELECT title, price FROM books'] },
    ],
  ],
  [
    'view column names',
    run('DROP VIEW named', 'CREATE VIEW named (title, price) AS SELECT title, price FROM books'),
    [
      'view.alter',
      'named',
      {
        columns: [
          ['title', 'price'],
          ['book', 'price'],
        ],
      },
    ],
  ],
  [
    'view column names dropped',
    run('DROP VIEW named', 'CREATE VIEW named AS SELECT title, price FROM books'),
    ['view.alter', 'named', { columns: [null, ['book', 'price']] }],
  ],
  [
    'view by writable_schema',
    rewrite('broken', 'gone', 'lost'),
    ['view.alter', 'broken', { definition: ['SELECT * FROM lost', 'SELECT * FROM gone'] }],
  ],
  ['broken view dropped', run('DROP VIEW broken'), ['view.create', 'broken']],
  [
    'view to table',
    run('DROP VIEW named', 'CREATE TABLE named (book, price)'),
    ['table.drop', 'named'],
    ['view.create', 'named'],
  ],
  ['trigger dropped', run('DROP TRIGGER books_audit'), ['trigger.create', 'books.books_audit']],
  [
    'trigger added',
    run('CREATE TRIGGER t AFTER INSERT ON loans BEGIN SELECT 1; END'),
    ['trigger.drop', 'loans.t'],
  ],
  [
    'trigger of a view dropped',
    run('DROP TRIGGER overdue_delete'),
    ['trigger.create', 'overdue.overdue_delete'],
  ],
  ['virtual table dropped', run('DROP TABLE places'), ['virtualTable.create', 'places']],
  ['virtual table added', run('CREATE VIRTUAL TABLE notes USING fts5(body)'), ['virtualTable.drop', 'notes']],
  [
    'virtual table arguments',
    run('DROP TABLE places', 'CREATE VIRTUAL TABLE places USING rtree(id, min_x, max_x, min_y, max_y)'),
    [
      'virtualTable.alter',
      'places',
      {
        arguments: [
          ['id', 'min_x', 'max_x', 'min_y', 'max_y'],
          ['id', 'min_x', 'max_x'],
        ],
      },
    ],
  ],
  [
    'virtual table option',
    run(
      'DROP TABLE books_fts',
      "CREATE VIRTUAL TABLE books_fts USING fts5(title, content='books', content_rowid='id', tokenize='porter')",
    ),
    [
      'virtualTable.alter',
      'books_fts',
      {
        arguments: [
          ['title', "content='books'", "content_rowid='id'", "tokenize='porter'"],
          ['title', "content='books'", "content_rowid='id'"],
        ],
      },
    ],
  ],
  [
    'virtual table module',
    run('DROP TABLE places', 'CREATE VIRTUAL TABLE places USING rtree_i32(id, min_x, max_x)'),
    ['virtualTable.alter', 'places', { module: ['rtree_i32', 'rtree'] }],
  ],
];
