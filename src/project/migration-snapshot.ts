/**
 * Snapshots of drizzle-kit. Only drizzle-kit knows how it writes what the models say (it keeps the difference between
 * `default(true)` and `default(sql`true`)`, for one), so the one that the project has installed makes the snapshot.
 * Without one nobody needs snapshots: drizzle-orm's migrators do not read them.
 */
import { createRequire } from 'node:module';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ModelModule } from '../dialects/dialect.ts';
import { DriftError } from '../errors.ts';
import type { ProjectConfig } from './config.ts';
import type { MigrationsFolder } from './migrations/migration.ts';
import type { WritableLayout } from './migration-writer.ts';

/** The parent of a first snapshot, in both versions. */
const origin = '00000000-0000-0000-0000-000000000000';

/** drizzle-kit as the project has it. */
export interface InstalledKit {
  readonly version: string;
  /** The layout that this version writes. */
  readonly layout: WritableLayout;
  readonly load: (specifier: string) => unknown;
}

/** Null where the project has no drizzle-kit. */
export function findKit(root: string): InstalledKit | null {
  const load = createRequire(path.join(root, 'package.json'));
  const manifest = findManifest(load);
  if (manifest === null) return null;
  const { version } = manifest;
  return { version, layout: /^0\./.test(version) ? 'journal' : 'dated', load };
}

function findManifest(load: NodeJS.Require): { readonly version: string } | null {
  try {
    // Its package.json is not among its exports.
    for (let folder = path.dirname(load.resolve('drizzle-kit')); ; folder = path.dirname(folder)) {
      const file = path.join(folder, 'package.json');
      if (existsSync(file)) {
        const manifest = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string };
        if (manifest.name === 'drizzle-kit') return { version: manifest.version ?? '0.0.0' };
      }
      if (path.dirname(folder) === folder) return null;
    }
  } catch {
    return null;
  }
}

export interface SnapshotRequest {
  readonly config: Pick<ProjectConfig, 'root' | 'casing'>;
  readonly modules: readonly ModelModule[];
  readonly folder: MigrationsFolder;
  readonly layout: WritableLayout;
  /** A random UUID. */
  readonly id: string;
}

type Generate = (imports: Record<string, unknown>, previous?: string, casing?: string) => Promise<object>;

/**
 * The snapshot of the models, following the ones that are there; null where drizzle-kit is not installed, or another
 * one than the folder is of.
 * @throws DriftError SNAPSHOT_FAILED
 */
export async function makeSnapshot(request: SnapshotRequest): Promise<object | null> {
  const kit = findKit(request.config.root);
  if (kit === null || kit.layout !== request.layout) return null;
  const parents = findParents(request.folder, request.layout);
  const imports = collectImports(request.modules);
  try {
    const generate = loadGenerator(kit);
    const made = await generate(imports, parents[0] ?? origin, request.config.casing);
    return withChain(made, request, parents);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DriftError('SNAPSHOT_FAILED', { version: kit.version, reason }, { cause: error });
  }
}

/** For a migration that changes nothing the models speak of: the last snapshot once more. Null where there is none. */
export function repeatSnapshot(request: Omit<SnapshotRequest, 'modules' | 'config'>): object | null {
  const parents = findParents(request.folder, request.layout);
  const last = readSnapshots(request.folder).find((snapshot) => snapshot.id === parents[0]);
  return last === undefined ? null : withChain(last.content, request, parents);
}

function loadGenerator(kit: InstalledKit): Generate {
  const [specifier, name] =
    kit.layout === 'journal'
      ? (['drizzle-kit/api', 'generateSQLiteDrizzleJson'] as const)
      : (['drizzle-kit/payload/sqlite', 'generateDrizzleJson'] as const);
  const api = kit.load(specifier) as Readonly<Record<string, unknown>>;
  const generate = api[name];
  if (typeof generate !== 'function') throw new TypeError(`${specifier} has no ${name}`);
  return generate as Generate;
}

/** Every export under a key of its own: two files may export different things under one name. */
function collectImports(modules: readonly ModelModule[]): Record<string, unknown> {
  const imports: Record<string, unknown> = {};
  const seen = new Set<unknown>();
  modules.forEach((module, index) => {
    for (const [name, value] of Object.entries(module.exports)) {
      // What is exported twice is one object; drizzle-kit would take it for two.
      if (typeof value === 'object' && value !== null && seen.has(value)) continue;
      seen.add(value);
      imports[`${String(index)}_${name}`] = value;
    }
  });
  return imports;
}

function withChain(
  snapshot: object,
  request: Pick<SnapshotRequest, 'id' | 'layout'>,
  parents: readonly string[],
): object {
  const chain =
    request.layout === 'journal'
      ? { prevId: parents[0] ?? origin }
      : { prevIds: parents.length === 0 ? [origin] : parents };
  const { version, dialect, ...rest } = snapshot as Record<string, unknown>;
  for (const key of ['id', 'prevId', 'prevIds']) Reflect.deleteProperty(rest, key);
  return { version, dialect, id: request.id, ...chain, ...rest };
}

interface StoredSnapshot {
  readonly id: string;
  readonly parents: readonly string[];
  readonly content: object;
}

function readSnapshots(folder: MigrationsFolder): readonly StoredSnapshot[] {
  const files = [...new Set(folder.migrations.map((migration) => migration.snapshotFile))];
  return files.flatMap((file) => {
    if (!existsSync(file)) return [];
    const content = JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, '')) as {
      readonly id?: string;
      readonly prevId?: string;
      readonly prevIds?: readonly string[];
    };
    if (content.id === undefined) return [];
    return [{ id: content.id, parents: content.prevIds ?? [content.prevId ?? origin], content }];
  });
}

/** 0.x goes on from the last snapshot; 1.0 joins all branches that nobody has gone on from. The latest comes first. */
function findParents(folder: MigrationsFolder, layout: WritableLayout): readonly string[] {
  const snapshots = [...readSnapshots(folder)].reverse();
  const [last] = snapshots;
  if (layout === 'journal') return last === undefined ? [] : [last.id];
  const followed = new Set(snapshots.flatMap((snapshot) => snapshot.parents));
  return snapshots.filter((snapshot) => !followed.has(snapshot.id)).map((snapshot) => snapshot.id);
}
