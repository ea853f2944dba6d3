/**
 * The least a rebuild costs: the same statements in one transaction with foreign keys off, and nothing else. Arguments:
 * database, migration file.
 */
import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';

const [file, migration] = process.argv.slice(2);
const database = new Database(file);
database.pragma('foreign_keys = OFF');
database.exec('BEGIN IMMEDIATE');
for (const statement of readFileSync(migration, 'utf8').split('--> statement-breakpoint')) {
  database.exec(statement);
}
database.exec('COMMIT');
database.close();
