import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Schema } from '../../../src/catalog/schema.ts';
import type { Planning, PlanRequest } from '../../../src/dialects/planner.ts';
import { sqlitePlanner } from '../../../src/dialects/sqlite/plan/planner.ts';
import {
  noteStatistics,
  renamedTables,
  restoreStatistics,
} from '../../../src/dialects/sqlite/plan/statistics.ts';
import { introspect } from '../../../src/dialects/sqlite/plan/workbench.ts';
import type { Action } from '../../../src/plan/plan.ts';

function schemaOf(sql: string): Schema {
  const db = new Database(':memory:');
  try {
    return introspect(db.exec(sql));
  } finally {
    db.close();
  }
}

function requestOf(before: string, after: string, more: Partial<PlanRequest> = {}): PlanRequest {
  const from = schemaOf(before);
  const { schema: renamed, broken } = sqlitePlanner.renameSchema(from, more.renames ?? []);
  return {
    from,
    renamed,
    to: schemaOf(after),
    renames: [],
    backfills: [],
    runner: 'drizzle',
    engine: null,
    allowDataLoss: true,
    newUniques: 'index',
    broken,
    ...more,
  };
}

const before = `CREATE TABLE p (id integer PRIMARY KEY AUTOINCREMENT, v text, w integer); CREATE INDEX p_w ON p(w);
  CREATE TABLE c (id integer PRIMARY KEY, p integer REFERENCES p(id) ON DELETE CASCADE);
  CREATE TABLE loose (k text PRIMARY KEY, v text);
  CREATE TRIGGER tr AFTER INSERT ON c BEGIN UPDATE p SET w = 1 WHERE id = NEW.p; END;`;
const after = before
  .replace('v text, w', 'v text NOT NULL, w')
  .replace('k text PRIMARY KEY, v text', 'k text PRIMARY KEY, v text NOT NULL');

/** The plan without the actions that `drop` picks, or with others in their place. */
function tamper(planning: Planning, change: (action: Action) => Action | null): Planning {
  const batches = planning.plan.batches.map((batch) => ({
    ...batch,
    steps: batch.steps.flatMap((step) => {
      const action = change(step.action);
      return action === null ? [] : [{ ...step, action }];
    }),
  }));
  return { ...planning, plan: { ...planning.plan, batches } };
}

describe('the proof of a plan', () => {
  const request = requestOf(before, after);
  const planning = sqlitePlanner.plan(request);

  it('holds for a plan that is right', () => {
    expect(sqlitePlanner.prove(request, planning)).toEqual({
      ok: true,
      problems: [],
      on: 'sample rows',
      tables: 3,
      rows: 36,
      empty: [],
    });
  });

  it.each<[string, RegExp, (action: Action) => Action | null]>([
    [
      'children are not shielded',
      /rows/,
      (action) => (action.type === 'shieldRows' || action.type === 'unshieldRows' ? null : action),
    ],
    [
      'the sequence is not carried over',
      /sequence of p was/,
      (action) => (action.type === 'carrySequence' ? null : action),
    ],
    [
      'rowids are made anew',
      /loose: 12 rows have other values/,
      (action) => (action.type === 'copyTable' ? { ...action, rowid: null } : action),
    ],
    [
      'a column is not copied',
      /p: 9 rows have other values/,
      (action) =>
        action.type === 'copyTable'
          ? { ...action, columns: action.columns.filter(({ to }) => to !== 'w') }
          : action,
    ],
    ['an index is forgotten', /new index p_w/, (action) => (action.type === 'createIndex' ? null : action)],
    [
      'a trigger is forgotten',
      /new trigger tr/,
      (action) => (action.type === 'createTrigger' ? null : action),
    ],
    [
      'the guard stays',
      /__drift_guard is left behind/,
      (action) => (action.type === 'closeGuard' ? null : action),
    ],
  ])('fails where %s', (_, problem, change) => {
    const proof = sqlitePlanner.prove(request, tamper(planning, change));
    expect(proof.ok).toBe(false);
    expect(proof.problems.join('\n')).toMatch(problem);
  });

  it('fails where a trigger that worked does not work afterwards', () => {
    const broken = requestOf(before, after.replace('w integer', 'x integer').replace('p(w)', 'p(x)'));
    const proof = sqlitePlanner.prove(broken, sqlitePlanner.plan(broken));
    expect(proof.problems.join('\n')).toMatch(/Nobody could insert rows of c any more: no such column: w/);
  });

  it('finds rows for checks, references and circles', () => {
    const rich = `CREATE TABLE a (id integer PRIMARY KEY, kind text NOT NULL CHECK (kind IN ('x', 'y')), n integer CHECK (n BETWEEN 5 AND 9), b integer REFERENCES b(id), j text CHECK (json_valid(j)), code text CHECK (length(code) = 3));
      CREATE TABLE b (id integer PRIMARY KEY, a integer NOT NULL REFERENCES a(id), u text UNIQUE, day text CHECK (day LIKE '____-__-__'));`;
    const wanted = requestOf(rich, rich.replace('u text UNIQUE', 'u text NOT NULL UNIQUE'));
    expect(sqlitePlanner.prove(wanted, sqlitePlanner.plan(wanted))).toMatchObject({ ok: true, empty: [] });
  });
});

