/**
 * Which imports of the user's code become part of a bundle, and what stands in for the others.
 *
 * Code of the project (its workspace packages too) is bundled. Installed packages are left to Node, imported by
 * absolute URL, so that the user's own drizzle-orm runs and every package finds its dependencies where it lies.
 */
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ImportKind, OnResolveArgs, OnResolveResult, Plugin, PluginBuild, ResolveResult } from 'esbuild';
import { findInstalledPackage, findPackageDirectory, isFile, isInstalled } from './paths.ts';
import { isDatabaseClient } from './database-clients.ts';
import { packageName } from './package-name.ts';
import { writeStubModule } from './stubs.ts';
import { findPackage, findPackageEntry } from './workspace-package.ts';

export interface ResolveOptions {
  /** The working directory, absolute. */
  readonly root: string;
  /** What is being loaded, for messages: 'The models'. */
  readonly loading: string;
  /** Directories of installed packages that Node cannot import as they are, and that are bundled for that reason. */
  readonly inlined: ReadonlySet<string>;
  /** Whether something stands in for database clients, also where they are installed. */
  readonly idleClients: boolean;
}

const resolving = Symbol('resolving');
/** The namespace of modules that stand in for others. */
export const stubNamespace = 'drizzle-drift-stub';
const rawNamespace = 'drizzle-drift-raw';

/** esbuild's plugin for the rules above. */
export function createImportResolver(options: ResolveOptions): Plugin {
  return {
    name: 'drizzle-drift-imports',
    setup(build) {
      // A thousand model files import the same few modules, and each question to esbuild costs milliseconds.
      const answers = new Map<string, Promise<OnResolveResult | undefined>>();
      build.onResolve({ filter: /\?(raw|inline|url)$/ }, (args) => resolveRaw(args));
      build.onResolve({ filter: /^[^./]/ }, async (args) => {
        if (args.pluginData === resolving || args.kind === 'entry-point' || path.isAbsolute(args.path))
          return null;
        const known = resolveKnown(args, options);
        if (known !== undefined) return known;
        const key = JSON.stringify([args.path, args.resolveDir, args.kind]);
        const answer = answers.get(key) ?? resolveInstalled(build, args, options);
        answers.set(key, answer);
        const found = await answer;
        if (found?.external === true && isIdle(args.path, options)) return stubIdle(args, options);
        return found ?? resolveMissing(args, options);
      });
      build.onLoad({ filter: /.*/, namespace: stubNamespace }, (args) => ({
        contents: (args.pluginData as { contents: string }).contents,
        loader: 'js',
      }));
      build.onLoad({ filter: /.*/, namespace: rawNamespace }, async (args) => {
        const { readFile } = await import('node:fs/promises');
        return { contents: await readFile(args.path, 'utf8'), loader: 'text' };
      });
    },
  };
}

/** Vite's `./data.sql?raw`: the text of the file. */
function resolveRaw(args: OnResolveArgs): OnResolveResult | null {
  const file = path.resolve(args.resolveDir, args.path.replace(/\?\w+$/, ''));
  return args.path.startsWith('.') && isFile(file) ? { path: file, namespace: rawNamespace } : null;
}

/** What needs no look at the disk. */
function resolveKnown(args: OnResolveArgs, options: ResolveOptions): OnResolveResult | undefined {
  const specifier = args.path;
  if (isBuiltin(specifier) && isIdle(specifier, options)) return stubIdle(args, options);
  if (isBuiltin(specifier)) return { path: specifier, external: true };
  if (specifier.startsWith('data:')) return { path: specifier, external: true };
  if (specifier.startsWith('file:')) return { path: fileURLToPath(specifier) };
  // They throw on purpose outside of a React server, and do nothing else.
  if (specifier === 'server-only' || specifier === 'client-only') return stub(args, '');
  if (specifier === 'drizzle-drift/config') return stub(args, defineConfigModule);
  if (/^(\$env\/|astro:env)/.test(specifier))
    return stub(args, 'module.exports = { ...process.env, env: process.env };');
  // `bun:sqlite`, `cloudflare:workers`, `virtual:…`: modules of another platform or of a build tool.
  if (/^[a-z][\w+.-]*:/i.test(specifier)) return stubMissing(args, options);
  return undefined;
}

const defineConfigModule = 'exports.defineConfig = (config) => config;';

/** Ordinary resolution (Node's rules and the nearest tsconfig), then what this project may mean besides. */
async function resolveInstalled(
  build: PluginBuild,
  args: OnResolveArgs,
  options: ResolveOptions,
): Promise<OnResolveResult | undefined> {
  const ordinary = await resolve(build, args, args.path, args.resolveDir);
  if (ordinary !== undefined) return place(ordinary, args.kind, options);
  const directory = isPackageSpecifier(args.path) ? findPackage(args.path, args.resolveDir) : undefined;
  if (directory !== undefined) {
    const entry = findPackageEntry(args.path, directory);
    // Asking esbuild again follows links to the real path and adds extensions.
    const real = entry === undefined ? undefined : await resolve(build, args, entry, directory);
    if (real !== undefined) return place(real, args.kind, options);
  }
  const aliased = await resolveAlias(build, args, options);
  return aliased === undefined ? undefined : place(aliased, args.kind, options);
}

