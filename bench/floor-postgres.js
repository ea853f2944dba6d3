/**
 * The least that any such check must do: start node, import drizzle-orm and pg, bundle and import the models, connect,
 * ask one catalogue query for tables, columns, constraints and indexes as JSON. Arguments: models file, database URL.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import 'drizzle-orm';
import { build } from 'esbuild';
import pg from 'pg';

const query = `SELECT json_build_object(
  'tables', (SELECT json_agg(json_build_array(c.oid::int, n.nspname, c.relname, c.relkind))
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^(pg_|information_schema$)'),
  'columns', (SELECT json_agg(json_build_array(a.attrelid::int, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
      pg_get_expr(d.adbin, d.adrelid)))
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND n.nspname !~ '^(pg_|information_schema$)'),
  'constraints', (SELECT json_agg(json_build_array(o.conrelid::int, o.conname, o.contype, pg_get_constraintdef(o.oid)))
    FROM pg_constraint o JOIN pg_namespace n ON n.oid = o.connamespace
    WHERE n.nspname !~ '^(pg_|information_schema$)'),
  'indexes', (SELECT json_agg(json_build_array(i.indrelid::int, pg_get_indexdef(i.indexrelid)))
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname !~ '^(pg_|information_schema$)')) AS catalogue`;

const [models, url] = process.argv.slice(2);
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
  const client = new pg.Client(url);
  await client.connect();
  const { catalogue } = (await client.query(query)).rows[0];
  await client.end();
  console.log(`${tables} models, ${catalogue.tables.length} tables, ${catalogue.columns.length} columns`);
} finally {
  rmSync(bundle, { force: true });
}
