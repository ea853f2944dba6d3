import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { DriftError } from '../../../errors.ts';

/**
 * Requires `pg` as the file or folder `base` would. To find out whether it runs at Cloudflare, `pg` looks at `navigator`,
 * and where there is none, as in Node before 21, has Node load all of `fetch`, which takes as long as all of `pg`.
 */
export function requirePg(base: string): unknown {
  const require = createRequire(base);
  if ('navigator' in globalThis) return require('pg');
  Object.defineProperty(globalThis, 'navigator', { value: { userAgent: 'Node.js' }, configurable: true });
  try {
    return require('pg');
  } finally {
    Reflect.deleteProperty(globalThis, 'navigator');
  }
}

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
      return name === 'pg' ? requirePg(base) : require(name);
    } catch (error) {
      const problem = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
      throw new DriftError('DRIVER_BROKEN', { package: name, problem }, { cause: error });
    }
  }
  throw new DriftError('DRIVER_NOT_INSTALLED', { package: name, database: 'PostgreSQL' });
}
