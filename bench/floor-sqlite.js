/**
 * The least that any such check must do: start node, import drizzle-orm, bundle and import the models, read
 * `sqlite_schema`. Arguments: models file, database file.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Database from 'better-sqlite3';
import 'drizzle-orm';
import { build } from 'esbuild';

const [models, file] = process.argv.slice(2);
const { outputFiles } = await build({
  entryPoints: [models],
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
  packages: 'external',
});
const bundle = join(models, '..', `floor-${process.pid}.mjs`);
writeFileSync(bundle, outputFiles[0].text);
try {
  const tables = Object.keys(await import(pathToFileURL(bundle).href)).length;
  const database = new Database(file, { readonly: true });
  const rows = database.prepare('select type, name, tbl_name, sql from sqlite_schema').all();
  database.close();
  console.log(`${tables} models, ${rows.length} rows of sqlite_schema`);
} finally {
  rmSync(bundle, { force: true });
}
