/** A project on disk that uses drift: config, models, migrations, and a SQLite file. */
import Database from 'better-sqlite3';
import path from 'node:path';
import { writeDrizzleProject } from '../support/project.ts';

const laterModules = path.resolve(import.meta.dirname, '../peers/drizzle-v1/node_modules');

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
  const cwd = writeDrizzleProject({
    dialect: 'sqlite',
    url: 'app.db',
    schema: `import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';\n${models}`,
    migrations,
    ...(line === 'v0' ? {} : { drizzleFrom: laterModules }),
  });
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
