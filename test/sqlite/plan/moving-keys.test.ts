/**
 * Keys that come, go and move between tables that point at each other, with rows that fit before and after: whoever
 * runs the migration, it has to succeed.
 */
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffSchemas } from '../../../src/diff/compare.ts';
import type { PlanRequest } from '../../../src/dialects/planner.ts';
import { normalise } from '../../../src/dialects/sqlite/normalise.ts';
import { planMigration } from '../../../src/dialects/sqlite/plan/plan-migration.ts';
import { renderPlan } from '../../../src/dialects/sqlite/plan/render-plan.ts';
import { introspect } from '../../../src/dialects/sqlite/plan/workbench.ts';
import type { RunnerForm } from '../../../src/plan/plan.ts';

const runs = Number(process.env['DRIFT_PLAN_RUNS'] ?? 300);
const seed = Number(process.env['DRIFT_PLAN_SEED'] ?? 20260711);

const names = ['t', 'u', 'v', 'w'] as const;
type Name = (typeof names)[number];
type Key = 'id' | 'a' | 'b';

interface Reference {
  readonly parent: Name;
  readonly key: Key;
  readonly action: string;
}

interface Shape {
  readonly isThere: boolean;
  readonly keys: Readonly<Record<Key, boolean>>;
  /** One for each of the columns x and y. */
  readonly references: readonly (Reference | null)[];
  /** Nothing but a reason to make the table anew. */
  readonly strict: boolean;
}

type Shapes = Readonly<Record<Name, Shape>>;

const arbitraryReference: fc.Arbitrary<Reference> = fc.record({
  parent: fc.constantFrom(...names),
  key: fc.constantFrom('id' as const, 'a' as const, 'b' as const),
  action: fc.constantFrom('NO ACTION', 'RESTRICT', 'CASCADE', 'CASCADE', 'SET NULL', 'SET DEFAULT'),
});

const arbitraryShape: fc.Arbitrary<Shape> = fc.record({
  isThere: fc.constantFrom(true, true, true, false),
  keys: fc.record({ id: fc.boolean(), a: fc.boolean(), b: fc.boolean() }),
  references: fc.tuple(
    fc.option(arbitraryReference, { freq: 5, nil: null }),
    fc.option(arbitraryReference, { freq: 1, nil: null }),
  ),
  strict: fc.boolean(),
});

const arbitraryShapes: fc.Arbitrary<Shapes> = fc.record({
  t: arbitraryShape.map((shape) => ({ ...shape, isThere: true })),
  u: arbitraryShape,
  v: arbitraryShape,
  w: arbitraryShape.map((shape) => ({ ...shape, isThere: shape.isThere && shape.strict })),
});

/** Only what points at a key. */
function findReference(shapes: Shapes, name: Name, place: number): Reference | null {
  const reference = shapes[name].references[place] ?? null;
  const parent = reference === null ? null : shapes[reference.parent];
  return reference !== null && parent?.isThere === true && parent.keys[reference.key] ? reference : null;
}

function write(shapes: Shapes): string {
  return names
    .filter((name) => shapes[name].isThere)
    .map((name) => {
      const { keys, strict } = shapes[name];
      const lines = [
        keys.id ? 'id integer PRIMARY KEY' : 'id integer',
        keys.a ? 'a integer UNIQUE' : 'a integer',
        'b integer',
        ...['x', 'y'].map((column, place) => {
          const found = findReference(shapes, name, place);
          const rest =
            found === null ? '' : ` REFERENCES ${found.parent} (${found.key}) ON DELETE ${found.action}`;
          return `${column} integer${rest}`;
        }),
      ];
      const index = keys.b ? ` CREATE UNIQUE INDEX ${name}_b ON ${name} (b);` : '';
      return `CREATE TABLE ${name} (${lines.join(', ')})${strict ? ' STRICT' : ''};${index}`;
    })
    .join('\n');
}

