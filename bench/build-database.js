/** Builds a SQLite database by drift's own DDL. Arguments: project folder, database file. */
import Database from 'better-sqlite3';
import { renderModels } from '../dist/index.js';

const [folder, file] = process.argv.slice(2);
const database = new Database(file);
const statements = await renderModels({ cwd: folder, env: {} });
database.transaction(() => {
  for (const statement of statements) database.exec(statement);
})();
database.close();
