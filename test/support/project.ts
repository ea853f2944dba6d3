/** The one maker of projects on disk: config, models, migrations and the packages that the models import. */
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { makeDirectory, writeFiles } from '../migrations/folders.ts';

const modules = path.resolve(import.meta.dirname, '../../node_modules');

export interface ProjectParts {
  readonly dialect: 'sqlite' | 'postgresql';
  /** Of the database; null where the config names none. */
  readonly url: string | null;
  /** The text of `schema.ts`. */
  readonly schema: string;
  /** Files of the folder `drizzle`, by their path in it. */
  readonly migrations?: Readonly<Record<string, string>>;
  /** What else the config says. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Other files, by their path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Packages beside drizzle-orm. */
  readonly packages?: readonly string[];
  /** The node_modules that drizzle-orm is taken from, absolute. */
  readonly drizzleFrom?: string;
}

/** Writes the project into a directory of its own, which is removed after the test. */
export function writeDrizzleProject(parts: ProjectParts): string {
  const { dialect, url, schema, migrations = {}, config = {}, files = {} } = parts;
  const directory = makeDirectory({
    'package.json': '{"type":"module"}',
    'drizzle.config.json': JSON.stringify({
      dialect,
      schema: './schema.ts',
      out: './drizzle',
      ...(url === null ? {} : { dbCredentials: { url } }),
      ...config,
    }),
    'schema.ts': schema,
    ...files,
  });
  writeFiles(path.join(directory, 'drizzle'), migrations);
  linkPackages(directory, ['drizzle-orm'], parts.drizzleFrom ?? modules);
  linkPackages(directory, parts.packages ?? [], modules);
  return directory;
}

/** In a folder of its own, so that what is cached in it goes with the project. */
function linkPackages(directory: string, names: readonly string[], from: string): void {
  mkdirSync(path.join(directory, 'node_modules'), { recursive: true });
  for (const name of names) {
    symlinkSync(path.join(from, name), path.join(directory, 'node_modules', name));
  }
}
