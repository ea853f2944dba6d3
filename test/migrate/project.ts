/** A project with models, a migrations folder and a database, and `drift migrate` run in this process. */
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createHash } from 'node:crypto';
import path from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { runLine, type Kept } from '../cli/environment.ts';
import { makeDirectory, writeFiles } from '../migrations/folders.ts';

const root = path.resolve(import.meta.dirname, '../..');

export interface TestProject {
  readonly directory: string;
  /** The database file, absolute. */
  readonly file: string;
  /** Runs `drift` with these words; what the command asks for most is left out of them. */
  readonly drift: (...words: readonly string[]) => Promise<Kept>;
  /** Opens the database for as long as `use` works with it. */
  readonly database: <T>(use: (database: Database.Database) => T) => T;
  readonly write: (files: Readonly<Record<string, string>>) => void;
}

/** No models are needed for what only looks at migrations: then run with `--no-check`. */
export function makeProject(
  migrations: Readonly<Record<string, string>>,
  models = '',
  line: 'v0' | 'v1' = 'v0',
): TestProject {
  const directory = makeDirectory({
    'drizzle.config.json': JSON.stringify({
      dialect: 'sqlite',
      schema: './schema.ts',
      out: './drizzle',
      dbCredentials: { url: './app.db' },
    }),
    'schema.ts': models,
  });
  writeFiles(path.join(directory, 'drizzle'), migrations);
  const modules = line === 'v0' ? 'node_modules' : 'test/peers/drizzle-v1/node_modules';
  symlinkSync(path.join(root, modules), path.join(directory, 'node_modules'));
  const file = path.join(directory, 'app.db');
  return {
    directory,
    file,
    drift: (...words) => runLine(words, { cwd: directory }),
    database(use) {
      const database = new Database(file);
      try {
        return use(database);
      } finally {
        database.close();
      }
    },
    write: (files) => {
      writeFiles(directory, files);
    },
  };
}

/** SHA-256 of a file, or null where there is none. */
export function hashFile(file: string): string | null {
  return existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : null;
}

/** A connection that is closed after the test. */
export function holdOpen(file: string): Database.Database {
  const database = new Database(file);
  onTestFinished(() => {
    database.close();
  });
  return database;
}
