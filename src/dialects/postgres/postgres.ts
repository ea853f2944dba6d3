import type { DatabaseTarget, Dialect, Limits, Session } from '../dialect.ts';
import { beyondModels } from './beyond-models.ts';
import { isOfHost } from './known-hosts.ts';
import { connectPg } from './drivers/pg.ts';
import { requirePg } from './drivers/load.ts';
import { connectPglite } from './drivers/pglite.ts';
import { assessChange } from './hazards.ts';
import { createScopeFilter } from './introspect/scope.ts';
import { readModels } from './models/read.ts';
import { normalise } from './normalise.ts';
import { assessPending } from './pending-hazards.ts';
import { renderSchema } from './render.ts';
import { openScratch } from './scratch.ts';
import { createSession } from './session.ts';

/** PostgreSQL 13 to 18, by `pg` or PGlite. */
export const postgres: Dialect = {
  name: 'postgres',
  beyondModels,
  isOfHost,
  readModels,
  createScopeFilter,
  connect,
  requireDriver: requirePg,
  normalise,
  openScratch,
  assessChange,
  assessPending,
  renderSchema,
};

async function connect(target: DatabaseTarget, limits: Limits): Promise<Session> {
  switch (target.driver) {
    case 'pg':
      return createSession(await connectPg(target, limits));
    case 'pglite':
      return createSession(await connectPglite(target.folder, limits));
    case 'better-sqlite3':
      throw new TypeError('A SQLite file is not for the PostgreSQL dialect.');
  }
}
