/** A migration under drizzle-orm's own migrator. Arguments: database, migrations folder. */
import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';

const [file, migrationsFolder] = process.argv.slice(2);
const client = new Database(file);
migrate(drizzle({ client }), { migrationsFolder });
client.close();
