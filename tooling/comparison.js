/**
 * Writes `docs/guides/what-is-kept.md`: what drizzle-kit and drift keep of a database when the models change. With
 * `--check` nothing is written, and the page must be as it would be written. `--show WORDS` prints what each tool writes
 * in the scenarios whose names have these words, and what came of it.
 */
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { runScenario } from './comparison/compare.js';
import { describeCell, writePage } from './comparison/page.js';
import { groups } from './comparison/scenarios.js';
import { linkDrizzle, loadTools, withDatabase } from './comparison/tools.js';
import { loadStages } from './stages.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = join(root, 'docs/guides/what-is-kept.md');
const [option, words = ''] = process.argv.slice(2);

// Nobody is there to answer, as in CI: on a terminal drizzle-kit would ask and wait.
Object.defineProperty(process.stdin, 'isTTY', { value: false });

// In memory where the system has a place for it: nothing of it has to outlive a crash.
const place = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const folder = realpathSync(mkdtempSync(join(place, 'drift-comparison-')));
try {
  linkDrizzle(folder);
  const tools = await loadTools(await loadStages(join(folder, 'v0')), folder);
  if (option === '--show') await show(tools);
  else if (option === '--check') await check(tools);
  else if (option === undefined) await write(tools);
  else throw new Error(`${option} is not known; there are --check and --show WORDS`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function runAll(tools, isWanted = () => true) {
  const results = new Map();
  let number = 0;
  for (const scenario of groups.flatMap(({ scenarios }) => scenarios).filter(isWanted)) {
    const row = [];
    for (const [index, tool] of tools.entries()) {
      number++;
      row.push(await runScenario(scenario, tool, join(folder, tool.drizzle.line, `${number}-${index}`)));
    }
    results.set(scenario.name, row);
  }
  return results;
}

async function render(tools) {
  const text = writePage(tools, groups, await runAll(tools), {
    sqlite: withDatabase(':memory:', readVersion),
  });
  return format(text, { ...(await resolveConfig(page)), parser: 'markdown' });
}

function readVersion(db) {
  return db.prepare('SELECT sqlite_version()').pluck().get();
}

async function write(tools) {
  writeFileSync(page, await render(tools));
  console.log('comparison: written');
}

async function check(tools) {
  const present = existsSync(page) ? readFileSync(page, 'utf8') : '';
  if (present === (await render(tools))) console.log('comparison: up to date');
  else {
    console.error('docs/guides/what-is-kept.md is not up to date: npm run comparison');
    process.exitCode = 1;
  }
}

async function show(tools) {
  const results = await runAll(tools, ({ name }) => name.includes(words));
  for (const [name, row] of results) {
    console.log(`# ${name}`);
    for (const [index, { title, runner }] of tools.entries()) {
      const result = row[index];
      console.log(`\n## ${title}, ${runner}: ${describeCell(result)}`);
      if (result.message) console.log(result.message);
      const { answered } = result;
      if (answered?.message) console.log(`answered: ${answered.message}`);
      console.log(answered?.sql || result.sql);
    }
  }
}
