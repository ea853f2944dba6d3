/** Paths as they are shown to people, and questions about paths. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { nearest } from '../spelling.ts';

/** Shown relative to the root where it lies inside it, with `/` on every system. */
export function displayPath(root: string, file: string): string {
  const relative = path.relative(root, file);
  const shown = relative === '' ? '.' : isOutside(relative) ? climb(relative, file) : relative;
  return shown.split(path.sep).join('/');
}

function isOutside(relative: string): boolean {
  return relative.startsWith('..') || path.isAbsolute(relative);
}

/** `../packages/db/schema.ts` reads well, `../../../../../usr/lib/x.ts` does not. */
function climb(relative: string, file: string): string {
  return relative.split(path.sep).filter((part) => part === '..').length > 4 ? file : relative;
}

export function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

export function isDirectory(directory: string): boolean {
  return statSync(directory, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Whether the file belongs to an installed package. esbuild and Node resolve links, so a workspace package does not. */
export function isInstalled(file: string): boolean {
  return file.split(path.sep).includes('node_modules');
}

/** The directory of the installed package that a file belongs to: `…/node_modules/@scope/name`. */
export function findInstalledPackage(file: string): string | undefined {
  const parts = file.split(path.sep);
  const at = parts.lastIndexOf('node_modules');
  if (at < 0) return undefined;
  return parts.slice(0, at + (parts[at + 1]?.startsWith('@') === true ? 3 : 2)).join(path.sep);
}

/** The directory and every one above it, nearest first. */
export function ancestors(directory: string): readonly string[] {
  const found = [directory];
  for (let at = directory; path.dirname(at) !== at; at = path.dirname(at)) found.push(path.dirname(at));
  return found;
}

/** The nearest directory at or above that has a package.json. */
export function findPackageDirectory(directory: string): string | undefined {
  return ancestors(directory).find((at) => existsSync(path.join(at, 'package.json')));
}

/**
 * The existing path that was most likely meant: at the first part that does not exist, the one with the most
 * similar name there; or the same name with another extension.
 */
export function findNearestPath(root: string, missing: string): string | undefined {
  let at = path.isAbsolute(missing) ? path.parse(missing).root : root;
  for (const part of path.relative(at, path.resolve(root, missing)).split(path.sep)) {
    const next = path.join(at, part);
    if (existsSync(next)) {
      at = next;
      continue;
    }
    const near = isDirectory(at) ? findNearestName(part, readdirSync(at)) : undefined;
    return near === undefined ? undefined : path.join(at, near);
  }
  return at;
}

function findNearestName(name: string, names: readonly string[]): string | undefined {
  const stem = path.parse(name).name;
  return names.find((other) => path.parse(other).name === stem) ?? nearest(name, names);
}
