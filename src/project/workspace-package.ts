/**
 * Packages of a monorepo, found and entered also where Node could not: not linked into node_modules, not built, or
 * with `exports` that need a condition such as `development`.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { findFiles } from './find-files.ts';
import { ancestors, isFile } from './paths.ts';
import { packageName } from './package-name.ts';

interface Manifest {
  readonly name?: unknown;
  readonly exports?: unknown;
  readonly workspaces?: unknown;
  readonly [field: string]: unknown;
}

/** The directory of a package that is installed or linked for the importer, or a member of its workspace. */
export function findPackage(specifier: string, from: string): string | undefined {
  const name = packageName(specifier);
  for (const directory of ancestors(from)) {
    const linked = path.join(directory, 'node_modules', ...name.split('/'));
    if (existsSync(path.join(linked, 'package.json'))) return linked;
    const self = readManifest(directory);
    if (self?.name === name) return directory;
    const member = findMembers(directory, self).get(name);
    if (member !== undefined) return member;
  }
  return undefined;
}

/**
 * The file behind a specifier of a package whose directory is known, when ordinary resolution found none: the first
 * existing file under any condition of `exports` (sources before builds), else the source of a build that is not
 * there (`dist/x.js` made of `src/x.ts`). Undefined where neither exists, or where the package has no `exports` and
 * the specifier is a plain path in it.
 */
export function findPackageEntry(specifier: string, directory: string): string | undefined {
  const manifest = readManifest(directory);
  if (manifest === undefined) return undefined;
  const subpath = specifier.slice(packageName(specifier).length);
  const targets =
    manifest.exports === undefined
      ? subpath === ''
        ? [
            manifest['source'],
            manifest['module'],
            manifest['main'],
            manifest['types'],
            './index.js',
            './src/index.js',
          ]
        : [`.${subpath}`, `./src${subpath}`]
      : listTargets(findExport(manifest.exports, `.${subpath}`));
  const files = targets
    .filter((target) => typeof target === 'string')
    .map((target) => path.join(directory, target));
  return files.find(isCode) ?? firstDefined(files, findSource);
}

function isCode(file: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(file) && !/\.d\.[cm]?ts$/.test(file) && isFile(file);
}

