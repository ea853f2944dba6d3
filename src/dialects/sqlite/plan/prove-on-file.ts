import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DriftError } from '../../../errors.ts';
import type { Planning, PlanRequest, Proof } from '../../planner.ts';
import { loadBetterSqlite } from '../drivers/load.ts';
import { fingerprintOf } from './plan-migration.ts';
import { provePlanOnCopy } from './prove.ts';
import { introspect } from './workbench.ts';

/**
 * Runs the plan on a copy of a database file, made with SQLite's own backup, so that writers may go on meanwhile.
 * @throws DriftError VERIFY_OTHER_SCHEMA where the file's schema is not the one the plan is for
 */
export async function proveOnFile(file: string, request: PlanRequest, planning: Planning): Promise<Proof> {
  const folder = mkdtempSync(join(tmpdir(), 'drift-verify-'));
  try {
    const copy = join(folder, 'copy.db');
    await copyDatabase(file, copy);
    const connection = new (loadBetterSqlite())(copy, { fileMustExist: true });
    try {
      if (fingerprintOf(introspect(connection)) !== planning.plan.from) {
        throw new DriftError('VERIFY_OTHER_SCHEMA', { file });
      }
      return provePlanOnCopy(connection, request, planning);
    } finally {
      connection.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function copyDatabase(file: string, copy: string): Promise<void> {
  const source = new (loadBetterSqlite())(file, { readonly: true, fileMustExist: true });
  try {
    await source.backup(copy);
  } finally {
    source.close();
  }
}
