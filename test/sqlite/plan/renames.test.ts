import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { Schema } from '../../../src/catalog/schema.ts';
import { findRenameCandidates, writeRename } from '../../../src/diff/renames.ts';
import { introspect } from '../../../src/dialects/sqlite/plan/workbench.ts';

function schemaOf(sql: string): Schema {
  const db = new Database(':memory:');
  try {
    return introspect(db.exec(sql));
  } finally {
    db.close();
  }
}

function candidates(before: string, after: string): readonly string[] {
  return findRenameCandidates(schemaOf(before), schemaOf(after)).map(writeRename);
}

const t = (columns: string): string => `CREATE TABLE t (id integer PRIMARY KEY, ${columns});`;

describe('rename candidates', () => {
  it.each<[string, string, string, readonly string[]]>([
    ['a column of the same type', t('name text'), t('full_name text'), ['column:t.name=full_name']],
    ['no column of another type', t('name text'), t('age integer'), []],
    [
      'the likeliest first',
      t('name text, x text'),
      t('x text, nick text NOT NULL, full_name text'),
      ['column:t.name=full_name', 'column:t.name=nick'],
    ],
    [
      'a table with the same columns',
      'CREATE TABLE a (id integer PRIMARY KEY, x text);',
      'CREATE TABLE b (id integer PRIMARY KEY, x text);',
      ['table:a=b'],
    ],
    [
      'no table that shares nothing but its id',
      'CREATE TABLE a (id integer PRIMARY KEY, x text, y text);',
      'CREATE TABLE b (id integer PRIMARY KEY, n integer, m integer);',
      [],
    ],
    ['nothing where nothing goes', t('name text'), t('name text, other text'), []],
    ['no generated column', t('a text, g text AS (a)'), t('a text, h text'), []],
  ])('offers %s', (_, before, after, expected) => {
    expect(candidates(before, after)).toEqual(expected);
  });
});
