/** One bundle of the user's code: what esbuild makes of a config or of all model files. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as esbuild from 'esbuild';
import type { BuildOptions, Loader, Metafile, OutputFile, Plugin } from 'esbuild';
import { createImportResolver, stubNamespace, type ResolveOptions } from './resolve-imports.ts';

// esbuild is CommonJS. Required, it is only compiled; imported, Node would first look through all of it for names.
const { build } = createRequire(import.meta.url)('esbuild') as typeof esbuild;

export interface BundleOptions extends ResolveOptions {
  /** The files whose exports are wanted, absolute, in the order in which they are loaded. */
  readonly entries: readonly string[];
}

/** For each bundled file of the project (absolute), the file that each of its import specifiers leads to. */
export type ImportGraph = ReadonlyMap<string, ReadonlyMap<string, string>>;

export interface Bundle {
  /** An ES module in UTF-8 whose export `modules` is the list of the entries' namespaces. */
  readonly code: Uint8Array;
  /**
   * Makes the source map of `code`, with sources relative to {@link ResolveOptions.root}. It is as large as the code
   * and only errors need it, so it is made when one has happened.
   */
  readonly makeMap: () => Promise<string | null>;
  readonly imports: ImportGraph;
  /** Whether something stands in for a module that could not be had. */
  readonly standIns: boolean;
}

/** @throws esbuild's BuildFailure */
export async function bundleFiles(options: BundleOptions): Promise<Bundle> {
  const bundle = await makeBundle(options, []);
  // `import.meta`, `__dirname` and `__filename` mean another thing in each file, so they need a look at every file.
  // Few models use them: they are looked for in the result, and only then is the bundle made again.
  return namesFile(bundle.code) ? await makeBundle(options, [fileVariables]) : bundle;
}

function namesFile({ buffer, byteOffset, byteLength }: Uint8Array): boolean {
  const code = Buffer.from(buffer, byteOffset, byteLength);
  return ['import.meta', '__dirname', '__filename'].some((name) => code.includes(name));
}

const textFiles = [
  '.sql',
  '.txt',
  '.md',
  '.graphql',
  '.gql',
  '.html',
  '.csv',
  '.yaml',
  '.yml',
  '.toml',
  '.pem',
  '.xml',
];
const assetFiles = [
  ...[
    '.css',
    '.scss',
    '.sass',
    '.less',
    '.styl',
    '.pcss',
    '.svg',
    '.png',
    '.jpg',
    '.jpeg',
    '.gif',
    '.webp',
    '.avif',
  ],
  ...['.ico', '.woff', '.woff2', '.ttf', '.otf', '.eot', '.mp3', '.mp4', '.webm', '.pdf', '.vue', '.svelte'],
  ...['.astro', '.mdx', '.wasm'],
];

const loaders: Record<string, Loader> = Object.fromEntries([
  ...textFiles.map((ending) => [ending, 'text'] as const),
  ...assetFiles.map((ending) => [ending, 'empty'] as const),
]);

async function makeBundle(options: BundleOptions, plugins: readonly Plugin[]): Promise<Bundle> {
  const { outputFiles, metafile } = await build(describeBuild(options, plugins));
  return {
    code: findOutput(outputFiles, '.mjs')?.contents ?? new Uint8Array(),
    makeMap: async () => {
      const withMap = {
        ...describeBuild(options, plugins),
        sourcemap: 'external',
        sourcesContent: false,
      } as const;
      const { outputFiles: files } = await build(withMap);
      return findOutput(files, '.map')?.text ?? null;
    },
    imports: readImports(metafile, options.root),
    standIns: Object.keys(metafile.inputs).some((name) => name.startsWith(stubNamespace)),
  };
}

function findOutput(files: readonly OutputFile[], ending: string): OutputFile | undefined {
  return files.find((file) => file.path.endsWith(ending));
}

function describeBuild(options: BundleOptions, plugins: readonly Plugin[]) {
  return {
    ...(plugins.includes(fileVariables) ? { define: fileVariableNames } : {}),
    ...commonOptions,
    stdin: { contents: writeEntry(options.entries), resolveDir: options.root, loader: 'js' },
    absWorkingDir: options.root,
    outfile: path.join(options.root, 'drizzle-drift-bundle.mjs'),
    banner: { js: writeBanner(options.entries[0] ?? options.root) },
    plugins: [createImportResolver(options), ...plugins],
  } as const satisfies BuildOptions;
}

const commonOptions = {
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // Set, since otherwise esbuild adds the condition `module`, which Node does not know.
  conditions: [],
  mainFields: ['main', 'module'],
  resolveExtensions: ['.tsx', '.ts', '.mts', '.cts', '.jsx', '.js', '.mjs', '.cjs', '.css', '.json'],
  loader: loaders,
  metafile: true,
  charset: 'utf8',
  logLevel: 'silent',
} as const satisfies BuildOptions;

function writeEntry(entries: readonly string[]): string {
  const imports = entries.map((file, index) => `import * as m${String(index)} from ${JSON.stringify(file)};`);
  const names = entries.map((_, index) => `m${String(index)}`);
  return `${imports.join('\n')}\nexport const modules = [${names.join(', ')}];\n`;
}

/** An ES module has no `require`; code that calls it with a computed name gets that of the first entry. */
function writeBanner(base: string): string {
  const from = JSON.stringify(pathToFileURL(base).href);
  return `import { createRequire as driftCreateRequire } from 'node:module'; const require = driftCreateRequire(${from});`;
}

const fileVariableNames = {
  'import.meta': '__driftFile',
  __dirname: '__driftFile.dirname',
  __filename: '__driftFile.filename',
};

/** Gives every file its own `__driftFile`, on its first line so that no line moves. */
const fileVariables: Plugin = {
  name: 'drizzle-drift-file-variables',
  setup(api) {
    api.onLoad({ filter: /\.[cm]?[jt]sx?$/, namespace: 'file' }, async (args) => {
      const text = await readFile(args.path, 'utf8');
      if (!/import\.meta|__dirname|__filename/.test(text)) return null;
      const contents = `${describeFile(args.path)}${text.replace(/^#!.*/, '')}`;
      const kind = path.extname(args.path).replace(/^\.[cm]/, '.');
      return { contents, loader: kind === '.js' ? 'jsx' : (kind.slice(1) as Loader) };
    });
  },
};

function describeFile(file: string): string {
  const facts = { url: pathToFileURL(file).href, filename: file, dirname: path.dirname(file) };
  // Vite's `import.meta.env` is as near to the environment as Node has it.
  return `const __driftFile = { ...${JSON.stringify(facts)}, env: process.env, main: false };`;
}

function readImports(metafile: Metafile, root: string): ImportGraph {
  const graph = new Map<string, ReadonlyMap<string, string>>();
  for (const [name, input] of Object.entries(metafile.inputs)) {
    if (!isOfProject(name)) continue;
    const local = input.imports.filter((found) => found.external !== true && isOfProject(found.path));
    graph.set(
      path.resolve(root, name),
      new Map(local.map((found) => [found.original ?? found.path, path.resolve(root, found.path)])),
    );
  }
  return graph;
}

/**
 * Not a stand-in (`namespace:path`) or the entry (`<stdin>`), and not the code of an installed package, which is
 * bundled only where Node cannot import it.
 */
function isOfProject(name: string): boolean {
  if (name.startsWith('<') || /^drizzle-drift-|^\(disabled\)/.test(name)) return false;
  return !(/\.[cm]?js$/.test(name) && name.split('/').includes('node_modules'));
}
