import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { parseChange } from '../../../src/dialects/sqlite/syntax/parse-change.ts';
import { SqliteSyntaxError } from '../../../src/dialects/sqlite/syntax/syntax-error.ts';

const SETUP = `create table t(a, b text not null constraint k check (b <> ''), "c d" int); create table u(x);
  create index i on t(a); create view v as select 1; create trigger r after insert on u begin select 1; end;`;

describe('read, and accepted by SQLite', () => {
  test.each<[string, object]>([
    ['alter table t rename to "t 2"', { alteration: { type: 'rename-table', to: { value: 't 2' } } }],
    [
      'ALTER TABLE main.t RENAME COLUMN a TO b2;',
      { alteration: { type: 'rename-column', column: { value: 'a' }, to: { value: 'b2' } } },
    ],
    ['alter table t rename a to key', { alteration: { type: 'rename-column', to: { value: 'key' } } }],
    [
      'alter table `t` add e int not null default 1 check (e > 0)',
      { alteration: { type: 'add-column', column: { name: { value: 'e' }, type: { name: 'int' } } } },
    ],
    [
      'alter table t add column e references u(x)',
      { alteration: { type: 'add-column', column: { constraints: [{ kind: 'references' }] } } },
    ],
    ['alter table t drop column [c d]', { alteration: { type: 'drop-column', column: { value: 'c d' } } }],
    ['alter table t drop "c d"', { alteration: { type: 'drop-column', column: { value: 'c d' } } }],
    [
      'alter table t alter column a set not null on conflict fail',
      { alteration: { type: 'set-not-null', column: { value: 'a' }, conflict: 'fail' } },
    ],
    [
      'alter table t alter b drop not null',
      { alteration: { type: 'drop-not-null', column: { value: 'b' } } },
    ],
    [
      'alter table t add constraint q check (a > 1)',
      { alteration: { type: 'add-check', name: { value: 'q' }, expression: { text: 'a > 1' } } },
    ],
    [
      'alter table t add check (a > 1) on conflict ignore',
      { alteration: { type: 'add-check', name: undefined } },
    ],
    ['alter table t drop constraint k', { alteration: { type: 'drop-constraint', name: { value: 'k' } } }],
    [
      'drop table if exists main."t"',
      { kind: 'drop', object: 'table', ifExists: true, name: { value: 't' } },
    ],
    ['drop index i', { kind: 'drop', object: 'index', ifExists: false }],
    ['drop view v', { kind: 'drop', object: 'view' }],
    ['drop trigger r', { kind: 'drop', object: 'trigger' }],
    ['PRAGMA foreign_keys=OFF;', { kind: 'pragma', name: { value: 'foreign_keys' }, value: { text: 'OFF' } }],
    [
      'pragma main.journal_mode = delete',
      { kind: 'pragma', schema: { value: 'main' }, value: { text: 'delete' } },
    ],
    ['pragma foreign_key_check(t)', { kind: 'pragma', value: { text: 't' } }],
    ['pragma user_version = -1', { value: { text: '-1' } }],
    ['pragma defer_foreign_keys', { value: undefined }],
  ])('%s', (sql, expected) => {
    expect(parseChange(sql)).toMatchObject(expected);
    const engine = new Database(':memory:');
    engine.exec(SETUP);
    engine.exec(sql);
    engine.close();
  });
});

test('the form only libSQL has', () => {
  expect(parseChange('ALTER TABLE `t` ALTER COLUMN "b" TO "b" text NOT NULL;')).toMatchObject({
    alteration: {
      type: 'redefine-column',
      column: { value: 'b' },
      to: { name: { value: 'b' }, type: { name: 'text' } },
    },
  });
});

test.each([
  'alter table t',
  'alter table t add constraint q unique (a)',
  'alter table t alter column b type text',
  'alter table t alter column b set default 1',
  'drop database t',
  'drop table',
  'alter index i rename to j',
])('%s is refused, by SQLite too', (sql) => {
  const engine = new Database(':memory:');
  engine.exec(SETUP);
  expect(() => engine.exec(sql)).toThrow();
  engine.close();
  expect(() => parseChange(sql)).toThrow(SqliteSyntaxError);
});