/** Every value is a row's own and those of all other tables: any column may point at any key that has rows. */
function writeRows(before: Shapes, after: Shapes): string {
  return names
    .filter((name) => before[name].isThere)
    .map((name) => {
      const values = [0, 1].map((place) => {
        const parent = findReference(after, name, place)?.parent;
        return (row: number): string =>
          parent !== undefined && !before[parent].isThere ? 'NULL' : String(3 - row);
      });
      const rows = [1, 2].map(
        (row) => `(${[row, row, row, ...values.map((value) => value(row))].join(', ')})`,
      );
      return `INSERT INTO ${name} (id, a, b, x, y) VALUES ${rows.join(', ')};`;
    })
    .join('\n');
}

interface Case {
  readonly before: string;
  readonly after: string;
  readonly rows: string;
  readonly backfills?: PlanRequest['backfills'];
}

function open(sql: string): Database.Database {
  const db = new Database(':memory:');
  db.pragma('foreign_keys = OFF');
  return db.exec(sql);
}

function readRows(db: Database.Database): ReadonlyMap<string, readonly object[]> {
  const tables = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .pluck()
    .all() as string[];
  return new Map(
    tables.map((name) => [name, db.prepare(`SELECT rowid AS r, * FROM ${name}`).all() as object[]]),
  );
}

/** @returns the statements, run */
function migrate({ before, after, rows, backfills = [] }: Case, runner: RunnerForm) {
  const db = open(`${before}\n${rows}`);
  const wanted = open(after);
  try {
    expect(db.prepare('SELECT count(*) FROM pragma_foreign_key_check').pluck().get()).toBe(0);
    const [from, to] = [introspect(db), introspect(wanted)];
    const request: PlanRequest = {
      from,
      renamed: from,
      to,
      renames: [],
      backfills,
      runner,
      engine: null,
      allowDataLoss: true,
      newUniques: 'index',
      broken: [],
    };
    const { plan, refusals } = planMigration(request);
    expect(refusals).toEqual([]);
    const old = readRows(db);
    const statements = renderPlan(plan).map(({ sql }) => sql);
    db.pragma(`foreign_keys = ${runner === 'drift' ? 'OFF' : 'ON'}`);
    db.exec('BEGIN');
    for (const sql of statements) {
      try {
        db.prepare(sql).run();
      } catch (error) {
        throw new Error(`${(error as Error).message} in\n${sql}\nof\n${statements.join(';\n')}`, {
          cause: error,
        });
      }
    }
    db.exec('COMMIT');
    const result = normalise({ database: introspect(db), expected: to });
    expect(diffSchemas(result.database, result.expected)).toEqual([]);
    expect(db.prepare('SELECT count(*) FROM pragma_foreign_key_check').pluck().get()).toBe(0);
    return { statements, old, now: readRows(db) };
  } finally {
    db.close();
    wanted.close();
  }
}

function expectKept({ old, now }: ReturnType<typeof migrate>): void {
  for (const [table, rows] of old) {
    if (now.has(table))
      expect(now.get(table)).toEqual(rows.map((row): unknown => expect.objectContaining(row)));
  }
}

