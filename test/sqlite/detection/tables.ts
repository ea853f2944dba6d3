import { edit, run, type Case } from './cases.ts';
import { library } from '../support/library.ts';

export const tables: readonly Case[] = [
  ['table added', run('CREATE TABLE extra (a text)'), ['table.drop', 'extra']],
  [
    'table dropped',
    run(
      'DROP TABLE loans',
      'DROP TRIGGER overdue_delete',
      'CREATE TRIGGER overdue_delete INSTEAD OF DELETE ON overdue BEGIN DELETE FROM loans WHERE book_id = old.book_id; END',
    ),
    ['table.create', 'loans'],
  ],
  [
    'table renamed',
    run(
      'DROP TRIGGER overdue_delete',
      'DROP VIEW overdue',
      'DROP VIEW broken',
      'ALTER TABLE readings RENAME TO measurements',
      'CREATE VIEW broken AS SELECT * FROM gone',
      ...library.slice(12, 13),
      ...library.slice(16, 17),
    ),
    ['table.drop', 'measurements'],
    ['table.create', 'readings'],
  ],
  ['STRICT removed', edit(') STRICT', ')'), ['table.alter', 'readings', { strict: [false, true] }]],
  [
    'STRICT added',
    edit(
      'PRIMARY KEY (book_id, number),\n  FOREIGN KEY (book_id) REFERENCES books (id)\n)',
      'PRIMARY KEY (book_id, number),\n  FOREIGN KEY (book_id) REFERENCES books (id)\n) STRICT',
    ),
    ['table.alter', 'copies', { strict: [true, false] }],
  ],
  [
    'WITHOUT ROWID removed',
    edit(') WITHOUT ROWID', ')'),
    ['table.alter', 'countries', { withoutRowid: [false, true] }],
  ],
  [
    'WITHOUT ROWID added',
    edit(') STRICT', ') STRICT, WITHOUT ROWID'),
    ['table.alter', 'readings', { withoutRowid: [true, false] }],
  ],
];
