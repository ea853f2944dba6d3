/**
 * The snapshots of drizzle-kit, as far as they say who follows whom. What is in them is never trusted as a schema: the
 * recorded schema comes from replaying the SQL. They are read only on demand, since they grow large.
 */
import type { DialectName } from '../../catalog/schema.ts';
import { isFile } from '../paths.ts';
import { findConflictMarker } from './conflict.ts';
import { readMigrationText } from './files.ts';
import { findJsonProblem } from './json-error.ts';
import type { FolderLayout, FolderProblem, Migration, MigrationsFolder } from './migration.ts';

/** The parent of a first snapshot, in both versions. */
const origin = '00000000-0000-0000-0000-000000000000';

/** The newest snapshots that drizzle-kit 0.31 and 1.0 write. */
const latestVersions: Readonly<Record<DialectName, Readonly<Record<FolderLayout, number>>>> = {
  postgres: { journal: 7, dated: 9, empty: 9 },
  sqlite: { journal: 6, dated: 7, empty: 7 },
};

interface Snapshot {
  readonly migration: Migration;
  readonly id: string;
  readonly parents: readonly string[];
  readonly version: number;
}

/** Reads every snapshot's head and reports broken chains, branches, conflicts and versions that are too new. */
export async function inspectSnapshots(
  folder: MigrationsFolder,
  dialect: DialectName,
): Promise<readonly FolderProblem[]> {
  // Some prefix styles give two migrations one snapshot file.
  const owners = new Map(folder.migrations.map((migration) => [migration.snapshotFile, migration]));
  const read = await Promise.all([...owners.values()].map(readSnapshot));
  const snapshots = read.flatMap((one) => (one !== null && 'id' in one ? [one] : []));
  const latest = latestVersions[dialect][folder.layout];
  return [
    ...read.flatMap((one) => (one !== null && 'code' in one ? [one] : [])),
    ...snapshots.filter((one) => one.version > latest).map((one) => describeVersion(one, latest)),
    ...findBranches(snapshots, folder.layout),
    ...findBreaks(snapshots),
  ];
}

async function readSnapshot(migration: Migration): Promise<Snapshot | FolderProblem | null> {
  // Migrations written by hand have none; drizzle-kit does not mind.
  if (!isFile(migration.snapshotFile)) return null;
  const text = (await readMigrationText(migration.snapshotFile)).replace(/^\uFEFF/, '');
  const marker = findConflictMarker(text);
  if (marker !== null) return describeConflict(migration, marker);
  const head = readHead(text);
  return head === null ? describeInvalid(migration, text) : { migration, ...head };
}

/**
 * drizzle-kit writes these keys before the schema, and when it brings an old snapshot up to date behind it: a snapshot's
 * own is the first of each name at the beginning, or the last at the end.
 */
function readHead(text: string): Omit<Snapshot, 'migration'> | null {
  const head = text.slice(0, 4096);
  const tail = text.slice(-4096);
  const read = (pattern: RegExp): string | undefined =>
    pattern.exec(head)?.[1] ?? [...tail.matchAll(new RegExp(pattern, 'g'))].at(-1)?.[1];
  const id = read(/"id"\s*:\s*"([^"]*)"/);
  const version = read(/"version"\s*:\s*"?(\d+)"?/);
  const one = read(/"prevId"\s*:\s*"([^"]*)"/);
  const several = read(/"prevIds"\s*:\s*\[([^\]]*)\]/);
  // A file that was cut off ends without its brace.
  if (id === undefined || version === undefined || !text.trimEnd().endsWith('}')) return null;
  if (one === undefined && several === undefined) return null;
  const parents =
    one === undefined ? [...(several ?? '').matchAll(/"([^"]*)"/g)].map((match) => match[1] ?? '') : [one];
  return { id, version: Number(version), parents };
}

/** Children by parent; a parent with several children is where branches part. */
function groupByParent(snapshots: readonly Snapshot[]): ReadonlyMap<string, readonly Snapshot[]> {
  const children = new Map<string, Snapshot[]>();
  for (const snapshot of snapshots) {
    for (const parent of snapshot.parents) {
      const known = children.get(parent);
      if (known) known.push(snapshot);
      else children.set(parent, [snapshot]);
    }
  }
  return children;
}