function firstDefined<T, R>(values: readonly T[], find: (value: T) => R | undefined): R | undefined {
  for (const value of values) {
    const found = find(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The TypeScript file that a missing build output would be made of. */
function findSource(built: string): string | undefined {
  const stem = built.replace(/(\.d)?\.[cm]?[jt]sx?$/, '');
  const stems = [
    stem,
    path.join(stem, 'index'),
    ...buildFolders(stem).flatMap((without) => [
      without.replace('\0', 'src'),
      without.replace(`\0${path.sep}`, ''),
    ]),
  ];
  const endings = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];
  return stems.flatMap((base) => endings.map((ending) => base + ending)).find(isFile);
}

/** The path with its build folder, and with the folder below that too (`dist/esm`), marked by a NUL. */
function buildFolders(stem: string): readonly string[] {
  const parts = stem.split(path.sep);
  const at = parts.findLastIndex((part) => /^(dist|build|lib|out|output|\.output|esm|cjs)$/.test(part));
  if (at < 0) return [];
  const outer = /^(esm|cjs)$/.test(parts[at] ?? '') ? at - 1 : at;
  return [outer, at].map((from) => [...parts.slice(0, from), '\0', ...parts.slice(at + 1)].join(path.sep));
}

/** What `exports` has for a subpath, with the part that a `*` stands for put in. */
function findExport(exports: unknown, subpath: string): unknown {
  if (typeof exports !== 'object' || exports === null || Array.isArray(exports)) {
    return subpath === '.' ? exports : undefined;
  }
  const entries = Object.entries(exports);
  if (!entries.some(([key]) => key.startsWith('.'))) return subpath === '.' ? exports : undefined;
  // The most specific pattern wins, as in Node.
  for (const [key, target] of entries.sort(([a], [b]) => b.length - a.length)) {
    if (key === subpath) return target as unknown;
    const [before = '', after] = key.split('*');
    if (after === undefined || !subpath.startsWith(before) || !subpath.endsWith(after)) continue;
    return fillPattern(target, subpath.slice(before.length, subpath.length - after.length));
  }
  return undefined;
}

function fillPattern(target: unknown, part: string): unknown {
  if (typeof target === 'string') return target.replaceAll('*', () => part);
  if (Array.isArray(target)) return target.map((inner) => fillPattern(inner, part));
  if (typeof target !== 'object' || target === null) return target;
  return Object.fromEntries(Object.entries(target).map(([key, inner]) => [key, fillPattern(inner, part)]));
}

const conditionOrder = [
  'development',
  'source',
  'src',
  'typescript',
  'ts',
  'bun',
  'node',
  'import',
  'module',
];
const lateConditions = ['default', 'require', 'types'];

/** Every path under any condition: conditions that name sources first, `types` last. */
function listTargets(target: unknown): readonly string[] {
  if (typeof target === 'string') return [target];
  if (Array.isArray(target)) return target.flatMap(listTargets);
  if (typeof target !== 'object' || target === null) return [];
  return Object.entries(target)
    .sort(([a], [b]) => rankCondition(a) - rankCondition(b))
    .flatMap(([, inner]) => listTargets(inner));
}

/** Conditions of a project's own (`@acme/source`) name sources. */
function rankCondition(condition: string): number {
  const early = conditionOrder.indexOf(condition);
  const late = lateConditions.indexOf(condition);
  return late >= 0 ? 100 + late : early >= 0 ? 10 + early : 0;
}

const membersOf = new Map<string, ReadonlyMap<string, string>>();

/** The packages of the workspace whose root is this directory, by name; none where it is not one. */
function findMembers(directory: string, manifest: Manifest | undefined): ReadonlyMap<string, string> {
  const known = membersOf.get(directory);
  if (known !== undefined) return known;
  const patterns = readWorkspacePatterns(directory, manifest);
  const members = new Map<string, string>();
  if (patterns.length > 0) {
    const manifests = findFiles(
      patterns.map((pattern) =>
        pattern.startsWith('!') ? pattern : `${pattern.replace(/\/+$/, '')}/package.json`,
      ),
      { cwd: directory, absolute: true, ignore: ['**/node_modules/**'], expandDirectories: false },
    );
    for (const file of manifests.sort()) {
      const name = readManifest(path.dirname(file))?.name;
      if (typeof name === 'string' && !members.has(name)) members.set(name, path.dirname(file));
    }
  }
  membersOf.set(directory, members);
  return members;
}

function readWorkspacePatterns(directory: string, manifest: Manifest | undefined): readonly string[] {
  const declared = manifest?.workspaces;
  const packages =
    typeof declared === 'object' && declared !== null && 'packages' in declared
      ? declared.packages
      : declared;
  const npm = Array.isArray(packages) ? packages.filter((pattern) => typeof pattern === 'string') : [];
  return [...npm, ...readPnpmPatterns(path.join(directory, 'pnpm-workspace.yaml'))];
}

/** The list under `packages:`. The file is YAML, but that list is always written one line an entry. */
function readPnpmPatterns(file: string): readonly string[] {
  const lines = readText(file)?.split(/\r?\n/) ?? [];
  const start = lines.findIndex((line) => /^packages:\s*(#.*)?$/.test(line));
  if (start < 0) return [];
  const patterns: string[] = [];
  for (const line of lines.slice(start + 1)) {
    const item = /^\s*-\s*(?:'([^']*)'|"([^"]*)"|([^\s#'"]+))/.exec(line);
    if (item !== null) patterns.push(item[1] ?? item[2] ?? item[3] ?? '');
    else if (/^\S/.test(line) && !line.startsWith('#')) break;
  }
  return patterns;
}

function readManifest(directory: string): Manifest | undefined {
  const text = readText(path.join(directory, 'package.json'));
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Manifest) : undefined;
  } catch {
    return undefined;
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
