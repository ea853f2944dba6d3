/**
 * Proof of a plan: it runs on a copy of what is there, filled with rows, as its runner would run it; what comes out
 * must be what is wanted, every row must still be there with every value that the plan does not change, and planning
 * again must find nothing to do.
 */
import { addressKey } from '../../../catalog/address.ts';
import type { Schema } from '../../../catalog/schema.ts';
import { diffSchemas } from '../../../diff/compare.ts';
import type { CopyTable, Step } from '../../../plan/plan.ts';
import type { Connection } from '../drivers/load.ts';
import { normalise } from '../normalise.ts';
import { renderSchema } from '../render.ts';
import { sameName } from '../syntax/names.ts';
import { collectTables, findColumn, findRowidAlias, isGenerated, type TableParts } from './parts.ts';
import { planMigration } from './plan-migration.ts';
import { readSequences } from './read-rows.ts';
import { renderPlan } from './render-plan.ts';
import type { Planning, PlanRequest, Proof } from '../../planner.ts';
import { runStatements, type RunFailure } from './run-plan.ts';
import { compareRows, noteRows, type KeptTable } from './kept-rows.ts';
import { fillTables } from './sample-rows.ts';
import { columnKey, type SampleContext } from './sample-values.ts';
import { describeChange } from './treat.ts';
import { findFaults, noFaults } from './faults.ts';
import { dropBroken, introspect, openWorkbench } from './workbench.ts';
import { findWritable, type Writable } from './writable.ts';

/** Rows in each table of the sample; the second and third number are tried where the data refuses the plan. */
const sampleSizes: readonly number[] = [12, 1, 0];

/** Proves the plan on generated rows. */
export function provePlan(request: PlanRequest, planning: Planning): Proof {
  let proof: Proof | null = null;
  for (const size of sampleSizes) {
    const connection = openFilled(request, planning, size);
    try {
      const attempt = proveOn(connection, request, planning, 'sample rows');
      // Sample rows know nothing of what the data means: a new rule may well refuse them.
      if (attempt.refusedByRule && size > 0) continue;
      proof = attempt.proof;
      break;
    } finally {
      connection.close();
    }
  }
  if (proof === null) throw new TypeError('The last sample has no rows that could be refused.');
  return proof;
}

/** Proves the plan on an open copy of a database, which it changes. */
export function provePlanOnCopy(connection: Connection, request: PlanRequest, planning: Planning): Proof {
  return proveOn(connection, request, planning, 'a copy of the database').proof;
}

function openFilled(request: PlanRequest, planning: Planning, size: number): Connection {
  const isTrigger = (object: { readonly kind: string }): boolean => object.kind === 'trigger';
  const connection = openWorkbench({
    ...request.from,
    objects: request.from.objects.filter((object) => !isTrigger(object)),
  });
  if (size > 0) fillTables(connection, describeSample(request, planning), size);
  const triggers = { ...request.from, objects: request.from.objects.filter(isTrigger) };
  for (const statement of renderSchema(triggers)) connection.exec(statement);
  return connection;
}

/** What the sample must heed beside the constraints that are there: rules to come, and texts that become numbers. */
function describeSample(request: PlanRequest, planning: Planning): SampleContext {
  const tables = collectTables(request.from);
  const renamed = collectTables(request.renamed);
  const after = collectTables(request.to);
  const filled = new Set<string>();
  const numeric = new Set<string>();
  const casts = planning.plan.batches.flatMap((batch) => batch.steps).flatMap(findCast);
  for (const parts of tables.values()) {
    for (const column of parts.columns) {
      const at = follow(request, parts.name, column.address.name);
      const wanted = [...after.values()].find((other) => sameName(other.name, at.table));
      const target = wanted && findColumn(wanted, at.column);
      // A NULL that becomes the rowid is given a number.
      const isFilled = target?.nullable === false || (wanted && findRowidAlias(wanted) === target);
      if (target && isFilled) filled.add(columnKey(parts.name, column.address.name));
      const isCast = casts.some((cast) => sameName(cast.table, at.table) && sameName(cast.column, at.column));
      if (isCast && renamed.size > 0) numeric.add(columnKey(parts.name, column.address.name));
    }
  }
  return { tables, filled, numeric };
}

function findCast({ action }: Step): readonly { readonly table: string; readonly column: string }[] {
  if (action.type !== 'assert' || action.assertion.is !== 'castExact') return [];
  return action.assertion.affinity === 'text' ? [] : [action.assertion];
}

/** The names that a column goes by after the renames. */
function follow(
  request: PlanRequest,
  table: string,
  column: string,
): { readonly table: string; readonly column: string } {
  const ofTable = request.renames.find(
    (rename) => rename.kind === 'table' && sameName(rename.from.name, table),
  );
  const ofColumn = request.renames.find(
    (rename) =>
      rename.kind === 'column' &&
      sameName(rename.from.table ?? '', table) &&
      sameName(rename.from.name, column),
  );
  return { table: ofTable?.to ?? table, column: ofColumn?.to ?? column };
}

interface Attempt {
  readonly proof: Proof;
  readonly refusedByRule: boolean;
}