describe('the proof on a copy of a database', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'drift-prove-'));
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('uses its rows and leaves it alone', async () => {
    const file = path.join(folder, 'app.db');
    const db = new Database(file);
    db.exec(`${before} INSERT INTO p VALUES (1, 'a', 1), (2, NULL, 2); INSERT INTO c VALUES (1, 1);`);
    const request = requestOf(before, after);
    const planning = sqlitePlanner.plan(request);
    const failing = await sqlitePlanner.proveOn(file, request, planning);
    expect(failing.problems.join()).toMatch(/NOT NULL constraint failed/);
    db.exec('DELETE FROM p WHERE v IS NULL');
    expect(await sqlitePlanner.proveOn(file, request, planning)).toMatchObject({ ok: true, rows: 2 });
    db.exec('CREATE TABLE by_hand (x)');
    await expect(sqlitePlanner.proveOn(file, request, planning)).rejects.toMatchObject({
      code: 'VERIFY_OTHER_SCHEMA',
    });
    db.close();
  });
});

describe('a target that is known to be new', () => {
  const t = (b: string, rest = ''): string =>
    `CREATE TABLE t (id integer PRIMARY KEY, a text, b integer${b}${rest});`;
  it.each([
    ['SET NOT NULL', t(''), t(' NOT NULL'), 'setNullable'],
    ['DROP NOT NULL', t(' NOT NULL'), t(''), 'setNullable'],
    ['ADD CONSTRAINT CHECK', t(''), t('', ', CONSTRAINT ck CHECK (b > 0)'), 'addCheck'],
    ['DROP CONSTRAINT', t('', ', CONSTRAINT ck CHECK (b > 0)'), t(''), 'dropConstraint'],
  ])('gets %s instead of a rebuild', (_, from, to, type) => {
    const modern = requestOf(from, to, { engine: [3, 53, 0] });
    const planning = sqlitePlanner.plan(modern);
    expect(planning.plan.batches.flatMap((batch) => batch.steps.map(({ action }) => action.type))).toEqual([
      type,
    ]);
    expect(sqlitePlanner.prove(modern, planning).ok).toBe(true);
    const old = sqlitePlanner.plan({ ...modern, engine: null });
    expect(old.plan.batches.flatMap((batch) => batch.steps.map(({ action }) => action.type))).toContain(
      'copyTable',
    );
  });
});

describe('a plan', () => {
  it('is the same for the same input, and carries both fingerprints', () => {
    const request = requestOf(before, after);
    const plan = sqlitePlanner.plan(request).plan;
    expect(sqlitePlanner.plan(requestOf(before, after)).plan).toEqual(plan);
    expect(plan.from).not.toBe(plan.to);
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });

  it('drops a parent with 20,000 children that have no index in no time', () => {
    const family =
      'CREATE TABLE p (id integer PRIMARY KEY, v text); CREATE TABLE c (id integer PRIMARY KEY, p integer REFERENCES p(id) ON DELETE CASCADE);';
    const request = requestOf(family, family.replace('v text', 'v text NOT NULL'));
    const db = new Database(':memory:');
    db.exec(
      `${family} WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) INSERT INTO p SELECT i, 'x' FROM n; INSERT INTO c SELECT id, id FROM p; PRAGMA foreign_keys = ON; BEGIN;`,
    );
    const steps = sqlitePlanner.render(sqlitePlanner.plan(request).plan);
    // Without the index each of the 20,000 deletions would look at 20,000 rows: most of a minute.
    const drop = steps.findIndex(({ sql }) => sql === 'DROP TABLE `p`');
    for (const { sql } of steps.slice(0, drop)) db.prepare(sql).run();
    const child = db.prepare('EXPLAIN QUERY PLAN SELECT 1 FROM c WHERE p = 1').all() as { detail: string }[];
    expect(child[0]?.detail).toMatch(/USING COVERING INDEX|USING INDEX/);
    for (const { sql } of steps.slice(drop)) db.prepare(sql).run();
    db.exec('COMMIT');
    expect(db.prepare('SELECT count(*) FROM c').pluck().get()).toBe(20_000);
    db.close();
  });

  it('lets its runner keep what ANALYZE found out', () => {
    const request = requestOf(before, after.replace('EXISTS loose', ''));
    const { plan } = sqlitePlanner.plan(request);
    const db = new Database(':memory:');
    db.exec(`${before} INSERT INTO p VALUES (1, 'a', 1); INSERT INTO loose VALUES ('a', 'b'); ANALYZE;`);
    const statistics = noteStatistics(db);
    for (const { sql } of sqlitePlanner.render(plan)) db.prepare(sql).run();
    const read = (): unknown => db.prepare('SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY tbl, idx').all();
    expect(read()).toEqual([]);
    if (statistics === null) throw new Error('it was analysed');
    restoreStatistics(db, statistics, renamedTables(plan));
    expect(read()).toEqual([
      { tbl: 'loose', idx: 'sqlite_autoindex_loose_1', stat: '1 1' },
      { tbl: 'p', idx: 'p_w', stat: '1 1' },
    ]);
    db.close();
  });
});