const cases: Readonly<Record<string, Case>> = {
  'two that point at each other lose their keys, and a third is dropped': {
    before: `CREATE TABLE t (id integer PRIMARY KEY, d integer REFERENCES u (b) ON DELETE CASCADE);
      CREATE TABLE u (b integer UNIQUE, d integer REFERENCES t (id) ON DELETE SET NULL);
      CREATE TABLE gone (id integer REFERENCES t (id));`,
    after: `CREATE TABLE t (id integer, d integer UNIQUE REFERENCES u (d));
      CREATE TABLE u (b integer, d integer UNIQUE REFERENCES t (d));`,
    rows: 'INSERT INTO t VALUES (1, 1), (2, 2); INSERT INTO u VALUES (1, 1), (2, 2); INSERT INTO gone VALUES (1);',
  },
  'two that point at each other swap which column they point at': {
    before: `CREATE TABLE t (a integer UNIQUE, b integer, x integer REFERENCES u (a) ON DELETE CASCADE);
      CREATE TABLE u (a integer UNIQUE, b integer, x integer REFERENCES t (a) ON DELETE CASCADE);`,
    after: `CREATE TABLE t (a integer, b integer UNIQUE, x integer REFERENCES u (b) ON DELETE CASCADE);
      CREATE TABLE u (a integer, b integer UNIQUE, x integer REFERENCES t (b) ON DELETE CASCADE);`,
    rows: 'INSERT INTO t VALUES (1, 1, 2), (2, 2, 1); INSERT INTO u VALUES (1, 1, 2), (2, 2, 1);',
  },
  'a new table and an old one point at the new keys of each other': {
    before: 'CREATE TABLE t (a integer, x integer, v text);',
    after: `CREATE TABLE t (a integer, x integer REFERENCES n (b), v text NOT NULL);
      CREATE UNIQUE INDEX t_a ON t (a);
      CREATE TABLE n (b integer UNIQUE, y integer REFERENCES t (a) ON DELETE CASCADE);`,
    rows: "INSERT INTO t VALUES (1, NULL, 'x'), (2, NULL, 'y');",
  },
  'two new tables point at each other and at tables that are made anew': {
    before: `CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE TABLE u (id integer PRIMARY KEY, a integer);`,
    after: `CREATE TABLE t (id integer PRIMARY KEY, a integer UNIQUE) STRICT;
      CREATE TABLE u (id integer PRIMARY KEY, a integer UNIQUE) STRICT;
      CREATE TABLE m (id integer PRIMARY KEY REFERENCES n (id), x integer REFERENCES t (id) ON DELETE CASCADE, y integer REFERENCES u (a));
      CREATE TABLE n (id integer PRIMARY KEY REFERENCES m (id), x integer REFERENCES u (id) ON DELETE CASCADE, y integer REFERENCES t (a));`,
    rows: 'INSERT INTO t VALUES (1, 1); INSERT INTO u VALUES (1, 1);',
  },
  'three tables that are dropped point at each other both ways': {
    before: `CREATE TABLE t (id integer PRIMARY KEY, x integer REFERENCES v (id) ON DELETE CASCADE);
      CREATE TABLE u (id integer PRIMARY KEY, x integer REFERENCES v (id) ON DELETE CASCADE);
      CREATE TABLE v (id integer PRIMARY KEY, x integer REFERENCES t (id) ON DELETE CASCADE, y integer REFERENCES u (id) ON DELETE CASCADE);
      CREATE TABLE stays (id integer PRIMARY KEY, x integer REFERENCES t (id) ON DELETE CASCADE);`,
    after: 'CREATE TABLE stays (id integer PRIMARY KEY, x integer);',
    rows: 'INSERT INTO t VALUES (1, 1); INSERT INTO u VALUES (1, 1); INSERT INTO v VALUES (1, 1, 1); INSERT INTO stays VALUES (1, 1);',
  },
  'a dropped table and the parent that loses its key point at each other': {
    before: `CREATE TABLE t (id integer PRIMARY KEY, a integer UNIQUE, x integer REFERENCES gone (id) ON DELETE SET NULL);
      CREATE TABLE gone (id integer PRIMARY KEY, y integer REFERENCES t (a) ON DELETE CASCADE);`,
    after: 'CREATE TABLE t (id integer PRIMARY KEY, a integer, x integer);',
    rows: 'INSERT INTO t VALUES (1, 7, 1); INSERT INTO gone VALUES (1, 7);',
  },
  'an index of another collation is no key yet': {
    before: `CREATE TABLE a (code text, y integer REFERENCES b (id)); CREATE UNIQUE INDEX a_code ON a (code COLLATE NOCASE);
      CREATE TABLE b (id integer PRIMARY KEY, x text);`,
    after: `CREATE TABLE a (code text, y integer REFERENCES b (id)); CREATE UNIQUE INDEX a_code ON a (code);
      CREATE TABLE b (id integer PRIMARY KEY, x text REFERENCES a (code));`,
    rows: "INSERT INTO a VALUES ('k', 1); INSERT INTO b VALUES (1, 'k');",
  },
  'the index that is the key has the name of another that goes': {
    before: `CREATE TABLE a (code text); CREATE TABLE b (x text); CREATE TABLE c (y text);
      CREATE INDEX k ON c (y);`,
    after: `CREATE TABLE a (code text); CREATE UNIQUE INDEX k ON a (code);
      CREATE TABLE b (x text REFERENCES a (code)); CREATE TABLE c (y text);`,
    rows: "INSERT INTO a VALUES ('k'); INSERT INTO b VALUES ('k'); INSERT INTO c VALUES ('k');",
  },
  'the index that is the key has the name of one that goes from the table that will point at it': {
    before: `CREATE TABLE a (code text); CREATE TABLE b (x text, y integer UNIQUE REFERENCES b (y)); CREATE INDEX k ON b (x);`,
    after: `CREATE TABLE a (code text); CREATE UNIQUE INDEX k ON a (code);
      CREATE TABLE b (x text REFERENCES a (code) ON DELETE CASCADE, y integer UNIQUE REFERENCES b (y));`,
    rows: "INSERT INTO a VALUES ('k'); INSERT INTO b VALUES ('k', 1);",
  },
  'the key moves under a child and under the table itself': {
    before: `CREATE TABLE t (a integer UNIQUE, b integer, up integer REFERENCES t (a) ON DELETE CASCADE);
      CREATE TABLE u (x integer REFERENCES t (a) ON DELETE SET NULL);`,
    after: `CREATE TABLE t (a integer, b integer, up integer REFERENCES t (b) ON DELETE CASCADE);
      CREATE UNIQUE INDEX t_b ON t (b);
      CREATE TABLE u (x integer REFERENCES t (b) ON DELETE SET NULL);`,
    rows: 'INSERT INTO t VALUES (1, 1, NULL), (2, 2, 1); INSERT INTO u VALUES (2);',
  },
};

