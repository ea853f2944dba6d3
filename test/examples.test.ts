import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { globSync } from 'tinyglobby';
import { beforeAll, expect, test } from 'vitest';
import { buildOnce } from './support/cli.ts';

const root = path.join(import.meta.dirname, '..');
const examples = globSync('examples/0*.js', { cwd: root }).sort();

/** What each of them must say. */
const words: Readonly<Record<string, readonly string[]>> = {
  'examples/01-changes-by-hand.js': ['exit code 0', '5 differences', 'exit code 1'],
  'examples/02-check-from-code.js': ['schema: not-up-to-date', 'products_price'],
  'examples/03-generate-and-migrate.js': ['up to date'],
};

beforeAll(() => buildOnce());

test.each(examples)('%s runs and says what it should', (example) => {
  const output = execFileSync(process.execPath, [example], { cwd: root, encoding: 'utf8' });
  expect(words[example]).toBeDefined();
  for (const word of words[example] ?? []) expect(output).toContain(word);
});

test('every example is listed', () => {
  const list = readFileSync(path.join(root, 'examples/README.md'), 'utf8');
  for (const example of examples) expect(list).toContain(example);
});
