/**
 * The layer rule of the architecture: an import inside `src/` points to an equal or lower layer, no dialect sees
 * another, reports do not see dialects, and no file imports itself through others. Fails with one line per breach.
 */
import { readFileSync } from 'node:fs';
import { dirname, posix, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { globSync } from 'tinyglobby';

/** First matching prefix decides. */
const layers = [
  ['errors.ts', 0],
  ['errors/', 0],
  ['spelling.ts', 0],
  ['version.ts', 0],
  ['catalog/', 0],
  ['diff/', 1],
  ['plan/', 1],
  ['config.ts', 1],
  ['dialects/', 2],
  ['project/', 2],
  ['stages/', 3],
  ['report/', 3],
  ['index.ts', 4],
  ['cli/', 4],
];

/** Pairs of prefixes of which the first must not import the second, whatever their layers. */
const forbidden = [
  ['report/', 'dialects/'],
  ['dialects/sqlite/', 'dialects/postgres/'],
  ['dialects/postgres/', 'dialects/sqlite/'],
];

/**
 * Checks a source tree.
 * @param {string} root folder that holds the layers
 * @returns {string[]} breaches, one sentence each; empty where the rule holds
 */
export function checkLayers(root) {
  const files = globSync('**/*.ts', { cwd: root }).map((file) => file.split(sep).join('/'));
  const imports = new Map(files.map((file) => [file, readImports(root, file)]));
  const breaches = [];
  for (const [file, targets] of imports) {
    const own = layerOf(file);
    if (own === undefined) breaches.push(`${file} lies in no layer`);
    for (const { target } of targets) {
      const other = layerOf(target);
      if (own !== undefined && other !== undefined && other > own) {
        breaches.push(`${file} (layer ${own}) imports ${target} (layer ${other})`);
      }
      for (const [from, to] of forbidden) {
        if (file.startsWith(from) && target.startsWith(to)) breaches.push(`${file} must not see ${target}`);
      }
    }
  }
  return [...breaches, ...findCycles(imports)].sort();
}

function layerOf(file) {
  return layers.find(([prefix]) => file === prefix || (prefix.endsWith('/') && file.startsWith(prefix)))?.[1];
}

/** Static imports that remain at run time count for cycles; type-only and dynamic ones only for layers. */
function readImports(root, file) {
  const { module } = parseSync(file, readFileSync(resolve(root, file), 'utf8'));
  const found = [];
  const add = (specifier, atRunTime) => {
    if (!specifier.startsWith('.')) return;
    found.push({ target: posix.normalize(posix.join(dirname(file), specifier)), atRunTime });
  };
  for (const entry of module.staticImports) {
    const atRunTime = entry.entries.length === 0 || entry.entries.some((name) => !name.isType);
    add(entry.moduleRequest.value, atRunTime);
  }
  for (const entry of module.staticExports) {
    for (const name of entry.entries) {
      if (name.moduleRequest) add(name.moduleRequest.value, !name.isType);
    }
  }
  return found;
}

function findCycles(imports) {
  const state = new Map();
  const breaches = [];
  const visit = (file, path) => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      breaches.push(`import cycle: ${[...path.slice(path.indexOf(file)), file].join(' -> ')}`);
      return;
    }
    state.set(file, 'open');
    for (const { target, atRunTime } of imports.get(file) ?? []) {
      if (atRunTime) visit(target, [...path, file]);
    }
    state.set(file, 'done');
  };
  for (const file of imports.keys()) visit(file, []);
  return breaches;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = resolve(dirname(fileURLToPath(import.meta.url)), '../src');
  const breaches = checkLayers(root);
  for (const breach of breaches) console.error(`${relative(process.cwd(), root)}: ${breach}`);
  if (breaches.length > 0) process.exit(1);
  console.log('layers: in order');
}
