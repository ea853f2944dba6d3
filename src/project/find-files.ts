import { createRequire } from 'node:module';
import type * as tinyglobby from 'tinyglobby';

const require = createRequire(import.meta.url);

/** The paths that match a glob. tinyglobby is loaded with the first one: most configs name their files plainly. */
export function findFiles(patterns: string | readonly string[], options: tinyglobby.GlobOptions): string[] {
  const { globSync } = require('tinyglobby') as typeof tinyglobby;
  return globSync(patterns, options);
}