describe.each<RunnerForm>(['drift', 'drizzle', 'd1'])('under the %s runner', (runner) => {
  it.each(Object.entries(cases))('%s', (_, one) => {
    expectKept(migrate(one, runner));
  });

  it('a backfill is done once, also where a table is made anew more than once', () => {
    const of = (key: string): string =>
      `CREATE TABLE t (a integer, b integer, x integer REFERENCES u (${key}) ON DELETE CASCADE, price integer);
       CREATE TABLE u (a integer, b integer, x integer REFERENCES t (${key}) ON DELETE CASCADE);
       CREATE UNIQUE INDEX t_key ON t (${key}); CREATE UNIQUE INDEX u_key ON u (${key});`;
    const { now } = migrate(
      {
        before: of('a'),
        after: of('b'),
        rows: 'INSERT INTO t VALUES (1, 1, 1, 5); INSERT INTO u VALUES (1, 1, 1);',
        backfills: [{ table: 't', column: 'price', expression: 'price * 100' }],
      },
      runner,
    );
    expect(now.get('t')).toMatchObject([{ price: 500 }]);
  });

  it('a table that a backfill reads is dropped after it', () => {
    const { now } = migrate(
      {
        before:
          'CREATE TABLE t (a integer UNIQUE, b integer); CREATE TABLE gone (x integer REFERENCES t (a) ON DELETE CASCADE, note text);',
        after: 'CREATE TABLE t (a integer, b integer, note text);',
        rows: "INSERT INTO t VALUES (1, 1); INSERT INTO gone VALUES (1, 'kept');",
        backfills: [{ table: 't', column: 'note', expression: '(SELECT note FROM gone WHERE gone.x = t.a)' }],
      },
      runner,
    );
    expect(now.get('t')).toMatchObject([{ note: 'kept' }]);
    expect(now.has('gone')).toBe(false);
  });

  it(
    'any tables that point at each other end with the keys that are wanted, with all their rows',
    () => {
      fc.assert(
        fc.property(arbitraryShapes, arbitraryShapes, (before, after) => {
          expectKept(
            migrate({ before: write(before), after: write(after), rows: writeRows(before, after) }, runner),
          );
        }),
        { numRuns: runs, seed },
      );
    },
    60_000 + runs * 100,
  );
});
