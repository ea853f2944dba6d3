import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { PlanRequest } from '../../../src/dialects/planner.ts';
import { planMigration } from '../../../src/dialects/sqlite/plan/plan-migration.ts';
import { introspect } from '../../../src/dialects/sqlite/plan/workbench.ts';
import { hazardsOf } from '../../../src/plan/plan.ts';
import { brief, lintSql } from '../../lint/linting.ts';

function read(sql: string) {
  const db = new Database(':memory:');
  try {
    return introspect(db.exec(sql));
  } finally {
    db.close();
  }
}

function plan(before: string, after: string, backfills: PlanRequest['backfills'] = []): readonly string[] {
  const from = read(before);
  const { plan: planned } = planMigration({
    from,
    renamed: from,
    to: read(after),
    renames: [],
    backfills,
    runner: 'drift',
    engine: null,
    allowDataLoss: true,
    newUniques: 'index',
    broken: [],
  });
  return hazardsOf(planned)
    .map(({ code }) => code)
    .filter((code) => code === 'constraint-validation');
}

const t = (columns = 'a text, b text'): string => `CREATE TABLE t (${columns});`;
const index = (terms: string, rest = ''): string => `CREATE UNIQUE INDEX i ON t (${terms})${rest};`;

describe('rows that may break a unique key are told of, and only those', () => {
  it.each<[what: string, before: string, after: string, isTold: boolean]>([
    ['a new one', '', index('a'), true],
    ['fewer values are told apart', index('a'), index('a COLLATE NOCASE'), true],
    ['more values are told apart', index('a COLLATE NOCASE'), index('a'), false],
    ['another collation', index('a COLLATE NOCASE'), index('a COLLATE RTRIM'), true],
    ['one more column', index('a'), index('a, b'), false],
    ['one column less', index('a, b'), index('a'), true],
    ['the other direction', index('a, b DESC'), index('b, a'), false],
    ['fewer rows', index('a'), index('a', ' WHERE b > 1'), false],
    ['more rows', index('a', ' WHERE b > 1'), index('a'), true],
    ['the same rows', index('a', ' WHERE b > 1'), index('a, b', ' WHERE b > 1'), false],
    ['the same expression', index('lower(a)'), index('lower(a), b'), false],
    ['another expression', index('lower(a)'), index('upper(a)'), true],
  ])('%s', async (_what, before, after, isTold) => {
    expect(plan(t() + before, t() + after)).toHaveLength(isTold ? 1 : 0);
    // What drift lint says of the same change, written by hand.
    const sql = [...(before === '' ? [] : ['DROP INDEX i;']), after].join('\n--> statement-breakpoint\n');
    const found = brief(await lintSql(sql, { before: [`${t()}\n--> statement-breakpoint\n${before}`] }));
    expect(found.filter((text) => text.includes('constraint-validation'))).toHaveLength(isTold ? 1 : 0);
  });

  it.each<[what: string, before: string, after: string, isTold: boolean]>([
    ['a constraint that was an index', t() + index('a'), t('a text UNIQUE, b text'), false],
    ['another type', t() + index('a'), t('a integer, b text') + index('a, b'), false],
    ['a primary key that was unique', t('a text NOT NULL UNIQUE'), t('a text NOT NULL PRIMARY KEY'), false],
    [
      'a primary key that takes no NULL',
      t('a text UNIQUE'),
      `CREATE TABLE t (a text PRIMARY KEY) WITHOUT ROWID;`,
      true,
    ],
    ['the collation of a column', t('a text UNIQUE'), t('a text COLLATE NOCASE UNIQUE'), true],
    [
      'the collation of an indexed column',
      t() + index('a'),
      t('a text COLLATE NOCASE, b text') + index('a'),
      true,
    ],
    ['a column that tells more apart', t('a text COLLATE NOCASE UNIQUE'), t('a text UNIQUE'), false],
    ['1 and the text of it', t('a UNIQUE'), t('a text UNIQUE'), true],
  ])('%s', (_what, before, after, isTold) => {
    expect(plan(before, after)).toHaveLength(isTold ? 1 : 0);
  });

  it('where a backfill replaces the values', () => {
    const backfills = [{ table: 't', column: 'a', expression: 'lower(a)' }];
    expect(plan(t() + index('a'), t('a text NOT NULL, b text') + index('a, b'), backfills)).toHaveLength(1);
  });
});
