import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { planMigration } from '../../../src/dialects/sqlite/plan/plan-migration.ts';
import type { PlanRequest } from '../../../src/dialects/planner.ts';
import { provePlan } from '../../../src/dialects/sqlite/plan/prove.ts';
import { introspect } from '../../../src/dialects/sqlite/plan/workbench.ts';
import type { HazardCode } from '../../../src/plan/hazards.ts';
import { hazardsOf, runnerForms } from '../../../src/plan/plan.ts';

function read(sql: string, isTold: boolean) {
  const db = new Database(':memory:');
  try {
    db.exec(sql);
    // SQLite itself says whether the key will do.
    if (sql.includes('children')) {
      const check = (): unknown => db.prepare('SELECT * FROM pragma_foreign_key_check').all();
      if (isTold) expect(check).toThrow('foreign key mismatch');
      else expect(check).not.toThrow();
    }
    return introspect(db);
  } finally {
    db.close();
  }
}

function readSchema(sql: string) {
  const db = new Database(':memory:');
  try {
    return introspect(db.exec(sql));
  } finally {
    db.close();
  }
}

const base = {
  renames: [],
  backfills: [],
  runner: 'drift',
  engine: null,
  allowDataLoss: true,
  newUniques: 'index',
  broken: [],
} as const;

function plan(
  before: string,
  after: string,
  isTold: boolean,
  code: HazardCode = 'foreign-key-mismatch',
): readonly string[] {
  const from = read(before, false);
  const { plan: planned } = planMigration({
    ...base,
    from,
    renamed: from,
    to: read(after, isTold),
  });
  return hazardsOf(planned)
    .filter((hazard) => hazard.code === code)
    .map(({ message }) => message);
}

const child = 'CREATE TABLE children (id integer PRIMARY KEY, code text REFERENCES parents (code));';

describe('a foreign key that points at no key is told of', () => {
  it.each<[what: string, parent: string, isTold: boolean]>([
    ['a plain column', 'CREATE TABLE parents (id integer PRIMARY KEY, code text);', true],
    ['the primary key', 'CREATE TABLE parents (code text PRIMARY KEY);', false],
    ['a UNIQUE', 'CREATE TABLE parents (code text UNIQUE);', false],
    ['a unique index', 'CREATE TABLE parents (code text); CREATE UNIQUE INDEX u ON parents (code);', false],
    ['an index', 'CREATE TABLE parents (code text); CREATE INDEX u ON parents (code);', true],
    [
      'a partial index',
      'CREATE TABLE parents (code text); CREATE UNIQUE INDEX u ON parents (code) WHERE code > 1;',
      true,
    ],
    [
      'an index of another collation',
      'CREATE TABLE parents (code text); CREATE UNIQUE INDEX u ON parents (code COLLATE NOCASE);',
      true,
    ],
    [
      "an index of the column's collation",
      'CREATE TABLE parents (code text COLLATE NOCASE); CREATE UNIQUE INDEX u ON parents (code COLLATE nocase);',
      false,
    ],
    [
      'a wider index',
      'CREATE TABLE parents (code text, x); CREATE UNIQUE INDEX u ON parents (code, x);',
      true,
    ],
  ])('%s', (_what, parent, isTold) => {
    const told = plan(parent, parent + child, isTold);
    expect(told).toHaveLength(isTold ? 1 : 0);
    if (isTold) expect(told[0]).toContain('The foreign key children (code) points at parents (code)');
  });

  it('also where the parent loses its key', () => {
    const table = `CREATE TABLE parents (id integer PRIMARY KEY, code text); ${child}`;
    expect(plan(`${table} CREATE UNIQUE INDEX u ON parents (code);`, table, true)).toHaveLength(1);
  });
});

describe.each(runnerForms)('under --runner %s a table with such a foreign key', (runner) => {
  const unkeyed = 'CREATE TABLE parents (id integer PRIMARY KEY, code text);';
  const keyed = 'CREATE TABLE parents (id integer PRIMARY KEY, code text UNIQUE);';
  const plain = 'CREATE TABLE children (id integer PRIMARY KEY, code text);';
  const wider = child.replace('code text', "note text DEFAULT 'x', code text");

  it.each<[what: string, before: string, after: string]>([
    ['is made anew with it', unkeyed + child, unkeyed + wider],
    ['stays as it is while its parent gets the key', unkeyed + child, keyed + child],
    ['loses it', unkeyed + child, unkeyed + plain],
  ])('%s, and keeps its rows', (_what, before, after) => {
    const request: PlanRequest = {
      ...base,
      runner,
      from: readSchema(before),
      renamed: readSchema(before),
      to: readSchema(after),
    };
    expect(provePlan(request, planMigration(request))).toMatchObject({ ok: true, problems: [] });
  });
});

describe('a foreign key that would put NULL where none may be is told of', () => {
  it.each<[what: string, column: string, refused: string | null]>([
    ['SET NULL on NOT NULL', 'x integer NOT NULL REFERENCES p (id) ON DELETE SET NULL', 'c.x'],
    ['SET NULL', 'x integer REFERENCES p (id) ON DELETE SET NULL', null],
    ['CASCADE on NOT NULL', 'x integer NOT NULL REFERENCES p (id) ON DELETE CASCADE', null],
    ['SET NULL on the rowid', 'x integer PRIMARY KEY REFERENCES p (id) ON DELETE SET NULL', 'c.x'],
    ['SET NULL on a key that may be NULL', 'x int PRIMARY KEY REFERENCES p (id) ON DELETE SET NULL', null],
    [
      'SET DEFAULT without a default on NOT NULL',
      'x integer NOT NULL REFERENCES p (id) ON DELETE SET DEFAULT',
      'c.x',
    ],
    ['SET DEFAULT with one', 'x integer NOT NULL DEFAULT 2 REFERENCES p (id) ON DELETE SET DEFAULT', null],
    [
      'SET NULL on two columns, of which one is NOT NULL',
      'x integer, y integer NOT NULL, FOREIGN KEY (x, y) REFERENCES p (a, b) ON DELETE SET NULL',
      'c.y',
    ],
  ])('%s', (_what, column, refused) => {
    const parent = 'CREATE TABLE p (id integer PRIMARY KEY, a integer, b integer, UNIQUE (a, b));';
    const after = `${parent} CREATE TABLE c (${column});`;
    const told = plan(parent, after, false, 'impossible-action');
    expect(told).toHaveLength(refused === null ? 0 : 1);
    if (refused !== null) expect(told[0]).toContain(`would put NULL into ${refused}`);
    expect(plan(after, `${after} CREATE TABLE other (id integer);`, false, 'impossible-action')).toEqual([]);
    // SQLite itself says whether a parent can be deleted.
    const db = new Database(':memory:');
    db.exec(
      `${after} INSERT INTO p VALUES (1, 1, 1), (2, 2, 2); INSERT INTO c VALUES (${column.includes('y ') ? '1, 1' : '1'});`,
    );
    const remove = (): unknown => db.exec('DELETE FROM p WHERE id = 1');
    if (refused === null) expect(remove).not.toThrow();
    else expect(remove).toThrow(/NOT NULL constraint failed|datatype mismatch/);
    db.close();
  });

  it('on update as well, and where the column becomes NOT NULL', () => {
    const of = (column: string): string =>
      `CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE c (x ${column} REFERENCES p (id) ON UPDATE SET NULL);`;
    expect(plan(of('integer'), of('integer NOT NULL'), false, 'impossible-action')).toEqual([
      'ON UPDATE SET NULL would put NULL into c.x, which must not be NULL: no row of p can be given another key while a row of c points at it.',
    ]);
  });
});
