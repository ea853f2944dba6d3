import type { Planner } from '../../planner.ts';
import { completeDesired } from './complete-desired.ts';
import { planMigration } from './plan-migration.ts';
import { proveOnFile } from './prove-on-file.ts';
import { provePlan } from './prove.ts';
import { renameSchema } from './rename-schema.ts';
import { renderPlan } from './render-plan.ts';

/** Plans migrations of SQLite databases. */
export const sqlitePlanner: Planner = {
  renameSchema,
  completeDesired,
  plan: planMigration,
  render: renderPlan,
  prove: provePlan,
  proveOn: proveOnFile,
};