/**
 * drizzle-kit applies the paths of the working directory's tsconfig to every file. And where a tsconfig extends one
 * that is generated later (SvelteKit, Nuxt), the customary aliases are still meant.
 */
async function resolveAlias(
  build: PluginBuild,
  args: OnResolveArgs,
  options: ResolveOptions,
): Promise<ResolveResult | undefined> {
  const ofRoot = await resolve(build, args, args.path, options.root);
  if (ofRoot !== undefined) return ofRoot;
  const alias = /^(\$lib|[@~]{1,2})\/(.+)$/.exec(args.path);
  if (alias?.[2] === undefined) return undefined;
  const home = findPackageDirectory(args.resolveDir) ?? options.root;
  for (const folder of alias[1] === '$lib' ? ['src/lib'] : ['src', '.', 'app']) {
    const found = await resolve(build, args, `./${alias[2]}`, path.join(home, folder));
    if (found !== undefined) return found;
  }
  return undefined;
}

async function resolve(
  build: PluginBuild,
  args: OnResolveArgs,
  specifier: string,
  directory: string,
): Promise<ResolveResult | undefined> {
  const { importer, namespace, kind } = args;
  const options = { importer, namespace, kind, resolveDir: directory, pluginData: resolving };
  const found = await build.resolve(specifier, options);
  return found.errors.length === 0 ? found : undefined;
}

/** Bundles a file of the project, leaves one of an installed package to Node. */
function place(found: ResolveResult, kind: ImportKind, options: ResolveOptions): OnResolveResult {
  const { path: file, namespace, suffix, sideEffects } = found;
  const inside = { path: file, namespace, suffix, sideEffects };
  if (found.external) return { path: file, external: true };
  if (namespace !== 'file' || isBundled(file, options)) return inside;
  return { path: kind.startsWith('require') ? file : pathToFileURL(file).href, external: true };
}

function isBundled(file: string, options: ResolveOptions): boolean {
  if (file.endsWith('.node')) return false;
  if (!isInstalled(file)) return true;
  if (!/(\.[cm]?js|\/[^./]+)$/.test(file)) return true;
  const home = findInstalledPackage(file);
  return home !== undefined && options.inlined.has(home);
}

/** `@/x`, `~/x` and `#x` are never packages. */
function isPackageSpecifier(specifier: string): boolean {
  return /^(@[a-z0-9~_-][\w.~-]*\/)?[a-z0-9_][\w.~-]*(\/|$)/i.test(specifier);
}

/**
 * A package that is not there is stood in for, as long as nothing needs it. An alias or a path inside an existing
 * package that leads nowhere is a mistake. `require` and `import()` throw when they run, as they would in Node:
 * the code around them may expect it.
 */
function resolveMissing(args: OnResolveArgs, options: ResolveOptions): OnResolveResult {
  if (args.kind !== 'import-statement') return { path: args.path, external: true };
  if (args.path === 'drizzle-kit') return stub(args, defineConfigModule);
  if (!isPackageSpecifier(args.path)) {
    return { errors: [{ text: `Could not resolve "${args.path}"` }] };
  }
  const home = findPackage(args.path, args.resolveDir);
  if (home !== undefined) {
    const reason = `the package ${packageName(args.path)} has no such entry, built or not`;
    return { errors: [{ text: `Could not resolve "${args.path}"`, notes: [{ text: reason }] }] };
  }
  return stubMissing(args, options);
}

function stubMissing(args: OnResolveArgs, options: ResolveOptions): OnResolveResult {
  const { root, loading } = options;
  const { path: specifier, importer } = args;
  return stub(args, writeStubModule({ specifier, importer, root, loading }));
}

function isIdle(specifier: string, { idleClients }: ResolveOptions): boolean {
  return idleClients && isDatabaseClient(specifier);
}

function stubIdle(args: OnResolveArgs, options: ResolveOptions): OnResolveResult {
  const { root, loading } = options;
  const { path: specifier, importer } = args;
  return stub(args, writeStubModule({ specifier, importer, root, loading, idle: true }));
}

/** One stand-in for each importer, since the message names it. */
function stub(args: OnResolveArgs, contents: string): OnResolveResult {
  return {
    // esbuild would take a path that ends with .mjs for an ES module.
    path: `${args.path} from ${args.importer} (stand-in)`,
    namespace: stubNamespace,
    pluginData: { contents },
  };
}
