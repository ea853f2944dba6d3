/** Projects in temporary folders, with the drizzle-orm of the tests linked into node_modules. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

const repository = path.resolve(import.meta.dirname, '../..');

/** Where each version of drizzle-orm is installed. */
const drizzle = {
  'v0.45': path.join(repository, 'node_modules'),
  v1: path.join(repository, 'test/peers/drizzle-v1/node_modules'),
  'v0.36': path.join(repository, 'test/peers/drizzle-v036/node_modules'),
};

export type DrizzleVersion = keyof typeof drizzle;

/** Writes the files (paths with `/`) into a new folder, links drizzle-orm, and returns the folder. */
export function writeProject(
  files: Readonly<Record<string, string>>,
  version: DrizzleVersion = 'v0.45',
): string {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'drift-test-')));
  onTestFinished(() => {
    rmSync(root, { recursive: true, force: true });
  });
  linkPackage(root, 'node_modules/drizzle-orm', path.join(drizzle[version], 'drizzle-orm'));
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return root;
}

/** Links a folder (absolute, or relative to the project) at a path of the project. */
export function linkPackage(root: string, at: string, target: string): void {
  const link = path.join(root, at);
  mkdirSync(path.dirname(link), { recursive: true });
  symlinkSync(path.resolve(root, target), link);
}

/** The folder of a package that is installed for the tests. */
export function installedPackage(name: string): string {
  return path.join(repository, 'node_modules', name);
}
