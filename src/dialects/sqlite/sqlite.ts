import { createRequire } from 'node:module';
import type { ObjectKind } from '../../catalog/objects.ts';
import type { BeyondModels } from '../../diff/expected.ts';
import type { Dialect } from '../dialect.ts';
import { connectFile } from './drivers/better-sqlite3.ts';
import { assessChange } from './hazards.ts';
import { createScopeFilter } from './introspect/scope.ts';
import { readModels } from './models/read.ts';
import { normalise } from './normalise.ts';
import { renderSchema } from './render.ts';
import { openScratch } from './scratch.ts';

/** What sqlite-core has no word for; all of it can be made by a custom migration. */
const beyondModels: BeyondModels = {
  kinds: new Set<ObjectKind>(['trigger', 'virtualTable']),
  fields: {
    table: ['strict', 'withoutRowid'],
    column: ['collation', 'notNullOnConflict'],
    primaryKey: ['descending', 'collations', 'onConflict'],
    unique: ['descending', 'collations', 'onConflict'],
    foreignKey: ['match', 'deferral'],
    check: ['onConflict'],
    view: ['columns'],
  },
};

/** SQLite: files read with better-sqlite3. */
export const sqlite: Dialect = {
  name: 'sqlite',
  beyondModels,
  readModels,
  createScopeFilter,
  requireDriver: (base) => createRequire(base)('better-sqlite3') as unknown,
  async connect(target, limits) {
    if (target.driver !== 'better-sqlite3') {
      throw new TypeError(`The driver ${target.driver} is none of SQLite's.`);
    }
    return await connectFile(target.file, limits);
  },
  normalise: (pair) => Promise.resolve(normalise(pair)),
  openScratch: () => Promise.resolve(openScratch()),
  assessChange,
  renderSchema,
  openMigrator: async (target, options) => (await import('./run.ts')).openMigrator(target, options),
  restore: async (target, files, options) => (await import('./backup.ts')).restore(target, files, options),
};
