import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { diffSchemas } from '../../../src/diff/compare.ts';
import type { PlanRequest } from '../../../src/dialects/planner.ts';
import { normalise } from '../../../src/dialects/sqlite/normalise.ts';
import { planMigration } from '../../../src/dialects/sqlite/plan/plan-migration.ts';
import { renameSchema } from '../../../src/dialects/sqlite/plan/rename-schema.ts';
import { renderPlan } from '../../../src/dialects/sqlite/plan/render-plan.ts';
import { introspect } from '../../../src/dialects/sqlite/plan/workbench.ts';
import { writeMigrationText } from '../../../src/project/migration-text.ts';
import { readBackfill, readRename } from '../../../src/stages/generate-answers.ts';
import { runners, type TestRunner } from './runners.ts';
import { scenarios, type Scenario } from './scenarios.ts';

type Db = Database.Database;
type Row = Readonly<Record<string, unknown>>;

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

function open(sql: string): Db {
  const db = new Database(':memory:');
  db.exec(sql);
  return db;
}

function plan(db: Db, scenario: Scenario, form: TestRunner['form']) {
  const wanted = open(scenario.after);
  const [from, to] = [introspect(db), introspect(wanted)];
  wanted.close();
  const renames = (scenario.renames ?? []).map((text) => readRename(text, from, to));
  const { schema: renamed, broken } = renameSchema(from, renames);
  const request: PlanRequest = {
    from,
    renamed,
    to,
    renames,
    backfills: (scenario.backfills ?? []).map((text) => readBackfill(text, to)),
    runner: form,
    engine: null,
    allowDataLoss: true,
    newUniques: 'index',
    broken,
  };
  return { request, to, planning: planMigration(request) };
}

/** Rows of every table of the user's, each value with its storage class, and the rowid where there is one. */
function readAll(db: Db): ReadonlyMap<string, readonly Row[]> {
  const tables = db
    .prepare(
      "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> '__drizzle_migrations'",
    )
    .all() as readonly { readonly name: string; readonly wr: number }[];
  return new Map(
    tables.map(({ name, wr }): [string, readonly Row[]] => {
      const columns = db.prepare('SELECT name FROM pragma_table_xinfo(?)').pluck().all(name) as string[];
      const rowid = wr === 1 || columns.includes('rowid') ? [] : ['_rowid_ AS "(rowid)"'];
      const list = [
        ...rowid,
        ...columns.map(
          (column) => `typeof(${quote(column)}) || ' ' || quote(${quote(column)}) AS ${quote(column)}`,
        ),
      ];
      const rows = db.prepare(`SELECT ${list.join(', ')} FROM ${quote(name)}`).all() as Row[];
      return [name, rows.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))];
    }),
  );
}

function renamedTable(scenario: Scenario, table: string): string {
  return scenario.renames?.find((text) => text.startsWith(`table:${table}=`))?.split('=')[1] ?? table;
}

function renamedColumn(scenario: Scenario, table: string, column: string): string {
  return (
    scenario.renames?.find((text) => text.startsWith(`column:${table}.${column}=`))?.split('=')[1] ?? column
  );
}

/** The rows with the columns that are there on both sides and not changed on purpose, under their new names. */
function expectKept(scenario: Scenario, before: ReadonlyMap<string, readonly Row[]>, db: Db): void {
  const after = readAll(db);
  for (const [table, rows] of before) {
    const now = after.get(renamedTable(scenario, table));
    if (now === undefined) continue;
    const columns = (
      db
        .prepare('SELECT name FROM pragma_table_xinfo(?)')
        .pluck()
        .all(renamedTable(scenario, table)) as string[]
    ).concat('(rowid)');
    const changed = (column: string): boolean => scenario.changed?.includes(`${table}.${column}`) ?? false;
    const kept = Object.keys(rows[0] ?? {}).filter((column) => {
      const isThere = columns.includes(renamedColumn(scenario, table, column));
      const lostRowid = column === '(rowid)' && now[0] !== undefined && !('(rowid)' in now[0]);
      return isThere && !lostRowid && !changed(column);
    });
    const narrow = (list: readonly Row[], nameOf: (column: string) => string): readonly string[] =>
      list.map((row) => JSON.stringify(kept.map((column) => row[nameOf(column)]))).sort();
    expect(now).toHaveLength(rows.length);
    expect(narrow(now, (column) => renamedColumn(scenario, table, column))).toEqual(
      narrow(rows, (column) => column),
    );
  }
}

