/** A project on disk that uses drift: config, models, migrations, and a SQLite file. */
import Database from 'better-sqlite3';
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { makeDirectory, writeFiles } from './folders.ts';

const modules = path.resolve(import.meta.dirname, '../../node_modules');

export interface SampleProject {
  readonly cwd: string;
  readonly env: Record<string, string | undefined>;
  /** Runs SQL on the database file. */
  readonly run: (sql: string) => void;
  readonly query: (sql: string) => readonly unknown[];
}

/** Its database is `app.db`, its models are the given source, its migrations lie in `drizzle`. */
export function makeProject(
  models: string,
  migrations: Readonly<Record<string, string>>,
  line: 'v0' | 'v1' = 'v0',
): SampleProject {
  const cwd = makeDirectory({
    'package.json': '{"type":"module"}',
    'drizzle.config.json': JSON.stringify({
      dialect: 'sqlite',
      schema: './schema.ts',
      out: './drizzle',
      dbCredentials: { url: 'app.db' },
    }),
    'schema.ts': `import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';\n${models}`,
  });
  writeFiles(path.join(cwd, 'drizzle'), migrations);
  // A folder of its own, so that what is cached in it goes with the project.
  mkdirSync(path.join(cwd, 'node_modules'));
  const orm = line === 'v0' ? modules : path.resolve(modules, '../test/peers/drizzle-v1/node_modules');
  symlinkSync(path.join(orm, 'drizzle-orm'), path.join(cwd, 'node_modules/drizzle-orm'));
  const use = <T>(work: (database: Database.Database) => T): T => {
    const database = new Database(path.join(cwd, 'app.db'));
    try {
      return work(database);
    } finally {
      database.close();
    }
  };
  use((database) => database.exec('PRAGMA user_version = 1'));
  return {
    cwd,
    env: { HOME: cwd },
    run: (sql) => {
      use((database) => database.exec(sql));
    },
    query: (sql) => use((database) => database.prepare(sql).all()),
  };
}
