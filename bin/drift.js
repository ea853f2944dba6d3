#!/usr/bin/env node
// `drift --version` loads nothing but this file. Everything else is behind an import.
import { readFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { setFlagsFromString } from 'node:v8';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const [first, ...rest] = process.argv.slice(2);

if (rest.length === 0 && (first === '--version' || first === '-v')) {
  process.stdout.write(`${version}\n`);
} else {
  // A check is over before optimised code pays for its making: V8 is to wait for functions that run much longer. Newer
  // versions have another flag for it, and with Maglev a cheaper compiler.
  if (Number.parseInt(process.versions.node, 10) < 22) setFlagsFromString('--interrupt-budget=1000000');
  // What is read stays until the end, so a young generation that grows slowly would only be copied again and again.
  setFlagsFromString('--semi-space-growth-factor=16');
  // Marking bit by bit keeps a process responsive, which a command need not be, and makes each step of it slower.
  setFlagsFromString('--no-incremental-marking');
  // Node 22.8 keeps compiled code between runs; older versions compile every time.
  nodeModule.enableCompileCache?.();
  const { main } = await import('../dist/cli.js');
  await main(version);
}