function findBranches(snapshots: readonly Snapshot[], layout: FolderLayout): FolderProblem[] {
  const children = groupByParent(snapshots);
  return (
    [...children.entries()]
      .filter(([, siblings]) => siblings.length > 1)
      // In 1.0 a later migration may have several parents; then the branches have met again.
      .filter(([, siblings]) => layout === 'journal' || countLeaves(siblings, children) > 1)
      .map(([parent, siblings]) => describeBranches(parent, siblings, snapshots, layout))
  );
}

/** In how many ends the branches below these snapshots run out. */
function countLeaves(
  siblings: readonly Snapshot[],
  children: ReadonlyMap<string, readonly Snapshot[]>,
): number {
  const leaves = new Set<string>();
  const seen = new Set<string>();
  const open = [...siblings];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next.id)) continue;
    seen.add(next.id);
    const below = children.get(next.id) ?? [];
    if (below.length === 0) leaves.add(next.id);
    open.push(...below);
  }
  return leaves.size;
}

function describeBranches(
  parent: string,
  siblings: readonly Snapshot[],
  snapshots: readonly Snapshot[],
  layout: FolderLayout,
): FolderProblem {
  const tags = siblings.map((one) => one.migration.tag);
  const from = snapshots.find((one) => one.id === parent)?.migration.tag;
  const first = tags[0] ?? '';
  const last = tags.at(-1) ?? '';
  const starts = from === undefined ? 'start the folder' : `follow ${from}`;
  return {
    code: 'two-branches',
    severity: layout === 'journal' ? 'error' : 'warning',
    tags,
    file: siblings.at(-1)?.migration.snapshotFile ?? '',
    message:
      `${joinNames(tags)} all ${starts}: two branches were merged, and neither migration knows of the other.`.replace(
        siblings.length === 2 ? ' all ' : '\0',
        ' both ',
      ),
    next:
      layout === 'journal'
        ? `Drop ${last} (drizzle-kit drop) and generate it again on top of ${first}.`
        : 'Run drizzle-kit check; the next migration that is generated joins the branches.',
  };
}

function joinNames(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}

function findBreaks(snapshots: readonly Snapshot[]): FolderProblem[] {
  const known = new Set([origin, ...snapshots.map((one) => one.id)]);
  // The oldest one that is left of a shortened history has a parent that nobody can know.
  return snapshots
    .slice(1)
    .filter((one) => one.parents.length > 0 && !one.parents.some((parent) => known.has(parent)))
    .map(({ migration }) => ({
      code: 'broken-chain',
      severity: 'warning',
      tags: [migration.tag],
      file: migration.snapshotFile,
      message: `The snapshot of ${migration.tag} follows one that is not in the folder: a snapshot was deleted or written anew.`,
      next: 'Restore the missing snapshot from version control, so that drizzle-kit generates from the right state.',
    }));
}

function describeVersion(snapshot: Snapshot, latest: number): FolderProblem {
  return {
    code: 'snapshot-version',
    severity: 'error',
    tags: [snapshot.migration.tag],
    file: snapshot.migration.snapshotFile,
    message: `The snapshot of ${snapshot.migration.tag} is of version ${String(snapshot.version)}; the newest known here is ${String(latest)}. A newer drizzle-kit made it.`,
    next: 'Update drizzle-kit and drizzle-drift to what made it, or generate the migration again.',
  };
}

function describeConflict(migration: Migration, line: number): FolderProblem {
  return {
    code: 'conflict-markers',
    severity: 'error',
    tags: [migration.tag],
    file: migration.snapshotFile,
    line,
    message: `The snapshot of ${migration.tag} has conflict markers of git on line ${String(line)}.`,
    next: 'Keep one branch whole, and generate the migration of the other one again.',
  };
}

function describeInvalid(migration: Migration, text: string): FolderProblem {
  const found = findJsonProblem(text);
  const reason = found ? found.problem : 'id, prevId or version is missing';
  return {
    code: 'snapshot-invalid',
    severity: 'error',
    tags: [migration.tag],
    file: migration.snapshotFile,
    ...(found ? { line: found.line } : {}),
    message: `The snapshot of ${migration.tag} cannot be read: ${reason}.`,
    next: 'Restore it from version control.',
  };
}
