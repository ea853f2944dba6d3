import { edit, rewrite, type Case } from './cases.ts';

const roles = "role IN ('reader', 'editor', 'admin')";

export const checks: readonly Case[] = [
  [
    'named check dropped',
    edit('  CONSTRAINT adult CHECK (age >= 18),\n', ''),
    ['check.create', 'users.adult'],
  ],
  [
    'named check changed',
    edit('CHECK (age >= 18)', 'CHECK (age >= 21)'),
    ['check.alter', 'users.adult', { expression: ['age >= 21', 'age >= 18'] }],
  ],
  [
    'named check operator',
    edit('CHECK (age >= 18)', 'CHECK (age > 18)'),
    ['check.alter', 'users.adult', { expression: ['age > 18', 'age >= 18'] }],
  ],
  [
    'named check by writable_schema',
    rewrite('users', 'age >= 18', 'age >= 16'),
    ['check.alter', 'users.adult', { expression: ['age >= 16', 'age >= 18'] }],
  ],
  [
    'named check renamed',
    edit('CONSTRAINT adult', 'CONSTRAINT grown_up'),
    ['check.rename', 'users.grown_up', { name: ['grown_up', 'adult'] }],
  ],
  [
    'check name dropped',
    edit('CONSTRAINT adult CHECK', 'CHECK'),
    ['check.rename', 'users.check (age >= 18)', { name: ['check (age >= 18)', 'adult'] }],
  ],
  [
    'unnamed check dropped',
    edit(",\n  CHECK (role IN ('reader', 'editor', 'admin'))", ''),
    ['check.create', `users.check (${roles})`],
  ],
  [
    'unnamed check changed',
    edit("'editor', 'admin')", "'editor')"),
    [
      'check.alter',
      `users.check (${roles})`,
      { expression: ["role IN ('reader', 'editor')", "role IN ('reader', 'editor', 'admin')"] },
    ],
  ],
  ['column check dropped', edit(' CHECK (price > 0)', ''), ['check.create', 'books.check (price > 0)']],
  [
    'column check changed',
    edit('CHECK (price > 0)', 'CHECK (price >= 0)'),
    ['check.alter', 'books.check (price > 0)', { expression: ['price >= 0', 'price > 0'] }],
  ],
  [
    'check added',
    edit('  value real,', '  value real CHECK (value < 1000),'),
    ['check.drop', 'readings.check (value < 1000)'],
  ],
  [
    'named check added',
    edit('  due text NOT NULL,', "  due text NOT NULL CONSTRAINT due_date CHECK (due <> ''),"),
    ['check.drop', 'loans.due_date'],
  ],
  [
    'check string for column',
    edit('CHECK (age >= 18)', "CHECK ('age' >= 18)"),
    ['check.alter', 'users.adult', { expression: ["'age' >= 18", 'age >= 18'] }],
  ],
];
