/**
 * Writes the generated parts of the documentation: the reference, from the code, and the report in the README, from a
 * run of the demo, and the count of what is kept beside it. With `--check` nothing is written, and every part that is not as it would be written is named; links
 * between the documents are checked as well.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { format, resolveConfig } from 'prettier';
import { globSync } from 'tinyglobby';

const root = fileURLToPath(new URL('..', import.meta.url));
const checking = process.argv.includes('--check');
const problems = [];

const { writeReference } = await loadReference();
for (const [file, text] of Object.entries(writeReference(helpOf))) await put(join('docs', file), text);
await put('README.md', withTally(withDemo(readFileSync(join(root, 'README.md'), 'utf8'))));
await put('docs/decisions/README.md', listDecisions());
checkLinks();

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log(checking ? 'docs: up to date' : 'docs: written');

/** What `drift help COMMAND` prints at 80 columns. */
function helpOf(command) {
  const words = command === '' ? ['--help'] : ['help', command];
  const { stdout, status } = spawnSync(process.execPath, [join(root, 'bin/drift.js'), ...words], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', COLUMNS: '80' },
  });
  if (status !== 0) throw new Error(`drift ${words.join(' ')} failed`);
  return stdout;
}

/** The reference is made of the code itself, so it is bundled with it. */
async function loadReference() {
  const outfile = join(root, 'node_modules/.cache/drizzle-drift/reference.mjs');
  await build({
    absWorkingDir: root,
    entryPoints: ['tooling/reference.ts'],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'warning',
  });
  return import(`${pathToFileURL(outfile).href}?${Date.now()}`);
}

async function put(file, text) {
  const path = join(root, file);
  const written = await format(text, { ...(await resolveConfig(path)), parser: 'markdown' });
  const present = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (present === written) return;
  if (checking) problems.push(`${file} is not up to date: npm run docs`);
  else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, written);
  }
}

/** The part of the demo's output that shows the drift, as a person sees it at 80 columns without colour. */
function withDemo(readme) {
  const { stdout, status, stderr } = spawnSync(
    process.execPath,
    [join(root, 'examples/01-changes-by-hand.js')],
    {
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', COLUMNS: '80' },
    },
  );
  if (status !== 0) throw new Error(`the demo failed:\n${stdout}${stderr}`);
  const shown = stdout.slice(stdout.lastIndexOf('$ drift check')).trim();
  return withPart(readme, 'demo', `\`\`\`\`console\n${shown}\n\`\`\`\``);
}

/** The table that counts how many scenarios of a changed model end well, as the page of the comparison has it. */
function withTally(readme) {
  const page = readFileSync(join(root, 'docs/guides/what-is-kept.md'), 'utf8');
  const table = /^\| Of \d+ scenarios[^\n]*\n(?:\|[^\n]*\n)+/m.exec(page);
  if (table === null) throw new Error('docs/guides/what-is-kept.md does not count the scenarios');
  return withPart(readme, 'tally', table[0].trim());
}

function withPart(readme, name, text) {
  const marked = new RegExp(`(<!-- ${name}:begin[^>]*-->)[\\s\\S]*?(<!-- ${name}:end -->)`);
  if (!marked.test(readme)) throw new Error(`README.md has no part ${name}`);
  return readme.replace(marked, (_, begin, end) => `${begin}\n\n${text}\n\n${end}`);
}

function listDecisions() {
  const files = globSync('docs/decisions/0*.md', { cwd: root }).sort();
  const rows = files.map((file) => {
    const title = /^# (.*)$/m.exec(readFileSync(join(root, file), 'utf8'))?.[1] ?? file;
    return `- [${title}](${file.slice('docs/decisions/'.length)})`;
  });
  return `# Decisions\n\nEach page answers a question that somebody may ask again.\n\n${rows.join('\n')}\n`;
}

/** Relative links must lead to a file, and fragments to a heading. */
function checkLinks() {
  const files = globSync(['*.md', 'docs/**/*.md', 'examples/**/*.md'], { cwd: root });
  for (const file of files) {
    const text = readFileSync(join(root, file), 'utf8').replace(/```[\s\S]*?```/g, '');
    for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [path, fragment] = target.split('#');
      const goal = path === '' ? join(root, file) : resolve(root, dirname(file), path);
      if (!existsSync(goal)) problems.push(`${file}: ${target} leads nowhere`);
      else if (fragment && !headingsOf(goal).has(fragment)) {
        problems.push(`${file}: ${relative(root, goal)} has no heading #${fragment}`);
      }
    }
  }
}

function headingsOf(file) {
  const text = readFileSync(file, 'utf8');
  return new Set(
    [...text.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}
