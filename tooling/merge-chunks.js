/**
 * Puts chunks that are always loaded together into one file. esbuild makes a chunk for every set of entries that share
 * code, and a check would open some forty of them, each at the price of a look at the disk and a compilation.
 */
import { basename, join } from 'node:path';
import { build } from 'esbuild';

/**
 * @typedef {{ main: string, files: ReadonlySet<string> }} Group
 *   The names of the files that become one, which is called `main`. What they import is among them or in a group before.
 */

/**
 * Which files become one: all that `common` loads, and all that each of `others` adds. What two of the others load is
 * common too.
 * @param {import('esbuild').Metafile} metafile
 * @param {{ common: string[], others: string[] }} entries source files; the first of `common` gives the file its name
 * @returns {Group[]}
 */
export function groupChunks(metafile, entries) {
  const outputs = Object.entries(metafile.outputs);
  const nameOf = (source) => basename(outputs.find(([, output]) => output.entryPoint === source)[0]);
  const collect = (sources) => {
    const found = new Set();
    const open = sources.map(nameOf);
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (found.has(name)) continue;
      found.add(name);
      const [, output] = outputs.find(([file]) => basename(file) === name);
      const imports = output.imports.filter(({ kind, external }) => kind === 'import-statement' && !external);
      open.push(...imports.map(({ path }) => basename(path)));
    }
    return found;
  };
  const others = entries.others.map((source) => ({ main: nameOf(source), files: [...collect([source])] }));
  const common = collect(entries.common);
  for (const name of others.flatMap(({ files }) => files)) {
    if (others.filter(({ files }) => files.includes(name)).length > 1) common.add(name);
  }
  return [
    { main: nameOf(entries.common[0]), files: common },
    ...others.map(({ main, files }) => ({
      main,
      files: new Set(files.filter((name) => !common.has(name))),
    })),
  ];
}

/**
 * Writes the merged files, and the others with their imports led there.
 * @param {{ from: string, to: string, metafile: import('esbuild').Metafile, groups: Group[], options: import('esbuild').BuildOptions }} request
 *   folders, absolute
 */
export async function mergeChunks({ from, to, metafile, groups, options }) {
  const outputs = new Map(Object.entries(metafile.outputs).map(([file, output]) => [basename(file), output]));
  const names = [...outputs.keys()].filter((name) => name.endsWith('.js'));
  const groupOf = (name) => groups.find(({ files }) => files.has(name));
  const isOutput = (name) => groupOf(name)?.main === name || !groupOf(name) || outputs.get(name).entryPoint;
  const alias = (name, exported) => `c${names.indexOf(name)}_${exported}`;
  const reexport = (name, source, rename) =>
    `export { ${outputs.get(name).exports.map(rename).join(', ')} } from ${JSON.stringify(source)};`;

  /** What a merged file looks like to the files outside of its group. */
  const writeFacade = (name) =>
    reexport(name, `./${groupOf(name).main}`, (exported) => `${alias(name, exported)} as ${exported}`);
  const writeMain = (name) =>
    [...groupOf(name).files]
      .map((file) => reexport(file, `./${file}`, (exported) => `${exported} as ${alias(file, exported)}`))
      .concat(reexport(name, `./${name}`, (exported) => exported))
      .join('\n');

  await build({
    ...options,
    entryPoints: Object.fromEntries(
      names.filter(isOutput).map((name) => {
        const group = groupOf(name);
        const path =
          group === undefined ? join(from, name) : `${group.main === name ? 'main' : 'facade'}:${name}`;
        return [name.slice(0, -'.js'.length), path];
      }),
    ),
    outdir: to,
    splitting: false,
    plugins: [
      {
        name: 'merge-chunks',
        setup(api) {
          api.onResolve({ filter: /^(main|facade):/ }, ({ path, kind }) => {
            if (kind !== 'entry-point') return null;
            const [namespace, name] = path.split(':');
            return { path: name, namespace };
          });
          api.onResolve({ filter: /^\.\// }, ({ path, importer, namespace, kind }) => {
            const name = basename(path);
            const group = groupOf(name);
            const own = groupOf(basename(importer));
            if (kind === 'dynamic-import' || group === undefined || namespace === 'facade') {
              return { path: `./${name}`, external: true };
            }
            return group === own ? { path: join(from, name) } : { path: name, namespace: 'facade' };
          });
          api.onLoad({ filter: /./, namespace: 'main' }, ({ path }) => ({
            contents: writeMain(path),
            resolveDir: from,
          }));
          api.onLoad({ filter: /./, namespace: 'facade' }, ({ path }) => ({
            contents: writeFacade(path),
            resolveDir: from,
          }));
        },
      },
    ],
  });
}