function proveOn(connection: Connection, request: PlanRequest, planning: Planning, on: Proof['on']): Attempt {
  const kept = findKeptTables(request, planning);
  const before = kept.map((table) => noteRows(connection, table));
  const sequences = readSequences(connection);
  const wanted = request.exact === true ? findFaults(request.to) : noFaults;
  const brokenBefore = new Set([...request.broken, ...wanted.broken].map(addressKey));
  const writable = findWritable(connection);
  const failure = runStatements(connection, renderPlan(planning.plan), planning.plan.runner);
  const empty = before.filter((note) => note.rows.length === 0).map((note) => note.table.before);
  const base = {
    on,
    tables: kept.length,
    rows: before.reduce((sum, note) => sum + note.rows.length, 0),
    empty,
  };
  if (failure !== null) {
    const proof = { ...base, ok: false, problems: [describeFailure(failure)] };
    // SQLITE_MISMATCH: a text that is to be a rowid.
    return { proof, refusedByRule: /^SQLITE_(?:CONSTRAINT|MISMATCH)/.test(failure.code) };
  }
  const result = introspect(connection);
  const problems = [
    ...compareSchema(result, request),
    ...findLeftovers(result, connection),
    ...before.flatMap((note) => compareRows(connection, note)),
    ...compareSequences(sequences, readSequences(connection), request),
    ...replan(result, request),
    ...compareWritable(writable, wanted.writable, connection, request),
    ...findNewlyBroken(connection, brokenBefore),
  ];
  return { proof: { ...base, ok: problems.length === 0, problems }, refusedByRule: false };
}

function describeFailure({ sql, reason }: RunFailure): string {
  return `This statement fails: ${reason}: ${sql}`;
}

function compareSchema(result: Schema, request: PlanRequest): readonly string[] {
  const { database, expected } = normalise({
    database: result,
    expected: request.to,
    exact: request.exact === true,
  });
  return diffSchemas(database, expected).map(
    (change) =>
      `The result is not what is wanted: ${change.address.table ?? change.address.name}: ${describeChange(change)}.`,
  );
}

function findLeftovers(result: Schema, connection: Connection): readonly string[] {
  const names = result.objects
    .map((object) => object.address.name)
    .filter((name) => name.startsWith('__drift_'));
  const temporary = connection.prepare('SELECT name FROM sqlite_temp_schema').pluck().all() as string[];
  return [...new Set([...names, ...temporary])].map((name) => `${name} is left behind.`);
}

/** Tables that are there before and after, with the columns whose values the plan leaves as they are. */
function findKeptTables(request: PlanRequest, planning: Planning): readonly KeptTable[] {
  const after = collectTables(request.to);
  const copies = planning.plan.batches.flatMap((batch) =>
    batch.steps.flatMap(({ action }) => (action.type === 'copyTable' ? [action] : [])),
  );
  return [...collectTables(request.from).values()].flatMap((before) => {
    const name = follow(request, before.name, '').table;
    const now = [...after.values()].find((parts) => sameName(parts.name, name));
    if (now === undefined) return [];
    const copy = copies.find((action) => sameName(action.from, name));
    return [describeKept(request, before, now, copy)];
  });
}

function describeKept(
  request: PlanRequest,
  before: TableParts,
  now: TableParts,
  copy: CopyTable | undefined,
): KeptTable {
  const columns = before.columns.flatMap((column) => {
    const to = follow(request, before.name, column.address.name).column;
    const target = findColumn(now, to);
    if (target === undefined || isGenerated(column) || isGenerated(target)) return [];
    const copied = copy?.columns.find((one) => sameName(one.to, to));
    // Values that an answer converts, or that another affinity writes otherwise, are not the same by intention.
    if (copied !== undefined && !('column' in copied.from)) return [];
    return [{ before: column, after: target }];
  });
  return { before: before.name, after: now.name, columns, parts: { before, after: now } };
}

function compareSequences(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
  request: PlanRequest,
): readonly string[] {
  const wanted = collectTables(request.to);
  return [...before].flatMap(([table, seq]) => {
    const name = follow(request, table, '').table;
    const parts = [...wanted.values()].find((other) => sameName(other.name, name));
    if (parts?.primaryKey?.autoincrement !== true) return [];
    const now = [...after].find(([other]) => sameName(other, name))?.[1];
    return now === seq ? [] : [`The sequence of ${name} was ${String(seq)} and is ${String(now ?? 'gone')}.`];
  });
}

function replan(result: Schema, request: PlanRequest): readonly string[] {
  const again = planMigration({ ...request, from: result, renamed: result, renames: [], backfills: [] });
  return again.changes.length === 0 && again.plan.batches.length === 0
    ? []
    : ['Planning again finds something to do.'];
}

/** What could be written to before and no longer can be, since a trigger names what is gone. */
function compareWritable(
  before: Writable,
  wanted: Writable,
  connection: Connection,
  request: PlanRequest,
): readonly string[] {
  const now = findWritable(connection);
  return [...before].flatMap(([table, events]) => {
    const name = follow(request, table, '').table;
    const found = [...now].find(([other]) => sameName(other, name))?.[1];
    return [...events].flatMap(([event, problem]) => {
      const after = found?.get(event);
      if (problem !== null || after === undefined || after === null) return [];
      if ((wanted.get(name)?.get(event) ?? null) !== null) return [];
      return [`Nobody could ${event} rows of ${name} any more: ${after}.`];
    });
  });
}

/** Last of all, since it drops what does not work. */
function findNewlyBroken(connection: Connection, before: ReadonlySet<string>): readonly string[] {
  return dropBroken(connection)
    .filter((address) => !before.has(addressKey(address)))
    .map(
      (address) =>
        `The ${address.table === undefined ? 'view' : 'trigger'} ${address.name} names something that is no longer there.`,
    );
}
