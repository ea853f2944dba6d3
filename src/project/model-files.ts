/** The files that `schema` of drizzle.config names. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { compareText } from '../catalog/address.ts';
import { DriftError } from '../errors.ts';
import { findFiles } from './find-files.ts';
import { displayPath, findNearestPath, isDirectory, isFile } from './paths.ts';

/**
 * Resolves files, folders and globs, relative to the root, to absolute paths of code files: in the order of the
 * patterns, each file once. As in drizzle-kit a folder means the files directly in it.
 * @throws DriftError MODELS_NOT_FOUND where no pattern finds any
 */
export function findModelFiles(root: string, patterns: readonly string[]): readonly string[] {
  const files = new Set(patterns.flatMap((pattern) => expandPattern(root, pattern)));
  if (files.size > 0) return [...files];
  throw new DriftError('MODELS_NOT_FOUND', {
    patterns,
    directory: root,
    nearest: suggestPath(root, patterns),
    isEmpty: patterns.length === 1 && patterns.every((pattern) => isDirectory(path.resolve(root, pattern))),
  });
}

function expandPattern(root: string, pattern: string): readonly string[] {
  // Taken literally first: Next.js folders are called `(admin)` and `[id]`.
  const literal = path.resolve(root, pattern);
  if (isFile(literal)) return isCodeFile(literal) ? [literal] : [];
  if (isDirectory(literal)) return listFolder(literal);
  // drizzle-kit's globs know no negation: such a pattern finds nothing.
  if (pattern.startsWith('!')) return [];
  const found = findFiles(pattern.replaceAll('\\', '/'), {
    cwd: root,
    absolute: true,
    onlyFiles: false,
    expandDirectories: false,
    ignore: pattern.includes('node_modules') ? [] : ['**/node_modules/**'],
  });
  return found
    .map((match) => path.resolve(match))
    .sort(compareText)
    .flatMap(expandMatch);
}

function expandMatch(match: string): readonly string[] {
  return isDirectory(match) ? listFolder(match) : isCodeFile(match) ? [match] : [];
}

function listFolder(folder: string): readonly string[] {
  return readdirSync(folder)
    .sort(compareText)
    .map((name) => path.join(folder, name))
    .filter((file) => isCodeFile(file) && isFile(file));
}

function isCodeFile(file: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(file) && !/\.d\.[cm]?ts$/.test(file);
}

/** The longest part of a pattern that is no glob, and what exists nearest to it. */
function suggestPath(root: string, patterns: readonly string[]): string | undefined {
  for (const pattern of patterns) {
    const parts = pattern.split('/');
    const firstGlob = parts.findIndex((part) => /[*?{}[\]()!]/.test(part));
    const near = findNearestPath(root, parts.slice(0, firstGlob < 0 ? parts.length : firstGlob).join('/'));
    if (near !== undefined && near !== root) return displayPath(root, near);
  }
  return undefined;
}
