/**
 * What stands in the way of migrations, found before any of them is run. The rows are asked with queries that only read;
 * the migrations run on a copy of the schema, and on a copy of the rows where that is cheap. On the database itself
 * nothing is tried: a transaction that is rolled back keeps everybody else away for as long as one that is not.
 */
import { existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { objectsOf, type Schema } from '../../catalog/schema.ts';
import { DriftError } from '../../errors.ts';
import type { Scope } from '../dialect.ts';
import type { Finding, KnownSchema, MigrationEvent, Preflight, PreflightOptions } from '../migrator.ts';
import { loadBetterSqlite, type Connection } from './drivers/load.ts';
import { countValues, findHandMade, type HandMade, type LostThing } from './hand-made.ts';
import { findingOfKept, findingOfLost } from './hand-made-findings.ts';
import { readSchema } from './introspect/read-schema.ts';
import { nameHolder, retryWhileBusy, type Waiting } from './lock.ts';
import { collectTables, type Tables } from './plan/parts.ts';
import { traceRows, type Lineages, type Trace } from './preflight-lineage.ts';
import {
  copySchema,
  isSmall,
  rehearseOnCopy,
  rehearseOnSchema,
  type RehearsalFailure,
} from './preflight-rehearsal.ts';
import { examineRows } from './preflight-rules.ts';
import { explainFile, readBusyReason } from './run-failures.ts';
import type { Script } from './run-script.ts';
import { foldName, quoteIdentifier } from './syntax/names.ts';

export interface PreflightContext extends PreflightOptions {
  readonly known: KnownSchema | null;
  readonly scope: Scope;
  readonly onEvent: (event: MigrationEvent) => void;
  readonly waiting: Waiting;
  /** Whether the size of what is copied is to be measured even where there is room for a copy of everything. */
  readonly measured: boolean;
}

const nothing: Preflight = { findings: [], rehearsed: 'no', space: 0, seconds: 0 };

/** Looks at a database file, and changes nothing of it. */
export async function runPreflight(
  file: string,
  scripts: readonly Script[],
  context: PreflightContext,
): Promise<Preflight> {
  if (scripts.length === 0) return nothing;
  const connection = openReader(file);
  try {
    await retryWhileBusy(context.waiting, () =>
      connection.prepare('SELECT count(*) FROM sqlite_schema').get(),
    );
    return await examine(connection, file, scripts, context);
  } catch (error) {
    if (readBusyReason(error) !== null) {
      throw new DriftError('MIGRATE_LOCKED', { file, waited: 0, holder: nameHolder(file) }, { cause: error });
    }
    throw explainFile(error, file, { tag: 'the rows are looked at', applied: [] }) ?? error;
  } finally {
    connection.close();
  }
}

/**
 * A database that is not there yet is an empty one. Opened for writing, and then told not to: a database in WAL mode leaves no files behind when its last connection may
 * tidy up.
 */
function openReader(file: string): Connection {
  const name = existsSync(file) ? file : ':memory:';
  const connection = new (loadBetterSqlite())(name, { timeout: 0 });
  connection.pragma('query_only = ON');
  return connection;
}

async function examine(
  connection: Connection,
  file: string,
  scripts: readonly Script[],
  context: PreflightContext,
): Promise<Preflight> {
  const { scope, onEvent } = context;
  const whole: Scope = { ...scope, tables: undefined };
  const scratch = copySchema(connection);
  let after: Schema;
  const before = readSchema(connection, whole);
  const handMade = context.known ? findHandMade(connection, context.known) : [];
  let hands: readonly Finding[] = [];
  try {
    onEvent({ type: 'rehearsing', what: 'the schema' });
    const { failure, kept, lost } = rehearseOnSchema(scratch.connection, scripts, handMade);
    hands = [
      ...lost.map((one) => findingOfLost(countAgain(connection, one))),
      ...kept.map(({ object, tag }) => findingOfKept(object, tag)),
    ];
    if (failure !== null && scratch.whole) {
      return { ...nothing, rehearsed: 'without rows', findings: [describeMistake(failure)] };
    }
    // Of a schema that lacks something a failure says nothing, and neither does what it leaves.
    after = failure === null ? readSchema(scratch.connection, whole) : before;
  } finally {
    scratch.connection.close();
  }
  const tables = collectTables(before);
  const { lineages, copied } = trace(before, tables, scripts);
  onEvent({ type: 'rehearsing', what: 'the rows' });
  const findings = [
    ...examineRows(connection, tables, collectTables(after), lineages),
    ...findDropped(connection, tables, collectTables(after), lineages),
    ...hands,
  ];
  const size = estimateSize(connection, file, [...copied], context.measured);
  const room = findRoom(file, size);
  const rehearsed = await rehearse(connection, file, { scripts, handMade }, context, findings);
  return {
    findings: [...findings, ...room, ...rehearsed.findings],
    rehearsed: rehearsed.done ? 'with rows' : 'without rows',
    space: roomFor(size),
    seconds: Math.round(size / bytesPerSecond),
  };
}

/** The copy of the schema has no rows. */
function countAgain(connection: Connection, lost: LostThing): LostThing {
  return lost.values === null ? lost : { ...lost, values: countValues(connection, lost.object) };
}

async function rehearse(
  connection: Connection,
  file: string,
  { scripts, handMade }: { readonly scripts: readonly Script[]; readonly handMade: readonly HandMade[] },
  { rehearse: wanted, onEvent }: PreflightContext,
  findings: readonly Finding[],
): Promise<{ readonly done: boolean; readonly findings: readonly Finding[] }> {
  // What is certain to fail needs no proof.
  const isHopeless = findings.some(({ severity, allow }) => severity === 'error' && allow === null);
  if (wanted === 'never' || isHopeless) return { done: false, findings: [] };
  // In an empty database rows stand in nobody's way.
  if (!existsSync(file)) return { done: true, findings: [] };
  if (wanted === 'auto' && !isSmall(statSync(file).size)) return { done: false, findings: [] };
  onEvent({ type: 'rehearsing', what: 'the migrations on a copy' });
  const failure = await rehearseOnCopy(connection, scripts, handMade);
  return { done: true, findings: failure === null ? [] : [describeFailure(failure)] };
}

/** Of a schema without rows: no row has anything to do with it. */
function describeMistake({ script, reason }: RehearsalFailure): Finding {
  return {
    ...failing(script),
    message: `${script.migration.tag} cannot be run on this schema: ${reason}.`,
    answer: 'Correct the statement, or the schema that it meets.',
  };
}

function describeFailure({ script, reason }: RehearsalFailure): Finding {
  return {
    ...failing(script),
    message: `${script.migration.tag} fails on a copy of the database: ${reason}.`,
    answer: 'Correct the migration or the rows that stand in its way.',
  };
}

function failing({ migration }: Script): Omit<Finding, 'message' | 'answer'> {
  const address = { namespace: 'main', name: migration.tag };
  return { code: 'fails', severity: 'error', address, count: 0, samples: [], allow: null };
}

function trace(before: Schema, tables: Tables, scripts: readonly Script[]): Trace {
  const origins = [...tables.values()].map((parts) => ({
    name: parts.name,
    columns: parts.columns.map(({ address }) => address.name),
    hasForeignKeys: parts.foreignKeys.length > 0,
  }));
  return traceRows(origins, objectsOf(before, 'trigger').length > 0, scripts);
}

/** Tables and columns whose rows and values the migrations delete. That is for the author to know, and no mistake. */
function findDropped(
  connection: Connection,
  tables: Tables,
  after: Tables,
  lineages: Lineages,
): readonly Finding[] {
  // A table that is there again was made anew in a way that could not be followed.
  const kept = new Set([...[...lineages.values()].map(({ origin }) => foldName(origin)), ...after.keys()]);
  return [...tables.values()].flatMap(({ name, table }): Finding[] => {
    if (kept.has(foldName(name))) return [];
    const count = connection
      .prepare(`SELECT count(*) FROM ${quoteIdentifier(name)}`)
      .pluck()
      .get() as number;
    if (count === 0) return [];
    return [
      {
        code: 'rows-dropped',
        severity: 'warning',
        address: table.address,
        count,
        samples: [],
        message: `The table ${name} is dropped with ${String(count)} ${count === 1 ? 'row' : 'rows'}.`,
        answer: 'Keep a copy with --backup where they may still be wanted.',
        allow: null,
      },
    ];
  });
}

/** Bytes of a rebuild that are written in a second, roughly, on a common disk. */
const bytesPerSecond = 40 * 1024 * 1024;

/** Above this, reading every page of a table to know its size takes too long. */
const largestMeasured = 2 * 1024 * 1024 * 1024;

/** Bytes of the tables that are copied; where nothing depends on it, those of the whole database. */
function estimateSize(
  connection: Connection,
  file: string,
  copied: readonly string[],
  measured: boolean,
): number {
  if (copied.length === 0) return 0;
  const whole = statSync(file).size;
  if (whole > largestMeasured) return whole;
  // dbstat reads every page of them, which takes a tenth as long as the rebuild itself.
  if (!measured && freeBytes(file) >= roomFor(whole)) return whole;
  try {
    const measure = connection
      .prepare(
        `SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE aggregate = TRUE AND name IN
         (SELECT name FROM sqlite_schema WHERE tbl_name = ? COLLATE NOCASE)`,
      )
      .pluck();
    return copied.reduce((sum, table) => sum + (measure.get(table) as number), 0);
  } catch {
    // A SQLite without dbstat. It cannot be more than all of it.
    return whole;
  }
}

function freeBytes(file: string): number {
  const { bavail, bsize } = statfsSync(dirname(file));
  return bavail * bsize;
}

/** A new table beside the old one, and the journal. */
function roomFor(size: number): number {
  return size * 2;
}

function findRoom(file: string, size: number): readonly Finding[] {
  if (size === 0) return [];
  const free = freeBytes(file);
  const needed = roomFor(size);
  if (free >= needed) return [];
  return [
    {
      code: 'disk-space',
      severity: 'error',
      address: { namespace: 'main', name: 'main' },
      count: 0,
      samples: [],
      message: `The migrations need about ${showBytes(needed)} beside the database, and ${showBytes(free)} are free.`,
      answer: 'Make room; or let it be tried: --allow disk-space',
      allow: 'disk-space',
    },
  ];
}

function showBytes(bytes: number): string {
  const megabytes = bytes / (1024 * 1024);
  return megabytes >= 1024 ? `${(megabytes / 1024).toFixed(1)} GB` : `${String(Math.ceil(megabytes))} MB`;
}
