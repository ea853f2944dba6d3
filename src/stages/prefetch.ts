import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadDialect } from '../dialects/registry.ts';
import { findDrizzleConfig } from '../project/find-config.ts';
import { beginModels } from '../project/load-models.ts';
import { ancestors } from '../project/paths.ts';

/**
 * Loads what will be needed next while esbuild, a process of its own, bundles the config: the dialect, the user's
 * drizzle-orm and database driver; and has the models bundled too, unless nobody will ask for them. It goes by a look at
 * the config's text. A wrong guess costs a few milliseconds and changes nothing, so nothing here may fail.
 */
export async function prefetchModules(
  root: string,
  config: string | undefined,
  models: boolean,
): Promise<void> {
  try {
    const text = readFileSync(findDrizzleConfig(root, config), 'utf8');
    beginModels(root, models ? guessModels(text) : undefined);
    const dialect = guessDialect(text);
    if (dialect === undefined) return;
    const [loaded] = await Promise.all([
      loadDialect(dialect),
      models ? importDrizzle(root, dialect) : undefined,
    ]);
    if (!text.includes('pglite')) loaded.requireDriver(path.join(root, 'package.json'));
  } catch {
    // Whoever needs it will say what is wrong.
  }
}

/** The only `schema` in the text, where it is one plain string. */
function guessModels(text: string): string | undefined {
  const found = [...text.matchAll(/\bschema['"]?\s*:\s*(?:(['"`])([^'"`$\\\n]+)\1|\S)/g)];
  return found.length === 1 ? found[0]?.[2] : undefined;
}

function guessDialect(text: string): 'sqlite' | 'postgres' | undefined {
  const word = /\bdialect['"]?\s*:\s*['"`](sqlite|turso|postgresql)['"`]/.exec(text)?.[1];
  if (word === undefined) return undefined;
  return word === 'postgresql' ? 'postgres' : 'sqlite';
}

/** The very file that the models' imports lead to, so that Node has it already when they are run. */
async function importDrizzle(root: string, dialect: 'sqlite' | 'postgres'): Promise<void> {
  const core = dialect === 'sqlite' ? 'sqlite-core' : 'pg-core';
  const folder = ancestors(root)
    .map((directory) => path.join(directory, 'node_modules', 'drizzle-orm'))
    .find((directory) => existsSync(directory));
  if (folder === undefined) return;
  // Links are followed as the bundler follows them.
  const file = path.join(realpathSync(folder), core, 'index.js');
  await import(pathToFileURL(file).href);
}
