import { edit, rewrite, run, type Case } from './cases.ts';

const owner = 'books.books_owner_id_users_id_fk';
const editor = 'books.books_editor_id_users_id_fk';
const country = 'users.users_country_countries_code_fk';
const copy = 'loans.loans_book_id_number_copies_book_id_number_fk';

export const foreignKeys: readonly Case[] = [
  [
    'foreign key dropped',
    edit(',\n  FOREIGN KEY (book_id) REFERENCES books (id)', ''),
    ['foreignKey.create', 'copies.copies_book_id_books_id_fk'],
  ],
  [
    'inline foreign key dropped',
    edit(' REFERENCES countries(code) ON UPDATE CASCADE', ''),
    ['foreignKey.create', country],
  ],
  [
    'foreign key added',
    edit('borrower integer NOT NULL', 'borrower integer NOT NULL REFERENCES users (id)'),
    ['foreignKey.drop', 'loans.loans_borrower_users_id_fk'],
  ],
  [
    'foreign key added with a column',
    run('ALTER TABLE copies ADD COLUMN keeper integer REFERENCES users (id)'),
    ['foreignKey.drop', 'copies.copies_keeper_users_id_fk'],
    ['column.drop', 'copies.keeper'],
  ],
  [
    'foreign key target table',
    edit('(owner_id) REFERENCES users (id)', '(owner_id) REFERENCES copies (book_id)'),
    ['foreignKey.alter', owner, { references: ['copies(book_id)', 'users(id)'] }],
  ],
  [
    'foreign key target column',
    edit('(owner_id) REFERENCES users (id)', '(owner_id) REFERENCES users (email)'),
    ['foreignKey.alter', owner, { references: ['users(email)', 'users(id)'] }],
  ],
  [
    'foreign key by writable_schema',
    rewrite('books', 'ON DELETE CASCADE', 'ON DELETE RESTRICT'),
    ['foreignKey.alter', owner, { onDelete: ['restrict', 'cascade'] }],
  ],
  [
    'ON DELETE dropped',
    edit(' ON DELETE CASCADE', ''),
    ['foreignKey.alter', owner, { onDelete: ['no action', 'cascade'] }],
  ],
  [
    'ON DELETE added',
    edit('REFERENCES books (id)', 'REFERENCES books (id) ON DELETE CASCADE'),
    ['foreignKey.alter', 'copies.copies_book_id_books_id_fk', { onDelete: ['cascade', 'no action'] }],
  ],
  [
    'ON DELETE SET DEFAULT',
    edit('ON DELETE RESTRICT', 'ON DELETE SET DEFAULT'),
    ['foreignKey.alter', copy, { onDelete: ['set default', 'restrict'] }],
  ],
  [
    'ON UPDATE changed',
    edit('ON UPDATE CASCADE', 'ON UPDATE SET NULL'),
    ['foreignKey.alter', country, { onUpdate: ['set null', 'cascade'] }],
  ],
  [
    'ON UPDATE dropped',
    edit(' ON UPDATE CASCADE', ''),
    ['foreignKey.alter', country, { onUpdate: ['no action', 'cascade'] }],
  ],
  [
    'DEFERRABLE dropped',
    edit(' DEFERRABLE INITIALLY DEFERRED', ''),
    ['foreignKey.alter', editor, { deferral: ['immediate', 'deferred'] }],
  ],
  [
    'INITIALLY DEFERRED dropped',
    edit(' INITIALLY DEFERRED', ''),
    ['foreignKey.alter', editor, { deferral: ['deferrable', 'deferred'] }],
  ],
  [
    'DEFERRABLE added',
    edit('ON DELETE CASCADE', 'ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED'),
    ['foreignKey.alter', owner, { deferral: ['deferred', 'immediate'] }],
  ],
  [
    'MATCH added',
    edit('ON DELETE CASCADE', 'MATCH FULL ON DELETE CASCADE'),
    ['foreignKey.alter', owner, { match: ['full', 'simple'] }],
  ],
  [
    'composite foreign key pairs swapped',
    edit('REFERENCES copies (book_id, number)', 'REFERENCES copies (number, book_id)'),
    ['foreignKey.alter', copy, { references: ['copies(number, book_id)', 'copies(book_id, number)'] }],
  ],
  [
    'foreign key on another column',
    edit('FOREIGN KEY (editor_id)', 'FOREIGN KEY (price)'),
    ['foreignKey.create', editor],
    ['foreignKey.drop', 'books.books_price_users_id_fk'],
  ],
];
