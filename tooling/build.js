/**
 * Builds `dist/`: one bundle per entry with shared chunks, so that what a command does not need is not loaded, and the
 * type declarations of the public entries. Runs as `prepare`, so a fresh clone has a working `drift` after `npm ci`.
 * The old `dist/` is there until the new one is whole.
 */
import { copyFile, rename, rm } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const withTypes = !process.argv.includes('--no-types');
// Beside `dist/`, so that relative paths out of it are the same.
const fresh = `dist.${process.pid}`;

try {
  await build({
    absWorkingDir: root,
    entryPoints: { cli: 'src/cli/main.ts', index: 'src/index.ts', config: 'src/config.ts' },
    outdir: fresh,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    packages: 'external',
    minifySyntax: true,
    minifyWhitespace: true,
    sourcemap: 'linked',
    sourcesContent: false,
    logLevel: 'warning',
  });
  await copyFile(`${root}/src/report/report.schema.json`, `${root}/${fresh}/report.schema.json`);
  if (withTypes) writeDeclarations();
  await rename(`${root}/dist`, `${root}/${fresh}.old`).catch(() => undefined);
  await rename(`${root}/${fresh}`, `${root}/dist`);
} finally {
  for (const folder of [fresh, `${fresh}.old`])
    await rm(`${root}/${folder}`, { recursive: true, force: true });
}

function writeDeclarations() {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const { status } = spawnSync(
    process.execPath,
    [tsc, '-p', 'tooling/tsconfig.types.json', '--outDir', fresh],
    { cwd: root, stdio: 'inherit' },
  );
  if (status !== 0) throw new Error('the type declarations could not be written');
}
