/** What replaying gave, kept between runs by what it was made of: nothing in it is ever out of date, only unused. */
import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { compareText } from '../catalog/address.ts';

/** Raised when the shape of what is kept changes. */
const cacheFormat = 4;

/** Entries that were not used for the longest go first. */
const mostEntries = 100;

/** Keeps JSON values under content keys. A cache that cannot be read or written is an empty one. */
export interface ReplayCache {
  read(key: string): Promise<unknown>;
  write(key: string, value: unknown): Promise<void>;
}

/**
 * The folder for what is worth keeping between runs, outside what the project's repository tracks: in `node_modules`
 * where that is, else where the system keeps caches. Null where nothing can be written.
 */
export async function findCacheDirectory(
  root: string,
  env: Readonly<Record<string, string | undefined>>,
  temporary: string,
): Promise<string | null> {
  const modules = path.join(root, 'node_modules');
  if (await isWritable(modules)) return path.join(modules, '.cache', 'drizzle-drift');
  const home =
    env['XDG_CACHE_HOME'] ?? (env['HOME'] === undefined ? undefined : path.join(env['HOME'], '.cache'));
  if (home !== undefined && path.isAbsolute(home) && (await isWritable(home)))
    return path.join(home, 'drizzle-drift');
  return (await isWritable(temporary)) ? path.join(temporary, 'drizzle-drift') : null;
}

async function isWritable(directory: string): Promise<boolean> {
  return access(directory, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** SHA-256 (hex) of what an entry is made of; together with the format, so that an old entry is never misread. */
export function keyOf(parts: readonly unknown[]): string {
  return createHash('sha256')
    .update(JSON.stringify([cacheFormat, ...parts]))
    .digest('hex');
}

/** Opens the cache in a directory, which need not exist yet; null keeps nothing. */
export function openReplayCache(directory: string | null): ReplayCache {
  if (directory === null) return { read: () => Promise.resolve(undefined), write: () => Promise.resolve() };
  const folder = path.join(directory, 'recorded');
  const fileOf = (key: string): string => path.join(folder, `${key}.json`);
  return {
    async read(key) {
      const text = await readFile(fileOf(key), 'utf8').catch(() => null);
      if (text === null) return undefined;
      const value = decode(text);
      // Marks it as used. The time is of no consequence but for which entry goes first.
      if (value !== undefined) await touch(fileOf(key));
      return value;
    },
    async write(key, value) {
      await writeAtomically(folder, fileOf(key), encode(value)).catch(() => undefined);
      await removeUnused(folder).catch(() => undefined);
    },
  };
}

function encode(value: unknown): string {
  const body = JSON.stringify(value);
  return `${checksum(body)}\n${body}`;
}

function decode(text: string): unknown {
  const end = text.indexOf('\n');
  const body = text.slice(end + 1);
  return end > 0 && text.slice(0, end) === checksum(body) ? JSON.parse(body) : undefined;
}

function checksum(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}

/** Another process that reads meanwhile finds the old entry, the new one or none; never a half. */
async function writeAtomically(folder: string, file: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const unfinished = `${file}.${randomUUID()}.tmp`;
  try {
    await writeFile(unfinished, text);
    await rename(unfinished, file);
  } finally {
    await rm(unfinished, { force: true });
  }
}

async function touch(file: string): Promise<void> {
  const { atime } = await stat(file).catch(() => ({ atime: null }));
  if (atime === null) return;
  const now = new Date();
  await utimes(file, now, now).catch(() => undefined);
}

async function removeUnused(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  if (names.length <= mostEntries) return;
  const used = await Promise.all(
    names.map(async (name) => {
      const file = path.join(folder, name);
      const time = await stat(file).then(
        (entry) => entry.mtimeMs,
        () => 0,
      );
      return { file, time };
    }),
  );
  used.sort((a, b) => b.time - a.time || compareText(a.file, b.file));
  for (const { file } of used.slice(mostEntries)) await rm(file, { force: true });
}
