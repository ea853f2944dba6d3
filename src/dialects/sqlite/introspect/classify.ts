/** Whose a table is: the user's, a module's, or a tool's. */
import { foldName } from '../syntax/names.ts';

/** Bookkeeping of other tools, which no user wrote and no model declares. */
const foreignTables: ReadonlySet<string> = new Set([
  // libSQL: functions in WebAssembly, and the vector indexes.
  'libsql_wasm_func_table',
  'libsql_vector_meta_shadow',
  // Cloudflare D1: migrations applied by wrangler.
  'd1_migrations',
]);

/** Cloudflare's and Litestream's own tables share a prefix each (`_cf_KV`, `_cf_METADATA`, `_litestream_seq`). */
const foreignPrefixes: readonly string[] = ['_cf_', '_litestream_'];

/** True for SQLite's own tables (sqlite.org/fileformat2.html#intschema) and for those of well-known tools. */
export function isForeign(name: string): boolean {
  const folded = foldName(name);
  return (
    folded.startsWith('sqlite_') ||
    foreignTables.has(folded) ||
    foreignPrefixes.some((prefix) => folded.startsWith(prefix))
  );
}

/**
 * What the well-known modules call their shadow tables, after the name of the virtual table and an underscore.
 * SQLite itself tells shadow tables only of the modules it has loaded.
 */
const shadowSuffixes: Readonly<Record<string, RegExp>> = {
  fts3: /^(?:content|segments|segdir|docsize|stat)$/,
  fts4: /^(?:content|segments|segdir|docsize|stat)$/,
  fts5: /^(?:data|idx|content|docsize|config)$/,
  rtree: /^(?:node|rowid|parent)$/,
  rtree_i32: /^(?:node|rowid|parent)$/,
  geopoly: /^(?:node|rowid|parent)$/,
  spellfix1: /^vocab$/,
  vec0: /^(?:info|chunks|rowids|auxiliary|vector_chunks\d+|metadatachunks\d+|metadatatext\d+)$/,
};

/** Whether the table keeps the data of the virtual table. */
export function isShadowOf(table: string, virtualTable: string, module: string): boolean {
  const prefix = `${foldName(virtualTable)}_`;
  const folded = foldName(table);
  if (!folded.startsWith(prefix)) return false;
  return shadowSuffixes[foldName(module)]?.test(folded.slice(prefix.length)) ?? false;
}
