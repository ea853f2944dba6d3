import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Schema } from '../../../src/catalog/schema.ts';
import type { Rename } from '../../../src/diff/renames.ts';
import { diffSchemas } from '../../../src/diff/compare.ts';
import type { Planning, PlanRequest } from '../../../src/dialects/planner.ts';
import { normalise } from '../../../src/dialects/sqlite/normalise.ts';
import { planMigration } from '../../../src/dialects/sqlite/plan/plan-migration.ts';
import { renameSchema } from '../../../src/dialects/sqlite/plan/rename-schema.ts';
import { renderPlan } from '../../../src/dialects/sqlite/plan/render-plan.ts';
import { introspect } from '../../../src/dialects/sqlite/plan/workbench.ts';
import type { RunnerForm } from '../../../src/plan/plan.ts';
import {
  applyRename,
  arbitraryMutation,
  arbitraryRename,
  arbitrarySchema,
  writeSchema,
  type RenameSpec,
  type SchemaSpec,
} from './random-schemas.ts';

/** Pairs of schemas for each runner: 2,000 in CI, 20,000 for a long look. */
const runs = Number(process.env['DRIFT_PLAN_RUNS'] ?? 300);
const seed = Number(process.env['DRIFT_PLAN_SEED'] ?? 20260711);

type Db = Database.Database;

function build(spec: SchemaSpec): Db | null {
  const db = new Database(':memory:');
  try {
    for (const statement of writeSchema(spec)) db.exec(statement);
    // A key that points at no key makes every write fail.
    db.exec('SELECT count(*) FROM pragma_foreign_key_check');
    return db;
  } catch {
    db.close();
    return null;
  }
}

const q = (name: string): string => `"${name}"`;

/** Rows of odd values; what a constraint refuses is left out. */
function fill(db: Db, spec: SchemaSpec, seeds: readonly number[]): void {
  db.pragma('foreign_keys = ON');
  const triggers = db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all() as {
    name: string;
    sql: string;
  }[];
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${q(name)}`);
  const values = [
    null,
    1n,
    2n,
    5n,
    '007',
    'abc',
    'x',
    '12',
    1.5,
    0.1 + 0.2,
    Buffer.from([1, 0, 255]),
    9007199254740993n,
    '',
    "it's",
  ];
  seeds.forEach((seed, row) => {
    for (const table of spec) {
      const names = db
        .prepare(`SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0`)
        .pluck()
        .all(table.name) as string[];
      const given = names.map((name, place) => {
        if (name === 'id') return table.key === 'text' ? `k${String(row)}` : BigInt(row * 3 + 2);
        const key = table.keys.find((one) => one.column === name);
        const parent = key && spec.find((one) => one.name === key.parent);
        if (parent)
          return seed % 3 === 0
            ? null
            : parent.key === 'text'
              ? `k${String(seed % (row + 1))}`
              : BigInt((seed % (row + 1)) * 3 + 2);
        return values[(seed * 7 + place * 5 + row) % values.length] ?? null;
      });
      try {
        db.prepare(
          `INSERT INTO ${q(table.name)} (${names.map(q).join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
        ).run(...given);
      } catch {
        // Refused by a constraint.
      }
    }
  });
  for (const { sql } of triggers) db.exec(sql);
}

/** Everything in the database, byte for byte. */
function dump(db: Db): string {
  return JSON.stringify([
    db.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name').all(),
    (db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all() as string[]).map(
      (name) => rowsOf(db, name, ['*']),
    ),
  ]);
}

function rowsOf(db: Db, table: string, columns: readonly string[]): readonly string[] {
  const list = columns[0] === '*' ? '*' : columns.map((column) => `typeof(${column}), ${column}`).join(', ');
  const rows = db
    .prepare(`SELECT ${list} FROM ${q(table)}`)
    .safeIntegers(true)
    .raw()
    .all() as unknown[][];
  return rows
    .map((row) =>
      JSON.stringify(
        row.map((value) =>
          Buffer.isBuffer(value)
            ? `x${value.toString('hex')}`
            : typeof value === 'bigint'
              ? `i${String(value)}`
              : typeof value === 'number'
                ? `r${value.toPrecision(17)}`
                : value,
        ),
      ),
    )
    .sort();
}

function run(db: Db, planning: Planning, runner: RunnerForm): string | null {
  db.pragma(`foreign_keys = ${runner === 'drift' ? 'OFF' : 'ON'}`);
  db.exec('BEGIN');
  try {
    for (const { sql } of renderPlan(planning.plan)) {
      try {
        db.prepare(sql).run();
      } catch (error) {
        throw new Error(
          `${(error as Error).message} (${(error as { code?: string }).code ?? ''}) in ${sql}`,
          { cause: error },
        );
      }
    }
    db.exec('COMMIT');
    return null;
  } catch (error) {
    db.exec('ROLLBACK');
    return (error as Error).message;
  }
}

function request(from: Schema, to: Schema, runner: RunnerForm, renames: readonly Rename[] = []): PlanRequest {
  const { schema: renamed, broken } = renameSchema(from, renames);
  const base: PlanRequest = {
    from,
    renamed,
    to,
    renames,
    backfills: [],
    runner,
    engine: null,
    allowDataLoss: true,
    newUniques: 'index',
    broken,
  };
  const { refusals } = planMigration(base);
  const backfills = refusals.flatMap(({ code, address }) =>
    code === 'backfill-required'
      ? [{ table: address.table ?? '', column: address.name, expression: "'7'" }]
      : [],
  );
  return { ...base, backfills };
}