/** What went wrong, with what drizzle-orm wraps in its own error. */
function failureOf(work: () => void): string {
  try {
    work();
    return '';
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : '';
    return `${(error as Error).message} ${cause}`;
  }
}

describe.each(runners)('with $name as runner', (runner) => {
  it.each(scenarios)('$name', (scenario) => {
    const db = open(scenario.before);
    try {
      const { request, to, planning } = plan(db, scenario, runner.form);
      expect(planning.refusals).toEqual([]);
      const statements = renderPlan(planning.plan);
      const own = statements.map(({ sql }) => sql).filter((sql) => !sql.includes('__drift_guard'));
      if (scenario.never) for (const sql of own) expect(sql).not.toMatch(scenario.never);
      if (statements.length === 0) return;
      const text = writeMigrationText([], statements, true);
      const before = readAll(db);
      const schema = db.prepare('SELECT * FROM sqlite_schema ORDER BY name').all();
      if (scenario.refused) {
        expect(failureOf(() => runner.run(db, text))).toMatch(scenario.refused);
        expect(readAll(db)).toEqual(before);
        const now = db
          .prepare("SELECT * FROM sqlite_schema WHERE name NOT LIKE '%__drizzle_migrations%' ORDER BY name")
          .all();
        expect(now).toEqual(schema);
        return;
      }
      runner.run(db, text);
      const { database, expected } = normalise({ database: introspect(db), expected: to });
      expect(diffSchemas(database, expected)).toEqual([]);
      expectKept(scenario, before, db);
      for (const [query, values] of Object.entries(scenario.then ?? {})) {
        expect(db.prepare(query).pluck().all()).toEqual(values);
      }
      const again = introspect(db);
      const replanned = planMigration({
        ...request,
        from: again,
        renamed: again,
        renames: [],
        backfills: [],
      });
      expect(renderPlan(replanned.plan)).toEqual([]);
    } finally {
      db.close();
    }
  });
});

describe('a migration made for drift migrate', () => {
  it('changes nothing where foreign keys are on', () => {
    const scenario = scenarios.find(({ name }) => name.includes('CASCADE')) ?? scenarios[0];
    if (scenario === undefined) throw new Error('no scenario');
    const db = open(scenario.before);
    const text = writeMigrationText([], renderPlan(plan(db, scenario, 'drift').planning.plan), true);
    const before = readAll(db);
    for (const runner of runners.filter(({ form }) => form === 'drizzle')) {
      expect(failureOf(() => runner.run(db, text))).toMatch(/foreign keys must be off/);
      expect(readAll(db)).toEqual(before);
    }
    db.close();
  });
});

describe('a migration made for runners with foreign keys on', () => {
  it.each(scenarios.filter(({ refused }) => refused === undefined))(
    'also works where they are off: $name',
    (scenario) => {
      const db = open(scenario.before);
      const { to, planning } = plan(db, scenario, 'drizzle');
      const statements = renderPlan(planning.plan);
      const before = readAll(db);
      if (statements.length > 0) runners[0]?.run(db, writeMigrationText([], statements, true));
      const { database, expected } = normalise({ database: introspect(db), expected: to });
      expect(diffSchemas(database, expected)).toEqual([]);
      expectKept(scenario, before, db);
      db.close();
    },
  );
});
