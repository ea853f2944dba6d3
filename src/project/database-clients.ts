/**
 * Modules that reach a database. Models are loaded without them: a client that is made beside the tables would open the
 * database, change it (`journal_mode = WAL`, a `migrate` on import) or fail for want of a server, and says nothing about
 * the schema.
 */
import { packageName } from './package-name.ts';

const clients = new Set([
  ...[
    'better-sqlite3',
    'node:sqlite',
    'bun:sqlite',
    'sqlite3',
    'sqlite',
    'sql.js',
    'libsql',
    '@libsql/client',
  ],
  ...['@libsql/client-wasm', '@tursodatabase/database', '@tursodatabase/serverless', '@tursodatabase/sync'],
  ...['expo-sqlite', '@op-engineering/op-sqlite', '@sqlitecloud/drivers'],
  ...['pg', 'pg-pool', 'postgres', '@electric-sql/pglite', '@neondatabase/serverless', '@vercel/postgres'],
  ...['@aws-sdk/client-rds-data', '@xata.io/client', '@netlify/database', 'mysql2', '@planetscale/database'],
  ...['@tidbcloud/serverless', 'ioredis', 'redis', '@upstash/redis'],
]);

// Of drizzle-orm, the entries that make a `db` and those that migrate one. All others may be part of a schema.
const drivers = new Set([
  ...[
    'better-sqlite3',
    'bun-sqlite',
    'bun-sql',
    'd1',
    'durable-sqlite',
    'expo-sqlite',
    'libsql',
    'node-sqlite',
  ],
  ...['op-sqlite', 'sql-js', 'sqlite-cloud', 'sqlite-proxy', 'tursodatabase', 'tursodatabase-serverless'],
  ...[
    'tursodatabase-sync',
    'node-postgres',
    'postgres-js',
    'pglite',
    'pg-proxy',
    'neon-http',
    'neon-serverless',
  ],
  ...['netlify-db', 'vercel-postgres', 'aws-data-api', 'xata-http', 'mysql2', 'mysql-proxy'],
  ...['planetscale-serverless', 'tidb-serverless'],
]);

/** Whether an import is of a database client, or of the part of drizzle-orm that works with one. */
export function isDatabaseClient(specifier: string): boolean {
  const [name, entry] = specifier.split('/');
  if (name === 'drizzle-orm') return entry !== undefined && drivers.has(entry);
  return clients.has(packageName(specifier));
}
