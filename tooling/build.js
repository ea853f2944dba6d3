/**
 * Builds `dist/`: one bundle per entry with shared chunks, so that what a command does not need is not loaded, with all
 * that every check needs in one file; and the type declarations of the public entries. Runs as `prepare`, so a fresh
 * clone has a working `drift` after `npm ci`. The old `dist/` is there until the new one is whole.
 */
import { copyFile, readdir, rename, rm } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { groupChunks, mergeChunks } from './merge-chunks.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const withTypes = !process.argv.includes('--no-types');
// Beside `dist/`, so that relative paths out of it are the same.
const fresh = `dist.${process.pid}`;

// What esbuild writes first, before the chunks are merged.
const parts = `${fresh}.parts`;
const options = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'warning',
};

try {
  const { metafile } = await build({
    ...options,
    entryPoints: { cli: 'src/cli/main.ts', index: 'src/index.ts', config: 'src/config.ts' },
    outdir: parts,
    splitting: true,
    metafile: true,
  });
  const groups = groupChunks(metafile, {
    common: ['src/stages/check.ts', 'src/report/human.ts'],
    others: ['src/cli/main.ts', 'src/dialects/sqlite/sqlite.ts', 'src/dialects/postgres/postgres.ts'],
  });
  await mergeChunks({ from: join(root, parts), to: join(root, fresh), metafile, groups, options });
  for (const name of await readdir(`${root}/src/report`)) {
    if (name.endsWith('.schema.json'))
      await copyFile(`${root}/src/report/${name}`, `${root}/${fresh}/${name}`);
  }
  if (withTypes) writeDeclarations();
  await rename(`${root}/dist`, `${root}/${fresh}.old`).catch(() => undefined);
  await rename(`${root}/${fresh}`, `${root}/dist`);
} finally {
  for (const folder of [fresh, parts, `${fresh}.old`])
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
