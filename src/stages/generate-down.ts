/** The way back from a migration: written beside it, where it loses nothing or where that was allowed. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Schema } from '../catalog/schema.ts';
import type { PlanRequest, Planning } from '../dialects/planner.ts';
import type { Rename } from '../diff/renames.ts';
import { DriftError } from '../errors.ts';
import { hazardsOf, isEmptyPlan } from '../plan/plan.ts';
import { describeRefusal } from '../plan/refusals.ts';
import { writeMigrationText } from '../project/migration-text.ts';
import { nameDownFile, writeDownFile } from '../project/migration-writer.ts';
import type { Migration, MigrationsFolder } from '../project/migrations/migration.ts';
import { nearest } from '../spelling.ts';
import { readBackfill, readRename } from './generate-answers.ts';
import { untilAnswered } from './generate-questions.ts';
import type { Context, GenerateAnswers, GenerateResult, Planned } from './generate.ts';
import { replayOptions } from './migrations.ts';
import { replayMigrations } from './recorded.ts';
import { verifyPlan } from './verify.ts';

export interface WayBack {
  /** Null where there is none. */
  readonly sql: string | null;
  /** Why there is none, one sentence each. */
  readonly problems: readonly string[];
}

/** The way back, planned as any other migration; what would lose data on it is said and not done. */
export function planDown(context: Context, { request }: Planned): WayBack {
  const renames = request.renames.map((rename) => reverse(rename, request.renames));
  const renamed = context.planner.renameSchema(request.to, renames);
  const back: PlanRequest = {
    ...request,
    runner: 'drift',
    from: request.to,
    renamed: renamed.schema,
    to: request.from,
    renames,
    backfills: [],
    allowDataLoss: false,
    broken: renamed.broken,
  };
  const planning = context.planner.plan(back);
  if (planning.refusals.length > 0) return noWayBack(planning.refusals.map(describeRefusal));
  const proof = context.planner.prove(back, planning);
  if (!proof.ok) return noWayBack(proof.problems);
  return { sql: writeBack(context, planning), problems: [] };
}

function noWayBack(reasons: readonly string[]): WayBack {
  return { sql: null, problems: reasons.map((reason) => `No way back: ${reason}`) };
}

function reverse(rename: Rename, all: readonly Rename[]): Rename {
  const { from, kind, to } = rename;
  if (kind === 'table') return { kind, from: { namespace: from.namespace, name: to }, to: from.name };
  const table =
    all.find((other) => other.kind === 'table' && other.from.name === from.table)?.to ?? from.table ?? '';
  return { kind, from: { namespace: from.namespace, table, name: to }, to: from.name };
}

/** Nobody but drift runs the way back, so that it is always written for drift. */
function writeBack({ planner, project }: Context, planning: Planning): string {
  return writeMigrationText([], planner.render(planning.plan), project.config.breakpoints);
}

/**
 * `drift generate --down TAG`: the way back from a migration that is there already.
 * @throws DriftError MIGRATION_NOT_FOUND, GENERATE_DOWN_EMPTY, GENERATE_RECORDED_INCOMPLETE, GENERATE_UNANSWERED,
 * VERIFY_FAILED, MIGRATION_EXISTS
 */
export async function generateDown(
  context: Context,
  folder: MigrationsFolder,
  tag: string,
): Promise<GenerateResult> {
  const { project, planner, request } = context;
  const migration = findMigration(folder, tag);
  const file = nameDownFile(folder, migration);
  const { before, after } = await readBothSides(context, folder, migration);
  const planOnce = (answers: GenerateAnswers): Planned => {
    const renames = answers.renames.map((text) => readRename(text, after, before));
    const { schema: renamed, broken } = planner.renameSchema(after, renames);
    const back: PlanRequest = {
      from: after,
      renamed,
      to: before,
      renames,
      backfills: answers.backfills.map((text) => readBackfill(text, before)),
      runner: 'drift',
      engine: null,
      allowDataLoss: answers.allowDataLoss,
      newUniques: 'constraint',
      broken,
    };
    return { request: back, planning: planner.plan(back) };
  };
  const planned = await untilAnswered(context, request, planOnce);
  const { planning } = planned;
  if (isEmptyPlan(planning.plan)) throw new DriftError('GENERATE_DOWN_EMPTY', { tag, file });
  const proofs = await project.step('proving the way back', () =>
    verifyPlan(planner, planned.request, planning, null),
  );
  const sql = writeBack(context, planning);
  const generated = {
    sql,
    down: sql,
    downProblems: [],
    changes: planning.changes,
    renames: planned.request.renames,
    hazards: hazardsOf(planning.plan),
    proofs,
    runner: null,
    preflight: null,
    notes: [],
  };
  if (request.dryRun === true) return { ...generated, status: 'dry-run' };
  if (existsSync(file) && readFileSync(file, 'utf8') !== sql) {
    throw new DriftError('MIGRATION_EXISTS', { path: file });
  }
  writeDownFile(file, sql, request.randomId());
  return { ...generated, status: 'written', tag, files: [path.resolve(file)] };
}

/** @throws DriftError MIGRATION_NOT_FOUND */
function findMigration(folder: MigrationsFolder, tag: string): Migration {
  const found = folder.migrations.find((migration) => migration.tag === tag);
  if (found !== undefined) return found;
  const tags = folder.migrations.map((migration) => migration.tag);
  throw new DriftError('MIGRATION_NOT_FOUND', {
    tag,
    directory: folder.directory,
    nearest: nearest(tag, tags),
  });
}

async function readBothSides(
  { project }: Context,
  folder: MigrationsFolder,
  migration: Migration,
): Promise<{ readonly before: Schema; readonly after: Schema }> {
  const options = await replayOptions(project, null);
  const at = folder.migrations.indexOf(migration);
  const replay = async (end: number): Promise<Schema> => {
    const part = { ...folder, migrations: folder.migrations.slice(0, end) };
    const scope = { ...project.scope, tables: undefined };
    const recorded = await replayMigrations(part, null, { ...options, scope });
    if (recorded.complete) return recorded.all;
    const problems = recorded.failures.map(
      ({ tag, line, reason }) => `${tag}, line ${String(line)}: ${reason}.`,
    );
    throw new DriftError('GENERATE_RECORDED_INCOMPLETE', { problems });
  };
  return project.step('replaying the migrations', async () => ({
    before: await replay(at),
    after: await replay(at + 1),
  }));
}
