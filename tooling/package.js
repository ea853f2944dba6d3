/**
 * Checks the package as a user gets it: publint's rules, and an installation of the packed files in an empty folder
 * where the command and both entries must work.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const { messages } = await publint({ pkgDir: root, strict: true });
for (const message of messages) console.error(formatMessage(message, manifest));

const folder = mkdtempSync(join(tmpdir(), 'drift-package-'));
try {
  const packed = run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], root)
    .trim()
    .split('\n')
    .at(-1);
  mkdirSync(join(folder, 'node_modules'));
  run('tar', ['-xzf', packed], folder);
  // The dependencies are the ones of the checkout: what is tested is the package's own files.
  for (const name of Object.keys({ ...manifest.dependencies, 'drizzle-orm': '' })) {
    mkdirSync(join(folder, 'package/node_modules'), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(folder, 'package/node_modules', name));
  }
  symlinkSync(join(folder, 'package'), join(folder, 'node_modules/drizzle-drift'));
  writeFileSync(
    join(folder, 'use.mjs'),
    "import { runCheck } from 'drizzle-drift'; import { defineConfig } from 'drizzle-drift/config';\n" +
      'console.log(typeof runCheck, typeof defineConfig);\n',
  );
  expect(run('node', ['use.mjs'], folder), 'function function');
  writeFileSync(
    join(folder, 'use.mts'),
    "import { runCheck, type CheckReport } from 'drizzle-drift'; import { defineConfig } from 'drizzle-drift/config';\n" +
      'export const report: Promise<CheckReport> = runCheck({ cwd: ".", env: {} });\n' +
      'export default defineConfig({ ignore: [{ kind: "index", name: "tmp_*" }] });\n',
  );
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  run('node', [tsc, '--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', 'use.mts'], folder);
  expect(run('node', ['node_modules/drizzle-drift/bin/drift.js', '--version'], folder), manifest.version);
  const files = run('tar', ['-tzf', packed], folder);
  for (const file of Object.values(manifest.exports).filter((target) => /\.schema\.json$/.test(target)))
    expect(files, `package/${file.slice(2)}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (messages.length > 0) process.exit(1);
console.log('package: in order');

function run(command, args, cwd) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`);
  return stdout;
}

function expect(text, part) {
  if (!text.includes(part)) throw new Error(`expected ${JSON.stringify(part)} in ${JSON.stringify(text)}`);
}
