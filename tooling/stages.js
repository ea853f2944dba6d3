/** The stages of drift for tools and benches that call them as functions; the package exports only some of them. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Bundles the stages one folder below a copy of package.json, as in the package, and loads them.
 * @param {string} folder temporary; packages are looked up from there, so it must have a `node_modules`
 * @returns {Promise<{ runGenerate: Function, runMigrate: Function, DriftError: Function }>}
 */
export async function loadStages(folder) {
  const outfile = join(folder, 'dist/stages.mjs');
  mkdirSync(join(folder, 'dist'), { recursive: true });
  copyFileSync(join(root, 'package.json'), join(folder, 'package.json'));
  await build({
    absWorkingDir: root,
    stdin: {
      contents: `export { runGenerate } from './src/stages/generate.ts';
        export { runMigrate } from './src/stages/migrate.ts';
        export { DriftError } from './src/errors.ts';`,
      resolveDir: root,
    },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'warning',
  });
  return import(pathToFileURL(outfile).href);
}
