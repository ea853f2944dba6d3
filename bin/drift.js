#!/usr/bin/env node
// `drift --version` loads nothing but this file. Everything else is behind an import.
import { readFileSync } from 'node:fs';
import * as nodeModule from 'node:module';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const [first, ...rest] = process.argv.slice(2);

if (rest.length === 0 && (first === '--version' || first === '-v')) {
  process.stdout.write(`${version}\n`);
} else {
  // Node 22.8 keeps compiled code between runs; older versions compile every time.
  nodeModule.enableCompileCache?.();
  const { main } = await import('../dist/cli.js');
  await main(version);
}
