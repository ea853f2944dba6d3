import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { DriftError } from '../../../errors.ts';

/**
 * Loads an optional driver: the project's own installation where there is one, else the one beside drift.
 * @throws DriftError DRIVER_NOT_INSTALLED, DRIVER_BROKEN
 */
export function loadDriver(name: 'pg' | '@electric-sql/pglite'): unknown {
  for (const base of [resolve('package.json'), import.meta.url]) {
    const require = createRequire(base);
    try {
      require.resolve(name);
    } catch {
      continue;
    }
    try {
      return require(name);
    } catch (error) {
      const problem = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
      throw new DriftError('DRIVER_BROKEN', { package: name, problem }, { cause: error });
    }
  }
  throw new DriftError('DRIVER_NOT_INSTALLED', { package: name, database: 'PostgreSQL' });
}
