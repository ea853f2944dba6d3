import { edit, run, type Case } from './cases.ts';

const remake = (name: string, sql: string): readonly string[] => run(`DROP INDEX ${name}`, sql);

export const indexes: readonly Case[] = [
  ['index dropped', run('DROP INDEX loans_due_idx'), ['index.create', 'loans.loans_due_idx']],
  [
    'index added',
    run('CREATE INDEX copies_shelf_idx ON copies (shelf)'),
    ['index.drop', 'copies.copies_shelf_idx'],
  ],
  ['unique index added', run('CREATE UNIQUE INDEX once ON copies (shelf)'), ['index.drop', 'copies.once']],
  [
    'index renamed',
    remake('loans_due_idx', 'CREATE INDEX due_idx ON loans (due)'),
    ['index.rename', 'loans.due_idx', { name: ['due_idx', 'loans_due_idx'] }],
  ],
  [
    'index made unique',
    remake('loans_due_idx', 'CREATE UNIQUE INDEX loans_due_idx ON loans (due)'),
    ['index.alter', 'loans.loans_due_idx', { unique: [true, false] }],
  ],
  [
    'unique index made plain',
    remake('users_email_unique', 'CREATE INDEX users_email_unique ON users (email)'),
    ['index.alter', 'users.users_email_unique', { unique: [false, true] }],
  ],
  [
    'unique index dropped',
    run('DROP INDEX users_email_unique'),
    ['index.create', 'users.users_email_unique'],
  ],
  [
    'unique index made partial',
    remake('users_email_unique', 'CREATE UNIQUE INDEX users_email_unique ON users (email) WHERE active'),
    ['index.alter', 'users.users_email_unique', { where: ['active', null] }],
  ],
  [
    'index column',
    remake('loans_due_idx', 'CREATE INDEX loans_due_idx ON loans (borrower)'),
    ['index.alter', 'loans.loans_due_idx', { columns: [['borrower'], ['due']] }],
  ],
  [
    'index column added',
    remake('loans_due_idx', 'CREATE INDEX loans_due_idx ON loans (due, borrower)'),
    ['index.alter', 'loans.loans_due_idx', { columns: [['due', 'borrower'], ['due']] }],
  ],
  [
    'index column order',
    remake('users_age_idx', 'CREATE INDEX users_age_idx ON users (role, age DESC)'),
    [
      'index.alter',
      'users.users_age_idx',
      {
        columns: [
          ['role', 'age desc'],
          ['age desc', 'role'],
        ],
      },
    ],
  ],
  [
    'index DESC dropped',
    remake('users_age_idx', 'CREATE INDEX users_age_idx ON users (age, role)'),
    [
      'index.alter',
      'users.users_age_idx',
      {
        columns: [
          ['age', 'role'],
          ['age desc', 'role'],
        ],
      },
    ],
  ],
  [
    'index DESC added',
    remake('loans_due_idx', 'CREATE INDEX loans_due_idx ON loans (due DESC)'),
    ['index.alter', 'loans.loans_due_idx', { columns: [['due desc'], ['due']] }],
  ],
  [
    'index collation dropped',
    remake('books_title_idx', 'CREATE UNIQUE INDEX books_title_idx ON books (title)'),
    ['index.alter', 'books.books_title_idx', { columns: [['title'], ['title collate NOCASE']] }],
  ],
  [
    'index collation changed',
    remake('books_title_idx', 'CREATE UNIQUE INDEX books_title_idx ON books (title COLLATE RTRIM)'),
    [
      'index.alter',
      'books.books_title_idx',
      { columns: [['title collate RTRIM'], ['title collate NOCASE']] },
    ],
  ],
  [
    'index collation added',
    remake('loans_due_idx', 'CREATE INDEX loans_due_idx ON loans (due COLLATE NOCASE)'),
    ['index.alter', 'loans.loans_due_idx', { columns: [['due collate NOCASE'], ['due']] }],
  ],
  [
    'index expression changed',
    remake('users_lower_email_idx', 'CREATE INDEX users_lower_email_idx ON users (upper(email))'),
    ['index.alter', 'users.users_lower_email_idx', { columns: [['upper(email)'], ['lower(email)']] }],
  ],
  [
    'index expression to column',
    remake('users_lower_email_idx', 'CREATE INDEX users_lower_email_idx ON users (email)'),
    ['index.alter', 'users.users_lower_email_idx', { columns: [['email'], ['lower(email)']] }],
  ],
  [
    'index predicate changed',
    remake('users_adults_idx', 'CREATE INDEX users_adults_idx ON users (email) WHERE age >= 21'),
    ['index.alter', 'users.users_adults_idx', { where: ['age >= 21', 'age >= 18'] }],
  ],
  [
    'index predicate dropped',
    remake('users_adults_idx', 'CREATE INDEX users_adults_idx ON users (email)'),
    ['index.alter', 'users.users_adults_idx', { where: [null, 'age >= 18'] }],
  ],
  [
    'index predicate added',
    remake('loans_due_idx', 'CREATE INDEX loans_due_idx ON loans (due) WHERE borrower > 1'),
    ['index.alter', 'loans.loans_due_idx', { where: ['borrower > 1', null] }],
  ],
  [
    'index on another table',
    remake('loans_due_idx', 'CREATE INDEX loans_due_idx ON copies (shelf)'),
    ['index.drop', 'copies.loans_due_idx'],
    ['index.create', 'loans.loans_due_idx'],
  ],
  [
    'plain unique index to inline UNIQUE',
    edit('title text NOT NULL ON CONFLICT IGNORE', 'title text NOT NULL ON CONFLICT IGNORE UNIQUE').filter(
      (text) => !text.includes('books_title_idx'),
    ),
    ['index.create', 'books.books_title_idx'],
    ['unique.drop', 'books.books_title_unique'],
  ],
];
