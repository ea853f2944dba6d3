/** Migrations folders for tests: written by hand, or by drizzle-kit itself. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

/** A temporary directory with these files, removed after the test. */
export function makeDirectory(files: Readonly<Record<string, string>> = {}): string {
  const directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'drift-folder-')));
  onTestFinished(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  writeFiles(directory, files);
  return directory;
}

export function writeFiles(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(directory, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** A migration in short: its tag and its text; `when` grows by a minute for each. */
export type ShortMigration = readonly [tag: string, sql: string, when?: number];

export const firstWhen = Date.UTC(2025, 0, 1);

/** The files of a folder of Drizzle 0.x. */
export function journalFolder(
  migrations: readonly ShortMigration[],
  dialect = 'sqlite',
): Readonly<Record<string, string>> {
  const entries = migrations.map(([tag, , when], idx) => ({
    idx,
    version: '6',
    when: when ?? firstWhen + idx * 60_000,
    tag,
    breakpoints: true,
  }));
  return {
    ...Object.fromEntries(migrations.map(([tag, sql]) => [`${tag}.sql`, sql])),
    'meta/_journal.json': JSON.stringify({ version: '7', dialect, entries }, null, 2),
  };
}

/** The files of a folder of Drizzle 1.0. */
export function datedFolder(migrations: readonly ShortMigration[]): Readonly<Record<string, string>> {
  return Object.fromEntries(migrations.map(([tag, sql]) => [`${tag}/migration.sql`, sql]));
}

/** The peers that are installed for the tests, by the name of their line. */
const kits = { v0: 'node_modules', v1: 'test/peers/drizzle-v1/node_modules' } as const;

/** Runs a drizzle-kit in a directory whose schema.ts may import drizzle-orm of the same line. */
export function runKit(line: keyof typeof kits, directory: string, args: readonly string[]): string {
  const modules = path.join(root, kits[line]);
  try {
    symlinkSync(modules, path.join(directory, 'node_modules'));
  } catch {
    // It is there from an earlier run.
  }
  return execFileSync(process.execPath, [path.join(modules, 'drizzle-kit/bin.cjs'), ...args], {
    cwd: directory,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
}
