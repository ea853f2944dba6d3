/** PGlite as a scratch database: an initialised data directory is kept, since making one takes seconds. */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import type { Limits } from '../../dialect.ts';
import { connectPglite, type PgliteConnection } from './pglite.ts';

/**
 * Opens an empty PGlite in memory that has extensions by name, as far as PGlite knows them.
 * `cache` is the folder for the initialised data directory; null for one of this user's own.
 */
export async function openTemplate(
  names: readonly string[],
  limits: Limits,
  cache: string | null,
): Promise<PgliteConnection> {
  const extensions = loadExtensions(names);
  const file = findCacheFile(cache);
  const kept = file === null ? null : readCache(file);
  if (kept !== null) {
    try {
      return await connectPglite(null, limits, { loadDataDir: kept, extensions });
    } catch {
      // A damaged cache is no reason to fail; it is written anew.
    }
  }
  const fresh = await connectPglite(null, limits, { extensions });
  if (file !== null) await writeCache(file, fresh);
  return fresh;
}

/** Extensions come as modules of their own; one that there is none for is left out. */
function loadExtensions(names: readonly string[]): Readonly<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const name of names) {
    const key = name.replaceAll('-', '_');
    const module = requireFirst([
      `@electric-sql/pglite/contrib/${key}`,
      `@electric-sql/pglite/${key}`,
      `@electric-sql/pglite-${name === 'vector' ? 'pgvector' : key}`,
    ]);
    const extension = module?.[key];
    if (extension !== undefined) found[key] = extension;
  }
  return found;
}

function requireFirst(specifiers: readonly string[]): Readonly<Record<string, unknown>> | null {
  for (const base of [resolve('package.json'), import.meta.url]) {
    const require = createRequire(base);
    for (const specifier of specifiers) {
      try {
        return require(specifier) as Readonly<Record<string, unknown>>;
      } catch {
        continue;
      }
    }
  }
  return null;
}

/** A file that belongs to this user, named by the version of PGlite; null where there is no safe place for one. */
function findCacheFile(cache: string | null): string | null {
  const folder = cache ?? join(tmpdir(), `drift-pglite-${String(userInfo().uid)}`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // In a folder that others can write to, somebody else could have put a data directory of theirs.
    if (cache === null && statSync(folder).uid !== userInfo().uid) return null;
    return join(folder, `pglite-${readVersion()}.tar`);
  } catch {
    return null;
  }
}

function readVersion(): string {
  for (const base of [resolve('package.json'), import.meta.url]) {
    try {
      const entry = createRequire(base).resolve('@electric-sql/pglite');
      const { size, mtimeMs } = statSync(entry);
      return createHash('sha256')
        .update(`${String(size)} ${String(mtimeMs)}`)
        .digest('hex')
        .slice(0, 16);
    } catch {
      continue;
    }
  }
  return 'unknown';
}

function readCache(file: string): Blob | null {
  if (!existsSync(file)) return null;
  return new Blob([new Uint8Array(readFileSync(file))]);
}

/** Written beside and moved, so that nobody reads half a file. */
async function writeCache(file: string, connection: PgliteConnection): Promise<void> {
  try {
    const dump = await connection.engine.dumpDataDir('none');
    const partial = mkdtempSync(`${file}-`);
    writeFileSync(join(partial, 'data.tar'), new Uint8Array(await dump.arrayBuffer()), { mode: 0o600 });
    renameSync(join(partial, 'data.tar'), file);
    rmdirSync(partial);
  } catch {
    // Without a cache the next run is slower, and that is all.
  }
}