/** The answer, where what is renamed is there before and after and the new name is free. */
function toRename(
  before: SchemaSpec,
  after: SchemaSpec,
  { table, column, to }: RenameSpec,
): readonly Rename[] {
  const [a, b] = [before, after].map((spec) => spec.find((one) => one.name === table));
  if (a === undefined || b === undefined) return [];
  if (column === null) return [{ kind: 'table', from: { namespace: 'main', name: table }, to }];
  const has = (spec: SchemaSpec[number]): boolean => spec.columns.some((one) => one.name === column);
  return has(a) && has(b) ? [{ kind: 'column', from: { namespace: 'main', table, name: column }, to }] : [];
}

function reverse({ kind, from, to }: Rename): Rename {
  return { kind, from: { ...from, name: to }, to: from.name };
}

/** Columns that both have, of one type, that are not generated; and the rowid where both have one. */
function sharedColumns(before: SchemaSpec, after: SchemaSpec, name: string): readonly string[] {
  const [a, b] = [before, after].map((spec) => spec.find((table) => table.name === name));
  if (a === undefined || b === undefined) return [];
  const typeOf = (key: typeof a.key): string =>
    key === 'text' ? 'text' : key === 'none' ? 'none' : 'integer';
  const columns = a.columns.filter((column) => {
    const other = b.columns.find((one) => one.name === column.name);
    return (
      other !== undefined &&
      other.type === column.type &&
      other.generated === null &&
      column.generated === null
    );
  });
  const id = typeOf(a.key) === typeOf(b.key) && a.key !== 'none' ? ['id'] : [];
  const isAlias = (key: typeof a.key): boolean => key === 'rowid' || key === 'autoincrement';
  const rowid = !a.withoutRowid && !b.withoutRowid && isAlias(a.key) === isAlias(b.key) ? ['rowid'] : [];
  return [...rowid, ...id, ...columns.map((column) => q(column.name))];
}

describe.each<RunnerForm>(['drift', 'drizzle', 'd1'])(
  'for any two schemas, under the %s runner',
  (runner) => {
    it(
      'the plan applies or leaves everything as it was, ends at what is wanted, and keeps every shared value',
      () => {
        const outcomes = { applied: 0, refused: 0 };
        fc.assert(
          fc.property(
            arbitrarySchema,
            fc.array(arbitraryMutation, { minLength: 1, maxLength: 4 }),
            fc.option(arbitraryRename, { freq: 1 }),
            fc.array(fc.nat(1000), { maxLength: 6 }),
            (spec, mutations, rename, seeds) => {
              const mutated = mutations.reduce((schema, mutate) => mutate(schema), spec);
              const renames = rename === null ? [] : toRename(spec, mutated, rename);
              const wantedSpec =
                rename === null || renames.length === 0 ? mutated : applyRename(mutated, rename);
              const db = build(spec);
              const wanted = build(wantedSpec);
              try {
                fc.pre(db !== null && wanted !== null);
                if (db === null || wanted === null) return;
                fill(db, spec, seeds);
                const [from, to] = [introspect(db), introspect(wanted)];
                const work = request(from, to, runner, renames);
                const planning = planMigration(work);
                const before = dump(db);
                const noted = spec.map((table) => {
                  // What is renamed is found under its old name in the schema without the rename.
                  const columns = sharedColumns(spec, mutated, table.name);
                  return {
                    table: table.name,
                    columns,
                    rows: columns.length === 0 ? [] : rowsOf(db, table.name, columns),
                  };
                });
                const failure = run(db, planning, runner);
                if (failure !== null) {
                  expect(failure).toMatch(/SQLITE_CONSTRAINT/);
                  expect(dump(db)).toBe(before);
                  // It is the rows that break a rule, whoever runs the migration.
                  if (runner !== 'drift') {
                    const plain = run(db, planMigration(request(from, to, 'drift', renames)), 'drift');
                    expect(plain).toMatch(/SQLITE_CONSTRAINT/);
                  }
                  outcomes.refused += 1;
                  return;
                }
                outcomes.applied += 1;
                const result = introspect(db);
                const pair = normalise({ database: result, expected: to });
                expect(diffSchemas(pair.database, pair.expected)).toEqual([]);
                for (const { table, columns, rows } of noted) {
                  if (columns.length > 0) expect(rowsOf(db, table, columns)).toEqual(rows);
                }
                expect(planMigration(request(result, to, runner)).plan.batches).toEqual([]);
                expect(db.prepare('SELECT count(*) FROM pragma_foreign_key_check').pluck().get()).toBe(0);
                const back = planMigration(request(result, from, runner, renames.map(reverse)));
                const wayBack = run(db, back, runner);
                if (wayBack !== null) {
                  expect(wayBack).toMatch(/SQLITE_CONSTRAINT/);
                  return;
                }
                const down = normalise({ database: introspect(db), expected: from });
                expect(diffSchemas(down.database, down.expected)).toEqual([]);
              } finally {
                db?.close();
                wanted?.close();
              }
            },
          ),
          { numRuns: runs, seed },
        );
        // A law about plans that never run would say nothing.
        expect(outcomes.applied).toBeGreaterThan(outcomes.refused);
      },
      60_000 + runs * 100,
    );
  },
);
