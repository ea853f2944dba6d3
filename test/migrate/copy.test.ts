/** Copies in ranges: which statements, and that they come to the same as the statement at once. */
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { copyInRanges, planRanges, readBareCopy } from '../../src/dialects/sqlite/run-copy.ts';
import { tokenizeSignificant } from '../../src/dialects/sqlite/syntax/tokenize.ts';
import type { CopyProgress } from '../../src/dialects/migrator.ts';

const read = (sql: string) => readBareCopy(sql, tokenizeSignificant(sql));

describe('a plain copy', () => {
  it.each([
    'INSERT INTO `b`(`x`, "y") SELECT "x", [y] FROM a',
    "INSERT INTO b (x, y) SELECT coalesce(x, ''), CASE WHEN y IN (1, 2) THEN CAST(y AS text) ELSE NULL END FROM a",
    'INSERT INTO b SELECT x, y FROM "a"',
    'INSERT OR ABORT INTO `b` (`x`)\nSELECT `x` FROM `a`',
  ])('is %s', (sql) => {
    expect(read(sql)).toMatchObject({ to: 'b', from: 'a' });
  });

  it.each([
    'INSERT INTO b (x) SELECT max(x) FROM a',
    'INSERT INTO b (x) SELECT mine(x) FROM a',
    'INSERT INTO b (x) SELECT "max"(x) FROM a',
    'INSERT INTO b (x) SELECT (SELECT x FROM c) FROM a',
    'INSERT INTO b (x) SELECT DISTINCT x FROM a',
    'INSERT INTO b (x) SELECT x FROM a WHERE x > 1',
    'INSERT INTO b (x) SELECT x FROM a ORDER BY x',
    'INSERT INTO b (x) SELECT x FROM a, c',
    'INSERT INTO b (x) SELECT row_number() OVER () FROM a',
    'INSERT INTO b (x) SELECT * FROM a',
    'INSERT OR IGNORE INTO b (x) SELECT x FROM a',
    'INSERT INTO a (x) SELECT x FROM a',
    'INSERT INTO b (x) SELECT x FROM other.a',
    'INSERT INTO b (x) VALUES (1)',
    'INSERT INTO b (x, y) SELECT x FROM a',
    'INSERT INTO b (x) SELECT x FROM a ON CONFLICT DO NOTHING',
  ])('is not %s', (sql) => {
    expect(read(sql)).toBeNull();
  });
});

describe('in ranges', () => {
  const sql = 'INSERT INTO b (id, x) SELECT id, x FROM a';

  it('copies every row once, with gaps and negative rowids, and counts them', async () => {
    const db = new Database(':memory:');
    db.exec(`CREATE TABLE a (id integer PRIMARY KEY, x text); CREATE TABLE b (id integer PRIMARY KEY, x text);
      WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
      INSERT INTO a SELECT i * 3 - 1000, 'v' || i FROM n;`);
    const ranges = planRanges(db, read(sql));
    expect(ranges).toMatchObject({ table: 'a', rows: 60_001 });
    const seen: CopyProgress[] = [];
    let time = 0;
    if (ranges)
      await copyInRanges(
        db,
        sql,
        ranges,
        () => (time += 1000),
        (progress) => seen.push(progress),
      );
    const differing = db
      .prepare('SELECT count(*) FROM (SELECT * FROM a EXCEPT SELECT * FROM b)')
      .pluck()
      .get();
    expect([differing, db.prepare('SELECT count(*) FROM b').pluck().get()]).toEqual([0, 60_001]);
    expect(seen.map(({ rows }) => rows)).toEqual([20_001, 40_001, 60_001]);
    expect(seen[0]).toEqual({ table: 'a', rows: 20_001, of: 60_001, rowsPerSecond: 20_001, secondsLeft: 2 });
    db.close();
  });

  it('copies rows at both ends of what a rowid can be', async () => {
    const db = new Database(':memory:');
    db.exec(`CREATE TABLE a (id integer PRIMARY KEY, x text); CREATE TABLE b (id integer PRIMARY KEY, x text);
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000) INSERT INTO a SELECT i, i FROM n;
      INSERT INTO a VALUES (9223372036854775807, 'last'), (-9223372036854775807, 'first');`);
    const ranges = planRanges(db, read(sql));
    expect(ranges).not.toBeNull();
    if (ranges)
      await copyInRanges(
        db,
        sql,
        ranges,
        () => 0,
        () => undefined,
      );
    const differing = db
      .prepare('SELECT count(*) FROM (SELECT * FROM a EXCEPT SELECT * FROM b)')
      .pluck()
      .get();
    expect([differing, db.prepare('SELECT count(*) FROM b').pluck().get()]).toEqual([0, 50_002]);
    db.exec("INSERT INTO a VALUES (-9223372036854775808, 'the very first')");
    expect(planRanges(db, read(sql))).toBeNull();
    db.close();
  });

  it('is not tried for small tables, views, tables without rowids, and tables with triggers', () => {
    const db = new Database(':memory:');
    const fill = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000) INSERT INTO a SELECT i, i FROM n;`;
    db.exec(
      `CREATE TABLE a (id integer PRIMARY KEY, x text) WITHOUT ROWID; CREATE TABLE b (id integer PRIMARY KEY, x text);${fill}`,
    );
    expect(planRanges(db, read(sql))).toBeNull();
    db.exec('ALTER TABLE a RENAME TO c; CREATE VIEW a AS SELECT * FROM c');
    expect(planRanges(db, read(sql))).toBeNull();
    db.exec(`DROP VIEW a; CREATE TABLE a (id integer PRIMARY KEY, x text); INSERT INTO a VALUES (1, 'one')`);
    expect(planRanges(db, read(sql))).toBeNull();
    db.exec(`DELETE FROM a; ${fill}`);
    expect(planRanges(db, read(sql))).not.toBeNull();
    db.exec('CREATE TRIGGER t AFTER INSERT ON b BEGIN DELETE FROM a WHERE id = new.id + 30000; END');
    expect(planRanges(db, read(sql))).toBeNull();
    db.close();
  });
});
